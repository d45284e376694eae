import re

import pytest
from flask.testing import FlaskClient
from lxml import html

from federation.web.discovery import opensearch


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.text


def may_crawl(robots: str, path: str) -> bool:
    """Read robots.txt as RFC 9309 says: `*` is any text, the longest rule that fits wins, and Allow wins a draw."""
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", robots, re.MULTILINE)
    fitting = [
        (len(rule), what == "Allow") for what, rule in rules if re.match(re.escape(rule).replace(r"\*", ".*"), path)
    ]
    return max(fitting, default=(0, True))[1]


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        ("/", True),
        ("/libraries", True),
        ("/library/tinh", True),
        ("/record/5", True),
        ("/record/5/cover.svg", True),
        ("/static/lienthong.css?v=1", True),
        ("/search?q=h%C3%B3a", True),
        ("/search?q=prof.+nguyen", True),
        ("/browse/title", True),
        ("/open-data/union.mrc.gz", True),
        ("/feed.atom", True),
        ("/sitemap-0.xml", True),
        ("/search?f.member=tinh", False),
        ("/search?q=h%C3%B3a&f.member=tinh&page=2", False),
        ("/search?q=h%C3%B3a&sort=newest", False),
        ("/search/facet?q=h%C3%B3a&facet=creator", False),
        ("/search/suggest?q=h", False),
        ("/browse/title?from=A", False),
        ("/record/5.marcxml", False),
        ("/record/5?format=ris", False),
        ("/record/5?lang=en", False),
        ("/feed.atom?q=h%C3%B3a", False),
    ],
)
def test_crawlers_are_let_in_but_not_to_combinations_and_other_forms(
    client: FlaskClient, path: str, open_: bool
) -> None:
    assert may_crawl(text(client, "/robots.txt"), path) is open_


@pytest.mark.parametrize("path", ["/search?q=a", "/record/1", "/browse/title", "/library/tinh", "/libraries", "/"])
def test_no_page_leads_crawlers_to_more_than_a_few_searches(client: FlaskClient, path: str) -> None:
    response, robots = client.get(path), text(client, "/robots.txt")
    links = {link for link in html.document_fromstring(response.text).xpath("//a/@href") if link.startswith("/")}
    assert len([link for link in links if link.startswith("/search") and may_crawl(robots, link)]) < 12
    assert not [link for link in links if re.match(r"/record/\d+\.", link) and may_crawl(robots, link)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Liên Thông", "Liên Thông"),
        ("Mục lục liên hợp tỉnh Quảng Ngãi", "Mục lục liên hợp"),
        ("Thư viện Quảng Ngãi", "Thư viện Quảng"),
        ("Muclucliennhopquangngai", "Muclucliennhopqu"),
    ],
)
def test_browsers_show_whole_words_of_the_name(name: str, shown: str) -> None:
    assert opensearch.short(name) == shown
    content = opensearch.description((name, "https://l.example", "a@l.example"), "x", ("vi",))
    assert f"<ShortName>{shown}</ShortName>".encode() in content


def test_the_link_to_the_search_bears_its_name(client: FlaskClient) -> None:
    (title,) = html.document_fromstring(text(client, "/")).xpath("//head/link[@rel='search']/@title")
    assert f"<ShortName>{title}</ShortName>" in text(client, "/opensearch.xml")
