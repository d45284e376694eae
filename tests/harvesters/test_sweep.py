"""The list of identifiers of an OAI-PMH source: what is asked, what comes out, and what is no whole list."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from harvesters import open_sweep
from harvesters.base import Ending, Harvested, SourceSpec, Window
from harvesters.errors import SourceRefused
from tests.support.hostile_oai import Hostile, Item, Reply, error, items, serving


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving(Hostile(items(8))) as server:
        yield server


def spec(url: str, prefix: str = "", set_spec: str = "", **options: str) -> SourceSpec:
    return SourceSpec(
        "t",
        "oaipmh",
        url,
        prefix,
        set_spec,
        {"allow_private": "true", "retries": "0", "per_minute": "60000", **options},
    )


def swept(asked: SourceSpec) -> tuple[list[Harvested], Ending]:
    pages = list(open_sweep(asked).pages(Window()))
    assert all(page.ending is None for page in pages[:-1])
    assert all(page.resume == "" for page in pages), "a list that broke off is read again from its beginning"
    assert pages[-1].ending
    return [header for page in pages for header in page.records], pages[-1].ending


def test_every_identifier_comes_without_its_record(server: Hostile) -> None:
    server.listed[4] = Item("oai:x:5", "2026-03-02T00:00:00Z", deleted=True)
    headers, ending = swept(spec(server.url))
    assert [header.local_id for header in headers] == [f"oai:x:{n}" for n in range(1, 9)]
    assert [header.deleted for header in headers] == [n == 5 for n in range(1, 9)]
    assert (headers[4].datestamp, headers[4].content) == ("2026-03-02T00:00:00Z", b"")
    assert (ending.status, ending.whole) == ("success", True)
    first, second, third = server.asked("ListIdentifiers")
    assert first.arguments == {"verb": "ListIdentifiers", "metadataPrefix": "marc21"}
    assert second.arguments.keys() == third.arguments.keys() == {"verb", "resumptionToken"}
    assert (server.asked("ListRecords"), server.connections) == ([], 1)


def test_the_same_set_and_format_are_listed_that_are_harvested(server: Hostile) -> None:
    swept(spec(server.url, "marcxml", "sach", prefix_with_token="true"))
    first, second, _ = server.asked("ListIdentifiers")
    assert (first.arguments["metadataPrefix"], first.arguments["set"]) == ("marcxml", "sach")
    assert second.arguments["metadataPrefix"] == "marcxml"
    assert server.asked("ListMetadataFormats") == []


def test_an_empty_list_is_whole_and_says_so(server: Hostile) -> None:
    server.listed = []
    headers, ending = swept(spec(server.url))
    assert (headers, ending.status, ending.whole) == ([], "success", True)
    assert ending.message == "the source lists no record at all"


def test_a_server_without_formats_is_listed_in_dublin_core(server: Hostile) -> None:
    server.spoil = lambda asked, reply: Reply(error("badVerb")) if asked.verb == "ListMetadataFormats" else reply
    assert len(swept(spec(server.url))[0]) == 8
    assert server.asked("ListIdentifiers")[0].arguments["metadataPrefix"] == "oai_dc"


def test_a_last_token_that_leads_nowhere_is_the_end_when_all_promised_came(server: Hostile) -> None:
    server.page_size = 8
    answer = server.answer

    def with_token(asked, reply):  # type: ignore[no-untyped-def]
        if asked.token:
            return Reply(error("badResumptionToken"))
        if asked.verb == "ListIdentifiers":
            return Reply(
                answer(asked).body.replace(
                    b"</ListIdentifiers>",
                    b'<resumptionToken completeListSize="8">t</resumptionToken></ListIdentifiers>',
                )
            )
        return reply

    server.spoil = with_token
    headers, ending = swept(spec(server.url))
    assert (len(headers), ending.status, ending.whole) == (8, "success", True)


def test_pages_are_in_the_order_of_the_server(server: Hostile) -> None:
    server.page_size = 1
    headers, _ = swept(spec(server.url))
    assert all(int(a.local_id[6:]) < int(b.local_id[6:]) for a, b in pairwise(headers))
    assert headers[3].where == "page 4 header 1 of ListIdentifiers"


def test_only_sources_that_can_list_are_swept() -> None:
    with pytest.raises(SourceRefused, match="cannot list their identifiers"):
        open_sweep(SourceSpec("t", "files", "/nowhere"))
