"""The door in several processes: who is served by which, what happens when one dies, and the end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from federation.z3950.porter import Porter
from federation.z3950.serving import _shared, usual_workers
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.rpn import Attribute, Operand, RpnQuery
from tests.bench.memory import family
from tests.federation.z3950.conftest import BOOKS
from tests.support.peers import free_port, wait_for_port
from tests.support.z3950_door import client, door

ALL = SearchRequest(query=RpnQuery(Operand((Attribute(None, 2, 103),), "")), databases=("union",))
PROGRAM = "from federation.cli import main; main()"


@contextmanager
def served(place: Workplace, workers: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")},
        "LIENTHONG_HOME": str(place.settings.home),
        "LIENTHONG_Z3950_BIND": f"127.0.0.1:{port}",
    }
    command = [sys.executable, "-c", PROGRAM, "serve", "z3950", "--workers", str(workers)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for_port(port, 60)
        yield port, process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def cpu(process: int) -> int:
    return sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))


def test_sixteen_sessions_are_served_by_all_processes_and_end_with_them(place: Workplace) -> None:
    with served(place, 2) as (port, process), ExitStack() as stack:
        sessions = [stack.enter_context(client(port)) for _ in range(16)]
        for _ in range(40):
            for each in sessions:
                assert each.ask(ALL)[0].count == BOOKS
                assert each.ask(PresentRequest(start=1, count=5))[0].returned == 5
        workers = family(process.pid)[1:]
        assert len(workers) == 2
        assert all(cpu(worker) > 0 for worker in workers)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
        assert time.monotonic() - begun < 10
        assert process.returncode == 0
        assert not any(Path(f"/proc/{worker}/task").exists() for worker in workers)


def test_a_process_that_dies_is_replaced_and_takes_nobody_elses_session_along(place: Workplace) -> None:
    with served(place, 2) as (port, process), ExitStack() as stack:
        sessions = [stack.enter_context(client(port)) for _ in range(4)]
        victim = family(process.pid)[1]
        time.sleep(1.2)  # one that dies at once is not replaced at once
        os.kill(victim, signal.SIGKILL)
        end = time.monotonic() + 20
        while len(family(process.pid)) < 3 or victim in family(process.pid):
            assert time.monotonic() < end
            time.sleep(0.1)
        left = 0
        for each in sessions:
            try:
                left += each.ask(ALL)[0].count == BOOKS
            except Exception:  # its process is gone
                continue
        assert left == 2
        for _ in range(4):
            with client(port) as new:
                assert new.ask(ALL)[0].count == BOOKS


def test_an_address_that_is_counted_always_comes_to_the_same_process() -> None:
    porter = Porter(None, 3, lambda _: None)  # type: ignore[arg-type]
    places = {
        address: {porter._place(address) for _ in range(9)} for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1")
    }
    assert all(len(found) == 1 for found in places.values())
    assert {porter._place("127.0.0.1") for _ in range(3)} == {0, 1, 2}
    assert porter._place("::ffff:192.0.2.1") == porter._place("192.0.2.1")


def test_processes_share_the_sessions_and_not_what_an_address_may_do(place: Workplace) -> None:
    whole = door(place)
    part = _shared(whole, 3)
    assert part.limits.sessions == -(-whole.limits.sessions // 3)
    assert part.limits.sessions_of_address == whole.limits.sessions_of_address
    assert part.searches is whole.searches


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (64, 4), (None, 1)])
def test_there_is_a_process_for_each_core_up_to_four(
    cores: int | None, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert usual_workers() == workers
