"""What is due: each source's schedule against the clock.

In: rows of sources with schedules, and the time. Out: `Due` times, each to be run for once. A time that passed while
nothing ran is due once, as a catch-up, however many passed; a clock that was set back makes nothing due twice. Sources
with the same schedule begin a little apart, each always by the same delay. Pure but for what it remembers of rows that
did not change: when each is due next.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from federation.errors import UsageError
from federation.jobs import cron
from federation.jobs.cron import Cron
from federation.store.schedules import ScheduledRow

#: no source begins later than this after its time, nor later than a tenth of its interval
LATEST: Final = timedelta(minutes=5)
#: a time that is run for later than this was missed
MISSED: Final = timedelta(minutes=5)
#: a source seen to further ahead than this was seen to by a clock that was wrong
AHEAD: Final = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A source that is to be run, for the time `slot` of its schedule; without `trigger` it is only to be noted that
    it is seen to up to there.
    """

    row: ScheduledRow
    slot: datetime
    trigger: str


def delay(code: str, schedule: Cron, moment: datetime) -> timedelta:
    """Give how long after its time a source begins, so that not all begin at once; the same for a source each time."""
    most = min(LATEST, schedule.interval(moment) / 10)
    share = int.from_bytes(blake2b(code.encode(), digest_size=4).digest()) / 2**32
    return timedelta(seconds=int(most.total_seconds() * share))


class Agenda:
    """Tells what is due, and looks closer only at rows that changed or whose time has come."""

    def __init__(self) -> None:
        self._next: dict[ScheduledRow, datetime] = {}

    def due(self, rows: Sequence[ScheduledRow], now: datetime) -> list[Due]:
        """Give what is due now."""
        self._next = {row: self._next.get(row) or self._when(row) for row in rows}
        return list(self._found(now))

    def _found(self, now: datetime) -> Iterator[Due]:
        for row, when in self._next.items():
            if row.seen_to > now + AHEAD:
                log.warning("%s was seen to up to %s, which is yet to come; counting from now", row.code, row.seen_to)
                yield Due(row, now, "")
            elif when <= now and (found := _passed(row, now)):
                yield found

    def _when(self, row: ScheduledRow) -> datetime:
        schedule = _read(row)
        if schedule is None:
            return datetime.max.replace(tzinfo=row.seen_to.tzinfo)
        slot = schedule.next(row.seen_to)
        return slot + delay(row.code, schedule, slot)


def _passed(row: ScheduledRow, now: datetime) -> Due | None:
    schedule = cron.parse(row.schedule)
    first, last = schedule.next(row.seen_to), schedule.last(now, row.seen_to)
    if last is None:
        return None
    missed = first < last or now - last > MISSED + delay(row.code, schedule, first)
    return Due(row, last, "catch-up" if missed else "schedule")


def _read(row: ScheduledRow) -> Cron | None:
    try:
        return cron.parse(row.schedule)
    except UsageError as error:  # written before schedules were checked, or by another program
        log.warning("%s is not harvested by the clock: %s", row.code, error)
        return None
