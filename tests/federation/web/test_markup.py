"""What a page must be for everyone: headings, labels, ids, language, one own script, nothing foreign, contrast."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from flask.testing import FlaskClient
from lxml import html

import federation.web
from tests.federation.web.fakes import FakeCatalogue

PAGES = (
    "/",
    "/search?q=m%E1%BA%AFt&f.member=tvt&f.kind=public&toned=1",
    "/search?q=a&page=2",
    "/record/1",
    "/record/2",
    "/record/3",
    "/record/9",
    "/library/tvt",
    "/library/pvd",
    "/libraries",
    "/browse",
    "/basket",
    "/basket?ids=1.2",
    "/browse/class?from=800",
    "/libraries?by=kind",
    "/nowhere",
    "/search?page=x",
    "/api/",
    "/open-data",
)
SHEET = Path(federation.web.__file__).parent / "static" / "lienthong.css"


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, client: FlaskClient) -> html.HtmlElement:
    return html.document_fromstring(client.get(request.param).text)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_the_page_names_its_language_and_itself(client: FlaskClient, path: str, lang: str) -> None:
    text = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").text
    found = html.document_fromstring(text)
    assert text.startswith("<!doctype html>")
    assert found.get("lang") == lang
    assert found.findtext(".//title").strip()
    assert "{{" not in text
    assert "None" not in found.text_content()


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_html_without_a_fault(client: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(client.get(path).text)


def test_there_is_one_main_heading_and_none_is_skipped(page: html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_references_lead_somewhere(page: html.HtmlElement) -> None:
    ids = Counter(page.xpath("//@id"))
    assert not [name for name, count in ids.items() if count > 1]
    wanted = page.xpath("//@for | //@aria-labelledby | //@aria-describedby")
    wanted += [link[1:] for link in page.xpath("//a/@href") if link.startswith("#")]
    assert not [name for name in wanted if name not in ids]


def test_every_input_has_a_label_and_every_button_words(page: html.HtmlElement) -> None:
    labelled = set(page.xpath("//label/@for"))
    boxes = [box.get("id") for box in page.xpath("//input[not(@type='hidden')]")]
    assert "q" in boxes
    assert labelled.issuperset(boxes)
    assert all(button.text_content().strip() for button in page.iter("button"))


def test_every_link_has_words_and_a_safe_address(page: html.HtmlElement) -> None:
    for link in page.iter("a"):
        assert link.text_content().strip() or link.get("aria-label")
        assert urlsplit(link.get("href")).scheme in ("", "http", "https", "tel", "mailto")


def test_the_page_runs_one_own_script_when_it_is_read_and_fetches_nothing_from_elsewhere(
    page: html.HtmlElement,
) -> None:
    (script,) = page.xpath("//script[not(@type='application/ld+json')]")
    assert script.get("src").startswith("/static/suggest.js?v=")
    assert "defer" in script.attrib
    assert not script.text
    assert not page.xpath("//iframe | //style | //@style | //@*[starts-with(name(), 'on')]")
    fetched = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")
    assert all(urlsplit(address).netloc == "" for address in fetched)


def test_the_keyboard_reaches_the_content_first(page: html.HtmlElement) -> None:
    first = page.xpath("(//a)[1]")[0]
    assert first.get("href") == "#main"
    assert page.get_element_by_id("main").tag == "main"


def test_tables_have_captions_or_names_and_column_headings(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    found = html.document_fromstring(client.get("/record/1").text)
    for table in found.iter("table"):
        assert table.xpath("./thead//th[@scope='col']")
        assert table.xpath("./caption | ancestor::*[@role='region'][@aria-label]")


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(scheme: str) -> None:
    sheet = SHEET.read_text()
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", blocks[0 if scheme == "light" else 1]))
    for ground in ("paper", "card", "tint"):
        for words in ("ink", "quiet", "accent", "mark"):
            assert _contrast(colours[words], colours[ground]) >= 4.5, (scheme, words, ground)
        assert _contrast(colours["focus"], colours[ground]) >= 3, (scheme, ground)
        assert _contrast("#7f8886", colours[ground]) >= 3, (scheme, "border of the box", ground)
    assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_the_sheet_fetches_nothing() -> None:
    assert "url(" not in SHEET.read_text()
    assert "@import" not in SHEET.read_text()
