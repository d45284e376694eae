"""The hours of a source: when it may be asked, when it opens next, and which texts are no hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.errors import SourceRefused
from harvesters.hours import LOCAL, next_opening, open_at, spans


def at(text: str) -> datetime:
    """A moment of 2026-03-01, by the clock of Quảng Ngãi, in UTC."""
    return datetime.fromisoformat(f"2026-03-01T{text}").replace(tzinfo=LOCAL).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "opened", "closed"),
    [
        ("22-5", ("22:00", "23:59", "00:00", "04:59"), ("05:00", "12:00", "21:59")),
        ("12:30-13:30", ("12:30", "13:29"), ("12:29", "13:30")),
        ("12-13, 20-6", ("12:00", "20:00", "05:59"), ("13:00", "19:59", "06:00")),
        ("0-24", ("00:00", "23:59"), ()),
        ("22-24", ("22:00", "23:59"), ("00:00", "21:59")),
        ("", ("00:00", "12:00"), ()),
    ],
)
def test_a_source_is_open_in_its_hours_by_the_clock_of_vietnam(hours, opened, closed):
    assert all(open_at(hours, at(text)) for text in opened)
    assert not any(open_at(hours, at(text)) for text in closed)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ("22-5", "05:00", timedelta(hours=17)),
        ("22-5", "21:59:30", timedelta(seconds=30)),
        ("22-5", "23:00", timedelta(0)),
        ("1-2", "02:00", timedelta(hours=23)),
        ("12-13,20-6", "13:00", timedelta(hours=7)),
    ],
)
def test_the_next_opening_is_told(hours, now, opens):
    found = next_opening(hours, at(now))
    assert found - at(now) == opens
    assert open_at(hours, found)


@given(st.integers(0, 23), st.integers(1, 24), st.integers(0, 366 * 86_400))
def test_it_opens_within_a_day_and_not_before(begin, end, second):
    if begin == end:
        return
    moment, hours = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second), f"{begin}-{end}"
    opens = next_opening(hours, moment)
    assert moment <= opens <= moment + timedelta(days=1)
    assert open_at(hours, opens)
    if opens > moment:
        assert not open_at(hours, opens - timedelta(minutes=1))


@pytest.mark.parametrize("hours", ["22", "22-", "25-3", "3-25", "5-5", "22-5;1-2", "nights", "22:60-5", "-1-5", ","])
def test_what_is_no_hours_is_refused(hours):
    with pytest.raises(SourceRefused, match="option hours has"):
        spans(hours)
