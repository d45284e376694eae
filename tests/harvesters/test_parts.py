"""Dividing a whole: whatever the records and the cap, the parts under it are the whole, each record once."""

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harvesters import parts
from harvesters.parts import UNTOLD, WHOLE, Axis, Course, Integers, Keys, Part, Terms, opened, read

KEYS = st.lists(st.text("0123456789abcxyz", max_size=6), max_size=60)
YEARS = st.lists(st.integers(900, 2200), max_size=60)


def holds(part: Part, key: str) -> bool:
    """Whether a part of texts holds a key; an empty one has no place on the axis."""
    if part == WHOLE:
        return True
    if part.rest:
        return not key
    return bool(key) and part.low <= key and (not part.high or key < part.high)


def terms(found: list[str]) -> Terms:
    counted = sorted({key: found.count(key) for key in found if key}.items())
    return Terms(lambda low: [(term, count) for term, count in counted if term >= low])


def walked(axis: Axis | None, course: Course, count: Callable[[Part], int]) -> tuple[Course, list[Part]]:
    """Walk all parts, each as large as it is; one that stays over the cap can be had up to it only."""
    taken = []
    course = opened(course, axis, count)
    while course.left:
        taken.append(course.left[0])
        hits = count(course.left[0])
        over = course.cap and hits > course.cap
        course = opened(course.lacking("too many") if over else course.done(hits, hits), axis, count)
    return course, taken


@given(KEYS, st.integers(1, 20), st.booleans())
@example(["9", "yxc3", "xz41zc", "axz", "23x70", "b"], 1, False)
@settings(deadline=None)
def test_the_parts_of_keys_hold_every_record_once(found: list[str], cap: int, scans: bool) -> None:
    course, taken = walked(
        terms(found) if scans else Keys(),
        Course("q", cap=cap),
        lambda part: sum(holds(part, key) for key in found),
    )
    assert all(sum(holds(part, key) for part in taken) == 1 for key in found)
    assert course.covers == (not course.short)
    crowded = max([found.count(key) for key in found], default=0)
    assert course.covers or crowded > cap, "what can be divided is divided"
    assert (course.total or 0) == len(found)


@given(YEARS, st.integers(1, 20))
def test_the_parts_of_years_hold_every_record_once(found: list[int], cap: int) -> None:
    def within(part: Part, year: int) -> bool:
        if part.rest:
            return False
        return (not part.low or year >= int(part.low)) and (not part.high or year < int(part.high))

    course, taken = walked(
        Integers(1000, 2100), Course("q", cap=cap), lambda part: sum(within(part, year) for year in found)
    )
    assert all(sum(within(part, year) for part in taken) == 1 for year in found)
    assert course.covers == (not course.short)


@given(KEYS, st.integers(2, 20), st.integers(0, 30))
def test_a_course_that_is_written_and_read_back_goes_on_as_it_was(found: list[str], cap: int, steps: int) -> None:
    def count(part: Part) -> int:
        return sum(holds(part, key) for key in found)

    course = opened(Course("q", cap=cap), Keys(), count)
    for _ in range(steps):
        if course.left:
            hits = count(course.left[0])
            course = opened(course.done(hits, hits), Keys(), count)
    again = read(course.text({"start": 7}), "q")
    assert again == ((course, {"start": 7}) if course.left else None)
    assert read(course.text(), "another question") is None


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"parts":1}', '{"parts":0,"question":"q","left":[{}]}'])
def test_what_is_no_course_is_not_gone_on_with(text: str) -> None:
    assert read(text, "q") is None


def test_where_no_cap_is_known_nothing_is_asked() -> None:
    course = opened(Course("q"), Keys(), lambda part: pytest.fail(f"asked for {part}"))
    assert course.left == (WHOLE,)


def test_a_server_that_gives_every_part_the_same_number_is_given_up() -> None:
    asked: list[Part] = []

    def count(part: Part) -> int:
        asked.append(part)
        return 1000

    course = opened(Course("q", cap=10), Keys(), count)
    assert len(asked) < 12_000
    assert course.left


def test_overlapping_parts_are_no_proof() -> None:
    course, _ = walked(Integers(1000, 2100), Course("q", cap=10), lambda part: 12 if part == WHOLE else 7)
    assert not course.covers
    assert "overlap or leave some out" in "; ".join(course.doubts())


def test_a_whole_of_which_nobody_tells_the_size_is_never_proven() -> None:
    found = [f"{n:03}" for n in range(50)]

    def count(part: Part) -> int:
        hits = sum(holds(part, key) for key in found)
        return UNTOLD if hits > 10 else hits

    course, taken = walked(Keys(), Course("q", cap=UNTOLD), count)
    assert sum(count(part) for part in taken) == 50
    assert not course.covers
    assert "nobody knows how many" in "; ".join(course.doubts())


def test_a_cap_that_is_met_on_the_way_counts_from_then_on() -> None:
    course = Course("q").capped(100, 250)
    assert (course.cap, course.total) == (100, 250)
    assert course.capped(60, 250).cap == 60
    assert parts.opened(course, None, lambda _: 0) == course
