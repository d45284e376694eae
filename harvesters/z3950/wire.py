"""One connection to a target: a request goes out, its whole answer comes in, within limits of bytes and time.

In: an `Address` and `Settings`. Out: `Answer`s; else a `HarvestError`, after which the connection is of no use any
more. It connects only where the address policy allows (`harvesters.reach`). The rules of the protocol are those of
`schemas.z3950.connection`; what a target asks in between (resource control) is said yes to.
"""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.reach import connected
from harvesters.z3950.address import Address
from harvesters.z3950.faults import closed
from harvesters.z3950.settings import Settings
from schemas.errors import LocalViolation
from schemas.z3950.codec import Apdu
from schemas.z3950.connection import OPERATIONS, Connection, PeerFault
from schemas.z3950.retrieval import Segment
from schemas.z3950.session import (
    AccessControlRequest,
    Close,
    CloseReason,
    ResourceControlRequest,
    ResourceControlResponse,
)

_CHUNK: Final = 65_536
#: messages of one answer: segments, and reports of what it costs
_MESSAGES: Final = 10_000
#: seconds that a farewell may take
_FAREWELL: Final = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, the segments that came before it, and the bytes of them all."""

    message: Any
    segments: tuple[Segment, ...]
    content: bytes


class Wire:
    """Speaks with one target; opened when it is made, raises `HarvestError`."""

    def __init__(self, address: Address, settings: Settings) -> None:
        self.where = str(address)
        self._settings = settings
        self._connection = Connection("origin", settings.ber)
        self._socket = connected(address.host, address.port, settings.limits)
        with suppress(OSError):  # whoever answers slowly is not to be forgotten by a router meanwhile
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._asked = 0

    @property
    def connection(self) -> Connection:
        """What both sides agreed on."""
        return self._connection

    def ask(self, request: Any) -> Answer:
        """Send a request and give its answer; raises `HarvestError`, and then the connection is closed."""
        self._asked += 1
        name = b"%d" % self._asked
        try:
            self._send(replace(request, reference_id=name))
            return self._heard(OPERATIONS[type(request)], name)
        except PeerFault as error:
            self._hang_up(error.close)
            raise self._broken(error) from None
        except HarvestError:
            self._hang_up(Close(reason=CloseReason.PEER_ABORT))
            raise

    def close(self) -> None:
        """Say goodbye."""
        self._hang_up(Close())

    def _send(self, message: Apdu) -> None:
        try:
            data = self._connection.send(message)
        except LocalViolation as error:
            raise SourceRefused(error.code, error.message, self.where) from None
        try:
            self._socket.settimeout(self._settings.limits.silence)
            self._socket.sendall(data)
        except OSError as error:
            raise SourceUnavailable("no-connection", f"the request could not be sent: {error}", self.where) from None

    def _heard(self, wanted: type[Any], name: bytes) -> Answer:
        content, end = bytearray(), time.monotonic() + self._settings.limits.answer
        segments: list[Segment] = []
        for _ in range(_MESSAGES):
            message = self._next(content, end)
            if isinstance(message, Close):
                raise closed(message, self.where)
            if isinstance(message, AccessControlRequest):
                raise SourceRefused("z3950-102", "the target wants more proof of who we are", self.where)
            if isinstance(message, ResourceControlRequest):
                if message.response_required:
                    self._send(ResourceControlResponse(go_on=True, reference_id=message.reference_id))
                continue
            self._check(message, name)
            if isinstance(message, wanted):
                return Answer(message, tuple(segments), bytes(content))
            if isinstance(message, Segment):
                segments.append(message)
        raise SourceBroken("z3950-protocol", f"an answer in more than {_MESSAGES} messages", self.where)

    def _check(self, message: Any, name: bytes) -> None:
        if message.reference_id not in (None, b"", name):
            answer = f"this answers the request {message.reference_id[:20]!r}, and we asked {name!r}"
            raise SourceBroken("z3950-reference", answer, self.where)

    def _next(self, content: bytearray, end: float) -> Apdu:
        """Give the next message, and keep the bytes that came."""
        while (message := self._connection.next_event()) is None:
            data = self._received(len(content), end)
            content += data
            if len(content) > self._settings.bytes:
                large = f"the answer has more than {self._settings.bytes} bytes (option max_bytes)"
                raise SourceBroken("answer-too-large", large, self.where)
            self._connection.receive(data) if data else self._connection.receive_end()
            if not data:
                raise SourceUnavailable("answer-cut", "the target hung up", self.where)
        return message

    def _received(self, had: int, end: float) -> bytes:
        silence, left = self._settings.limits.silence, end - time.monotonic()
        if left <= 0:
            slow = f"the answer was not complete after {self._settings.limits.answer:g} s ({had} bytes came)"
            raise SourceUnavailable("answer-too-slow", slow, self.where)
        try:
            self._socket.settimeout(min(silence, left))
            return self._socket.recv(_CHUNK)
        except TimeoutError:
            if left <= silence:
                return self._received(had, time.monotonic())
            raise SourceUnavailable("timeout", f"no byte came for {silence:g} s", self.where) from None
        except OSError as error:
            raise SourceUnavailable("answer-cut", f"the connection broke: {error}", self.where) from None

    def _broken(self, error: PeerFault) -> HarvestError:
        if error.reason == CloseReason.PEER_ABORT:
            return SourceUnavailable("answer-cut", error.message, self.where)
        if error.reason == CloseReason.RESOURCES:
            return SourceBroken("answer-too-large", error.message, self.where)
        return SourceBroken("not-z3950", f"this is not Z39.50 as it should be: {error}", self.where)

    def _hang_up(self, close: Close) -> None:
        with suppress(OSError, LocalViolation):
            self._socket.settimeout(_FAREWELL)
            self._socket.sendall(self._connection.send(close))
        self._socket.close()
