from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import federation.web

WEB = Path(federation.web.__file__).parent
WORDS = WEB / "translations" / "vi" / "LC_MESSAGES"
ADVICE = "renew it: see the head of federation/web/translations/babel.cfg"


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
