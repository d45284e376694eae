from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import UsageError
from federation.web.search.request import (
    FACETS,
    MAX_PAGE,
    MAX_TEXT,
    MAX_VALUE,
    MAX_VALUES,
    SORTS,
    Asked,
    adding,
    address,
    question,
    read,
    widened,
)
from schemas.errors import QuerySyntaxError
from schemas.query.tree import And, Everything, Node, Not, Or, Term


def asked_of(link: str) -> Asked:
    return read(parse_qs(urlsplit(link).query, keep_blank_values=True))


def terms(node: Node) -> list[Term]:
    match node:
        case Term():
            return [node]
        case And(left, right) | Or(left, right) | Not(left, right):
            return terms(left) + terms(right)
    return []


def test_nothing_asked_is_everything_from_the_first_page() -> None:
    assert read({}) == Asked()
    assert question(read({})).query == Everything()
    assert question(read({})).start == 0


def test_all_parameters_are_read() -> None:
    asked = read(
        {"q": ["  mắt   biếc "], "f.member": ["tvt", "lqd", "tvt"], "sort": ["newest"], "page": ["3"], "toned": ["1"]}
    )
    assert asked == Asked("mắt biếc", {"member": ("tvt", "lqd")}, "newest", 3, True)
    assert question(asked).start == 40
    assert question(asked).filters == {"member": ("tvt", "lqd")}


def test_unknown_parameters_and_facets_are_ignored() -> None:
    assert read({"utm_source": ["x"], "f.shoe_size": ["42"], "q": ["a"]}) == Asked("a")


values = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=20)


@given(
    st.builds(
        Asked,
        text=st.text(st.characters(blacklist_categories=("Cs",)), max_size=30).map(lambda text: " ".join(text.split())),
        filters=st.dictionaries(
            st.sampled_from(FACETS), st.lists(values, min_size=1, max_size=MAX_VALUES, unique=True).map(tuple)
        ),
        sort=st.sampled_from(SORTS),
        page=st.integers(1, MAX_PAGE),
        toned=st.booleans(),
    )
)
def test_an_address_asks_exactly_what_it_was_made_of(asked: Asked) -> None:
    assert asked_of(address(asked)) == asked


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"q": ["a" * (MAX_TEXT + 1)]}, "query-too-long"),
        ({"sort": ["shoe-size"]}, "sort-unknown"),
        ({"page": ["two"]}, "page-invalid"),
        ({"page": ["²"]}, "page-invalid"),
        ({"page": ["-1"]}, "page-invalid"),
        ({"page": ["9" * 5000]}, "page-invalid"),
        ({"page": ["0"]}, "page-too-far"),
        ({"page": [str(MAX_PAGE + 1)]}, "page-too-far"),
        ({"f.member": ["a" * (MAX_VALUE + 1)]}, "filter-too-long"),
        ({"f.member": [str(n) for n in range(MAX_VALUES + 1)]}, "filter-too-long"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(parameters: dict[str, list[str]], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(parameters)
    assert caught.value.code == code
    assert caught.value.where == next(iter(parameters))


def test_the_last_page_and_the_longest_text_are_still_answered() -> None:
    assert read({"page": [str(MAX_PAGE)], "q": ["a" * MAX_TEXT]}).page == MAX_PAGE


def test_narrowing_and_widening_go_back_to_the_first_page() -> None:
    asked = Asked("a", {"member": ("tvt",)}, page=7)
    more = asked_of(adding(asked, "member")("lqd"))
    assert (more.filters, more.page) == ({"member": ("tvt", "lqd")}, 1)
    assert widened(more, "member", "lqd").filters == {"member": ("tvt",)}
    assert widened(asked, "member", "tvt").filters == {}


def test_toned_reaches_every_term_of_the_query() -> None:
    found = terms(question(Asked('mắt biếc OR "nhật ánh" -hà title:đất', toned=True)).query)
    assert found
    assert all(term.toned for term in found)
    assert not any(term.toned for term in terms(question(Asked("mắt biếc")).query))


def test_a_query_of_too_many_words_is_a_syntax_error() -> None:
    with pytest.raises(QuerySyntaxError):
        question(Asked("a " * 99))
