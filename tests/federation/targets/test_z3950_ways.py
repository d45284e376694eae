"""A target of Z39.50 that refuses how it is asked, or the form of its records: what is tried after that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from federation.pipeline.workplace import Workplace
from federation.targets.asking import Answer
from schemas.marc import marc8_write, write
from schemas.query import rpn_write
from schemas.z3950 import oid
from schemas.z3950.external import External
from schemas.z3950.retrieval import PresentRequest, SearchRequest, SearchResponse
from schemas.z3950.rpn import RpnQuery
from schemas.z3950.values import Diagnostic
from tests.support.hostile_sru import Book, books
from tests.support.hostile_z3950 import HostileZ3950, hostile, presented, refused, unfound
from tests.support.records import record
from tests.support.targets import add_target, answers, asked, titles


@dataclass
class Picky(HostileZ3950):
    """A target that has its books for every question, but for what of a query (in PQF) it `refuses`."""

    refuses: dict[str, int] = field(default_factory=dict)

    @property
    def queries(self) -> list[str]:
        """What was searched for, in PQF, terms as bytes."""
        return [rpn_write.text(each.query.root) for each in self.of(SearchRequest)]

    def _search(self, request: SearchRequest) -> SearchResponse:
        assert isinstance(request.query, RpnQuery)
        text = rpn_write.text(request.query.root)
        for part, number in self.refuses.items():
            if part in text:
                return unfound(number)
        self._found = list(self.listed)
        return SearchResponse(count=len(self._found))


@pytest.fixture
def picky(place: Workplace) -> Iterator[Picky]:
    """A target with seven books, registered as `kho`."""
    with hostile(Picky(books(7))) as server:
        assert isinstance(server, Picky)
        add_target(place, "kho", "z3950", server.url)
        yield server


def found(place: Workplace, query: str = "title:đất title:nước", **more: Any) -> Answer:
    return answers(place, asked(query, "kho", **more))["kho"]


def test_words_are_asked_one_by_one_where_a_list_is_no_structure_of_the_target(place: Workplace, picky: Picky) -> None:
    picky.refuses = {"@attr 4=6": 118}
    assert found(place, "đất nước").total == 7
    assert len(picky.queries) == 2
    assert picky.queries[-1].startswith("@and @attr 1=1016 @attr 4=1")


def test_nothing_but_the_use_is_said_where_no_structure_is_known(place: Workplace, picky: Picky) -> None:
    picky.refuses = {"@attr 4=": 113}
    assert found(place).total == 7
    assert "@attr 4" not in picky.queries[-1]


def test_a_use_attribute_that_is_not_there_is_told_and_never_left_out(place: Workplace, picky: Picky) -> None:
    picky.refuses = {"@attr 1=4 ": 114}
    told = found(place)
    assert (told.status, told.code) == ("failed", "z3950-114")
    assert len(picky.queries) == 1


def test_what_is_refused_in_every_way_is_told_as_the_target_said_it(place: Workplace, picky: Picky) -> None:
    picky.refuses = {"@attr 1=4": 117}
    told = found(place)
    assert (told.status, told.code) == ("failed", "z3950-117")
    assert len(picky.queries) == 3


@pytest.mark.parametrize(
    ("charset", "term"), [("utf-8", "đất".encode()), ("auto", "đất".encode()), ("marc-8", marc8_write.encode("đất"))]
)
def test_terms_go_out_in_the_letters_that_the_target_reads(
    place: Workplace, picky: Picky, charset: str, term: bytes
) -> None:
    add_target(place, "cu", "z3950", picky.url, query_charset=charset)
    assert answers(place, asked("đất", "cu"))["cu"].total == 7
    assert [each.query.root.term for each in picky.of(SearchRequest)] == [term]


def test_a_word_that_the_target_has_no_letters_for_is_told(place: Workplace, picky: Picky) -> None:
    add_target(place, "cu", "z3950", picky.url, query_charset="latin-1")
    assert answers(place, asked("đất", "cu"))["cu"].code == "query-charset"
    add_target(place, "khong-dau", "z3950", picky.url, query_charset="latin-1", letters="plain")
    assert answers(place, asked("đất", "khong-dau"))["khong-dau"].total == 7


def test_records_are_asked_for_in_the_next_form_where_one_is_refused(place: Workplace, picky: Picky) -> None:
    def only_xml(request: Any, sent: Sequence[Any]) -> Sequence[Any]:
        if not isinstance(request, PresentRequest) or request.syntax == oid.XML:
            return sent
        return [refused(239)]

    picky.spoil = only_xml
    picky.write = lambda book: External(oid.XML, write.marcxml(record(int(book.number))).encode())
    told = found(place, most=2)
    assert (told.status, len(told.hits)) == ("answered", 2)
    assert all(hit.bib for hit in told.hits)


def test_records_come_in_as_many_answers_as_the_target_likes(place: Workplace, picky: Picky) -> None:
    told = found(place, start=2, most=5)
    assert [hit.position for hit in told.hits] == [2, 3, 4, 5, 6]
    assert titles(told) == [f"Sách số 000{number}" for number in range(2, 7)]
    assert [(each.start, each.count) for each in picky.of(PresentRequest)] == [(2, 5), (5, 3)]


def test_records_that_came_stay_when_the_target_hangs_up(place: Workplace, picky: Picky) -> None:
    picky.spoil = lambda request, sent: None if isinstance(request, PresentRequest) and request.start > 3 else sent
    told = found(place)
    assert (told.status, told.total, len(told.hits)) == ("answered", 7, 3)
    assert "from place 4 on" in told.message


def test_a_record_that_cannot_be_had_leaves_its_place(place: Workplace, picky: Picky) -> None:
    picky.write = lambda book: (
        Diagnostic(14, "broken")
        if book.number == "0002"
        else External(oid.USMARC, write.marc(record(int(book.number))))
    )
    told = found(place, most=3)
    assert [bool(hit.bib) for hit in told.hits] == [True, False, True]
    assert told.hits[1].fault


def test_a_target_that_says_how_many_and_gives_none_is_not_asked_for_ever(place: Workplace, picky: Picky) -> None:
    picky.spoil = lambda request, sent: [presented()] if isinstance(request, PresentRequest) else sent
    told = found(place)
    assert (told.total, told.hits) == (7, ())
    assert len(picky.of(PresentRequest)) < 5


def test_a_session_that_was_lost_is_opened_again_within_the_time(place: Workplace, picky: Picky) -> None:
    lost: list[int] = []

    def once(request: Any, sent: Sequence[Any]) -> Sequence[Any] | None:
        if isinstance(request, PresentRequest) and not lost:
            lost.append(1)
            return None
        return sent

    picky.spoil = once
    picky.listed = [Book("0001")]
    assert titles(found(place)) == ["Sách số 0001"]
    assert picky.connections == 2
