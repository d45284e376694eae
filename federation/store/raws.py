"""Records as received: kept, compared with what was kept before, marked deleted, never altered.

In: records of a harvested page. Out: counts of what they meant. A record whose bytes are those already kept writes
nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import Select, Update, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from federation.store.compress import expand, squeeze
from federation.store.many import if_unchanged, insert_rows, update_rows
from federation.store.models import Bib, Member, Raw, RecordIssue, Source
from schemas.issues import BROKEN


class Received(msgspec.Struct, frozen=True):
    """One record to keep. `findings` are issue codes parted by blanks; `deleted` ones have no content. `sets` are the
    setSpecs of its header, parted by blanks.
    """

    local_id: str
    content: bytes
    syntax: str
    place: str = ""
    datestamp: str = ""
    deleted: bool = False
    findings: str = ""
    sets: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Whose records these are: the source, the run that brings them, and when; `replays` is the run it reads again."""

    source_id: int
    run_id: int
    now: datetime
    replays: int = 0


class Taken(msgspec.Struct, frozen=True):
    """A raw record that needs normalising, with what the stage has to know of it; `stored` is still compressed."""

    id: int
    local_id: str
    syntax: str
    stored: bytes
    content_hash: bytes
    deleted: bool
    findings: str
    place: str
    changed_at: datetime
    member_id: int
    options: dict[str, Any]
    bib_id: int | None
    bib_hash: bytes | None
    bib_cluster: int | None
    kind: str
    stood_in: int | None


#: whether what comes back under the id of a deleted record (syntax and bytes then, syntax and bytes now) is that record
Alike = Callable[[str, bytes, str, bytes], bool]


def digest(content: bytes) -> bytes:
    """Give the 16-byte fingerprint by which two contents are told equal."""
    return blake2b(content, digest_size=16).digest()


def keep(session: Session, visit: Visit, records: Sequence[Received], alike: Alike = lambda *_: True) -> dict[str, int]:
    """Keep a page of records with distinct local ids; gives the counts of what they meant.

    A record under the id of a deleted one that it is not `alike` is a `stranger`: the old row steps aside.
    """
    ids = [record.local_id for record in records]
    columns = (Raw.id, Raw.local_id, Raw.content_hash, Raw.syntax, Raw.deleted, Raw.findings, Raw.rejected, Raw.sets)
    known = {
        row.local_id: row
        for row in session.execute(select(*columns).where(Raw.source_id == visit.source_id, Raw.local_id.in_(ids)))
    }
    counts = dict.fromkeys(("added", "changed", "unchanged", "deleted", "strangers"), 0)
    new: list[dict[str, Any]] = []
    for record in records:
        row = known.get(record.local_id)
        if row is not None and _is_worse(record, row):
            counts["unchanged"] += 1
            continue
        if row is not None and _is_stranger(session, record, row, alike):
            step_aside(session, row.id, aside(row.local_id, "before", visit))
            counts["strangers"] += 1
            row = None
        if row is not None:
            counts[_renew(session, visit, record, row)] += 1
        elif record.deleted:  # a tombstone of something never received: nothing to delete
            counts["unchanged"] += 1
        else:
            new.append(_values(record, visit))
            counts["added"] += 1
    insert_rows(session, Raw, new)
    return counts


def _is_stranger(session: Session, record: Received, row: Any, alike: Alike) -> bool:
    if not row.deleted or record.deleted or row.content_hash == digest(record.content):
        return False
    stored = session.scalars(select(Raw.content).where(Raw.id == row.id)).one()
    return not alike(row.syntax, expand(stored), record.syntax, record.content)


def aside(local_id: str, why: str, visit: Visit) -> str:
    """Give the id of a row that steps aside: one that no source can have given, because nobody can guess it."""
    return f"{local_id}~{why}-run-{visit.run_id}-{token_hex(4)}"


def step_aside(session: Session, raw_id: int, local_id: str) -> None:
    """Give a deleted row another local id, so that a new one can have its own; bytes, pins and history stay with it."""
    session.execute(update(Raw).where(Raw.id == raw_id).values(local_id=local_id))


def _values(record: Received, visit: Visit) -> dict[str, Any]:
    return {
        "source_id": visit.source_id,
        "local_id": record.local_id,
        "syntax": record.syntax,
        "content": squeeze(record.content),
        "content_hash": digest(record.content),
        "datestamp": record.datestamp,
        "place": record.place,
        "findings": record.findings,
        "sets": record.sets,
        "first_run_id": visit.run_id,
        "last_run_id": visit.run_id,
        "changed_at": visit.now,
        "pending": True,
        "rejected": False,
        "deleted": False,
        "withdrawal": "",
    }


def _is_worse(record: Received, row: Any) -> bool:
    """Whether this came broken and the row holds what was good: that stays until the record can be read again."""
    return BROKEN in record.findings.split() and (row.deleted or not row.rejected)


def _renew(session: Session, visit: Visit, record: Received, row: Any) -> str:
    """Bring one known row up to date and say what happened to it."""
    change = update(Raw).where(Raw.id == row.id)
    if record.deleted:
        if row.deleted:
            return "unchanged"
        mark(session, [row.id], visit, "source")
        return "deleted"
    same = (
        row.content_hash == digest(record.content) and row.syntax == record.syntax and row.findings == record.findings
    )
    if same and not row.deleted:
        if row.sets != record.sets and not visit.replays:  # where the record stands now, a later run knows better
            session.execute(change.values(sets=record.sets))
        return "unchanged"
    values = _values(record, visit)
    del values["first_run_id"]
    session.execute(change.values(**values))
    return "changed"


def mark(session: Session, raw_ids: Sequence[int], visit: Visit, reason: str) -> None:
    """Mark rows deleted for a `reason` (see `models.Raw`); the bytes stay."""
    values: dict[str, Any] = {"deleted": True, "pending": True, "withdrawal": reason}
    values |= {"last_run_id": visit.run_id, "changed_at": visit.now}
    for start in range(0, len(raw_ids), 500):
        session.execute(update(Raw).where(Raw.id.in_(raw_ids[start : start + 500])).values(**values))


def redo(session: Session, source_id: int) -> None:
    """Mark the live records of a source: its options changed, so the same bytes may now say something else."""
    mine = (Raw.source_id == source_id, Raw.deleted.is_(False))
    session.execute(update(Raw).where(*mine).values(pending=True))


def live(session: Session, source_id: int) -> Iterator[tuple[int, str, int, str]]:
    """Yield id, local id, first run and findings of every record of a source that is not deleted."""
    columns = (Raw.id, Raw.local_id, Raw.first_run_id, Raw.findings)
    rows = session.execute(select(*columns).where(Raw.source_id == source_id, Raw.deleted.is_(False)))
    return ((row[0], row[1], row[2], row[3]) for row in rows)


def take(session: Session, after: int, limit: int) -> list[Taken]:
    """Give up to `limit` raw records after id `after` that need normalising, in order of id."""
    columns = (
        Raw.id, Raw.local_id, Raw.syntax, Raw.content, Raw.content_hash, Raw.deleted, Raw.findings, Raw.place,
        Raw.changed_at, Source.member_id, Source.options, Bib.id, Bib.content_hash, Bib.cluster_id,
        Source.kind,
        Raw.stood_in,
    )  # fmt: skip
    query = select(*columns).join(Source).outerjoin(Bib, Bib.raw_id == Raw.id)
    rows = session.execute(query.where(Raw.pending, Raw.id > after).order_by(Raw.id).limit(limit))
    return [Taken(*row) for row in rows]


def settle(session: Session, rows: Sequence[dict[str, Any]], issues: Sequence[dict[str, Any]]) -> None:
    """Write what normalising found: `rows` of (key, hash, gone, rejected), and the issues that replace earlier ones.

    A record that a harvest changed meanwhile keeps its mark: what was found is of bytes that are no longer there.
    """
    ids = [row["key"] for row in rows]
    session.execute(delete(RecordIssue).where(RecordIssue.raw_id.in_(ids)))
    insert_rows(session, RecordIssue, issues)
    update_rows(session, _settling(), rows)


@cache
def _settling() -> Update:
    return if_unchanged(Raw).values(pending=False, rejected=bindparam("aside"))


def outcome(session: Session, run_id: int) -> dict[str, int]:
    """Count, of the records a run brought, those put aside and those repaired."""
    mine = (Raw.last_run_id == run_id, Raw.deleted.is_(False))
    rejected = session.scalar(select(func.count()).where(*mine, Raw.rejected)) or 0
    repaired = session.scalar(
        select(func.count(RecordIssue.raw_id.distinct())).join(Raw).where(*mine, RecordIssue.severity == "repaired")
    )
    return {"rejected": rejected, "repaired": repaired or 0}


@dataclass(frozen=True, slots=True)
class Aside:
    """A record with an issue: whose it is, its local id, where it stood, and what was found (why it is aside)."""

    member: str
    local_id: str
    place: str
    code: str
    reason: str


def put_aside(session: Session, limit: int, run_id: int | None = None, member: str = "") -> list[Aside]:
    """List up to `limit` records put aside, of one run or one member when it is named."""
    query = _with_issues(member).where(Raw.rejected, RecordIssue.severity == "rejected")
    if run_id is not None:
        query = query.where(Raw.last_run_id == run_id)
    return [Aside(*row) for row in session.execute(query.limit(limit))]


def with_issue(session: Session, code: str, limit: int, member: str = "") -> list[Aside]:
    """List up to `limit` records that have an issue of this code, of one member when it is named."""
    query = _with_issues(member).where(RecordIssue.code == code)
    return [Aside(*row) for row in session.execute(query.limit(limit))]


def _with_issues(member: str) -> Select[str, str, str, str, str]:
    columns = (Member.code, Raw.local_id, Raw.place, RecordIssue.code, RecordIssue.message)
    query = select(*columns).select_from(Raw).join(RecordIssue).join(Source, Source.id == Raw.source_id)
    query = query.join(Member, Member.id == Source.member_id).where(Raw.deleted.is_(False))
    return (query.where(Member.code == member) if member else query).order_by(Member.code, Raw.id)
