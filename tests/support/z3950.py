"""Peers of Z39.50 for tests: YAZ's test server and client, and a proxy between two that writes down what they say.

In: nothing, or a port. Out: addresses of loopback servers, and what went each way over each connection.
"""

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.peers import free_port, program, wait_for_port
from tests.support.zebra import settings

YAZ, ZEBRA = "yaz", "idzebra-2.0"


@contextmanager
def yaz_server() -> Iterator[int]:
    """Run yaz-ztest, which finds what is asked of it by chance, and give its port."""
    ztest, port = program("yaz-ztest", YAZ), free_port()
    with tempfile.TemporaryDirectory() as folder:
        # What it shows as GRS-1, and the list it scans, it reads from where it stands; without the list it hangs up.
        (Path(folder) / "dummy-words").touch()
        generic = "".join(f"#{number}\n(2,1) a title\n(4,52) {{\n(2,7) inside\n}}\n(0,0)\n" for number in (1, 2, 3))
        (Path(folder) / "dummy-grs").write_text(generic)
        command = [ztest, "-v", "none", f"tcp:127.0.0.1:{port}"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                wait_for_port(port)
                yield port
            finally:
                process.terminate()


@contextmanager
def zebra_server(records: bytes) -> Iterator[int]:
    """Run zebrasrv over an index of these ISO 2709 records, which it has as GRS-1 too, and give its port."""
    server, indexer, port = program("zebrasrv", ZEBRA), program("zebraidx", ZEBRA), free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = settings(folder, "grs.marc.usmarc")
        (folder / "records.mrc").write_bytes(records)
        for task in (["init"], ["update", str(folder / "records.mrc")], ["commit"]):
            subprocess.run([indexer, "-c", str(config), *task], check=True, capture_output=True)
        command = [server, "-v", "none", "-c", str(config), f"tcp:127.0.0.1:{port}"]
        with subprocess.Popen(command, cwd=name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                wait_for_port(port)
                yield port
            finally:
                process.terminate()


def yaz_client(port: int, *lines: str, options: tuple[str, ...] = ()) -> str:
    """Give what yaz-client prints when these lines are typed after it has connected."""
    client = program("yaz-client", YAZ)
    typed = "\n".join((f"open tcp:127.0.0.1:{port}", *lines, "quit", ""))
    with tempfile.TemporaryDirectory() as folder:
        # Without a home of its own it would read the .yazclientrc of whoever runs the tests.
        home = {"HOME": folder, "PATH": str(Path(client).parent), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [client, *options], input=typed.encode(), capture_output=True, timeout=30, env=home, cwd=folder, check=False
        )
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def zoomsh(*commands: str) -> str:
    """Give what zoomsh, the other client of YAZ, prints for these commands."""
    shell = program("zoomsh", YAZ)
    done = subprocess.run([shell, *commands, "quit"], capture_output=True, timeout=30, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


@dataclass
class Talk:
    """What one connection carried, each way."""

    origin: bytearray = field(default_factory=bytearray)
    target: bytearray = field(default_factory=bytearray)


@dataclass
class Recorder:
    """A proxy on `port` that writes down what passes."""

    port: int
    talks: list[Talk] = field(default_factory=list)


@contextmanager
def recorder(behind: int) -> Iterator[Recorder]:
    """Stand before the server on port `behind`."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        proxy = Recorder(door.getsockname()[1])
        pipes: list[threading.Thread] = []
        watch = threading.Thread(target=_let_in, args=(door, behind, proxy, pipes), daemon=True)
        watch.start()
        try:
            yield proxy
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            watch.join(5)
            for pipe in pipes:
                pipe.join(5)


def _let_in(door: socket.socket, behind: int, proxy: Recorder, pipes: list[threading.Thread]) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", behind))
        talk = Talk()
        proxy.talks.append(talk)
        for way in ((client, server, talk.origin), (server, client, talk.target)):
            pipes.append(threading.Thread(target=_pass_on, args=way, daemon=True))
            pipes[-1].start()


def _pass_on(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            kept += data
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
