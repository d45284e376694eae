"""Clock drills: the scheduler under a clock that stands, on both databases, with a fellow, a dead one, and downtime."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from federation import clock
from federation.errors import Unavailable
from federation.jobs import runs, scheduler
from federation.jobs.runs import Halt
from federation.jobs.scheduler import Scheduler, is_there, of_queued
from federation.pipeline import check as checking
from federation.pipeline.runs.harvest import Report, harvest
from federation.pipeline.runs.holding import TERM, held, of_source
from federation.pipeline.workplace import Workplace
from federation.store import Database, leases, members, queue, raws, sources
from federation.store.leases import LeaseRow
from federation.store.models import Run
from federation.store.queue import QueuedRow
from federation.store.sources import NewSource
from tests.support.clocks import StandingClock, standing
from tests.support.house import add_files, add_member, house
from tests.support.records import iso2709, record

ELSEWHERE = "other/pid:[1] 77 123 abcdef00"
NIGHTLY = "30 2 * * *"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """Noon in Vietnam."""
    return standing(monkeypatch, 2026, 11, 27, 5, 0)


@pytest.fixture
def place(tmp_path: Path, database_url: str, time: StandingClock) -> Iterator[Workplace]:
    with house(tmp_path / "home", database_url) as place:
        add_member(place, "a")
        yield place


def add(place: Workplace, folder: Path, code: str = "tinh", schedule: str = NIGHTLY, records: int = 3) -> int:
    """Add a source of files with a schedule."""
    path = iso2709(folder / f"{code}.mrc", map(record, range(records)))
    with place.database.write() as session:
        member = members.one(session, "a").id
        return sources.add(session, member, NewSource(code, "files", str(path), schedule=schedule), clock.now())


def settled(*schedulers: Scheduler) -> None:
    """Look until nothing is under way and nothing can begin."""
    for _ in range(2):
        for each in schedulers:
            each.look()
        until(lambda: not any(each.under_way for each in schedulers))


def until(met: Callable[[], bool]) -> None:
    for _ in range(1500):
        if met():
            return
        threading.Event().wait(0.02)
    pytest.fail("waited in vain")


def history(place: Workplace, code: str = "tinh") -> list[tuple[str, str]]:
    """Give trigger and status of the runs, the first one first."""
    with place.database.read() as session:
        found = [session.get(Run, run.id) for run in sources.history(session, code)]
        return [(run.trigger, run.status) for run in reversed(found) if run]


def waiting(place: Workplace) -> list[QueuedRow]:
    with place.database.read() as session:
        return queue.unended(session)


def ask(place: Workplace, source_id: int, kind: str = "harvest") -> int:
    with place.database.write() as session:
        return queue.ask(session, source_id, kind, "operator", clock.now())


def test_a_source_is_harvested_at_its_time_and_searchable_then(
    place: Workplace, tmp_path: Path, time: StandingClock
) -> None:
    add(place, tmp_path)
    house_clock = Scheduler(place, 2)
    settled(house_clock)
    assert history(place) == []
    time.on(hours=14, minutes=36)  # 02:36: the time and its delay are over
    settled(house_clock)
    assert history(place) == [("schedule", "success")]
    assert checking.status(place)["indexed"] == 3
    settled(house_clock)
    time.on(hours=23)
    settled(house_clock)
    assert len(history(place)) == 1
    time.on(hours=1)
    settled(house_clock)
    assert history(place) == [("schedule", "success")] * 2
    assert waiting(place) == []


def test_after_downtime_what_was_missed_is_run_once(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    add(place, tmp_path)
    add(place, tmp_path, "often", "*/10 * * * *")
    time.on(days=9)
    settled(Scheduler(place, 2))
    assert history(place) == history(place, "often") == [("catch-up", "success")]
    time.on(minutes=11)
    settled(Scheduler(place, 2))  # a new process remembers what the rows say
    assert history(place, "often") == [("catch-up", "success"), ("schedule", "success")]
    assert len(history(place)) == 1


def test_a_changed_schedule_counts_from_the_change(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    source = add(place, tmp_path)
    at_work = Scheduler(place, 2)
    settled(at_work)
    time.on(minutes=30)
    with place.database.write() as session:  # what `sources apply` does
        sources.change(session, source, schedule="0 9 * * *", fired_at=time.moment)
    settled(at_work)
    assert history(place) == []  # 09:00 is over, but nobody had asked for it then
    time.on(hours=20, minutes=36)  # 09:06
    settled(at_work)
    assert history(place) == [("schedule", "success")]
    with place.database.write() as session:
        sources.change(session, source, schedule="")
    time.on(days=2)
    settled(at_work)
    assert len(history(place)) == 1


def test_a_paused_source_rests_also_when_it_was_queued(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    source = add(place, tmp_path)
    at_work = Scheduler(place, 2)
    with place.database.write() as session:
        sources.change(session, source, paused=True)
    ask(place, source)
    time.on(days=2)
    settled(at_work)
    assert history(place) == []
    assert waiting(place) == []


def test_a_clock_set_back_repeats_nothing_and_stops_nothing(
    place: Workplace, tmp_path: Path, time: StandingClock
) -> None:
    add(place, tmp_path, schedule="0 * * * *")
    at_work = Scheduler(place, 2)
    time.on(hours=1, minutes=6)
    settled(at_work)
    time.on(hours=-1)
    settled(at_work)
    time.on(minutes=59)
    settled(at_work)
    assert len(history(place)) == 1
    time.on(hours=1)
    settled(at_work)
    assert len(history(place)) == 2


def test_a_clock_that_was_a_year_ahead_silences_no_source(
    place: Workplace, tmp_path: Path, time: StandingClock
) -> None:
    add(place, tmp_path, schedule="0 * * * *")
    time.on(days=365)
    settled(Scheduler(place, 2))
    time.on(days=-365)
    at_work = Scheduler(place, 2)
    settled(at_work)
    assert len(history(place)) == 1
    time.on(hours=1, minutes=6)
    settled(at_work)
    assert len(history(place)) == 2


def fellow(place: Workplace) -> Workplace:
    """The same house opened by another process, as far as the database can tell."""
    return Workplace(Database(place.database.url), place.index, place.settings)


def test_two_schedulers_do_each_run_once(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    for number in range(6):
        add(place, tmp_path, f"s{number}")
    other = fellow(place)
    first, second = Scheduler(place, 3), Scheduler(other, 3)
    for _ in range(3):
        time.on(days=1)
        threads = [threading.Thread(target=each.look) for each in (first, second) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        settled(first, second)
        settled(first, second)
    other.database.close()
    for number in range(6):
        assert [status for _, status in history(place, f"s{number}")] == ["success"] * 3
    assert checking.check(place) == []


@pytest.mark.pathology(36, "a run that was cut off is done again by the next scheduler, after its last kept page")
def test_what_a_killed_scheduler_was_at_is_done_again(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    source = add(place, tmp_path)
    number = ask(place, source)
    with place.database.write() as session:
        assert queue.start(session, number, time.moment)
        for name in (of_queued(number), of_source("tinh")):
            assert leases.take(session, LeaseRow(name, ELSEWHERE, time.moment, time.moment + TERM), None)
        run = sources.begin_run(session, source, (None, None), time.moment)
        queue.begun(session, number, run)
    at_work = Scheduler(place, 2)
    time.on(seconds=TERM.seconds - 1)
    settled(at_work)
    assert history(place) == [("operator", "running")]
    time.on(seconds=1)
    settled(at_work)
    assert history(place) == [("operator", "interrupted"), ("operator", "success")]
    assert waiting(place) == []


def test_a_source_harvested_by_hand_waits_for_its_turn(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    source = add(place, tmp_path)
    ask(place, source)
    at_work = Scheduler(place, 2)
    with held(place, of_source("tinh")):
        settled(at_work)
        assert history(place) == []
        assert [row.started_at for row in waiting(place)] == [None]
    settled(at_work)
    assert history(place) == [("operator", "success")]


class Slow:
    """Runs that go on until they are let go, with a page each time they are asked."""

    def __init__(self) -> None:
        self.under_way: list[str] = []
        self.go = threading.Event()

    def __call__(self, place: Workplace, asked: QueuedRow, halt: Halt) -> Report:
        with held(place, of_source(asked.source)) as hold:
            self.under_way.append(asked.source)
            while not self.go.wait(0.02):
                halt()
                with place.database.write() as session:
                    hold.keep(session)
        return harvest(place, asked.source)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setitem(runs.KINDS, "harvest", made)
    return made


def test_no_more_runs_than_are_allowed_and_one_per_source(place: Workplace, tmp_path: Path, slow: Slow) -> None:
    numbers = [add(place, tmp_path, f"s{number}") for number in range(3)]
    for number in numbers:
        ask(place, number)
    ask(place, numbers[0], "full")
    at_work = Scheduler(place, 2)
    at_work.look()
    at_work.look()
    until(lambda: len(slow.under_way) == 2)
    assert at_work.under_way == 2
    assert sorted(slow.under_way) == ["s0", "s1"]
    slow.go.set()
    until(lambda: not at_work.under_way)
    for _ in range(3):
        settled(at_work)
    assert [len(history(place, f"s{number}")) for number in range(3)] == [2, 1, 1]


def test_a_stopped_scheduler_leaves_its_runs_to_the_next(place: Workplace, tmp_path: Path, slow: Slow) -> None:
    number = ask(place, add(place, tmp_path))
    at_work = Scheduler(place, 2)
    at_work.look()
    until(lambda: bool(slow.under_way))
    assert at_work.drain(10)
    assert [(row.id, row.started_at) for row in waiting(place)] == [(number, None)]
    with place.database.read() as session:
        assert leases.every(session) == []
    slow.go.set()
    settled(Scheduler(place, 2))
    assert waiting(place) == []


def test_a_run_that_hangs_is_taken_from_its_thread(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hung, over = threading.Event(), threading.Event()

    def hangs(place: Workplace, asked: QueuedRow, halt: Halt) -> Report:
        with held(place, of_source(asked.source)):
            with place.database.write() as session:
                queue.begun(session, asked.id, sources.begin_run(session, asked.source_id, (None, None), clock.now()))
            hung.set()
            over.wait(30)
        return harvest(place, asked.source)

    monkeypatch.setitem(runs.KINDS, "harvest", hangs)
    number = ask(place, add(place, tmp_path))
    at_work = Scheduler(place, 2)
    at_work.look()
    assert hung.wait(10)
    assert not at_work.drain(0.05)
    assert history(place) == [("operator", "interrupted")]
    assert [(row.id, row.started_at) for row in waiting(place)] == [(number, None)]
    with place.database.read() as session:
        assert leases.one(session, of_source("tinh")) is None
    over.set()
    until(lambda: not at_work.under_way)


def test_a_fault_in_one_run_stops_no_other(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Report:
        raise RuntimeError("a fault")

    monkeypatch.setitem(runs.KINDS, "full", broken)
    first, second = add(place, tmp_path, "one"), add(place, tmp_path, "two")
    ask(place, first, "full")
    ask(place, second)
    settled(Scheduler(place, 1))
    settled(Scheduler(place, 1))
    assert history(place, "two") == [("operator", "success")]
    assert waiting(place) == []
    assert "a fault of ours" in caplog.text


def test_what_holds_a_run_back_is_waited_for(
    place: Workplace, tmp_path: Path, time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = time.moment.replace(hour=20)
    monkeypatch.setattr(scheduler, "may_begin", lambda _source, now: opens if now < opens else None)
    source = add(place, tmp_path)
    with place.database.write() as session:
        queue.ask(session, source, "harvest", "schedule", time.moment)
    at_work = Scheduler(place, 2)
    settled(at_work)
    assert [row.not_before for row in waiting(place)] == [opens]
    time.on(hours=15)
    settled(at_work)
    assert history(place) == [("schedule", "success")]
    time.on(hours=-15)
    ask(place, source)  # the operator is not kept waiting
    settled(at_work)
    assert history(place)[1:] == [("operator", "success")]


def test_what_a_dead_process_left_to_the_stages_is_done_at_the_start(place: Workplace, tmp_path: Path) -> None:
    harvest(place, add_files(place, 1, "plain", iso2709(tmp_path / "p.mrc", map(record, range(4)))))
    stop = threading.Event()
    at_work = Scheduler(place, 2)
    thread = threading.Thread(target=at_work.serve, args=(stop,))
    thread.start()
    until(lambda: checking.status(place)["indexed"] == 4)
    with place.database.read() as session:
        assert is_there(session, clock.now())
    stop.set()
    thread.join()
    assert at_work.drain(5)
    with place.database.read() as session:
        assert not is_there(session, clock.now())


def test_the_same_run_is_queued_once_and_a_number_stays(place: Workplace, tmp_path: Path, time: StandingClock) -> None:
    source = add(place, tmp_path)
    number = ask(place, source)
    assert ask(place, source) == number
    assert ask(place, source, "full") != number
    with place.database.write() as session:
        queue.put_back(session, queue.unended(session)[0], time.moment.replace(hour=23))
    assert ask(place, source) == number
    assert waiting(place)[0].not_before == time.moment


def test_a_database_that_is_away_for_a_moment_does_not_end_the_scheduler(
    place: Workplace, time: StandingClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "TICK", 0.01)
    stop, looks = threading.Event(), []

    def look(_self: Scheduler) -> None:
        looks.append(1)
        if len(looks) == 3:
            stop.set()
        raise Unavailable("database-unavailable", "no answer; is the server up?", "here")

    monkeypatch.setattr(Scheduler, "look", look)
    Scheduler(place, 1).serve(stop)
    assert len(looks) == 3
    assert "is the server up?" in caplog.text


def test_put_aside_records_are_counted_in_a_run_by_the_clock(place: Workplace, tmp_path: Path) -> None:
    source = add(place, tmp_path)
    (tmp_path / "tinh.mrc").write_bytes((tmp_path / "tinh.mrc").read_bytes() + b"00100 broken record\x1d")
    ask(place, source)
    settled(Scheduler(place, 1))
    with place.database.read() as session:
        run = sources.history(session, "tinh")[0]
        assert run.counts["rejected"] == len(raws.put_aside(session, 5, run.id)) == 1
