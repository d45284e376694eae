"""The open data is made at night, once, and a night that was missed is made up for."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation import clock
from federation.catalogue import dumps
from federation.errors import Unavailable
from federation.jobs import nightly, scheduler
from federation.jobs.scheduler import Scheduler
from federation.pipeline.workplace import Workplace
from tests.support.catalogues import SteppingClock
from tests.support.house import add_files, add_member, bring, house
from tests.support.records import iso2709, record

#: 01:30 on the 27th in Vietnam
EARLY = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_is_time_once_after_the_hour_has_passed() -> None:
    assert nightly.is_due(EARLY, "2", None)
    assert not nightly.is_due(EARLY, "2", EARLY - HOUR)
    assert nightly.is_due(EARLY + HOUR, "2", EARLY)
    assert not nightly.is_due(EARLY + 2 * HOUR, "2", EARLY + HOUR)
    assert nightly.is_due(EARLY + 25 * HOUR, "2", EARLY + HOUR)


def test_a_night_that_was_missed_is_made_up_for_in_the_morning() -> None:
    assert nightly.is_due(EARLY + 9 * HOUR, "2", EARLY - 24 * HOUR)


def test_it_is_never_time_when_that_was_asked_for() -> None:
    assert not nightly.is_due(EARLY, "off", None)


def test_a_night_makes_a_dump_and_the_next_one_only_when_something_changed(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = add_member(place, "a")
    bring(place, add_files(place, member, "tinh", iso2709(tmp_path / "a.mrc", map(record, range(3)))))
    night = SteppingClock(clock.now() + timedelta(seconds=5))
    monkeypatch.setattr(clock, "now", night)
    nightly.dump(place, night(), lambda *_: None)
    first = dumps.current(dumps.folder(place.settings))
    assert first
    assert first.records == 3
    night.step(24 * 3600)
    nightly.dump(place, night(), lambda *_: None)
    assert dumps.current(dumps.folder(place.settings)) == first
    assert not nightly.is_due(night(), "2", dumps.looked_at(dumps.folder(place.settings)))


def test_a_scheduler_at_work_makes_the_open_data_and_ends_cleanly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "DUMP", 0.05)
    stop = threading.Event()
    with house(tmp_path / "home") as place:
        working = Scheduler(place, 1)
        thread = threading.Thread(target=working.serve, args=(stop,))
        thread.start()
        end = time.monotonic() + 60
        while dumps.current(dumps.folder(place.settings)) is None and time.monotonic() < end:
            time.sleep(0.05)
        stop.set()
        thread.join(30)
        assert working.drain(30)
        assert dumps.current(dumps.folder(place.settings))


def test_open_data_that_cannot_be_made_is_not_tried_again_every_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[datetime] = []

    def full(_place: Workplace, now: datetime, _halt: object) -> None:
        tried.append(now)
        raise Unavailable("dumps-unwritable", "No space left on device", "/full")

    monkeypatch.setattr(scheduler, "DUMP", 0.01)
    monkeypatch.setattr(nightly, "dump", full)
    stop = threading.Event()
    with house(tmp_path / "home") as place:
        working = Scheduler(place, 1)
        thread = threading.Thread(target=working.serve, args=(stop,))
        thread.start()
        end = time.monotonic() + 60
        while not tried and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.5)
        stop.set()
        thread.join(30)
        assert working.drain(30)
    assert len(tried) == 1
