"""Raw record to bib: decode, repair, carry over into the internal record, or put aside with the reason.

In: raw records marked `pending`. Out: bibs and issues; a deleted or unreadable record takes its bib away. The
thinking is `describe`, a pure function of the bytes and the source's options; large amounts are thought about by
several processes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from federation.matching.keys import MOST_SHARING
from federation.pipeline.stages import encoding, own
from federation.pipeline.stages.stage import Batch, Stage
from federation.pipeline.workplace import Workplace
from federation.store import Session, bibs, clusters, raws
from federation.store.compress import expand, squeeze
from federation.store.raws import Taken, digest
from schemas.bib import Bib, dump
from schemas.crosswalks import bib_marc21, dc_bib, marc21_bib, marc21_holdings
from schemas.crosswalks.marc21_holdings import HoldingsMapping
from schemas.crosswalks.marc21_local import without_local
from schemas.errors import SchemaError
from schemas.issues import CODES, Issue, issue
from schemas.marc import clean, marcxml, misread, ours, read, write
from schemas.marc.record import MarcRecord

#: raise it when the same bytes would give another bib
RULES: Final = 5
BATCH: Final = 1000
#: leader/06 of what is no bibliographic record: authority, classification, community information, holdings
_OTHER_KINDS: Final = {
    "z": "authority",
    "w": "classification",
    "q": "community information",
    **dict.fromkeys("uvxy", "holdings"),
}


class Description(msgspec.Struct, frozen=True):
    """What the bytes say: MARCXML and internal record, both compressed, or neither when the record is put aside."""

    marc: bytes
    content: bytes
    content_hash: bytes
    issues: tuple[Issue, ...]

    @property
    def rejected(self) -> bool:
        """Whether the record is put aside."""
        return not self.marc


@dataclass(frozen=True, slots=True)
class _Taken(Batch[Taken]):
    repository: str


def describe(syntax: str, content: bytes, options: Mapping[str, str], repository: str = "") -> Description:
    """Normalise one record; never raises for what the bytes say. One that carries the id of our own `repository` is put
    aside; empty: none is looked for.
    """
    try:
        holdings = marc21_holdings.mapping(options.get("holdings", ""))
        record, bib, issues = _decode(syntax, content, holdings, encoding.said(options))
        kind = _OTHER_KINDS.get(record.leader[6:7])
        if kind:
            return _aside([*issues, issue("not-bibliographic", "leader/06", kind)])
        # Most records do not hold the name anywhere, and this is all that is asked of them.
        if repository and repository.encode() in content and (field := _ours(syntax, content, record, repository)):
            return _aside([*issues, issue(own.OWN, field, repository)])
    except SchemaError as error:
        code = error.code if error.code in CODES else "structure-unreadable"
        return _aside([Issue(code, "rejected", error.where, error.message)])
    marc, described = write.marcxml(record).encode(), dump(bib)
    return Description(squeeze(marc), squeeze(described), digest(marc + described), tuple(issues))


def _ours(syntax: str, content: bytes, record: MarcRecord, repository: str) -> str:
    if syntax == "oai_dc":
        return "identifier" if ours.is_named_in_dc(content, repository) else ""
    return ours.field_of(record, repository)


def _aside(issues: list[Issue]) -> Description:
    return Description(b"", b"", b"", tuple(issues))


def _decode(syntax: str, content: bytes, rules: HoldingsMapping, said: str) -> tuple[MarcRecord, Bib, list[Issue]]:
    if syntax == "oai_dc":
        bib, issues = dc_bib.bib(content, said)
        return bib_marc21.marc21(bib), bib, list(issues)
    if syntax == "unknown":
        start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        syntax = "marcxml" if start == b"<" else "iso2709"
    decoded = marcxml.decode_xml(content) if syntax == "marcxml" else read.decode(content, said)
    decoded = misread.mended(decoded, said)
    record, repairs = clean.clean(decoded.record, decoded.text)
    bib, findings = marc21_bib.bib(record, rules)
    # A library's loans stay in the bytes as received: a bib has none, and is not changed by one.
    return without_local(record, rules), bib, [*decoded.issues, *repairs, *findings]


def _take(place: Workplace, after: int) -> _Taken | None:
    with place.database.read() as session:
        rows = raws.take(session, after, BATCH)
    return _Taken(tuple(rows), place.settings.repository_id) if rows else None


def _think(batch: _Taken) -> list[Description | None]:
    prefix = f"oai:{batch.repository}:"
    return [None if row.deleted else _described(row, batch.repository, prefix) for row in batch.rows]


def _described(row: Taken, repository: str, prefix: str) -> Description:
    # Fetching may have found already that nothing can be made of it, or that it is ours.
    if row.findings and any(CODES[code][0] == "rejected" for code, _ in _findings(row)):
        return _aside([])
    if found := own.by_identifier(row, prefix):
        return _aside([found])
    looked_for = repository if own.looks_inside(row.kind, row.options) else ""
    return describe(row.syntax, expand(row.stored), row.options, looked_for)


def _findings(row: Taken) -> list[tuple[str, str]]:
    """Give what fetching found: codes, and how often where it was counted."""
    return [(code, times) for code, _, times in (finding.partition(":") for finding in row.findings.split())]


def _store(place: Workplace, described: Iterator[tuple[_Taken, list[Description | None]]]) -> None:
    for batch, found in described:
        with place.database.write() as session:
            _save(session, list(zip(batch.rows, found, strict=True)))


def _save(session: Session, pairs: list[tuple[Taken, Description | None]]) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    same: list[dict[str, Any]] = []
    # What comes back finds its union record again, unless another one has taken its place.
    standing = clusters.unsucceeded(session, {row.stood_in for row, _ in pairs if row.stood_in and not row.bib_id})
    for row, description in pairs:
        if description is None or description.rejected:
            continue
        if row.bib_id is None:
            new.append(_new(row, description) | {"cluster_id": row.stood_in if row.stood_in in standing else None})
        elif row.bib_hash == description.content_hash:
            same.append(_made_from(row))
        else:
            changed.append(_made_from(row) | _changed(row, description))
    gone = [(row.bib_id, row.bib_cluster) for row, found in pairs if row.bib_id and (found is None or found.rejected)]
    bibs.forget(session, gone, MOST_SHARING)
    bibs.save(session, new, changed, same)
    settled = [
        {"key": row.id, "hash": row.content_hash, "gone": row.deleted, "aside": bool(found and found.rejected)}
        for row, found in pairs
    ]
    raws.settle(session, settled, [values for row, found in pairs if found for values in _issues(row, found)])


def _new(row: Taken, description: Description) -> dict[str, Any]:
    return {
        "raw_id": row.id,
        "member_id": row.member_id,
        "local_id": row.local_id,
        "marc": description.marc,
        "content": description.content,
        "content_hash": description.content_hash,
        "input_hash": row.content_hash,
        "rules": RULES,
        "as_of": row.changed_at,
        "cluster_id": None,
        "pending": True,
    }


def _made_from(row: Taken) -> dict[str, Any]:
    return {"key": row.bib_id, "new_input_hash": row.content_hash, "new_rules": RULES}


def _changed(row: Taken, description: Description) -> dict[str, Any]:
    return {
        "new_marc": description.marc,
        "new_content": description.content,
        "new_content_hash": description.content_hash,
        "new_as_of": row.changed_at,
    }


def _issues(row: Taken, description: Description) -> list[dict[str, Any]]:
    fetched = [issue(code, row.place, times and f"{times} times") for code, times in _findings(row)]
    found = fetched + list(description.issues)
    return [
        {"raw_id": row.id, "code": item.code, "severity": item.severity, "place": item.where, "message": item.message}
        for item in found
    ]


NORMALISE: Final = Stage("normalise", lambda place: f"{RULES} {place.settings.repository_id}", _take, _think, _store)
