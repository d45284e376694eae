"""YAZ reads every message we can write, and writes it so that we read the same."""

import ctypes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.z3950 import codec, oid
from schemas.z3950.external import External
from schemas.z3950.primitives import Oid
from schemas.z3950.retrieval import NamedRecord, PresentResponse, SearchRequest
from schemas.z3950.rpn import Attribute, ComplexValue, Operand, Operator, Proximity, ResultSetOperand, Rpn, RpnQuery
from schemas.z3950.session import InitRequest, InitResponse
from tests.schemas.z3950.samples import MESSAGES, NEGOTIATIONS, RECORDS
from tests.support.libyaz import library, rewritten

#: what would stop a string of C
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
INTEGERS = st.integers(-(2**62), 2**62)
VALUES = st.one_of(INTEGERS, st.builds(ComplexValue, st.lists(st.one_of(TEXT, INTEGERS), min_size=1).map(tuple)))
ATTRIBUTES = st.lists(
    st.builds(Attribute, st.sampled_from([None, Oid(oid.BIB_1)]), st.integers(1, 9), VALUES), max_size=4
).map(tuple)
TERMS = st.one_of(st.binary(max_size=40), TEXT, INTEGERS, st.just(Oid("1.2.840.10003.5.10")), st.none())
LEAVES: st.SearchStrategy[Rpn] = st.one_of(st.builds(Operand, ATTRIBUTES, TERMS), st.builds(ResultSetOperand, TEXT))
NEAR = st.builds(Proximity, INTEGERS, st.booleans(), st.integers(1, 6), st.integers(1, 11), st.booleans())
OPERATORS = st.one_of(st.sampled_from(["and", "or", "and-not"]), NEAR)
TREES = st.recursive(LEAVES, lambda inner: st.builds(Operator, OPERATORS, inner, inner), max_leaves=20)


@pytest.fixture(scope="module")
def yaz() -> ctypes.CDLL:
    return library()


def said_again(yaz: ctypes.CDLL, message: codec.Apdu) -> codec.Apdu:
    frame = rewritten(yaz, codec.encode(message))
    assert frame is not None, "YAZ cannot read this"
    return codec.decode(frame)


#: private queries (type 0) are left unread by YAZ
READ = [one for one in MESSAGES if not (isinstance(one, SearchRequest) and one.query.type == 0)]


@pytest.mark.parametrize("message", READ, ids=lambda message: type(message).__name__)
def test_yaz_reads_what_we_write_and_writes_what_we_read(yaz: ctypes.CDLL, message: codec.Apdu) -> None:
    assert said_again(yaz, message) == message


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_yaz_reads_the_records_that_we_write(yaz: ctypes.CDLL, record: codec.AsnRecord) -> None:
    found = said_again(yaz, PresentResponse(returned=1, records=(NamedRecord(codec.write_record(record)),)))
    assert isinstance(found, PresentResponse)
    external = found.records[0].record
    assert isinstance(external, External)
    assert codec.read_record(external) == record


@pytest.mark.parametrize("negotiation", NEGOTIATIONS[:1] + NEGOTIATIONS[2:], ids=lambda one: type(one).__name__)
def test_yaz_reads_the_negotiations_that_we_write(yaz: ctypes.CDLL, negotiation: codec.Negotiation) -> None:
    info = (codec.write_negotiation(negotiation),)
    for message in (InitRequest(other_info=info), InitResponse(other_info=info)):
        found = said_again(yaz, message)
        assert isinstance(found, InitRequest | InitResponse)
        assert codec.read_negotiation(found.other_info) == negotiation


@given(TREES, st.lists(TEXT, max_size=3).map(tuple), st.sampled_from([1, 101]))
def test_yaz_and_we_mean_the_same_by_a_query(root: Rpn, databases: tuple[str, ...], kind: int) -> None:
    message = SearchRequest(query=RpnQuery(root, type=kind), databases=databases)  # type: ignore[arg-type]
    assert codec.decode(codec.encode(message)) == message
    assert said_again(library(), message) == message
