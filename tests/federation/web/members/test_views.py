from flask.testing import FlaskClient
from lxml import html

from tests.federation.web.fakes import FakeCatalogue


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.text


def test_a_library_tells_where_it_is_and_how_it_is_reached(client: FlaskClient) -> None:
    page = text(client, "/library/tvt")
    for words in (
        "<h1>Thư viện tổng hợp tỉnh Quảng Ngãi</h1>",
        "Thư viện công cộng · Cấp tỉnh · Quảng Ngãi",
        "12 Lê Trung Đình",
        "<dd>Thứ 7: 8:00-11:00</dd>",
        'href="tel:02553822000"',
        'href="mailto:tv@example.vn"',
        'href="https://www.openstreetmap.org/?mlat=15.12050&amp;mlon=108.79230#map=17/15.12050/108.79230"',
        'rel="canonical" href="http://127.0.0.1:8080/library/tvt"',
    ):
        assert words in page


def test_a_library_that_told_nothing_has_a_page_too(client: FlaskClient) -> None:
    page = text(client, "/library/pvd?lang=en")
    assert "The library has not told yet." in page
    assert "openstreetmap" not in page


def test_its_search_box_is_limited_to_it(client: FlaskClient) -> None:
    page = html.document_fromstring(text(client, "/library/tvt"))
    (form,) = page.xpath("//form")
    assert (form.get("action"), form.get("method")) == ("/search", "get")
    assert form.xpath(".//input[@name='f.member']/@value") == ["tvt"]


def test_it_counts_what_it_holds_and_shows_what_is_new(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    page = text(client, "/library/tvt")
    assert catalogue.asked[0].filters == {"member": ("tvt",)}
    for words in ("1.234", "20/11/2026", 'href="/record/1"', "/search?f.member=tvt&amp;f.language=vie", "Tiếng Việt"):
        assert words in page


def test_the_snippet_is_shown_and_not_run(client: FlaskClient) -> None:
    page = html.document_fromstring(text(client, "/library/tvt"))
    (code,) = page.xpath("//pre/code")
    assert code.text_content().startswith('<form action="http://127.0.0.1:8080/search"')


def test_no_library_no_page(client: FlaskClient) -> None:
    text(client, "/library/nobody", 404)
    text(client, "/library/%3Cscript%3E", 404)


def test_the_list_names_every_library_with_its_titles(client: FlaskClient) -> None:
    page = text(client, "/libraries")
    for words in ('href="/library/tvt"', 'href="/library/lqd"', "3 nhan đề", 'href="/libraries?by=kind"'):
        assert words in page
    assert "Thư viện trường học" in text(client, "/libraries?by=kind")
    assert "Chưa rõ" in text(client, "/libraries?by=level")


def test_pages_of_libraries_are_light(client: FlaskClient) -> None:
    for path in ("/library/tvt", "/libraries"):
        assert sum(len(client.get(each).data) for each in (path, "/static/lienthong.css")) < 60_000
