"""All values of one facet: page after page, A to Z, and the box that finds one of them."""

from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.values import MOST
from federation.web.labels import Labels
from federation.web.search import drawers
from federation.web.search.request import Asked
from tests.federation.web.fakes import FakeCatalogue
from tests.support.languages import VIETNAMESE

LABELS = Labels(VIETNAMESE, {"tvt": "Thư viện tỉnh", "lk": "Trường Lê Khiết"})
SOME = (("bả", 3), ("ba bể", 2), ("ba", 1), *((f"x{n:04}", 1) for n in range(2 * drawers.PAGE)))


def shown(facets: Mapping[str, tuple[tuple[str, int], ...]], asked: Asked, **parameters: str) -> drawers.Shown:
    drawer = drawers.read({name: [value] for name, value in parameters.items()})
    return drawers.shown(cast("Catalogue", FakeCatalogue(facets=facets)), asked, drawer, LABELS)


def labels(made: drawers.Shown) -> list[str]:
    return [choice.label for choice in made.choices]


@pytest.mark.parametrize("facet", ["creator", "collection"])
def test_values_come_a_page_at_a_time_by_count_or_in_dictionary_order(facet: str) -> None:
    first = shown({facet: SOME}, Asked("x"), facet=facet)
    assert labels(first)[:3] == ["bả", "ba bể", "ba"]
    assert (len(first.choices), first.previous, first.cut) == (drawers.PAGE, "", False)
    assert parse_qs(urlsplit(first.following).query) == {"q": ["x"], "facet": [facet], "of": ["2"]}
    last = shown({facet: SOME}, Asked("x"), facet=facet, of="3")
    assert labels(last) == ["x0197", "x0198", "x0199"]
    assert (last.following, last.previous != "") == ("", True)
    assert labels(shown({facet: SOME}, Asked("x"), facet=facet, order="az"))[:3] == ["ba", "ba bể", "bả"]


def test_creators_are_told_however_many_there_are_and_those_in_order_of_name_say_what_is_left_out() -> None:
    many = {"creator": tuple((f"n{n:05}", 1) for n in range(MOST + drawers.PAGE))}
    beyond = shown(many, Asked(), facet="creator", of=str(MOST // drawers.PAGE + 1))
    assert labels(beyond)[0] == f"n{MOST:05}"
    assert not beyond.cut
    assert shown(many, Asked(), facet="creator", order="az").cut


def test_the_box_finds_values_of_large_facets_in_the_catalogue() -> None:
    made = shown({"creator": SOME}, Asked("x"), facet="creator", find=" ba ")
    assert labels(made) == ["ba bể", "ba"]
    assert made.cut
    assert "find=" not in made.all
    assert "find=ba" in made.by_name


@pytest.mark.parametrize(
    ("find", "found"), [("le kh", ["Trường Lê Khiết"]), ("TỈNH thu", ["Thư viện tỉnh"]), ("x", [])]
)
def test_the_box_finds_values_of_small_facets_by_the_words_they_are_called_by(find: str, found: list[str]) -> None:
    counts = {"member": (("tvt", 3), ("lk", 1), ("gone", 0))}
    assert labels(shown(counts, Asked(), facet="member", find=find)) == found


def test_chosen_values_stand_where_they_stand_and_can_be_taken_off() -> None:
    made = shown({"creator": SOME}, Asked("x", {"creator": ("ba bể",)}), facet="creator")
    assert [(choice.label, choice.chosen) for choice in made.choices[:2]] == [("bả", False), ("ba bể", True)]
    assert made.choices[1].address == "/search?q=x"


@pytest.mark.parametrize(
    ("of", "page"), [("", 1), ("0", 1), ("abc", 1), ("-1", 1), ("٣", 1), ("600", 600), ("999", 600)]
)
def test_pages_that_cannot_be_are_the_first_and_the_last(of: str, page: int) -> None:
    assert drawers.read({"facet": ["creator"], "of": [of]}).page == page


def test_the_page_says_of_which_search_it_is_and_its_form_keeps_it(client: FlaskClient) -> None:
    page = client.get("/search/facet?q=toán&f.member=tvt&toned=1&facet=subject&order=az&find=xyz&lang=en").text
    assert "Of the titles for: “toán” · Library: Thư viện tổng hợp tỉnh Quảng Ngãi" in page
    form = page[page.index('class="find"') : page.index("</form>", page.index('class="find"'))]
    for kept in ('name="q" value="toán"', 'name="f.member" value="tvt"', 'name="facet" value="subject"', 'value="az"'):
        assert kept in form
    assert 'name="toned" value="1"' in form
    assert "Nothing in this list is called so." in page


def test_unknown_facets_have_no_page(client: FlaskClient) -> None:
    assert client.get("/search/facet?q=a&facet=material").status_code == 200
    assert client.get("/search/facet?q=a&facet=colour").status_code == 404
