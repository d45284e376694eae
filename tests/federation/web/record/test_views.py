from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html

from federation.catalogue.records import Hit
from schemas.bib import Bib, Edition, Publication, Title
from tests.federation.web.fakes import HOLDINGS, STAMP, FakeCatalogue, record


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.text


def test_a_record_page_shows_description_holdings_and_marc(client: FlaskClient) -> None:
    page = text(client, "/record/1")
    for words in (
        "<h1>Mắt biếc : truyện dài</h1>",
        "895.92234 / M124B",
        "Đọc tại chỗ",
        "Số liệu đến ngày 20/11/2026",
        "<b>$a</b> Mắt biếc",
        'href="https://thuvien.example.vn/mat-biec"',
        'rel="canonical" href="http://127.0.0.1:8080/record/1"',
    ):
        assert words in page
    assert "javascript:" not in page


def test_a_merged_record_leads_to_the_one_that_lives_in_the_same_format(client: FlaskClient) -> None:
    for path, target in (
        ("/record/7", "/record/1"),
        ("/record/8", "/record/1"),
        ("/record/8.mrc", "/record/1.mrc"),
        ("/record/8?format=mods", "/record/1?format=mods"),
    ):
        response = client.get(path)
        assert (response.status_code, response.location) == (301, target)


def test_a_deleted_record_is_gone_but_its_title_can_be_searched(client: FlaskClient) -> None:
    page = text(client, "/record/9", 410)
    assert "Biểu ghi này đã bị xoá" in page
    assert "/search?q=M%E1%BA%AFt+bi%E1%BA%BFc" in page


@pytest.mark.parametrize("path", ["/record/4", "/record/0", "/record/99999999999999999999999", "/record/x", "/nowhere"])
def test_what_never_was_is_not_found(client: FlaskClient, path: str) -> None:
    assert "Không có trang này" in text(client, path, 404)


@pytest.mark.parametrize("path", ["/record/1.marcxml", "/record/1?format=marcxml"])
def test_a_record_is_given_in_a_format(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "application/marcxml+xml"
    assert 'filename="1.marcxml"' in response.headers["Content-Disposition"]
    assert "Mắt biếc" in response.text


def test_every_format_offered_is_given(client: FlaskClient) -> None:
    for extension in ("marcxml", "mrc", "mods", "dc", "json"):
        assert f'href="/record/1.{extension}"' in text(client, "/record/1")
        assert client.get(f"/record/1.{extension}").status_code == 200


def test_an_unknown_format_lists_those_there_are(client: FlaskClient) -> None:
    page = text(client, "/record/1.docx?lang=en", 404)
    assert "There is no format docx" in page
    assert 'href="/record/1.mods"' in page


def test_a_record_page_is_not_sent_twice_to_who_has_it(client: FlaskClient) -> None:
    first = client.get("/record/1")
    again = client.get("/record/1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/record/1?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def printings() -> tuple[Hit, ...]:
    """Two other printings, one of which tells nothing."""
    dated = Bib(
        title=Title("Mắt biếc"),
        edition=Edition("In lần thứ 12 <có sửa>"),
        publication=Publication("Huế", "Nxb. Thuận Hoá", "2004", 2004),
    )
    return (Hit(2, dated, ("tvt", "lqd"), STAMP), Hit(3, Bib(title=Title("Mắt biếc")), (), STAMP))


def test_a_record_shows_the_other_printings_and_editions_of_its_group(
    client: FlaskClient, catalogue: FakeCatalogue
) -> None:
    catalogue.printings = printings()
    page = text(client, "/record/1")
    shown = page.partition('id="printings"')[2].partition("</section>")[0]
    assert "Các lần in và xuất bản khác" in shown
    for words in ('href="/record/2"', "2004", "In lần thứ 12 &lt;có sửa&gt;", "Nxb. Thuận Hoá", "không rõ năm"):
        assert words in shown
    assert "Thư viện tổng hợp tỉnh Quảng Ngãi, Trường THPT chuyên Lê Khiết" in shown
    assert "Other printings and editions" in text(client, "/record/1?lang=en")


def test_a_record_alone_in_its_group_says_nothing_of_others(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.printings = printings()[:1]
    assert "Các lần in" not in text(client, "/record/2")


def test_every_section_has_its_tab(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.printings, catalogue.alike = printings()[:1], printings()[1:]
    page = html.document_fromstring(client.get("/record/1").text)
    tabs = [link.removeprefix("#") for link in page.xpath("//nav[@class='tabs']//a/@href")]
    assert tabs == page.xpath("//article/section/@id")
    assert tabs == ["holdings", "printings", "description", "similar", "cite", "formats", "marc"]


def test_holdings_say_how_to_reach_the_library(client: FlaskClient) -> None:
    page = text(client, "/record/1")
    for words in ('href="/library/tvt"', "Thứ 7: 8:00-11:00", 'href="tel:02553822000"'):
        assert words in page


def test_similar_titles_are_shown_but_no_printing_twice(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.printings, catalogue.alike = printings()[:1], printings()
    shown = text(client, "/record/1").partition('id="similar"')[2].partition("</section>")[0]
    assert 'href="/record/3"' in shown
    assert 'href="/record/2"' not in shown


def test_the_marc_view_says_whose_each_field_is(client: FlaskClient) -> None:
    page = html.document_fromstring(client.get("/record/1").text)
    rows = {row[0].text: row[-1].text_content().strip() for row in page.xpath("//section[@id='marc']//tbody/tr")}
    assert (rows["001"], rows["245"]) == ("", "tvt")


def test_a_record_is_cited_in_words(client: FlaskClient) -> None:
    page = text(client, "/record/1")
    assert "Nguyễn Nhật Ánh. (2019). <cite>Mắt biếc: truyện dài</cite> (In lần thứ 40). Nxb. Trẻ." in page


def test_the_record_page_is_light(client: FlaskClient) -> None:
    loaded = ("/record/1", "/static/lienthong.css", "/record/1/cover.svg")
    assert sum(len(client.get(path).data) for path in loaded) < 60_000


def test_a_title_in_another_language_than_the_page_says_so_to_who_reads_it_aloud(client: FlaskClient) -> None:
    assert '<h1 lang="vi">Mắt biếc' in text(client, "/record/1?lang=en")
    assert "<h1>Mắt biếc" in text(client, "/record/1?lang=vi")
    assert "<h1>Địa chí" in text(client, "/record/2?lang=en")


def test_a_note_stands_where_a_shelf_must_not_be_told(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    held = replace(HOLDINGS[0], location="", call_number="", note="Tài liệu hạn chế sử dụng")
    catalogue.records[5] = replace(record(5), holdings=(held,))
    assert "<tr><td>Tài liệu hạn chế sử dụng</td><td>–</td>" in text(client, "/record/5")
