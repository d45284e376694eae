"""In which encoding the records of a source are, by the vote of a sample.

In: some records as received. Out: a `Guess`, or None where nothing speaks for an old Vietnamese encoding. The texts of
all records are weighed together, so that short titles, of which each alone could be anything, count with the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from harvesters.base import Harvested
from schemas.crosswalks import dc_bib
from schemas.errors import SchemaError
from schemas.marc import misread
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.vietnamese import legacy

_MOST: Final = 100
#: records that must speak for it: a single one may be a copy from elsewhere
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """The value for the option `encoding`, its name, its score, and how many of how many records are in it."""

    encoding: str
    name: str
    score: float
    records: int
    among: int


def guess(records: Sequence[Harvested]) -> Guess | None:
    """Find the old encoding in which the records of a sample are."""
    came = [_texts(record) for record in records[:_MOST] if not record.deleted]
    as_bytes = [number for number, (_, guessed) in enumerate(came) if guessed]
    counted = legacy.vote([texts for texts, _ in came], as_bytes)
    if counted is None or counted.records < _FEWEST:
        return None
    return Guess(counted.encoding, legacy.SHOWN[counted.encoding], counted.score, counted.records, len(came))


def _texts(record: Harvested) -> tuple[Iterable[str], bool]:
    """Give the texts of a record, and whether its bytes are of no encoding that could be told."""
    try:
        if record.syntax == "oai_dc":
            return dc_bib.texts(record.content), False
        read = decode_xml(record.content) if record.content.lstrip()[:1] == b"<" else decode(record.content)
    except SchemaError:
        return (), False
    return misread.texts(read.record), bool(read.guessed)
