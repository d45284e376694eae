from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from lxml import html

import federation.web
from federation.languages.known import file_of
from tests.federation.web.fakes import FakeCatalogue, application

WEB = Path(federation.web.__file__).parent
WORDS = WEB / "translations" / "vi" / "LC_MESSAGES"
HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n\n'
)
BASKET = 'msgid "Basket"\nmsgstr "Giỏ hre"\n'
ADVICE = "renew it: see the head of federation/web/translations/babel.cfg"


def put(home: Path, code: str, words: str) -> None:
    """Put a language into a home."""
    file = file_of(home, code)
    file.parent.mkdir(parents=True)
    file.write_text(HEAD + words, "utf-8")


def test_pages_are_vietnamese_whatever_language_the_browser_was_installed_in(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "en-US,en"}).text
    assert '<html lang="vi">' in page
    assert "Một lần tìm, khắp các thư viện" in page


def test_a_choice_of_language_is_remembered(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/search?q=a").text
    assert '<html lang="vi">' in client.get("/?lang=vi").text
    assert '<html lang="vi">' in client.get("/search?q=a").text


def test_the_cookie_is_for_this_site_and_no_script(client: FlaskClient) -> None:
    cookie = client.get("/?lang=en").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Set-Cookie" not in client.get("/").headers


def test_an_unknown_language_is_vietnamese(client: FlaskClient) -> None:
    response = client.get("/?lang=xx")
    assert '<html lang="vi">' in response.text
    assert "Set-Cookie" not in response.headers


def test_the_link_to_the_other_language_keeps_the_search_and_the_host(client: FlaskClient) -> None:
    assert 'href="?q=a+b&amp;f.kind=public&amp;lang=en"' in client.get("/search?q=a+b&f.kind=public&lang=vi").text
    assert 'href="?lang=en"' in client.get("//evil.example/").text


def others(client: FlaskClient, path: str = "/") -> list[tuple[str, str]]:
    """Give what the links to other languages say: the language they are in, and their words."""
    links = html.document_fromstring(client.get(path).text).xpath("//nav[@class='languages']/a")
    assert [link.get("hreflang") for link in links] == [link.get("lang") for link in links]
    return [(link.get("lang"), link.findtext("span[@class='name']")) for link in links]


def test_two_languages_are_one_link_and_more_are_a_list_each_in_its_own(
    client: FlaskClient, catalogue: FakeCatalogue, tmp_path: Path
) -> None:
    assert others(client) == [("en", "English")]
    put(tmp_path, "hre", f'msgctxt "itself"\nmsgid "English"\nmsgstr "Hrê"\n\n{BASKET}')
    put(tmp_path, "bdq", BASKET)
    client = application(catalogue, tmp_path).test_client()
    assert others(client) == [("en", "English"), ("bdq", "bdq"), ("hre", "Hrê")]
    assert others(client, "/?lang=hre") == [("vi", "Tiếng Việt"), ("en", "English"), ("bdq", "bdq")]
    assert '<html lang="hre">' in client.get("/libraries").text, "the choice is remembered"


def test_what_a_language_has_no_words_for_is_vietnamese_and_so_are_its_numbers(
    client: FlaskClient, catalogue: FakeCatalogue, tmp_path: Path
) -> None:
    put(tmp_path, "hre", BASKET)
    catalogue.total = 1234
    page = application(catalogue, tmp_path).test_client().get("/?lang=hre").text
    assert "Giỏ hre" in page
    assert "Một lần tìm, khắp các thư viện" in page
    assert "1.234 nhan đề" in page


def test_a_broken_file_costs_its_own_language_and_no_other(
    catalogue: FakeCatalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "hre", 'msgid "Basket"\nmsgstr "Giỏ "hre""\n')
    put(tmp_path, "bdq", BASKET)
    client = application(catalogue, tmp_path).test_client()
    assert others(client) == [("en", "English"), ("bdq", "bdq")]
    assert '<html lang="vi">' in client.get("/?lang=hre").text
    (logged,) = [record.getMessage() for record in caplog.records if "translations" in record.name + record.msg]
    assert f"{tmp_path / 'translations' / 'hre' / 'LC_MESSAGES' / 'messages.po'}, line 8: " in logged


def test_a_translation_cannot_write_html(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    put(tmp_path, "hre", 'msgid "Rooms"\nmsgstr "a\\" onclick=\\"x"\n\nmsgid "Basket"\nmsgstr "<b>&"\n')
    page = html.document_fromstring(application(catalogue, tmp_path).test_client().get("/?lang=hre").text)
    (rooms,) = page.xpath("//nav[@class='rooms']")
    assert rooms.attrib == {"class": "rooms", "aria-label": 'a" onclick="x'}
    assert rooms.findtext("a[@href='/basket']") == "<b>&"


def test_a_language_that_is_written_from_the_right_says_so(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    put(tmp_path, "ar", BASKET)
    put(tmp_path, "hre", 'msgctxt "itself"\nmsgid "ltr"\nmsgstr "rtl"\n')
    client = application(catalogue, tmp_path).test_client()
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").text
    assert '<html lang="hre" dir="rtl">' in client.get("/?lang=hre").text
    assert 'lang="ar" dir="rtl" rel="nofollow"' in client.get("/?lang=vi").text
    assert '<html lang="vi">' in client.get("/?lang=vi").text


def test_programs_that_show_links_are_told_the_language_and_its_country(client: FlaskClient) -> None:
    assert '<meta property="og:locale" content="vi_VN">' in client.get("/record/1").text
    assert '<meta property="og:locale" content="en_GB">' in client.get("/record/1?lang=en").text


def test_one_and_many_are_told_apart_in_english(client: FlaskClient, catalogue: object) -> None:
    catalogue.total = 1  # type: ignore[attr-defined]
    assert "1 title for" in client.get("/search?q=a&lang=en").text


def test_every_word_of_the_pages_has_its_vietnamese() -> None:
    found = set()
    for pattern, method in (("**.py", "python"), ("templates/**.html", "jinja2")):
        for message in extract_from_dir(WEB, [(pattern, method)]):
            found.add(message[2] if isinstance(message[2], str) else message[2][0])
    catalogue = read_po(BytesIO((WORDS / "messages.po").read_bytes()), locale="vi")
    words = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id}
    assert words == found, ADVICE
    assert not [message.id for message in catalogue if message.id and (message.fuzzy or not message.string)]


def test_placeholders_are_the_same_in_both_languages() -> None:
    catalogue = read_po(BytesIO((WORDS / "messages.po").read_bytes()), locale="vi")
    assert not [error for _, errors in catalogue.check() for error in errors]
