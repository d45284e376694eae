"""The messages that are most of the traffic, read and written without going through the types for every byte.

In: the bytes of a message, or a message. Out: just what `codec` gives for it. A search as clients commonly write it is
its query, which is read here, and what stands before it, which is mostly the same from one search to the next: that is
read by the types once. Answers with plain records are written here. All else is left to `codec`: longer forms of
lengths, elements out of order, what is broken or large.
"""

from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from schemas.errors import SchemaError
from schemas.z3950 import codec
from schemas.z3950.ber import CONTEXT, DEFAULT_LIMITS, UNIVERSAL, Limits, element
from schemas.z3950.codec import Apdu
from schemas.z3950.external import External
from schemas.z3950.primitives import read_oid, write_integer, write_oid
from schemas.z3950.retrieval import NamedRecord, PresentResponse, SearchRequest, SearchResponse
from schemas.z3950.rpn import Attribute, Boolean, Operand, Operator, Rpn, RpnQuery

#: bytes of a message that is read here, and operators inside one another: far within all limits
LONGEST: Final = 1_000
DEEPEST: Final = 6
#: what is kept of messages and parts of them that come again
_KEPT: Final = 512
#: the elements of a search, as their first bytes
_SEARCH, _PRESENT, _REFERENCE, _QUERY, _TYPE_1 = 0xB6, 0xB8, 0x82, 0xB5, 0xA1
_OID, _OPERAND, _OPERATOR = 0x06, 0xA0, 0xA1
_TERM_WITH_ATTRIBUTES, _ATTRIBUTES, _GENERAL = b"\xbf\x66", b"\xbf\x2c", b"\x9f\x2d"
_JOINS: Final = MappingProxyType[bytes, Boolean](
    {b"\xbf\x2e\x02\x80\x00": "and", b"\xbf\x2e\x02\x81\x00": "or", b"\xbf\x2e\x02\x82\x00": "and-not"}
)
_JOIN_SIZE: Final = 5
_ANY_QUERY: Final = RpnQuery(Operand((), b""))
_SMALL: Final = Limits(message=LONGEST, elements=LONGEST // 2, depth=16)


class _UnusualError(Exception):
    """What is left to the types."""


def decode(frame: bytes, limits: Limits = DEFAULT_LIMITS) -> Apdu:
    """Read one message; `DecodeError` when it is none."""
    if len(frame) <= LONGEST and limits.elements >= _SMALL.elements and limits.depth >= _SMALL.depth:
        try:
            if frame[0] == _SEARCH:
                return _search(frame)
            if frame[0] == _PRESENT:
                return _present(frame)
        except (_UnusualError, SchemaError, IndexError):
            pass  # the types say what it is, or what is wrong with it
    return codec.decode(frame, limits)


@lru_cache(maxsize=_KEPT)
def _present(frame: bytes) -> Apdu:
    # Whoever shows what was found says the same words each time.
    return codec.decode(frame, _SMALL)


# --- reading a search -------------------------------------------------------------------------------------------------


def _search(frame: bytes) -> SearchRequest:
    at, end = _inside(frame, 0, len(frame))
    if end != len(frame):
        raise _UnusualError
    reference = None
    if frame[at] == _REFERENCE:
        start, at = _inside(frame, at, end)
        reference = frame[start:at]
    begin = at
    while frame[at] != _QUERY:
        at = _after(frame, at, end)
    start, query_end = _inside(frame, at, end)
    if query_end != end or frame[start] != _TYPE_1:
        raise _UnusualError
    given = _before_query(frame[begin:at])
    return SearchRequest(query=_query(frame, start, end), reference_id=reference, **given)


@lru_cache(maxsize=_KEPT)
def _before_query(content: bytes) -> dict[str, Any]:
    """Read what stands before the query of a search, by the types: it is given any query."""
    query = codec.encode(SearchRequest(query=_ANY_QUERY, databases=()))
    whole = element(CONTEXT | 22, content + query[query.index(_QUERY, 20) :], True)
    message = codec.decode(whole, _SMALL)
    given = {field.name: getattr(message, field.name) for field in fields(message)}
    del given["query"], given["reference_id"]
    return given


def _query(data: bytes, at: int, end: int) -> RpnQuery:
    at, last = _inside(data, at, end)
    if last != end or data[at] != _OID:
        raise _UnusualError
    start, at = _inside(data, at, end)
    root, after = _rpn(data, at, end, 0)
    if after != end:
        raise _UnusualError
    return RpnQuery(root, read_oid(data[start:at]))


def _rpn(data: bytes, at: int, end: int, depth: int) -> tuple[Rpn, int]:
    first = data[at]
    at, last = _inside(data, at, end)
    if first == _OPERAND:
        return _operand(data, at, last), last
    if first != _OPERATOR or depth > DEEPEST:
        raise _UnusualError
    left, at = _rpn(data, at, last, depth + 1)
    right, at = _rpn(data, at, last, depth + 1)
    join = _JOINS.get(data[at:last])
    if join is None:
        raise _UnusualError
    return Operator(join, left, right), last


def _operand(data: bytes, at: int, end: int) -> Operand:
    at = _opened(data, at, end, _TERM_WITH_ATTRIBUTES)
    inner, after = _content(data, _of(data, at, _ATTRIBUTES), end)
    term, last = _content(data, _of(data, after, _GENERAL), end)
    if last != end:
        raise _UnusualError
    return Operand(_attributes(data[inner:after]), data[term:last])


@lru_cache(maxsize=_KEPT)
def _attributes(content: bytes) -> tuple[Attribute, ...]:
    """Read a list of attributes, by the types."""
    return codec.read_attributes(content, _SMALL)


def _of(data: bytes, at: int, tag: bytes) -> int:
    """Give where the length of an element is, which must have this tag."""
    if data[at : at + 2] != tag:
        raise _UnusualError
    return at + 2


def _opened(data: bytes, at: int, end: int, tag: bytes) -> int:
    """Give where the content of an element begins, which must have this tag and be all there is."""
    start, last = _content(data, _of(data, at, tag), end)
    if last != end:
        raise _UnusualError
    return start


def _inside(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Give where the content of an element with a tag of one byte begins and ends."""
    return _content(data, at + 1, end)


def _after(data: bytes, at: int, end: int) -> int:
    """Give where the next element begins."""
    if data[at] & 0x1F != 0x1F:
        return _content(data, at + 1, end)[1]
    # A tag of three bytes is left to the types.
    if data[at + 1] & 0x80 and data[at + 2] & 0x80:
        raise _UnusualError
    return _content(data, at + (3 if data[at + 1] & 0x80 else 2), end)[1]


def _content(data: bytes, at: int, end: int) -> tuple[int, int]:
    length, at = data[at], at + 1
    if length > 0x80:
        if length == 0x81:
            length, at = data[at], at + 1
        elif length == 0x82:
            length, at = data[at] << 8 | data[at + 1], at + 2
        else:
            raise _UnusualError
    elif length == 0x80:
        raise _UnusualError
    if at + length > end:
        raise _UnusualError
    return at, at + length


# --- writing an answer ------------------------------------------------------------------------------------------------


def encode(message: Apdu) -> bytes:
    """Write one message; `LocalViolation` when it cannot be written."""
    try:
        if type(message) is SearchResponse and _is_plain(message) and message.result_set_status is None:
            return _search_response(message)
        if type(message) is PresentResponse and _is_plain(message):
            return _present_response(message)
    except (_UnusualError, SchemaError, TypeError, ValueError, AttributeError):
        pass  # the types say what is wrong with it
    return codec.encode(message)


def _is_plain(message: Any) -> bool:
    return not message.diagnostics and message.other_info is None


def _search_response(message: SearchResponse) -> bytes:
    if message.additional_search_info is not None or message.success is not True:
        raise _UnusualError
    shown = () if message.present_status is None else (_number(0x9B, message.present_status),)
    parts = (
        *(_reference(message.reference_id), _number(0x97, message.count), _number(0x98, message.returned)),
        *(_number(0x99, message.next_position), b"\x96\x01\x01", *shown, _records(message.records)),
    )
    return element(CONTEXT | 23, b"".join(parts), True)


def _present_response(message: PresentResponse) -> bytes:
    parts = (
        *(_reference(message.reference_id), _number(0x98, message.returned), _number(0x99, message.next_position)),
        *(_number(0x9B, message.status), _records(message.records)),
    )
    return element(CONTEXT | 25, b"".join(parts), True)


def _reference(reference: bytes | None) -> bytes:
    return b"" if reference is None else element(CONTEXT | 2, reference)


def _number(first: int, value: int) -> bytes:
    if 0 <= value < 0x80:
        return bytes((first, 1, value))
    content = write_integer(value)
    return bytes((first, len(content))) + content


def _records(records: Iterable[NamedRecord]) -> bytes:
    found = b"".join(map(_record, records))
    return element(CONTEXT | 28, found, True) if found else b""


def _record(named: NamedRecord) -> bytes:
    record = named.record
    if type(record) is not External or named.surrogate or record.form != "octets" or record.indirect is not None:
        raise _UnusualError
    inner = _syntax(record.syntax) + element(CONTEXT | 1, record.content)
    retrieved = element(CONTEXT | 1, element(UNIVERSAL | 8, inner, True), True)
    return element(UNIVERSAL | 16, _name(named.database) + element(CONTEXT | 1, retrieved, True), True)


@lru_cache(maxsize=64)
def _syntax(syntax: str) -> bytes:
    if not syntax:
        raise _UnusualError
    return element(UNIVERSAL | 6, write_oid(syntax))


@lru_cache(maxsize=64)
def _name(database: str | None) -> bytes:
    return b"" if database is None else element(CONTEXT | 0, database.encode())
