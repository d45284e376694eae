"""Messages and records come back as they went out, and what cannot be written is our own fault."""

import time
import timeit

import pytest

from schemas.errors import DecodeError, LocalViolation
from schemas.z3950 import charsets, codec, oid
from schemas.z3950.ber import Limits
from schemas.z3950.external import External
from schemas.z3950.primitives import Oid
from schemas.z3950.retrieval import NamedRecord, PresentResponse, SearchRequest, SearchResponse
from schemas.z3950.rpn import BIB1, Attribute, Operand, Operator, ResultSetOperand, RpnQuery
from schemas.z3950.session import Close, CloseReason, IdPass, InitRequest
from schemas.z3950.values import BIB1_DIAGNOSTICS, Diagnostic, OtherInfo
from tests.schemas.z3950.samples import INFO, MARC, MESSAGES, NEGOTIATIONS, RECORDS, TITLE, operand


def called(value: object) -> str:
    return type(value).__name__


@pytest.mark.parametrize("message", MESSAGES, ids=called)
def test_a_message_comes_back_as_it_went_out(message: codec.Apdu) -> None:
    assert codec.decode(codec.encode(message)) == message


def test_there_is_a_sample_of_every_kind_of_message() -> None:
    assert {type(message) for message in MESSAGES} == set(codec.Apdu.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("record", RECORDS, ids=called)
def test_a_record_comes_back_as_it_went_out(record: codec.AsnRecord) -> None:
    assert codec.read_record(codec.write_record(record)) == record


@pytest.mark.parametrize("negotiation", NEGOTIATIONS, ids=called)
def test_a_negotiation_comes_back_as_it_went_out(negotiation: codec.Negotiation) -> None:
    assert codec.read_negotiation((*INFO, codec.write_negotiation(negotiation))) == negotiation


@pytest.mark.parametrize("other_info", [None, (), INFO])
def test_most_peers_negotiate_nothing(other_info: tuple[OtherInfo, ...] | None) -> None:
    assert codec.read_negotiation(other_info) is None


@pytest.mark.parametrize("told", [Diagnostic(1011), Diagnostic(1015, "thêm"), Diagnostic(7, "x", "1.2.3")])
def test_why_a_session_is_refused_comes_back_as_it_went_out(told: Diagnostic) -> None:
    assert codec.read_refusal(codec.write_refusal(told)) == told


@pytest.mark.parametrize(
    "information",
    [
        None,
        External("1.2.3", b"text"),
        External(oid.USER_INFO_1, b"text"),
        External(oid.USER_INFO_1, b"\xbf\x81\x49\x00", "element"),
        External(oid.USER_INFO_1, b"\xbf\x81\x49\x05half", "element"),
        External(oid.USER_INFO_1, b"\xbf\x81\x49\x06\x30\x04\x82\x02hi", "element"),
    ],
)
def test_a_refusal_without_a_reason_that_can_be_read_has_none(information: External | None) -> None:
    assert codec.read_refusal(information) is None


def test_a_charset_is_called_by_its_common_name() -> None:
    named = External("1.2.3", b"ISO-8859-1")
    known = [charsets.Iso10646(), charsets.Iso10646("1.0.10646.1.0.5"), named, charsets.Iso2022(b""), None]
    assert [charsets.name(charset) for charset in known] == ["utf-8", "utf-16", "iso-8859-1", "", ""]


def test_the_bytes_of_a_search_are_those_of_the_standard() -> None:
    """Written by hand from the tables of Z39.50-1995, so that reader and writer cannot be wrong together."""
    bib1 = bytes.fromhex("06072a8648ce130301")
    term = bytes.fromhex("bf6612") + bytes.fromhex("bf2c0a30089f7801019f790104") + bytes.fromhex("9f2d02") + b"xy"
    rpn = b"\xa0\x15" + term
    query = b"\xb5\x22" + b"\xa1\x20" + bib1 + rpn
    head = bytes.fromhex("8d0100 8e0101 8f0100 900101") + b"\x91\x01s" + b"\xb2\x04\x9f\x69\x01d"
    body = head + query
    message = SearchRequest(query=RpnQuery(Operand((TITLE,), b"xy")), databases=("d",), result_set="s")
    frame = b"\xb6" + bytes([len(body)]) + body
    assert codec.encode(message) == frame
    assert codec.decode(frame) == message


def test_text_outside_ascii_goes_where_version_3_allows_it() -> None:
    plain = codec.encode(SearchResponse(count=0, diagnostics=(Diagnostic(1, "x"),)))
    toned = codec.encode(SearchResponse(count=0, diagnostics=(Diagnostic(1, "ố"),)))
    assert b"\x1a\x01x" in plain
    assert b"\x1b\x03\xe1\xbb\x91" in toned


def test_names_in_an_old_charset_are_read_all_the_same() -> None:
    frame = codec.encode(SearchRequest(query=RpnQuery(operand(b"x")), databases=("caf__",))).replace(b"f__", b"f\xe9s")
    request = codec.decode(frame)
    assert isinstance(request, SearchRequest)
    assert request.databases == ("cafés",)


def test_a_reason_of_the_future_is_a_farewell_too() -> None:
    frame = codec.encode(Close(reason=CloseReason.FINISHED)).replace(b"\x81\x53\x01\x00", b"\x81\x53\x01\x4d")
    assert codec.decode(frame) == Close(reason=CloseReason.UNSPECIFIED)


def test_options_of_the_future_are_passed_over() -> None:
    frame = bytearray(codec.encode(InitRequest()))
    at = frame.index(b"\x84\x02\x06\xc0")
    frame[at : at + 4] = b"\x84\x05\x00\xc0\x00\x00\x01"
    frame[1] += 3
    request = codec.decode(bytes(frame))
    assert isinstance(request, InitRequest)
    assert request.options == InitRequest().options


def test_an_object_identifier_tells_itself_from_text() -> None:
    found = codec.decode(codec.encode(Close(other_info=(OtherInfo("1.2.3"), OtherInfo(Oid("1.2.3"))))))
    assert isinstance(found, Close)
    assert [type(info.information) for info in found.other_info or ()] == [str, Oid]


def test_a_password_is_not_shown() -> None:
    assert "bí mật" not in repr(InitRequest(authentication=IdPass("g", "u", "bí mật")))


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (SearchRequest(query=RpnQuery(operand(b"x")), databases=("a",), syntax="MARC"), "preferredRecordSyntax"),
        (SearchRequest(query=RpnQuery("x"), databases=("a",)), "query"),  # type: ignore[arg-type]
        (SearchRequest(query=RpnQuery(Operator("xor", operand(1), operand(2))), databases=()), "query"),  # type: ignore[arg-type]
        (SearchRequest(query=RpnQuery(Operand((TITLE,), 2.5)), databases=()), "query"),  # type: ignore[arg-type]
        (SearchRequest(query=RpnQuery(Operand((Attribute(None, 2**80, 1),), b"")), databases=()), "query"),
        (SearchResponse(count=None), "resultCount"),  # type: ignore[arg-type]
        (PresentResponse(records=(NamedRecord(b"MARC"),)), "records"),  # type: ignore[arg-type]
        (Close(message="\ud800"), "diagnosticInformation"),
        ("Close", ""),
    ],
)
def test_a_value_that_cannot_be_written_is_our_own_fault(message: codec.Apdu, where: str) -> None:
    with pytest.raises(LocalViolation) as caught:
        codec.encode(message)
    assert caught.value.where.startswith(where)


def test_a_query_without_end_is_our_own_fault() -> None:
    tree: Operand | Operator = operand(b"x")
    for _ in range(2_000):
        tree = Operator("and", tree, operand(b"x"))
    with pytest.raises(LocalViolation):
        codec.encode(SearchRequest(query=RpnQuery(tree), databases=("a",)))


def test_an_error_says_where_in_the_message_it_is() -> None:
    frame = codec.encode(SearchRequest(query=RpnQuery(operand(b"x")), databases=("a",)))
    with pytest.raises(DecodeError) as caught:
        codec.decode(frame.replace(b"\x9f\x78\x01\x01", b"\x9f\x77\x01\x01"))
    assert caught.value.where.startswith("searchRequest.query")


@pytest.mark.parametrize("record", [MARC, External(oid.OPAC, b"x"), External(oid.OPAC, b"\x04\x01x", "element")])
def test_a_record_that_is_no_record_of_asn1_is_said_to_be_none(record: External) -> None:
    with pytest.raises(DecodeError):
        codec.read_record(record)


def test_a_deep_query_is_read_up_to_the_limit_and_refused_beyond() -> None:
    def frame(depth: int) -> bytes:
        tree: Operand | Operator | ResultSetOperand = ResultSetOperand("1")
        for _ in range(depth):
            tree = Operator("or", tree, ResultSetOperand("2"))
        return codec.encode(SearchRequest(query=RpnQuery(tree), databases=("a",)))

    assert isinstance(codec.decode(frame(50)), SearchRequest)
    with pytest.raises(DecodeError) as caught:
        codec.decode(frame(70))
    assert caught.value.code == "z3950-size"
    assert isinstance(codec.decode(frame(70), Limits(depth=90)), SearchRequest)


def test_ten_records_are_written_in_half_a_millisecond() -> None:
    """The bytes of records are joined, never walked through; five times the measured time is allowed."""
    record = NamedRecord(External(oid.USMARC, b"x" * 1024), "union")
    response = PresentResponse(returned=10, next_position=11, records=(record,) * 10)
    codec.encode(response)
    seconds = min(timeit.repeat(lambda: codec.encode(response), timer=time.thread_time, number=50, repeat=5)) / 50
    assert seconds < 0.0005


def test_the_size_of_a_record_is_what_it_adds_to_a_response() -> None:
    record = NamedRecord(External(oid.USMARC, b"x" * 1000), "union")
    one, two = (len(codec.encode(PresentResponse(records=(record,) * count))) for count in (1, 2))
    assert two - one == codec.record_size(record)


def test_a_server_may_say_strange_things_where_they_mean_nothing() -> None:
    response = SearchResponse(count=3, result_set_status=0)
    assert codec.decode(codec.encode(response)) == response


def test_the_constants_agree() -> None:
    assert (BIB1, BIB1_DIAGNOSTICS) == (oid.BIB_1, oid.DIAGNOSTICS)
