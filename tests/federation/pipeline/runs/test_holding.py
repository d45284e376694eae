"""Leases: one run per source, whoever else tries; the dead lose them, the living find out before they write again."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from federation.errors import Stopped, Unavailable, UsageError
from federation.pipeline.runs import holding, rekey, sweep, vanished
from federation.pipeline.runs.beginning import may_begin
from federation.pipeline.runs.harvest import Order, harvest
from federation.pipeline.runs.holding import SKEW, TERM, held, holder, of_source, seize
from federation.pipeline.workplace import Workplace
from federation.store import leases, sources
from federation.store.leases import LeaseRow
from tests.support.clocks import StandingClock, standing
from tests.support.house import add_files, add_member
from tests.support.records import iso2709, record

NAME = of_source("tinh")
#: a process of a machine we cannot look into
ELSEWHERE = "other/pid:[1] 77 123 abcdef00"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    return standing(monkeypatch, 2026, 11, 27, 3, 0)


def taken(place: Workplace, who: str, time: StandingClock, name: str = NAME) -> None:
    with place.database.write() as session:
        assert leases.take(session, LeaseRow(name, who, time.moment, time.moment + TERM), None)


def holds(place: Workplace, name: str = NAME) -> str:
    with place.database.read() as session:
        row = leases.one(session, name)
    return row.holder if row else ""


def test_two_cannot_hold_one_source_and_the_second_is_told_who_does(place: Workplace) -> None:
    with held(place, NAME), pytest.raises(Unavailable, match="harvest cancel tinh") as caught, held(place, NAME):
        pass
    assert caught.value.code == "busy"
    with held(place, NAME):
        assert holds(place)
    assert not holds(place)


def test_of_many_that_try_at_once_one_succeeds(place: Workplace) -> None:
    together, got = threading.Barrier(6), []

    def attempt() -> None:
        together.wait()
        try:
            with place.database.write() as session:
                seize(session, NAME, holder(), holding.clock.now())
            got.append(1)
        except Unavailable:
            pass

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [1]


def test_the_lease_of_a_silent_machine_ends_after_its_term(place: Workplace, time: StandingClock) -> None:
    taken(place, ELSEWHERE, time)
    time.on(seconds=TERM.seconds - 1)
    with pytest.raises(Unavailable, match=r"process 77 on other"), held(place, NAME):
        pass
    time.on(seconds=1)
    with held(place, NAME):
        assert holds(place) != ELSEWHERE


def test_a_killed_process_of_this_machine_loses_its_lease_at_once(place: Workplace, time: StandingClock) -> None:
    program = "from federation.pipeline.runs.holding import holder; print(holder(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        taken(place, other.stdout.readline().strip(), time)
        with pytest.raises(Unavailable, match=f"process {other.pid}"), held(place, NAME):
            pass
        other.kill()
        other.wait()
    with held(place, NAME) as hold, place.database.write() as session:
        hold.keep(session)


def test_a_clock_set_back_does_not_keep_the_lease_of_the_dead(place: Workplace, time: StandingClock) -> None:
    time.on(hours=5)
    taken(place, ELSEWHERE, time)
    time.on(hours=-5)
    with held(place, NAME):
        pass
    taken(place, ELSEWHERE, time)
    time.on(seconds=-SKEW.total_seconds())
    with pytest.raises(Unavailable), held(place, NAME):
        pass


def test_a_clock_set_back_takes_nothing_from_the_living_of_this_machine(place: Workplace, time: StandingClock) -> None:
    with held(place, NAME) as hold:
        time.on(hours=-5)
        with pytest.raises(Unavailable), held(place, NAME):
            pass
        with place.database.write() as session:
            hold.keep(session)
        with place.database.read() as session:
            row = leases.one(session, NAME)
        assert row
        assert row.until == time.moment + TERM


def test_a_thread_says_that_its_holder_lives(
    place: Workplace, time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "BEAT", 0.02)
    with held(place, NAME):
        time.on(seconds=50)
        for _ in range(500):
            with place.database.read() as session:
                row = leases.one(session, NAME)
            assert row
            if row.until == time.moment + TERM:
                return
            threading.Event().wait(0.02)
    pytest.fail("the lease was not prolonged")


def many(place: Workplace, tmp_path: Path) -> str:
    path = iso2709(tmp_path / "many.mrc", map(record, range(1200)))
    return add_files(place, add_member(place, "a"), "tinh", path)


def interrupted(place: Workplace, code: str, steal: object) -> tuple[Stopped, int, str]:
    """Harvest, do something to the lease after the first page, and give what became of the run."""
    pages = []

    def on_page(seen: int, _expected: int | None) -> None:
        pages.append(seen)
        if len(pages) == 1:
            with place.database.write() as session:
                steal(session)  # type: ignore[operator]

    with pytest.raises(Stopped) as caught:
        harvest(place, code, Order(full=True, on_page=on_page))
    with place.database.read() as session:
        run = sources.history(session, code)[0]
    assert run.counts["seen"] == pages[0]
    return caught.value, len(pages), run.status


def test_a_run_that_lost_its_lease_stops_before_it_writes_again(
    place: Workplace, tmp_path: Path, time: StandingClock
) -> None:
    code = many(place, tmp_path)

    def steal(session: object) -> None:
        time.on(seconds=TERM.seconds + 1)
        row = leases.one(session, NAME)  # type: ignore[arg-type]
        assert row
        new = LeaseRow(NAME, ELSEWHERE, time.moment, time.moment + TERM)
        assert leases.take(session, new, row)  # type: ignore[arg-type]

    error, pages, status = interrupted(place, code, steal)
    assert (error.code, pages, status) == ("lease-lost", 1, "interrupted")
    assert holds(place) == ELSEWHERE  # the other's lease is not given back by us


def test_a_cancelled_run_stops_after_its_page_and_the_next_one_goes_on(place: Workplace, tmp_path: Path) -> None:
    code = many(place, tmp_path)

    def cancel(session: object) -> None:
        row = leases.one(session, NAME)  # type: ignore[arg-type]
        assert row
        assert leases.cancel(session, row, row.until)  # type: ignore[arg-type]

    error, pages, status = interrupted(place, code, cancel)
    assert (error.code, pages, status) == ("cancelled", 1, "interrupted")
    assert "by the operator" in error.message
    report = harvest(place, code)
    assert report.status == "success"
    with place.database.read() as session:
        assert sum(run.counts["added"] for run in sources.history(session, code)) == 1200


def test_the_latest_reason_holds_a_run_back(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    code = add_files(place, add_member(place, "a"), "tinh", tmp_path / "x.mrc")
    with place.database.read() as session:
        source = sources.one(session, code)
    later = [time.moment + timedelta(hours=hours) for hours in (1, 3, -2)]
    reasons = (lambda *_: later[0], lambda *_: None, lambda *_: later[1], lambda *_: later[2])
    assert may_begin(source, time.moment, reasons) == later[1]
    assert may_begin(source, time.moment, reasons[1:2] + reasons[3:]) is None
    assert may_begin(source, time.moment) is None


def decisions(place: Workplace, code: str) -> dict[str, Callable[[], object]]:
    """Everything that an operator may do to a source whose records it changes."""
    with place.database.read() as session:
        source = sources.one(session, code)
    return {
        "harvest": lambda: harvest(place, code),
        "sweep": lambda: sweep.by_hand(place, source),
        "withdraw": lambda: vanished.withdraw(place, source),
        "keep": lambda: vanished.keep(place, source),
        "restore": lambda: vanished.restore(place, 1),
        "rekey": lambda: rekey.accept(place, source),
        "refuse": lambda: rekey.refuse(place, source),
    }


def test_two_commands_on_one_source_cannot_interleave(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = many(place, tmp_path)
    harvest(place, code)
    monkeypatch.setattr(sweep, "LISTING", ("files",))
    with held(place, NAME):
        for name, act in decisions(place, code).items():
            with pytest.raises(Unavailable) as caught:
                act()
            assert caught.value.code == "busy", name
    with place.database.read() as session:
        assert len(sources.history(session, code)) == 1, "none of them has begun a run"


@pytest.mark.parametrize("name", ["withdraw", "restore"])
def test_a_decision_holds_the_source_while_it_is_carried_out(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    code = many(place, tmp_path)
    harvest(place, code)
    begin, ours = sources.begin_run, []

    def begun(*arguments: Any, **more: Any) -> int:
        row = leases.one(arguments[0], NAME)
        ours.append(row is not None and row.holder.split()[1] == str(os.getpid()))
        return begin(*arguments, **more)

    monkeypatch.setattr(sources, "begin_run", begun)
    with pytest.raises(UsageError, match=r"nothing|no absent"):
        decisions(place, code)[name]()
    assert ours == [True]
    assert not holds(place), "and gives it back, however it ended"


def test_a_decision_whose_lease_was_taken_writes_nothing(
    place: Workplace, tmp_path: Path, time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = many(place, tmp_path)
    harvest(place, code)
    taking = leases.prolong

    def lost(session: Any, name: str, who: str, until: datetime) -> bool:
        row = leases.one(session, name)
        assert row
        leases.take(session, LeaseRow(name, ELSEWHERE, time.moment, time.moment + TERM), row)
        return taking(session, name, who, until)

    monkeypatch.setattr(leases, "prolong", lost)
    with place.database.read() as session:
        source = sources.one(session, code)
    with pytest.raises(Stopped, match="another took over"):
        vanished.withdraw(place, source)
    with place.database.read() as session:
        assert len(sources.history(session, code)) == 1
