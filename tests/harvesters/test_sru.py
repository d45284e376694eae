"""The SRU harvester against servers that do it right, in every version, and against those that do not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from harvesters import read_again
from harvesters.base import Page, Window
from harvesters.errors import SourceBroken, SourceRefused, SourceUnavailable
from harvesters.sru import SruHarvester
from schemas.issues import BROKEN
from tests.support.hostile_oai import Asked, Reply, marc
from tests.support.hostile_sru import (
    Book,
    HostileSru,
    books,
    diagnostic,
    entry,
    numbers,
    refused,
    response,
)
from tests.support.sru_run import harvest, spec

ALL = ["0001", "0002", "0003", "0004", "0005", "0006", "0007"]


def spoiled(server: HostileSru, change) -> None:
    """Change the body of every answer to a search."""
    server.spoil = lambda asked, reply: (
        replace(reply, body=change(asked.arguments, reply.body)) if "query" in asked.arguments else reply
    )


# --- what is right ------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("packing", ["xml", "string"])
def test_everything_comes_in_every_version_and_packing(sru: HostileSru, version: str, packing: str) -> None:
    sru.version = version
    result = harvest(spec(sru.url, packing=packing))
    assert result.ids == ALL
    assert result.records[1].content == marc("Sách số 0002", "0002").encode()
    assert {record.syntax for record in result.records} == {"marcxml"}
    assert (result.ending.status, result.ending.whole, result.ending.next_from) == ("success", True, None)
    assert [len(page.records) for page in result.pages] == [3, 3, 1]
    assert result.pages[0].expected == 7
    asked = sru.searches[0]
    assert (asked.get("version"), asked.get("operation")) == (
        (None, None) if version == "2.0" else (version, "searchRetrieve")
    )
    assert asked["query"] == "cql.allRecords=1"
    assert asked["recordSchema"] == "marcxml"


def test_a_server_without_explain_is_asked_all_the_same(sru: HostileSru) -> None:
    sru.explains = False
    assert harvest(spec(sru.url)).ids == ALL
    assert sru.searches[0]["version"] == "1.1"


def test_version_and_schema_that_are_given_spare_the_question(sru: HostileSru) -> None:
    assert harvest(spec(sru.url, version="1.2", schema="marcxml")).ids == ALL
    assert all("query" in each.arguments for each in sru.requests)


def test_dublin_core_is_asked_for_only_where_there_is_no_marcxml(sru: HostileSru) -> None:
    from schemas.crosswalks import dc_bib

    dc = '<srw_dc:dc xmlns:srw_dc="info:srw/schema/1/dc-schema" xmlns="http://purl.org/dc/elements/1.1/">'
    payload = f"{dc}<title>Truyện Kiều</title><identifier>so-17</identifier></srw_dc:dc>"
    sru.schemas, sru.listed = (
        (("mods", "info:srw/schema/1/mods-v3.6"), ("dc", "info:srw/schema/1/dc-v1.1")),
        [Book("1", payload=payload)],
    )
    (record,) = harvest(spec(sru.url)).records
    assert sru.searches[0]["recordSchema"] == "dc"
    assert (record.syntax, record.local_id) == ("oai_dc", "so-17")
    assert str(dc_bib.bib(record.content)[0].title) == "Truyện Kiều"


def test_a_schema_that_nobody_here_can_read_is_refused_naming_what_is_offered(sru: HostileSru) -> None:
    sru.schemas = (("mods", "info:srw/schema/1/mods-v3.6"),)
    with pytest.raises(SourceRefused, match=r"offered: mods \(info:srw/schema/1/mods-v3\.6\)"):
        harvest(spec(sru.url))


def test_the_options_are_sent_as_each_version_has_them(sru: HostileSru) -> None:
    harvest(spec(sru.url, version="1.1", sort="rec.id", query='rec.id >= "0002"', page_size="2"))
    harvest(spec(sru.url, version="1.2", schema="marcxml"))
    assert sru.searches[0]["sortKeys"] == "rec.id"
    assert (sru.searches[0]["query"], sru.searches[0]["maximumRecords"]) == ('rec.id >= "0002"', "2")


@pytest.mark.parametrize(
    ("way", "names"),
    [("001", ["7"]), ("003", ["VN-X/7"]), ("identifier", ["id:7"]), ("035a", ["(x)99"])],
)
def test_a_record_is_named_by_what_the_option_says(sru: HostileSru, way: str, names: list[str]) -> None:
    payload = marc("Sách", "7").replace(
        "<datafield",
        '<controlfield tag="003">VN-X</controlfield><datafield tag="035" ind1=" " ind2=" ">'
        '<subfield code="a">(x)99</subfield></datafield><datafield',
        1,
    )
    sru.listed, sru.identifies = [Book("7", payload=payload)], True
    assert harvest(spec(sru.url, id=way)).ids == names


def test_a_record_without_a_number_has_a_fingerprint_for_a_name(sru: HostileSru) -> None:
    sru.listed = [Book("1", payload=marc("Sách", "x").replace('<controlfield tag="001">x</controlfield>', ""))]
    (record,) = harvest(spec(sru.url)).records
    assert record.findings == ("id-missing",)
    assert len(record.local_id) == 20


@pytest.mark.parametrize(
    "options",
    [
        {"version": "3"}, {"packing": "zip"}, {"parts": "scan"}, {"parts": "numbers:rec.id"}, {"parts": "x:rec.id"},
        {"parts": "numbers:rec.id:9-1"}, {"changed_index": "a b"}, {"changed_format": "%Y"}, {"id": "x"},
        {"page_size": "0"},
    ],
)  # fmt: skip
def test_options_that_mean_nothing_are_refused_by_name(sru: HostileSru, options: dict[str, str]) -> None:
    with pytest.raises(SourceRefused, match=f"option {next(iter(options))} "):
        harvest(spec(sru.url, **options))
    assert sru.requests == []


# --- what changed ------------------------------------------------------------


def test_with_an_index_of_changes_only_what_changed_is_asked_for(sru: HostileSru) -> None:
    sru.listed = [*books(5), *books(2, 6, changed="2026-04-02")]
    first = harvest(spec(sru.url, changed_index="rec.changed"))
    assert (first.ids, first.ending.whole) == (ALL, True)
    assert first.ending.next_from is not None
    assert first.ending.next_from.hour == first.ending.next_from.minute == 0
    since = Window(from_=datetime(2026, 4, 1, tzinfo=UTC))
    later = harvest(spec(sru.url, changed_index="rec.changed"), since)
    assert (later.ids, later.ending.status, later.ending.whole) == (["0006", "0007"], "success", False)
    assert sru.searches[-1]["query"] == '(cql.allRecords=1) and rec.changed >= "2026-04-01"'
    nothing = harvest(spec(sru.url, changed_index="rec.changed"), Window(from_=datetime(2026, 5, 1, tzinfo=UTC)))
    assert (nothing.ids, nothing.ending.status, nothing.ending.message) == ([], "success", "no records match")


def test_changes_that_are_not_proven_whole_are_asked_for_again(sru: HostileSru) -> None:
    sru.cap = 4
    result = harvest(spec(sru.url, changed_index="rec.changed"), Window(from_=datetime(2026, 1, 1, tzinfo=UTC)))
    assert (len(result.ids), result.ending.status, result.ending.next_from) == (4, "partial", None)


def test_without_one_everything_is_read_and_the_run_says_so(sru: HostileSru) -> None:
    result = harvest(spec(sru.url), Window(from_=datetime(2026, 4, 1, tzinfo=UTC)))
    assert (result.ids, result.ending.status, result.ending.whole) == (ALL, "success", False)
    assert "no index of changes" in result.ending.message


# --- numbers that cannot be believed ------------------------------------------------------------


@pytest.mark.pathology(38, "Places are counted by what came; a missing or wrong nextRecordPosition changes nothing.")
@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<nextRecordPosition>1</nextRecordPosition>",
        b"<nextRecordPosition>6</nextRecordPosition>",
        b"<nextRecordPosition>x</nextRecordPosition>",
    ],
)
def test_a_next_position_that_is_missing_or_wrong_loses_nothing(sru: HostileSru, told: bytes) -> None:
    sru.tells_next = False
    spoiled(sru, lambda _, body: body.replace(b"</searchRetrieveResponse>", told + b"</searchRetrieveResponse>"))
    result = harvest(spec(sru.url))
    assert result.ids == ALL
    assert (result.ending.status, result.ending.whole) == ("success", True)


@pytest.mark.pathology(38, "A number of records that changes from page to page proves nothing: the run is partial.")
def test_a_number_that_changes_from_page_to_page_is_no_end_and_no_proof(sru: HostileSru) -> None:
    told = {"1": b"5", "4": b"9", "7": b"7"}
    spoiled(
        sru,
        lambda asked, body: body.replace(
            b"<numberOfRecords>7<", b"<numberOfRecords>" + told.get(asked["startRecord"], b"7") + b"<"
        ),
    )
    result = harvest(spec(sru.url))
    assert result.ids == ALL
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "tells 5 to 9, page by page records, and 7 different ones came" in result.ending.message


@pytest.mark.pathology(38, "Pages that repeat end the run as partial.")
def test_a_server_that_does_not_mind_the_start_is_stopped_at(sru: HostileSru) -> None:
    first: list[bytes] = []

    def again(_: dict[str, str], body: bytes) -> bytes:
        first.append(body)
        return first[0]

    spoiled(sru, again)
    result = harvest(spec(sru.url))
    assert len(sru.searches) == 2
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "does not mind the place it is asked for" in result.ending.message


@pytest.mark.pathology(38, "Records are known by their ids: one that comes twice is not counted as another.")
def test_the_same_record_twice_is_no_proof_for_a_missing_one(sru: HostileSru) -> None:
    sru.listed[5] = sru.listed[1]
    result = harvest(spec(sru.url))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "tells 7 records, and 6 different ones came" in result.ending.message


def test_a_server_that_tells_no_number_is_read_to_its_end_and_proves_nothing(sru: HostileSru) -> None:
    spoiled(sru, lambda _, body: body.replace(b"<numberOfRecords>7</numberOfRecords>", b""))
    result = harvest(spec(sru.url, page_size="3"))
    assert result.ids == ALL
    assert (result.ending.status, result.ending.whole) == ("partial", False)


def test_an_empty_source_is_no_proof_that_everything_is_gone(sru: HostileSru) -> None:
    sru.listed = []
    result = harvest(spec(sru.url))
    assert (result.records, result.ending.status, result.ending.whole) == ([], "success", False)


# --- results that are cut off ------------------------------------------------------------


CAPPED = ["diagnostic", "silence", "refusal"]


@pytest.mark.pathology(37, "What cannot be had of a capped result is told; nothing is concluded from it.")
@pytest.mark.parametrize("how", CAPPED)
def test_a_capped_result_that_nothing_divides_is_partial_and_says_what_helps(sru: HostileSru, how: str) -> None:
    sru.listed, sru.cap, sru.capped_by = books(40), 6, how
    result = harvest(spec(sru.url))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert result.ids == ([] if how == "refusal" else numbers(books(6)))
    assert "option parts divides such a result" in result.ending.message


@pytest.mark.pathology(37, "A result over the cap is divided until every part is under it; the sum is the proof.")
@pytest.mark.parametrize("how", CAPPED[:2])
@pytest.mark.parametrize(
    "parts", ["scan:dc.date", "scan:rec.id", "years:dc.date", "keys:rec.id", "numbers:rec.id:1000-9999"]
)
@pytest.mark.parametrize("cap", ["0", "6"])
def test_a_capped_result_is_divided_until_it_is_whole(sru: HostileSru, how: str, parts: str, cap: str) -> None:
    sru.listed = books(40, 1980)
    sru.cap, sru.capped_by = 6, how
    result = harvest(spec(sru.url, parts=parts, cap=cap))
    assert sorted(set(result.ids)) == numbers(sru.listed)
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")


def test_a_result_that_is_refused_for_its_size_is_divided_but_never_proven_whole(sru: HostileSru) -> None:
    sru.listed, sru.cap, sru.capped_by = books(40), 6, "refusal"
    result = harvest(spec(sru.url, parts="keys:rec.id"))
    assert sorted(result.ids) == numbers(sru.listed)
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "nobody knows how many" in result.ending.message


def test_what_has_no_place_on_the_axis_is_asked_for_as_the_rest(sru: HostileSru) -> None:
    sru.listed = [*books(20), *[replace(book, year="") for book in books(4, 21)]]
    sru.cap = 6
    result = harvest(spec(sru.url, parts="years:dc.date"))
    assert sorted(set(result.ids)) == numbers(sru.listed)
    assert (result.ending.status, result.ending.whole) == ("success", True)


def test_a_part_that_cannot_be_divided_any_further_is_told_and_ends_nothing(sru: HostileSru) -> None:
    sru.listed = [*books(10), *[replace(book, year="2020") for book in books(10, 11)]]
    sru.cap = 6
    result = harvest(spec(sru.url, parts="years:dc.date"))
    assert len(set(result.ids)) == 16
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "dc.date from 2020 to below 2021: the server tells 10 records and gives 6" in result.ending.message


def test_parts_that_overlap_or_leave_out_are_no_proof(sru: HostileSru) -> None:
    sru.listed, sru.cap = books(20), 6
    hidden = sru.answer

    def forgetful(asked: Asked, reply: Reply) -> Reply:
        # the index of dates has lost a record, so that no part holds it
        if "dc.date" not in asked.arguments.get("query", ""):
            return reply
        kept, sru.listed = sru.listed, sru.listed[:-1]
        try:
            return hidden(asked)
        finally:
            sru.listed = kept

    sru.spoil = forgetful
    result = harvest(spec(sru.url, parts="years:dc.date"))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "the parts have 19 records and the whole 20" in result.ending.message


def test_a_server_that_does_not_mind_the_parts_is_not_asked_for_ever(sru: HostileSru) -> None:
    sru.listed, sru.cap = books(7), 6
    kept = sru.answer
    sru.spoil = lambda asked, reply: (
        kept(replace(asked, arguments={**asked.arguments, "query": "cql.allRecords=1"}))
        if "query" in asked.arguments
        else reply
    )
    result = harvest(spec(sru.url, parts="keys:rec.id", page_size="20"))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert len(sru.searches) < 1900


# --- diagnostics ------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "kind"), [(2, SourceUnavailable), (1, SourceUnavailable), (3, SourceRefused), (16, SourceRefused)]
)
def test_a_diagnostic_is_told_by_whose_fault_it_is(sru: HostileSru, number: int, kind: type[Exception]) -> None:
    sru.spoil = lambda asked, reply: Reply(refused(number, "x")) if "query" in asked.arguments else reply
    with pytest.raises(kind, match=rf"answers diagnostic {number} \(x\)") as caught:
        harvest(spec(sru.url))
    assert caught.value.code == f"sru-{number}"


def test_a_version_that_is_refused_is_asked_in_an_older_one(sru: HostileSru) -> None:
    sru.version = "1.2"
    sru.spoil = lambda asked, reply: (
        Reply(refused(5, "1.1")) if asked.arguments.get("version") == "1.2" and "query" in asked.arguments else reply
    )
    assert harvest(spec(sru.url)).ids == ALL
    with pytest.raises(SourceRefused, match="diagnostic 5"):
        harvest(spec(sru.url, version="1.2"))


def test_a_server_that_takes_only_the_newest_version_is_asked_in_it(sru: HostileSru) -> None:
    sru.explains = False
    sru.spoil = lambda asked, reply: (
        Reply(refused(5, "2.0")) if "query" in asked.arguments and "version" in asked.arguments else reply
    )
    assert harvest(spec(sru.url)).ids == ALL
    assert "version" not in sru.searches[-1]


def test_a_server_of_2_0_that_wants_the_operation_named_gets_it(sru: HostileSru) -> None:
    sru.version = "2.0"
    explained = sru._explain()
    sru.spoil = lambda asked, reply: reply if "operation" in asked.arguments else Reply(explained)
    assert harvest(spec(sru.url)).ids == ALL
    assert [("operation" in asked, asked.get("version")) for asked in sru.searches[:2]] == [
        (False, None),
        (True, "2.0"),
    ]
    assert len(sru.searches) == 4, "it is asked the other way once"


def test_a_schema_known_by_its_uri_only_is_asked_for_by_its_uri(sru: HostileSru) -> None:
    sru.spoil = lambda asked, reply: (
        Reply(refused(66, "marcxml")) if asked.arguments.get("recordSchema") == "marcxml" else reply
    )
    assert harvest(spec(sru.url)).ids == ALL


def test_too_many_records_at_once_are_asked_for_in_smaller_pages(sru: HostileSru) -> None:
    sru.spoil = lambda asked, reply: (
        Reply(refused(6, "maximumRecords")) if int(asked.arguments.get("maximumRecords", "0")) > 10 else reply
    )
    assert harvest(spec(sru.url)).ids == ALL


def test_a_record_that_the_server_withholds_is_put_aside_with_the_reason(sru: HostileSru) -> None:
    sru.listed[3] = Book("4", payload=diagnostic(68, "rec 4", "Not authorised to send record"))
    result = harvest(spec(sru.url))
    aside = [record for record in result.records if BROKEN in record.findings]
    assert [record.where for record in aside] == [
        "page 2 record 1: diagnostic 68 (Not authorised to send record: rec 4)"
    ]
    assert b"Not authorised" in aside[0].content
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "1 records were withheld" in result.ending.message


STUMBLES = [
    (lambda: Reply(refused(1, "XSLT")), "diagnostic 1 (XSLT)"),
    (lambda: Reply(refused(67, "0005")), "diagnostic 67 (0005)"),
    (lambda: Reply(b"oops", 500), "500"),
    (lambda: Reply(b"<searchRetrieveResponse><x></searchRetrieveResponse>"), "not well-formed"),
]


@pytest.mark.parametrize(("stumbles", "reason"), STUMBLES)
def test_a_record_over_which_the_server_stumbles_costs_itself_alone(
    sru: HostileSru, stumbles: Callable[[], Reply], reason: str
) -> None:
    sru.listed, sru.page_size = books(40), 20
    sru.spoil = lambda asked, reply: stumbles() if b">0005<" in reply.body else reply
    result = harvest(spec(sru.url, page_size="20", retries="0"))
    assert [record.local_id for record in result.records if BROKEN not in record.findings] == [
        number for number in numbers(books(40)) if number != "0005"
    ]
    (aside,) = [record for record in result.records if BROKEN in record.findings]
    assert reason in aside.where
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert len(sru.searches) < 25
    assert sru.searches[-1]["maximumRecords"] == "20", "pages grow again behind it"


def test_the_last_record_is_passed_over_only_while_others_can_still_be_had(sru: HostileSru) -> None:
    sru.spoil = lambda asked, reply: Reply(refused(1)) if b">0007<" in reply.body else reply
    result = harvest(spec(sru.url))
    assert [record.local_id for record in result.records if BROKEN not in record.findings] == ALL[:6]
    assert result.ending.message == "1 records were withheld or could not be read"
    down: list[int] = []

    def dies(asked: Asked, reply: Reply) -> Reply:
        down.extend([1] if b">0007<" in reply.body else [])
        return Reply(refused(1)) if down else reply

    sru.spoil = dies
    with pytest.raises(SourceUnavailable, match="diagnostic 1"):
        harvest(spec(sru.url))


def test_a_server_that_stumbles_over_everything_is_down(sru: HostileSru) -> None:
    sru.spoil = lambda asked, reply: Reply(refused(1)) if "query" in asked.arguments else reply
    came: list[Page] = []
    with pytest.raises(SourceUnavailable, match="diagnostic 1"):
        came.extend(SruHarvester(spec(sru.url)).pages(Window()))
    assert came == [], "what cannot be had now is not put aside"
    assert len(sru.searches) < 12


# --- bodies that are broken ------------------------------------------------------------


@pytest.mark.pathology(20, "SRU pages that are no XML are cut into their records as those of OAI-PMH are.")
def test_one_broken_record_costs_itself_alone(sru: HostileSru) -> None:
    spoiled(sru, lambda _, body: body.replace("Sách số 0005".encode(), b"S</titel>"))
    result = harvest(spec(sru.url))
    assert [record.local_id for record in result.records if BROKEN not in record.findings] == [
        n for n in ALL if n != "0005"
    ]
    assert [record.local_id for record in result.records if BROKEN in record.findings] == ["0005"]
    assert (result.ending.status, result.ending.whole) == ("partial", False)


@pytest.mark.pathology(19, "In SRU too a forbidden character is passed over, counted and told with the record.")
def test_a_record_with_a_forbidden_character_is_taken_with_its_bytes(sru: HostileSru) -> None:
    spoiled(sru, lambda _, body: body.replace("số 0005".encode(), b"so\x1f 5"))
    result = harvest(spec(sru.url))
    assert result.ids == ALL
    assert result.records[4].findings == ("xml-control-characters:1",)
    assert b"so\x1f 5" in result.records[4].content
    assert (result.ending.status, result.ending.whole) == ("success", False), "never the proof that others are gone"


@pytest.mark.pathology(21, "An SRU page that ends in the middle of a record goes on with that record.")
def test_a_page_that_is_cut_is_gone_on_with_where_it_was_cut(sru: HostileSru) -> None:
    spoiled(sru, lambda asked, body: body[: body.index(b"0006<")] if asked["startRecord"] == "4" else body)
    result = harvest(spec(sru.url))
    assert result.ids == ALL
    assert [asked["startRecord"] for asked in sru.searches] == ["1", "4", "4", "6"]
    assert result.ending.status == "success"


@pytest.mark.pathology(27, "A body that is shorter than it was announced is asked for again.")
def test_a_body_that_is_cut_on_its_way_is_fetched_again(sru: HostileSru) -> None:
    cut: list[int] = []

    def once(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("startRecord") != "4" or cut:
            return reply
        cut.append(asked.number)
        return replace(reply, cut=300)

    sru.spoil = once
    assert harvest(spec(sru.url)).ids == ALL
    assert cut


@pytest.mark.pathology(28, "503 is waited for as Retry-After says, in SRU too.")
def test_a_busy_server_is_waited_for(sru: HostileSru) -> None:
    busy: list[int] = []

    def first(asked: Asked, reply: Reply) -> Reply:
        if len(busy) > 1 or "query" not in asked.arguments:
            return reply
        busy.append(asked.number)
        return Reply(b"busy", 503, {"Retry-After": "0"})

    sru.spoil = first
    assert harvest(spec(sru.url)).ids == ALL
    sru.spoil = lambda asked, reply: Reply(b"busy", 503)
    with pytest.raises(SourceUnavailable, match="503"):
        harvest(spec(sru.url))


@pytest.mark.pathology(29, "A web page in the place of SRU ends the run, and is shown by its title.")
def test_a_web_page_is_no_answer(sru: HostileSru) -> None:
    page = b"<!DOCTYPE html><html><title>Dang nhap</title></html>"
    sru.spoil = lambda asked, reply: Reply(page) if asked.arguments.get("startRecord") == "4" else reply
    pages: list[Page] = []
    with pytest.raises(SourceBroken, match=r"page 2: not SRU but a web page \(Dang nhap\)"):
        pages.extend(SruHarvester(spec(sru.url)).pages(Window()))


def test_an_answer_that_is_too_large_is_refused(sru: HostileSru) -> None:
    with pytest.raises(SourceRefused, match="max_bytes"):
        harvest(spec(sru.url, max_bytes="500", version="1.1", schema="marcxml"))


def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(sru: HostileSru) -> None:
    sru.page_size = 7
    result = harvest(spec(sru.url, max_bytes="1600", page_size="7", version="1.1", schema="marcxml"))
    assert result.ids == ALL
    assert result.ending.status == "success"


def test_no_more_than_the_most_records_come(sru: HostileSru) -> None:
    result = harvest(spec(sru.url, max_records="4"))
    assert len(result.records) == 6
    assert (result.ending.status, "max_records" in result.ending.message) == ("partial", True)


# --- going on ------------------------------------------------------------


@pytest.mark.pathology(36, "An SRU run goes on with the page that was kept last, to see that the result has not moved.")
def test_a_run_goes_on_where_it_stopped(sru: HostileSru) -> None:
    whole = harvest(spec(sru.url))
    sru.requests.clear()
    rest = harvest(spec(sru.url), resume=whole.pages[1].resume)
    assert rest.ids == ALL[3:]
    assert [asked["startRecord"] for asked in sru.searches] == ["4", "7"]
    assert rest.ending.status == "success"


def test_a_result_that_has_moved_meanwhile_is_read_from_its_beginning(sru: HostileSru) -> None:
    whole = harvest(spec(sru.url))
    sru.listed = books(9, 101)
    moved = harvest(spec(sru.url), resume=whole.pages[1].resume)
    assert moved.ids == numbers(sru.listed)
    assert "the result had moved" in moved.ending.message


def test_a_run_in_parts_goes_on_with_the_part_that_was_not_finished(sru: HostileSru) -> None:
    sru.listed, sru.cap = books(40), 6
    options = {"parts": "years:dc.date", "cap": "6"}
    whole = harvest(spec(sru.url, **options))
    for place in (0, len(whole.pages) // 2, len(whole.pages) - 2):
        rest = harvest(spec(sru.url, **options), resume=whole.pages[place].resume)
        before = {record.local_id for page in whole.pages[: place + 1] for record in page.records}
        assert before | set(rest.ids) == set(numbers(sru.listed))
        assert len(rest.pages) < len(whole.pages) or place == 0
        assert rest.ending.status == "success"


def test_what_resumes_another_question_is_no_place_to_go_on_from(sru: HostileSru) -> None:
    whole = harvest(spec(sru.url))
    assert harvest(spec(sru.url, query='rec.id >= "0002"'), resume=whole.pages[1].resume).ids == ALL[1:]
    for text in ("{}", "x", '{"parts":1}', '{"parts":1,"question":"y","left":[],"place":null}'):
        assert harvest(spec(sru.url), resume=text).ids == ALL


def test_a_kept_answer_is_read_again_as_it_was(sru: HostileSru) -> None:
    source = spec(sru.url)
    result = harvest(source)
    for number, page in enumerate(result.pages, 1):
        again = read_again(source, page.answer, number)
        assert again.records == page.records
        assert again.fault == ""
    broken = result.pages[1].answer.replace("Sách số 0005".encode(), b"S</titel>")
    again = read_again(source, broken, 2)
    assert [BROKEN in record.findings for record in again.records] == [False, True, False]
    assert "could not be read" in again.fault
    with pytest.raises(SourceBroken):
        read_again(source, b"<html></html>", 1)


def test_a_packed_record_that_is_no_xml_is_left_to_the_reader_of_marc(sru: HostileSru) -> None:
    text = marc("Cha & con", "1")
    body = response(f"<numberOfRecords>1</numberOfRecords><records>{entry(text, 1, 'string')}</records>")
    spoiled(sru, lambda _, __: body)
    (record,) = harvest(spec(sru.url)).records
    assert (record.syntax, record.content) == ("marcxml", text.encode())
