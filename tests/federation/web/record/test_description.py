from datetime import date

import pytest

from federation.web.labels import Labels
from federation.web.record.description import lines, web_address
from federation.web.record.holdings import libraries
from schemas.bib import Agent, Bib, Identifier, Link, Subject, Title
from tests.federation.web.fakes import HOLDINGS, RICH
from tests.support.languages import ENGLISH

LABELS = Labels(ENGLISH)


def described(bib: Bib) -> dict[str, list[str]]:
    return {line.label: [value.text for value in line.values] for line in lines(bib, LABELS)}


def test_a_rich_record_is_told_in_the_order_of_a_catalogue_card() -> None:
    told = described(RICH)
    assert list(told) == [
        "Creator",
        "Contributors",
        "Other titles",
        "Edition",
        "Published",
        "Extent",
        "Series",
        "Material",
        "Language",
        "Subjects",
        "Classification",
        "ISBN",
        "Summary",
        "Notes",
        "Online",
    ]
    assert told["Creator"] == ["Nguyễn Nhật Ánh, 1955-"]
    assert told["Contributors"] == ["Đỗ Hoàng Tường (minh hoạ)"]
    assert told["ISBN"] == ["9786041140530 (bìa mềm)"]
    assert told["Series"] == ["Tủ sách Tuổi mới lớn ; T. 4"]


def test_what_is_not_stated_has_no_line() -> None:
    assert list(described(Bib(Title("A")))) == ["Material"]


def test_what_several_libraries_say_alike_is_told_once() -> None:
    told = described(
        Bib(
            Title("A"),
            identifiers=(Identifier("isbn", "9786041140530"), Identifier("isbn", "9786041140530", "bìa mềm")),
            subjects=(Subject("Tiểu thuyết"), Subject("Lịch sử"), Subject("Tiểu thuyết", "genre", "bkts")),
        )
    )
    assert told["ISBN"] == ["9786041140530 (bìa mềm)"]
    assert told["Subjects"] == ["Tiểu thuyết", "Lịch sử"]


def test_creators_and_subjects_lead_to_searches() -> None:
    found = {value.text: value.address for line in lines(RICH, LABELS) for value in line.values}
    assert found["Truyện dài"] == "/search?f.subject=Truy%E1%BB%87n+d%C3%A0i"
    assert found["Nguyễn Nhật Ánh, 1955-"].startswith("/search?f.creator=Nguy%E1%BB%85n+")


def test_a_creator_leads_to_the_name_under_which_the_index_has_it() -> None:
    (creator, *_) = lines(Bib(Title("A"), agents=(Agent("Nguyễn, Du", main=True),)), LABELS)
    assert creator.values[0].text == "Nguyễn Du"
    assert creator.values[0].address == "/search?f.creator=Nguy%E1%BB%85n+Du"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/x",
        "file:///etc/passwd",
        "http:///nohost",
        "http://[broken",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address(" https://thuvien.example.vn/a?b=c#d ") == "https://thuvien.example.vn/a?b=c#d"


def test_holdings_are_grouped_by_library_as_old_as_the_oldest() -> None:
    first, second = libraries(HOLDINGS, {})
    assert (first.code, len(first.shelves), first.as_of) == ("tvt", 2, date(2026, 11, 20))
    assert (second.code, second.as_of) == ("lqd", date(2026, 10, 3))


def test_a_number_with_a_slip_is_shown_but_no_row_of_a_list() -> None:
    numbers = (Identifier("isbn", "1357", valid=False), Identifier("isbn", "978604123456", valid=False))
    assert described(Bib(Title("x"), identifiers=numbers))["ISBN"] == ["978604123456"]
    assert "ISBN" not in described(Bib(Title("x"), identifiers=numbers[:1]))


def test_links_that_are_called_alike_say_where_they_lead() -> None:
    links = (
        Link("https://a.example/1", "1951-"),
        Link("https://b.example/1", "1951-"),
        Link("https://a.example/1", "1951-"),
        Link("https://c.example/", "Toàn văn"),
        Link("javascript:x", "1951-"),
    )
    told = described(Bib(Title("x"), links=links))["Online"]
    assert told == ["1951- (a.example)", "1951- (b.example)", "Toàn văn", "1951-"]
