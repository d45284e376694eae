"""Headings: Vietnamese dictionary order up and down from any place, counted, whatever the index looks like inside."""

from bisect import bisect_left
from collections import Counter
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from federation.index import browse
from federation.index.document import Placement, document, heading_key
from federation.index.engine import Document, Engine, Question, Sort, sorting
from schemas.bib import Agent, Bib, Title
from schemas.errors import QuerySyntaxError
from schemas.query.access_points import access_points
from schemas.query.cql import Sorted
from schemas.query.tree import Everything
from tests.federation.index.shelf import book

UNLISTED = ("any", "note", "place", "id")
IN_ORDER = ["ba bể", "ba tơ", "bả sơn", "bá a", "dao", "đảo", "toán 9", "toán 10"]
titles = st.lists(st.sampled_from("aăâbđeo19中"), min_size=1, max_size=4).map("".join)
numbers = st.lists(st.sampled_from("aB1.Đ"), min_size=1, max_size=4).map("".join)


def titled(number: int, title: str, **codes: tuple[str, ...]) -> Document:
    """Make a document with a heading."""
    key = heading_key(title)
    return replace(book(number, title, **codes), headings={"title": (key,)} if key else {})


def keys(*texts: str) -> list[bytes]:
    return list(map(heading_key, texts))


def test_headings_go_up_and_down_from_a_term_that_is_none(engine: Engine) -> None:
    engine.publish([titled(number, title) for number, title in enumerate(reversed(IN_ORDER), 1)], [])
    found = engine.scan("title", "bẻ", 2, 3)
    assert [entry.key for entry in found.before] == keys("bả sơn", "bá a")
    assert [entry.key for entry in found.after] == keys("dao", "đảo", "toán 9")
    assert not found.exact


def test_a_term_that_is_a_heading_is_the_first_from_it_on(engine: Engine) -> None:
    engine.publish([titled(number, title) for number, title in enumerate(IN_ORDER, 1)], [])
    found = engine.scan("title", "Bả, SƠN!", 9, 1)
    assert found.exact
    assert [entry.key for entry in (*found.before, *found.after)] == keys("ba bể", "ba tơ", "bả sơn")


def test_both_ends_and_an_empty_index_have_nothing_beyond(engine: Engine) -> None:
    assert engine.scan("title", "a", 5, 5) == browse.Scanned((), ())
    engine.publish([titled(number, title) for number, title in enumerate(IN_ORDER, 1)], [])
    assert engine.scan("title", "", 5, 1).before == ()
    assert engine.scan("title", "", 5, 1).after[0].key == heading_key("ba bể")
    assert engine.scan("title", "zz", 1, 5).after == ()
    assert engine.scan("title", "zz", 1, 5).before[0].key == heading_key("toán 10")


def test_headings_are_counted_among_the_records_that_are_there(engine: Engine) -> None:
    engine.publish([titled(1, "Toán"), titled(2, "TOÁN"), titled(3, "Văn"), titled(4, "Vẽ")], [])
    engine.publish([titled(2, "Toán.")], [3])
    found = engine.scan("title", "", 0, 9).after
    assert [(entry.key, entry.count) for entry in found] == [(heading_key("toán"), 2), (heading_key("vẽ"), 1)]
    assert found[1].record == 4


def test_people_are_listed_by_given_name_and_bodies_are_not(engine: Engine) -> None:
    agents = {1: Agent("Nguyễn, Nhật Ánh"), 2: Agent("Tô Hoài"), 3: Agent("Twain, Mark"), 4: Agent("Hội", "corporate")}
    made = [
        document(number, b"12345678", Bib(Title("a"), agents=(agent,)), Placement()) for number, agent in agents.items()
    ]
    engine.publish(made, [])
    assert [entry.record for entry in engine.scan("given", "", 0, 9).after] == [1, 2, 3]
    found = engine.scan("given", "hoai", 9, 9)
    assert ([entry.record for entry in found.before], [entry.record for entry in found.after]) == ([1], [2, 3])
    assert engine.scan("given", "Nguyễn Nhật Ánh", 0, 1).exact


def test_who_narrows_by_a_heading_finds_what_it_counts(engine: Engine) -> None:
    engine.publish([titled(1, "Toán"), titled(2, "TOÁN."), titled(3, "Toán : lớp 5"), titled(4, "Vui học toán")], [])
    (counted,) = engine.scan("title", "toán", 0, 1).after
    assert counted.count == 2
    assert engine.search(Question(Everything(), filters={"title": ("toán",)})).ids == (1, 2)
    assert engine.search(Question(Everything(), filters={"title": ("…",)})).total == 0


@pytest.mark.parametrize(
    ("point", "text", "before", "after"),
    [
        ("year", "2000", [b"1999"], [b"2001", b"2012"]),
        ("language", "ger", [b"eng"], [b"vie"]),
        ("class", "89", [b"510"], [b"895.9", b"qa76"]),
        ("class", "QA 99", [b"510", b"895.9"], [b"qa76"]),
        ("isbn", "978-604-1-00001-8", [], [b"9786041000018"]),
    ],
)
def test_codes_stand_by_themselves(
    engine: Engine, point: str, text: str, before: list[bytes], after: list[bytes]
) -> None:
    engine.publish(
        [
            book(1, "a", year=1999, code_class="510", code_language="eng", code_isbn="9786041000018"),
            book(2, "b", year=2001, code_class="QA76", code_language="vie"),
            book(3, "c", year=2012, code_class="895.9", code_language="vie"),
        ],
        [],
    )
    found = engine.scan(point, text, 2, 9)
    assert [entry.key.strip() for entry in found.before] == before
    assert [entry.key.strip() for entry in found.after] == after


@pytest.mark.parametrize(
    ("point", "text"), [("any", "a"), ("note", "a"), ("place", "a"), ("id", "1"), ("colour", "a"), ("year", "x")]
)
def test_what_has_no_headings_says_so(engine: Engine, point: str, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        engine.scan(point, text, 1, 1)


@pytest.mark.parametrize(
    "point", [point for point in access_points() if point.name not in ("any", "note", "place", "id")]
)
def test_no_text_makes_a_scan_fall(engine: Engine, point: object) -> None:
    engine.publish([titled(128, "a", code_class=("đ1", "x"))], [])
    for text in ("", "…", "\0", "\udcff", "x" * 5_000, "\U0010ffff", "ß" * 300):
        try:
            engine.scan(point.name, text, 3, 3)  # type: ignore[attr-defined]
        except QuerySyntaxError as error:
            assert error.code == "query-number"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(titles, numbers), min_size=1, max_size=40),
    text=titles,
    code=numbers,
    sides=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_a_scan_finds_what_sorting_all_headings_finds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, rows: list[tuple[str, str]], text: str, code: str, sides: tuple
) -> None:
    monkeypatch.setattr(browse, "_FEW", 0)  # so that beginnings are taken apart down to single headings
    engine.rebuild([titled(128 * number, title, code_class=(klass,)) for number, (title, klass) in enumerate(rows, 1)])
    both = (
        ("title", text, heading_key(text), Counter(key for title, _ in rows if (key := heading_key(title)))),
        ("class", code, code.lower().encode(), Counter(klass.lower().encode() for _, klass in rows)),
    )
    for point, asked, key, counted in both:
        expected, place = sorted(counted.items()), bisect_left(sorted(counted), key)
        found = engine.scan(point, asked, *sides)
        assert [(entry.key, entry.count) for entry in found.before] == expected[max(0, place - sides[0]) : place]
        assert [(entry.key, entry.count) for entry in found.after] == expected[place : place + sides[1]]
        assert found.exact == (key in counted)


def test_sort_keys_name_orders_and_what_has_none_is_refused() -> None:
    assert sorting([]) == "relevance"
    found = {sorting([Sorted(point, down)]) for point in ("title", "creator", "year") for down in (False, True)}
    assert found == {*get_args(Sort)} - {"relevance", "id"}
    for wrong in ([Sorted("isbn")], [Sorted("title"), Sorted("year")]):
        with pytest.raises(QuerySyntaxError):
            sorting(wrong)
