"""What real OAI-PMH servers do wrong, and what the harvester does about it: a test for each row of the list."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harvesters.base import Window
from harvesters.errors import SourceBroken, SourceRefused, SourceUnavailable
from harvesters.oaipmh import OaiHarvester
from tests.support.hostile_oai import (
    DC,
    MARC,
    Asked,
    Hostile,
    Item,
    Reply,
    compressed,
    envelope,
    error,
    items,
    listing,
    marc,
)
from tests.support.oai_run import harvest, spec

MARCH = Window(from_=datetime(2026, 3, 1, 8, 30, 0, tzinfo=UTC))


def always(body: bytes, **more: object):
    """Answer every ListRecords with the same."""
    return lambda asked, reply: Reply(body, **more) if asked.verb == "ListRecords" else reply


def scripted(*bodies: bytes):
    """Answer the first ListRecords with the first body, and so on; the last one for ever."""
    count = iter(range(10_000))
    return lambda asked, reply: (
        Reply(bodies[min(next(count), len(bodies) - 1)]) if asked.verb == "ListRecords" else reply
    )


def ids(first: int, last: int) -> list[str]:
    return [f"oai:x:{n}" for n in range(first, last + 1)]


# --- an honest server ------------------------------------------------------------------------------------------------


def test_an_honest_server_is_harvested_whole(server):
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 7)
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")
    assert [page.expected for page in result.pages] == [7, 7, 7]
    assert sum(page.bytes for page in result.pages) > 1000


@pytest.mark.pathology(12, "a first harvest has no `from`, whatever the server says of its beginning")
def test_the_first_harvest_asks_without_from_whatever_earliest_datestamp_says(server):
    harvest(spec(server.url))
    assert server.asked("ListRecords")[0].arguments == {"verb": "ListRecords", "metadataPrefix": "marc21"}


def test_one_connection_serves_the_whole_harvest(server):
    harvest(spec(server.url))
    assert server.connections == 1


def test_the_server_learns_who_asks_and_whom_to_write_to(server):
    harvest(spec(server.url))
    headers = server.requests[0].headers
    assert headers["User-Agent"].startswith("Lienthong/")
    assert "test@lienthong.example" in headers["User-Agent"]
    assert headers["From"] == "test@lienthong.example"


def test_content_is_the_very_bytes_between_the_tags(server):
    odd = (
        marc("một &amp; hai").replace("><controlfield", ">\n <!-- giữ -->\r\n\t<controlfield").replace('"245"', "'245'")
    )
    server.listed = [Item("oai:x:1", payload=f"\n  {odd}\n")]
    assert harvest(spec(server.url)).records[0].content == odd.encode()


def test_tags_inside_comments_and_cdata_do_not_mislead_the_cut(server):
    tricky = marc("<![CDATA[</metadata><metadata>]]>").replace("<leader>", "<!-- <metadata> --><leader>")
    server.listed = [Item("oai:x:1", payload=tricky), Item("oai:x:2", payload=marc("hai"))]
    assert [record.content for record in harvest(spec(server.url)).records] == [tricky.encode(), marc("hai").encode()]


def test_a_payload_whose_root_is_called_metadata_is_cut_whole(server):
    payload = '<metadata xmlns="urn:x"><metadata>trong</metadata></metadata>'
    server.listed = [Item("oai:x:1", payload=payload), *items(2, 2)]
    records = harvest(spec(server.url)).records
    assert records[0].content == payload.encode()
    assert records[0].syntax == "unknown"
    assert records[1].syntax == "marcxml"


def test_a_payload_that_needs_a_namespace_of_the_page_carries_it_along(server):
    payload = "<m:record><m:leader>x</m:leader></m:record>"
    body = listing([Item("oai:x:1", payload=payload)]).replace(b"<OAI-PMH ", f'<OAI-PMH xmlns:m="{MARC}" '.encode())
    server.spoil = always(body)
    record = harvest(spec(server.url)).records[0]
    assert record.syntax == "marcxml"
    assert f'xmlns:m="{MARC}"'.encode() in record.content


def test_a_page_in_another_encoding_becomes_utf_8_records(server):
    text = (
        listing([Item("oai:x:1", payload=marc("Café"))]).decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    )
    server.spoil = always(text.encode("iso-8859-1"))
    assert "Café".encode() in harvest(spec(server.url)).records[0].content


def test_a_response_without_the_namespace_is_read_all_the_same(server):
    server.spoil = always(listing(items(2)).replace(b' xmlns="http://www.openarchives.org/OAI/2.0/"', b""))
    assert harvest(spec(server.url)).ids == ids(1, 2)


def test_a_deletion_comes_as_a_deletion_without_content(server):
    server.listed = [*items(2), Item("oai:x:9", "2026-03-01T11:00:00Z", deleted=True)]
    last = harvest(spec(server.url)).records[-1]
    assert (last.local_id, last.deleted, last.content, last.datestamp) == ("oai:x:9", True, b"", "2026-03-01T11:00:00Z")


def test_records_in_unknown_form_are_kept_as_they_came(server):
    server.listed = [
        Item("oai:x:1", payload='<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo/></mods>'),
        Item("oai:x:2"),
        Item("oai:x:3", payload="<a xmlns='urn:a'/><b xmlns='urn:b'/>"),
        Item("oai:x:4", payload="chỉ có chữ"),
    ]
    records = harvest(spec(server.url)).records
    assert [record.syntax for record in records] == ["unknown"] * 4
    assert records[0].content == b'<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo/></mods>'
    assert b"oai:x:2" in records[1].content
    assert b"urn:a" in records[2].content
    assert b"urn:b" in records[2].content
    assert "chỉ có chữ".encode() in records[3].content


def test_a_record_without_identifier_is_kept_under_a_fingerprint(server):
    server.spoil = always(listing([Item("", payload=marc("một")), *items(1)]))
    first, second = harvest(spec(server.url)).records
    assert first.local_id.startswith("sha256:")
    assert first.findings == ("id-missing",)
    assert second.local_id == "oai:x:1"


def test_dublin_core_is_told_by_its_namespace(server):
    dc = f'<x:dc xmlns:x="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sách</dc:title></x:dc>'
    server.formats = (("oai_dc", DC),)
    server.listed = [Item("oai:x:1", payload=dc)]
    record = harvest(spec(server.url)).records[0]
    assert (record.syntax, record.content) == ("oai_dc", dc.encode())


# --- row 1: tokens that go round -------------------------------------------------------------------------------------


@pytest.mark.pathology(1, "a token that comes again ends the run as partial; nothing is concluded from it")
def test_a_token_that_repeats_ends_the_harvest_as_partial(server):
    server.spoil = scripted(listing(items(3), "again"), listing(items(3, 4), "again"))
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 6)
    assert (result.ending.status, result.ending.whole, result.ending.next_from) == ("partial", False, None)
    assert "the token goes round" in result.ending.message


@pytest.mark.pathology(1, "a page of records that were all seen ends the run as partial")
def test_new_tokens_for_the_same_records_end_the_harvest_as_partial(server):
    bodies = [listing(items(3), f"t{n}") for n in range(50)]
    server.spoil = scripted(*bodies)
    result = harvest(spec(server.url))
    assert len(server.asked("ListRecords")) == 2
    assert result.ending.status == "partial"
    assert "only records that had come before" in result.ending.message


@pytest.mark.pathology(1, "a page of records that were all seen ends the run as partial")
def test_the_same_ids_with_ever_newer_datestamps_end_too(server):
    days = [[replace(item, datestamp=f"2026-03-{day:02}T00:00:00Z") for item in items(3)] for day in range(1, 28)]
    server.spoil = scripted(*(listing(day, f"t{n}") for n, day in enumerate(days)))
    assert harvest(spec(server.url)).ending.status == "partial"
    assert len(server.asked("ListRecords")) == 4


def test_records_that_change_during_the_harvest_and_come_again_do_not_end_it(server):
    moved = [replace(items(1)[0], datestamp="2026-03-02T00:00:00Z")]
    server.spoil = scripted(listing(items(3), "a"), listing(moved, "b"), listing(items(2, 4), ""))
    result = harvest(spec(server.url))
    assert result.ids == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:1", "oai:x:4", "oai:x:5"]
    assert result.ending.status == "success"


# --- rows 2 to 4: empty pages, last tokens, empty tokens -------------------------------------------------------------


@pytest.mark.pathology(2, "some empty pages are borne (option empty_pages)")
def test_a_few_empty_pages_with_tokens_are_borne(server):
    server.spoil = scripted(listing(items(2), "a"), listing([], "b"), listing([], "c"), listing(items(2, 3), ""))
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 4)
    assert result.ending.status == "success"


@pytest.mark.pathology(2, "more empty pages than that end the run as partial")
def test_endless_empty_pages_end_the_harvest_as_partial(server):
    server.spoil = scripted(listing(items(2), "a"), *(listing([], f"t{n}") for n in range(50)))
    result = harvest(spec(server.url, empty_pages="3"))
    assert len(server.asked("ListRecords")) == 5
    assert result.ending.status == "partial"
    assert "4 pages in a row had a token and no records" in result.ending.message


@pytest.mark.pathology(3, "it is the end when as many came as were promised")
@pytest.mark.parametrize("code", ["noRecordsMatch", "badResumptionToken"])
def test_a_token_on_the_last_page_that_leads_nowhere_is_the_end_when_all_promised_came(server, code):
    server.spoil = scripted(listing(items(3), "a", 5), listing(items(2, 4), "b", 5), error(code))
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 5)
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert "token-on-last-page" in result.ending.message


@pytest.mark.pathology(3, "before that the run is partial and the window is read again")
@pytest.mark.parametrize("code", ["noRecordsMatch", "badResumptionToken"])
@pytest.mark.parametrize("size", [9, None])
def test_a_token_that_leads_nowhere_before_all_promised_came_makes_it_partial(server, code, size):
    server.spoil = scripted(listing(items(3), "a", size), listing(items(2, 4), "b", size), error(code))
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 5)
    assert (result.ending.status, result.ending.whole, result.ending.next_from) == ("partial", False, None)
    assert code in result.ending.message


@pytest.mark.pathology(4, "An empty or blank token is the end of the list.")
@pytest.mark.parametrize("token", ["", "  \n\t "])
def test_an_empty_token_is_the_end_and_no_restart(server, token):
    server.spoil = always(listing(items(3), token))
    assert harvest(spec(server.url)).ids == ids(1, 3)
    assert len(server.asked("ListRecords")) == 1


# --- row 5 and 36: expired tokens, crashes ---------------------------------------------------------------------------


def interrupted(server: Hostile, pages: int) -> str:
    """Harvest so many pages, then die; give what was kept to resume from."""
    walking = OaiHarvester(spec(server.url)).pages(Window())
    kept = [next(walking) for _ in range(pages)]
    walking.close()
    return kept[-1].resume


@pytest.mark.pathology(36, "a later run goes on after the last page that was kept")
def test_a_killed_harvest_goes_on_after_its_last_kept_page(server):
    resume = interrupted(server, 2)
    server.requests.clear()
    server.date = "2026-03-05T00:00:00Z"
    result = harvest(spec(server.url), resume=resume)
    assert result.ids == ids(4, 7), "the last kept page once more: the list may have moved"
    assert [request.token for request in server.requests] == ["3||", "6||"]
    assert result.ending.status == "success"
    assert result.ending.next_from == datetime(2026, 3, 1, 12, tzinfo=UTC), "from the first answer of the first process"


@pytest.mark.pathology(5, "the window is read again from its beginning; what is unchanged writes nothing")
def test_an_expired_token_on_resuming_reads_the_window_from_its_beginning(server):
    resume = interrupted(server, 2)
    count = iter(range(100))
    server.spoil = lambda asked, reply: Reply(error("badResumptionToken")) if asked.token and next(count) < 2 else reply
    result = harvest(spec(server.url), resume=resume)
    assert result.ids == ids(1, 7)
    assert result.ending.status == "success"
    assert "expired" in result.ending.message


def test_a_token_at_which_the_server_stumbles_does_not_hold_us_up_for_ever(server):
    resume = interrupted(server, 2)
    stumbles = iter([True] * 6)
    server.spoil = lambda asked, reply: Reply(b"", 500) if asked.token and next(stumbles, False) else reply
    result = harvest(spec(server.url), resume=resume)
    assert result.ids == ids(1, 7)
    assert "going on failed" in result.ending.message
    server.spoil = lambda asked, reply: Reply(b"", 500)
    with pytest.raises(SourceUnavailable):
        harvest(spec(server.url), resume=resume)


@pytest.mark.pathology(5, "the last kept page is asked for again, so that a list that shrank meanwhile skips no record")
@pytest.mark.parametrize("gone", [1, 2, 3, 5])
def test_no_record_is_skipped_when_the_list_shrank_before_going_on(server, gone):
    server.listed = items(14)
    resume = interrupted(server, 2)
    server.listed = items(14 - gone, 1 + gone)
    result = harvest(spec(server.url), resume=resume)
    assert set(ids(7, 14)) <= set(result.ids)
    assert result.ending.status == "success"
    assert ("the list had moved" in result.ending.message) == (gone >= 3), "further than a page shows"


def test_a_list_that_grew_before_going_on_is_gone_on_with(server):
    server.listed = items(12, 3)
    resume = interrupted(server, 2)
    server.listed = items(14)
    result = harvest(spec(server.url), resume=resume)
    assert result.ids == ids(4, 14)
    assert result.ending.status == "success"


def test_a_token_that_is_good_only_once_does_not_send_us_back_to_the_beginning(server):
    server.listed = items(12)
    used: set[str] = set()

    def once(asked: Asked, reply: Reply) -> Reply:
        refused = asked.token in used
        used.update({asked.token} - {""})
        return Reply(error("badResumptionToken")) if refused else reply

    server.spoil = once
    resume = interrupted(server, 2)
    result = harvest(spec(server.url), resume=resume)
    assert result.ids == ids(7, 12)
    assert result.ending.status == "success"


def test_a_token_of_another_question_is_not_used(server):
    resume = interrupted(server, 2)
    assert harvest(spec(server.url, prefix="oai_dc"), resume=resume).ids == ids(1, 7)
    assert harvest(spec(server.url), MARCH, resume=resume).ids == ids(1, 7)
    assert harvest(spec(server.url), resume="{no json").ids == ids(1, 7)


def test_the_last_page_leaves_nothing_to_resume(server):
    assert harvest(spec(server.url)).pages[-1].resume == ""


# --- rows 6 to 10: arguments and dates -------------------------------------------------------------------------------

TOKEN = "a b+c%2Fd/e:f&g=h?i#j;ệ|2026-03-01T00:00:00Z"


@pytest.mark.pathology(6, "a token is encoded exactly once, whatever stands in it")
def test_a_token_is_encoded_exactly_once(server):
    escaped = TOKEN.replace("&", "&amp;")
    server.spoil = scripted(listing(items(3), escaped), listing(items(2, 4), ""))
    harvest(spec(server.url))
    assert server.asked("ListRecords")[1].arguments == {"verb": "ListRecords", "resumptionToken": TOKEN}


def test_a_set_and_a_base_url_with_a_query_of_its_own_are_kept(server):
    harvest(spec(server.url + "?repo=thư+viện", set_spec="a:b"))
    assert server.asked("ListRecords")[0].arguments["set"] == "a:b"
    assert {request.arguments["repo"] for request in server.requests} == {"thư viện"}


@pytest.mark.pathology(
    7, "the prefix goes along with a token only where the source needs it (option prefix_with_token)"
)
def test_the_prefix_goes_along_with_the_token_only_where_the_source_needs_it(server):
    harvest(spec(server.url, prefix_with_token="true"))
    assert [request.arguments.get("metadataPrefix") for request in server.asked("ListRecords")] == ["marc21"] * 3


def test_seconds_are_asked_where_the_server_takes_seconds(server):
    harvest(spec(server.url), MARCH)
    assert server.asked("ListRecords")[0].arguments["from"] == "2026-03-01T08:30:00Z"


@pytest.mark.pathology(9, "the last day is asked again whole; what is unchanged is told by its hash")
@pytest.mark.parametrize("granularity", ["YYYY-MM-DD", "", "seconds"])
def test_days_are_asked_where_the_server_has_days_or_says_nothing_clear(server, granularity):
    server.granularity = granularity
    ending = harvest(spec(server.url, overlap="3600"), MARCH).ending
    assert server.asked("ListRecords")[0].arguments["from"] == "2026-03-01"
    assert ending.next_from == datetime(2026, 3, 2, tzinfo=UTC), "the last day is asked again whole"


@pytest.mark.pathology(8, "a refused request with seconds is sent again with days, and days are kept to")
@pytest.mark.parametrize("refusal", [Reply(error("badArgument")), Reply(b"no", 400), Reply(b"<html>", 422)])
def test_a_server_that_refuses_its_own_seconds_is_asked_with_days(server, refusal):
    server.spoil = lambda asked, reply: refusal if "T" in asked.arguments.get("from", "") else reply
    result = harvest(spec(server.url), MARCH)
    assert [request.arguments["from"] for request in server.asked("ListRecords")[:2]] == [
        "2026-03-01T08:30:00Z",
        "2026-03-01",
    ]
    assert result.ids == ids(1, 7)
    assert result.ending.next_from == datetime(2026, 3, 1, tzinfo=UTC), "and remembered for the next start"


@pytest.mark.pathology(8, "days are asked from the start where the source has the option days")
def test_the_option_days_spares_the_refusal(server):
    server.spoil = lambda asked, reply: Reply(error("badArgument")) if "T" in asked.arguments.get("from", "") else reply
    assert harvest(spec(server.url, days="true"), MARCH).ids == ids(1, 7)
    assert [request.arguments.get("from") for request in server.asked("ListRecords")] == ["2026-03-01", None, None]
    assert server.asked("Identify") == []


def test_until_is_asked_in_the_same_granularity(server):
    window = Window(MARCH.from_, datetime(2026, 3, 2, tzinfo=UTC))
    assert harvest(spec(server.url), window).ending.whole is False
    asked = server.asked("ListRecords")[0].arguments
    assert (asked["from"], asked["until"]) == ("2026-03-01T08:30:00Z", "2026-03-02T00:00:00Z")


@pytest.mark.pathology(10, "the next harvest starts at the server's own first answer, less the overlap")
def test_the_next_harvest_starts_at_the_servers_first_answer_less_the_overlap(server):
    dates = iter(["2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z", "2026-03-02T14:00:00Z"])

    def later(asked: Asked, reply: Reply) -> Reply:
        date = next(dates) if asked.verb == "ListRecords" else server.date
        return replace(reply, body=reply.body.replace(b"2026-03-02T12:00:00Z", date.encode()))

    server.spoil = later
    assert harvest(spec(server.url, overlap="600")).ending.next_from == datetime(2026, 3, 2, 11, 50, tzinfo=UTC)


@pytest.mark.pathology(10, "a clock that cannot be believed gives way to the one that is behind")
@pytest.mark.parametrize("date", ["", "hôm qua", "2099-01-01T00:00:00Z"])
def test_a_response_date_that_cannot_be_believed_gives_way_to_our_own_clock(server, date):
    server.date = date
    before = datetime.now(UTC).replace(microsecond=0)
    found = harvest(spec(server.url, overlap="0")).ending.next_from
    assert found is not None
    assert before <= found <= datetime.now(UTC)


# --- rows 18, 21, 26 to 29: identifiers, broken pages, formats, the network -------------------------------------------


@pytest.mark.pathology(18, "The OAI identifier is the key; the last of two counts and the run says so.")
def test_an_identifier_that_comes_twice_is_given_twice_and_reported(server):
    server.spoil = always(listing([*items(2), replace(items(1)[0], payload=marc("mới hơn"))]))
    result = harvest(spec(server.url))
    assert result.ids == ["oai:x:1", "oai:x:2", "oai:x:1"]
    assert "mới hơn".encode() in result.records[-1].content
    assert "1 records came more than once" in result.ending.message


def cut(number: int, at: int, times: int = 1000):
    """Cut the body of the ListRecords with this number, so that the XML just ends."""
    seen = iter(range(times))

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.token == f"{3 * (number - 1)}||" and next(seen, None) is not None:
            return replace(reply, body=reply.body[:at])
        return reply

    return spoil


@pytest.mark.pathology(21, "A page that is cut is never the end: its whole records are kept and it is asked for again.")
def test_a_page_cut_in_the_middle_is_never_taken_for_an_end(server):
    server.spoil = cut(2, 900)
    first, second = harvest(spec(server.url)).pages
    assert len(first.records) == 3
    assert [record.local_id for record in second.records if not record.findings] == ["oai:x:4"]
    assert second.ending == replace(second.ending, status="partial", whole=False, next_from=None)
    assert re.search(r"page 2: the XML is not well-formed at byte \d+ of 900", second.ending.message)
    assert second.resume == first.resume
    later = harvest(spec(replace_spoil(server)), resume=second.resume)
    assert later.ids == ids(1, 7), "a later run asks for that page again, and for the one before it"
    assert later.ending.status == "success"


def replace_spoil(server: Hostile) -> str:
    server.spoil = lambda asked, reply: reply
    return server.url


@pytest.mark.pathology(21, "A page that is not well-formed is asked for once more.")
def test_a_page_that_is_well_formed_the_second_time_is_accepted(server):
    server.spoil = cut(2, 900, times=1)
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 7)
    assert result.ending.status == "success"


@pytest.mark.pathology(21, "Without its closing tag no answer is whole.")
def test_only_a_closing_tag_missing_is_enough_to_refuse_a_page(server):
    server.spoil = lambda asked, reply: replace(reply, body=reply.body.replace(b"</OAI-PMH>", b""))
    with pytest.raises(SourceBroken, match="not well-formed"):
        harvest(spec(server.url))


def test_a_large_page_within_the_cap_is_read_whole(server):
    server.listed = [Item(f"oai:x:{n}", payload=marc("x" * 4_000_000)) for n in range(3)]
    assert len(harvest(spec(server.url)).records) == 3


def test_a_page_over_the_cap_is_refused_and_the_option_named(server):
    with pytest.raises(SourceRefused, match=r"more than 1000 bytes; .*max_bytes") as caught:
        harvest(spec(server.url, max_bytes="1000"))
    assert caught.value.code == "answer-too-large"


def test_a_doctype_is_refused_before_it_is_read(server):
    bomb = b'<!DOCTYPE OAI-PMH [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    server.spoil = lambda asked, reply: replace(
        reply, body=reply.body.replace(b"\n<OAI", b"\n<!-- x -->" + bomb + b"<OAI")
    )
    with pytest.raises(SourceBroken, match="DOCTYPE") as caught:
        harvest(spec(server.url))
    assert caught.value.code == "doctype-refused"


def test_a_doctype_hidden_in_another_encoding_is_refused_too(server):
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH/>'
    server.spoil = lambda asked, reply: Reply(text.encode("utf-16"))
    with pytest.raises(SourceBroken, match="DOCTYPE"):
        harvest(spec(server.url))
    server.spoil = lambda asked, reply: Reply(b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x><OAI-PMH/>')
    with pytest.raises(SourceBroken):
        harvest(spec(server.url))


def test_a_page_nested_beyond_reason_is_refused(server):
    server.spoil = lambda asked, reply: Reply(b"<OAI-PMH>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</OAI-PMH>")
    with pytest.raises(SourceBroken, match="depth"):
        harvest(spec(server.url))


LOGIN = "<!DOCTYPE html>\n<html><head><title>Đăng nhập hệ thống</title></head><body>…</body></html>"


@pytest.mark.pathology(29, "What is no OAI-PMH is refused, and the title of the web page is told.")
@pytest.mark.parametrize("page", [LOGIN, LOGIN.replace("<!DOCTYPE html>\n", ""), "<?xml version='1.0'?>" + LOGIN])
def test_a_login_page_is_not_oai_and_its_title_is_told(server, page):
    server.spoil = lambda asked, reply: Reply(page.encode(), headers={"Content-Type": "text/xml"})
    with pytest.raises(SourceBroken, match=r"a web page .Đăng nhập hệ thống") as caught:
        harvest(spec(server.url))
    assert caught.value.code == "not-oai"


@pytest.mark.pathology(29, "A web page in the middle of a list is no end of it.")
def test_a_web_page_in_the_middle_of_a_list_is_no_end(server):
    server.spoil = lambda asked, reply: Reply(LOGIN.encode()) if asked.token else reply
    with pytest.raises(SourceBroken, match=r"page 2: .*a web page"):
        harvest(spec(server.url))


@pytest.mark.parametrize("body", [b'{"error": 1}', b"<rss/>", b"OK"])
def test_other_answers_are_not_oai(server, body):
    server.spoil = lambda asked, reply: Reply(body)
    with pytest.raises(SourceBroken, match="not OAI-PMH") as caught:
        harvest(spec(server.url))
    assert caught.value.code == "not-oai"


def test_an_empty_answer_is_no_end(server):
    server.spoil = lambda asked, reply: Reply(b"") if asked.token else reply
    with pytest.raises(SourceBroken, match="page 2: the server answered with nothing"):
        harvest(spec(server.url))


@pytest.mark.pathology(26, "The prefix is chosen by the namespace that the server lists for it.")
@pytest.mark.parametrize(
    ("formats", "chosen"),
    [
        ((("oai_dc", DC), ("MARC21", MARC)), "MARC21"),
        ((("marc", "urn:other"), ("oai_marc", MARC)), "oai_marc"),
        ((("marcxml", MARC), ("marc21", MARC), ("kat", MARC)), "marc21"),
        ((("mx", "info:lc/xmlns/marcxchange-v1"), ("oai_dc", DC)), "mx"),
        ((("oai_dc", DC), ("marcxml", "http://www.loc.gov/standards/marcxml")), "marcxml"),
        ((("mods", "http://www.loc.gov/mods/v3"), ("oai_dc", DC)), "oai_dc"),
    ],
)
def test_the_format_is_chosen_by_namespace(server, formats, chosen):
    server.formats = formats
    harvest(spec(server.url))
    assert server.asked("ListRecords")[0].arguments["metadataPrefix"] == chosen


def test_a_server_without_a_format_we_read_is_refused_with_what_it_offers(server):
    server.formats = (("mets", "http://www.loc.gov/METS/"),)
    with pytest.raises(SourceRefused, match=r"mets .http://www.loc.gov/METS/.; name one"):
        harvest(spec(server.url))


def test_the_prefix_of_the_source_is_asked_without_looking_for_others(server):
    harvest(spec(server.url, prefix="mods"))
    assert server.asked("ListMetadataFormats") == []
    assert server.asked("ListRecords")[0].arguments["metadataPrefix"] == "mods"


@pytest.mark.parametrize("code", ["cannotDisseminateFormat", "noSetHierarchy", "badArgument"])
def test_what_the_server_refuses_is_told_with_what_was_asked(server, code):
    server.spoil = always(error(code))
    with pytest.raises(SourceRefused, match=f"{code}.*prefix 'p', set 's'"):
        harvest(spec(server.url, "p", "s"))


def test_gzip_is_read_whether_announced_or_not(server):
    server.spoil = lambda asked, reply: compressed(reply, announced=asked.number % 2 == 0)
    assert harvest(spec(server.url)).ids == ids(1, 7)


def test_throttling_in_the_middle_is_waited_out(server):
    def busy(asked: Asked, reply: Reply) -> Reply:
        busy_now = asked.token and server.requests[-2].token != asked.token
        return Reply(b"", 503, {"Retry-After": "0"}) if busy_now else reply

    server.spoil = busy
    assert harvest(spec(server.url)).ids == ids(1, 7)


def test_a_server_that_stays_down_in_the_middle_leaves_what_came(server):
    server.spoil = lambda asked, reply: Reply(b"", 500) if asked.token == "6||" else reply
    walking = OaiHarvester(spec(server.url)).pages(Window())
    assert [len(next(walking).records) for _ in range(2)] == [3, 3]
    with pytest.raises(SourceUnavailable, match="page 3: the server answers 500"):
        next(walking)


# --- rows 34 and 35: promises and empty answers ----------------------------------------------------------------------


@pytest.mark.pathology(34, "too few is told, and nothing is concluded from what is missing")
def test_fewer_than_promised_in_a_closed_list_is_told_and_not_whole(server):
    server.spoil = scripted(listing(items(3), "a", 500), listing(items(2, 4), "", 500))
    ending = harvest(spec(server.url)).ending
    assert (ending.status, ending.whole) == ("success", False)
    assert "promised 500 records and sent 5" in ending.message
    assert ending.next_from is not None


@pytest.mark.pathology(34, "too few in a list that just stops makes the run partial")
def test_fewer_than_promised_in_a_list_that_just_stops_is_partial(server):
    server.spoil = scripted(listing(items(3), "a", 500), listing(items(2, 4)))
    ending = harvest(spec(server.url)).ending
    assert (ending.status, ending.whole, ending.next_from) == ("partial", False, None)
    assert "does not close the list" in ending.message


@pytest.mark.pathology(34, "a promise is no end: all that comes is taken")
@pytest.mark.parametrize("size", [0, 2])
def test_more_than_promised_is_all_taken(server, size):
    server.spoil = scripted(listing(items(3), "a", size), listing(items(2, 4), "", size))
    result = harvest(spec(server.url))
    assert result.ids == ids(1, 5)
    assert result.ending.status == "success"


def test_a_size_that_is_no_number_is_no_size(server):
    body = listing(items(3), "a", 5).replace(b'"5"', b'"many"')
    server.spoil = scripted(body, listing(items(2, 4), ""))
    assert harvest(spec(server.url)).ending.whole is True


@pytest.mark.pathology(35, "a success with nothing, and the next start moves on")
def test_no_records_match_is_a_success_with_nothing_and_moves_the_start(server):
    ending = harvest(spec(server.url), Window(from_=datetime(2026, 6, 1, tzinfo=UTC))).ending
    assert (ending.status, ending.whole) == ("success", False)
    assert ending.next_from == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.pathology(35, "noRecordsMatch with HTTP 422, 404 or 400 is read as what it says")
@pytest.mark.parametrize("status", [422, 404, 400])
def test_no_records_match_under_an_http_error_is_a_success_with_nothing(server, status):
    server.spoil = lambda asked, reply: replace(reply, status=status) if b"<error" in reply.body else reply
    ending = harvest(spec(server.url), Window(from_=datetime(2026, 6, 1, tzinfo=UTC))).ending
    assert (ending.status, ending.whole) == ("success", False)
    assert ending.next_from == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert len(server.asked("ListRecords")) == 1, "the dates are not what is refused"


@pytest.mark.pathology(
    35, "an HTTP error without an OAI-PMH error is a failure that names what was asked, never an end"
)
@pytest.mark.parametrize("body", [b"", b"<html>Unprocessable</html>", b'{"status": 422}'])
def test_an_http_error_without_a_word_of_oai_is_a_failure(server, body):
    server.spoil = lambda asked, reply: Reply(body, 422) if "from" in asked.arguments else reply
    with pytest.raises(
        SourceRefused, match=r"HTTP 422\); it was asked for records from 2026-03-01, and no OAI"
    ) as caught:
        harvest(spec(server.url), MARCH)
    assert caught.value.code == "http-422"
    assert [request.arguments["from"] for request in server.asked("ListRecords")] == [
        "2026-03-01T08:30:00Z",
        "2026-03-01",
    ]


def test_an_empty_repository_is_no_proof_that_everything_is_gone(server):
    server.listed = []
    result = harvest(spec(server.url))
    assert result.records == []
    assert (result.ending.status, result.ending.whole) == ("success", False)


def test_only_a_harvest_of_everything_can_be_whole(server):
    assert harvest(spec(server.url), MARCH).ending.whole is False


def test_a_server_that_cannot_identify_itself_is_harvested_by_days(server):
    server.spoil = lambda asked, reply: Reply(error("badVerb")) if asked.verb != "ListRecords" else reply
    assert harvest(spec(server.url), MARCH).ids == ids(1, 7)
    assert server.asked("ListRecords")[0].arguments == {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "from": "2026-03-01",
    }


def test_an_unknown_error_of_the_protocol_is_told(server):
    server.spoil = scripted(listing(items(3), "a"), envelope('<error code="quaTai">mệt</error>'))
    with pytest.raises(SourceBroken, match="quaTai: mệt to the token of page 1"):
        harvest(spec(server.url))


@pytest.mark.parametrize(("option", "value"), [("overlap", "-1"), ("retries", "nhiều"), ("allow_private", "maybe")])
def test_an_option_with_a_wrong_value_is_refused_before_anything_is_asked(server, option, value):
    with pytest.raises(SourceRefused, match=f"option {option} is '{value}'"):
        OaiHarvester(spec(server.url, **{option: value}))
    assert server.requests == []
