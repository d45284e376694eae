"""How sources stand after runs through the whole house, on both dialects: counts, failures, reasons, kinds of run."""

import pytest

from federation import clock
from federation.pipeline.workplace import Workplace
from federation.store import histories, sources
from federation.store.histories import Standing
from harvesters.errors import SourceUnavailable
from tests.support.fake_source import FakeSource, add_source, broken, put_in_place, received, withdrawn
from tests.support.house import bring

DOWN = SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn/oai")


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> FakeSource:
    return put_in_place(monkeypatch, FakeSource())


def standing(place: Workplace, code: str = "a") -> Standing:
    with place.database.read() as session:
        return next(one for one in histories.standings(session) if one.source == code)


def test_records_are_counted_for_each_source_by_itself(place: Workplace, source: FakeSource) -> None:
    from federation.store.models import Absence

    source.records = (*map(received, range(5)), broken(8), broken(9))
    bring(place, add_source(place, "a"))
    source.records = (received(1),)
    bring(place, add_source(place, "b"))
    add_source(place, "c")
    source.records = (withdrawn(0),)
    bring(place, "a")
    with place.database.write() as session:
        session.add(Absence(raw_id=2, source_id=1, run_id=3, since=clock.now()))
    found = [standing(place, code) for code in "abc"]
    assert [(one.live, one.absent, one.rejected) for one in found] == [(6, 1, 2), (1, 0, 0), (0, 0, 0)]
    assert all(type(number) is int for one in found for number in (one.live, one.absent, one.rejected, one.failures))
    assert [one.attempt and one.attempt.run for one in found] == [3, 2, None]


def test_reasons_are_those_of_the_run_that_brought_the_records(place: Workplace, source: FakeSource) -> None:
    source.records = (received(1), broken(2), broken(3))
    code = add_source(place, "a")
    bring(place, code)
    source.records = (received(1), broken(4))
    bring(place, code)
    with place.database.read() as session:
        assert histories.reasons(session, [1, 2]) == {1: {"structure-unreadable": 2}, 2: {"structure-unreadable": 1}}
        assert histories.reasons(session, []) == {}


def test_the_first_of_the_failures_is_since_when_it_fails(place: Workplace, source: FakeSource) -> None:
    source.records = (received(1),)
    code = add_source(place, "a")
    bring(place, code)
    source.records, source.fault = (), DOWN
    for _ in range(3):
        bring(place, code)
    found = standing(place)
    with place.database.read() as session:
        begun = {run.id: run.started_at for run in sources.history(session)}
        assert [histories.failures(session, 1, "harvest", run) for run in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert (found.failing_since, found.failures, found.success_at) == (begun[2], 3, begun[1])


@pytest.mark.parametrize("kind", ["sweep", "replay"])
def test_a_run_that_asks_for_no_records_says_nothing_of_the_source(
    place: Workplace, source: FakeSource, kind: str
) -> None:
    from sqlalchemy import update

    from federation.store.models import Run

    source.records = (received(1),)
    code = add_source(place, "a")
    bring(place, code)
    bring(place, code)
    source.records, source.fault = (), DOWN
    bring(place, code)
    with place.database.write() as session:
        session.execute(update(Run).where(Run.id > 1).values(kind=kind))
    found = standing(place)
    assert found.attempt is not None
    assert (found.attempt.run, found.attempt.status, found.failures) == (1, "success", 0)
    with place.database.read() as session:
        assert [run.kind for run in sources.history(session)] == [kind, kind, "harvest"]
        assert histories.failures(session, 1, kind, 3) == 1
