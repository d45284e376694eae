"""The Z39.50 door of a house, open on a free loopback port, and clients that behave in ways no tool does.

In: a `Workplace` or a catalogue, and what is to differ. Out: the port, and the server to look at.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from federation.pipeline.workplace import Workplace
from federation.z3950 import door as doors
from federation.z3950.limits import Limits
from federation.z3950.meter import Meter
from federation.z3950.server import Server
from schemas.z3950 import codec
from schemas.z3950.connection import Connection
from schemas.z3950.session import InitRequest, Option
from tests.support.house import catalogue

EVERYTHING = frozenset(Option)


@dataclass
class Open:
    """A door that is open."""

    port: int
    server: Server
    loop: asyncio.AbstractEventLoop

    def close(self) -> None:
        """Close it as SIGTERM does, and wait until it is closed."""
        asyncio.run_coroutine_threadsafe(self.server.close(), self.loop).result(20)


@contextmanager
def opened(place: Workplace, limits: Limits | None = None, **settings: str) -> Iterator[Open]:
    """Open the door of a house."""
    with serving(door(place, limits, **settings)) as running:
        yield running


def door(place: Workplace, limits: Limits | None = None, **settings: str) -> doors.Door:
    """Make the door of a house; limits that are given hold for this machine too."""
    made = doors.door(catalogue(place), replace(place.settings, **settings))
    if limits is None:
        return made
    return replace(
        made, limits=replace(limits, loopback=True), searches=Meter(limits.searches), records=Meter(limits.records)
    )


@contextmanager
def serving(made: doors.Door) -> Iterator[Open]:
    """Run the server of a door in a thread."""
    loop, ready, found = asyncio.new_event_loop(), threading.Event(), []

    async def begin() -> None:
        server = Server(made)
        found.append((await server.open("127.0.0.1", 0), server))
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(begin())
        loop.run_forever()
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    running = Open(*found[0], loop)
    try:
        yield running
    finally:
        running.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


class Client:
    """A client that says what it is told to, and reads what comes."""

    def __init__(self, port: int, init: InitRequest | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=15)
        self.connection = Connection("origin")
        self.greeting = self.ask(init or InitRequest(options=EVERYTHING))[0]

    def ask(self, request: Any) -> list[Any]:
        """Say something and give all that is answered."""
        self.socket.sendall(self.connection.send(request))
        said: list[Any] = []
        while self.connection.state in ("initialising", "busy", "origin closing"):
            self.hear(said)
        return said

    def hear(self, said: list[Any]) -> bool:
        """Read what comes next; tells whether there is more to come."""
        data = self.socket.recv(65_536)
        self.connection.receive(data) if data else self.connection.receive_end()
        while (event := self.connection.next_event()) is not None:
            said.append(event)
        return bool(data)

    def close(self) -> None:
        """Hang up without a word."""
        self.socket.close()


@contextmanager
def client(port: int, **init: Any) -> Iterator[Client]:
    """Introduce a client."""
    made = Client(port, InitRequest(**{"options": EVERYTHING, **init}))
    try:
        yield made
    finally:
        made.close()


def end_of(line: socket.socket) -> bytes:
    """Read until the server hangs up, and give all that came."""
    found = b""
    with suppress(ConnectionError):
        while piece := line.recv(65_536):
            found += piece
    return found


def greeting() -> bytes:
    """Give the bytes of an Init."""
    return codec.encode(InitRequest(options=EVERYTHING))
