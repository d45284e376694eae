"""Articles and supplements: what they are a part of tells one from another."""

import pytest

from federation.matching.profile import decoded, encoded, profile
from schemas.bib import Agent, Bib, Host, Title, replace
from tests.federation.matching.records import BOOK, compare

ARTICLE = Bib(
    Title("Lễ khao lề thế lính Hoàng Sa ở Lý Sơn"),
    "article",
    "b",
    agents=(Agent("Nguyễn Đăng Vũ", main=True),),
    host=Host("Nghiên cứu Đông Nam Á", "Số 3 (2002), tr. 20-25"),
)


def within(*host: object) -> Bib:
    return replace(ARTICLE, host=Host(*host))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("why", "other", "decision"),
    [
        ("the year is all that is told", within("Nghiên cứu Đông Nam Á", "2002"), "same"),
        ("with the word for journal", within("Tạp chí Nghiên cứu Đông Nam Á", "2002, số 3"), "same"),
        ("another issue", within("Nghiên cứu Đông Nam Á", "Số 4 (2002), tr. 20-25"), "different"),
        ("other numbers, told in another way", within("Nghiên cứu Đông Nam Á", "T. 7, số 1 (2002)"), "unsure"),
        ("another journal", within("Xưa và nay", "Số 3 (2002)"), "unsure"),
        ("other pages are no other issue", within("Nghiên cứu Đông Nam Á", "Số 3 (2002), tr. 20"), "same"),
    ],
)
def test_an_article_is_told_from_another_by_journal_and_issue(why: str, other: Bib, decision: str) -> None:
    assert compare(ARTICLE, other).decision == decision, why


def test_an_article_is_dated_by_its_issue() -> None:
    assert profile(ARTICLE).year == 2002
    assert profile(within("Xưa và nay", "2001-2002")).year == 0


def test_numbers_of_one_agency_tell_two_hosts_apart_and_those_of_two_agencies_say_nothing() -> None:
    one, other, foreign = (within("Levy", "", (number,)) for number in ("(VN-A)00012", "(VN-A)13", "(VN-B)14"))
    dated = [replace(each, publication=replace(BOOK.publication, year=2002)) for each in (one, other, foreign)]
    assert compare(dated[0], dated[1]).decision == "unsure"
    assert compare(dated[0], dated[2]).decision == "same"


def test_a_number_without_an_agency_is_of_the_agency_of_the_record() -> None:
    told = replace(within("Levy", "", ("FCC000000666",)), control_agency="FI-MELINDA")
    place = profile(told).host
    assert place is not None
    assert place.numbers == (("FI-MELINDA", "666"),)
    assert place.shown == "levy (FI-MELINDA) 666"


def test_a_serial_that_only_one_record_says_is_a_part_of_another_goes_to_a_person() -> None:
    serial = replace(BOOK, level="s", material="serial")
    assert compare(serial, replace(serial, host=Host("Sông Trà", "Phụ trương"))).decision == "unsure"


def test_the_collection_in_which_a_book_was_bought_is_no_host() -> None:
    assert profile(replace(BOOK, host=Host("Ebook Central"))).host is None


def test_a_profile_with_a_host_is_stored_and_read_again() -> None:
    found = profile(within("Levy", "Số 3", ("(VN-A)12",)))
    assert decoded(encoded(found)) == found
