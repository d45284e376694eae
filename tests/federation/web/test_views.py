import pytest
from flask.testing import FlaskClient

from federation.catalogue.records import Hit
from federation.errors import Unavailable
from schemas.bib import Bib, Edition, Publication, Title
from tests.federation.web.fakes import STAMP, FakeCatalogue


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.text


def test_the_front_page_counts_titles_and_libraries_and_offers_facets(client: FlaskClient) -> None:
    page = text(client, "/")
    assert "3 nhan đề" in page
    assert "tại 3 thư viện" in page
    assert "/search?f.language=vie" in page


def test_the_front_page_answers_a_search_too(client: FlaskClient) -> None:
    assert "Mắt biếc" in text(client, "/?q=m%E1%BA%AFt")


def test_a_search_shows_title_creator_imprint_material_language_and_libraries(client: FlaskClient) -> None:
    page = text(client, "/search?q=a")
    for words in (
        'href="/record/1">Mắt biếc : truyện dài</a>',
        "Nguyễn Nhật Ánh",
        "Tp. Hồ Chí Minh : Nxb. Trẻ, 2019",
        "Sách · Tiếng Việt",
        "Trường THPT chuyên Lê Khiết",
    ):
        assert words in page


def test_what_is_asked_reaches_the_catalogue(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    text(client, "/search?q=a&f.member=tvt&f.member=lqd&f.material=book&sort=title&page=2")
    asked = catalogue.asked[-1]
    assert asked.filters == {"member": ("tvt", "lqd"), "material": ("book",)}
    assert (asked.sort, asked.start) == ("title", 20)


def test_filters_in_force_are_chips_and_stay_in_the_search_form(client: FlaskClient) -> None:
    page = text(client, "/search?q=a&f.member=tvt&f.subject=%3Cb%3E%22&lang=en")
    assert 'name="f.member" value="tvt"' in page
    assert 'name="f.subject" value="&lt;b&gt;&#34;"' in page
    assert "Remove all filters" in page


def test_marks_in_a_query_bring_the_hint_that_more_was_found(client: FlaskClient) -> None:
    hint = "Words without these tone marks are shown too."
    assert hint in text(client, "/search?q=ng%C3%A3i&lang=en")
    assert hint not in text(client, "/search?q=ngai&lang=en")
    toned = text(client, "/search?q=ng%C3%A3i&toned=1&lang=en")
    assert hint not in toned
    assert "Tone marks as typed" in toned


def test_a_search_without_result_helps(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.total = 0
    page = text(client, "/search?q=a&f.kind=public&toned=1&lang=en")
    assert "Nothing was found" in page
    assert "search without filters" in page
    assert 'href="/search?q=a&amp;f.kind=public"' in page


def test_a_page_after_the_last_leads_back(client: FlaskClient) -> None:
    assert "Nothing was found" not in text(client, "/search?q=a&page=2&lang=en")


def test_record_contents_cannot_write_markup(client: FlaskClient) -> None:
    for path in ("/record/3", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=a&f.subject=%3Cscript%3E"):
        page = text(client, path)
        assert "<script" not in page
        assert "<b>bold" not in page
        assert "<img" not in page


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


def test_dates_and_numbers_follow_the_language(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.total = 1234567
    assert "1.234.567 nhan đề" in text(client, "/search?q=a&lang=vi")
    assert "1,234,567 titles" in text(client, "/search?q=a&lang=en")
    assert "As of 20 November 2026" in text(client, "/record/1?lang=en")


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


def test_crawlers_are_kept_from_combinations_of_searches(client: FlaskClient) -> None:
    robots = text(client, "/robots.txt")
    assert "Disallow: /search?*f." in robots
    assert "Disallow: /record/\n" not in robots


def test_the_search_page_is_light(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    long = "Văn hoá các dân tộc thiểu số ở miền núi tỉnh Quảng Ngãi "
    catalogue.facets = {name: tuple((f"{long}{n}", n) for n in range(1, 16)) for name in catalogue.facets}
    catalogue.records = dict.fromkeys(range(20), catalogue.records[1])
    whole = client.get("/search?q=qu%E1%BA%A3ng+ng%C3%A3i")
    sheet = client.get("/static/lienthong.css")
    plain = client.get("/")
    assert len(plain.data) + len(sheet.data) < 60_000
    assert len(whole.data) < 160_000  # a page full of the longest facets there are
    packed = client.get("/search?q=qu%E1%BA%A3ng+ng%C3%A3i", headers={"Accept-Encoding": "gzip"})
    assert len(packed.data) < 20_000


def test_a_catalogue_that_is_down_says_so_and_when_to_return(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.down = Unavailable("index-missing", "no index at /srv/secret/index")
    response = client.get("/search?q=a")
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "lienthong init" in response.text
    assert "/srv/secret" not in response.text


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
