"""The Z39.50 server: sockets around sessions.

In: settings. Out: nothing; it serves until SIGTERM or SIGINT, lets what is under way end, says goodbye to the others,
and is gone within ten seconds. One loop reads and writes; the catalogue is asked in threads, one message of a session
at a time. A client that says nothing, says it too slowly or does not take its answer is hung up on.
"""

import asyncio
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.index import open_engine
from federation.store import Database
from federation.z3950 import clients, limits
from federation.z3950.answer import Session
from federation.z3950.crowd import Crowd, Guest
from federation.z3950.door import Door, door
from schemas.z3950 import codec
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.session import Close, CloseReason, InitRequest

#: bytes read at once
_PIECE: Final = 65_536
#: connections that wait to be taken
_BACKLOG: Final = 1_024
_VERSION_WITH_CLOSE: Final = 3
log = logging.getLogger(__name__)


def serve(settings: Settings, threads: int) -> None:
    """Run the Z39.50 door until told to stop."""
    engine = open_engine(settings.index_url)
    database = Database(settings.database_url, mapped=True)
    try:
        asyncio.run(_until_told(Server(door(Catalogue(database, engine, settings), settings), threads), settings))
    finally:
        engine.close()
        database.close()


async def _until_told(server: "Server", settings: Settings) -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    host, _, port = settings.z3950_bind.rpartition(":")
    await server.open(host.strip("[]"), int(port))
    await told.wait()
    await server.close()


class Server:
    """The sockets of one door."""

    def __init__(self, door: Door, threads: int = 8) -> None:
        self.crowd = Crowd(door.limits)
        self._door = door
        self._limits = door.limits
        self._threads = ThreadPoolExecutor(threads, "z3950")
        self._listening: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def open(self, host: str, port: int) -> int:
        """Begin to listen; gives the port."""
        # The types of messages are made from a table at first need; the first client need not wait for it.
        codec.encode(Close())
        self._listening = await asyncio.start_server(self._meet, host, port, backlog=_BACKLOG, limit=_PIECE)
        found: int = self._listening.sockets[0].getsockname()[1]
        return found

    async def close(self) -> None:
        """Take no more clients, let answers under way end, and part from all."""
        self._closing = True
        if self._listening:
            self._listening.close()
        for guest in [guest for guest in self.crowd.guests if not guest.busy]:
            guest.leave()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._limits.drain)
            for task in late:
                task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        peer = writer.get_extra_info("peername")
        if task is None or peer is None:
            writer.transport.abort()
            return
        guest = Guest(clients.address(peer[0]), task.cancel)
        if self._closing or not self.crowd.enter(guest):
            log.info("a client from %s was turned away: there are too many", guest.address)
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            await _Talk(self, guest, reader, writer).run()
        finally:
            self._tasks.discard(task)
            self.crowd.go(guest)

    @property
    def closing(self) -> bool:
        """Whether the door is being closed."""
        return self._closing

    @property
    def limits(self) -> limits.Limits:
        """Give the limits that hold."""
        return self._limits

    def session(self, guest: Guest) -> Session:
        """Begin a session."""
        return Session(self._door, guest.address)

    async def answer(self, session: Session, request: Any) -> list[Any]:
        """Let a thread answer a message."""
        if len(self.crowd.guests) == 1:
            # Nobody else is kept waiting, and to give it to a thread and get it back takes as long as a search.
            return session.answer(request)
        return await asyncio.get_running_loop().run_in_executor(self._threads, session.answer, request)


class _Talk:
    """One connection from its beginning to its end."""

    def __init__(
        self, server: Server, guest: Guest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._guest = guest
        self._reader = reader
        self._writer = writer
        self._connection = Connection("target", limits.of_messages())
        self._session = server.session(guest)
        #: when the message began that is not whole yet
        self._begun: float | None = None

    async def run(self) -> None:
        """Answer until either side has had enough."""
        try:
            while self._connection.state not in ("closed", "failed"):
                data = await self._read()
                self._connection.receive(data) if data else self._connection.receive_end()
                await self._answer_all()
        except PeerFault as fault:
            if fault.reason != CloseReason.PEER_ABORT:
                log.info("%s broke the rules: %s", self._guest.address, fault)
                await self._part(fault.close)
        except TimeoutError:
            await self._part(Close(reason=CloseReason.LACK_OF_ACTIVITY))
        except asyncio.CancelledError:
            reason = CloseReason.SHUTDOWN if self._server.closing else CloseReason.RESOURCES
            await self._part(Close(reason=reason))
        except OSError:
            pass
        except Exception:
            log.exception("a session with %s failed", self._guest.address)
            await self._part(Close(reason=CloseReason.SYSTEM_PROBLEM))
        finally:
            await self._hang_up()

    async def _read(self) -> bytes:
        loop, allowed = asyncio.get_running_loop(), self._server.limits
        until = self._guest.heard + allowed.idle
        if not self._guest.known:
            until = self._guest.since + allowed.opening
        if self._begun is not None:
            until = min(until, self._begun + allowed.message)
        async with asyncio.timeout_at(until):
            data = await self._reader.read(_PIECE)
        self._begun = self._begun or loop.time()
        return data

    async def _answer_all(self) -> None:
        while (request := self._connection.next_event()) is not None:
            self._begun = None
            self._guest.heard = asyncio.get_running_loop().time()
            self._guest.busy = True
            try:
                for answer in await self._server.answer(self._session, request):
                    await self._send(answer)
            finally:
                self._guest.busy = False
            self._guest.known = self._guest.known or isinstance(request, InitRequest)
            if self._server.closing and self._connection.state == "idle":
                raise asyncio.CancelledError

    async def _send(self, message: Any) -> None:
        if self._connection.state in ("closed", "failed"):
            return
        self._writer.write(self._connection.send(message))
        try:
            async with asyncio.timeout(self._server.limits.writing):
                await self._writer.drain()
        except TimeoutError:
            # Whoever does not read would not read a goodbye either.
            self._writer.transport.abort()
            raise ConnectionAbortedError from None

    async def _part(self, close: Close) -> None:
        """Say goodbye to a client that knows what that is."""
        told = self._connection.version >= _VERSION_WITH_CLOSE and self._guest.known
        if told and self._connection.state not in ("closed", "target closing"):
            with suppress(OSError, TimeoutError):
                self._writer.write(self._connection.send(close))
                async with asyncio.timeout(1.0):
                    await self._writer.drain()

    async def _hang_up(self) -> None:
        with suppress(OSError, TimeoutError, asyncio.CancelledError):
            self._writer.close()
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()
        self._writer.transport.abort()
