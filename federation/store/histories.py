"""What the runs of a source say of it: how it stands now, since when it fails, why records were put aside.

In: a session. Out: frozen rows and counts. However many sources there are, each question is one query. A source is
judged by its harvests; sweeps and replays stand in the history too, but say nothing of whether it can be reached.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from federation.store.models import Absence, Member, Raw, RecordIssue, Run, Source

GOOD: Final = ("success", "partial")
BAD: Final = ("failed", "interrupted")
_HARVEST: Final = "harvest"
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """The last harvest of a source, whatever became of it."""

    run: int
    started_at: datetime
    ended_at: datetime | None
    status: str
    message: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands. `failing_since`: the first of the failures that nothing good came after, and `failures` how
    many they are; `live`, `absent`, `rejected`: its records now, those not found lately, those put aside.
    """

    id: int
    source: str
    member: str
    options: dict[str, str]
    schedule: str
    paused: bool
    rest_until: datetime | None
    created_at: datetime
    attempt: Attempt | None
    success_at: datetime | None
    failing_since: datetime | None
    failures: int
    live: int
    absent: int
    rejected: int


def standings(session: Session, counted: bool = True) -> list[Standing]:
    """Say of every source how it stands, by code; not `counted`: without its records, which takes no time."""
    attempts = {row.source_id: row for row in session.scalars(_latest())}
    success = _by_source(
        session, select(Run.source_id, func.max(Run.started_at)).where(Run.kind == _HARVEST, Run.status == "success")
    )
    failing = _by_source(session, _failing(_HARVEST))
    aside = func.sum(case((Raw.rejected, 1), else_=0))
    of_live = select(Raw.source_id, func.count(), aside).where(Raw.deleted.is_(False))
    live = _by_source(session, of_live) if counted else {}
    absent = _by_source(session, select(Absence.source_id, func.count())) if counted else {}
    rows = session.execute(select(Source, Member.code).join(Member).order_by(Source.code))
    return [
        Standing(
            id=source.id,
            source=source.code,
            member=member,
            options=dict(source.options),
            schedule=source.schedule,
            paused=source.paused,
            rest_until=source.rest_until,
            created_at=source.created_at,
            attempt=_attempt(attempts.get(source.id)),
            success_at=success.get(source.id, (None,))[0],
            failing_since=failing.get(source.id, (None, 0))[0],
            failures=failing.get(source.id, (None, 0))[1],
            live=live.get(source.id, (0, 0))[0],
            absent=absent.get(source.id, (0,))[0],
            rejected=live.get(source.id, (0, 0))[1],
        )
        for source, member in rows
    ]


def _latest() -> Select[Run]:
    last = select(func.max(Run.id)).where(Run.kind == _HARVEST).group_by(Run.source_id)
    return select(Run).where(Run.id.in_(last))


def _failing(kind: str) -> Query:
    good = select(Run.source_id, func.max(Run.id).label("id")).where(Run.kind == kind, Run.status.in_(GOOD))
    last = good.group_by(Run.source_id).subquery()
    bad = select(Run.source_id, func.min(Run.started_at), func.count())
    bad = bad.outerjoin(last, last.c.source_id == Run.source_id)
    return bad.where(Run.kind == kind, Run.status.in_(BAD), Run.id > func.coalesce(last.c.id, 0))


def _by_source(session: Session, query: Query) -> dict[int, tuple[Any, ...]]:
    key = query.selected_columns[0]
    return {row[0]: tuple(row[1:]) for row in session.execute(query.group_by(key))}


def _attempt(run: Run | None) -> Attempt | None:
    return Attempt(run.id, run.started_at, run.ended_at, run.status, run.message) if run else None


def failures(session: Session, source_id: int, kind: str, until: int) -> int:
    """Count the runs of this kind that failed one after the other, up to the run `until`."""
    query = _failing(kind).where(Run.source_id == source_id, Run.id <= until).group_by(Run.source_id)
    row = session.execute(query).first()
    return int(row[2]) if row else 0


def live(session: Session, source_id: int) -> int:
    """Count the records of a source that are not withdrawn."""
    mine = (Raw.source_id == source_id, Raw.deleted.is_(False))
    return session.scalar(select(func.count()).select_from(Raw).where(*mine)) or 0


def held(session: Session, run_id: int) -> int:
    """Count the records that a run did not find and that wait for the operator's word."""
    query = select(func.count()).select_from(Absence).where(Absence.run_id == run_id, Absence.held)
    return session.scalar(query) or 0


def reasons(session: Session, run_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Say of runs why records they brought are put aside: issue code -> records, the most frequent first."""
    many = func.count(RecordIssue.raw_id.distinct())
    query = select(Raw.last_run_id, RecordIssue.code, many).join(Raw, Raw.id == RecordIssue.raw_id)
    query = query.where(Raw.last_run_id.in_(run_ids), Raw.rejected, Raw.deleted.is_(False))
    query = query.where(RecordIssue.severity == "rejected").group_by(Raw.last_run_id, RecordIssue.code)
    found: dict[int, dict[str, int]] = {}
    for run_id, code, count in session.execute(query.order_by(many.desc(), RecordIssue.code)):
        found.setdefault(run_id, {})[code] = count
    return found
