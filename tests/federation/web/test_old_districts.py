"""Readers who know the old district only: facet, chips, list and page of libraries, API, in a catalogue of real rows.

Five libraries: one of Sơn Tịnh, one of Đông Sơn (made of two districts), one that stood in Ba Tơ by its own rows, one
of Đăk Hà in what was Kon Tum, the province's. Many titles are held by several of them.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from federation import clock
from federation.app import create_app
from federation.catalogue.catalogue import Catalogue
from federation.index.engine import Question
from federation.pipeline.workplace import Workplace
from federation.store import members
from federation.store.members import Placement
from schemas.query.tree import Everything
from tests.support.house import add_files, bring, catalogue, house, step_through
from tests.support.records import iso2709, record

AREAS = {"sontinh": "21220", "dongson": "21109", "bato": "535", "dakha": "23500", "tinh": "51"}
HELD = {"sontinh": range(0, 9), "dongson": range(4, 14), "bato": range(2, 6), "dakha": range(11, 16), "tinh": range(20)}
DISTRICTS = ("522", "524", "527", "535", "615")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """The five libraries with what they hold."""
    folder = tmp_path_factory.mktemp("districts")
    with house(folder / "home") as place:
        for code, area in AREAS.items():
            _filled(place, folder, code, area)
        with place.database.write() as session:  # it moved after the reform
            member = members.one(session, "bato")
            members.place(session, member.id, Placement("public", "21109", "commune"), date(2031, 1, 1))
        step_through(place)
        yield place


def _filled(place: Workplace, folder: Path, code: str, area: str) -> None:
    with place.database.write() as session:
        number = members.add(session, code, f"Thư viện {code}", Placement("public", area, "commune"), clock.now())
    add_files(place, number, code, iso2709(folder / f"{code}.mrc", map(record, HELD[code])))
    bring(place, code)


@pytest.fixture
def read(standing: Workplace) -> Catalogue:
    return catalogue(standing)


@pytest.fixture
def reader(standing: Workplace) -> FlaskClient:
    return create_app(standing.settings).test_client()


def counts(read: Catalogue, **filters: tuple[str, ...]) -> dict[str, int]:
    asked = Question(Everything(), limit=0, filters=filters, facets=("district",), facet_size=30)
    return dict(read.search(asked).facets["district"])


def total(read: Catalogue, **filters: tuple[str, ...]) -> int:
    return read.search(Question(Everything(), limit=0, filters=filters)).total


def page(reader: FlaskClient, address: str) -> html.HtmlElement:
    response = reader.get(address)
    assert response.status_code == 200, response.text
    return html.document_fromstring(response.text)


def facet(found: html.HtmlElement, heading: str) -> html.HtmlElement:
    (made,) = [each for each in found.iterfind(".//details[@class='facet']") if each.findtext("summary/h3") == heading]
    return made


def headline(found: html.HtmlElement) -> str:
    return str(found.find(".//h1").text_content()).strip()


def test_a_title_that_two_libraries_of_a_district_hold_counts_once(read: Catalogue) -> None:
    assert counts(read) == {"524": 10, "522": 10, "527": 9, "535": 4, "615": 5}


@given(
    filters=st.dictionaries(
        st.sampled_from(["member", "area", "kind", "decade"]),
        st.sampled_from(
            [("sontinh",), ("dongson", "tinh"), ("21109",), ("51", "23500"), ("public",), ("1980", "2000")]
        ),
        max_size=2,
    ),
    chosen=st.lists(st.sampled_from(DISTRICTS), unique=True, max_size=3).map(tuple),
)
def test_what_a_district_counts_is_what_narrowing_by_it_finds(
    standing: Workplace, filters: dict[str, tuple[str, ...]], chosen: tuple[str, ...]
) -> None:
    read = catalogue(standing)
    for code, count in counts(read, **filters, **({"district": chosen} if chosen else {})).items():
        assert total(read, **filters, district=(code,)) == count


def test_several_districts_find_what_any_of_them_has(read: Catalogue) -> None:
    assert total(read, district=("527", "535")) == len({*HELD["sontinh"], *HELD["bato"]})
    assert (
        total(read, district=("522",)) == total(read, district=("524",)) == total(read, district=("522", "524")) == 10
    )


@pytest.mark.parametrize(
    ("lang", "heading", "unseen"),
    [("vi", "Huyện cũ (trước 1/7/2025)", "Huyện cũ"), ("en", "Old district (until 30 June 2025)", "Old district")],
)
def test_the_facet_leads_to_its_titles_and_the_chips_lead_back(
    reader: FlaskClient, lang: str, heading: str, unseen: str
) -> None:
    offered = facet(page(reader, f"/search?q=&lang={lang}"), heading)
    assert offered.get("open") is None  # closed under the places of today, until it is used
    words = {link.text_content(): link.get("href") for link in offered.iterfind(".//a")}
    assert set(words) == {*("Huyện Bình Sơn", "Thành phố Quảng Ngãi", "Huyện Sơn Tịnh", "Huyện Đăk Hà", "Huyện Ba Tơ")}
    narrowed = page(reader, words["Huyện Sơn Tịnh"])
    assert headline(narrowed).startswith("9 ")
    (again,) = facet(narrowed, heading).xpath(".//a[.//span[.='Huyện Ba Tơ']]/@href")
    both = page(reader, again)
    chips = [" ".join(chip.text_content().split()) for chip in both.xpath("//ul[@class='chips']//a[small]")]
    assert [chip.split(" ✕")[0] for chip in chips] == [f"{heading}: Huyện Sơn Tịnh", f"{heading}: Huyện Ba Tơ"]
    assert all(unseen in chip for chip in chips)
    assert facet(both, heading).get("open") is not None
    (back,) = both.xpath("//ul[@class='chips']//a[contains(., 'Ba Tơ')]/@href")
    assert headline(page(reader, back)).startswith("9 ")


def test_a_district_can_be_typed_into_the_box_and_asked_for_in_cql(reader: FlaskClient) -> None:
    assert headline(page(reader, "/search?q=huyen-cu:527")).startswith("9 ")
    sru = reader.get("/sru?version=2.0&query=lienthong.district%3D527&maximumRecords=0&facetLimit=5:lienthong.district")
    assert "<numberOfRecords>9</numberOfRecords>" in sru.text
    assert "<actualTerm>535</actualTerm>" in sru.text


def test_the_api_counts_and_names_districts(reader: FlaskClient) -> None:
    found = reader.get("/api/v1/records?f.district=527&facet=district&limit=0").get_json()
    assert found["total"] == 9
    assert {"value": "535", "count": 4, "label": "Huyện Ba Tơ"} in found["facets"]["district"]
    library = reader.get("/api/v1/libraries/dongson").get_json()
    assert library["districts"] == [
        {"code": "524", "name": "Huyện Bình Sơn"},
        {"code": "522", "name": "Thành phố Quảng Ngãi"},
    ]


@pytest.mark.parametrize(("lang", "told"), [("vi", "trước 01/07/2025: "), ("en", "before 1 July 2025: ")])
def test_the_page_of_a_library_and_the_list_name_the_old_district(reader: FlaskClient, lang: str, told: str) -> None:
    assert f"{told}Huyện Bình Sơn, Thành phố Quảng Ngãi" in reader.get(f"/library/dongson?lang={lang}").text
    assert f"{told}Huyện Ba Tơ" in reader.get(f"/library/bato?lang={lang}").text
    assert told not in reader.get(f"/library/tinh?lang={lang}").text
    listed = reader.get(f"/libraries?lang={lang}").text
    assert f" · {told}Huyện Sơn Tịnh · " in listed


def test_the_list_by_old_district_has_a_library_under_both_it_was_made_of(reader: FlaskClient) -> None:
    found = page(reader, "/libraries?by=district")
    groups = {
        section.find("h2").text.strip(): [link.text for link in section.iterfind(".//li/a")]
        for section in found.iterfind(".//section[@class='libraries']")
    }
    assert list(groups) == [
        *("Huyện Ba Tơ", "Huyện Bình Sơn", "Huyện Đăk Hà", "Huyện Sơn Tịnh", "Thành phố Quảng Ngãi", "Chưa rõ")
    ]
    assert groups["Huyện Bình Sơn"] == groups["Thành phố Quảng Ngãi"] == ["Thư viện dongson"]
    assert groups["Huyện Ba Tơ"] == ["Thư viện bato"]


def test_sets_and_identifiers_name_no_district(standing: Workplace, reader: FlaskClient) -> None:
    sets = reader.get("/oai?verb=ListSets").text
    headers = reader.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc").text
    assert not any(f":{code}<" in sets + headers or f"{code}/" in sets + headers for code in DISTRICTS)
    assert "district" not in sets
