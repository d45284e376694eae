"""PQF, the notation of YAZ, as RPN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import QuerySyntaxError
from schemas.query import rpn_write
from schemas.z3950 import pqf
from schemas.z3950.rpn import Attribute, ComplexValue, Operand, Operator, ResultSetOperand, Rpn

EITHER = Operator("or", Operand((), b"a"), Operand((), b"b"))
TITLE, YEAR = Attribute(None, 1, 4), Attribute(None, 1, 31)


@pytest.mark.parametrize(
    ("text", "rpn"),
    [
        ("nước", Operand((), "nước".encode())),
        ('@attr 1=4 "a \\"b\\" \\\\ c"', Operand((TITLE,), b'a "b" \\ c')),
        ('@attr 1=4 @attr 2=103 ""', Operand((TITLE, Attribute(None, 2, 103)), b"")),
        ("@attr 1=_ALLRECORDS x", Operand((Attribute(None, 1, ComplexValue(("_ALLRECORDS",))),), b"x")),
        ("  @and\n@attr 1=4 a @attr 1=31 b ", Operator("and", Operand((TITLE,), b"a"), Operand((YEAR,), b"b"))),
        (
            "@not @or a b @set s",
            Operator("and-not", Operator("or", Operand((), b"a"), Operand((), b"b")), ResultSetOperand("s")),
        ),
        ('"@and"', Operand((), b"@and")),
    ],
)
def test_a_query_is_read(text: str, rpn: Rpn) -> None:
    assert pqf.read(text) == rpn


@pytest.mark.parametrize(
    "text", ["", "@and a", "a b", '"a', "@attr 1 a", "@attr x=4 a", "@attr 1=4", "@near a b", "@attr 1=4 @set s"]
)
def test_what_is_no_query_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"at letter \d+ of the PQF"):
        pqf.read(text)


def test_operators_may_not_stand_too_deep() -> None:
    with pytest.raises(QuerySyntaxError, match="too deep"):
        pqf.read("@and " * 1000 + "a " * 1001)


def test_terms_are_made_in_the_charset_of_the_peer() -> None:
    assert pqf.read("é", lambda word: word.encode("latin-1")) == Operand((), b"\xe9")


_ATTRIBUTES = st.lists(st.builds(Attribute, st.none(), st.integers(1, 9), st.integers(0, 5000)), max_size=3).map(tuple)
_OPERANDS = st.builds(Operand, _ATTRIBUTES, st.text(max_size=12))
_RPN = st.recursive(
    _OPERANDS | st.builds(ResultSetOperand, st.text(min_size=1, max_size=5)),
    lambda inner: st.builds(Operator, st.sampled_from(["and", "or", "and-not"]), inner, inner),
    max_leaves=8,
)


@given(_RPN)
def test_what_is_written_as_pqf_is_read_as_it_was(rpn: Rpn) -> None:
    assert pqf.read(rpn_write.text(rpn), lambda word: word) == rpn


@given(st.text(alphabet='@andorset "\\=14x', max_size=40))
def test_whatever_is_typed_is_a_query_or_refused(text: str) -> None:
    try:
        pqf.read(text)
    except QuerySyntaxError as error:
        assert error.code == "pqf"
