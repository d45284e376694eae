"""The hours in which a source may be asked, as its librarians said: `22-5`, `12:30-13:30,20-6`.

In: the option `hours` and a moment. Out: whether it is open then, and when it opens next. Hours are those of
Asia/Ho_Chi_Minh, which is UTC+7 all year since 1975; a span ends before its second time and may go over midnight.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.options import Option

HOURS: Final = Option("hours", "", "the only hours in which the source is asked by schedule, such as 22-5 (Vietnam)")
LOCAL: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_SPAN: Final = re.compile(r"(\d{1,2})(?::([0-5]\d))?\s*-\s*(\d{1,2})(?::([0-5]\d))?")
_DAY: Final = 24 * 60


def open_at(text: str, moment: datetime) -> bool:
    """Whether a source with these hours may be asked at a moment; an empty text is open always."""
    local = moment.astimezone(LOCAL)
    minute = local.hour * 60 + local.minute
    found = spans(text)
    return not found or any((minute - begin) % _DAY < (end - begin) for begin, end in found)


def next_opening(text: str, moment: datetime) -> datetime:
    """Give the moment itself when the source is open then, else the next one at which it opens, in UTC."""
    if open_at(text, moment):
        return moment
    local = moment.astimezone(LOCAL)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = (midnight + timedelta(days=day, minutes=begin) for day in (0, 1) for begin, _ in spans(text))
    return min(begin for begin in begins if begin > local).astimezone(UTC)


def spans(text: str) -> list[tuple[int, int]]:
    """Read the hours as minutes of the day, the end always behind the beginning; raises `SourceRefused`."""
    return [_span(part.strip()) for part in text.split(",")] if text.strip() else []


def _span(part: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(part)
    begin, end = (int(found[1]) * 60 + int(found[2] or 0), int(found[3]) * 60 + int(found[4] or 0)) if found else (0, 0)
    if not found or begin >= _DAY or end > _DAY or begin == end:
        raise SourceRefused(
            "option-invalid", f"option hours has {part[:40]!r}; write spans such as 22-5 or 12:30-13:30, from 0 to 24"
        )
    return begin, end if end > begin else end + _DAY
