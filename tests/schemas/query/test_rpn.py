"""What RPN means: attributes, operators, result sets, charsets, and a diagnostic for all that is not supported."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.errors import EncodeError, QuerySyntaxError
from schemas.query import diagnostics, rpn, rpn_terms, rpn_write
from schemas.query.access_points import access_points
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term
from schemas.z3950 import attributes as bib1
from schemas.z3950.external import External
from schemas.z3950.primitives import Oid, Time
from schemas.z3950.rpn import (
    Attribute,
    ComplexValue,
    Operand,
    Operator,
    OtherQuery,
    Proximity,
    ResultSetOperand,
    Rpn,
    RpnQuery,
)
from schemas.z3950.values import IntUnit

#: on a busy machine these take long to make up
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def operand(term: Any, *pairs: tuple[int, Any]) -> Operand:
    return Operand(tuple(Attribute(None, kind, value) for kind, value in pairs), term)


def read(root: Rpn, sets: dict[str, Node] | None = None, charset: str = "utf-8", **query: Any) -> Node:
    return rpn.read(RpnQuery(root, **query), sets or {}, charset)


def diagnostic(root: Rpn, **given: Any) -> int:
    with pytest.raises(QuerySyntaxError) as caught:
        read(root, **given)
    return diagnostics.bib1(caught.value.code)


TITLE, ANY, YEAR, ISBN, CLASS, NUMBER = (1, 4), (1, 1016), (1, 31), (1, 7), (1, 13), (1, 12)
KIEU = "Truyện Kiều"


@pytest.mark.parametrize(
    ("pairs", "term", "node"),
    [
        # use
        ((), KIEU, Term("any", KIEU)),
        ((ANY,), KIEU, Term("any", KIEU)),
        (((1, 1035),), KIEU, Term("any", KIEU)),
        (((1, 1003),), "Nguyễn Du", Term("creator", "Nguyễn Du")),
        (((1, 21),), "thơ", Term("subject", "thơ")),
        (((1, 1018),), "Kim Đồng", Term("publisher", "Kim Đồng")),
        (((1, 54),), "Anh", Term("language", "eng", "whole")),
        (((1, 1031),), "sách", Term("material", "book", "whole")),
        # structure
        ((TITLE,), KIEU, Term("title", KIEU)),
        ((TITLE, (4, 1)), KIEU, Term("title", KIEU, "phrase")),
        ((TITLE, (4, 2)), "kiều", Term("title", "kiều")),
        ((TITLE, (4, 3)), KIEU, Term("title", KIEU, "phrase")),
        ((TITLE, (4, 6)), KIEU, Term("title", KIEU)),
        (((1, 1003), (4, 101)), "Nguyễn, Du", Term("creator", "Nguyễn, Du", "phrase")),
        ((TITLE, (4, 105)), KIEU, Term("title", KIEU)),
        ((TITLE, (4, 106)), KIEU, Term("title", KIEU)),
        ((NUMBER, (4, 107)), "12", Term("id", "12", "whole")),
        ((YEAR, (4, 4)), "1999", Term("year", "1999", "whole")),
        ((YEAR, (4, 5)), "1999", Term("year", "1999", "whole")),
        # position and completeness
        ((TITLE, (3, 1)), KIEU, Term("title", KIEU, "begins")),
        ((TITLE, (3, 2), (4, 1)), KIEU, Term("title", KIEU, "begins")),
        ((TITLE, (3, 3)), KIEU, Term("title", KIEU)),
        ((TITLE, (6, 1)), KIEU, Term("title", KIEU)),
        ((TITLE, (6, 2)), KIEU, Term("title", KIEU, "whole")),
        ((TITLE, (3, 1), (4, 1), (6, 3)), KIEU, Term("title", KIEU, "whole")),
        # truncation
        ((TITLE, (5, 100)), KIEU, Term("title", KIEU)),
        ((TITLE, (5, 1)), "truyện ki", Term("title", "truyện ki", truncated=True)),
        ((TITLE, (4, 1), (5, 1)), "truyện ki", Term("title", "truyện ki", "phrase", truncated=True)),
        ((TITLE, (5, 2)), "iều", Term("title", "*iều", masked=True)),
        ((TITLE, (5, 3)), "iề", Term("title", "*iề*", masked=True)),
        ((TITLE, (5, 101)), "ki#u", Term("title", "ki*u", masked=True)),
        ((TITLE, (5, 101)), "ki#", Term("title", "ki", truncated=True)),
        ((TITLE, (5, 101)), "kiều", Term("title", "kiều")),
        ((TITLE, (5, 102)), "k.*u", Term("title", "k*u", masked=True)),
        ((TITLE, (5, 102)), "k.+u.", Term("title", "k?*u?", masked=True)),
        ((TITLE, (5, 102)), r"a\.b", Term("title", "a.b")),
        ((TITLE, (5, 104)), "ki#u", Term("title", "ki?u", masked=True)),
        ((TITLE, (5, 104)), "k?u", Term("title", "k*u", masked=True)),
        ((TITLE, (5, 104)), "k?", Term("title", "k", truncated=True)),
        ((TITLE, (5, 2)), "a*b?c", Term("title", "*a b c", masked=True)),
        ((TITLE, (5, 1), (6, 3)), KIEU, Term("title", KIEU, "begins", truncated=True)),
        ((TITLE, (5, 2), (6, 3)), KIEU, Term("title", f"*{KIEU}", "ends", masked=True)),
        # codes and numbers
        ((ISBN,), "978-604-2-08901-2", Term("isbn", "978-604-2-08901-2", "whole")),
        ((ISBN, (5, 1)), "978-604-00-0001-9", Term("isbn", "9786040000019", "whole")),
        ((ISBN, (5, 1)), "978604", Term("isbn", "978604", "begins")),
        ((CLASS, (5, 1)), "895", Term("class", "895", "begins")),
        ((CLASS, (5, 2)), "922", Term("class", "922", "ends")),
        ((CLASS, (5, 104)), "8#5", Term("class", "8?5", "whole", masked=True)),
        (((1, 16), (2, 3), (3, 1), (4, 1), (5, 1), (6, 1)), "PL4378", Term("class", "PL4378", "begins")),
        ((YEAR,), "1990-1999", Term("year", "1990-1999", "whole")),
        ((YEAR, (5, 1)), "199", Term("year", "199", truncated=True)),
        ((YEAR, (5, 1)), "1999", Term("year", "1999", "whole")),
        # relation
        ((YEAR, (2, 1)), "1999", Term("year", "1999", "whole", "<")),
        ((YEAR, (2, 2)), "1999", Term("year", "1999", "whole", "<=")),
        ((YEAR, (2, 3)), "1999", Term("year", "1999", "whole")),
        ((YEAR, (2, 4)), "1999", Term("year", "1999", "whole", ">=")),
        ((YEAR, (2, 5)), "1999", Term("year", "1999", "whole", ">")),
        ((YEAR, (2, 6)), "1999", Not(Everything(), Term("year", "1999", "whole"))),
        ((TITLE, (2, 6)), "kiều", Not(Everything(), Term("title", "kiều"))),
        ((TITLE, (2, 102)), KIEU, Term("title", KIEU)),
        ((ANY, (2, 103)), "", Everything()),
        ((TITLE, (2, 103)), "x", Everything()),
        (((2, 103),), None, Everything()),
    ],
)
def test_attributes_say_how_a_term_is_asked_for(pairs: tuple[tuple[int, int], ...], term: Any, node: Node) -> None:
    assert read(operand(term, *pairs)) == node
    if isinstance(term, str):
        assert read(operand(term.encode(), *pairs)) == node


@pytest.mark.parametrize(
    ("pairs", "term", "number"),
    [
        (((1, 9999),), "x", 114),
        (((1, 1011),), "x", 114),
        (((1, 0),), "x", 114),
        (((2, 100),), "x", 117),
        (((2, 101),), "x", 117),
        (((3, 4),), "x", 119),
        (((4, 0),), "x", 118),
        (((4, 102),), "x", 118),
        (((4, 109),), "x", 118),
        (((5, 103),), "x", 120),
        (((5, 102),), "[ab]c", 120),
        (((5, 104),), "ki?2u", 120),
        (((6, 4),), "x", 122),
        (((7, 1),), "x", 113),
        (((9, 3),), "x", 113),
        (((1, ComplexValue((4,))),), "x", 246),
        ((TITLE, TITLE), "x", 123),
        ((TITLE, (2, 1)), "x", 123),
        ((CLASS, (2, 4)), "x", 123),
        ((TITLE, (4, 4)), "1999", 123),
        ((TITLE, (4, 5)), "1999", 123),
        ((TITLE, (4, 107)), "1", 123),
        ((TITLE, (3, 1), (4, 6)), "x", 123),
        ((TITLE, (4, 105), (6, 3)), "x", 123),
        ((CLASS, (4, 105)), "x", 123),
        ((YEAR, (4, 106)), "1999", 123),
        ((YEAR, (5, 2)), "99", 123),
        ((YEAR, (2, 4), (5, 1)), "199", 123),
        ((NUMBER, (5, 1)), "1", 123),
        ((CLASS, (2, 103)), "", 123),
        ((TITLE,), "", 125),
        ((TITLE,), "  ", 125),
        ((TITLE,), None, 125),
        ((TITLE, (5, 101)), "#", 125),
        ((TITLE, (5, 104)), "?#?", 125),
        ((TITLE, (5, 101)), "#".join("abcdefghijklmnopqrstuvw"), 7),
        ((TITLE,), b"ki\xe7u", 125),
        ((TITLE,), "x" * 1_001, 11),
        ((YEAR,), "năm ngoái", 126),
        ((YEAR,), "2012-05", 126),
        ((NUMBER,), "abc", 126),
        ((TITLE,), Oid("1.2"), 229),
        ((TITLE,), Time("20260101"), 229),
        ((TITLE,), IntUnit(3), 229),
        ((TITLE,), External("1.2", b"x"), 229),
    ],
)
def test_what_is_not_supported_is_said_and_never_passed_over(
    pairs: tuple[tuple[int, int], ...], term: Any, number: int
) -> None:
    assert diagnostic(operand(term, *pairs)) == number


def test_every_value_of_every_attribute_is_either_read_or_refused_by_its_own_diagnostic() -> None:
    refused = {1: 114, 2: 117, 3: 119, 4: 118, 5: 120, 6: 122}
    for kind, value in bib1.names():
        known = kind == 1 and any(value in point.bib1 for point in access_points())
        if known or (kind != 1 and value in rpn_terms.VALUES[kind]):
            rpn_terms.read((Attribute(None, kind, value),))
        else:
            assert diagnostic(operand("x", (kind, value))) == refused[kind]


def test_an_attribute_of_another_set_is_refused() -> None:
    assert diagnostic(operand("x", TITLE), attribute_set="1.2.840.10003.3.5") == 121
    assert diagnostic(Operand((Attribute("1.2.840.10003.3.2", 1, 4),), "x")) == 121
    assert read(Operand((Attribute("1.2.840.10003.3.1", 1, 4),), "x"), attribute_set="1.2.3") == Term("title", "x")


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("utf-8", "Kiều".encode()),
        ("utf-8", "Kie\u0302\u0300u".encode()),
        ("marc-8", b"Ki\xe3\xe1eu"),
        ("cp1258", b"Ki\xea\xccu"),
        ("latin-1", "Hélène".encode("latin-1")),
    ],
)
def test_a_term_is_read_in_the_charset_of_the_client(charset: str, content: bytes) -> None:
    from schemas.vietnamese.fold import key

    found = read(operand(content, TITLE), charset=charset)
    assert isinstance(found, Term)
    assert key(found.text) in (key("Kiều"), key("Hélène"))


def test_queries_of_another_type_are_refused() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        rpn.read(OtherQuery(2, b"ti=x"), {})
    assert (diagnostics.bib1(caught.value.code), caught.value.where) == (107, "2")


A, B, C = (operand(letter, TITLE) for letter in "abc")
NODE_A, NODE_B, NODE_C = (Term("title", letter) for letter in "abc")


def test_operators_join_two_sides() -> None:
    assert read(Operator("and", A, Operator("or", B, C))) == And(NODE_A, Or(NODE_B, NODE_C))
    assert read(Operator("and-not", A, B)) == Not(NODE_A, NODE_B)


def test_a_result_set_stands_for_what_it_had_asked() -> None:
    sets: dict[str, Node] = {"one": Or(NODE_A, NODE_B)}
    assert read(Operator("and", ResultSetOperand("one"), C), sets) == And(Or(NODE_A, NODE_B), NODE_C)
    assert diagnostic(ResultSetOperand("two"), sets=sets) == 30
    assert diagnostic(ResultSetOperand("one", (Attribute(None, 2, 3),)), sets=sets) == 245


def near(left: Rpn, right: Rpn, **changes: Any) -> Operator:
    return Operator(Proximity(**{"distance": 1, "ordered": False, "relation": 2, "unit": 2, **changes}), left, right)


def test_nearness_is_counted_in_words() -> None:
    assert read(near(A, B)) == Near(NODE_A, NODE_B)
    assert read(near(A, B, distance=3, ordered=True)) == Near(NODE_A, NODE_B, 3, True)
    assert read(near(A, B, distance=4, relation=1)) == Near(NODE_A, NODE_B, 3)
    assert read(near(A, B, relation=3)) == Near(NODE_A, NODE_B)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"unit": 3}, 132),
        ({"unit": 2, "private_unit": True}, 132),
        ({"relation": 4}, 131),
        ({"relation": 3, "distance": 2}, 131),
        ({"distance": 0}, 202),
        ({"relation": 1}, 202),
        ({"exclusion": True}, 110),
    ],
)
def test_other_nearness_is_refused(changes: dict[str, Any], number: int) -> None:
    assert diagnostic(near(A, B, **changes)) == number


def test_nearness_joins_two_terms_of_one_text() -> None:
    assert diagnostic(near(A, ResultSetOperand("x")), sets={"x": NODE_A}) == 129
    for other in (Operator("and", A, B), operand("x", (1, 1003)), operand("x", (2, 103)), operand("x", TITLE, (6, 3))):
        assert diagnostic(near(A, other)) == 201


def test_a_query_that_is_too_deep_or_too_large_is_refused() -> None:
    deep: Rpn = A
    for _ in range(100):
        deep = Operator("and", deep, B)
    assert diagnostic(deep) == 3
    wide: Node = NODE_A
    for _ in range(6):
        wide = Or(wide, wide)
    assert read(Operator("and", ResultSetOperand("s"), A), {"s": wide})
    root: Rpn = ResultSetOperand("s")
    for _ in range(5):
        root = Operator("or", root, ResultSetOperand("s"))
    assert diagnostic(root, sets={"s": wide}) == 5


def test_result_sets_of_result_sets_do_not_grow_without_end() -> None:
    node: Node = NODE_A
    grown = 0
    with pytest.raises(QuerySyntaxError):
        for _ in range(100):
            node = read(Operator("or", ResultSetOperand("s"), ResultSetOperand("s")), {"s": node})
            grown += 1
    assert grown < 10


# --- writing ----------------------------------------------------------------------------------------------------------

_TERMS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1)
_WORDS = st.one_of(_TERMS, st.sampled_from(["kiều", "truyện kiều", "ki?u", "a*", '"quoted"', "back\\slash", "1999"]))
_KINDS = {kind: st.sampled_from(values) for kind, values in rpn_terms.VALUES.items()}


@st.composite
def operands(draw: st.DrawFn) -> Operand:
    uses = [use for point in access_points() for use in point.bib1[:1]]
    pairs = [(1, draw(st.sampled_from(uses)))]
    for kind in draw(st.sets(st.sampled_from(sorted(_KINDS)))):
        value = draw(_KINDS[kind])
        pairs += [(kind, value)] if value else []
    return operand(draw(_WORDS), *pairs)


def queries() -> st.SearchStrategy[Rpn]:
    return st.recursive(
        operands(),
        lambda inner: (
            st.builds(Operator, st.sampled_from(["and", "or", "and-not"]), inner, inner)
            | st.builds(near, operands(), operands(), distance=st.integers(1, 5), ordered=st.booleans())
        ),
        max_leaves=6,
    )


def understood(root: Rpn) -> Node:
    try:
        return read(root)
    except QuerySyntaxError:
        assume(False)
        raise


@UNHURRIED
@given(queries())
def test_a_tree_written_as_rpn_is_read_as_the_same_tree(root: Rpn) -> None:
    node = understood(root)
    assert rpn.read(rpn_write.write(node), {}) == node


@UNHURRIED
@given(queries())
def test_every_query_is_understood_or_refused_with_a_diagnostic(root: Rpn) -> None:
    try:
        read(root)
    except QuerySyntaxError as error:
        assert diagnostics.bib1(error.code) != 100


PQF_A, PQF_B, PQF_C = (f'@attr 1=4 @attr 4=6 "{letter}"' for letter in "abc")


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Term("title", KIEU), '@attr 1=4 @attr 4=6 "Truyện Kiều"'),
        (Term("title", 'a "b" \\'), r'@attr 1=4 @attr 4=6 "a \"b\" \\"'),
        (
            And(NODE_A, Not(NODE_B, NODE_C)),
            '@and @attr 1=4 @attr 4=6 "a" @not @attr 1=4 @attr 4=6 "b" @attr 1=4 @attr 4=6 "c"',
        ),
        (
            Or(Term("year", "1999", "whole", ">="), Everything()),
            '@or @attr 1=31 @attr 2=4 "1999" @attr 1=1016 @attr 2=103 ""',
        ),
        (Near(NODE_A, NODE_B, 3, True), f"@prox 0 3 1 2 k 2 {PQF_A} {PQF_B}"),
        (Term("title", "ki?u*", "whole", masked=True), '@attr 1=4 @attr 4=1 @attr 5=102 @attr 6=3 "ki.u.*"'),
    ],
)
def test_a_tree_is_written_in_the_notation_of_yaz(node: Node, text: str) -> None:
    assert rpn_write.pqf(node) == text


def test_a_result_set_is_written_in_the_notation_of_yaz() -> None:
    assert rpn_write.text(Operator("or", ResultSetOperand("1"), A)) == '@or @set "1" @attr 1=4 "a"'


@pytest.mark.parametrize(
    "node",
    [
        Term("title", "a", toned=True),
        Term("area", "1", "whole"),
        Term("title", "a", "ends"),
    ],
)
def test_what_bib_1_cannot_say_is_not_written(node: Node) -> None:
    with pytest.raises(EncodeError):
        rpn_write.write(node)
