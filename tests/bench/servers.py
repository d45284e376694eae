"""Servers under measurement: started on free loopback ports, stopped by their number.

In: a filled catalogue, or the records the peer is to serve. Out: ports. Both sides run under gunicorn, with the same
number of processes and threads: those that `lienthong serve web` takes by itself.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from federation.cli.serve.webserver import usual_workers
from tests.bench import datasette_peer
from tests.bench.homes import Home
from tests.bench.oai_client import FIRST_PAGE, Line
from tests.bench.plan import ROOT
from tests.bench.sessions import Server
from tests.support.peers import free_port, wait_for_port

THREADS = 4
NEEDED = "oai-repo (PyPI)"
#: how the peer holds its records: as trees, or as bytes that become trees at each request
READY, PARSED = "ready", "parsed"


def workers() -> int:
    """Give the processes of the web door where nothing is said."""
    return usual_workers()


def peer_there() -> bool:
    """Tell whether the peer of the OAI-PMH door is installed."""
    return find_spec("oai_repo") is not None


@contextmanager
def ours(home: Home) -> Iterator[int]:
    """Serve a catalogue as an operator does; gives the port."""
    port = free_port()
    arguments = ("serve", "web", "--workers", str(workers()), "--threads", str(THREADS))
    process = home.begin(*arguments, LIENTHONG_WEB_BIND=f"127.0.0.1:{port}")
    with _stopped(process):
        _warm(port, "/search?q=", "/oai?verb=Identify", FIRST_PAGE)
        yield port


@contextmanager
def z3950(home: Home) -> Iterator[Server]:
    """Serve a catalogue over Z39.50 as an operator does."""
    port = free_port()
    process = home.begin("serve", "z3950", LIENTHONG_Z3950_BIND=f"127.0.0.1:{port}")
    with _stopped(process):
        wait_for_port(port, 60)
        yield Server(port, process.pid, "union")


@contextmanager
def oai_repo(records: Path, page: int, way: str) -> Iterator[int]:
    """Serve a MARCXML file by oai-repo (`way`: `READY` or `PARSED`); gives the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread"]
    command += ["--workers", str(workers()), "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout", "600", "--log-level", "error"]
    command += [f"tests.bench.oai_peer:application({str(records)!r}, {page}, {way!r})"]
    process = subprocess.Popen(command, cwd=ROOT)
    with _stopped(process):
        _warm(port, FIRST_PAGE)
        yield port


@contextmanager
def datasette(file: Path) -> Iterator[int]:
    """Serve a file by Datasette; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as until_end:
        port, number = listening.getsockname()[1], listening.fileno()
        command = [sys.executable, "-m", "tests.bench.datasette_peer", str(file), str(number), str(THREADS)]
        for _ in range(workers()):
            until_end.enter_context(_stopped(subprocess.Popen(command, cwd=ROOT, pass_fds=[number])))
        _warm(port, datasette_peer.answer_of("the"))
        yield port


def _warm(port: int, *paths: str) -> None:
    """Wait until every process of a server has read what it needs: a new connection goes to one that is idle."""
    wait_for_port(port, 60)
    for path in paths * workers() * 2:
        with Line(port) as line:
            line.get(path)


@contextmanager
def _stopped(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
