"""Pages that are not well-formed: every record that can be read is taken, no other is believed, nothing ends early."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters import rescue
from harvesters.base import Window
from harvesters.errors import SourceBroken
from harvesters.markup import texts
from harvesters.oaipmh import OaiHarvester
from harvesters.oaipmh.dialect import DIALECT
from harvesters.oaipmh.page import parsed
from harvesters.oaipmh.taking import read_again
from schemas.issues import BROKEN
from tests.support.hostile_oai import DC, MARC, Asked, Hostile, Item, Reply, items, listing, marc
from tests.support.oai_run import Result, harvest, spec


def ids(first: int, last: int) -> list[str]:
    return [f"oai:x:{n}" for n in range(first, last + 1)]


def spoiled(old: str | bytes, new: bytes) -> Callable[[Asked, Reply], Reply]:
    """Exchange bytes in every list."""
    wanted = old.encode() if isinstance(old, str) else old
    return lambda asked, reply: (
        replace(reply, body=reply.body.replace(wanted, new)) if asked.verb == "ListRecords" else reply
    )


def good(result: Result) -> list[str]:
    return [record.local_id for record in result.records if BROKEN not in record.findings]


def broken(result: Result) -> list[str]:
    return [record.local_id for record in result.records if BROKEN in record.findings]


# --- repairs that have a name -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("junk", "finding"),
    [
        pytest.param(
            b"\x1f\x1a",
            "xml-control-characters:2",
            marks=pytest.mark.pathology(19, "Forbidden characters are passed over, counted and told with the record."),
        ),
        pytest.param(
            b"&#x1F;",
            "xml-control-characters:1",
            marks=pytest.mark.pathology(19, "So are references to forbidden characters."),
        ),
        pytest.param(
            b"\xed\xa0\xbd",
            "xml-surrogates:1",
            marks=pytest.mark.pathology(19, "Halves of surrogate pairs are passed over and counted."),
        ),
        pytest.param(
            b"&#xD83D;&#xDE00;", "xml-surrogates:1", marks=pytest.mark.pathology(19, "Whole pairs are joined.")
        ),
        pytest.param(
            b"&nbsp;&eacute;",
            "xml-entities:2",
            marks=pytest.mark.pathology(20, "Entities of HTML are read as what they mean."),
        ),
        pytest.param(b" & ", "xml-unescaped:1", marks=pytest.mark.pathology(20, "A bare & is read as &.")),
        pytest.param(b" < ", "xml-unescaped:1", marks=pytest.mark.pathology(20, "A bare < is read as <.")),
    ],
)
def test_a_record_that_a_named_repair_makes_readable_is_taken_with_its_very_bytes(
    server: Hostile, junk: bytes, finding: str
) -> None:
    server.spoil = spoiled("số 5", b"so" + junk)
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 7)
    fifth = result.records[4]
    assert fifth.findings == (finding,)
    assert fifth.content == marc("Sách số 5", "5").encode().replace("số 5".encode(), b"so" + junk)
    assert (fifth.syntax, fifth.datestamp) == ("marcxml", "2026-03-01T10:00:00Z")
    assert [record.findings for record in result.records if record is not fifth] == [()] * 6
    assert (result.ending.status, result.ending.whole) == ("success", False), "never the proof that others are gone"
    assert "page 2: the XML is not well-formed" in result.ending.message
    assert result.ending.next_from is not None


def test_bytes_that_are_no_utf_8_stay_as_they_are_in_marc(server: Hostile) -> None:
    server.spoil = spoiled("số 5", b"\xe9t\xe9")
    record = harvest(spec(server.url)).records[4]
    assert b"\xe9t\xe9" in record.content
    assert record.findings == ()


def test_dublin_core_with_a_bare_ampersand_is_read(server: Hostile) -> None:
    from schemas.crosswalks import dc_bib

    dc = f'<x:dc xmlns:x="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Cha & con</dc:title></x:dc>'
    server.listed = [Item("oai:x:1", payload=dc), *items(2, 2)]
    record = harvest(spec(server.url)).records[0]
    assert (record.content, record.syntax, record.findings) == (dc.encode(), "oai_dc", ("xml-unescaped:1",))
    assert str(dc_bib.bib(record.content)[0].title) == "Cha & con"


@pytest.mark.pathology(25, "A prefix that nothing declares is declared as what it usually means.")
@pytest.mark.parametrize(
    ("payload", "syntax"),
    [
        ("<marc:record><marc:leader>x</marc:leader></marc:record>", "marcxml"),
        (marc("một").replace("<record ", '<record xsi:schemaLocation="a b" '), "marcxml"),
        (f'<oai_dc:dc xmlns:oai_dc="{DC}"><dc:title>Sách</dc:title></oai_dc:dc>', "oai_dc"),
        ("<foo:record><foo:leader>a: b</foo:leader></foo:record>", "marcxml"),
    ],
)
def test_prefixes_that_nobody_declared_are_declared(server: Hostile, payload: str, syntax: str) -> None:
    server.listed = [Item("oai:x:1", payload=payload), *items(2, 2)]
    server.spoil = spoiled(' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', b"")
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 3)
    first = result.records[0]
    assert (first.syntax, first.findings) == (syntax, ("xml-prefixes:1",))
    assert b"xmlns:" in first.content
    if syntax == "oai_dc":
        from schemas.crosswalks import dc_bib

        assert str(dc_bib.bib(first.content)[0].title) == "Sách"


def test_a_payload_that_needs_a_namespace_of_the_page_carries_it_out_of_a_broken_one_too(server: Hostile) -> None:
    payload = "<m:record><m:leader>x & y</m:leader></m:record>"
    body = listing([Item("oai:x:1", payload=payload), *items(1, 2)])
    body = body.replace(b"<OAI-PMH ", f'<OAI-PMH xmlns:m="{MARC}" '.encode())
    server.spoil = lambda asked, reply: Reply(body) if asked.verb == "ListRecords" else reply
    first, second = harvest(spec(server.url)).records
    assert (first.syntax, second.local_id) == ("marcxml", "oai:x:2")
    assert f'xmlns:m="{MARC}"'.encode() in first.content
    assert b"x &amp; y" in first.content


def test_a_broken_page_in_another_encoding_becomes_utf_8_records(server: Hostile) -> None:
    text = listing([Item("oai:x:1", payload=marc("Café & thé&nbsp;")), *items(1, 2)]).decode()
    body = text.replace("UTF-8", "ISO-8859-1").replace("Sách số", "Sach so").encode("iso-8859-1")
    server.spoil = lambda asked, reply: Reply(body) if asked.verb == "ListRecords" else reply
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 2)
    assert "Café &amp; thé\u00a0".encode() in result.records[0].content


def test_a_prefixed_page_is_cut_as_well(server: Hostile) -> None:
    def prefixed(asked: Asked, reply: Reply) -> Reply:
        if asked.verb != "ListRecords":
            return reply
        body = reply.body.replace(b'xmlns="http://www.openarchives', b'xmlns:o="http://www.openarchives')
        for name in (b"OAI-PMH", b"responseDate", b"request", b"ListRecords", b"header", b"metadata", b"identifier"):
            body = body.replace(b"<" + name, b"<o:" + name).replace(b"</" + name, b"</o:" + name)
        for name in (b"datestamp", b"resumptionToken"):
            body = body.replace(b"<" + name, b"<o:" + name).replace(b"</" + name, b"</o:" + name)
        body = body.replace(b"<record><o:header", b"<o:record><o:header").replace(
            b"</record></o:metadata></record>", b"</record></o:metadata></o:record>"
        )
        return replace(reply, body=body.replace("số 5".encode(), b"&nbsp;"))

    server.spoil = prefixed
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 7)
    assert result.ending.status == "success"


# --- records that cannot be read --------------------------------------------------------------------------------------


@pytest.mark.pathology(20, "What cannot be repaired is cut out by itself; the records around it are taken.")
def test_a_record_beyond_repair_costs_only_itself(server: Hostile) -> None:
    server.spoil = spoiled("Sách số 5</subfield>", b"S</titel>")
    result = harvest(spec(server.url))
    assert good(result) == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4", "oai:x:6", "oai:x:7"]
    fifth = result.records[4]
    assert (fifth.local_id, fifth.syntax, fifth.findings, fifth.where) == (
        "oai:x:5",
        "unknown",
        (BROKEN,),
        "page 2 record 2",
    )
    assert fifth.content.startswith(b"<record><header><identifier>oai:x:5<")
    assert b"S</titel>" in fifth.content
    assert (result.ending.status, result.ending.whole, result.ending.next_from) == ("partial", False, None)
    assert "1 records of broken pages could not be read" in result.ending.message


def test_a_record_that_never_closes_does_not_take_its_neighbour_along(server: Hostile) -> None:
    server.spoil = spoiled("Sách số 5</subfield></datafield></record></metadata></record>", b"S")
    result = harvest(spec(server.url))
    assert good(result) == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4", "oai:x:6", "oai:x:7"]
    assert broken(result) == ["oai:x:5"]


def test_a_record_whose_opening_is_broken_is_counted_and_kept_with_its_bytes(server: Hostile) -> None:
    server.spoil = spoiled("<header><identifier>oai:x:5", b"<hea<der><identifier>oai:x:5")
    result = harvest(spec(server.url))
    assert good(result) == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4", "oai:x:6", "oai:x:7"]
    (name,) = broken(result)
    assert name.startswith("sha256:")
    assert any(b"oai:x:5" in record.content for record in result.records if record.local_id == name)
    assert result.ending.status == "partial"


def test_a_broken_opening_before_all_others_is_counted_too(server: Hostile) -> None:
    server.spoil = spoiled("<header><identifier>oai:x:4", b"<hea<der><identifier>oai:x:4")
    result = harvest(spec(server.url))
    assert len(broken(result)) == 1
    assert good(result) == ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:5", "oai:x:6", "oai:x:7"]
    assert result.ending.status == "partial"


@pytest.mark.parametrize("name", [b"oai:x:5\x0b", b"oai:\xff:5", b"oai:x:5&#x1;"])
def test_a_repair_never_makes_another_name_of_one(server: Hostile, name: bytes) -> None:
    server.spoil = spoiled(b"<identifier>oai:x:5<", b"<identifier>" + name + b"<")
    result = harvest(spec(server.url))
    assert "oai:x:5" not in result.ids
    assert [record.local_id[:7] for record in result.records if BROKEN in record.findings] == ["sha256:"]


def test_an_address_as_identifier_may_have_a_bare_ampersand(server: Hostile) -> None:
    server.spoil = spoiled(b"<identifier>oai:x:5<", b"<identifier>http://x/?a=1&b=5<")
    assert good(harvest(spec(server.url)))[4] == "http://x/?a=1&b=5"


def test_a_deletion_is_believed_only_from_bytes_that_need_no_repair(server: Hostile) -> None:
    gone = [Item("oai:x:1", deleted=True), Item("oai:x:2", deleted=True), *items(1, 3)]
    body = listing(gone).replace(b"<identifier>oai:x:2</identifier>", b"<identifier>oai:x:2</identifier>\x01")
    server.spoil = lambda asked, reply: Reply(body) if asked.verb == "ListRecords" else reply
    result = harvest(spec(server.url))
    assert [(record.local_id, record.deleted) for record in result.records] == [
        ("oai:x:1", True),
        ("oai:x:2", False),
        ("oai:x:3", False),
    ]
    assert broken(result) == ["oai:x:2"]


# --- the end of the list ----------------------------------------------------------------------------------------------


@pytest.mark.pathology(21, "A cut page may lose its token: the run ends as partial and the next one asks for it again.")
@pytest.mark.parametrize("closing", [b"</OAI-PMH>", b"</ListRecords></OAI-PMH>", b"</resumptionToken>"])
def test_a_token_is_taken_only_from_a_page_that_closes(server: Hostile, closing: bytes) -> None:
    def open_ended(asked: Asked, reply: Reply) -> Reply:
        return replace(reply, body=reply.body.partition(closing)[0]) if asked.token == "3||" else reply

    server.spoil = open_ended
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 6), "all its records were there"
    assert [request.token for request in server.asked("ListRecords")] == ["", "3||", "3||"]
    assert (result.ending.status, result.ending.next_from) == ("partial", None)
    assert "asks for this page again" in result.ending.message
    assert result.pages[-1].resume == result.pages[0].resume


@pytest.mark.pathology(21, "A token whose opening tag is lost is not taken for the end of the list.")
def test_a_token_whose_opening_is_lost_is_no_end(server: Hostile) -> None:
    server.spoil = spoiled('<resumptionToken completeListSize="7">3', b"3")
    result = harvest(spec(server.url))
    assert (good(result), result.ending.status) == (ids(1, 3), "partial")
    assert "nothing says with certainty how the list goes on" in result.ending.message


def test_a_token_with_a_bare_ampersand_is_not_guessed(server: Hostile) -> None:
    server.spoil = lambda asked, reply: Reply(listing(items(3), "a=1&b=2")) if asked.verb == "ListRecords" else reply
    result = harvest(spec(server.url))
    assert (result.ids, result.ending.status) == (ids(1, 3), "partial")


def test_a_bare_ampersand_before_the_records_costs_nothing(server: Hostile) -> None:
    server.spoil = spoiled("http://x/oai</request>", b"http://x/oai?a=1&b=2</request>")
    result = harvest(spec(server.url))
    assert (good(result), result.ending.status) == (ids(1, 7), "success")


def test_a_first_page_that_is_cut_begins_the_window_again_next_time(server: Hostile) -> None:
    server.spoil = lambda asked, reply: replace(reply, body=reply.body[:1000]) if asked.verb == "ListRecords" else reply
    result = harvest(spec(server.url))
    assert result.ending.status == "partial"
    server.spoil = lambda asked, reply: reply
    assert harvest(spec(server.url), resume=result.pages[-1].resume).ids == ids(1, 7)


def test_the_record_in_which_a_page_was_cut_is_named_when_its_header_is_there(server: Hostile) -> None:
    whole = listing(items(3), "t")
    for end, names in ((whole.index(b"oai:x:3") + 3, []), (whole.index("số 3".encode()), ["oai:x:3"])):
        server.spoil = lambda asked, reply, end=end: Reply(whole[:end]) if asked.verb == "ListRecords" else reply
        result = harvest(spec(server.url))
        assert (good(result), broken(result)) == (ids(1, 2), names)


def test_what_was_lost_is_remembered_over_a_restart(server: Hostile) -> None:
    server.spoil = spoiled("Sách số 2</subfield>", b"S</titel>")
    walking = OaiHarvester(spec(server.url)).pages(Window())
    _, second = next(walking), next(walking)
    walking.close()
    later = harvest(spec(server.url), resume=second.resume)
    assert (later.ids, later.ending.status, later.ending.next_from) == (ids(4, 7), "partial", None)


def test_the_longer_of_two_broken_answers_is_rescued(server: Hostile) -> None:
    answers = iter([900, None])

    def shorter_first(asked: Asked, reply: Reply) -> Reply:
        if asked.token != "3||":
            return reply
        body = reply.body.replace("số 5".encode(), b"&nbsp;")
        return replace(reply, body=body[: next(answers)])

    server.spoil = shorter_first
    assert good(harvest(spec(server.url))) == ids(1, 7)


def test_a_page_without_one_record_is_told_as_before(server: Hostile) -> None:
    server.spoil = lambda asked, reply: Reply(reply.body[:180]) if asked.token else reply
    with pytest.raises(SourceBroken, match=r"page 2: the XML is not well-formed at byte \d+ of 180"):
        harvest(spec(server.url))


def test_the_message_of_a_run_stays_short_however_many_pages_are_broken(server: Hostile) -> None:
    server.listed = items(8 * 3)
    server.spoil = spoiled("Sách số", b"S&nbsp;" * 100)
    result = harvest(spec(server.url))
    assert good(result) == ids(1, 24)
    assert result.ending.message.count("is not well-formed") == 5
    assert "and 3 more pages were broken" in result.ending.message


def test_what_the_parser_repeats_of_a_page_is_cut() -> None:
    with pytest.raises(SourceBroken) as caught:
        read_again(b"<OAI-PMH><" + b"a" * 20_000 + b"></b></OAI-PMH>", 1)
    assert len(str(caught.value)) < 500


# --- what is kept, and read again -------------------------------------------------------------------------------------


def test_every_page_carries_its_answer_and_its_fault(server: Hostile) -> None:
    server.spoil = spoiled("số 5", b"&nbsp;")
    first, second, third = harvest(spec(server.url)).pages
    assert first.answer.startswith(b"<?xml")
    assert (first.fault, third.fault) == ("", "")
    assert "not well-formed" in second.fault
    assert b"&nbsp;" in second.answer
    again = [read_again(page.answer, number) for number, page in enumerate((first, second, third), 1)]
    assert [page.records for page in again] == [page.records for page in (first, second, third)]
    assert [page.fault for page in again] == ["", "", ""]


def test_a_kept_answer_that_is_cut_says_so_when_it_is_read_again(server: Hostile) -> None:
    answer = listing(items(3), "t")
    assert "nothing says with certainty" in read_again(answer[:-10], 4).fault
    with pytest.raises(SourceBroken, match="page 4"):
        read_again(b"<html/>", 4)


# --- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "filling",
    [
        b"<record><!--" * 100_000,
        b"<!--" * 200_000,
        b"</record>" * 100_000,
        b"<record><header>" * 40_000,
        b"<record " * 100_000,
        b"&" * 500_000,
        b"<metadata>" * 100_000,
    ],
)
def test_no_page_takes_long_to_cut(filling: bytes) -> None:
    whole = listing(items(2), "t")
    page = whole.replace("Sách số 2".encode(), filling)
    begun = perf_counter()
    cut = rescue.cut(DIALECT, page, "broken")
    assert cut
    assert cut.rescued(1).records[0].local_id == "oai:x:1"
    assert perf_counter() - begun < 10


def test_a_page_with_more_records_than_can_be_cut_is_refused() -> None:
    assert rescue.cut(DIALECT, listing([]).replace(b"</ListRecords>", b"<record><header>" * 50_001), "broken") is None


def test_utf_16_is_not_cut_by_bytes() -> None:
    assert rescue.cut(DIALECT, listing(items(2)).decode().encode("utf-16"), "broken") is None


# --- any damage -------------------------------------------------------------------------------------------------------

SHELF = [*items(4), Item("oai:x:9", deleted=True)]
PAGE = listing(SHELF, "t|1", 9)
PIECES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from([b"<", b">", b"&", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</record>", b"<record>", b"<header>"]),
)
DAMAGE = st.lists(st.tuples(st.integers(0, len(PAGE)), st.integers(0, 40), PIECES), min_size=1, max_size=3)


@given(DAMAGE)
def test_whatever_is_damaged_every_untouched_record_comes_and_no_token_is_made_up(
    damage: list[tuple[int, int, bytes]],
) -> None:
    body = PAGE
    for at, length, piece in damage:
        body = body[:at] + piece + body[at + length :]
    try:
        parsed(body, "")
    except SourceBroken as error:
        cut = rescue.cut(DIALECT, body, "broken") if error.code == "page-not-well-formed" else None
        if cut is None:
            return
        rescued = cut.rescued(1)
        read = {record.local_id: record for record in rescued.records if BROKEN not in record.findings}
        for item in SHELF:
            if item.xml().encode() in body:
                assert read[item.identifier].deleted == item.deleted
                assert read[item.identifier].content == item.payload.encode()
        assert rescued.lost >= len(rescued.records) - rescued.good
        if rescued.certain and b'"9">t|1</resumptionToken></ListRecords>' in body:
            assert texts(cut.frame, "ListRecords", "resumptionToken") == ["t|1"]
