from flask.testing import FlaskClient

from federation.errors import Unavailable
from tests.federation.web.fakes import FakeCatalogue


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


def test_signs_without_a_word_are_said_to_ask_nothing(client: FlaskClient) -> None:
    for signs in ("%F0%9F%98%80", ":", "%22%22"):
        page = text(client, f"/search?q={signs}&lang=en")
        assert "There is no word in" in page
        assert "titles for" not in page
    assert "There is no word in" not in text(client, "/search?q=a&lang=en")
    assert "There is no word in" not in text(client, "/search?lang=en")


def test_a_page_after_the_last_leads_back(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.total, catalogue.records = 45, {}
    page = text(client, "/search?q=a&page=9&lang=en")
    assert "Nothing was found" not in page
    assert 'There is nothing on page 9. <a href="/search?q=a&amp;page=3">Go to the last page</a>' in page


def test_record_contents_cannot_write_markup(client: FlaskClient) -> None:
    for path in ("/record/3", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=a&f.subject=%3Cscript%3E"):
        page = text(client, path)
        assert "<script>" not in page
        own = page.count('src="/static/suggest.js')
        assert page.count("</script") == page.count('<script type="application/ld+json">') + own
        assert "<b>bold" not in page
        assert "<img src=x" not in page


def test_dates_and_numbers_follow_the_language(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.total = 1234567
    assert "1.234.567 nhan đề" in text(client, "/search?q=a&lang=vi")
    assert "1,234,567 titles" in text(client, "/search?q=a&lang=en")
    assert "As of 20 November 2026" in text(client, "/record/1?lang=en")


def test_the_search_page_is_light(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    long = "Văn hoá các dân tộc thiểu số ở miền núi tỉnh Quảng Ngãi "
    catalogue.facets = {name: tuple((f"{long}{n}", n) for n in range(1, 16)) for name in catalogue.facets}
    catalogue.records = dict.fromkeys(range(20), catalogue.records[1])
    whole = client.get("/search?q=qu%E1%BA%A3ng+ng%C3%A3i")
    assert len(whole.data) < 160_000  # a page full of the longest facets there are
    packing = {"Accept-Encoding": "gzip"}
    front, packed = client.get("/", headers=packing), client.get(whole.request.full_path, headers=packing)
    assert len(front.data) + len(client.get("/static/lienthong.css", headers=packing).data) < 15_000
    assert len(packed.data) < 20_000


def test_a_catalogue_that_is_down_says_so_and_when_to_return(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.down = Unavailable("index-missing", "no index at /srv/secret/index")
    response = client.get("/search?q=a")
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "lienthong init" in response.text
    assert "/srv/secret" not in response.text
