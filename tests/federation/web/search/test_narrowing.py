"""Trees, bars, all values of a facet, and the advanced form."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from federation.web.labels import Labels
from federation.web.search import advanced
from federation.web.search.narrowing import bars, chips, facets
from federation.web.search.request import FACET_SIZE, Asked, adding, address, read
from tests.federation.web.fakes import FakeCatalogue
from tests.support.languages import VIETNAMESE

LABELS = Labels(
    VIETNAMESE,
    {"tvt": "Thư viện tỉnh", "a": "A", "b": "B"},
    areas={"51": "Quảng Ngãi"},
    parents={"tvt": "level:51/province", "a": "level:51/commune", "b": ""},
)
PLACES = (
    *(("area:51", 9), ("level:51/province", 7), ("level:51/commune", 3)),
    *(("member:tvt", 7), ("member:a", 3), ("member:b", 1), ("member:gone", 1)),
)


def test_places_are_a_tree_of_area_level_and_library() -> None:
    (tree,) = facets(Asked("x", {"place": ("member:a",)}), {"place": PLACES}, LABELS)
    assert [(choice.depth, choice.label, choice.count, choice.chosen) for choice in tree.choices] == [
        (0, "Quảng Ngãi", 9, False),
        (1, "Cấp tỉnh", 7, False),
        (2, "Thư viện tỉnh", 7, False),
        (1, "Cấp xã", 3, False),
        (2, "A", 3, True),
        (0, "B", 1, False),
        (0, "gone", 1, False),
    ]
    assert tree.choices[0].address == "/search?q=x&f.place=member%3Aa&f.place=area%3A51"
    assert tree.choices[4].address == "/search?q=x"


def test_dewey_divisions_are_shown_under_the_class_that_is_chosen() -> None:
    counts = {"ddc": (("8", 5), ("89", 4), ("9", 3), ("95", 2), ("81", 1))}
    (closed,) = facets(Asked("x"), counts, LABELS)
    assert [choice.label for choice in closed.choices] == ["800 Văn học", "900 Lịch sử, địa lý"]
    (opened,) = facets(Asked("x", {"ddc": ("89",)}), counts, LABELS)
    assert [(choice.value, choice.depth) for choice in opened.choices] == [("8", 0), ("81", 1), ("89", 1), ("9", 0)]


def test_grades_are_in_order_of_number() -> None:
    (made,) = facets(Asked("x"), {"grade": (("10", 9), ("2", 1))}, LABELS)
    assert [choice.label for choice in made.choices] == ["Lớp 2", "Lớp 10"]


def test_years_are_bars_of_the_last_hundred_and_twenty() -> None:
    drawn = bars({"2019": 40, "2020": 1, "1850": 3, "2010": 20})
    assert drawn is not None
    assert (drawn.first, drawn.last, drawn.width) == (2010, 2020, 11)
    assert drawn.bars == ((0, 20, 2010, 20), (9, 40, 2019, 40), (10, 1, 2020, 1))
    assert bars({"2019": 40}) is None


def test_a_facet_that_is_full_leads_to_all_its_values() -> None:
    counts = {"creator": tuple((f"c{n}", 1) for n in range(FACET_SIZE)), "subject": (("s", 1),)}
    _, creator, subject = facets(Asked("x", {"material": ("book",)}, page=3), counts, LABELS)
    assert parse_qs(urlsplit(creator.more).query)["facet"] == ["creator"]
    assert creator.more.startswith("/search/facet?q=x&f.material=book")
    assert subject.more == ""


@pytest.mark.parametrize("asked", [Asked("x"), Asked(), Asked("x", {"subject": ("a&b",), "grade": ("5",)}, toned=True)])
@pytest.mark.parametrize("facet", ["place", "creator", "programme"])
def test_adding_a_value_writes_the_address_of_the_whole(asked: Asked, facet: str) -> None:
    values = {**asked.filters, facet: (*asked.filters.get(facet, ()), "đ & x")}
    assert adding(asked, facet)("đ & x") == address(Asked(asked.text, values, asked.sort, 1, asked.toned))


def test_years_are_typed_as_a_span() -> None:
    assert read({"q": ["x"], "from": ["1990"], "to": ["1999"]}).filters == {"year": ("1990-1999",)}
    assert read({"q": ["x"], "from": ["1990"], "to": [""]}).filters == {"year": ("1990-",)}
    assert LABELS.of("year", "1990-1999") == "1990–1999"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"title": ["Mắt  biếc"], "creator": ['"Nguyễn Nhật Ánh"']}, 'title:Mắt title:biếc creator:"Nguyễn Nhật Ánh"'),
        ({"any": ["quảng ngãi"], "not": ["bản đồ"]}, "quảng ngãi -bản -đồ"),
        ({"isbn": ["9786041140530"]}, "isbn:9786041140530"),
    ],
)
def test_the_advanced_form_writes_what_a_reader_could_have_typed(typed: dict[str, list[str]], text: str) -> None:
    asked = advanced.asked({**typed, "f.material": ["book"]})
    assert asked == Asked(text, {"material": ("book",)})


def test_an_empty_form_asks_nothing() -> None:
    assert advanced.asked({"title": [""], "f.material": [""], "from": [""]}) is None


def test_the_form_is_shown_and_leads_to_its_search(client: FlaskClient) -> None:
    page = client.get("/search/advanced?lang=vi")
    assert page.status_code == 200
    assert 'name="creator"' in page.text
    answer = client.get("/search/advanced?title=kiều&from=1990&to=")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=title%3Aki%E1%BB%81u&f.year=1990-")


def test_what_was_meant_and_what_finds_nothing_is_told(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.total = 0
    page = client.get("/search?q=mawts+bieecs&lang=en").text
    assert 'Did you mean <a href="/search?q=m%E1%BA%AFt+bi%E1%BA%BFc">mắt biếc</a>?' in page
    assert "No title, name or subject has the word “mawts”." in page
    assert '<a href="/search?q=bieecs">1 title without “mawts”</a>' in page


def test_a_search_narrowed_to_nothing_tells_what_it_finds_without_each_narrowing(
    client: FlaskClient, catalogue: FakeCatalogue
) -> None:
    catalogue.total = 0
    page = client.get("/search?q=a&f.material=map&f.member=tvt&f.member=lqd&page=2&lang=en").text
    both = "Thư viện tổng hợp tỉnh Quảng Ngãi, Trường THPT chuyên Lê Khiết"
    assert f'<a href="/search?q=a&amp;f.material=map">1 title without “Library: {both}”</a>' in page
    assert '<a href="/search?q=a&amp;f.member=tvt&amp;f.member=lqd">1 title without “Material: Map”</a>' in page
    assert " without “Material" not in client.get("/search?q=a&f.material=map&f.kind=x&f.grade=5&lang=en").text


def test_beginnings_are_answered_as_browsers_ask_for_them(client: FlaskClient) -> None:
    answer = client.get("/search/suggest?q=m%E1%BA%AFt")
    assert answer.mimetype == "application/x-suggestions+json"
    typed, values, kinds = answer.json or ("", [], [])
    assert (typed, values[1], kinds[1]) == ("mắt", "Nguyễn Nhật Ánh", "Tác giả (16)")


def test_a_row_tells_edition_year_libraries_and_the_day(client: FlaskClient) -> None:
    page = client.get("/search?q=a&lang=vi").text
    assert "In lần thứ 40. – Tp. Hồ Chí Minh : Nxb. Trẻ, 2019" in page
    assert "2 thư viện có" in page


def test_what_is_narrowed_by_but_not_counted_is_a_chip_and_no_facet_that_says_nought() -> None:
    asked = Asked("x", {"member": ("tvt",), "title": ("Mắt biếc",)})
    assert facets(asked, {}, LABELS) == ()
    assert [(chip.heading, chip.label) for chip in chips(asked, LABELS)] == [
        ("Thư viện", "Thư viện tỉnh"),
        ("Nhan đề", "Mắt biếc"),
    ]
