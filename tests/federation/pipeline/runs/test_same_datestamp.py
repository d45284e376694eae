"""A record whose datestamp stays while its copies change: asking for changes misses it, a whole harvest does not."""

from datetime import UTC, datetime, timedelta

import pytest

from federation import clock
from federation.pipeline.runs.harvest import Order
from federation.pipeline.workplace import Workplace
from harvesters.base import Ending, Harvested
from schemas.marc import write
from tests.support.fake_source import FakeSource, add_source, put_in_place
from tests.support.house import bring, catalogue
from tests.support.records import record


def shelved(number: int, location: str) -> Harvested:
    content = write.marc(record(number, location=location))
    return Harvested(f"oai:x:{number}", content, "iso2709", datestamp="2026-03-01")


@pytest.mark.pathology(11, "a run with --full compares every record by its content, whatever its datestamp says")
def test_a_whole_harvest_finds_copies_that_moved_under_an_old_datestamp(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = put_in_place(monkeypatch, FakeSource((shelved(1, "Kho mở"), shelved(2, "Kho mở"))))
    code = add_source(place, "a")
    bring(place, code)
    source.records = (shelved(1, "Kho đóng"), shelved(2, "Kho mở"))
    report = bring(place, code, Order(full=True))
    assert (report.counts["changed"], report.counts["unchanged"]) == (1, 1)
    places = {holding.location for one in catalogue(place).every() for holding in one.holdings}
    assert places == {"Kho đóng", "Kho mở"}


@pytest.mark.pathology(11, "with the option full_days a source is read whole every so many days")
def test_a_source_that_does_not_date_its_changes_is_read_whole_now_and_then(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime | None] = []
    begun = datetime(2026, 3, 2, 12, tzinfo=UTC)
    source = put_in_place(monkeypatch, FakeSource((shelved(1, "Kho mở"),), ending=Ending(next_from=begun)))
    code = add_source(place, "a", full_days="7")
    for days in (0, 1, 6, 7, 8, 15):
        monkeypatch.setattr(clock, "now", lambda days=days: begun + timedelta(days=days))
        bring(place, code)
        asked.append(source.windows[-1].from_)
    assert asked == [None, begun, begun, None, begun, None]
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(days=30))
    bring(place, code, Order(from_=begun + timedelta(days=29)))
    assert source.windows[-1].from_ == begun + timedelta(days=29)
