from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from federation.catalogue.records import Heading
from federation.web.browse.request import PAGE_SIZE
from tests.federation.web.fakes import FakeCatalogue

MANY = tuple(Heading(f"Toán {number:04}", number % 7 + 1) for number in range(130))


@pytest.fixture
def full(catalogue: FakeCatalogue) -> FakeCatalogue:
    catalogue.headings = MANY
    return catalogue


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return html.document_fromstring(response.text)


def headings(found: html.HtmlElement) -> list[str]:
    return [link.text for link in found.xpath("//ol[@class='drawer']//a")]


def test_pages_lead_on_and_back_over_every_heading_once(client: FlaskClient, full: FakeCatalogue) -> None:
    seen, path = [], "/browse/title"
    while path:
        found = page(client, path)
        seen += headings(found)
        path = next(iter(found.xpath("//head/link[@rel='next']/@href")), "")
    assert seen == [heading.value for heading in MANY]
    (back,) = found.xpath("//head/link[@rel='prev']/@href")
    assert headings(page(client, back)) == seen[len(seen) - 30 - PAGE_SIZE : len(seen) - 30]


def test_a_place_is_jumped_to_though_nothing_stands_there(client: FlaskClient, full: FakeCatalogue) -> None:
    found = page(client, "/browse/title?from=To%C3%A1n+00995")
    assert headings(found)[0] == "Toán 0100"
    assert found.xpath("//input[@id='from']/@value") == ["Toán 00995"]


def test_the_end_of_a_drawer_says_so(client: FlaskClient, full: FakeCatalogue) -> None:
    found = page(client, "/browse/title?from=X&lang=en")
    assert headings(found) == []
    assert "There is nothing from here on." in found.text_content()
    assert found.xpath("//a[@rel='prev nofollow']")


@pytest.mark.parametrize(
    ("name", "value", "query"),
    [
        ("creator", "Nguyễn Nhật Ánh", {"f.creator": ["Nguyễn Nhật Ánh"]}),
        ("given", "Nguyễn Nhật Ánh", {"f.creator": ["Nguyễn Nhật Ánh"]}),
        ("given", "x" * 400, {"q": [f'creator:"{"x" * 400}"']}),
        ("subject", "Lịch sử -- Việt Nam", {"f.subject": ["Lịch sử -- Việt Nam"]}),
        ("title", 'Mắt "biếc" : truyện', {"f.title": ['Mắt "biếc" : truyện']}),
        ("title", '"' + "x" * 400, {"q": [f'title:"{"x" * 400}"']}),
        ("class", "895.922 34", {"q": ['class:"895.922 34"']}),
        ("subject", "x" * 400, {"q": [f'subject:"{"x" * 400}"']}),
    ],
)
def test_a_heading_leads_to_its_records(
    client: FlaskClient, catalogue: FakeCatalogue, name: str, value: str, query: dict[str, list[str]]
) -> None:
    catalogue.headings = (Heading(value, 3),)
    (link,) = page(client, f"/browse/{name}").xpath("//ol[@class='drawer']//a/@href")
    assert (urlsplit(link).path, parse_qs(urlsplit(link).query)) == ("/search", query)
    assert client.get(link).status_code == 200


def test_letters_of_the_dictionary_and_hundreds_of_dewey_lead_into_the_drawers(client: FlaskClient) -> None:
    letters = [link.text for link in page(client, "/browse/creator").xpath("//nav[starts-with(@class,'letters')]//a")]
    assert letters[:7] == ["A", "Ă", "Â", "B", "C", "D", "Đ"]
    hundreds = page(client, "/browse/class?from=810").xpath("//nav[starts-with(@class,'letters')][1]//a")
    assert len(hundreds) == 10
    assert hundreds[8].text.startswith("800 ")
    assert hundreds[8].get("aria-current") == "true"


def test_numbers_stand_under_the_divisions_of_dewey_which_lead_on(
    client: FlaskClient, catalogue: FakeCatalogue
) -> None:
    catalogue.headings = tuple(Heading(number, 1) for number in ("510", "512.5", "530.1", "5307", "QA76"))
    found = page(client, "/browse/class?from=510")
    captions = [heading.text for heading in found.xpath("//h2[@class='division']")]
    assert captions == ["510 Toán học", "530 Vật lý"]
    assert [len(group.xpath(".//li")) for group in found.xpath("//ol[@class='drawer']")] == [2, 1, 2]
    divisions = found.xpath("//nav[@aria-label='Phân lớp']//a")
    assert [link.get("href") for link in divisions[:2]] == ["/browse/class?from=500", "/browse/class?from=510"]
    assert divisions[1].get("aria-current") == "true"
    assert not page(client, "/browse/class").xpath("//nav[@aria-label='Phân lớp']")
    assert not page(client, "/browse/title?from=510").xpath("//nav[@aria-label='Phân lớp']")


def test_there_are_five_drawers_and_no_other(client: FlaskClient) -> None:
    assert len(page(client, "/browse").xpath("//nav[@class='sorts']//li")) == 5
    assert client.get("/browse/colour").status_code == 404
    assert client.get("/browse/title?from=" + "x" * 301).status_code == 400


def test_a_page_of_long_headings_is_light(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.headings = tuple(
        Heading(f"{number:03} " + "Văn hoá các dân tộc thiểu số " * 6, 1) for number in range(60)
    )
    sizes = [len(client.get(path).data) for path in ("/browse/title", "/static/lienthong.css")]
    assert sizes[0] < 80_000  # as it travels it is a tenth of that
    assert sizes[1] < 20_000
