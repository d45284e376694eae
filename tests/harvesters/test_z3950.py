"""The Z39.50 harvester against a target that does what real ones do wrong."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters import known_options, open_source, read_again
from harvesters.base import SourceSpec, Window
from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.names import Names
from harvesters.z3950 import Z3950Harvester
from harvesters.z3950.taking import taken
from schemas.issues import BROKEN
from schemas.marc.read import decode
from schemas.z3950 import codec, oid
from schemas.z3950.ber import DEFAULT_LIMITS
from schemas.z3950.browsing import ScanRequest, TermInfo
from schemas.z3950.charsets import CharsetChoice, Iso10646
from schemas.z3950.external import External
from schemas.z3950.records import Circulation, Holding, OpacRecord
from schemas.z3950.retrieval import (
    NamedRecord,
    PresentRequest,
    PresentResponse,
    ResultSetStatus,
    SearchRequest,
    SearchResponse,
)
from schemas.z3950.session import Close, CloseReason, IdPass, InitRequest, InitResponse, Option
from schemas.z3950.values import Diagnostic
from tests.support.hostile_sru import Book, books, numbers
from tests.support.hostile_z3950 import HostileZ3950, marc, presented, refused, unfound, with_reference
from tests.support.z3950_run import ALL, harvest, spec

SEVEN = numbers(books(7))


def on(kind: type[Any], spoiled: Any) -> Any:
    """Spoil the answers to requests of one kind."""

    def spoil(request: Any, answers: Any) -> Any:
        return spoiled(request, answers) if isinstance(request, kind) else answers

    return spoil


def once(kind: type[Any], spoiled: Any) -> Any:
    """Spoil the first answer to requests of one kind."""
    left = [spoiled]

    def spoil(request: Any, answers: Any) -> Any:
        return left.pop()(request, answers) if isinstance(request, kind) and left else answers

    return spoil


# --- an honest target ---------------------------------------------------------------------


@pytest.mark.parametrize("size", ["1", "2", "3", "50"])
def test_everything_comes_as_it_was_sent(z3950: HostileZ3950, size: str) -> None:
    result = harvest(spec(z3950.url, page_size=size))
    assert [record.content for record in result.records] == list(map(marc, books(7)))
    assert {record.syntax for record in result.records} == {"iso2709"}
    assert result.ids == SEVEN
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")
    assert result.ending.next_from is None
    assert all(page.expected == 7 for page in result.pages)


def test_a_kept_answer_is_read_again_as_it_was(z3950: HostileZ3950) -> None:
    source = spec(z3950.url)
    for number, page in enumerate(harvest(source).pages, 1):
        assert read_again(source, page.answer, number).records == page.records
    with pytest.raises(SourceBroken, match="what was kept is no answer"):
        read_again(source, b"x", 1)


def test_the_session_is_said_goodbye_to(z3950: HostileZ3950) -> None:
    harvest(spec(z3950.url))
    assert z3950.connections == 1
    assert [type(each).__name__ for each in z3950.requests][:3] == ["InitRequest", "SearchRequest", "PresentRequest"]


def test_no_more_is_asked_for_than_there_is(z3950: HostileZ3950) -> None:
    z3950.page_size = 50
    harvest(spec(z3950.url, page_size="5"))
    assert [(each.start, each.count) for each in z3950.of(PresentRequest)] == [(1, 5), (6, 2)]


def test_login_group_and_form_are_told_as_the_options_say(z3950: HostileZ3950) -> None:
    harvest(spec(z3950.url, user="an", password="bí mật", group="khách"))
    harvest(spec(z3950.url, user="an", password="x", login="open"))
    harvest(spec(z3950.url))
    told = [each.authentication for each in z3950.of(InitRequest)]
    assert told == [IdPass("khách", "an", "bí mật"), "an/x", None]


def test_syntax_elements_and_sort_are_asked_for_as_the_options_say(z3950: HostileZ3950) -> None:
    harvest(spec(z3950.url, syntax="unimarc", elements="B", sort="1=12"))
    harvest(spec(z3950.url, syntax="1.2.840.10003.5.17", elements="none"))
    asked = {(each.syntax, each.composition) for each in z3950.of(PresentRequest)}
    assert asked == {(oid.UNIMARC, "B"), ("1.2.840.10003.5.17", None)}
    assert len([each for each in z3950.requests if type(each).__name__ == "SortRequest"]) == 1


@pytest.mark.parametrize(("way", "first"), [("001", "0001"), ("003", "0001"), ("245a", "Sách số 0001")])
def test_a_record_is_named_by_what_the_option_says(z3950: HostileZ3950, way: str, first: str) -> None:
    assert harvest(spec(z3950.url, id=way)).ids[0] == first


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://x/", "no address of a Z39.50 target"),
        ("z3950:///db", "no address"),
        ("z3950://x:99999/db", "ort"),
        ("z3950://an:mat@x/db", "options of their own"),
        ("z3950://x/a/b", "one name"),
        ("z3950://x/db?x=1", "something that no such address has"),
    ],
)
def test_what_is_no_address_is_refused_without_its_secrets(url: str, said: str) -> None:
    with pytest.raises(SourceRefused, match=said) as caught:
        Z3950Harvester(SourceSpec("x", "z3950", url))
    assert caught.value.code == "address-invalid"
    assert "mat@" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"syntax": "marzipan"},
        {"query": "@and x"},
        {"parts": "keys:x=y"},
        {"parts": "numbers:12"},
        {"sort": "a=b"},
        {"changed_index": "1=1012,2=4"},
        {"changed_format": "%Y"},
        {"query_charset": "telex"},
        {"login": "smart"},
        {"max_bytes": "1"},
        {"id": "identifier"},
    ],
)
def test_options_that_mean_nothing_are_refused_by_name(options: dict[str, str]) -> None:
    with pytest.raises(SourceRefused, match=f"option {next(iter(options))}"):
        Z3950Harvester(SourceSpec("x", "z3950", "z3950://x/db", options=options))


def test_every_option_has_a_meaning_and_a_default_that_is_legal() -> None:
    rows = known_options("z3950")
    assert len({row.name for row in rows}) == len(rows) > 0
    open_source(SourceSpec("x", "z3950", "z3950://x/db", options={row.name: row.default for row in rows}))


def test_a_private_address_is_asked_only_when_the_operator_says_so(z3950: HostileZ3950) -> None:
    with pytest.raises(SourceRefused) as caught:
        harvest(spec(z3950.url, allow_private="false"))
    assert caught.value.code == "address-private"
    assert z3950.connections == 0


def test_with_an_index_of_changes_only_what_changed_is_asked_for(z3950: HostileZ3950) -> None:
    z3950.listed = [*books(3, changed="2026-02-01"), *books(2, 10, changed="2026-03-05")]
    window = Window(datetime(2026, 3, 1, tzinfo=UTC))
    result = harvest(spec(z3950.url, changed_index="1=1012"), window)
    assert result.ids == ["0010", "0011"]
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert result.ending.next_from is not None


def test_without_one_everything_is_read_and_the_run_says_so(z3950: HostileZ3950) -> None:
    result = harvest(spec(z3950.url), Window(datetime(2026, 3, 1, tzinfo=UTC)))
    assert result.ids == SEVEN
    assert "no index of changes" in result.ending.message


# --- what finds everything ----------------------------------------------------------------


def test_a_query_that_is_a_guess_is_no_proof_that_others_are_gone(z3950: HostileZ3950) -> None:
    result = harvest(spec(z3950.url, query=""))
    assert result.ids == SEVEN
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert "is a guess; the option query says it" in result.ending.message


def test_a_query_that_is_not_known_is_followed_by_another(z3950: HostileZ3950) -> None:
    z3950.spoil = once(SearchRequest, lambda *_: [unfound(114, "_ALLRECORDS")])
    assert harvest(spec(z3950.url, query="")).ids == SEVEN


def test_a_target_that_knows_none_says_what_the_operator_has_to_do(z3950: HostileZ3950) -> None:
    z3950.spoil = on(SearchRequest, lambda *_: [unfound(117)])
    with pytest.raises(SourceRefused, match="the option query says in PQF what finds everything"):
        harvest(spec(z3950.url, query=""))


# --- numbers that lie, records that repeat ------------------------------------------------


@pytest.mark.pathology(38, "A Z39.50 target that gives fewer records than asked for is asked for the rest.")
def test_fewer_records_than_asked_for_lose_nothing(z3950: HostileZ3950) -> None:
    z3950.page_size = 1
    assert harvest(spec(z3950.url)).ids == SEVEN


def test_more_records_than_asked_for_are_not_taken_twice(z3950: HostileZ3950) -> None:
    z3950.spoil = once(PresentRequest, lambda *_: [presented(*(External(oid.USMARC, marc(book)) for book in books(5)))])
    result = harvest(spec(z3950.url, page_size="2"))
    assert result.ids == SEVEN
    assert result.ending.whole


@pytest.mark.pathology(38, "Pages of a Z39.50 target that repeat end the run as partial.")
def test_a_target_that_gives_the_first_page_again_is_stopped_at(z3950: HostileZ3950) -> None:
    first = [External(oid.USMARC, marc(book)) for book in books(3)]
    z3950.spoil = on(PresentRequest, lambda request, _: [presented(*first[: request.count])])
    result = harvest(spec(z3950.url))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "does not mind the place it is asked for" in result.ending.message


def test_the_same_record_twice_is_no_proof_for_a_missing_one(z3950: HostileZ3950) -> None:
    z3950.listed = [*books(7), Book("0001")]
    result = harvest(spec(z3950.url))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "tells 8 records, and 7 different ones came" in result.ending.message


def test_a_target_that_tells_more_than_it_gives_is_partial(z3950: HostileZ3950) -> None:
    z3950.capped_by = "silence"
    z3950.spoil = on(SearchRequest, lambda *_: [SearchResponse(count=9)])
    result = harvest(spec(z3950.url))
    assert result.ids == SEVEN
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "tells 9 records and gives 7 of them" in result.ending.message


def test_a_target_that_gives_nothing_of_what_it_tells_is_partial(z3950: HostileZ3950) -> None:
    z3950.spoil = on(PresentRequest, lambda *_: [PresentResponse()])
    result = harvest(spec(z3950.url))
    assert (result.records, result.ending.status) == ([], "partial")


def test_an_empty_target_is_no_proof_that_everything_is_gone(z3950: HostileZ3950) -> None:
    z3950.listed = []
    result = harvest(spec(z3950.url))
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert result.ending.message == "no records match"


@pytest.mark.pathology(37, "A number at which targets stop counting is no proof that nothing else is there.")
def test_a_number_at_which_targets_stop_counting_concludes_nothing(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.page_size = books(1000), 500
    result = harvest(spec(z3950.url, page_size="500"))
    assert len(result.records) == 1000
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert "may be where it stops counting" in result.ending.message


def test_an_estimate_concludes_nothing(z3950: HostileZ3950) -> None:
    said = SearchResponse(
        count=7,
        success=False,
        result_set_status=ResultSetStatus.ESTIMATE,
        diagnostics=(Diagnostic(100, "about so many"),),
    )
    z3950.spoil = on(SearchRequest, lambda *_: [said])
    result = harvest(spec(z3950.url))
    assert result.ids == SEVEN
    assert not result.ending.whole
    assert "about so many" in result.ending.message


# --- caps ---------------------------------------------------------------------------------


@pytest.mark.pathology(37, "What cannot be had of a capped result set of Z39.50 is told; nothing is concluded from it.")
@pytest.mark.parametrize("how", ["refusal", "silence"])
def test_a_capped_result_that_nothing_divides_is_partial_and_says_what_helps(z3950: HostileZ3950, how: str) -> None:
    z3950.listed, z3950.cap, z3950.capped_by, z3950.page_size = books(20), 8, how, 50
    result = harvest(spec(z3950.url))
    assert len(result.records) == 8
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "tells 20 records and gives 8 of them" in result.ending.message
    assert "option parts divides such a result" in result.ending.message


@pytest.mark.pathology(37, "A result set over the cap is divided by an index; the parts together are the proof.")
@pytest.mark.parametrize("cap", ["0", "8"])
@pytest.mark.parametrize("parts", ["keys:12", "scan:1=12", "years:31", "scan:31", "numbers:1=31:1980-2030"])
@pytest.mark.parametrize("how", ["refusal", "silence"])
def test_a_capped_result_is_divided_until_it_is_whole(z3950: HostileZ3950, how: str, parts: str, cap: str) -> None:
    z3950.listed, z3950.cap, z3950.capped_by, z3950.page_size = books(45), 8, how, 50
    result = harvest(spec(z3950.url, parts=parts, cap=cap))
    assert set(result.ids) == set(numbers(books(45)))
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")


def test_terms_before_the_one_that_a_scan_is_to_begin_with_are_left_out(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap, z3950.page_size = books(45), 8, 50

    def earlier(request: ScanRequest, answers: list[Any]) -> list[Any]:
        before = TermInfo(b"0000", 99)
        return [replace(answers[0], entries=(before, *answers[0].entries), position=2)]

    z3950.spoil = on(ScanRequest, earlier)
    result = harvest(spec(z3950.url, parts="scan:12", cap="8"))
    assert set(result.ids) == set(numbers(books(45)))
    assert result.ending.whole


def test_a_target_that_does_not_scan_says_so(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap, z3950.options = books(20), 8, frozenset({Option.SEARCH, Option.PRESENT})
    with pytest.raises(SourceRefused, match="does not scan its indexes"):
        harvest(spec(z3950.url, parts="scan:12"))


def test_a_result_that_is_refused_for_its_size_is_divided_but_never_proven_whole(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap, z3950.capped_by = books(45), 8, "search"
    result = harvest(spec(z3950.url, parts="keys:12"))
    assert set(result.ids) == set(numbers(books(45)))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "nobody knows how many" in result.ending.message


def test_what_has_no_place_on_the_axis_is_asked_for_as_the_rest(z3950: HostileZ3950) -> None:
    z3950.listed = [*books(20), *(Book(f"x{n}", year="") for n in range(3))]
    z3950.cap = 8
    result = harvest(spec(z3950.url, parts="years:31"))
    assert len(set(result.ids)) == 23
    assert result.ending.whole


def test_a_part_that_cannot_be_divided_any_further_is_told_and_ends_nothing(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap = [*books(10), *(Book(f"9{n:03}", "2020") for n in range(10))], 6
    result = harvest(spec(z3950.url, parts="years:31"))
    assert set(numbers(books(10))) <= set(result.ids)
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "from 2020 to below 2021: the server tells 10 records and gives 6" in result.ending.message


def test_parts_that_overlap_or_leave_out_are_no_proof(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap = books(20), 8

    def forgetful(request: SearchRequest, answers: list[Any]) -> list[Any]:
        z3950._found = [book for book in z3950._found if book.number != "0005" or len(z3950._found) == 20]
        return [SearchResponse(count=len(z3950._found))]

    z3950.spoil = on(SearchRequest, forgetful)
    result = harvest(spec(z3950.url, parts="keys:12"))
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "the parts have 19 records and the whole 20" in result.ending.message


# --- records that cannot be had -----------------------------------------------------------


def test_a_diagnostic_in_the_place_of_a_record_is_put_aside_with_what_it_says(z3950: HostileZ3950) -> None:
    z3950.write = lambda book: Diagnostic(1026, "mượn") if book.number == "0003" else External(oid.USMARC, marc(book))
    result = harvest(spec(z3950.url))
    aside = [record for record in result.records if BROKEN in record.findings]
    assert [record.local_id for record in result.records if not record.findings] == [*SEVEN[:2], *SEVEN[3:]]
    assert [record.where for record in aside] == ["page 1 record 3: 1026 The record is locked: mượn"]
    assert (result.ending.status, result.ending.whole) == ("partial", False)
    assert "1 records were withheld" in result.ending.message


@pytest.mark.parametrize(
    "sent",
    [
        External(oid.SUTRS, b"\x1a\x03abc", "element"),
        External(oid.XML, b"<html/>"),
        External(oid.USMARC, b"no MARC at all"),
        External(oid.OPAC, b"\x30\x80\x00\x00", "element"),
        External(oid.OPAC, b"\x04\x01x", "element"),
    ],
)
def test_what_is_no_marc_is_put_aside(z3950: HostileZ3950, sent: External) -> None:
    z3950.write = lambda book: sent if book.number == "0003" else External(oid.USMARC, marc(book))
    result = harvest(spec(z3950.url))
    assert len(result.records) == 7
    assert sum(BROKEN in record.findings for record in result.records) == 1
    assert result.ending.status == "partial"


@pytest.mark.parametrize("number", [1, 14, 17, 100, 238])
def test_a_record_over_which_the_target_stumbles_costs_itself_alone(z3950: HostileZ3950, number: int) -> None:
    z3950.listed, z3950.page_size = books(20), 50

    def stumbles(request: PresentRequest, answers: list[Any]) -> list[Any]:
        return [refused(number)] if request.start <= 11 < request.start + request.count else answers

    z3950.spoil = on(PresentRequest, stumbles)
    result = harvest(spec(z3950.url))
    assert [name for name in result.ids if name.isdecimal()] == [n for n in numbers(books(20)) if n != "0011"]
    assert sum(BROKEN in record.findings for record in result.records) == 1
    assert result.ending.status == "partial"


def test_a_record_over_which_the_target_dies_costs_itself_alone(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.page_size = books(10), 50

    def dies(request: PresentRequest, answers: list[Any]) -> list[Any] | None:
        return None if request.start <= 5 < request.start + request.count else answers

    z3950.spoil = on(PresentRequest, dies)
    result = harvest(spec(z3950.url))
    assert [name for name in result.ids if name.isdecimal()] == [n for n in numbers(books(10)) if n != "0005"]
    assert result.ending.status == "partial"


def test_a_target_that_stumbles_over_everything_is_down(z3950: HostileZ3950) -> None:
    z3950.spoil = on(PresentRequest, lambda *_: [refused(14)])
    with pytest.raises(SourceRefused, match="14 The records could not be presented"):
        harvest(spec(z3950.url))


def test_a_syntax_that_the_target_does_not_know_is_followed_by_another(z3950: HostileZ3950) -> None:
    xml = b'<record xmlns="http://www.loc.gov/MARC21/slim"><controlfield tag="001">%s</controlfield></record>'

    def only_marcxml(request: PresentRequest, answers: list[Any]) -> list[Any]:
        if request.syntax != oid.XML:
            return [refused(239)]
        return answers if request.composition == "marcxml" else [refused(25)]

    z3950.write = lambda book: External(oid.XML, xml % book.number.encode())
    z3950.spoil = on(PresentRequest, only_marcxml)
    result = harvest(spec(z3950.url))
    assert result.ids == SEVEN
    assert {record.syntax for record in result.records} == {"marcxml"}
    assert result.ending.whole
    with pytest.raises(SourceRefused, match="239"):
        harvest(spec(z3950.url, syntax="usmarc", elements="F"))


def test_marc_in_an_octet_string_is_taken_out_of_it(z3950: HostileZ3950) -> None:
    z3950.write = lambda book: External(oid.USMARC, b"\x04" + bytes([len(marc(book))]) + marc(book), "element")
    assert [record.content for record in harvest(spec(z3950.url)).records] == list(map(marc, books(7)))


# --- holdings -----------------------------------------------------------------------------


def opac(book: Book) -> External:
    held = Holding(
        nuc_code="TVT",
        local_location="Kho mượn",
        call_number="895.922 S",
        public_note="bản đẹp",
        circulation=(Circulation(True, item_id="VN.1"), Circulation(False, item_id="VN.2")),
    )
    return codec.write_record(OpacRecord(External(oid.USMARC, marc(book)), (held,)))


def test_holdings_of_opac_records_become_fields_of_the_record(z3950: HostileZ3950) -> None:
    z3950.write = opac
    result = harvest(spec(z3950.url, syntax="opac"))
    record, issues = (found := decode(result.records[0].content)).record, found.issues
    assert issues == ()
    assert result.ids == SEVEN
    assert record.fields[:-1] == decode(marc(books(1)[0])).record.fields
    held = record.fields[-1]
    assert (held.tag, [(each.code, each.value) for each in held.subfields]) == (
        "852",
        [
            ("a", "TVT"),
            ("b", "Kho mượn"),
            ("h", "895.922 S"),
            ("p", "VN.1"),
            ("p", "VN.2"),
            ("z", "bản đẹp"),
        ],
    )


# --- sessions that break ------------------------------------------------------------------


@pytest.mark.pathology(27, "A session that a Z39.50 target breaks off is opened again, and the result goes on.")
@pytest.mark.parametrize(
    "how", [None, [Close(reason=CloseReason.LACK_OF_ACTIVITY)], [b"\xb9\x82\x10\x00half of an answer"]]
)
def test_a_target_that_closes_in_the_middle_loses_nothing(z3950: HostileZ3950, how: Any) -> None:
    count = [0]

    def tired(_: PresentRequest, answers: list[Any]) -> Any:
        count[0] += 1
        if count[0] % 2:
            return answers
        return iter([*how, None]) if how and isinstance(how[0], bytes) else how

    z3950.page_size = 1
    z3950.spoil = on(PresentRequest, tired)
    result = harvest(spec(z3950.url))
    assert result.ids == SEVEN
    assert result.ending.whole
    assert z3950.connections > 3


def test_a_result_set_that_the_target_forgets_is_searched_for_again(z3950: HostileZ3950) -> None:
    count = [0]

    def forgets(_: PresentRequest, answers: list[Any]) -> list[Any]:
        count[0] += 1
        return answers if count[0] % 2 else [refused(30)]

    z3950.spoil = on(PresentRequest, forgets)
    result = harvest(spec(z3950.url))
    assert result.ids == SEVEN
    assert result.ending.whole
    assert z3950.connections == 1


@pytest.mark.parametrize(("then", "whole"), [(8, True), (6, False)])
def test_a_number_that_changes_with_another_search_is_a_proof_only_when_so_many_came(
    z3950: HostileZ3950, then: int, whole: bool
) -> None:
    def forgets(request: PresentRequest, answers: list[Any]) -> list[Any]:
        if request.start == 1:
            return answers
        z3950.spoil = on(PresentRequest, lambda _, honest: honest)
        z3950.listed = books(then)
        return [refused(27)]

    z3950.spoil = on(PresentRequest, forgets)
    result = harvest(spec(z3950.url))
    assert len(result.records) == then
    assert (result.ending.status == "success", result.ending.whole) == (whole, whole)
    assert whole or "tells 6 to 7, page by page records" in result.ending.message


@pytest.mark.pathology(28, "A Z39.50 target that is busy for the moment is asked again later.")
def test_a_target_that_is_busy_is_waited_for(z3950: HostileZ3950) -> None:
    z3950.spoil = once(SearchRequest, lambda *_: [unfound(1018)])
    assert harvest(spec(z3950.url)).ending.whole
    z3950.spoil = on(SearchRequest, lambda *_: [unfound(109, "Default")])
    with pytest.raises(SourceUnavailable, match="109 The database is not available: Default"):
        harvest(spec(z3950.url))


def test_a_login_that_is_wrong_ends_the_run_at_once(z3950: HostileZ3950) -> None:
    wrong = InitResponse(accepted=False, user_information=codec.write_refusal(Diagnostic(1011, "")))
    z3950.spoil = on(InitRequest, lambda *_: [wrong])
    with pytest.raises(SourceRefused, match="1011 User or password is wrong"):
        harvest(spec(z3950.url, user="an", password="bi-mat"))
    assert z3950.connections == 1


def test_a_target_that_says_no_without_a_reason_is_told_of(z3950: HostileZ3950) -> None:
    z3950.spoil = on(InitRequest, lambda *_: [InitResponse(accepted=False)])
    with pytest.raises(SourceRefused, match="it may want a user and a password"):
        harvest(spec(z3950.url))


def test_a_target_that_hangs_up_at_a_negotiation_is_asked_without_one(z3950: HostileZ3950) -> None:
    z3950.spoil = on(InitRequest, lambda request, answers: None if request.other_info else answers)
    assert harvest(spec(z3950.url)).ids == SEVEN
    assert [bool(each.other_info) for each in z3950.of(InitRequest)] == [True, False]


def test_a_farewell_for_a_reason_of_safety_is_no_matter_of_waiting(z3950: HostileZ3950) -> None:
    z3950.spoil = on(SearchRequest, lambda *_: [Close(reason=CloseReason.SECURITY_VIOLATION, message="không được")])
    with pytest.raises(SourceRefused, match=r"security violation.*: không được"):
        harvest(spec(z3950.url))


def test_the_words_of_queries_are_in_the_charset_that_was_agreed_on(z3950: HostileZ3950) -> None:
    query = '@attr 1=4 @attr 2=103 "Sử"'
    agreed = InitResponse(other_info=(codec.write_negotiation(CharsetChoice(Iso10646())),))
    z3950.spoil = on(InitRequest, lambda *_: [agreed])
    harvest(spec(z3950.url, query=query))
    harvest(spec(z3950.url, query=query, query_charset="marc-8"))
    terms = [each.query.root.term for each in z3950.of(SearchRequest)]
    assert terms == ["Sử".encode(), b"S\xe0\xbd"]
    with pytest.raises(SourceRefused, match="cannot be written in latin-1"):
        harvest(spec(z3950.url, query=query, query_charset="latin-1"))


# --- what is no Z39.50, or too much of it -------------------------------------------------


def test_a_web_server_on_the_port_is_no_target(z3950: HostileZ3950) -> None:
    z3950.spoil = on(InitRequest, lambda *_: [b"HTTP/1.1 400 Bad Request\r\n\r\n<html>"])
    with pytest.raises(SourceBroken, match=r"not Z39\.50") as caught:
        harvest(spec(z3950.url))
    assert caught.value.code == "not-z3950"


def test_a_huge_message_is_refused_when_it_is_announced(z3950: HostileZ3950) -> None:
    z3950.spoil = on(SearchRequest, lambda *_: [b"\xb7\x84\x7f\xff\xff\xff"])
    begun = time.monotonic()
    with pytest.raises(SourceBroken) as caught:
        harvest(spec(z3950.url))
    assert caught.value.code == "answer-too-large"
    assert time.monotonic() - begun < 5


def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.page_size = books(40), 500

    def padded(request: PresentRequest, answers: list[Any]) -> list[Any]:
        return answers if request.count < 10 else [b"\xb9\x83\x01\x00\x00" + b"\x00" * 20_000]

    z3950.spoil = on(PresentRequest, padded)
    result = harvest(spec(z3950.url, max_bytes="10000"))
    assert len(result.records) == 40
    assert result.ending.whole


def test_an_answer_without_end_ends_when_its_time_is_over(z3950: HostileZ3950) -> None:
    def dripping(*_: Any) -> Iterator[bytes]:
        yield b"\xb7\x82\x20\x00"
        while True:
            time.sleep(0.02)
            yield b"\x00"

    z3950.spoil = on(SearchRequest, dripping)
    with pytest.raises(SourceUnavailable) as caught:
        harvest(spec(z3950.url, answer_timeout="0.8"))
    assert caught.value.code == "answer-too-slow"


def test_half_an_answer_and_then_silence_is_given_up(z3950: HostileZ3950) -> None:
    def half(*_: Any) -> Iterator[bytes]:
        yield b"\xb7\x82\x20\x00abc"
        time.sleep(3)

    z3950.spoil = on(SearchRequest, half)
    with pytest.raises(SourceUnavailable) as caught:
        harvest(spec(z3950.url, timeout="0.8", retries="0"))
    assert caught.value.code == "timeout"


def test_an_answer_to_another_request_is_not_taken(z3950: HostileZ3950) -> None:
    z3950.spoil = on(SearchRequest, lambda _, answers: [with_reference(answers[0], b"other")])
    with pytest.raises(SourceBroken, match="answers the request") as caught:
        harvest(spec(z3950.url))
    assert caught.value.code == "z3950-reference"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_a_target_says_the_run_ends_in_records_or_in_one_of_our_errors(z3950: HostileZ3950, seed: int) -> None:
    chance = random.Random(seed)

    def garbled(_: Any, answers: list[Any]) -> list[bytes]:
        told = bytearray(codec.encode(answers[0]))
        for _ in range(chance.randint(0, 2)):
            told[chance.randrange(len(told))] = chance.randrange(256)
        return [bytes(told)]

    z3950.spoil = on((SearchRequest, PresentRequest), garbled)  # type: ignore[arg-type]
    try:
        result = harvest(spec(z3950.url, timeout="0.1", retries="0", max_records="100"))
    except HarvestError as error:
        assert error.where
    else:
        assert not result.ending.whole or len(set(result.ids)) == len(result.records) > 0


_CONTENTS = st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: b"<record>" + rest)
_SYNTAXES = st.sampled_from([oid.USMARC, oid.XML, oid.OPAC, oid.SUTRS, oid.GRS_1, "1.2.3"])


@given(st.builds(External, _SYNTAXES, _CONTENTS, st.sampled_from(["octets", "element", "bits"])))
def test_whatever_a_record_holds_it_is_taken_or_put_aside(sent: External) -> None:
    found = taken([NamedRecord(sent)], 1, Names(), DEFAULT_LIMITS)
    assert found.count == 1
    assert found.records[0].local_id
    assert found.lost == (BROKEN in found.records[0].findings)


def test_a_target_that_lets_nobody_in_again_ends_the_run_without_smaller_pages(z3950: HostileZ3950) -> None:
    def shut(request: Any, answers: Any) -> Any:
        if isinstance(request, PresentRequest):
            z3950.spoil = lambda *_: None
            return None
        return answers

    z3950.spoil = shut
    with pytest.raises(SourceUnavailable) as caught:
        harvest(spec(z3950.url, retries="1"))
    assert caught.value.code == "no-session"
    assert z3950.connections <= 5


def test_a_negative_number_of_records_is_none(z3950: HostileZ3950) -> None:
    z3950.spoil = on(SearchRequest, lambda *_: [SearchResponse(count=-1)])
    with pytest.raises(SourceBroken, match="found -1 records"):
        harvest(spec(z3950.url))


def test_a_target_that_is_not_there_is_unavailable(z3950: HostileZ3950) -> None:
    with pytest.raises(SourceUnavailable, match="no answer"):
        harvest(spec("z3950://127.0.0.1:1/x", retries="0"))


# --- going on -----------------------------------------------------------------------------


@pytest.mark.pathology(36, "A Z39.50 run goes on with the page that was kept last, and sees whether the result moved.")
def test_a_run_goes_on_where_it_stopped(z3950: HostileZ3950) -> None:
    source = spec(z3950.url)
    pages = Z3950Harvester(source).pages(Window())
    kept = [next(pages), next(pages)]
    pages.close()  # type: ignore[attr-defined]
    rest = harvest(source, resume=kept[-1].resume)
    assert rest.ids == SEVEN[3:]
    assert (rest.ending.status, rest.ending.whole) == ("success", True)


def test_a_result_that_has_moved_meanwhile_is_read_from_its_beginning(z3950: HostileZ3950) -> None:
    source = spec(z3950.url)
    pages = Z3950Harvester(source).pages(Window())
    kept = [next(pages), next(pages)]
    z3950.listed = books(7, 100)
    moved = harvest(source, resume=kept[-1].resume)
    assert moved.ids == numbers(books(7, 100))
    assert "the result had moved" in moved.ending.message


def test_a_run_in_parts_goes_on_with_the_part_that_was_not_finished(z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap, z3950.page_size = books(20), 8, 50
    source = spec(z3950.url, parts="keys:12", cap="8")
    pages = list(Z3950Harvester(source).pages(Window()))
    first = [record.local_id for page in pages[:2] for record in page.records]
    rest = harvest(source, resume=pages[1].resume)
    assert set(first) | set(rest.ids) == set(numbers(books(20)))
    assert len(rest.records) < 20
    assert rest.ending.status == "success"


def test_what_resumes_another_question_is_no_place_to_go_on_from(z3950: HostileZ3950) -> None:
    resume = next(iter(Z3950Harvester(spec(z3950.url)).pages(Window()))).resume
    assert harvest(spec(z3950.url, query=f"@and {ALL} {ALL}"), resume=resume).ids == SEVEN


def test_no_more_than_the_most_records_come(z3950: HostileZ3950) -> None:
    result = harvest(spec(z3950.url, max_records="3"))
    assert len(result.records) == 3
    assert (result.ending.status, "max_records" in result.ending.message) == ("partial", True)
