"""Where the cuts of a long harvest are: nothing falls between two windows, nothing lies outside all of them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters import windows
from harvesters.base import Window
from harvesters.errors import SourceRefused
from harvesters.windows import OLDEST, SHORTEST, Course, halved, read, shown, size

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
EVER = Window()


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cut(window: Window, every: str, beginning: datetime | None, now: datetime) -> tuple[Window, ...]:
    """All parts of a window: each is cut off what is left."""
    parts: list[Window] = []
    while len(found := windows.cut(window, every, beginning, now)) == 2:
        parts, window = [*parts, found[0]], found[1]
    return (*parts, window)


moments = st.integers(0, 19_000_000).map(lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


def test_months_are_cut_at_their_first_days_and_the_ends_are_open() -> None:
    assert cut(EVER, "month", day("2025-12-20"), NOW) == (
        Window(None, day("2026-01-01")),
        Window(day("2026-01-01"), day("2026-02-01")),
        Window(day("2026-02-01"), day("2026-03-01")),
        Window(day("2026-03-01"), None),
    )


def test_weeks_begin_on_mondays() -> None:
    assert [part.until for part in cut(EVER, "week", day("2026-02-25"), NOW)] == [
        day("2026-03-02"),
        day("2026-03-09"),
        None,
    ]


def test_a_window_of_changes_keeps_its_own_ends() -> None:
    asked = Window(day("2026-03-08").replace(hour=7), day("2026-03-09").replace(hour=3))
    assert cut(asked, "day", None, NOW) == (
        Window(asked.from_, day("2026-03-09")),
        Window(day("2026-03-09"), asked.until),
    )


@pytest.mark.parametrize(
    ("every", "beginning"), [("none", day("2020-01-01")), ("auto", day("2020-01-01")), ("day", None)]
)
def test_without_a_size_or_a_beginning_there_is_one_window(every: str, beginning: datetime | None) -> None:
    assert cut(EVER, every, beginning, NOW) == (EVER,)


def test_a_beginning_before_the_protocol_gives_no_thousands_of_empty_windows() -> None:
    parts = cut(EVER, "month", datetime(1, 1, 1, tzinfo=UTC), NOW)
    assert parts[0].until == day("1995-02-01")
    assert len(parts) < 400


@pytest.mark.parametrize("every", ["month", "week", "day"])
def test_a_part_is_not_cut_again(every: str) -> None:
    for part in cut(EVER, every, day("2025-12-20"), NOW):
        assert windows.cut(part, every, day("2025-12-20"), NOW) == (part,)


@given(moments, st.sampled_from(["month", "week"]))
def test_windows_join_without_a_gap_and_are_open_at_both_ends(beginning: datetime, every: str) -> None:
    parts = cut(EVER, every, beginning, NOW)
    assert (parts[0].from_, parts[-1].until) == (None, None)
    assert all(before.until == after.from_ for before, after in pairwise(parts))
    edges = [part.until for part in parts[:-1]]
    assert all(edge and edge > max(beginning, OLDEST) for edge in edges)


@given(moments, moments, st.booleans(), st.booleans())
def test_halving_comes_to_an_end_and_leaves_no_gap(one: datetime, other: datetime, below: bool, above: bool) -> None:
    low, high = sorted((one, other))
    part = Window(None if below else low, None if above else high)
    for _ in range(60):
        parts = halved(part, low, NOW)
        if not parts:
            break
        first, second = parts
        assert (first.from_, first.until, second.until) == (part.from_, second.from_, part.until)
        part = first if above else second
    assert not halved(part, low, NOW), "a window cannot be cut for ever"


def test_a_window_of_a_day_is_not_cut() -> None:
    assert halved(Window(NOW - SHORTEST, NOW), None, NOW) == ()
    assert halved(Window(NOW - timedelta(hours=20), None), None, NOW) == ()
    assert len(halved(Window(NOW - timedelta(hours=40), None), None, NOW)) == 2


def test_what_breaks_off_below_the_beginning_is_looked_for_further_back() -> None:
    first, second = halved(Window(None, day("2020-01-02")), day("2020-01-01"), NOW)
    assert first.until == second.from_
    assert first.until is not None
    assert first.until < day("2010-01-01")


def test_what_is_written_after_a_page_stays_short() -> None:
    course = Course("q", windows.cut(EVER, "day", OLDEST, NOW))
    assert len(course.text()) < 400


COURSE = Course("q", (Window(None, NOW), Window(NOW, None)), began="2026-03-10T12:00:00+00:00", received=5)


def test_a_course_survives_being_written_and_read() -> None:
    course = Course("q", COURSE.left, began=COURSE.began, beginning=NOW, received=3, whole=False, cutting=False)
    assert read(course.text(), "q") == course


def test_what_was_passed_over_is_read_as_left() -> None:
    assert read(COURSE.passed_over().text(), "q") == Course(
        "q", COURSE.left, began=COURSE.began, received=5, whole=False
    )


@pytest.mark.parametrize(
    "resume",
    [
        "",
        "x",
        "{}",
        "[]",
        "1",
        '{"windows":0}',
        '{"windows":1,"question":"q","left":[]}',
        '{"windows":1,"question":"q"}',
    ],
)
def test_what_is_no_course_is_none(resume: str) -> None:
    assert read(resume, "q") is None
    assert read(COURSE.text().replace("2026", "năm"), "q") is None
    assert read(COURSE.text(), "another") is None


def test_after_a_failure_the_newest_part_is_asked_again_from_when_the_run_began() -> None:
    since = day("2026-03-09")
    course = COURSE.passed_over().taken(2, True)
    assert course.again(EVER, since).left == (Window(None, NOW), Window(since, None))
    assert COURSE.passed_over().again(EVER, since).left == COURSE.left, "what was not come to is not doubled"


def test_windows_are_named_for_people() -> None:
    texts = [shown(part) for part in (*COURSE.left, EVER, Window(OLDEST, NOW))]
    assert texts == ["until 2026-03-10", "from 2026-03-10", "everything", "1995-01-01 to 2026-03-10"]


def test_a_size_that_nobody_knows_is_refused_with_those_there_are() -> None:
    assert size(" Month ") == "month"
    assert size("") == "none"
    with pytest.raises(SourceRefused, match="option window is 'year'; write one of none, auto, month, week, day"):
        size("year")
