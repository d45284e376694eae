"""The short way of reading and writing messages says what the types say, whatever comes."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import DecodeError, LocalViolation
from schemas.z3950 import codec, oid, usual
from schemas.z3950.ber import CONTEXT, Limits, element
from schemas.z3950.external import External
from schemas.z3950.retrieval import NamedRecord, PresentRequest, PresentResponse, PresentStatus, SearchRequest
from schemas.z3950.retrieval import SearchResponse as Found
from schemas.z3950.rpn import Attribute, Operand, Operator, RpnQuery
from schemas.z3950.values import Diagnostic
from tests.schemas.z3950.fuzz import SEEDS, changed
from tests.schemas.z3950.samples import MESSAGES

TITLE = Operand((Attribute(None, 1, 4), Attribute(None, 4, 1)), "Truyện Kiều".encode())
DEEP = Operator("and", TITLE, Operator("or", TITLE, Operator("and-not", TITLE, TITLE)))


def said(way: Any, frame: bytes) -> Any:
    try:
        return way(frame)
    except DecodeError as error:
        return error.code, error.message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_every_message_is_read_and_written_as_by_its_type(message: Any) -> None:
    frame = codec.encode(message)
    assert usual.decode(frame) == codec.decode(frame)
    assert usual.encode(codec.decode(frame)) == frame


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SEEDS), st.integers())
def test_a_broken_message_is_read_as_by_its_type(frame: bytes, seed: int) -> None:
    broken = changed(frame, random.Random(seed))[:3_000]
    assert said(usual.decode, broken) == said(codec.decode, broken)


@pytest.mark.parametrize("root", [TITLE, DEEP])
@pytest.mark.parametrize("reference", [None, b"", b"\x00\xff 12"])
@pytest.mark.parametrize("others", [{}, {"syntax": oid.USMARC, "small_set_upper_bound": 300, "result_set": "tập 1"}])
def test_a_search_as_clients_write_it_takes_the_short_way(root: Any, reference: Any, others: Any) -> None:
    message = SearchRequest(query=RpnQuery(root), databases=("union",), reference_id=reference, **others)
    frame = codec.encode(message)
    assert usual._search(frame) == codec.decode(frame)


def test_what_is_not_as_usual_is_left_to_the_types() -> None:
    frame = codec.encode(SearchRequest(query=RpnQuery(TITLE), databases=("union",)))
    indefinite = b"\xb6\x80" + frame[2:] + b"\0\0"
    deep: Any = TITLE
    for _ in range(12):
        deep = Operator("and", TITLE, deep)
    nested = codec.encode(SearchRequest(query=RpnQuery(deep), databases=("union",)))
    for odd in (indefinite, nested):
        assert usual.decode(odd) == codec.decode(odd)
        with pytest.raises((usual._UnusualError, DecodeError)):
            usual._search(odd)


def test_limits_hold_on_the_short_way_too() -> None:
    frame = codec.encode(SearchRequest(query=RpnQuery(DEEP), databases=("union",)))
    with pytest.raises(DecodeError):
        usual.decode(frame, Limits(elements=10))
    with pytest.raises(DecodeError):
        usual.decode(frame, Limits(depth=3))


@pytest.mark.parametrize(
    "message",
    [
        Found(count=0),
        Found(count=2**31, next_position=1, reference_id=b"r"),
        Found(count=3, returned=1, present_status=PresentStatus.SUCCESS),
        Found(count=3, success=False, diagnostics=(Diagnostic(114, "9999"),)),
        PresentResponse(returned=127, next_position=128),
        PresentResponse(status=PresentStatus.FAILURE, diagnostics=(Diagnostic(13, "1-2 of 1"),)),
    ],
    ids=repr,
)
def test_answers_are_written_as_by_their_type(message: Any) -> None:
    assert usual.encode(message) == codec.encode(message)


@given(st.lists(st.binary(max_size=700), max_size=6), st.sampled_from([None, "union", "Hợp nhất"]))
def test_records_are_written_as_by_their_type(contents: list[bytes], database: str | None) -> None:
    records = tuple(NamedRecord(External(oid.USMARC, content), database) for content in contents)
    for message in (PresentResponse(records=records, returned=9), Found(count=1, records=records)):
        assert usual.encode(message) == codec.encode(message)
    odd = NamedRecord(Diagnostic(1028, "7"), database, surrogate=True)
    message = PresentResponse(records=(*records, odd))
    assert usual.encode(message) == codec.encode(message)


def test_what_cannot_be_written_is_our_fault_on_either_way() -> None:
    for bad in (Found(count=2**70), Found(count="many"), PresentResponse(records=(NamedRecord("text"),))):  # type: ignore[arg-type]
        with pytest.raises(LocalViolation):
            usual.encode(bad)


def test_who_shows_what_was_found_says_the_same_again() -> None:
    frame = codec.encode(PresentRequest(start=1, count=10, syntax=oid.USMARC))
    assert usual.decode(frame) == usual.decode(bytes(bytearray(frame))) == codec.decode(frame)
    other = codec.encode(replace(PresentRequest(start=1, count=10), reference_id=b"2"))
    assert usual.decode(other).reference_id == b"2"
    assert said(usual.decode, element(CONTEXT | 24, b"", True)) == said(codec.decode, element(CONTEXT | 24, b"", True))
