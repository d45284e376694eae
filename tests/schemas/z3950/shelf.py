"""A small catalogue behind a Connection, and a client before one: what the tests let the tools of YAZ talk to.

In: three books. Out: a server on a free loopback port that searches, presents, scans, sorts, deletes and closes; and
`ask`, which says messages one after the other and gives the answers.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pymarc

from schemas.z3950 import charsets, codec, oid
from schemas.z3950.ber import Limits
from schemas.z3950.browsing import (
    DeleteRequest,
    DeleteResponse,
    DeleteStatus,
    ScanRequest,
    ScanResponse,
    SetStatus,
    SortRequest,
    SortResponse,
    TermInfo,
)
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from schemas.z3950.records import Circulation, Element, GenericRecord, Holding, OpacRecord, SutrsRecord
from schemas.z3950.retrieval import (
    NamedRecord,
    PresentRequest,
    PresentResponse,
    PresentStatus,
    SearchRequest,
    SearchResponse,
    Segment,
)
from schemas.z3950.rpn import Operand, Operator, ResultSetOperand, Rpn, RpnQuery
from schemas.z3950.session import (
    Close,
    CloseReason,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    InitResponse,
    Option,
)
from schemas.z3950.values import Diagnostic

TITLES = ("Truyện Kiều", "Dế mèn phiêu lưu ký", "Số đỏ")
OPTIONS = frozenset(
    {Option.SEARCH, Option.PRESENT, Option.DELETE_SET, Option.SCAN, Option.SORT, Option.NAMED_RESULT_SETS}
    | {Option.SEGMENTATION_1, Option.NEGOTIATION}
)


def marc(title: str) -> bytes:
    record = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field("001", data=str(len(title))))
    record.add_field(pymarc.Field("245", ["1", "0"], [pymarc.Subfield("a", title)]))
    return bytes(record.as_marc())


def in_syntax(title: str, syntax: str | None) -> External | Diagnostic:
    bibliographic = External(oid.USMARC, marc(title))
    if syntax == oid.SUTRS:
        return codec.write_record(SutrsRecord(f"Title: {title}\n"))
    if syntax == oid.OPAC:
        copy = Circulation(True, item_id="B1", on_hold=False)
        holding = Holding(local_location="Kho A", call_number="895.9221 NG-D", circulation=(copy,))
        return codec.write_record(OpacRecord(bibliographic, (holding,)))
    if syntax == oid.GRS_1:
        inside = (Element(1, title, 2), Element("note", b"octets", 3), Element(4, 1820, 2))
        return codec.write_record(GenericRecord((Element(1, inside, 4), Element("flag", True, 3))))
    if syntax == oid.XML:
        return External(oid.XML, f"<title>{title}</title>".encode())
    return bibliographic if syntax in (None, oid.USMARC) else Diagnostic(239, str(syntax))


@dataclass
class Session:
    """What the server keeps for one client."""

    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def answer(self, request: Any) -> list[Any]:
        handlers = {
            InitRequest: self.init,
            SearchRequest: self.search,
            PresentRequest: self.present,
            ScanRequest: self.scan,
            SortRequest: self.sort,
            DeleteRequest: self.delete,
            ExtendedServicesRequest: self.refuse,
            Close: lambda _: [Close(message="Tạm biệt")],
        }
        handler = handlers.get(type(request))
        return handler(request) if handler else []

    def init(self, request: InitRequest) -> list[Any]:
        proposal = codec.read_negotiation(request.other_info)
        speaks = isinstance(proposal, charsets.CharsetProposal) and "utf-8" in map(
            charsets.name, proposal.charsets or ()
        )
        other = (codec.write_negotiation(charsets.CharsetChoice()),) if speaks else None
        response = InitResponse(options=OPTIONS & request.options, other_info=other, implementation_name="Kệ sách")
        return [replace(response, accepted=request.authentication != "no/entry")]

    def search(self, request: SearchRequest) -> list[Any]:
        if request.databases != ("Default",):
            return [SearchResponse(count=0, success=False, diagnostics=(Diagnostic(235, request.databases[0]),))]
        assert isinstance(request.query, RpnQuery)
        found = tuple(title for title in TITLES if self.matches(title, request.query.root))
        self.sets[request.result_set] = found
        if not 0 < len(found) <= request.small_set_upper_bound:
            return [SearchResponse(count=len(found))]
        records = tuple(NamedRecord(in_syntax(title, request.syntax), "Default") for title in found)
        status = PresentStatus.SUCCESS
        return [SearchResponse(count=len(found), returned=len(found), present_status=status, records=records)]

    def matches(self, title: str, node: Rpn) -> bool:
        if isinstance(node, Operand):
            text = node.term if isinstance(node.term, str) else bytes(node.term).decode()  # type: ignore[arg-type]
            return text.lower() in title.lower()
        if isinstance(node, ResultSetOperand):
            return title in self.sets[node.name]
        assert isinstance(node, Operator)
        left, right = self.matches(title, node.left), self.matches(title, node.right)
        return {"and": left and right, "or": left or right, "and-not": left and not right}[str(node.operator)]

    def present(self, request: PresentRequest) -> list[Any]:
        found = self.sets.get(request.result_set)
        if found is None or request.start + request.count - 1 > len(found):
            fault = Diagnostic(30 if found is None else 13, request.result_set)
            return [PresentResponse(status=PresentStatus.FAILURE, diagnostics=(fault,))]
        titles = found[request.start - 1 : request.start - 1 + request.count]
        records = tuple(NamedRecord(in_syntax(title, request.syntax), "Default") for title in titles)
        after = request.start + request.count
        if request.max_segment_count:  # one record a segment
            parts = [Segment(returned=1, records=(record,)) for record in records[:-1]]
            return [*parts, PresentResponse(returned=len(records), next_position=after, records=records[-1:])]
        return [PresentResponse(returned=len(records), next_position=after, records=records)]

    def scan(self, request: ScanRequest) -> list[Any]:
        terms = tuple(TermInfo(title.encode(), 1) for title in sorted(TITLES))[: request.count]
        return [ScanResponse(returned=len(terms), entries=terms, position=1, step=0)]

    def sort(self, request: SortRequest) -> list[Any]:
        self.sets[request.output] = tuple(sorted(self.sets[request.inputs[0]], reverse=request.keys[0].relation == 1))
        return [SortResponse()]

    def delete(self, request: DeleteRequest) -> list[Any]:
        names = tuple(self.sets) if request.names is None else request.names
        gone = [
            DeleteStatus.DID_NOT_EXIST if self.sets.pop(name, None) is None else DeleteStatus.SUCCESS for name in names
        ]
        return [DeleteResponse(status=max(gone, default=DeleteStatus.SUCCESS), sets=tuple(map(SetStatus, names, gone)))]

    def refuse(self, request: ExtendedServicesRequest) -> list[Any]:
        return [ExtendedServicesResponse(status=3, diagnostics=(Diagnostic(221, request.package_type),))]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection, session = Connection("target", Limits(message=4_096)), Session()
    try:
        while connection.state != "closed":
            data = await reader.read(65_536)
            connection.receive(data) if data else connection.receive_end()
            while (request := connection.next_event()) is not None:
                for answer in session.answer(request):
                    writer.write(connection.send(answer))
            await writer.drain()
    except PeerFault as fault:
        if fault.reason != CloseReason.PEER_ABORT:
            writer.write(connection.send(fault.close))
    except ConnectionError:
        pass
    finally:
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


@contextmanager
def shelf() -> Iterator[int]:
    """Run the server in a thread and give its port."""
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def ask(port: int, *requests: Any) -> list[Any]:
    """Say messages to a server, each after the answer to the last, and give all that it said."""
    return asyncio.run(asyncio.wait_for(_ask(port, requests), 20))


async def _ask(port: int, requests: tuple[Any, ...]) -> list[Any]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    connection, said = Connection("origin"), []
    try:
        for request in requests:
            writer.write(connection.send(request))
            while connection.state in ("initialising", "busy", "origin closing"):
                data = await reader.read(65_536)
                connection.receive(data) if data else connection.receive_end()
                while (event := connection.next_event()) is not None:
                    said.append(event)
    finally:
        writer.close()
    return said
