"""Broken pages on the whole road: from the server to the catalogue, what is kept of them, and a run made again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import select, update

from federation import clock
from federation.errors import NotFound, UsageError
from federation.pipeline import check as checking
from federation.pipeline.runs import harvest as harvesting
from federation.pipeline.runs import replay
from federation.pipeline.runs.harvest import Order
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.compress import expand
from federation.store.models import Raw, ReceivedPage, RecordIssue, Run, Source
from tests.support.hostile_oai import Hostile, Item, Reply, items, marc, serving
from tests.support.house import add_files, add_member, bring, catalogue, step_through
from tests.support.oai_house import add_oai
from tests.support.records import iso2709, record

BAD = b"S</titel>"


def honest(server: Hostile) -> None:
    server.spoil = lambda asked, reply: reply


def spoil(server: Hostile, number: int, new: bytes = BAD) -> None:
    """Break the title of one record, so that its tags no longer match."""
    old = f"Sách số {number}</subfield>".encode()
    server.spoil = lambda asked, reply: replace(reply, body=reply.body.replace(old, new))


def rows(place: Workplace, *columns: Any) -> list[Any]:
    with place.database.read() as session:
        return list(session.execute(select(*columns).order_by(columns[0])))


def titles(place: Workplace) -> list[str]:
    return sorted(str(one.bib.title) for one in catalogue(place).every() if not one.deleted)


def at_rest(place: Workplace) -> dict[str, int]:
    assert checking.check(place) == []
    return checking.status(place)


# --- broken records ---------------------------------------------------------------------------------------------------


@pytest.mark.pathology(20, "What cannot be read is put aside with its reason and its bytes, under its own name.")
def test_a_broken_record_is_put_aside_and_takes_its_place_once_it_is_sound(place: Workplace, server: Hostile) -> None:
    code = add_oai(place, server)
    spoil(server, 5)
    report = bring(place, code)
    assert (report.status, report.counts["added"], report.counts["rejected"]) == ("partial", 7, 1)
    with place.database.read() as session:
        (aside,) = raws.put_aside(session, 10)
        assert (aside.local_id, aside.code, aside.place) == ("oai:x:5", "record-broken", "page 2 record 2")
        stored = session.scalars(select(Raw.content).where(Raw.local_id == "oai:x:5")).one()
    assert BAD in expand(stored)
    assert at_rest(place)["unions"] == 6
    honest(server)
    report = bring(place, code)
    assert (report.status, report.counts["changed"], report.counts["rejected"]) == ("success", 1, 0)
    counts = at_rest(place)
    assert (counts["raw"], counts["unions"], counts["rejected"]) == (7, 7, 0)


def test_a_record_that_comes_broken_never_takes_the_place_of_a_good_one(place: Workplace, server: Hostile) -> None:
    code = add_oai(place, server)
    bring(place, code)
    before = rows(place, Raw.local_id, Raw.content_hash, Raw.last_run_id)
    spoil(server, 5)
    report = bring(place, code, Order(full=True))
    assert (report.status, report.counts["unchanged"], report.counts["rejected"]) == ("partial", 7, 0)
    assert rows(place, Raw.local_id, Raw.content_hash, Raw.last_run_id) == before
    counts = at_rest(place)
    assert (counts["unions"], counts["tombstones"]) == (7, 0)


def test_a_deleted_record_that_comes_broken_stays_deleted_with_its_last_bytes(
    place: Workplace, server: Hostile
) -> None:
    code = add_oai(place, server)
    bring(place, code)
    whole = server.listed
    server.listed = [replace(one, deleted=True) if one.identifier == "oai:x:5" else one for one in whole]
    bring(place, code, Order(full=True))
    before = rows(place, Raw.local_id, Raw.content_hash, Raw.deleted)
    server.listed = whole
    spoil(server, 5)
    bring(place, code, Order(full=True))
    assert rows(place, Raw.local_id, Raw.content_hash, Raw.deleted) == before
    honest(server)
    bring(place, code, Order(full=True))
    assert at_rest(place)["unions"] == 7


@pytest.mark.pathology(21, "A page without its end costs nothing: the next run goes on with that page.")
def test_a_page_that_is_cut_is_asked_for_again_by_the_next_run_and_all_come_once(
    place: Workplace, server: Hostile
) -> None:
    code = add_oai(place, server, complete="true")
    server.spoil = lambda asked, reply: replace(reply, body=reply.body[:900]) if asked.token == "3||" else reply
    report = bring(place, code)
    assert (report.status, report.counts["deleted"]) == ("partial", 0)
    assert "the next run asks for this page again" in report.message
    honest(server)
    server.requests.clear()
    assert bring(place, code).status == "success"
    assert [request.token for request in server.asked("ListRecords")] == ["", "3||", "6||"]
    counts = at_rest(place)
    assert (counts["raw"], counts["unions"], counts["rejected"]) == (7, 7, 0)


@pytest.mark.pathology(19, "Nothing is concluded from a list with a broken page: no record is withdrawn after it.")
def test_nothing_is_swept_after_a_broken_page(place: Workplace, server: Hostile) -> None:
    code = add_oai(place, server, complete="true")
    bring(place, code)
    server.listed = items(6)
    spoil(server, 5, "Sách\x1f số 5</subfield>".encode())
    report = bring(place, code, Order(full=True))
    assert (report.status, report.counts["deleted"]) == ("success", 0)
    assert at_rest(place)["unions"] == 7
    found = [(code, message) for code, message in rows(place, RecordIssue.code, RecordIssue.message) if "xml" in code]
    assert ("xml-control-characters", "characters that XML forbids were passed over: 1 times") in found


# --- rows 18, 25, 32: identifiers and namespaces ----------------------------------------------------------------------


@pytest.mark.pathology(18, "Records with the same 001 and their own OAI identifiers are all kept.")
def test_one_001_under_two_identifiers_is_two_records(place: Workplace, server: Hostile) -> None:
    server.listed = [Item("oai:x:a", payload=marc("Một", "7")), Item("oai:x:b", payload=marc("Hai", "7"))]
    bring(place, add_oai(place, server))
    assert [name for (name,) in rows(place, Raw.local_id)] == ["oai:x:a", "oai:x:b"]
    assert len(titles(place)) == 2


@pytest.mark.pathology(25, "MARCXML is read without its namespace or in a wrong one; odd tags and codes are told.")
@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.loc.gov/MARC21"', ' xmlns="urn:x"'])
def test_marcxml_in_no_or_a_wrong_namespace_is_read(place: Workplace, server: Hostile, namespace: str) -> None:
    payload = marc("Đất rừng", "1").replace(' xmlns="http://www.loc.gov/MARC21/slim"', namespace)
    payload = payload.replace("</record>", '<datafield tag=" 24" ind1=" " ind2=" "><subfield code="">x</subfield>'
                              '<subfield code="a">y</subfield></datafield></record>')  # fmt: skip
    server.listed = [Item("oai:x:1", payload=payload)]
    report = bring(place, add_oai(place, server))
    assert (report.status, report.counts["rejected"], report.counts["repaired"]) == ("success", 0, 1)
    assert titles(place) == ["Đất rừng"]
    assert {"tag-mended", "subfield-invalid"} & {code for (code,) in rows(place, RecordIssue.code)}


# --- pages that are kept ----------------------------------------------------------------------------------------------


def test_every_answer_is_kept_as_it_came_and_makes_room_after_its_days(
    place: Workplace, server: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = add_oai(place, server, keep_pages="3")
    spoil(server, 5)
    bring(place, code)
    kept = rows(place, ReceivedPage.number, ReceivedPage.content, ReceivedPage.fault)
    assert [page.number for page in kept] == [1, 2, 3]
    assert BAD in zstandard.ZstdDecompressor().decompress(kept[1].content)
    assert [bool(page.fault) for page in kept] == [False, True, False]
    honest(server)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    bring(place, code)
    assert {run for (run,) in rows(place, ReceivedPage.run_id)} == {1, 2}
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=4))
    bring(place, code, Order(full=True))
    assert {run for (run,) in rows(place, ReceivedPage.run_id)} == {2, 3}


def test_zero_days_keep_nothing_and_files_keep_none(place: Workplace, server: Hostile, tmp_path: Path) -> None:
    bring(place, add_oai(place, server, keep_pages="0"))
    bring(place, add_files(place, add_member(place, "a"), "files", iso2709(tmp_path / "a.mrc", [record(1)])))
    assert rows(place, ReceivedPage.id) == []


# --- replay -----------------------------------------------------------------------------------------------------------


def replayed(place: Workplace, run: int) -> harvesting.Report:
    return bring(place, replay.source_of(place, run), Order(replay=run))


@pytest.fixture
def gone(place: Workplace) -> Workplace:
    """A catalogue of seven records, whose server is away for ever."""
    with serving(Hostile(items(7), date="2026-03-02T12:00:00Z")) as server:
        code = add_oai(place, server, complete="true")
        assert bring(place, code).status == "success"
    return place


def test_a_replay_needs_no_network_and_writes_nothing_where_nothing_differs(gone: Workplace) -> None:
    before = rows(gone, Raw.local_id, Raw.content_hash, Raw.last_run_id, Raw.changed_at)
    start = rows(gone, Source.code, Source.next_from)
    report = replayed(gone, 1)
    assert (report.status, report.counts["seen"], report.counts["unchanged"]) == ("success", 7, 7)
    assert "run 1 read again from 3 kept pages" in report.message
    assert rows(gone, Raw.local_id, Raw.content_hash, Raw.last_run_id, Raw.changed_at) == before
    assert rows(gone, Source.code, Source.next_from) == start
    assert rows(gone, Run.id, Run.kind, Run.replays) == [(1, "harvest", None), (2, "replay", 1)]
    assert step_through(gone) == {"normalise": 0, "cluster": 0, "merge": 0, "publish": 0}
    assert len(rows(gone, ReceivedPage.id)) == 3, "its pages are not kept twice"


def test_a_replay_reads_with_todays_parser_again_and_again(gone: Workplace) -> None:
    for _ in range(2):
        with gone.database.write() as session:
            # As if an older version had not known what this is.
            session.execute(update(Raw).where(Raw.local_id == "oai:x:3").values(syntax="unknown"))
        report = replayed(gone, 1)
        assert (report.counts["changed"], report.counts["unchanged"]) == (1, 6)
        assert set(rows(gone, Raw.syntax)) == {("marcxml",)}
    assert at_rest(gone)["unions"] == 7


def test_a_replay_brings_back_nothing_that_has_changed_since(place: Workplace) -> None:
    with serving(Hostile(items(7))) as server:
        code = add_oai(place, server)
        bring(place, code)
        server.listed = [Item("oai:x:1", payload=marc("Nhan đề mới", "1")), Item("oai:x:2", deleted=True), *items(5, 3)]
        bring(place, code, Order(full=True))
    before = rows(place, Raw.local_id, Raw.content_hash, Raw.deleted)
    for run in (1, 2, 1):
        replayed(place, run)
        assert rows(place, Raw.local_id, Raw.content_hash, Raw.deleted) == before
    assert "Nhan đề mới" in titles(place)


def test_a_replay_concludes_nothing_from_what_is_missing(gone: Workplace) -> None:
    with gone.database.write() as session:
        session.execute(update(ReceivedPage).where(ReceivedPage.number > 1).values(run_id=1, content=b"\x28\xb5"))
    report = replayed(gone, 1)
    assert (report.status, report.counts["seen"], report.counts["deleted"]) == ("partial", 3, 0)
    assert "run 1 page 2: the kept page is damaged" in report.message
    assert at_rest(gone)["unions"] == 7


def test_a_replay_of_a_broken_page_says_what_is_still_lost(place: Workplace) -> None:
    with serving(Hostile(items(7))) as server:
        spoil(server, 5)
        bring(place, add_oai(place, server))
    report = replayed(place, 1)
    assert (report.status, report.counts["seen"]) == ("partial", 7)
    assert "1 could not be read" in report.message


def test_a_replay_does_not_stand_in_the_way_of_a_run_that_goes_on(place: Workplace, server: Hostile) -> None:
    code = add_oai(place, server)
    server.spoil = lambda asked, reply: Reply(b"", 500) if asked.token == "6||" else reply
    assert bring(place, code).status == "partial"
    replayed(place, 1)
    honest(server)
    server.requests.clear()
    assert bring(place, code).status == "success"
    assert [request.token for request in server.asked("ListRecords")] == ["3||", "6||"]


def test_a_paused_source_can_be_replayed(gone: Workplace) -> None:
    with gone.database.write() as session:
        sources.change(session, sources.one(session, "oai").id, paused=True)
    assert replayed(gone, 1).status == "success"


def test_a_run_without_kept_pages_cannot_be_replayed(place: Workplace, tmp_path: Path) -> None:
    bring(place, add_files(place, add_member(place, "a"), "files", iso2709(tmp_path / "a.mrc", [record(1)])))
    with pytest.raises(UsageError, match="run 1: no answers of this run of files are kept"):
        replay.source_of(place, 1)
    for number in (2, -1, 1 << 70):
        with pytest.raises(NotFound, match="is no run"):
            replay.source_of(place, number)
