"""When a source rests after failures in a row, and what ends the rest: the rule, and the rule in the house."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation import clock
from federation.pipeline.runs import breaker
from federation.pipeline.runs.beginning import may_begin
from federation.pipeline.runs.harvest import harvest
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.sources import SourceRow
from tests.support.house import add_files, add_member, house
from tests.support.records import iso2709, record

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with house(tmp_path / "home", database_url) as place:
        yield place


def source(place: Workplace) -> SourceRow:
    with place.database.read() as session:
        return sources.one(session, "files")


def test_the_rest_begins_with_the_fifth_failure_and_doubles_up_to_a_day() -> None:
    hours = [breaker.rest(failures) / timedelta(hours=1) for failures in range(13)]
    assert hours == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 24, 24, 24]
    assert breaker.rest(10**9) == timedelta(hours=24)


@pytest.mark.pathology(28, "after five failed runs in a row a source rests, an hour at first and a day at most")
def test_a_source_that_fails_rests_and_a_run_by_hand_is_made_all_the_same(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mrc"
    add_files(place, add_member(place, "a"), "files", path)
    for failures in range(1, 7):
        assert harvest(place, "files").status == "failed"
        found = source(place)
        assert found.failures == failures
        assert (may_begin(found, NOW) is None) is (failures < 5)
    assert found.rest_until == NOW + timedelta(hours=2)
    assert may_begin(found, NOW + timedelta(hours=2)) is None
    iso2709(path, [record(1)])
    assert harvest(place, "files").status == "success"
    assert (source(place).failures, source(place).rest_until) == (0, None)


@pytest.mark.parametrize("status", ["partial", "interrupted"])
def test_a_run_that_brought_something_or_that_we_stopped_counts_neither_way(place: Workplace, status: str) -> None:
    source_id = _with_failures(place, 7)
    with place.database.write() as session:
        breaker.note(session, source_id, status, NOW)
    assert (source(place).failures, source(place).rest_until) == (7, NOW)


def test_what_an_operator_mends_ends_the_rest(place: Workplace) -> None:
    source_id = _with_failures(place, 7)
    with place.database.write() as session:
        breaker.forgive(session, source_id)
    assert (source(place).failures, source(place).rest_until) == (0, None)


def _with_failures(place: Workplace, failures: int) -> int:
    add_files(place, add_member(place, "a"), "files", Path("/x"))
    source_id = source(place).id
    with place.database.write() as session:
        sources.change(session, source_id, failures=failures, rest_until=NOW)
    return source_id
