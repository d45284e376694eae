"""Records of ours that come back through a member, who harvested them from us or from a third: they are refused.

In: a record as it was harvested, or as it is kept, and who we are. Out: the issue `own-record`, or nothing. They are
told by their OAI identifier, by their provenance (OAI-PMH implementation guidelines, provenance container) and by what
they say of themselves (`schemas.marc.ours`). A file that the operator hands over is taken at his word, and with the
option `copies` so are the records of a library that catalogues by copying from here.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import structs

from federation.config import Settings
from federation.store.raws import Taken
from federation.store.sources import SourceRow
from harvesters.base import Harvested
from harvesters.options import Option, flag
from schemas.issues import Issue, issue

OWN: Final = "own-record"
COPIES: Final = Option(
    "copies", "false", "the library copies records from here: those with our id in 003, 035 or 040 are its own"
)
_FILES: Final = "files"


def marked(records: Sequence[Harvested], settings: Settings) -> Sequence[Harvested]:
    """Give the records of a page, those whose provenance names us with the finding that says so."""
    if not any(record.origins for record in records):
        return records
    prefix, base = f"oai:{settings.repository_id}:", _bare(f"{settings.public_url}/oai")
    return [
        structs.replace(record, findings=(*record.findings, OWN)) if _is_from(record, prefix, base) else record
        for record in records
    ]


def _is_from(record: Harvested, prefix: str, base: str) -> bool:
    # Whatever hands the record went through: each tells the one before.
    return any(origin.startswith(prefix) or _bare(origin) == base for origin in record.origins)


def by_identifier(row: Taken, prefix: str) -> Issue | None:
    """Give the issue of a kept record whose OAI identifier is one of ours."""
    if row.kind == _FILES or not row.local_id.startswith(prefix):
        return None
    return issue(OWN, "identifier", row.local_id)


def looks_inside(kind: str, options: Mapping[str, str]) -> bool:
    """Whether what a record says of itself counts."""
    return kind != _FILES and not flag(COPIES, options)


def foreseen_repository(settings: Settings, source: SourceRow) -> str:
    """Give the repository id that is looked for in the records of a source, empty where none is."""
    return settings.repository_id if looks_inside(source.kind, source.options) else ""


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/").lower()
