import csv
import json

from flask.testing import FlaskClient
from lxml import html

from federation.catalogue.formats import FORMATS
from federation.web.basket.request import MOST
from schemas.bib import Agent, Bib, Publication, Title
from tests.federation.web.fakes import PLAIN, FakeCatalogue, record


def put(client: FlaskClient, number: int, back: str = "/record/1") -> None:
    response = client.post("/basket", data={"add": str(number), "back": back})
    assert (response.status_code, response.location) == (303, back)


def titles(client: FlaskClient, path: str = "/basket") -> list[str]:
    page = html.document_fromstring(client.get(path).text)
    return [link.text for link in page.xpath("//ol//h2/a")]


def test_records_are_put_in_taken_out_and_poured_out(client: FlaskClient) -> None:
    assert "Giỏ còn trống" in client.get("/basket").text
    put(client, 2)
    put(client, 1)
    put(client, 2)
    assert titles(client) == ["Địa chí Quảng Ngãi", "Mắt biếc : truyện dài"]
    client.post("/basket", data={"remove": "2"})
    assert titles(client) == ["Mắt biếc : truyện dài"]
    client.post("/basket", data={"empty": "1"})
    assert titles(client) == []


def test_a_record_says_that_it_is_in_the_basket(client: FlaskClient) -> None:
    assert "Cho vào giỏ" in client.get("/record/1").text
    put(client, 1)
    page = html.document_fromstring(client.get("/record/1").text)
    assert page.xpath("//button[@name='remove']/@value") == ["1"]
    assert page.xpath("string(//nav[@class='rooms']//span)") == "1"


def test_a_row_of_a_search_is_put_aside_and_leads_back_to_this_search_and_row(client: FlaskClient) -> None:
    put(client, 2)
    page = html.document_fromstring(client.get("/search?q=a%26b&f.material=book&sort=title&page=2&lang=en").text)
    form = page.get_element_by_id("aside")
    back = "/search?q=a%26b&f.material=book&sort=title&page=2"
    assert form.xpath("./input/@value") == [back]
    assert {button.get("form") for button in page.xpath("//li//button")} == {"aside"}
    assert page.xpath("//li//button[@name='remove']/@value") == ["2"]
    (button,) = page.xpath("//li[@id='r1']//button")
    assert " ".join(button.text_content().split()) == "+ Put into the basket Mắt biếc : truyện dài"
    assert button.get("formaction") == "/basket#r1"
    put(client, 1, back)


def test_the_list_names_shelves_for_who_goes_there_with_it_on_paper(client: FlaskClient) -> None:
    put(client, 1)
    page = client.get("/basket").text
    assert "<b>895.92234 / M124B</b>" in page
    assert page.count("895.92234 / M124B") == 1


def test_an_initial_has_one_full_stop(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    place = Publication("Dubuque", "McGraw-Hill", "2001", 2001)
    catalogue.records[5] = record(5, Bib(Title("Kinetics"), agents=(Agent("Houston, Paul L."),), publication=place))
    assert "<p>Houston, Paul L. Dubuque : McGraw-Hill, 2001</p>" in client.get("/basket?ids=5").text


def test_a_list_that_was_sent_is_shown_and_the_own_one_kept(client: FlaskClient) -> None:
    put(client, 1)
    assert titles(client, "/basket?ids=2.4.999999999999999999999") == ["Địa chí Quảng Ngãi"]
    assert titles(client) == ["Mắt biếc : truyện dài"]


def test_merged_records_are_followed_and_deleted_ones_left_out(client: FlaskClient) -> None:
    assert titles(client, "/basket?ids=8.9.1.7.2") == ["Mắt biếc : truyện dài", "Địa chí Quảng Ngãi"]


def test_the_own_basket_forgets_what_is_gone_and_follows_what_was_merged(client: FlaskClient) -> None:
    client.set_cookie("basket", "8.9.4.2")
    page = html.document_fromstring(client.get("/basket?lang=en").text)
    assert page.xpath("//ol//h2/a/@href") == ["/record/1", "/record/2"]
    assert page.xpath("//p[@role='status']/text()") == [
        "2 titles of this list are no longer in the catalogue and were left out."
    ]
    assert page.xpath("//ol//button/@name") == ["remove", "remove"]
    assert page.xpath("string(//nav[@class='rooms']//span)") == "2"
    assert client.get_cookie("basket").value == "1.2"
    client.post("/basket", data={"remove": "1"})
    assert titles(client) == ["Địa chí Quảng Ngãi"]
    assert 'role="status"' not in client.get("/basket").text


def test_a_list_that_was_sent_says_what_is_missing_and_leaves_the_cookie_alone(client: FlaskClient) -> None:
    response = client.get("/basket?ids=9.1&lang=en")
    assert "One title of this list is no longer in the catalogue" in response.text
    assert "Set-Cookie" not in response.headers or "basket=" not in response.headers["Set-Cookie"]


def test_a_full_basket_says_so_instead_of_losing_a_title_in_silence(client: FlaskClient) -> None:
    full = ".".join(map(str, range(1001, 1001 + MOST)))
    client.set_cookie("basket", full)
    response = client.post("/basket", data={"add": "1", "back": "/record/1"})
    assert (response.status_code, response.location) == (303, "/basket")
    assert client.get_cookie("basket").value == full
    again = client.post("/basket", data={"add": "1001", "back": "/record/1"})
    assert again.location == "/record/1"


def test_a_basket_of_as_many_as_it_holds_says_that_it_is_full(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.records.update({number: record(number, PLAIN) for number in range(1001, 1001 + MOST)})
    client.set_cookie("basket", ".".join(map(str, range(1001, 1001 + MOST))))
    assert f"it holds {MOST} titles" in client.get("/basket?lang=en").text


def test_the_list_is_one_file_in_every_format(client: FlaskClient) -> None:
    for form in FORMATS:
        response = client.get(f"/basket.{form.extension}?ids=1.2")
        assert (response.status_code, response.mimetype) == (200, form.media_type)
        assert f'filename="lienthong.{form.extension}"' in response.headers["Content-Disposition"]
    assert client.get("/basket.ris?ids=1.2").text.count("ER  - ") == 2
    assert len(json.loads(client.get("/basket.csl?ids=1.2").text)) == 2
    rows = list(csv.reader(client.get("/basket.csv?ids=1.2").data.decode("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["id", "1", "2"]


def test_an_unknown_format_lists_those_there_are(client: FlaskClient) -> None:
    page = client.get("/basket.docx?ids=1")
    assert page.status_code == 404
    assert 'href="/basket.ris?ids=1"' in page.text


def test_the_cookie_is_for_this_site_and_no_script(client: FlaskClient) -> None:
    response = client.post("/basket", data={"add": "1"})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_another_site_cannot_change_it(client: FlaskClient) -> None:
    response = client.post("/basket", data={"empty": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
