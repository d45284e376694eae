"""Schedules: five fields as cron has them (crontab(5)), in the time of Vietnam.

In: a text such as `30 2 * * mon,thu`. Out: a checked `Cron`, or a `UsageError` that names the field, what was found and
what is allowed; and the times it means, calculated by APScheduler's CronTrigger. Days of the week are counted as cron
does (0 and 7 are Sunday; APScheduler alone would take 0 for Monday). A day of the month together with a day of the week
is refused: one cron runs on either day, another on days that are both.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final

from apscheduler.triggers.cron import CronTrigger

from federation.clock import VIETNAM
from federation.errors import UsageError

_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST: Final = 200
_PART: Final = re.compile(r"(\*|(\w+)(?:-(\w+))?)(?:/(\d{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)
_EVERY_DAY: Final = tuple(range(1, 32))
_EVERY_WEEKDAY: Final = tuple(range(7))


@dataclass(frozen=True)
class Cron:
    """A schedule: for each field the values it means, ascending. Weekdays: 0 is Sunday."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    @cached_property
    def _trigger(self) -> CronTrigger:
        listed = (",".join(map(str, values)) for values in (self.minutes, self.hours, self.days, self.months))
        minute, hour, day, month = listed
        weekdays = ",".join(_DAYS[day] for day in self.weekdays)
        fields = {"minute": minute, "hour": hour, "day": day, "month": month, "day_of_week": weekdays}
        return CronTrigger(second=0, timezone=VIETNAM, **fields)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the times of this schedule after a moment, in UTC, ascending."""
        while True:
            found: datetime = self._trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
            moment = found.astimezone(UTC)
            yield moment

    def next(self, moment: datetime) -> datetime:
        """Give the first time after a moment."""
        return next(self.after(moment))

    def last(self, moment: datetime, after: datetime) -> datetime | None:
        """Give the last time that is not after `moment`, if there is one after `after`.

        However long ago `after` is, only the end of the span is gone through.
        """
        step = timedelta(minutes=1)
        begin = moment
        while begin > after:
            begin = max(after, moment - step)
            step *= 2
            found = None
            for slot in self.after(begin):
                if slot > moment:
                    break
                found = slot
            if found:
                return found
        return None

    def interval(self, moment: datetime) -> timedelta:
        """Give how long it is from the next time to the one after it."""
        first = self.next(moment)
        return self.next(first) - first


@lru_cache(maxsize=1024)
def parse(text: str) -> Cron:
    """Read a schedule; raises `UsageError`."""
    parts = text.split()
    if len(text) > _LONGEST:
        raise _malformed(text[:40] + "…", f"is {len(text)} characters long; {_LONGEST} are allowed")
    if len(parts) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        raise _malformed(text, f"has {len(parts)} fields; five are needed: {names}; `30 2 * * *` is 02:30 every day")
    minutes, hours, days, months, weekdays = (
        _values(part, field, text) for part, field in zip(parts, _FIELDS, strict=True)
    )
    weekdays = tuple(sorted({day % 7 for day in weekdays}))
    if days != _EVERY_DAY and weekdays != _EVERY_WEEKDAY:
        raise _malformed(text, "names days of the month and days of the week; give one of them and * for the other")
    if days[0] > max(calendar.monthrange(2024, month)[1] for month in months):  # 2024: a leap year
        raise _malformed(text, f"never comes: no month of it has a day {days[0]}")
    return Cron(minutes, hours, days, months, weekdays)


def _values(part: str, field: _Field, text: str) -> tuple[int, ...]:
    """Read one field: parts by commas, each `*`, a value or a span, perhaps every n-th of it."""
    found: set[int] = set()
    for piece in part.lower().split(","):
        match = _PART.fullmatch(piece)
        if not match:
            raise _wrong(piece, field, text)
        whole, first, last, step = match.groups()
        if whole == "*":
            low, high = field.low, min(field.high, 6) if field.high == 7 else field.high
        else:
            low = _number(first, field, text)
            high = _number(last, field, text) if last else field.high if step else low
            high = 7 if last == "sun" and low else high  # sat-sun is a weekend
        every = int(step) if step else 1
        if low > high or every < 1:
            raise _wrong(piece, field, text)
        found.update(range(low, high + 1, every))
    return tuple(sorted(found))


def _number(word: str, field: _Field, text: str) -> int:
    if word in field.names:
        return field.names.index(word) + field.low
    if word.isdigit() and field.low <= int(word) <= field.high:
        return int(word)
    raise _wrong(word, field, text)


def _wrong(piece: str, field: _Field, text: str) -> UsageError:
    names = f" or {field.names[0]} to {field.names[-1]}" if field.names else ""
    allowed = f"{field.low} to {field.high}{names}, *, lists such as 1,3, spans such as 1-5, steps such as */2"
    return _malformed(text, f"{field.name} is {piece!r}; allowed are {allowed}")


def _malformed(text: str, message: str) -> UsageError:
    return UsageError("schedule-malformed", message, f"schedule {text!r}")
