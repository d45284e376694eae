"""The engine finds what the reference finds, on random small catalogues; and no tree and no text makes it fall."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.index import open_engine
from federation.index.engine import Document, Engine, Question, Sort
from schemas.errors import QuerySyntaxError
from schemas.query.access_points import access_points
from schemas.query.tree import And, Everything, Match, Near, Node, Not, Or, Relation, Term
from schemas.vietnamese.fold import folded
from schemas.vietnamese.order import order_key
from tests.federation.index import reference

WORDS = ["mắt", "mat", "mát", "biếc", "hoà", "HOA", "đá"]
ODD_WORDS = ["hòa", "1.234", "1234", "C++", "c", "中文", "中", "l'été", "ete", "Qurʼān", "x-y"]
SORTS: tuple[Sort, ...] = get_args(Sort)
MATCHES: tuple[Match, ...] = get_args(Match)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
ISBN = "9786041000018"

# Few words, so that phrases meet.
words = st.sampled_from(WORDS * 3 + ODD_WORDS)
values = st.lists(words, min_size=1, max_size=3).map(" ".join) | st.sampled_from(["…", "!?", "mắt-biếc, hoa"])
several = st.lists(values, max_size=2, unique=True).map(tuple)
codes = st.lists(st.sampled_from(["A", "b", "vie", "Sách", "Nguyễn Nhật Ánh"]), max_size=2, unique=True).map(tuple)
masked = st.lists(
    st.lists(st.sampled_from(["*", "?", "m", "mắ", "t", "ho", "à", "b", "đ", "6"]), min_size=1, max_size=4).map(
        "".join
    ),
    min_size=1,
    max_size=2,
).map(" ".join)
text_terms = st.builds(
    Term,
    st.sampled_from(["any", "title", "title", "note"]),
    st.lists(words, max_size=3).map(" ".join) | st.just(ISBN),
    st.sampled_from(MATCHES),
    truncated=st.booleans(),
    toned=st.booleans(),
)
masked_terms = st.builds(
    Term,
    st.sampled_from(["any", "title"]),
    masked,
    st.sampled_from(["words", "words", *MATCHES]),
    masked=st.just(True),
    truncated=st.booleans(),
    toned=st.booleans(),
)
code_terms = st.builds(
    Term,
    st.sampled_from(["member", "kind", "isbn"]),
    st.sampled_from(["a", "B", "sá", "Sách", "nguyễn", ISBN, "9786041000018 "]),
    st.sampled_from(["words", "whole", "begins", "ends"]),
)
year_terms = st.builds(
    Term, st.just("year"), st.sampled_from(["1999", "2000", "2010"]), st.just("words"), st.sampled_from(RELATIONS)
)
id_terms = st.builds(Term, st.just("id"), st.sampled_from(["1", "3", "77"]))
near_terms = st.builds(
    lambda point, texts, *rest: Near(Term(point, texts[0]), Term(point, texts[1]), *rest),
    st.sampled_from(["any", "title"]),
    st.tuples(*[st.lists(words, min_size=1, max_size=2).map(" ".join)] * 2),
    st.integers(1, 3),
    st.booleans(),
)
trees: st.SearchStrategy[Node] = st.recursive(
    text_terms | masked_terms | near_terms | code_terms | year_terms | id_terms | st.just(Everything()),
    lambda inner: st.builds(And, inner, inner) | st.builds(Or, inner, inner) | st.builds(Not, inner, inner),
    max_leaves=5,
)
filters = st.dictionaries(
    st.sampled_from(["member", "kind", "year", "decade"]),
    st.lists(st.sampled_from(["A", "b", "Sách", "1999", "2010", "1990"]), max_size=2).map(tuple),
    max_size=2,
)
questions = st.builds(
    Question,
    trees,
    start=st.integers(0, 4),
    limit=st.integers(0, 6),
    sort=st.sampled_from(SORTS),
    filters=filters,
    facets=st.just(("member", "year", "decade")),
    facet_size=st.integers(1, 3),
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    texts = {field: draw(several) for field in ("title", "creator", "note", "any")}
    held = {field: draw(codes) for field in ("member", "kind")} | {"isbn": draw(st.sampled_from([(), (ISBN,)]))}
    return Document(
        id=draw(st.integers(1, 9)),
        version=draw(st.integers(0, 2**64 - 1)),
        texts=texts,
        codes=held,
        year=draw(st.sampled_from([0, 1999, 2000, 2010, 2012])),
        sort_title=order_key((*texts["title"], "")[0]),
        sort_creator=order_key((*texts["creator"], "")[0]),
    )


@contextmanager
def fresh_engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"tantivy:{Path(folder) / 'index'}", create=True)
        yield engine
        engine.close()


def _check(engine: Engine, shelf: list[Document], question: Question) -> None:
    expected = reference.hits(shelf, question)
    answer = engine.search(question)
    assert answer.total == len(expected)
    whole = engine.search(replace(question, start=0, limit=100))
    assert answer.ids == whole.ids[question.start : question.start + question.limit]
    if question.sort == "relevance":
        assert sorted(whole.ids) == expected
    else:
        assert list(whole.ids) == expected
    for facet in question.facets:
        assert answer.facets[facet] == reference.counts(shelf, question, facet)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    batches=st.lists(st.tuples(st.lists(documents(), max_size=5), st.sets(st.integers(1, 9), max_size=2)), max_size=4),
    asked=st.lists(questions, min_size=1, max_size=10),
)
def test_the_engine_finds_what_the_reference_finds(
    batches: list[tuple[list[Document], set[int]]], asked: list[Question]
) -> None:
    shelf: dict[int, Document] = {}
    with fresh_engine() as engine:
        for added, removed in batches:
            engine.publish(added, removed)
            shelf |= {document.id: document for document in added}
            shelf = {number: document for number, document in shelf.items() if number not in removed}
        assert list(engine.entries()) == [(number, shelf[number].version) for number in sorted(shelf)]
        for question in asked:
            _check(engine, list(shelf.values()), question)


class Librarian:
    """Asks for what is on the shelf, a little changed: parts of values, other marks, beginnings, masks."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def document(self, number: int) -> Document:
        fields = self.random.sample(["title", "creator", "note", "any"], 2)
        texts = {field: tuple(self._value() for _ in range(self.random.randint(1, 2))) for field in fields}
        held = {"member": (self.random.choice("AB"),), "kind": ("Sách", "vie")[: self.random.randint(0, 2)]}
        keys = [order_key(texts.get(field, ("",))[0]) for field in ("title", "creator")]
        return Document(number, number, texts, held, self.random.choice([0, 1999, 2000, 2010]), *keys)

    def _value(self) -> str:
        return " ".join(self.random.choices(WORDS * 2 + ODD_WORDS, k=self.random.randint(1, 4)))

    def question(self, shelf: list[Document]) -> Question:
        chosen = self.random.choice
        return Question(
            self._tree(shelf, 3),
            start=chosen([0, 0, 2]),
            limit=chosen([1, 3, 20]),
            sort=chosen(SORTS),
            filters=chosen([{}, {}, {"member": ("A",)}, {"kind": ("Sách",), "decade": ("2000", "2010")}]),
            facets=("member", "kind", "decade"),
            facet_size=chosen([1, 2, 20]),
        )

    def _tree(self, shelf: list[Document], depth: int) -> Node:
        if not depth or self.random.random() < 0.6:
            return self._term(self.random.choice(shelf))
        join = self.random.choice([And, Or, Not])
        return join(self._tree(shelf, depth - 1), self._tree(shelf, depth - 1))

    def _term(self, document: Document) -> Term:
        field = self.random.choice(list(document.texts))
        asked = self.random.choice(document.texts[field]).split()
        first = self.random.choice([0, 0, self.random.randrange(len(asked))])
        part = asked[first : self.random.choice([len(asked), len(asked), first + 1, first + 2])]
        match, masked, truncated = self.random.choice(MATCHES), self.random.random() < 0.2, self.random.random() < 0.3
        text = " ".join(self._changed(word) for word in part)
        text = text[:-1] if truncated and self.random.random() < 0.8 else text
        text = "".join(self.random.choice([sign, sign, sign, "*", "?"]) for sign in text) if masked else text
        return Term(self.random.choice([field, "any"]), text, match, "=", masked, truncated, self.random.random() < 0.3)

    def _changed(self, word: str) -> str:
        change = self.random.choice([str, str, str, folded, str.upper, lambda text: normalize("NFD", text)])
        return change(word)


@pytest.mark.parametrize("seed", range(8))
def test_the_engine_finds_what_a_librarian_who_knows_the_shelf_finds(seed: int) -> None:
    librarian = Librarian(seed)
    shelf: dict[int, Document] = {}
    with fresh_engine() as engine:
        for first in (1, 5, 3):
            batch = [librarian.document(number) for number in range(first, first + 8)]
            removed = {librarian.random.randint(13, 20)}
            engine.publish(batch, removed)
            shelf |= {document.id: document for document in batch if document.id not in removed}
        for _ in range(50):
            _check(engine, list(shelf.values()), librarian.question(list(shelf.values())))


wild_terms = st.builds(
    Term,
    st.sampled_from([point.name for point in access_points()]) | st.text(max_size=3),
    st.text(max_size=12) | st.text(alphabet="ab*?^$\\[].+(){}|-~&#=ʿʾ0129 ", max_size=12),
    st.sampled_from(MATCHES),
    st.sampled_from(RELATIONS),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
wild_near_terms = st.builds(Near, wild_terms, wild_terms, st.integers(-1, 30), st.booleans())
wild_trees: st.SearchStrategy[Node] = st.recursive(
    wild_terms | wild_near_terms,
    lambda inner: st.builds(And, inner, inner) | st.builds(Or, inner, inner) | st.builds(Not, inner, inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def wild() -> Iterator[Engine]:
    with fresh_engine() as engine:
        odd = ("ab ^ $ ʿ ʾ = \\", "é́́", "a" * 70_000, "\x00\x1f", "\U0001f600 中ab")
        engine.publish([Document(1, 1, {"title": odd, "note": odd}, {"isbn": odd, "member": odd})], [])
        yield engine


@settings(max_examples=300, deadline=None)
@given(
    wild_trees,
    st.sampled_from([-5, 0, 3, 10**12]),
    st.sampled_from([-1, 0, 1, 10**12]),
    st.sampled_from(SORTS),
    st.dictionaries(
        st.sampled_from(["member", "year", "decade", "creator"]), st.tuples(st.text(max_size=5)), max_size=2
    ),
)
def test_no_tree_and_no_text_makes_it_fall(
    wild: Engine, tree: Node, start: int, limit: int, sort: Sort, kept: dict[str, tuple[str, ...]]
) -> None:
    question = Question(tree, start, limit, sort, kept, ("member", "creator", "decade"), 5)
    try:
        answer = wild.search(question)
    except QuerySyntaxError:
        return
    assert 0 <= answer.total <= 1
