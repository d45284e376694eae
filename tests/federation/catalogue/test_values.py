"""Creators and subjects found by what they are called; asked of a real index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.catalogue.values import Called, Where, begins, called, has_all
from federation.index import open_engine
from federation.index.document import Placement, document
from federation.index.engine import Engine, Question
from schemas.bib import Agent, Bib, Subject, Title
from schemas.query.tree import Everything, Term
from schemas.vietnamese.fold import tokens


def book(title: str, *names: str, subject: str = "") -> Bib:
    agents = tuple(Agent(name) for name in names)
    return Bib(Title(title), agents=agents, subjects=(Subject(subject),) if subject else ())


BOOKS = (
    book("Toán 1", "Nguyễn Nhật Ánh", "Lê Lợi", subject="Văn học"),
    book("Toán 2", "Nguyễn, Nhật Ánh", "Trần Nhật Duật", subject="Văn học Việt Nam"),
    book("Văn 1", "Nguyễn Nhật Anh", subject="Lịch sử văn học"),
    book("Văn 2", "Le Duc", subject="Văn học"),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("index")
    made = open_engine(f"tantivy:{folder}", create=True)
    held = [Placement(members=("tvt",)), Placement()] * 2
    made.publish([document(n, bytes(8), each, held[n - 1]) for n, each in enumerate(BOOKS, start=1)], [])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("where", "text", "values"),
    [
        ("creator", "nhat an", [("Nguyễn Nhật Ánh", 2), ("Nguyễn Nhật Anh", 1)]),
        ("creator", "Nhật Anh", [("Nguyễn Nhật Anh", 1), ("Nguyễn Nhật Ánh", 2)]),
        ("creator", "ánh", [("Nguyễn Nhật Ánh", 2), ("Nguyễn Nhật Anh", 1)]),
        ("creator", "duật", [("Trần Nhật Duật", 1)]),
        ("creator", "lê", [("Lê Lợi", 1), ("Le Duc", 1)]),
        ("subject", "van ho", [("Văn học", 2), ("Văn học Việt Nam", 1), ("Lịch sử văn học", 1)]),
        ("subject", "xyz", []),
    ],
)
def test_values_are_found_by_words_the_last_begun(
    engine: Engine, where: Where, text: str, values: list[tuple[str, int]]
) -> None:
    assert called(engine, Question(Everything()), where, text) == Called(tuple(values), whole=True)


@pytest.mark.parametrize("text", ["", "!", "v"])
def test_too_little_to_look_for_finds_nothing_and_says_that_there_may_be_more(engine: Engine, text: str) -> None:
    assert called(engine, Question(Everything()), "subject", text) == Called((), whole=False)


def test_values_are_counted_within_the_search(engine: Engine) -> None:
    within = Question(Term("title", "toán"), filters={"member": ("tvt",), "creator": ("Lê Lợi",)})
    assert called(engine, within, "creator", "nguyen").values == (("Nguyễn Nhật Ánh", 1),)


def test_a_beginning_that_too_many_words_have_is_said_to_leave_something_out(engine: Engine) -> None:
    class Broad:
        def values(self, question: Question, where: str, start: int = 0) -> Iterator[tuple[str, int]]:
            return iter([(f"Nguyễn {n}", 1) for n in range(question.facet_size)])

    found = called(Broad(), Question(Everything()), "creator", "nguyen")  # type: ignore[arg-type]
    assert not found.whole
    assert len(found.values) == 1_000


def test_words_are_compared_as_words() -> None:
    assert has_all("Nguyễn Du", tokens("du nguy"))
    assert not has_all("Nguyễn Dung", tokens("du nguyen"))
    assert not has_all("Nguyen Du", tokens("nguyễn du"), toned=True)
    assert begins("Lê Lợi", tokens("le l"))
    assert not begins("Lê Lợi", tokens("loi"))
