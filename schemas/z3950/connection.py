"""A Z39.50 connection without its socket: who may say what when, for both ends (Z39.50-1995, 4.2).

In: bytes that arrived, messages to send. Out: messages that arrived, bytes to send. What the peer does wrong is a
`PeerFault`, which carries the Close to send; what we do wrong is a `LocalViolation`, and nothing is sent. No operations
at the same time: a client's next request waits inside until the answer to the last one was sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from schemas.errors import DecodeError, LocalViolation, RemoteViolation
from schemas.z3950 import usual
from schemas.z3950.ber import DEFAULT_LIMITS, Limits, too_big
from schemas.z3950.browsing import DeleteRequest, DeleteResponse, ScanRequest, ScanResponse, SortRequest, SortResponse
from schemas.z3950.codec import Apdu
from schemas.z3950.framing import Framer
from schemas.z3950.retrieval import PresentRequest, PresentResponse, SearchRequest, SearchResponse, Segment
from schemas.z3950.session import (
    AccessControlRequest,
    AccessControlResponse,
    Close,
    CloseReason,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    InitResponse,
    Option,
    ResourceControlRequest,
    ResourceControlResponse,
    ResourceReportRequest,
    ResourceReportResponse,
    TriggerResourceControlRequest,
)

#: the client and the server, as the standard calls them
Role = Literal["origin", "target"]
#: `origin closing`: the origin has said Close, and the target has not; `failed`: the peer broke the rules
State = Literal["new", "initialising", "idle", "busy", "origin closing", "target closing", "failed", "closed"]
_Step: TypeAlias = tuple[State, Role, type[Any]]

#: what answers what; one of them at a time
OPERATIONS: Final[Mapping[type[Any], type[Any]]] = MappingProxyType(
    {
        InitRequest: InitResponse,
        SearchRequest: SearchResponse,
        PresentRequest: PresentResponse,
        DeleteRequest: DeleteResponse,
        ScanRequest: ScanResponse,
        SortRequest: SortResponse,
        ResourceReportRequest: ResourceReportResponse,
        ExtendedServicesRequest: ExtendedServicesResponse,
    }
)
_ASKED_BETWEEN: Final = (AccessControlRequest, ResourceControlRequest)
_SAID_BETWEEN: Final = (AccessControlResponse, ResourceControlResponse, TriggerResourceControlRequest)


def _between(state: State) -> Iterable[tuple[_Step, State]]:
    """Give what may be said without an operation being begun or ended by it."""
    for asked in _ASKED_BETWEEN:
        yield (state, "target", asked), state
    for said in _SAID_BETWEEN:
        yield (state, "origin", said), state


def _closings() -> Iterable[tuple[_Step, State]]:
    """Either side may close at any time; the other one answers with Close, after what it had already sent."""
    for state in ("new", "initialising", "idle", "busy"):
        yield (state, "origin", Close), "origin closing"
        yield (state, "target", Close), "target closing"
    yield ("origin closing", "target", Close), "closed"
    yield ("target closing", "origin", Close), "closed"
    yield ("failed", "origin", Close), "closed"
    yield ("failed", "target", Close), "closed"


#: state, who speaks and what is said, to the state after it; what is not here is not allowed
TABLE: Final[Mapping[_Step, State]] = MappingProxyType(
    {
        ("new", "origin", InitRequest): "initialising",
        ("initialising", "target", InitResponse): "idle",
        **{("idle", "origin", request): "busy" for request in OPERATIONS if request is not InitRequest},
        **{("busy", "target", response): "idle" for response in OPERATIONS.values() if response is not InitResponse},
        ("busy", "target", Segment): "busy",
        **dict(_between("initialising")),
        **dict(_between("busy")),
        **dict(_between("idle")),
        **dict(_closings()),
    }
)


class PeerFault(RemoteViolation):
    """The peer broke the rules; `close` is what to send before the connection is closed."""

    def __init__(self, reason: CloseReason, message: str, where: str = "") -> None:
        super().__init__("z3950-peer", message, where)
        self.reason = reason

    @property
    def close(self) -> Close:
        """Give the Close that says so."""
        return Close(reason=self.reason, message=str(self))


class Connection:
    """One end of a connection. Feed it with `receive`, then ask `next_event` until it gives None."""

    def __init__(self, role: Role, limits: Limits = DEFAULT_LIMITS) -> None:
        self.role: Role = role
        self.peer: Role = "target" if role == "origin" else "origin"
        self.state: State = "new"
        #: the version in force and what both sides can do; of any use once Init is over
        self.version = 3
        self.options: frozenset[Option] = frozenset()
        self._limits = limits
        self._framer = Framer(limits)
        self._held: Apdu | None = None
        self._request: Any = None

    # --- in ---

    @property
    def waiting(self) -> bool:
        """Whether there are bytes or a message that nobody has asked for yet."""
        return self._held is not None or len(self._framer) > 0

    def receive(self, data: bytes | memoryview) -> None:
        """Take bytes that arrived; `PeerFault` when more wait than allowed."""
        if self.state in ("failed", "closed"):
            return
        most = max(self._limits.waiting, self._limits.message)
        if len(self._framer) + len(data) > most:
            raise self._fail(too_big(f"more than {most:,} bytes wait to be read"))
        self._framer.feed(data)

    def receive_end(self) -> None:
        """Take that no more bytes will come; `PeerFault` when they end inside a message or before an answer."""
        if self.state in ("failed", "closed"):
            return
        cut, waiting = len(self._framer) > 0, self.role == "origin" and self.state in ("initialising", "busy")
        self._framer.drop()
        if cut or waiting:
            self.state = "failed"
            message = "the connection ended inside a message" if cut else "the connection ended before the answer"
            raise PeerFault(CloseReason.PEER_ABORT, message)
        self.state = "closed"

    def next_event(self) -> Apdu | None:
        """Give the next message that arrived, None when there is none yet; `PeerFault` when it should not be."""
        while self.state not in ("failed", "closed"):
            message = self._next_message()
            if message is None:
                return None
            if self._waits(message):
                self._held = message
                return None
            if self.state == f"{self.role} closing" and not isinstance(message, Close):
                continue  # it was on its way when we said Close
            return self._received(message)
        return None

    def _next_message(self) -> Apdu | None:
        message, self._held = self._held, None
        if message is not None:
            return message
        try:
            frame = self._framer.take()
            return None if frame is None else usual.decode(frame, self._limits)
        except DecodeError as error:
            raise self._fail(error) from None

    def _waits(self, message: Apdu) -> bool:
        return self.role == "target" and self.state in ("initialising", "busy") and type(message) in OPERATIONS

    def _received(self, message: Apdu) -> Apdu:
        after = self._after(self.peer, message)
        if after is None:
            fault = PeerFault(CloseReason.PROTOCOL_ERROR, self._unexpected(message))
            self.state = "failed"
            self._framer.drop()
            raise fault
        self._go(message, after)
        return message

    def _fail(self, error: DecodeError) -> PeerFault:
        self.state = "failed"
        self._framer.drop()
        reason = CloseReason.RESOURCES if error.code == "z3950-size" else CloseReason.PROTOCOL_ERROR
        return PeerFault(reason, error.message, error.where)

    # --- out ---

    def send(self, message: Apdu) -> bytes:
        """Give the bytes of a message; an answer is given the reference id of its request.

        `LocalViolation` when it is not our turn to say this, or when it cannot be written.
        """
        after = self._after(self.role, message)
        if after is None:
            raise LocalViolation("z3950-turn", self._unexpected(message))
        data = usual.encode(self._answering(message))
        self._go(message, after)
        return data

    def _answering(self, message: Apdu) -> Apdu:
        of_request = self.role == "target" and self._request is not None and not isinstance(message, Close)
        if not of_request or message.reference_id is not None or self._request.reference_id is None:
            return message
        return replace(message, reference_id=self._request.reference_id)

    # --- both ---

    def _after(self, speaker: Role, message: Apdu) -> State | None:
        """Give the state after a message, None when it does not belong here."""
        if isinstance(message, Segment) and not isinstance(self._request, PresentRequest):
            return None
        if type(message) in OPERATIONS.values() and OPERATIONS.get(type(self._request)) is not type(message):
            return None
        return TABLE.get((self.state, speaker, type(message)))

    def _go(self, message: Apdu, after: State) -> None:
        self.state = after
        if type(message) in OPERATIONS:
            self._request = message
        elif type(message) in OPERATIONS.values():
            self._agree(message)
            self._request = None

    def _agree(self, message: Apdu) -> None:
        if isinstance(message, InitResponse) and isinstance(self._request, InitRequest):
            self.version = max(message.versions & self._request.versions, default=2)
            self.options = message.options & self._request.options
            self.state = "idle" if message.accepted else "closed"

    def _unexpected(self, message: Apdu) -> str:
        return f"{type(message).__name__} does not belong here: the session is {self.state}"
