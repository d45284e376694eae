"""A library that has nothing but Z39.50, on the whole road: what is kept, what is concluded, what a crash costs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.errors import Unavailable
from federation.pipeline.runs.harvest import Order, harvest
from federation.pipeline.runs.manners import turns
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from harvesters.z3950.look import look
from schemas.z3950 import codec, oid
from schemas.z3950.external import External
from schemas.z3950.records import Circulation, Holding, OpacRecord
from schemas.z3950.retrieval import PresentRequest
from schemas.z3950.values import Diagnostic
from tests.support import z3950_door, z3950_run
from tests.support.clocks import StandingClock, standing
from tests.support.hostile_sru import Book, books
from tests.support.hostile_z3950 import HostileZ3950, marc
from tests.support.house import add_files, add_member, bring, catalogue, step_through
from tests.support.roads import Killed, killed_at, named, titles
from tests.support.z3950_run import add_z3950


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    return standing(monkeypatch, 2026, 3, 2, 12)


def test_a_second_harvest_of_the_same_records_writes_nothing(place: Workplace, z3950: HostileZ3950) -> None:
    code = add_z3950(place, z3950.url)
    first = bring(place, code)
    assert (first.status, first.counts["added"], first.counts["pages"]) == ("success", 7, 3)
    assert titles(place) == named(1, 2, 3, 4, 5, 6, 7)
    again = bring(place, code)
    assert (again.status, again.counts["added"], again.counts["unchanged"]) == ("success", 0, 7)


def test_with_an_index_of_changes_the_next_harvest_asks_for_changes(place: Workplace, z3950: HostileZ3950) -> None:
    code = add_z3950(place, z3950.url, changed_index="1=1012")
    bring(place, code)
    z3950.listed[2] = replace(z3950.listed[2], changed="2099-01-01")
    report = bring(place, code)
    assert (report.status, report.counts["seen"]) == ("success", 1)


def test_what_two_whole_looks_miss_is_withdrawn(place: Workplace, z3950: HostileZ3950, time: StandingClock) -> None:
    z3950.listed = books(30)
    code = add_z3950(place, z3950.url)
    bring(place, code)
    del z3950.listed[4]
    time.on(days=1)
    assert bring(place, code).counts["deleted"] == 0
    time.on(days=2)
    assert bring(place, code).counts["deleted"] == 1
    assert len(titles(place)) == 29


@pytest.mark.pathology(37, "A result set of Z39.50 that is capped never leads to a withdrawal.")
@pytest.mark.parametrize("how", ["refusal", "silence", "search"])
def test_a_capped_harvest_withdraws_nothing(
    place: Workplace, z3950: HostileZ3950, time: StandingClock, how: str
) -> None:
    z3950.listed = books(30)
    code = add_z3950(place, z3950.url, guard="1", complete="true")
    bring(place, code)
    z3950.cap, z3950.capped_by = 10, how
    for _ in range(3):
        time.on(days=2)
        report = bring(place, code)
        assert (report.status, report.counts["deleted"]) == ("partial", 0)
    assert len(titles(place)) == 30


@pytest.mark.pathology(37, "A query that was found by trying finds records, and concludes nothing from missing ones.")
def test_a_guessed_query_withdraws_nothing(place: Workplace, z3950: HostileZ3950, time: StandingClock) -> None:
    z3950.listed = books(30)
    code = add_z3950(place, z3950.url, guard="1", query="")
    bring(place, code)
    del z3950.listed[4]
    for _ in range(3):
        time.on(days=2)
        report = bring(place, code)
        assert (report.status, report.counts["deleted"]) == ("success", 0)


def test_a_capped_source_in_parts_is_looked_through(place: Workplace, z3950: HostileZ3950, time: StandingClock) -> None:
    z3950.listed, z3950.cap, z3950.page_size = books(60), 20, 20
    code = add_z3950(place, z3950.url, parts="keys:12")
    assert bring(place, code).status == "success"
    del z3950.listed[7]
    for days in (1, 2):
        time.on(days=days)
        assert bring(place, code).status == "success"
    assert len(titles(place)) == 59
    assert "Sách số 0008" not in titles(place)


def test_a_record_that_is_withheld_does_not_take_the_place_of_a_good_one(place: Workplace, z3950: HostileZ3950) -> None:
    code = add_z3950(place, z3950.url)
    bring(place, code)
    z3950.write = lambda book: Diagnostic(1026, "") if book.number == "0004" else External(oid.USMARC, marc(book))
    report = bring(place, code)
    assert (report.status, report.counts["rejected"], report.counts["deleted"]) == ("partial", 1, 0)
    assert titles(place) == named(1, 2, 3, 4, 5, 6, 7)
    with place.database.read() as session:
        (aside,) = raws.put_aside(session, 5)
    assert aside.place == "page 2 record 1: 1026 The record is locked"


def opac(book: Book) -> External:
    copies = (Circulation(True, item_id="VN.1"), Circulation(False, item_id="VN.2"))
    held = Holding(local_location="Kho mượn", call_number="895.922", circulation=copies)
    return codec.write_record(OpacRecord(External(oid.USMARC, marc(book)), (held,)))


def test_holdings_of_opac_records_are_holdings_of_the_catalogue(place: Workplace, z3950: HostileZ3950) -> None:
    z3950.listed, z3950.write = books(1), opac
    bring(place, add_z3950(place, z3950.url, syntax="opac"))
    (record,) = catalogue(place).every()
    (held,) = record.holdings
    assert (held.call_number, held.copies, held.location) == ("895.922", 2, "Kho mượn")


@pytest.mark.pathology(36, "A killed Z39.50 harvest loses no page that was kept, and the next run goes on behind it.")
@pytest.mark.parametrize("page", [1, 2, 4])
def test_a_harvest_that_is_killed_goes_on_behind_the_page_that_was_kept(
    place: Workplace, z3950: HostileZ3950, page: int
) -> None:
    z3950.listed = books(16)
    code = add_z3950(place, z3950.url)
    with pytest.raises(Killed):
        harvest(place, code, Order(on_page=killed_at(page)))
    step_through(place)
    assert len(titles(place)) == 3 * page
    z3950.requests.clear()
    report = bring(place, code)
    assert (report.status, report.counts["added"]) == ("success", 16 - 3 * page)
    assert z3950.of(PresentRequest)[0].start == 3 * page - 2
    assert len(titles(place)) == 16


def test_a_target_that_dies_in_the_middle_leaves_what_came_and_a_place_to_go_on(
    place: Workplace, z3950: HostileZ3950
) -> None:
    code = add_z3950(place, z3950.url, retries="0")
    died: list[int] = []

    def dying(request: Any, answers: Any) -> Any:
        died.extend([1] if isinstance(request, PresentRequest) and request.start == 7 else [])
        return None if died else answers

    z3950.spoil = dying
    first = bring(place, code)
    assert (first.status, first.counts["rejected"]) == ("partial", 0)
    assert len(titles(place)) == 6
    z3950.spoil = lambda _, answers: answers
    z3950.requests.clear()
    report = bring(place, code)
    assert (report.status, report.counts["added"]) == ("success", 1)
    assert [asked.start for asked in z3950.of(PresentRequest)] == [4, 7]


def test_a_run_is_read_again_from_the_answers_that_were_kept(place: Workplace, z3950: HostileZ3950) -> None:
    code = add_z3950(place, z3950.url)
    run = bring(place, code).run
    asked = len(z3950.requests)
    report = bring(place, code, Order(replay=run))
    assert (report.status, report.counts["seen"], report.counts["unchanged"]) == ("success", 7, 7)
    assert len(z3950.requests) == asked


def test_two_sources_of_one_target_take_turns(place: Workplace, z3950: HostileZ3950) -> None:
    codes = [add_z3950(place, z3950.url, code) for code in ("mot", "hai")]
    with place.database.read() as session:
        first, second = (sources.one(session, code) for code in codes)
    with turns(place, first, waits=False), pytest.raises(Unavailable, match="another source of this host"):  # noqa: SIM117
        with turns(place, second, waits=False):
            pass


def test_our_own_door_gives_the_records_of_a_house(place: Workplace, shared_data: Path) -> None:
    path = shared_data / "marc" / "lc-vietnamese.mrc"
    bring(place, add_files(place, add_member(place, "loc"), "loc", path))
    with z3950_door.opened(place) as door:
        url = f"z3950://127.0.0.1:{door.port}/union"
        plain = z3950_run.harvest(z3950_run.spec(url, query="", page_size="20"))
        opac_too = z3950_run.harvest(z3950_run.spec(url, query="", syntax="opac"))
        sorted_ = z3950_run.harvest(z3950_run.spec(url, query="", sort="1=4"))
        seen = look(z3950_run.spec(url, query=""))
    count = len(titles(place))
    assert len(plain.records) == len(opac_too.records) == count > 90
    assert plain.ending.status == opac_too.ending.status == "success"
    assert plain.ids == opac_too.ids
    assert sorted(plain.ids) == sorted(sorted_.ids)
    assert plain.ids != sorted_.ids
    assert seen.hits == count
    assert {each.name for each in seen.syntaxes} == {"MARC 21", "OPAC", "XML"}
    assert (seen.fault, seen.cap) == ("", None)
