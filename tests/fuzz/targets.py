"""What is fuzzed: the Z39.50 connection in both roles, messages, records, and the query languages.

In: any bytes. Out: nothing. Whatever the bytes, only the declared errors come out of the code under test, and each
target swallows just those; what else escapes, or what is understood and means another thing when it is said again, is a
find. Beginnings to change are in `seeds`.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from federation.z3950 import haste
from schemas.errors import DecodeError, EncodeError, QuerySyntaxError
from schemas.query import box, cql, cql_syntax, cql_write, rpn, rpn_write
from schemas.query.access_points import access_points
from schemas.query.rpn_terms import VALUES
from schemas.query.tree import Node
from schemas.z3950 import attributes as bib1
from schemas.z3950 import codec, usual
from schemas.z3950.ber import Limits
from schemas.z3950.browsing import DeleteRequest, DeleteResponse, ScanRequest, ScanResponse, SortRequest, SortResponse
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from schemas.z3950.retrieval import PresentRequest, PresentResponse, SearchRequest, SearchResponse
from schemas.z3950.rpn import Attribute, Operand, RpnQuery
from schemas.z3950.session import (
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    InitResponse,
    ResourceReportRequest,
    ResourceReportResponse,
)
from schemas.z3950.values import OtherInfo
from tests.schemas.z3950.fuzz import INSIDE, PROPOSALS, QUESTIONS, SEEDS

LIMITS: Final = Limits(message=65_536, elements=5_000, waiting=131_072)
_ANSWERS: Final[Mapping[type[Any], Any]] = {
    InitRequest: InitResponse(),
    SearchRequest: SearchResponse(count=0),
    PresentRequest: PresentResponse(),
    DeleteRequest: DeleteResponse(),
    ScanRequest: ScanResponse(),
    SortRequest: SortResponse(),
    ResourceReportRequest: ResourceReportResponse(status=2),
    ExtendedServicesRequest: ExtendedServicesResponse(status=3),
}
_USES: Final = tuple(number for point in access_points() for number in point.bib1)
_TEXTS: Final = (
    'dc.title = "truyen kieu" and dc.creator any "nguyen du" sortBy dc.date/sort.descending',
    '> dc = "info:srw/cql-context-set/1/dc-v1.1" dc.title all "dat rung" or (bath.isbn = 978604 not dc.date < 1990)',
    'title == "^so do^" prox/distance<=3/unit=word/ordered "vu*"',
    'kieu OR du -ngoc title:kieu nam:1990-1999 isbn:978-604-0000-01-9 "ba be" tac-gia:nam*',
)
_RECORDS: Final = tuple(sorted({each.syntax for each in INSIDE}))


def server(data: bytes) -> None:
    """A server that has been greeted hears the bytes, in pieces, and answers what it understands."""
    target = Connection("target", LIMITS)
    target.receive(codec.encode(InitRequest()))
    target.next_event()
    target.send(InitResponse())
    _heard(target, data)


def client(data: bytes) -> None:
    """A client that has greeted, and perhaps asked, hears the bytes."""
    origin = Connection("origin", LIMITS)
    origin.send(InitRequest())
    asked = data[0] % (len(QUESTIONS) + 1) if data else 0
    if asked:
        origin.receive(codec.encode(InitResponse()))
        origin.next_event()
        origin.send(QUESTIONS[asked - 1])
    _heard(origin, data[1:])


def _heard(end: Connection, data: bytes) -> None:
    size = (1, 3, 50, 5_000)[data[0] % 4] if data and len(data) < 2_000 else 5_000
    try:
        for at in range(1, len(data), size):
            end.receive(data[at : at + size])
            while (event := end.next_event()) is not None:
                _answer(end, event)
        end.receive_end()
    except PeerFault as fault:
        end.send(fault.close)


def _answer(end: Connection, event: Any) -> None:
    answer = _ANSWERS.get(type(event)) if end.role == "target" else None
    if answer is not None and end.state == "busy":
        end.send(answer)


def message(data: bytes) -> None:
    """The short way of reading and writing says what the types say; what was read can be written and read again."""
    found, shortly = _read(codec.decode, data), _read(usual.decode, data)
    assert found == shortly, (found, shortly)
    if found is None:
        return
    written = codec.encode(found)
    assert usual.encode(found) == written
    assert codec.decode(written) == found
    if isinstance(found, SearchRequest):
        haste.is_soon_done(found)
        _query(found.query)


def _read(way: Callable[[bytes, Limits], Any], data: bytes) -> Any:
    try:
        return way(data, LIMITS)
    except DecodeError:
        return None


def _query(query: Any) -> None:
    with suppress(QuerySyntaxError):
        _written(rpn.read(query, {"default": cql.read("kieu").node}))


def _written(node: Node) -> None:
    """Write a tree as RPN and PQF, and read the one again: what has no letters is no term there."""
    with suppress(EncodeError, QuerySyntaxError):
        rpn_write.pqf(node)
        rpn.read(rpn_write.write(node), {})


def record(data: bytes) -> None:
    """Records and negotiations that are ASN.1 inside a message."""
    kind, content = data[0] % (len(_RECORDS) + 1) if data else 0, data[1:]
    try:
        if kind == len(_RECORDS):
            proposal = PROPOSALS[0].information
            assert isinstance(proposal, External)
            codec.read_negotiation((OtherInfo(External(proposal.syntax, content, "element")),), LIMITS)
        else:
            found = codec.read_record(External(_RECORDS[kind], content, "element"), LIMITS)
            assert codec.read_record(codec.write_record(found), LIMITS) == found
    except DecodeError:
        pass


def cql_query(data: bytes) -> None:
    """CQL: what is read can be written, and is read as the same."""
    text = data.decode("utf-8", "replace")
    try:
        syntax = cql_syntax.parse(text)
        asked = cql.meaning(syntax)
    except QuerySyntaxError:
        return
    assert cql_syntax.parse(cql_syntax.write(syntax)) == syntax
    try:
        written = cql_write.write(asked.node, asked.sort)
    except EncodeError:
        return
    assert cql.read(written).node == asked.node, written
    _written(asked.node)


def search_box(data: bytes) -> None:
    """What a reader may type."""
    with suppress(QuerySyntaxError):
        _written(box.parse(data.decode("utf-8", "replace")))


def term(data: bytes) -> None:
    """An operand of RPN (PQF on the wire): pairs of attribute type and value, a zero, and the term."""
    head, _, content = data.partition(b"\0")
    attributes = tuple(_attribute(kind % 8, value) for kind, value in zip(head[::2], head[1::2], strict=False))
    for charset in ("utf-8", "latin-1", "marc-8"):
        with suppress(QuerySyntaxError):
            _written(rpn.read(RpnQuery(Operand(attributes, content)), {}, charset))


def _attribute(kind: int, value: int) -> Attribute:
    values = _USES if kind == bib1.USE else VALUES.get(kind, (value,))
    # One past the end of the known ones is a value that is not known.
    return Attribute(None, kind, (*values, 9_999)[value % (len(values) + 1)])


def seeds(name: str) -> Iterable[bytes]:
    """Give beginnings for a target."""
    if name in ("server", "client"):
        return [bytes([number % 256]) + seed for number, seed in enumerate(SEEDS)]
    if name == "message":
        return SEEDS
    if name == "record":
        found = [bytes([_RECORDS.index(each.syntax)]) + each.content for each in INSIDE]
        proposals = [each.information for each in PROPOSALS]
        return [*found, *(bytes([len(_RECORDS)]) + each.content for each in proposals if isinstance(each, External))]
    if name == "term":
        return [b"\x01\x04\0kieu", b"\x01\x02\x04\x01\x05\x01\0978-604", b"\x01\x09\x02\x04\x04\x04\0001990-1999"]
    return [text.encode() for text in _TEXTS]


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    each.__name__: each for each in (server, client, message, record, cql_query, search_box, term)
}
