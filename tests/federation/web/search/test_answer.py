from urllib.parse import unquote_plus

from federation.catalogue.records import Hit
from federation.web.labels import Labels
from federation.web.search.answer import has_tones, orders, pages, row, ways
from federation.web.search.narrowing import chips, facets
from federation.web.search.request import MAX_PAGE, Asked
from schemas.bib import Agent, Bib, Title
from tests.federation.web.fakes import MEMBERS, RICH, STAMP
from tests.support.languages import VIETNAMESE

LABELS = Labels(VIETNAMESE, {member.code: member.name for member in MEMBERS}, {"public": "Thư viện công cộng"})


def test_a_row_says_who_what_when_and_where_in_words() -> None:
    shown = row(Hit(1, RICH, ("tvt", "gone"), STAMP), LABELS)
    assert shown.title == "Mắt biếc : truyện dài"
    assert shown.creator == "Nguyễn Nhật Ánh"
    assert shown.imprint == "Tp. Hồ Chí Minh : Nxb. Trẻ, 2019"
    assert shown.material == "Sách"
    assert shown.libraries == ("Thư viện tổng hợp tỉnh Quảng Ngãi", "gone")


def test_a_record_without_title_still_has_something_to_click_on() -> None:
    assert row(Hit(1, Bib(Title("")), (), STAMP), LABELS).title


def test_a_vietnamese_name_is_shown_as_it_is_said_and_another_as_it_is_filed() -> None:
    headings = ("Nguyễn, Nhật Ánh", "Updike, John")
    bibs = [Bib(Title("A"), agents=(Agent(heading, main=True),)) for heading in headings]
    assert [row(Hit(1, bib, (), STAMP), LABELS).creator for bib in bibs] == ["Nguyễn Nhật Ánh", "Updike, John"]


def test_a_facet_shows_chosen_values_first_even_when_nothing_has_them() -> None:
    (made,) = facets(Asked("a", {"member": ("pvd",)}), {"member": (("tvt", 3), ("lqd", 0))}, LABELS)
    assert [(choice.label, choice.count, choice.chosen) for choice in made.choices] == [
        ("Trường Đại học Phạm Văn Đồng", 0, True),
        ("Thư viện tổng hợp tỉnh Quảng Ngãi", 3, False),
    ]
    assert made.used


def test_a_choice_adds_itself_and_a_chosen_one_takes_itself_off() -> None:
    (made,) = facets(Asked("a", {"member": ("tvt",)}, page=4), {"member": (("tvt", 3), ("lqd", 1))}, LABELS)
    assert made.choices[0].address == "/search?q=a"
    assert made.choices[1].address == "/search?q=a&f.member=tvt&f.member=lqd"


def test_decades_are_in_order_of_time_not_of_count() -> None:
    (made,) = facets(Asked(), {"decade": (("1990", 9), ("2010", 5), ("2000", 1))}, LABELS)
    assert [choice.label for choice in made.choices] == ["2010–2019", "2000–2009", "1990–1999"]


def test_facets_without_values_are_not_shown() -> None:
    assert facets(Asked(), {"member": (), "kind": (("public", 1),)}, LABELS)[0].name == "kind"


def test_a_chip_leads_to_the_search_without_it() -> None:
    made = chips(Asked("a", {"member": ("tvt",), "subject": ("Lịch sử & đất",)}), LABELS)
    assert [chip.label for chip in made] == ["Thư viện tổng hợp tỉnh Quảng Ngãi", "Lịch sử & đất"]
    assert made[1].address == "/search?q=a&f.member=tvt"
    assert unquote_plus(made[0].address) == "/search?q=a&f.subject=Lịch sử & đất"


def test_page_numbers_have_gaps_neighbours_and_ends() -> None:
    made = pages(Asked("a", page=10), 1000)
    assert [number for number, _ in made.numbers] == [1, 0, 8, 9, 10, 11, 12, 0, 50]
    assert made.previous == "/search?q=a&page=9"
    assert made.following == "/search?q=a&page=11"


def test_one_page_has_no_neighbours() -> None:
    made = pages(Asked("a"), 20)
    assert (made.last, made.previous, made.following) == (1, "", "")


def test_no_link_leads_beyond_the_last_page_that_is_answered() -> None:
    made = pages(Asked("a", page=MAX_PAGE), 10**9)
    assert made.last == MAX_PAGE
    assert made.following == ""


def test_a_page_after_the_end_leads_nowhere_but_back() -> None:
    made = pages(Asked("a", page=99), 40)
    assert made.following == ""
    assert made.numbers[-1][0] == 2


def test_orders_keep_the_search_and_go_to_the_first_page() -> None:
    made = orders(Asked("a", sort="title", page=3))
    assert [order.current for order in made] == [False, False, False, True, False]
    assert made[1].address == "/search?q=a&sort=newest"


def test_ways_lead_to_the_searches_nearby() -> None:
    near = ways(Asked("a", {"kind": ("public",)}, toned=True, page=2))
    assert near.untoned == "/search?q=a&f.kind=public"
    assert near.unnarrowed == "/search?q=a&toned=1"
    assert near.first == "/search?q=a&f.kind=public&toned=1"


def test_only_marks_of_letters_count_as_tones() -> None:
    assert has_tones("Quảng Ngãi")
    assert has_tones("đất")
    assert not has_tones('Quang NGAI "10" C++')
