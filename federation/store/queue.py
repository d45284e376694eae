"""The queue: runs that were asked for, by a schedule or by the operator, until they have ended.

In: a session and values. Out: frozen rows. What has ended is kept for an hour, so that the table stays small however
long the house stands; what became of a run is told by the history of runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.orm import Session

from federation.store.models import Queued, Run, Source

#: how long an entry stays after its end
_KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QueuedRow:
    """A run that waits (`started_at` is None) or is under way."""

    id: int
    source_id: int
    source: str
    kind: str
    trigger: str
    asked_at: datetime
    not_before: datetime
    started_at: datetime | None
    run_id: int | None


_COLUMNS: Final = (
    *(Queued.id, Queued.source_id, Source.code, Queued.kind, Queued.trigger),
    *(Queued.asked_at, Queued.not_before, Queued.started_at, Queued.run_id),
)


def ask(session: Session, source_id: int, kind: str, trigger: str, now: datetime) -> int:
    """Queue a run and give its number; the same that waits already is not queued again, only no longer held back."""
    session.execute(select(Source.id).where(Source.id == source_id).with_for_update())  # two that ask take turns
    same = (Queued.source_id == source_id, Queued.kind == kind, *_waiting())
    if there := session.scalar(select(Queued.id).where(*same).limit(1)):
        if trigger == "operator":
            session.execute(update(Queued).where(Queued.id == there).values(not_before=now, trigger=trigger))
        return int(there)
    row = insert(Queued).values(source_id=source_id, kind=kind, trigger=trigger, asked_at=now, not_before=now)
    return int(session.scalar(row.returning(Queued.id)) or 0)


def unended(session: Session) -> list[QueuedRow]:
    """List what waits and what is under way, the longest asked for first."""
    query = select(*_COLUMNS).join(Source, Source.id == Queued.source_id)
    rows = session.execute(query.where(Queued.ended_at.is_(None)).order_by(Queued.id))
    return [QueuedRow(*row) for row in rows]


def start(session: Session, queued_id: int, now: datetime) -> bool:
    """Take a run that waits; False when another scheduler was quicker or it was cancelled."""
    taken = update(Queued).where(Queued.id == queued_id, *_waiting()).values(started_at=now)
    result: Any = session.execute(taken)
    return isinstance(result, CursorResult) and result.rowcount == 1


def begun(session: Session, queued_id: int, run_id: int) -> None:
    """Join a run with what asked for it, whose trigger it bears; 0: it was begun by hand and never queued."""
    if queued_id:
        session.execute(update(Queued).where(Queued.id == queued_id).values(run_id=run_id))
        asked_by = select(Queued.trigger).where(Queued.id == queued_id).scalar_subquery()
        session.execute(update(Run).where(Run.id == run_id).values(trigger=asked_by))


def put_back(session: Session, row: QueuedRow, not_before: datetime) -> None:
    """Let a run wait (again) until this time; does nothing when it has ended or another scheduler has begun it since.

    One that was cancelled in the meantime does not wait: it has ended.
    """
    began = Queued.started_at.is_(None) if row.started_at is None else Queued.started_at == row.started_at
    still = (Queued.id == row.id, Queued.ended_at.is_(None), began)
    session.execute(update(Queued).where(*still).values(started_at=None, not_before=not_before))
    gone = (*still[:2], Queued.started_at.is_(None), Queued.cancelled_at.is_not(None))
    session.execute(update(Queued).where(*gone).values(ended_at=Queued.cancelled_at))


def end(session: Session, queued_id: int, now: datetime) -> None:
    """Close an entry, and forget those that ended long ago."""
    session.execute(update(Queued).where(Queued.id == queued_id, Queued.ended_at.is_(None)).values(ended_at=now))
    session.execute(delete(Queued).where(Queued.ended_at < now - _KEPT))


def cancel(session: Session, queued_id: int, now: datetime) -> None:
    """Note that an entry was cancelled; one that waits has ended with that."""
    session.execute(update(Queued).where(Queued.id == queued_id).values(cancelled_at=now))
    session.execute(update(Queued).where(Queued.id == queued_id, Queued.started_at.is_(None)).values(ended_at=now))


def _waiting() -> tuple[Any, ...]:
    return Queued.started_at.is_(None), Queued.ended_at.is_(None)
