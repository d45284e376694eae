"""The schedules of sources: what the scheduler looks at every few seconds, and how far each was seen to.

In: a session. Out: frozen rows. `seen_to` is the time of its schedule that a source was last run for, or when the
schedule was given: nothing before it is ever run for again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from federation.store.base import Utc
from federation.store.models import Source

_SEEN_TO: Final = func.coalesce(Source.fired_at, Source.created_at, type_=Utc())


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """A source that is to be harvested by the clock."""

    source_id: int
    code: str
    schedule: str
    seen_to: datetime


def every(session: Session) -> list[ScheduledRow]:
    """List the sources that have a schedule and are not paused."""
    query = select(Source.id, Source.code, Source.schedule, _SEEN_TO)
    rows = session.execute(query.where(Source.schedule != "", Source.paused.is_(False)).order_by(Source.id))
    return [ScheduledRow(*row) for row in rows]


def see_to(session: Session, row: ScheduledRow, slot: datetime) -> bool:
    """Note that a source is seen to up to this time of its schedule; False when another process was quicker, or the
    row has changed since.
    """
    same = (Source.id == row.source_id, Source.schedule == row.schedule, _SEEN_TO == row.seen_to)  # noqa: SIM300  (a column is asked)
    result: Any = session.execute(update(Source).where(*same, Source.paused.is_(False)).values(fired_at=slot))
    return isinstance(result, CursorResult) and result.rowcount == 1
