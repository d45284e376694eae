"""Records that a whole look at their source did not find, and the taking back of what a run withdrew.

In: a session and ids of raw records. Out: rows of `absence` and `raw`, for the rooms that judge them. Nothing is
concluded here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from federation.store.many import insert_rows
from federation.store.models import Absence, Bib, Raw, Rekeying, Run, Source
from federation.store.raws import Visit

#: ids that go with one statement
_PART: Final = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """Since when a record is absent, and the run that missed it first."""

    since: datetime
    run_id: int


@dataclass(frozen=True, slots=True)
class Absent:
    """An absent record as the operator sees it; `content` is its internal record, compressed (None: put aside)."""

    raw_id: int
    local_id: str
    since: datetime
    held: bool
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a run withdrew: its source, when it ended, and ids of records that are withdrawn still."""

    source_id: int
    source: str
    at: datetime
    raw_ids: tuple[int, ...]


def of_source(session: Session, source_id: int) -> dict[int, Missed]:
    """Give the absences of a source by raw id."""
    rows = session.execute(select(Absence.raw_id, Absence.since, Absence.run_id).where(Absence.source_id == source_id))
    return {row[0]: Missed(row[1], row[2]) for row in rows}


def replace(session: Session, visit: Visit, missing: Collection[int], held: bool) -> None:
    """Make these raw records the absences of a source; those known before keep their time, all others go."""
    known = of_source(session, visit.source_id)
    settle(session, known.keys() - missing)
    common = {"source_id": visit.source_id, "run_id": visit.run_id, "since": visit.now, "held": held}
    insert_rows(session, Absence, [{"raw_id": raw_id, **common} for raw_id in sorted(set(missing) - known.keys())])
    others = update(Absence).where(Absence.source_id == visit.source_id, Absence.held != held)
    session.execute(others.values(held=held))


def forget(session: Session, source_id: int) -> int:
    """Forget all absences of a source; gives how many there were."""
    count = session.scalar(select(func.count(Absence.raw_id)).where(Absence.source_id == source_id)) or 0
    session.execute(delete(Rekeying).where(Rekeying.source_id == source_id))
    session.execute(delete(Absence).where(Absence.source_id == source_id))
    return count


def came(session: Session, source_id: int, local_ids: Sequence[str]) -> None:
    """Forget the absence of records that a source has just given, or has said are deleted."""
    given = select(Raw.id).where(Raw.source_id == source_id, Raw.local_id.in_(local_ids)).scalar_subquery()
    gone = delete(Absence).where(Absence.source_id == source_id, Absence.raw_id.in_(given))
    session.execute(gone.execution_options(synchronize_session=False))


def oldest(session: Session, source_id: int) -> datetime | None:
    """Give since when the first of the absent records of a source is absent; None when all are there."""
    return session.scalar(select(func.min(Absence.since)).where(Absence.source_id == source_id))


def count(session: Session, source_id: int) -> tuple[int, int, int]:
    """Count the live records of a source, the absent ones, and those of them that are held."""
    live = select(func.count(Raw.id)).where(Raw.source_id == source_id, Raw.deleted.is_(False))
    absent = select(func.count(Absence.raw_id)).where(Absence.source_id == source_id)
    return session.scalar(live) or 0, session.scalar(absent) or 0, held(session, source_id)


def held(session: Session, source_id: int) -> int:
    """Count the absent records of a source that an operator has to decide about."""
    return session.scalar(select(func.count(Absence.raw_id)).where(Absence.source_id == source_id, Absence.held)) or 0


def shown(session: Session, source_id: int, limit: int) -> list[Absent]:
    """List up to `limit` absent records in order of id."""
    columns = (Absence.raw_id, Raw.local_id, Absence.since, Absence.held, Bib.content)
    query = select(*columns).join(Raw, Raw.id == Absence.raw_id).outerjoin(Bib, Bib.raw_id == Raw.id)
    query = query.where(Absence.source_id == source_id).order_by(Absence.raw_id).limit(limit)
    return [Absent(*row) for row in session.execute(query)]


def decidable(session: Session, source_id: int) -> list[int]:
    """Give the absent records that may be withdrawn: not those that seem to have come back under another id."""
    waiting = exists().where(Rekeying.old_raw_id == Absence.raw_id)
    query = select(Absence.raw_id).where(Absence.source_id == source_id, ~waiting).order_by(Absence.raw_id)
    return list(session.scalars(query))


def settle(session: Session, raw_ids: Collection[int]) -> None:
    """Forget the absences of these records: they were withdrawn, or have another id now."""
    for part in _parts(raw_ids):
        session.execute(delete(Absence).where(Absence.raw_id.in_(part)))


def withdrawal(session: Session, run_id: int) -> Withdrawal | None:
    """Give what a run withdrew and is withdrawn still; None when there is no such run.

    What has come back otherwise is left out: a later live record of the same source has the same bytes.
    """
    run = session.execute(
        select(Run.source_id, Source.code, Run.started_at).join(Source).where(Run.id == run_id)
    ).first()
    if run is None:
        return None
    columns = (Raw.content_hash, func.max(Raw.first_run_id).label("first"))
    alive = select(*columns).where(Raw.source_id == run[0], Raw.deleted.is_(False)).group_by(Raw.content_hash)
    again = alive.subquery()
    mine = (Raw.last_run_id == run_id, Raw.deleted, Raw.withdrawal != "rekeyed")
    query = select(Raw.id).outerjoin(again, again.c.content_hash == Raw.content_hash).where(*mine)
    # Another record that always had the same bytes is not this one come back.
    query = query.where(or_(again.c.first.is_(None), again.c.first <= Raw.first_run_id))
    return Withdrawal(run[0], run[1], run[2], tuple(session.scalars(query.order_by(Raw.id))))


def revive(session: Session, raw_ids: Collection[int], visit: Visit) -> None:
    """Take back the withdrawal of these records; the stages bring them into the catalogue again."""
    values: Mapping[str, Any] = {"deleted": False, "withdrawal": "", "pending": True}
    values = {**values, "last_run_id": visit.run_id, "changed_at": visit.now}
    for part in _parts(raw_ids):
        session.execute(update(Raw).where(Raw.id.in_(part)).values(**values))


def _parts(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _PART] for start in range(0, len(ordered), _PART))
