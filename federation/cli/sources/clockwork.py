"""When a source is harvested, said so that nobody has to read cron.

In: a source and the time. Out: lines: its schedule in words, Vietnamese and English, and the next three times.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from federation import clock
from federation.errors import UsageError
from federation.jobs import agenda, cron
from federation.jobs.words import words
from federation.store.sources import SourceRow

_NEXT: Final = 3


def described(source: SourceRow, now: datetime) -> Iterator[str]:
    """Say when a source is due; nothing when it has no schedule."""
    if not source.schedule:
        return
    try:
        schedule = cron.parse(source.schedule)
    except UsageError as error:
        yield f"{'when':10} never: {error.message}"
        return
    yield f"{'when':10} {words(schedule, 'vi')}"
    yield f"{'':10} {words(schedule, 'en')}"
    if source.paused:
        yield f"{'next':10} not before it is resumed"
        return
    for time in islice(schedule.after(now), _NEXT):
        yield f"{'next':10} {time.astimezone(clock.VIETNAM):%Y-%m-%d %H:%M} ({clock.VIETNAM})"
    late = agenda.delay(source.code, schedule, now)
    yield f"{'':10} and {late.total_seconds():.0f} s later each time, so that not all sources begin at once"
