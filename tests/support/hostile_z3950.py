"""A target of Z39.50 that does what real ones do wrong: honest unless a test spoils its answers or caps its results.

In: books, records it gives at once, a cap, and `spoil`, which gets each request with the honest answers and gives what
to send: messages, bytes as they are, or None to hang up, also behind some of them. Out: a server on a free loopback
port, with every request remembered. It understands the RPN that our harvester writes: everything (relation 103),
comparisons of the use attributes 12 (number), 31 (year) and 1012 (day of change), and, or, and-not.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from schemas.marc import write
from schemas.marc.record import Field, MarcRecord, data_field
from schemas.z3950 import oid
from schemas.z3950.browsing import ScanRequest, ScanResponse, ScanStatus, SortRequest, SortResponse, TermInfo
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from schemas.z3950.retrieval import (
    NamedRecord,
    PresentRequest,
    PresentResponse,
    PresentStatus,
    SearchRequest,
    SearchResponse,
)
from schemas.z3950.rpn import Operand, Operator, Rpn, RpnQuery
from schemas.z3950.session import Close, InitRequest, InitResponse, Option
from schemas.z3950.values import Diagnostic
from tests.support.hostile_sru import Book

Sent: TypeAlias = "Iterable[Any] | None"
_CHANGED = {12: lambda book: book.number, 31: lambda book: book.year, 1012: lambda book: book.changed.replace("-", "")}


def marc(book: Book) -> bytes:
    """A small record in ISO 2709."""
    fields = (Field("001", book.number), data_field("245", "00", ("a", f"Sách số {book.number}")))
    return write.marc(MarcRecord("00000nam a2200000   4500", fields))


def presented(*records: External | Diagnostic, **more: Any) -> PresentResponse:
    """An answer with these records."""
    named = tuple(NamedRecord(record, "Default", isinstance(record, Diagnostic)) for record in records)
    return PresentResponse(records=named, returned=len(named), **more)


def refused(number: int, about: str = "x") -> PresentResponse:
    """An answer that has nothing but a diagnostic."""
    return PresentResponse(status=PresentStatus.FAILURE, diagnostics=(Diagnostic(number, about),))


def unfound(number: int, about: str = "x") -> SearchResponse:
    """An answer to a search that failed."""
    return SearchResponse(count=0, success=False, diagnostics=(Diagnostic(number, about),))


@dataclass
class HostileZ3950:
    """The server: set its fields before or while it runs."""

    listed: list[Book] = field(default_factory=list)
    page_size: int = 3
    cap: int | None = None
    capped_by: str = "refusal"
    spoil: Callable[[Any, Sequence[Any]], Sent] = lambda _, answers: answers
    write: Callable[[Book], External | Diagnostic] = lambda book: External(oid.USMARC, marc(book))
    options: frozenset[Option] = frozenset(Option)
    requests: list[Any] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _found: list[Book] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"z3950://127.0.0.1:{self.port}/Default"

    def of(self, kind: type[Any]) -> list[Any]:
        """The requests of a kind, in order."""
        return [each for each in self.requests if isinstance(each, kind)]

    def answer(self, request: Any) -> list[Any]:
        """The honest answers."""
        if isinstance(request, InitRequest):
            return [InitResponse(options=self.options & request.options, implementation_name="Máy thử")]
        if isinstance(request, SearchRequest):
            return [self._search(request)]
        if isinstance(request, PresentRequest):
            return [self._present(request)]
        if isinstance(request, ScanRequest):
            return [self._scan(request)]
        return [SortResponse()] if isinstance(request, SortRequest) else []

    def _search(self, request: SearchRequest) -> SearchResponse:
        assert isinstance(request.query, RpnQuery)
        try:
            self._found = [book for book in self.listed if matches(request.query.root, book)]
        except KeyError as unknown:
            return unfound(114, str(unknown))
        if self.cap is not None and self.capped_by == "search" and len(self._found) > self.cap:
            return unfound(31, str(len(self._found)))
        return SearchResponse(count=len(self._found))

    def _present(self, request: PresentRequest) -> PresentResponse:
        last = request.start + request.count - 1
        end = len(self._found) if self.cap is None else min(self.cap, len(self._found))
        if last > (len(self._found) if self.capped_by == "silence" else end):
            return refused(13, str(last))
        part = self._found[request.start - 1 : min(request.start - 1 + self.page_size, last, end)]
        status = PresentStatus.SUCCESS if len(part) == request.count else PresentStatus.PARTIAL_2
        return presented(*map(self.write, part), status=status)

    def _scan(self, request: ScanRequest) -> ScanResponse:
        term = bytes(request.start.term).decode()  # type: ignore[arg-type]
        values = [_value(request.start, book) for book in self.listed]
        later = [value for value in sorted(set(values) - {""}) if value >= term][: min(20, request.count)]
        entries = tuple(TermInfo(value.encode(), values.count(value)) for value in later)
        status = ScanStatus.SUCCESS if len(entries) == request.count else ScanStatus.PARTIAL_5
        return ScanResponse(entries=entries, returned=len(entries), status=status)


def _use(operand: Operand) -> Any:
    return next((each.value for each in operand.attributes if each.type == 1), None)


def _value(operand: Operand, book: Book) -> str:
    return str(_CHANGED[_use(operand)](book))


def matches(query: Rpn, book: Book) -> bool:
    """Whether a book is found by a query of the kind that our harvester writes."""
    if isinstance(query, Operator):
        left, right = matches(query.left, book), matches(query.right, book)
        return {"and": left and right, "or": left or right, "and-not": left and not right}[str(query.operator)]
    assert isinstance(query, Operand)
    relation = next((each.value for each in query.attributes if each.type == 2), 3)
    if relation == 103:
        return True
    assert isinstance(query.term, bytes)
    value, term = _value(query, book), query.term.decode()
    said = {1: value < term, 2: value <= term, 3: value == term, 4: value >= term, 5: value > term}
    return bool(value) and said[relation]  # type: ignore[index]


@contextmanager
def hostile(server: HostileZ3950) -> Iterator[HostileZ3950]:
    """Let it serve until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]
        threads: list[threading.Thread] = []
        watch = threading.Thread(target=_let_in, args=(door, server, threads), daemon=True)
        watch.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            watch.join(5)


def _let_in(door: socket.socket, server: HostileZ3950, threads: list[threading.Thread]) -> None:
    while True:
        try:
            peer, _ = door.accept()
        except OSError:
            return
        server.connections += 1
        threads.append(threading.Thread(target=_served, args=(peer, server), daemon=True))
        threads[-1].start()


def _served(peer: socket.socket, server: HostileZ3950) -> None:
    connection = Connection("target")
    with peer, suppress(OSError, PeerFault):
        while data := peer.recv(65_536):
            connection.receive(data)
            while (request := connection.next_event()) is not None:
                server.requests.append(request)
                if isinstance(request, Close):
                    if connection.state != "closed":
                        peer.sendall(connection.send(Close()))
                    return
                sent = server.spoil(request, server.answer(request))
                if sent is None:
                    return
                for each in sent:
                    if each is None:
                        return
                    peer.sendall(each if isinstance(each, bytes) else connection.send(each))


def with_reference(answer: Any, name: bytes) -> Any:
    """An answer that says it is the one to another request."""
    return replace(answer, reference_id=name)
