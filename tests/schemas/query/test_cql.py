"""What CQL means: indexes, relations, signs, nearness and order, and a diagnostic for all that is not supported."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.errors import QuerySyntaxError
from schemas.maps.tables import rows
from schemas.query import cql_write, diagnostics
from schemas.query.access_points import access_points
from schemas.query.cql import Asked, Sorted, read
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("kiều", Term("any", "kiều")),
        ('"truyện kiều"', Term("any", "truyện kiều")),
        ('cql.serverChoice = "truyện kiều"', Term("any", "truyện kiều", "phrase")),
        ('title = "truyện kiều"', Term("title", "truyện kiều", "phrase")),
        ('dc.title adj "truyện kiều"', Term("title", "truyện kiều", "phrase")),
        ('DC.Title ALL "truyện kiều"', Term("title", "truyện kiều", "words")),
        ('dc.title cql.any "kiều thơ"', Or(Term("title", "kiều"), Term("title", "thơ"))),
        ('dc.title == "truyện kiều"', Term("title", "truyện kiều", "whole")),
        ('dc.title exact "truyện kiều"', Term("title", "truyện kiều", "whole")),
        ('dc.title =/string "truyện kiều"', Term("title", "truyện kiều", "whole")),
        ("dc.title =/respectAccents kiều", Term("title", "kiều", "phrase", toned=True)),
        ("dc.title <> kiều", Not(Everything(), Term("title", "kiều", "phrase"))),
        ("dc.title = ki*", Term("title", "ki", "phrase", truncated=True)),
        ("dc.title all ki?u", Term("title", "ki?u", "words", masked=True)),
        ("dc.title all/unmasked ki*", Term("title", "ki*")),
        (r"dc.title all ki\*", Term("title", "ki*")),
        (r"dc.title all ki\*?", Term("title", "ki ?", masked=True)),
        ('dc.title = "^truyện"', Term("title", "truyện", "begins")),
        ('dc.title = "kiều^"', Term("title", "kiều", "ends")),
        ('dc.title = "^truyện kiều^"', Term("title", "truyện kiều", "whole")),
        ("dc.date = 2000", Term("year", "2000", "whole")),
        ("dc.date >= 2000", Term("year", "2000", "whole", ">=")),
        ("dc.date <> 2000", Not(Everything(), Term("year", "2000", "whole"))),
        ("dc.date = 199*", Term("year", "199", truncated=True)),
        ('dc.date any "1999 2001"', Or(Term("year", "1999", "whole"), Term("year", "2001", "whole"))),
        (
            'dc.date within "1990 1999"',
            And(Term("year", "1990", "whole", ">="), Term("year", "1999", "whole", "<=")),
        ),
        ("bath.isbn = 9786042089012", Term("isbn", "9786042089012", "whole")),
        ("dc.language = vie", Term("language", "vie", "whole")),
        ('dc.language any "vie eng"', Or(Term("language", "vie", "whole"), Term("language", "eng", "whole"))),
        ('dc.language = "tiếng việt"', Term("language", "vie", "whole")),
        ("lienthong.class = 895*", Term("class", "895", "begins")),
        ("lienthong.class = 8?5", Term("class", "8?5", "whole", masked=True)),
        ("rec.id = 12", Term("id", "12", "whole")),
        ("cql.allRecords = 1", Everything()),
        ("a and b or c not d", Not(Or(And(Term("any", "a"), Term("any", "b")), Term("any", "c")), Term("any", "d"))),
        ("a prox b", Near(Term("any", "a"), Term("any", "b"))),
        (
            "title = a prox/distance<4/ordered/unit=word title = b",
            Near(Term("title", "a", "phrase"), Term("title", "b", "phrase"), 3, ordered=True),
        ),
        ('> t = "info:srw/cql-context-set/1/dc-v1.1" t.title = a', Term("title", "a", "phrase")),
        ('> "info:srw/cql-context-set/1/dc-v1.1" title = a', Term("title", "a", "phrase")),
        ('> "info:srw/cql-context-set/1/dc-v1.1" kiều', Term("any", "kiều")),
        (
            '(> t = "info:srw/cql-context-set/1/dc-v1.1" t.title = a) or b',
            Or(Term("title", "a", "phrase"), Term("any", "b")),
        ),
    ],
)
def test_what_a_query_means(text: str, node: Node) -> None:
    assert read(text) == Asked(node)


def test_the_order_wanted() -> None:
    assert read("a sortBy dc.date/sort.descending title/ascending/ignoreCase").sort == (
        Sorted("year", descending=True),
        Sorted("title"),
    )


@pytest.mark.parametrize(
    ("text", "sru", "bib1"),
    [
        ("a b", 10, 108),
        ('"a', 14, 108),
        ("nosuch.title = a", 15, 121),
        ('> x = "info:nobody" x.title = a', 15, 121),
        ("dc.nosuch = a", 16, 114),
        ('(> t = "info:srw/cql-context-set/1/dc-v1.1" a) or t.title = b', 15, 121),
        ("title encloses a", 19, 117),
        ("title nosuch a", 19, 117),
        ("title =/fuzzy a", 20, 117),
        ("title =/stem a", 20, 117),
        ("title =/locale=vi a", 20, 117),
        ("title < a", 22, 123),
        ('dc.language within "a b"', 22, 123),
        (r"title = a\b", 26, 125),
        ('title = ""', 27, 125),
        ('title = " "', 27, 125),
        ("title = " + "a*" * 40, 30, 7),
        ('title = "a^b"', 32, 119),
        ('title all "^a b"', 32, 119),
        ("dc.date = nay", 36, 126),
        ("dc.date = -", 36, 126),
        ("dc.date >= 199*", 36, 126),
        ('dc.date within "1990"', 36, 126),
        ("rec.id = kiều", 36, 126),
        (" or ".join("a" * 300), 38, 6),
        ("a prox/distance>3 b", 40, 131),
        ("a prox/distance=3 b", 40, 131),
        ("a prox/distance<=0 b", 41, 202),
        ("a prox/unit=sentence b", 42, 132),
        ("title = a prox date = 2000", 44, 201),
        ("(a or b) prox c", 44, 201),
        ('title = "^a" prox title = b', 44, 201),
        ("a or/rel.combine=sum b", 46, 110),
        ("a prox/nosuch b", 46, 110),
        ("cql.resultSetId = x", 50, 18),
        ("a sortBy title/sort.respectCase", 82, 207),
        ("a sortBy nosuch", 16, 114),
    ],
)
def test_what_is_not_supported_has_its_diagnostic(text: str, sru: int, bib1: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        read(text)
    assert (diagnostics.sru(caught.value.code), diagnostics.bib1(caught.value.code)) == (sru, bib1)


def test_a_code_without_a_number_is_still_an_answer() -> None:
    assert (diagnostics.sru("nobody-knows"), diagnostics.bib1("nobody-knows")) == (47, 100)


@pytest.mark.parametrize("index", [name for point in access_points() for name in point.cql])
def test_every_index_of_the_table_is_understood(index: str) -> None:
    prefixes = {row["prefix"] for row in rows("context_sets", "schemas.query")}
    assert index.partition(".")[0] in prefixes
    assert isinstance(read(f"{index} = 2000").node, Term)


texts = [point for point in access_points() if point.kind == "text"]
words = st.sampled_from(["kiều", "Truyện", "a*b", "c?", 'nói "thật"', "x\\y", "^", "mắt biếc", "and"])
signed = st.sampled_from(["k*u", "*ều", "ki?u th*", "?"])
text_terms = st.builds(
    lambda point, text, match, *rest: Term(point.name, text, match, "=", False, *rest),
    st.sampled_from(texts),
    words,
    st.sampled_from(["words", "phrase", "whole", "begins", "ends"]),
    st.booleans(),
    st.booleans(),
)
masked_terms = st.builds(
    lambda point, text, match: Term(point.name, text, match, masked=True),
    st.sampled_from(texts),
    signed,
    st.sampled_from(["words", "phrase", "whole"]),
)
year_terms = st.builds(
    lambda year, relation: Term("year", year, "whole", relation),
    st.sampled_from(["1999", "2000", "5"]),
    st.sampled_from(["<", "<=", "=", ">=", ">"]),
)
code_terms = st.sampled_from(
    [
        Term("isbn", "9786042089012", "whole"),
        Term("class", "895", "begins"),
        Term("member", "tv?n", "whole", masked=True),
        Term("year", "19", truncated=True),
        Term("id", "7", "whole"),
        Everything(),
    ]
)
near_terms = st.builds(
    lambda point, left, right, *rest: Near(Term(point.name, left, "phrase"), Term(point.name, right), *rest),
    st.sampled_from(texts),
    words,
    words,
    st.integers(1, 9),
    st.booleans(),
)
trees: st.SearchStrategy[Node] = st.recursive(
    text_terms | masked_terms | year_terms | code_terms | near_terms,
    lambda inner: st.builds(And, inner, inner) | st.builds(Or, inner, inner) | st.builds(Not, inner, inner),
    max_leaves=6,
)


@given(trees, st.lists(st.builds(Sorted, st.sampled_from(["year", "title"]), st.booleans()), max_size=2).map(tuple))
def test_a_tree_that_is_written_is_read_as_it_was(tree: Node, sort: tuple[Sorted, ...]) -> None:
    assert read(cql_write.write(tree, sort)) == Asked(tree, sort)


@given(st.text(alphabet='abde ."*?^\\=<>/()19', max_size=30))
def test_no_text_makes_it_fall(text: str) -> None:
    try:
        asked = read(text)
    except QuerySyntaxError as error:
        assert diagnostics.sru(error.code) != 47, f"{error.code} has no diagnostic"
        return
    assume(asked)


@pytest.mark.parametrize("query", ['title == "^"', 'title = "^^"', '"^"', 'isbn = "^"'])
def test_anchors_around_nothing_ask_for_nothing(query: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        read(query)
    assert caught.value.code == "cql-term-empty"
