"""A schedule in words, Vietnamese and English, so that nobody has to read cron to know when a library is asked.

In: a `Cron` and a language. Out: a phrase such as `every day at 02:30` or `mỗi ngày lúc 02:30`. Times are those of
Vietnam. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from federation.jobs.cron import Cron

Language = Literal["vi", "en"]
#: more times of day than this are said as a rule, not as a list
_LISTED: Final = 6


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The phrases of one language."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    and_: str
    span: str
    at: str
    every_minute: str
    every_minutes: str
    at_minute: str
    at_minutes: str
    every_hour: str
    every_hours: str
    in_hours: str
    day: str
    on_day: str
    on_days: str
    on_weekdays: str
    in_months: str


_ENGLISH: Final = _Tongue(
    weekdays=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    and_="and",
    span="{} to {}",
    at="at {}",
    every_minute="every minute",
    every_minutes="every {} minutes",
    at_minute="at minute {}",
    at_minutes="at the minutes {}",
    every_hour="of every hour",
    every_hours="of every {} hours from 00:00 on",
    in_hours="of the hours {}",
    day="every day",
    on_day="on day {} of the month",
    on_days="on the days {} of the month",
    on_weekdays="on {}",
    in_months="in {}",
)
_VIETNAMESE: Final = _Tongue(
    weekdays=("Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"),
    months=tuple(f"tháng {month}" for month in range(1, 13)),
    and_="và",
    span="{} đến {}",
    at="lúc {}",
    every_minute="mỗi phút",
    every_minutes="cứ {} phút một lần",
    at_minute="vào phút {}",
    at_minutes="vào các phút {}",
    every_hour="của mỗi giờ",
    every_hours="cứ {} giờ một lần, tính từ 00:00",
    in_hours="của các giờ {}",
    day="mỗi ngày",
    on_day="vào ngày {} hằng tháng",
    on_days="vào các ngày {} hằng tháng",
    on_weekdays="vào {}",
    in_months="trong {}",
)
TONGUES: Final[dict[Language, _Tongue]] = {"vi": _VIETNAMESE, "en": _ENGLISH}


def words(cron: Cron, language: Language) -> str:
    """Say when a schedule is due."""
    tongue = TONGUES[language]
    day = _days(cron, tongue)
    month = "" if len(cron.months) == 12 else tongue.in_months.format(_list(_names(cron.months, tongue, 1), tongue))
    return " ".join(part for part in (day, month, _times(cron, tongue)) if part)


def _days(cron: Cron, tongue: _Tongue) -> str:
    if len(cron.weekdays) < 7:
        return tongue.on_weekdays.format(_weekdays(cron.weekdays, tongue))
    if len(cron.days) < 31:
        told = _list([str(day) for day in cron.days], tongue)
        return (tongue.on_day if len(cron.days) == 1 else tongue.on_days).format(told)
    often = len(cron.hours) == 24 or _times_a_day(cron) > _LISTED
    return "" if often else tongue.day


def _times_a_day(cron: Cron) -> int:
    return len(cron.hours) * len(cron.minutes)


def _times(cron: Cron, tongue: _Tongue) -> str:
    if _times_a_day(cron) <= _LISTED:
        times = [f"{hour:02}:{minute:02}" for hour in cron.hours for minute in cron.minutes]
        return tongue.at.format(_list(times, tongue))
    minutes, hours = _minutes(cron.minutes, tongue), _hours(cron.hours, tongue)
    return minutes if len(cron.hours) == 24 and _step(cron.minutes, 60) else f"{minutes} {hours}"


def _minutes(values: Sequence[int], tongue: _Tongue) -> str:
    step = _step(values, 60)
    if step:
        return tongue.every_minute if step == 1 else tongue.every_minutes.format(step)
    told = _list([str(value) for value in values], tongue)
    return (tongue.at_minute if len(values) == 1 else tongue.at_minutes).format(told)


def _hours(values: Sequence[int], tongue: _Tongue) -> str:
    if len(values) == 24:
        return tongue.every_hour
    if step := _step(values, 24):
        return tongue.every_hours.format(step)
    if values[-1] - values[0] == len(values) - 1:
        return tongue.in_hours.format(tongue.span.format(values[0], values[-1]))
    return tongue.in_hours.format(_list([str(value) for value in values], tongue))


def _step(values: Sequence[int], whole: int) -> int:
    """Give n where the values are every n-th of the whole, with n dividing it; else 0."""
    step = whole // len(values)
    return step if len(values) > 1 and tuple(values) == tuple(range(0, whole, step)) and whole % step == 0 else 0


def _weekdays(values: Sequence[int], tongue: _Tongue) -> str:
    from_monday = sorted((value + 6) % 7 for value in values)  # a week begins on Monday here
    if len(values) > 2 and from_monday[-1] - from_monday[0] == len(values) - 1:
        ends = (tongue.weekdays[(value + 1) % 7] for value in (from_monday[0], from_monday[-1]))
        return tongue.span.format(*ends)
    return _list([tongue.weekdays[(value + 1) % 7] for value in from_monday], tongue)


def _names(values: Sequence[int], tongue: _Tongue, first: int) -> list[str]:
    return [tongue.months[value - first] for value in values]


def _list(values: Sequence[str], tongue: _Tongue) -> str:
    if len(values) < 2:
        return "".join(values)
    return f"{', '.join(values[:-1])} {tongue.and_} {values[-1]}"
