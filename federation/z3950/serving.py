"""The Z39.50 door as `lienthong serve z3950` runs it: one process, or one that lets clients in and several that serve.

In: the settings, how many processes and threads. Out: nothing; it serves until SIGTERM or SIGINT. The porter takes
connections and hands each to a process: all of one address to the same one, which so can count what the address asks
for; those of this machine, which nobody counts, to each in turn. A process that dies is replaced.
"""

import asyncio
import gc
import logging
import os
import select
import signal
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.index import open_engine
from federation.memory import keep_memory
from federation.store import Database
from federation.z3950 import clients
from federation.z3950.door import Door, door
from federation.z3950.server import BACKLOG, Server
from schemas.z3950 import codec
from schemas.z3950.session import Close

#: processes, where nothing is said: one for each core, up to these
MOST_USUAL: Final = 4
#: seconds that the processes have to end
_GRACE: Final = 9.5
#: seconds between two looks at the processes; before a dead one is replaced
_LOOK: Final = 0.5
_PAUSE: Final = 1.0
#: connections that are handed over at once
_HANDED: Final = 32
#: objects made before the young ones are looked through for garbage; Python's own number is 700
_YOUNG: Final = 20_000
log = logging.getLogger(__name__)


def usual_workers() -> int:
    """Give the number of processes where nothing is said."""
    return min(os.cpu_count() or 1, MOST_USUAL)


def serve(settings: Settings, workers: int | None, threads: int) -> None:
    """Run the door until told to stop."""
    number = workers or usual_workers()
    if number == 1:
        run(settings, threads)
        return
    host, _, port = settings.z3950_bind.rpartition(":")
    codec.encode(Close())  # what all processes need is made before they are
    gc.collect()
    gc.freeze()
    address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
    with socket.create_server(address[4][:2], family=address[0], backlog=BACKLOG) as listening:
        Porter(listening, number, lambda line: run(settings, threads, number, line)).run()


# --- a process that serves --------------------------------------------------------------------------------------------


def run(settings: Settings, threads: int, share: int = 1, line: socket.socket | None = None) -> None:
    """Serve in this process, one of `share`: at the address, or who is handed over on a line."""
    engine = open_engine(settings.index_url)
    database = Database(settings.database_url, mapped=True)
    gc.freeze()
    gc.set_threshold(_YOUNG)
    keep_memory()
    try:
        made = _shared(door(Catalogue(database, engine, settings), settings), share)
        asyncio.run(_until_told(made, threads, settings.z3950_bind, line))
    finally:
        engine.close()
        database.close()


def _shared(made: Door, share: int) -> Door:
    # What an address may do is counted by the process that has all of its connections; only the sum is divided.
    return replace(made, limits=replace(made.limits, sessions=-(-made.limits.sessions // share)))


async def _until_told(made: Door, threads: int, bind: str, line: socket.socket | None) -> None:
    told, loop, server = asyncio.Event(), asyncio.get_running_loop(), Server(made, threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if line is None:
        host, _, port = bind.rpartition(":")
        await server.open(host.strip("[]"), int(port))
    else:
        server.begin()
        loop.add_reader(line, _hand_over, line, server, told)
    await told.wait()
    if line is not None:
        loop.remove_reader(line)
    await server.close()


def _hand_over(line: socket.socket, server: Server, told: asyncio.Event) -> None:
    try:
        said, connections, _, _ = socket.recv_fds(line, _HANDED, _HANDED)
    except BlockingIOError:
        return
    for number in connections:
        server.take(socket.socket(fileno=number))
    if not said:
        told.set()  # the porter is gone


# --- the process that lets clients in ---------------------------------------------------------------------------------


@dataclass
class _Worker:
    """A process that serves, and the line to it; `since` is when it was begun."""

    number: int
    line: socket.socket
    since: float


class Porter:
    """Takes connections and hands each to one of so many processes, in which `work` is done."""

    def __init__(self, listening: socket.socket, workers: int, work: Callable[[socket.socket], None]) -> None:
        self._listening = listening
        self._work = work
        self._count = workers
        self._workers: list[_Worker] = []
        self._turn = 0
        self._told = False

    def run(self) -> None:
        """Let clients in until told to stop."""
        self._workers = [self._begun() for _ in range(self._count)]
        woken, wake = socket.socketpair()
        for end in (woken, wake, self._listening):
            end.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._told:
            ready, _, _ = select.select([self._listening, woken], [], [], _LOOK)
            if self._listening in ready:
                self._let_in()
            self._replace_dead()
        self._end()

    def _stop(self, *_: object) -> None:
        self._told = True

    def _let_in(self) -> None:
        with suppress(BlockingIOError, ConnectionError):
            connection, peer = self._listening.accept()
            with connection:
                worker = self._workers[self._place(peer[0])]
                with suppress(OSError):  # it died: the client sees its connection closed, and tries again
                    socket.send_fds(worker.line, [b"+"], [connection.fileno()])

    def _place(self, peer: str) -> int:
        address = clients.address(peer)
        if address.is_loopback:
            self._turn = (self._turn + 1) % self._count
            return self._turn
        return zlib.crc32(address.packed) % self._count

    def _begun(self) -> _Worker:
        ours, theirs = socket.socketpair()
        number = os.fork()
        if number == 0:
            self._be_a_worker(ours, theirs)
        theirs.close()
        return _Worker(number, ours, time.monotonic())

    def _be_a_worker(self, ours: socket.socket, theirs: socket.socket) -> None:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for each in (ours, self._listening, *(worker.line for worker in self._workers)):
                each.close()
            theirs.setblocking(False)
            self._work(theirs)
            status = 0
        except BaseException:
            log.exception("a process of the Z39.50 door failed")
        finally:
            # Nothing of what the porter would do at its end.
            logging.shutdown()
            os._exit(status)

    def _replace_dead(self) -> None:
        for place, worker in enumerate(self._workers):
            if not self._told and time.monotonic() > worker.since + _PAUSE and _is_dead(worker.number):
                log.error("a process of the Z39.50 door died; its clients have to come again")
                worker.line.close()
                self._workers[place] = self._begun()

    def _end(self) -> None:
        self._listening.close()
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker.number, signal.SIGTERM)
        until = time.monotonic() + _GRACE
        left = [worker.number for worker in self._workers]
        while left and time.monotonic() < until:
            left = [number for number in left if not _is_dead(number)]
            time.sleep(0.02)
        for number in left:
            os.kill(number, signal.SIGKILL)


def _is_dead(number: int) -> bool:
    try:
        return os.waitpid(number, os.WNOHANG)[0] == number
    except ChildProcessError:
        return True
