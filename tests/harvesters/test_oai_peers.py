"""Our OAI-PMH harvester against servers that others wrote, with real records: what is harvested is what is served."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pymarc
import pytest

from harvesters.base import Harvested, Window
from harvesters.oaipmh import OaiHarvester
from harvesters.oaipmh.look import look
from schemas.marc.marcxml import decode_xml
from tests.support.oai_run import harvest, spec
from tests.support.oai_servers import Entry, FileShelf, oairepo, perl, pyoai

PAGE = 40
FIRST = datetime(2026, 1, 5, 7, 0, 0)  # noqa: DTZ001  (the servers of others take naive times)


def real_records(folder: Path) -> Iterator[str]:
    """Real records as MARCXML on one line, written by pymarc."""
    for name, count in (("lc-vietnamese.mrc", 95), ("bk-vietnam/sach-noi-van-kho-b.mrc.gz", 150)):
        file = folder / "marc" / name
        content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
        for _, record in zip(range(count), pymarc.MARCReader(content, force_utf8=True), strict=False):
            text = pymarc.record_to_xml(record, namespace=True).decode() if record else ""
            yield text.replace("\t", " ").replace("\r", " ").replace("\n", " ")


@dataclass(frozen=True)
class Peer:
    """A server of others: whether it says how long a list is, and whether it can say that a record was deleted."""

    serve: Callable[[FileShelf, int], AbstractContextManager[str]]
    sized: bool
    deletes: bool


PEERS = {"pyoai": Peer(pyoai, False, True), "oairepo": Peer(oairepo, True, False), "perl": Peer(perl, True, True)}


@pytest.fixture(params=sorted(PEERS))
def peer(request) -> Peer:
    return PEERS[request.param]


@pytest.fixture
def shelf(shared_data, tmp_path, peer) -> FileShelf:
    """Some 240 records, every 20th deleted, seven at a time changed in the same second."""
    filled = FileShelf(tmp_path / "shelf.tsv")
    for number, xml in enumerate(filter(None, real_records(shared_data))):
        moment = FIRST + timedelta(seconds=3 * (number // 7))
        filled.put(Entry(f"oai:real:{number}", moment, xml, deleted=peer.deletes and number % 20 == 19))
    return filled


def agrees(record: Harvested, entry: Entry) -> bool:
    """Whether a record that was harvested is the entry that was served; servers may lay out its XML anew."""
    if entry.deleted:
        return record.deleted and record.content == b""
    return record.syntax == "marcxml" and decode_xml(record.content).record == decode_xml(entry.xml.encode()).record


def test_every_record_served_is_harvested_and_nothing_else(shelf, peer):
    with peer.serve(shelf, PAGE) as url:
        result = harvest(spec(url))
    assert len(shelf.entries) > 200
    assert [record.local_id for record in result.records] == [e.identifier for e in shelf.between(None, None)]
    assert all(agrees(record, shelf.entries[record.local_id]) for record in result.records)
    assert sum(record.deleted for record in result.records) == (len(shelf.entries) // 20 if peer.deletes else 0)
    assert len(result.pages) == -(-len(shelf.entries) // PAGE)
    assert result.pages[0].expected == (len(shelf.entries) if peer.sized else None)
    assert (result.ending.status, result.ending.whole) == ("success", True)


def test_an_incremental_harvest_brings_what_changed_and_was_deleted_since(shelf, peer):
    source = {"overlap": "0"}
    with peer.serve(shelf, PAGE) as url:
        since = harvest(spec(url, **source)).ending.next_from
        assert since is not None
        quiet = harvest(spec(url, **source), Window(from_=since))
        assert quiet.records == []
        assert quiet.ending.status == "success"
        later = since.replace(tzinfo=None) + timedelta(seconds=2)
        changed = [replace(shelf.entries[f"oai:real:{n}"], datestamp=later) for n in (3, 50, 120)]
        gone = replace(shelf.entries["oai:real:60"], datestamp=later, deleted=peer.deletes)
        new = replace(shelf.entries["oai:real:1"], identifier="oai:real:new", datestamp=later)
        for entry in (*changed, gone, new):
            shelf.put(entry)
        result = harvest(spec(url, **source), Window(from_=since))
    assert {record.local_id for record in result.records} == {
        "oai:real:3", "oai:real:50", "oai:real:120", "oai:real:60", "oai:real:new",
    }  # fmt: skip
    assert all(agrees(record, shelf.entries[record.local_id]) for record in result.records)
    assert [record.local_id for record in result.records if record.deleted] == ["oai:real:60"] * peer.deletes
    assert result.ending.whole is False


def test_a_window_that_spans_pages_is_asked_whole(shelf, peer):
    window = Window(FIRST.replace(tzinfo=UTC) + timedelta(seconds=6), FIRST.replace(tzinfo=UTC) + timedelta(seconds=45))
    with peer.serve(shelf, PAGE) as url:
        result = harvest(spec(url), window)
    chosen = shelf.between(FIRST + timedelta(seconds=6), FIRST + timedelta(seconds=45))
    assert [record.local_id for record in result.records] == [entry.identifier for entry in chosen]
    assert len(result.pages) > 1


def test_a_harvest_that_died_goes_on_with_each_of_its_pages(shelf, peer):
    with peer.serve(shelf, PAGE) as url:
        whole = harvest(spec(url))
        walking = OaiHarvester(spec(url)).pages(Window())
        for number in (1, 2, 3):
            rest = harvest(spec(url), resume=next(walking).resume)
            assert [record.local_id for record in rest.records] == [
                record.local_id for record in whole.records[PAGE * (number - 1) :]
            ]
            assert all(agrees(record, shelf.entries[record.local_id]) for record in rest.records)
        walking.close()


def test_a_server_that_keeps_silent_about_deletions_is_known_by_its_promise(shared_data, tmp_path):
    # oai-repo leaves deleted records out of its pages and counts them in completeListSize.
    shelf = FileShelf(tmp_path / "shelf.tsv")
    for number, xml in zip(range(100), real_records(shared_data), strict=False):
        shelf.put(Entry(f"oai:real:{number}", FIRST, xml, deleted=number in (10, 60)))
    with oairepo(shelf, PAGE) as url:
        result = harvest(spec(url))
    assert len(result.records) == 98
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert "promised 100 records and sent 98" in result.ending.message


@pytest.mark.parametrize("size", ["month", "week"])
def test_windows_bring_every_record_whatever_the_server_says_of_its_beginning(shelf, peer, size):
    for number, entry in enumerate(list(shelf.entries.values())):
        shelf.put(replace(entry, datestamp=FIRST - timedelta(hours=17 * number)))
    with peer.serve(shelf, PAGE) as url:
        result = harvest(spec(url, window=size))
    assert {record.local_id for record in result.records} == set(shelf.entries)
    assert all(agrees(record, shelf.entries[record.local_id]) for record in result.records)
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")


def test_a_probe_sees_what_each_server_really_does(shelf, peer):
    with peer.serve(shelf, PAGE) as url:
        seen = look(spec(url))
    assert (seen.fault, seen.page_size, seen.second_page) == ("", PAGE, "taken")
    assert (seen.taken, seen.minds_dates) == ("seconds", True)
    assert seen.promised == (len(shelf.entries) if peer.sized else None)
    assert seen.looked_at == 2 * PAGE
    assert bool(seen.deleted) is peer.deletes
    assert seen.skew is not None
    assert abs(seen.skew) < timedelta(minutes=1)
    assert seen.requests <= 7
