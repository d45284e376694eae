"""The rules of what an operator is told: at which numbers each speaks, and that it says what, where, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.pipeline.runs.notice_rules import Facts, Notice, of_run, of_silence, silence_days
from harvesters.errors import SourceRefused

GOOD = Facts(run=9, source="oai", status="success", message="", seen=100, live=100)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def kinds(facts: Facts, **options: str) -> list[str]:
    return [notice.kind for notice in of_run(facts, options)]


def only(facts: Facts) -> Notice:
    (notice,) = of_run(facts, {})
    return notice


def test_a_good_run_is_not_worth_a_word() -> None:
    assert kinds(GOOD) == []
    assert kinds(replace(GOOD, status="partial", message="the list stopped early")) == []


@pytest.mark.parametrize("status", ["failed", "interrupted"])
def test_of_failures_in_a_row_the_first_and_every_fifth_are_told(status: str) -> None:
    told = [n for n in range(1, 21) if kinds(replace(GOOD, status=status, failures=n)) == ["failure"]]
    assert told == [1, 5, 10, 15, 20]


def test_a_failure_says_what_the_source_said_and_how_often() -> None:
    notice = only(replace(GOOD, status="failed", message="https://x.vn:\n gave no answer" + "!" * 9000, failures=10))
    assert notice.english.startswith("Run 9 of source oai failed (10 in a row): https://x.vn: gave no answer!")
    assert notice.vietnamese.startswith("Lượt thu 9 từ nguồn oai không thành công (10 lần liên tiếp): https://x.vn")
    assert len(notice.english) < 600


@pytest.mark.parametrize(
    ("live", "deleted", "told"),
    [(99, 1, False), (95, 5, False), (94, 6, True), (4, 1, False), (3, 2, True), (0, 1, False), (0, 2, True)],
)
def test_more_withdrawn_than_the_guard_is_told(live: int, deleted: int, told: bool) -> None:
    assert kinds(replace(GOOD, live=live, deleted=deleted)) == (["deletions"] if told else [])


def test_the_guard_is_the_option_of_the_source() -> None:
    facts = replace(GOOD, live=80, deleted=20)
    assert kinds(facts, guard="0.2") == []
    assert kinds(facts, guard="0.19") == ["deletions"]
    assert "withdrew 20 of the 100 records of source oai" in only(facts).english


def test_records_that_are_held_back_are_told_however_few() -> None:
    notice = only(replace(GOOD, live=5, held=2))
    assert (notice.kind, "did not find 2 of the 5 records" in notice.english) == ("deletions", True)
    assert "nothing is withdrawn" in notice.english
    assert "chưa xoá biểu ghi nào" in notice.vietnamese


@pytest.mark.parametrize(
    ("seen", "rejected", "rate", "told"),
    [(100, 10, "0.1", False), (100, 11, "0.1", True), (3, 1, "0.1", True), (0, 0, "0", False), (1000, 1, "0", True),
     (9, 9, "1", False)],
)  # fmt: skip
def test_more_put_aside_than_the_rate_is_told(seen: int, rejected: int, rate: str, told: bool) -> None:
    facts = replace(GOOD, seen=seen, rejected=rejected)
    assert kinds(facts, reject_rate=rate) == (["rejects"] if told else [])


def test_one_run_may_be_worth_several_notices() -> None:
    facts = replace(GOOD, status="failed", failures=1, seen=10, rejected=9, live=10, deleted=10, held=3)
    assert kinds(facts) == ["failure", "deletions", "deletions", "rejects"]


@pytest.mark.parametrize("options", [{"reject_rate": "viel"}, {"reject_rate": "2"}, {"guard": "-1"}])
def test_an_option_that_is_none_is_named(options: dict[str, str]) -> None:
    with pytest.raises(SourceRefused, match=next(iter(options))):
        of_run(GOOD, options)


@pytest.mark.parametrize(
    ("options", "scheduled", "days"),
    [({}, True, 7.0), ({}, False, 0.0), ({"silence_days": "2"}, False, 2.0), ({"silence_days": "0.5"}, True, 0.5)],
)
def test_for_whom_silence_counts(options: dict[str, str], scheduled: bool, days: float) -> None:
    assert silence_days(options, scheduled) == days


def test_silence_is_told_only_after_its_days_have_passed() -> None:
    assert of_silence("oai", NOW - timedelta(days=7), 7, NOW) is None
    notice = of_silence("oai", NOW - timedelta(days=7, seconds=1), 7, NOW)
    assert notice is not None
    assert "no successful run since 2026-03-13 18:59 +07 (over 7 days)" in notice.english
    assert "từ 2026-03-13 18:59 +07 (quá 7 ngày)" in notice.vietnamese
    assert of_silence("oai", NOW - timedelta(days=900), 0, NOW) is None


def test_a_clock_that_went_back_makes_nobody_silent() -> None:
    assert of_silence("oai", NOW + timedelta(days=30), 7, NOW) is None
