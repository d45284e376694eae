"""The process that lets clients of the Z39.50 door in, and the processes that serve them.

In: a listening socket, how many processes, and what each of them does with the line to it. Out: nothing; it runs until
SIGTERM or SIGINT. Each connection is handed to a process: all of one address to the same one, which so can count what
the address asks for; those of this machine, which nobody counts, to each in turn. A process that dies is replaced.
"""

import logging
import os
import select
import signal
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from federation.z3950 import clients

#: seconds that the processes have to end
_GRACE: Final = 9.5
#: seconds between two looks at the processes; before a dead one is replaced
_LOOK: Final = 0.5
_PAUSE: Final = 1.0
log = logging.getLogger(__name__)


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
