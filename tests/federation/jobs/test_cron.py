"""Schedules: what cron text means, in the time of Vietnam, and how a wrong one is told."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from federation.clock import VIETNAM
from federation.errors import UsageError
from federation.jobs.cron import parse
from federation.jobs.words import words

FRIDAY = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def local(text: str, count: int = 3) -> list[str]:
    times = islice(parse(text).after(FRIDAY), count)
    return [f"{time.astimezone(VIETNAM):%a %d.%m. %H:%M}" for time in times]


def test_times_are_those_of_vietnam() -> None:
    assert parse("30 2 * * *").next(FRIDAY) == datetime(2026, 11, 27, 19, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("30 2 * * 0", ["Sun 29.11. 02:30", "Sun 06.12. 02:30", "Sun 13.12. 02:30"]),
        ("30 2 * * 7", ["Sun 29.11. 02:30", "Sun 06.12. 02:30", "Sun 13.12. 02:30"]),
        ("30 2 * * 1", ["Mon 30.11. 02:30", "Mon 07.12. 02:30", "Mon 14.12. 02:30"]),
        ("30 2 * * sat-sun", ["Sat 28.11. 02:30", "Sun 29.11. 02:30", "Sat 05.12. 02:30"]),
        ("0 5 * * 1-5", ["Mon 30.11. 05:00", "Tue 01.12. 05:00", "Wed 02.12. 05:00"]),
        ("0 5 31 * *", ["Thu 31.12. 05:00", "Sun 31.01. 05:00", "Wed 31.03. 05:00"]),
        ("*/20 10 * * *", ["Fri 27.11. 10:20", "Fri 27.11. 10:40", "Sat 28.11. 10:00"]),
        ("0 0 29 feb *", ["Tue 29.02. 00:00", "Sun 29.02. 00:00", "Fri 29.02. 00:00"]),
    ],
)
def test_days_of_the_week_are_counted_as_cron_does(text: str, times: list[str]) -> None:
    assert local(text) == times


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 2 * *", "has 4 fields"),
        ("", "has 0 fields"),
        ("@daily", "has 1 fields"),
        ("60 2 * * *", "minute is '60'"),
        ("30 24 * * *", "hour is '24'"),
        ("30 2 0 * *", "day of the month is '0'"),
        ("30 2 * 13 *", "month is '13'"),
        ("30 2 * * mo", "day of the week is 'mo'"),
        ("30 2 * * 5-1", "day of the week is '5-1'"),
        ("*/0 * * * *", "minute is '\\*/0'"),
        ("1,,2 * * * *", "minute is ''"),
        ("٣ * * * *", "minute is"),
        ("0 2 31 2,4 *", "never comes"),
        ("0 2 1 * mon", "give one of them"),
        ("1" * 300, "300 characters long"),
    ],
)
def test_a_schedule_that_cannot_be_is_told_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        parse(text)
    assert caught.value.code == "schedule-malformed"


def test_the_last_time_is_found_however_long_ago_the_first_was() -> None:
    long_ago = FRIDAY - timedelta(days=3650)
    assert parse("* * * * *").last(FRIDAY, long_ago) == FRIDAY
    assert parse("0 0 29 2 *").last(FRIDAY, long_ago) == datetime(2024, 2, 28, 17, tzinfo=UTC)
    assert parse("0 2 * * *").last(FRIDAY, FRIDAY - timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("text", "english", "vietnamese"),
    [
        ("30 2 * * *", "every day at 02:30", "mỗi ngày lúc 02:30"),
        ("0 */6 * * *", "every day at 00:00, 06:00, 12:00 and 18:00", "mỗi ngày lúc 00:00, 06:00, 12:00 và 18:00"),
        ("15 * * * *", "at minute 15 of every hour", "vào phút 15 của mỗi giờ"),
        ("*/15 * * * *", "every 15 minutes", "cứ 15 phút một lần"),
        ("* * * * *", "every minute", "mỗi phút"),
        ("0 2 * * 1,4", "on Monday and Thursday at 02:00", "vào thứ Hai và thứ Năm lúc 02:00"),
        ("0 2 * * 1-5", "on Monday to Friday at 02:00", "vào thứ Hai đến thứ Sáu lúc 02:00"),
        ("0 2 * * 6,0", "on Saturday and Sunday at 02:00", "vào thứ Bảy và Chủ nhật lúc 02:00"),
        ("0 3 1,15 * *", "on the days 1 and 15 of the month at 03:00", "vào các ngày 1 và 15 hằng tháng lúc 03:00"),
        ("0 3 1 1 *", "on day 1 of the month in January at 03:00", "vào ngày 1 hằng tháng trong tháng 1 lúc 03:00"),
        ("0 8-17 * * *", "at minute 0 of the hours 8 to 17", "vào phút 0 của các giờ 8 đến 17"),
        ("5 */2 * * *", "at minute 5 of every 2 hours from 00:00 on", "vào phút 5 cứ 2 giờ một lần, tính từ 00:00"),
        ("5/20 * * * *", "at the minutes 5, 25 and 45 of every hour", "vào các phút 5, 25 và 45 của mỗi giờ"),
    ],
)
def test_a_schedule_is_said_in_words(text: str, english: str, vietnamese: str) -> None:
    assert words(parse(text), "en") == english
    assert words(parse(text), "vi") == vietnamese
