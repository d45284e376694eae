"""What machines that look around find: it keeps to its schemas, and nothing is missing."""

import gzip

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import update

from federation.catalogue import catalogue
from federation.store.models import UnionHolding
from tests.support.catalogues import Shelf
from tests.support.feeds import valid
from tests.support.web import put

URL = "http://127.0.0.1:8080"


def fetched(client: FlaskClient, path: str, kind: str) -> bytes:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, kind)
    return response.data


def addresses(client: FlaskClient, path: str) -> list[str]:
    root = valid("sitemap", fetched(client, path, "application/xml"))
    return [str(found.text) for found in root.iter("{*}loc")]


def test_the_search_describes_itself(door: FlaskClient) -> None:
    root = valid("opensearch", fetched(door, "/opensearch.xml", "application/opensearchdescription+xml"))
    templates = {url.get("type"): url.get("template") for url in root.iter("{*}Url")}
    for kind in ("text/html", "application/atom+xml", "application/json"):
        path = templates[kind].removeprefix(URL).replace("{searchTerms}", "sông").replace("{startPage?}", "1")
        answer = door.get(path)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert "Sông núi" in answer.text
    suggested = door.get(templates["application/x-suggestions+json"].removeprefix(URL).replace("{searchTerms}", "sông"))
    assert (suggested.status_code, suggested.get_json(force=True)[0]) == (200, "sông")


def test_new_titles_are_a_feed_that_readers_understand(door: FlaskClient) -> None:
    content = fetched(door, "/feed.atom", "application/atom+xml")
    valid("atom", content)
    feed = feedparser.parse(content)
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [f"{URL}/record/{number}" for number in range(12, 0, -1)]
    assert feed.entries[0].title == "Sông núi <nước> & Nam 12"
    assert feed.entries[0].author == "Nguyễn Văn An"
    assert feed.entries[0].published == "2026-03-01T08:00:00Z"
    assert "Thư viện lqd" in feed.entries[0].summary
    assert feed.feed.updated == "2026-03-01T08:00:00Z"


def test_any_search_is_a_feed(door: FlaskClient) -> None:
    content = fetched(door, "/feed.atom?q=sông&f.member=tvt", "application/atom+xml")
    root = valid("atom", content)
    assert [entry.id for entry in feedparser.parse(content).entries] == [f"{URL}/record/{n}" for n in (5, 4, 3, 2, 1)]
    links = {link.get("rel"): link.get("href") for link in root.findall("{*}link")}
    assert links["self"] == f"{URL}/feed.atom?q=s%C3%B4ng&f.member=tvt"
    assert links["alternate"] == f"{URL}/search?q=s%C3%B4ng&f.member=tvt"
    ordered = feedparser.parse(fetched(door, "/feed.atom?q=sông&sort=title", "application/atom+xml"))
    assert ordered.entries[0].id == f"{URL}/record/1"


def test_the_feed_of_a_library_begins_with_what_it_got_last(door: FlaskClient, shelf: Shelf) -> None:
    with shelf.database.write() as session:
        session.execute(update(UnionHolding).where(UnionHolding.union_id == 2).values(bib_id=99))
    feed = feedparser.parse(fetched(door, "/feed.atom?f.member=tvt", "application/atom+xml"))
    assert [entry.id for entry in feed.entries] == [f"{URL}/record/{n}" for n in (2, 5, 4, 3, 1)]
    (link,) = etree.HTML(door.get("/library/tvt").text).xpath("//main//a[contains(@href, 'feed')]/@href")
    assert link == "/feed.atom?f.member=tvt"
    assert door.get("/feed.atom?f.member=nobody").status_code == 200


def test_an_empty_feed_is_one_too(door: FlaskClient) -> None:
    content = fetched(door, "/feed.atom?q=nowhere", "application/atom+xml")
    valid("atom", content)
    assert feedparser.parse(content).entries == []


def test_a_reader_of_feeds_gets_one_only_when_it_changed(door: FlaskClient, shelf: Shelf) -> None:
    first = door.get("/feed.atom")
    again = {"If-None-Match": first.headers["ETag"]}
    assert door.get("/feed.atom", headers=again).status_code == 304
    put(shelf, [3], version=1)
    shelf.clock.step(5)
    changed = door.get("/feed.atom", headers=again)
    assert feedparser.parse(changed.data).feed.updated == "2026-03-01T08:01:00Z"


def test_the_sitemap_leads_to_every_live_record_and_to_nothing_else(
    door: FlaskClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "SPAN", 5)
    shelf.bury({5: None, 7: 8})
    shelf.clock.step(60)
    files = addresses(door, "/sitemap.xml")
    assert files == [f"{URL}/sitemap-{name}.xml" for name in ("pages", 0, 1, 2)]
    found = [place for file in files[1:] for place in addresses(door, file.removeprefix(URL))]
    assert found == [f"{URL}/record/{number}" for number in range(1, 13) if number not in (5, 7)]
    assert all(door.get(place.removeprefix(URL)).status_code == 200 for place in found[:3])
    assert [door.get(f"/sitemap-{number}.xml").status_code for number in (3, 10**30)] == [404, 404]


def test_the_list_of_sitemaps_is_made_once_for_many_who_ask(
    door: FlaskClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = door.get("/sitemap.xml").data
    monkeypatch.setattr("federation.store.spans.spans", lambda *_: [])
    assert door.get("/sitemap.xml").data == first


def test_a_file_of_the_sitemap_bears_the_time_of_its_last_change(
    door: FlaskClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "SPAN", 5)
    put(shelf, [12], version=1)
    root = etree.fromstring(door.get("/sitemap.xml").data)
    times = [found.text for found in root.iter("{*}lastmod")]
    assert times == ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z", "2026-03-01T08:01:00Z"]
    root = etree.fromstring(door.get("/sitemap-2.xml").data)
    assert [found.text for found in root.iter("{*}lastmod")] == ["2026-03-01T08:00:00Z", "2026-03-01T08:01:00Z"]


def test_a_part_of_the_sitemap_comes_in_pieces_compressed_for_who_accepts_it(door: FlaskClient) -> None:
    plain = door.get("/sitemap-0.xml")
    packed = door.get("/sitemap-0.xml", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == "Accept-Encoding"


def test_pages_that_are_no_records_are_in_the_sitemap_and_there(door: FlaskClient) -> None:
    found = addresses(door, "/sitemap-pages.xml")
    assert f"{URL}/library/lqd" in found
    for place in found:
        assert door.get(place.removeprefix(URL)).status_code == 200, place


def test_robots_are_shown_the_sitemap(door: FlaskClient) -> None:
    assert f"\nSitemap: {URL}/sitemap.xml\n" in door.get("/robots.txt").text


def test_every_page_names_the_search_and_the_feeds(door: FlaskClient) -> None:
    page = door.get("/search?q=s%C3%B4ng&f.member=tvt&lang=en").text
    assert 'rel="search" type="application/opensearchdescription+xml"' in page
    assert 'href="/feed.atom"' in page
    assert 'href="/feed.atom?q=s%C3%B4ng&amp;f.member=tvt"' in page
    assert 'href="/feed.atom?f.member=lqd"' in door.get("/library/lqd").text
