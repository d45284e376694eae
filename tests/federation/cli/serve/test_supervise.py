"""`lienthong serve` as the whole house: web, Z39.50 and scheduler live, die, come back and end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest

from federation.cli.serve import supervise
from federation.cli.serve.supervise import FIRST_WAIT, LONGEST_WAIT, Part
from federation.store import Database, queue, sources
from federation.store.models import Run
from tests.federation.cli.conftest import command
from tests.federation.cli.serve.test_serve import COMMAND, environment
from tests.support.peers import free_port, wait_for_port
from tests.support.records import iso2709, record

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); input()"


def dies() -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"], start_new_session=True)
    process.wait()
    return process


def test_a_part_that_dies_is_started_again_later_and_later_and_forgiven_when_it_lived(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now, starts = [0.0], []

    def start() -> "subprocess.Popen[bytes]":
        starts.append(now[0])
        return dies()

    part = Part("web", start, lambda: now[0])
    while now[0] < 400:
        part.look()
        now[0] += 0.25
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert [round(pause) for pause in pauses[:8]] == [1, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT]
    assert "the web ended with 3" in caplog.text
    part.process, part._begun = dies(), now[0] - 61
    part.look()
    assert part._due == now[0] + FIRST_WAIT


def test_who_does_not_stop_in_time_is_killed() -> None:
    parts = []
    for name, program in (("well", "print(flush=True); input()"), ("deaf", DEAF)):
        process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert process.stdout
        process.stdout.readline()
        parts.append(Part(name, dies, process=process))
    supervise.end(parts, 0.5)
    assert [part.process.returncode for part in parts if part.process] == [-signal.SIGTERM, -signal.SIGKILL]
    for part in parts:
        assert part.process
        part.process.communicate()


def children(process: "subprocess.Popen[str]", part: str) -> list[int]:
    """Give the processes of a part that this process started."""
    found = []
    for number in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        if part.encode() in words and b"serve" in words:
            found.append(int(number))
    return found


def until(met: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        threading.Event().wait(0.1)


def ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@contextmanager
def whole_house(home: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    lienthong = command(home)
    lienthong("init")
    lienthong("members", "add", "a", "--name", "A")
    path = iso2709(home / "x.mrc", map(record, range(5)))
    lienthong("sources", "add", "f", "--member", "a", "--kind", "files", "--url", path)
    port = free_port()
    process = subprocess.Popen(
        COMMAND, env=environment(home, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_port(port)
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def runs(home: Path) -> list[tuple[str, str]]:
    database = Database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        found = [session.get(Run, run.id) for run in sources.history(session)]
        told = [(run.trigger, run.status) for run in found if run]
    database.close()
    return told


def waiting(home: Path) -> int:
    database = Database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        found = len(queue.unended(session))
    database.close()
    return found


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_the_house_runs_what_is_queued_survives_a_killed_scheduler_and_ends_when_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with whole_house(home) as (process, port):
        lienthong = command(home)
        assert lienthong("harvest", "run", "f", "--queue").code == 0
        until(lambda: runs(home) == [("operator", "success")] and not waiting(home))
        assert lienthong("status", "--json").json["indexed"] == 5
        (first,) = children(process, "scheduler")
        os.kill(first, signal.SIGKILL)
        until(lambda: children(process, "scheduler") not in ([], [first]))
        (web,) = children(process, "web")
        os.kill(web, signal.SIGKILL)
        until(lambda: children(process, "web") not in ([], [web]))
        until(lambda: ready(port))
        told = lienthong("harvest", "run", "f", "--queue", "--full")
        assert told.code == 0
        until(lambda: runs(home) == [("operator", "success")] * 2)
        left = [*children(process, "web"), *children(process, "scheduler")]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert process.returncode == 0
    assert "the scheduler was killed by signal 9" in errors
    assert "Traceback" not in errors
    assert not [number for number in left if Path(f"/proc/{number}").exists()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
def test_the_parts_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with whole_house(tmp_path / "home") as (process, _):
        until(lambda: bool(children(process, "web") and children(process, "scheduler")))
        left = [*children(process, "web"), *children(process, "scheduler")]
        process.kill()
        process.wait()
        until(lambda: not [number for number in left if Path(f"/proc/{number}").exists()], 20)


def test_a_scheduler_without_a_catalogue_says_what_to_do(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*COMMAND, "scheduler"],
        env=environment(tmp_path / "none", free_port()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "lienthong init" in ended.stderr
    assert "Traceback" not in ended.stderr
