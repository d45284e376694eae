"""The Z39.50 server of one process: a listening socket, or connections that another process took, and their talks.

In: settings. Out: nothing; it serves until told to stop, lets what is under way end, says goodbye to the others, and is
gone within ten seconds. One loop reads, answers what is soon done, and writes; what takes longer is asked in threads.
"""

import asyncio
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Final

from federation.z3950.answer import Session
from federation.z3950.crowd import Crowd, Guest
from federation.z3950.door import Door
from federation.z3950.talk import Talk
from schemas.z3950 import codec
from schemas.z3950.session import Close

#: bytes read at once
_PIECE: Final = 65_536
#: connections that wait to be taken
BACKLOG: Final = 1_024
#: seconds between two looks at who is late
_LOOK: Final = 0.2


class Server:
    """The connections of one process."""

    def __init__(self, door: Door, threads: int = 8) -> None:
        self.crowd = Crowd(door.limits)
        self.limits = door.limits
        self.buffer = bytearray(_PIECE)
        self.threads = ThreadPoolExecutor(threads, "z3950")
        self.closing = False
        self._door = door
        self._listening: asyncio.Server | None = None
        self._talks: set[Talk] = set()
        self._coming: set[asyncio.Task[Any]] = set()
        self._empty = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None

    async def open(self, host: str, port: int) -> int:
        """Begin to listen; gives the port."""
        loop = asyncio.get_running_loop()
        self.begin()
        self._listening = await loop.create_server(partial(Talk, self), host, port, backlog=BACKLOG)
        found: int = self._listening.sockets[0].getsockname()[1]
        return found

    def begin(self) -> None:
        """Make ready for clients."""
        # The types of messages are made from a table at first need; the first client need not wait for it.
        codec.encode(Close())
        self._look()

    def take(self, connection: socket.socket) -> None:
        """Serve a client that another process let in."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(loop.connect_accepted_socket(partial(Talk, self), connection))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def close(self) -> None:
        """Take no more clients, let answers under way end, and part from all."""
        self.closing = True
        if self._listening:
            self._listening.close()
        for guest in [guest for guest in self.crowd.guests if not guest.busy]:
            guest.leave()
        if self._talks:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.limits.drain):
                    await self._empty.wait()
        for talk in tuple(self._talks):
            talk.abort()
        if self._watch:
            self._watch.cancel()
        self.threads.shutdown(wait=False, cancel_futures=True)

    def come(self, talk: Talk) -> None:
        """Take note that a talk has begun."""
        self._talks.add(talk)
        self._empty.clear()

    def gone(self, talk: Talk) -> None:
        """Take note that a talk has ended."""
        self._talks.discard(talk)
        if not self._talks:
            self._empty.set()

    def session(self, guest: Guest) -> Session:
        """Begin a session."""
        return Session(self._door, guest.address)

    def _look(self) -> None:
        now = time.monotonic()
        for talk in tuple(self._talks):
            talk.look(now)
        self._watch = asyncio.get_running_loop().call_later(_LOOK, self._look)
