"""One connection of the Z39.50 door from its beginning to its end.

In: bytes as the loop gets them. Out: answers, one request after the other. What is soon done is done at once, in the
loop; what may take longer is given to a thread, and nothing more is read until it is done. A client that says nothing,
says it too slowly or does not take its answer is hung up on: the server asks each talk now and then (`look`).
"""

import asyncio
import logging
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Protocol, cast

from federation.z3950 import clients, haste, limits
from federation.z3950.answer import Session
from federation.z3950.crowd import Crowd, Guest
from federation.z3950.limits import Limits
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.session import Close, CloseReason, InitRequest

_VERSION_WITH_CLOSE: Final = 3
#: seconds that the last words have to go out
_LAST_WORDS: Final = 1.0
log = logging.getLogger(__name__)


class Host(Protocol):
    """What talks share; `buffer` is where the loop puts what arrived, which is taken out at once."""

    crowd: Crowd
    limits: Limits
    buffer: bytearray
    threads: ThreadPoolExecutor
    closing: bool

    def session(self, guest: Guest) -> Session:
        """Begin a session."""
        ...

    def come(self, talk: "Talk") -> None:
        """Take note that a talk has begun."""
        ...

    def gone(self, talk: "Talk") -> None:
        """Take note that a talk has ended."""
        ...


class Talk(asyncio.BufferedProtocol):
    """One connection; everything in it happens in the loop, but for answers that take long."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._connection = Connection("target", limits.of_messages())
        self._to_say: deque[Any] = deque()
        #: when the message began that is not whole yet; since when the client takes nothing; when we parted
        self._begun: float | None = None
        self._stuck: float | None = None
        self._parted: float | None = None
        #: the client will say no more; what it says is not read for now
        self._ended = False
        self._deaf = False

    # --- what the loop tells ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let a client in, or not."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.guest = Guest(clients.address(peer[0] if peer else "0.0.0.0"), self.leave)  # noqa: S104 - gone already
        self._host.come(self)
        if not peer or self._host.closing or not self._host.crowd.enter(self.guest):
            log.info("a client from %s was turned away: there are too many", self.guest.address)
            self.abort()
            return
        self._session = self._host.session(self.guest)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's name for it
        """Say where to put what arrives."""
        return self._host.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what arrived."""
        if self._begun is None:
            self._begun = time.monotonic()
        try:
            self._connection.receive(memoryview(self._host.buffer)[:nbytes])
        except PeerFault as fault:
            self._blame(fault)
        else:
            self._go_on()

    def eof_received(self) -> bool:
        """Take that the client will say no more; it may still wait for answers."""
        self._ended = True
        self._go_on()
        return True

    def pause_writing(self) -> None:
        """Wait: the client does not take what was sent."""
        self._stuck = time.monotonic()

    def resume_writing(self) -> None:
        """Say what waits to be said."""
        self._stuck = None
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - whoever hung up, it is over
        """Forget the client."""
        self._parted = self._parted or time.monotonic()
        self._to_say.clear()
        self._host.crowd.go(self.guest)
        self._host.gone(self)

    # --- what the server tells ----------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Part from the client: the door closes, or its place is needed."""
        self._part(Close(reason=CloseReason.SHUTDOWN if self._host.closing else CloseReason.RESOURCES))

    def abort(self) -> None:
        """End it without a word."""
        self._parted = self._parted or time.monotonic()
        self._transport.abort()

    def look(self, now: float) -> None:
        """Hang up when the client has been waited for long enough."""
        allowed = self._host.limits
        if self._parted is not None:
            if now > self._parted + _LAST_WORDS:
                self._transport.abort()
        elif self._stuck is not None:
            if now > self._stuck + allowed.writing:
                # Whoever does not read would not read a goodbye either.
                self._transport.abort()
        elif not self.guest.busy and now > self._until():
            self._part(Close(reason=CloseReason.LACK_OF_ACTIVITY))

    def _until(self) -> float:
        allowed, guest = self._host.limits, self.guest
        until = guest.heard + allowed.idle if guest.known else guest.since + allowed.opening
        return until if self._begun is None else min(until, self._begun + allowed.message)

    # --- question and answer ------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Say what is to be said, then hear the next request; one at a time, so that others get their turn."""
        if self._parted is not None:
            return
        try:
            if self._said_all() and not self.guest.busy:
                self._next()
        except PeerFault as fault:
            self._blame(fault)
        except Exception:
            log.exception("a session with %s failed", self.guest.address)
            self._part(Close(reason=CloseReason.SYSTEM_PROBLEM))

    def _said_all(self) -> bool:
        while self._to_say and self._stuck is None and self._connection.state not in ("closed", "failed"):
            self._transport.write(self._connection.send(self._to_say.popleft()))
        return self._stuck is None

    def _next(self) -> None:
        request = self._connection.next_event()
        if request is None:
            self._nothing_more()
            return
        self._begun, self.guest.heard = None, time.monotonic()
        if haste.is_soon_done(request):
            self._answered(request, self._session.answer(request))
            return
        self.guest.busy = True
        self._be_deaf(True)
        loop = asyncio.get_running_loop()
        future = self._host.threads.submit(self._session.answer, request)
        future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._done, request, done))

    def _done(self, request: Any, done: "Future[list[Any]]") -> None:
        self.guest.busy = False
        if self._parted is not None:
            return
        try:
            self._answered(request, done.result())
        except Exception:
            log.exception("a session with %s failed", self.guest.address)
            self._part(Close(reason=CloseReason.SYSTEM_PROBLEM))

    def _answered(self, request: Any, answers: list[Any]) -> None:
        self.guest.known = self.guest.known or isinstance(request, InitRequest)
        self._to_say.extend(answers)
        if not self._said_all():
            self._be_deaf(True)
        elif self._connection.state in ("closed", "failed"):
            self._hang_up()
        elif self._host.closing:
            self.leave()
        elif self._connection.waiting or self._ended:
            # The next request is here already: after the others had their turn.
            self._be_deaf(True)
            asyncio.get_running_loop().call_soon(self._go_on)
        else:
            self._be_deaf(False)

    def _nothing_more(self) -> None:
        if self._ended:
            self._connection.receive_end()
        if self._connection.state in ("closed", "failed"):
            self._hang_up()
        else:
            self._be_deaf(False)

    def _be_deaf(self, deaf: bool) -> None:
        if deaf != self._deaf and not self._ended:
            self._deaf = deaf
            self._transport.pause_reading() if deaf else self._transport.resume_reading()

    # --- the end ------------------------------------------------------------------------------------------------------

    def _blame(self, fault: PeerFault) -> None:
        if fault.reason == CloseReason.PEER_ABORT:
            self._hang_up()
            return
        log.info("%s broke the rules: %s", self.guest.address, fault)
        self._part(fault.close)

    def _part(self, close: Close) -> None:
        """Say goodbye to a client that knows what that is."""
        if self._parted is None:
            told = self._connection.version >= _VERSION_WITH_CLOSE and self.guest.known
            if told and self._connection.state not in ("closed", "target closing"):
                self._transport.write(self._connection.send(close))
            self._hang_up()

    def _hang_up(self) -> None:
        self._parted = time.monotonic()
        self._transport.close()
