"""CQL as it is written: the grammar of version 1.2, its examples, and errors that say where."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import QuerySyntaxError
from schemas.query import cql_syntax
from schemas.query.cql_syntax import Boolean, Clause, Modifier, Node, Prefixed, Query, Relation, SortKey, parse, write

#: one of each construct of the CQL 1.2 specification (Library of Congress), with terms of ours
EXAMPLES = [
    "dc.title any kiều",
    'dc.title any kiều or dc.creator any "nguyễn du"',
    "dc.title any kiều sortBy dc.date/sort.ascending",
    '> dc = "info:srw/cql-context-set/1/dc-v1.1" dc.title any kiều',
    '> "info:srw/cql-context-set/1/dc-v1.1" title any kiều',
    "kiều",
    "cql.serverChoice = kiều",
    '"truyện kiều"',
    '""',
    "title any kiều",
    "dc.title cql.any kiều",
    "dc.title any/relevant kiều",
    "dc.title any/ relevant /cql.string kiều",
    'dc.title any kiều or (dc.creator any sanderson and dc.identifier = "id:1234567")',
    "dc.title any kiều or/rel.combine=sum dc.creator any du",
    "dc.title any kiều prox/unit=word/distance>3 dc.title any du",
    "kiều prox/distance<=5/unordered du",
    "dc.date within '2000'",
    'dc.title = "^truyện kiều^"',
    "dc.title == a*b?c",
    r'dc.title = "nói \"thật\" \* \\"',
    "dc.date <> 2000 and dc.date>=1990 not dc.date < 1995",
    "a AND b Or c NoT d PROX e",
    "((a))",
    "title = and",
    'x sortBy dc.title dc.date/sort.descending/sort.missingLow "a b"',
    "(a sortBy) or b",
]


@pytest.mark.parametrize("text", EXAMPLES[:-1])
def test_what_is_written_again_means_the_same(text: str) -> None:
    query = parse(text)
    assert parse(write(query)) == query


def test_booleans_bind_alike_and_to_the_left() -> None:
    node = parse("a or b and c").node
    assert node == Boolean("and", Boolean("or", Clause("a"), Clause("b")), Clause("c"))
    assert parse("a or (b and c)").node == Boolean("or", Clause("a"), Boolean("and", Clause("b"), Clause("c")))


def test_names_relations_and_modifiers_are_kept_as_written() -> None:
    query = parse('> x = "info:y" x.title any/relevant/fuzzy>=3 "cá rô" sortBy x.date/descending')
    clause = Clause("cá rô", "x.title", Relation("any", (Modifier("relevant"), Modifier("fuzzy", ">=", "3"))))
    assert query == Query(Prefixed("x", "info:y", clause), (SortKey("x.date", (Modifier("descending"),)),))


def test_a_prefix_reaches_to_the_end_of_its_brackets() -> None:
    query = Query(Boolean("or", Prefixed("a", "info:a", Clause("x")), Clause("y")))
    assert write(query) == "(> a = info:a x) or y"
    assert parse(write(query)) == query


def test_words_of_the_language_can_be_asked_for() -> None:
    assert parse('title = "and"').node == Clause("and", "title", Relation("="))
    assert parse("or or or").node == Boolean("or", Clause("or"), Clause("or"))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "cql-syntax", "0"),
        ("   ", "cql-syntax", "3"),
        ("a b", "cql-syntax", "3"),
        ("a and", "cql-syntax", "5"),
        ("(a or b", "cql-syntax", "7"),
        ("a or b)", "cql-syntax", "6"),
        ("title =", "cql-syntax", "7"),
        ("= a", "cql-syntax", "0"),
        ("a any/ b", "cql-syntax", "8"),
        ("a sortBy", "cql-syntax", "8"),
        ("(a sortBy b)", "cql-syntax", "3"),
        ("> a =", "cql-syntax", "5"),
        ('title = "kiều', "cql-quotes", "8"),
        ("kiều\\", "cql-escape", "4"),
    ],
)
def test_what_is_no_cql_is_told_with_its_place(text: str, code: str, where: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (cql_syntax.MOST_CHARACTERS + 1), "query-too-long"),
        ("(" * 2000 + "x" + ")" * 2000, "query-too-deep"),
        ("> a " * 1000 + "x", "query-too-deep"),
        (" or ".join("x" * (cql_syntax.MOST_BOOLEANS + 2)), "cql-too-many-booleans"),
        ('"' + "\\a" * 3000, "cql-quotes"),
    ],
)
def test_limits(text: str, code: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert caught.value.code == code


@given(st.text(alphabet=string.printable + "ềđ", max_size=60))
def test_no_text_makes_it_fall(text: str) -> None:
    try:
        query = parse(text)
    except QuerySyntaxError:
        return
    assert parse(write(query)) == query


def names(empty: bool = False) -> st.SearchStrategy[str]:
    letters = st.sampled_from(["a", "ề", "đ", " ", '\\"', "\\\\", "\\*", "*", "?", "^", "=", "/", "(", ".", "and"])
    return st.lists(letters, min_size=0 if empty else 1, max_size=5).map("".join)


modifiers = st.lists(
    st.builds(Modifier, names(), st.sampled_from(["=", "<", ">="]), names()) | st.builds(Modifier, names()),
    max_size=2,
).map(tuple)
relations = st.builds(Relation, st.sampled_from(["=", "==", "<>", "any", "cql.all", "within"]), modifiers)
clauses = st.builds(Clause, names(empty=True)) | st.builds(Clause, names(empty=True), names(), relations)
nodes: st.SearchStrategy[Node] = st.recursive(
    clauses,
    lambda inner: (
        st.builds(Boolean, st.sampled_from(cql_syntax.BOOLEANS), inner, inner, modifiers)
        | st.builds(Prefixed, names(empty=True), names(), inner)
    ),
    max_leaves=8,
)


@given(nodes, st.lists(st.builds(SortKey, names(), modifiers), max_size=2).map(tuple))
def test_every_query_that_can_be_written_is_read_as_it_was(node: Node, keys: tuple[SortKey, ...]) -> None:
    query = Query(node, keys)
    assert parse(write(query)) == query
