"""A library that has nothing but SRU, on the whole road: what is kept, what is concluded, what a crash costs."""

from dataclasses import replace
from datetime import datetime

import pytest

from federation.pipeline.runs.harvest import Order, harvest
from federation.pipeline.workplace import Workplace
from federation.store import absences, raws, sources
from tests.support.clocks import StandingClock, standing
from tests.support.hostile_oai import Asked, Reply, marc
from tests.support.hostile_sru import Book, HostileSru, books, diagnostic
from tests.support.house import bring, step_through
from tests.support.roads import Killed, killed_at, named, titles
from tests.support.sru_run import add_sru


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    return standing(monkeypatch, 2026, 3, 2, 12)


def next_from(place: Workplace) -> datetime | None:
    with place.database.read() as session:
        return sources.one(session, "sru").next_from


def test_a_second_harvest_of_the_same_records_writes_nothing(place: Workplace, sru: HostileSru) -> None:
    code = add_sru(place, sru.url)
    first = bring(place, code)
    assert (first.status, first.counts["added"], first.counts["pages"]) == ("success", 7, 3)
    assert titles(place) == named(1, 2, 3, 4, 5, 6, 7)
    assert next_from(place) is None, "without an index of changes everything is read each time"
    again = bring(place, code)
    assert (again.status, again.counts["added"], again.counts["changed"], again.counts["unchanged"]) == (
        ("success", 0, 0, 7)
    )


def test_with_an_index_of_changes_the_next_harvest_asks_for_changes(place: Workplace, sru: HostileSru) -> None:
    code = add_sru(place, sru.url, changed_index="rec.changed")
    bring(place, code)
    stood = next_from(place)
    assert stood is not None
    sru.listed[2] = replace(sru.listed[2], changed="2099-01-01", payload=marc("Sách mới", "0003"))
    report = bring(place, code)
    assert (report.status, report.counts["seen"], report.counts["changed"]) == ("success", 1, 1)
    assert f'rec.changed >= "{stood:%Y-%m-%d}"' in sru.searches[-1]["query"]


def test_what_two_whole_looks_miss_is_withdrawn(place: Workplace, sru: HostileSru, time: StandingClock) -> None:
    sru.listed = books(30)
    code = add_sru(place, sru.url)
    bring(place, code)
    del sru.listed[4]
    time.on(days=1)
    assert bring(place, code).counts["deleted"] == 0
    time.on(days=2)
    assert bring(place, code).counts["deleted"] == 1
    assert len(titles(place)) == 29


@pytest.mark.pathology(37, "A result that is capped never leads to a withdrawal.")
@pytest.mark.parametrize("how", ["diagnostic", "silence"])
def test_a_capped_harvest_withdraws_nothing(place: Workplace, sru: HostileSru, time: StandingClock, how: str) -> None:
    sru.listed = books(30)
    code = add_sru(place, sru.url, guard="1", complete="true")
    bring(place, code)
    sru.cap, sru.capped_by = 10, how
    for _ in range(3):
        time.on(days=2)
        report = bring(place, code)
        assert (report.status, report.counts["deleted"]) == ("partial", 0)
    assert len(titles(place)) == 30
    with place.database.read() as session:
        assert absences.count(session, sources.one(session, code).id) == (30, 0, 0)


@pytest.mark.pathology(37, "Divided and proven whole, a capped source is seen whole, and what is gone is withdrawn.")
def test_a_capped_source_in_parts_is_looked_through(place: Workplace, sru: HostileSru, time: StandingClock) -> None:
    sru.listed, sru.cap = books(60), 20
    code = add_sru(place, sru.url, parts="keys:rec.id")
    assert bring(place, code).status == "success"
    del sru.listed[7]
    for days in (1, 2):
        time.on(days=days)
        assert bring(place, code).status == "success"
    assert len(titles(place)) == 59
    assert "Sách số 0008" not in titles(place)


@pytest.mark.pathology(38, "Where the numbers of a source do not agree nothing is withdrawn.")
def test_a_source_whose_numbers_disagree_withdraws_nothing(
    place: Workplace, sru: HostileSru, time: StandingClock
) -> None:
    code = add_sru(place, sru.url, guard="1")
    bring(place, code)
    del sru.listed[6]
    sru.spoil = lambda asked, reply: replace(reply, body=reply.body.replace(b"ecords>6<", b"ecords>7<"))
    for _ in range(3):
        time.on(days=2)
        report = bring(place, code)
        assert (report.status, report.counts["deleted"]) == ("partial", 0)
    assert "the server tells 7 records and gives 6 of them" in report.message


@pytest.mark.pathology(33, "Records of ours that come back over SRU are put aside too.")
def test_our_own_records_that_come_back_are_put_aside(place: Workplace, sru: HostileSru) -> None:
    ours = marc("Của ta", "12").replace(
        "<datafield", '<controlfield tag="003">lienthong.example</controlfield><datafield', 1
    )
    sru.listed[1] = Book("0002", payload=ours)
    report = bring(place, add_sru(place, sru.url))
    assert (report.status, report.counts["rejected"]) == ("success", 1)
    assert titles(place) == named(1, 3, 4, 5, 6, 7)
    with place.database.read() as session:
        (aside,) = raws.put_aside(session, 5)
    assert (aside.local_id, aside.code) == ("12", "own-record")


def test_a_record_that_is_withheld_does_not_take_the_place_of_a_good_one(place: Workplace, sru: HostileSru) -> None:
    code = add_sru(place, sru.url)
    bring(place, code)
    sru.listed[3] = Book("0004", payload=diagnostic(64, "", "Record temporarily unavailable"))
    report = bring(place, code)
    assert (report.status, report.counts["rejected"], report.counts["deleted"]) == ("partial", 1, 0)
    assert titles(place) == named(1, 2, 3, 4, 5, 6, 7)
    with place.database.read() as session:
        (aside,) = raws.put_aside(session, 5)
    assert aside.place == "page 2 record 1: diagnostic 64 (Record temporarily unavailable)"


@pytest.mark.pathology(36, "A killed SRU harvest loses no page that was kept, and the next run goes on behind it.")
@pytest.mark.parametrize("page", [1, 2, 4])
def test_a_harvest_that_is_killed_goes_on_behind_the_page_that_was_kept(
    place: Workplace, sru: HostileSru, page: int
) -> None:
    sru.listed = books(16)
    code = add_sru(place, sru.url)
    with pytest.raises(Killed):
        harvest(place, code, Order(on_page=killed_at(page)))
    step_through(place)
    assert len(titles(place)) == 3 * page
    sru.requests.clear()
    report = bring(place, code)
    assert (report.status, report.counts["added"]) == ("success", 16 - 3 * page)
    assert sru.searches[0]["startRecord"] == str(3 * page - 2)
    assert len(titles(place)) == 16


def test_a_server_that_dies_in_the_middle_leaves_what_came_and_a_place_to_go_on(
    place: Workplace, sru: HostileSru
) -> None:
    code = add_sru(place, sru.url, retries="0")
    died: list[int] = []

    def dying(asked: Asked, reply: Reply) -> Reply:
        died.extend([asked.number] if asked.arguments.get("startRecord") == "7" else [])
        return Reply(b"", 500) if died else reply

    sru.spoil = dying
    first = bring(place, code)
    assert (first.status, first.counts["rejected"]) == ("partial", 0)
    assert len(titles(place)) == 6

    def alive(_asked: Asked, reply: Reply) -> Reply:
        return reply

    sru.spoil = alive
    sru.requests.clear()
    report = bring(place, code)
    assert (report.status, report.counts["added"]) == ("success", 1)
    assert [asked["startRecord"] for asked in sru.searches] == ["4", "7"]


def test_a_run_is_read_again_from_the_answers_that_were_kept(place: Workplace, sru: HostileSru) -> None:
    code = add_sru(place, sru.url)
    run = bring(place, code).run
    asked = len(sru.requests)
    report = bring(place, code, Order(replay=run))
    assert (report.status, report.counts["seen"], report.counts["unchanged"]) == ("success", 7, 7)
    assert len(sru.requests) == asked
