"""`lienthong serve` as a process: it answers, stops when told, and says clearly why it cannot start."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from federation.cli.serve.webserver import usual_workers
from tests.support.peers import free_port, wait_for_port
from tests.support.z3950 import yaz_client

COMMAND = [sys.executable, "-c", "from federation.cli import main; main()", "serve"]


def environment(home: Path, port: int, z3950: int = 0) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
    binds = {"LIENTHONG_WEB_BIND": f"127.0.0.1:{port}", "LIENTHONG_Z3950_BIND": f"127.0.0.1:{z3950 or free_port()}"}
    return {**kept, "LIENTHONG_HOME": str(home), **binds}


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment(home, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_port(port)
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def run(home: Path, port: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(home, port), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("arguments", [(), ("web",), ("web", "--workers", "2", "--threads", "2")])
def test_it_answers_and_stops_cleanly_when_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with serving(tmp_path, *arguments) as (port, process):
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as response:
            assert response.read() == b"ok\n"
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert f"127.0.0.1:{port}" in output
    assert "Traceback" not in errors


def test_an_answer_under_way_is_ended_before_it_stops(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1") as (port, process):
        client = socket.create_connection(("127.0.0.1", port), timeout=20)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        threading.Timer(0.5, lambda: client.sendall(b"Connection: close\r\n\r\n")).start()
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20).close()
        process.send_signal(signal.SIGTERM)
        received = b"".join(iter(lambda: client.recv(65536), b""))
        client.close()
        process.communicate(timeout=20)
    assert received.endswith(b"ok\n")
    assert process.returncode == 0


def test_who_asks_without_a_pause_does_not_keep_others_waiting(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--threads", "1") as (port, _):
        greedy, served = HTTPConnection("127.0.0.1", port, timeout=20), Event()

        def ask() -> int:
            answered = 0
            while not served.is_set():
                greedy.request("GET", "/healthz")
                answered += greedy.getresponse().read() == b"ok\n"
            return answered

        with ThreadPoolExecutor(1) as beside:
            asking = beside.submit(ask)
            try:
                for _ in range(5):
                    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as response:
                        assert response.read() == b"ok\n"
            finally:
                served.set()
            assert asking.result()


def test_connections_that_a_browser_opens_and_does_not_use_keep_nobody_waiting(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "1", "--threads", "1") as (port, _), ExitStack() as unused:
        for _ in range(30):  # each would have kept the only thread for five seconds
            unused.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        late = unused.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as response:
            assert response.read() == b"ok\n"
        late.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert late.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (4, 4), (6, 4), (16, 8), (None, 1)])
def test_there_is_a_web_process_for_each_core_and_half_as_many_on_large_machines(
    cores: int | None, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert usual_workers() == workers


def test_a_connection_is_kept_through_pauses_and_for_requests_that_come_together(tmp_path: Path) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(tmp_path, "--workers", "1") as (port, _):
        client = socket.create_connection(("127.0.0.1", port), timeout=20)
        for together, pause in ((1, 0.0), (1, 0.1), (2, 0.0), (1, 0.0)):
            time.sleep(pause)
            client.sendall(request * together)
            received = b""
            while received.count(b"ok\n") < together:
                more = client.recv(65536)
                assert more
                received += more
        client.close()


@pytest.mark.parametrize("arguments", [(), ("z3950",)])
def test_the_z3950_door_answers_and_stops_cleanly_when_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    port = free_port()
    settings = environment(tmp_path, free_port(), port)
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_port(port)
        assert "[109]" in yaz_client(port, "find x")  # there is no catalogue here yet, and the door says so
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, errors
    assert f"Z39.50 on 127.0.0.1:{port}" in output
    assert "Traceback" not in errors


def test_a_taken_address_of_the_z3950_door_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = environment(tmp_path, free_port(), other.getsockname()[1])
        for arguments in ((), ("z3950",)):
            ended = subprocess.run(
                [*COMMAND, *arguments], env=settings, capture_output=True, text=True, timeout=60, check=False
            )
            assert ended.returncode == 1
            assert "LIENTHONG_Z3950_BIND" in ended.stderr


def test_a_taken_address_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run(tmp_path, port)
    assert ended.returncode == 1
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_longest_vietnamese_query_fits_in_an_address(tmp_path: Path) -> None:
    with serving(tmp_path) as (port, _), pytest.raises(HTTPError) as caught:
        urlopen(f"http://127.0.0.1:{port}/search?q=" + "%E1%BA%A3" * 501, timeout=20)
    assert caught.value.code == 400
    assert b"query-too-long" in caught.value.read()
