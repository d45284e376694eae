"""The pace at a host: how many requests a minute, shared by whom, and whose turn it is. No test waits."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harvesters.errors import SourceUnavailable
from harvesters.http import Http
from harvesters.pace import Pace, hosts, turn
from tests.support.hostile_oai import Hostile, serving
from tests.support.oai_run import QUICK


@dataclass
class Clock:
    """A clock that goes on only when somebody sleeps."""

    time: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def pace(clock: Clock, per_minute: int = 60, folder: str = "") -> Pace:
    return Pace(per_minute, folder, clock.now, clock.sleep)


@pytest.mark.pathology(28, "requests to one host come at most `per_minute`, evenly after the first few")
@pytest.mark.parametrize("shared", [False, True])
def test_after_the_first_few_requests_come_evenly(tmp_path, shared):
    clock = Clock()
    asking = pace(clock, 60, str(tmp_path / "hosts") if shared else "")
    for _ in range(70):
        asking.wait("x.example")
    assert len(clock.slept) == 60
    assert all(abs(seconds - 1) < 0.01 for seconds in clock.slept)


@pytest.mark.parametrize(("per_minute", "longest"), [(1, 60), (6, 10), (600, 0.1)])
def test_the_longest_wait_is_that_of_one_request(per_minute, longest):
    clock = Clock()
    asking = pace(clock, per_minute)
    for _ in range(per_minute + 5):
        asking.wait("x")
    assert max(clock.slept) == pytest.approx(longest)


def test_hosts_do_not_wait_for_each_other_and_an_idle_one_fills_again():
    clock = Clock()
    asking = pace(clock)
    for host in ("a", "b"):
        for _ in range(10):
            asking.wait(host)
    assert clock.slept == []
    clock.time += 3600
    for _ in range(10):
        asking.wait("a")
    assert clock.slept == []
    asking.wait("a")
    assert len(clock.slept) == 1


def test_sources_of_one_house_share_the_pace_of_a_host(tmp_path):
    clock = Clock()
    first, second = (pace(clock, 60, str(tmp_path)) for _ in range(2))
    for _ in range(5):
        first.wait("x")
        second.wait("x")
    assert clock.slept == []
    second.wait("x")
    assert clock.slept == [pytest.approx(1)]


def test_a_clock_that_was_set_back_stops_nobody(tmp_path):
    clock = Clock()
    asking = pace(clock, 60, str(tmp_path))
    for _ in range(10):
        asking.wait("x")
    clock.time -= 1_000_000
    asking.wait("x")
    assert clock.slept == [pytest.approx(1)]


@pytest.mark.parametrize("left", [b"", b"\xff\xfe", b"nan nan nan", b"1e999 0", b"x" * 10_000])
def test_a_damaged_file_of_the_pace_is_as_if_nobody_had_asked(tmp_path, left):
    (tmp_path / "x.pace").write_bytes(left)
    clock = Clock()
    for _ in range(10):
        pace(clock, 60, str(tmp_path)).wait("x")
    assert clock.slept == []


def test_a_name_of_a_host_never_becomes_a_path(tmp_path):
    pace(Clock(), 60, str(tmp_path / "hosts")).wait("../../etc/passwd")
    assert [file.parent for file in tmp_path.rglob("*.pace")] == [tmp_path / "hosts"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "hosts").write_text("")
    with pytest.raises(SourceUnavailable, match="the home must be writable"):
        pace(Clock(), 60, str(tmp_path / "hosts")).wait("x")


def test_requests_of_a_harvest_keep_the_pace():
    with serving(Hostile()) as server, Http({**QUICK, "per_minute": "60"}) as http:
        clock = Clock()
        http._pace = pace(clock)
        for _ in range(12):
            http.get(server.url)
    assert [round(seconds, 3) for seconds in clock.slept] == [1, 1]


# --- turns -----------------------------------------------------------------------------------------------------------


@pytest.mark.pathology(28, "two runs never ask one host at the same time")
def test_a_host_is_asked_by_one_run_at_a_time(tmp_path, caplog):
    folder = str(tmp_path)
    with turn(folder, ["a", "b"], 0), turn(folder, ["c"], 0):
        with pytest.raises(SourceUnavailable, match="one is asked at a time") as caught, turn(folder, ["b", "d"], 0):
            pass
        assert (caught.value.code, caught.value.where) == ("host-busy", "b")
    with turn(folder, ["b", "d"], 0):
        assert "b: another source of this host is being harvested" in caplog.text


def test_a_run_waits_for_its_turn(tmp_path):
    holds, done = threading.Event(), threading.Event()

    def other() -> None:
        with turn(str(tmp_path), ["a"], 0):
            holds.set()
            done.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    holds.wait(5)
    with turn(str(tmp_path), ["a"], 5, sleep=lambda _: (done.set(), thread.join(5))[0]):
        assert not thread.is_alive()


def test_a_killed_run_gives_its_turn_back(tmp_path):
    script = (
        "import sys, time\nfrom harvesters.pace import turn\n"
        "with turn(sys.argv[1], ['a'], 0):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(SourceUnavailable), turn(str(tmp_path), ["a"], 0):
            pass
        process.kill()
        process.wait()
    with turn(str(tmp_path), ["a"], 0):
        pass


def test_the_hosts_of_a_source_are_told():
    assert hosts("https://B.example/oai\n /srv/files \nhttp://a.example:8080/x.mrc\nhttp://[::1/") == [
        "a.example:8080",
        "b.example",
    ]
    assert hosts("/srv/files") == []
