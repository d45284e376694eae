"""What is due: once per time, after downtime once in all, and never twice because a clock was set back."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.jobs.agenda import LATEST, Agenda, delay
from federation.jobs.cron import parse
from federation.store.schedules import ScheduledRow

#: 02:30 in Vietnam
SLOT = datetime(2026, 11, 26, 19, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def row(seen_to: datetime, schedule: str = "30 2 * * *", code: str = "tinh") -> ScheduledRow:
    return ScheduledRow(1, code, schedule, seen_to)


def due(seen_to: datetime, now: datetime, schedule: str = "30 2 * * *") -> list[tuple[datetime, str]]:
    return [(each.slot, each.trigger) for each in Agenda().due([row(seen_to, schedule)], now)]


def test_a_source_is_due_at_its_time_and_a_little_later() -> None:
    late = delay("tinh", parse("30 2 * * *"), SLOT)
    assert due(SLOT - DAY, SLOT + late - timedelta(seconds=1)) == []
    assert due(SLOT - DAY, SLOT + late) == [(SLOT, "schedule")]
    assert due(SLOT, SLOT + late) == []


def test_what_passed_while_nothing_ran_is_due_once() -> None:
    assert due(SLOT - DAY, SLOT + timedelta(hours=5)) == [(SLOT, "catch-up")]
    assert due(SLOT - 9 * DAY, SLOT + timedelta(hours=5)) == [(SLOT, "catch-up")]
    assert due(SLOT - 400 * DAY, SLOT + timedelta(seconds=7), "* * * * *") == [(SLOT, "catch-up")]


def test_a_clock_set_back_makes_nothing_due_twice() -> None:
    assert due(SLOT, SLOT - timedelta(hours=1)) == []
    assert due(SLOT, SLOT - timedelta(minutes=1)) == []
    assert due(SLOT, SLOT + timedelta(hours=23)) == []
    assert [slot for slot, _ in due(SLOT, SLOT + DAY + LATEST)] == [SLOT + DAY]


def test_a_source_seen_to_by_a_clock_of_another_year_is_counted_from_now(caplog: pytest.LogCaptureFixture) -> None:
    assert due(SLOT + 365 * DAY, SLOT) == [(SLOT, "")]
    assert "yet to come" in caplog.text


def test_a_changed_row_is_looked_at_anew() -> None:
    agenda, noon = Agenda(), SLOT + timedelta(hours=10)
    assert agenda.due([row(SLOT)], noon) == []
    changed = row(SLOT, "0 * * * *")
    assert [each.row for each in agenda.due([changed], noon)] == [changed]
    assert agenda.due([], noon) == []


def test_a_schedule_that_cannot_be_read_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    rows = [row(SLOT - DAY, "nonsense", "broken"), row(SLOT - DAY, code="sound")]
    agenda = Agenda()
    for _ in range(2):
        assert [each.row.code for each in agenda.due(rows, SLOT + LATEST)] == ["sound"]
    assert caplog.text.count("broken is not harvested by the clock") == 1


def test_sources_with_one_schedule_begin_apart_but_each_at_its_own_time() -> None:
    daily, often = parse("30 2 * * *"), parse("*/10 * * * *")
    delays = {delay(f"source-{number}", daily, SLOT) for number in range(100)}
    assert len(delays) > 60
    assert max(delays) < LATEST
    assert delay("tinh", daily, SLOT) == delay("tinh", daily, SLOT + 9 * DAY)
    assert all(delay(f"source-{number}", often, SLOT) < timedelta(minutes=1) for number in range(100))
