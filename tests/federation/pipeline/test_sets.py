"""The sets of a record's header: an attribute of the one record, kept and shown, and no part of what it says."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from federation.pipeline.runs.harvest import Order, Report
from federation.pipeline.workplace import Workplace
from federation.store import stages, traces
from federation.store.models import Raw, Union
from tests.support.hostile_oai import Hostile, Item, items
from tests.support.house import bring
from tests.support.oai_house import add_oai


def in_sets(listed: Sequence[Item], *sets: str) -> list[Item]:
    return [replace(item, sets=sets) for item in listed]


def kept(place: Workplace) -> dict[str, str]:
    """The sets of every raw record, by local id."""
    with place.database.read() as session:
        return {row[0]: row[1] for row in session.execute(select(Raw.local_id, Raw.sets))}


def as_it_stands(place: Workplace) -> list[tuple[object, ...]]:
    """What a reader or a harvester of ours could notice."""
    with place.database.read() as session:
        columns = (Raw.id, Raw.content_hash, Raw.changed_at, Raw.last_run_id, Raw.pending)
        raw = session.execute(select(*columns).order_by(Raw.id))
        unions = session.execute(select(Union.id, Union.datestamp).order_by(Union.id))
        return [*map(tuple, raw), *map(tuple, unions)]


@pytest.mark.pathology(32, "one record per identifier; the sets of its header are kept beside it")
def test_the_sets_of_a_header_are_kept_and_traced(place: Workplace, server: Hostile) -> None:
    server.listed = [*in_sets(items(2), "khoa:toan", "giao-trinh"), *items(1, 3)]
    code = add_oai(place, server)
    assert bring(place, code).counts["added"] == 3
    assert kept(place) == {"oai:x:1": "giao-trinh khoa:toan", "oai:x:2": "giao-trinh khoa:toan", "oai:x:3": ""}
    with place.database.read() as session:
        assert [found.sets for found in traces.of_local(session, code, "oai:x:1")] == ["giao-trinh khoa:toan"]


@pytest.mark.pathology(32, "a record that is listed once for each of its sets is one record, in all of them")
def test_a_record_that_is_listed_once_for_each_set_is_one_record_in_both(place: Workplace, server: Hostile) -> None:
    server.listed = [*in_sets(items(1), "a"), *in_sets(items(1), "b")]
    report = bring(place, add_oai(place, server))
    assert (report.counts["seen"], report.counts["added"], kept(place)) == (2, 1, {"oai:x:1": "a b"})
    with place.database.read() as session:
        assert len(session.execute(select(Union.id)).all()) == 1


@pytest.mark.pathology(32, "a record that moves to another set is written and unchanged: nothing is made anew")
def test_a_change_of_sets_alone_is_written_and_makes_nothing_anew(place: Workplace, server: Hostile) -> None:
    server.listed = in_sets(items(3), "a")
    code = add_oai(place, server)
    bring(place, code)
    before = as_it_stands(place)
    server.listed = [*in_sets(items(2), "b", "a"), *in_sets(items(1, 3), "a")]
    counts = bring(place, code, Order(full=True)).counts
    assert (counts["changed"], counts["unchanged"]) == (0, 3)
    assert kept(place) == {"oai:x:1": "a b", "oai:x:2": "a b", "oai:x:3": "a"}
    assert as_it_stands(place) == before
    with place.database.read() as session:
        assert stages.waiting(session, "normalise") == 0


def test_a_set_with_a_blank_in_it_stays_one(place: Workplace, server: Hostile) -> None:
    server.listed = in_sets(items(1), " Giáo trình ", "")
    bring(place, add_oai(place, server))
    assert kept(place) == {"oai:x:1": "Giáo%20trình"}


def test_a_replay_does_not_put_a_record_back_into_its_old_sets(place: Workplace, server: Hostile) -> None:
    server.listed = in_sets(items(1), "old")
    code = add_oai(place, server)
    first: Report = bring(place, code)
    server.listed = in_sets(items(1), "new")
    bring(place, code, Order(full=True))
    bring(place, code, Order(replay=first.run))
    assert kept(place) == {"oai:x:1": "new"}


def test_a_deletion_leaves_the_sets_as_they_were(place: Workplace, server: Hostile) -> None:
    server.listed = in_sets(items(1), "a")
    code = add_oai(place, server)
    bring(place, code)
    server.listed = [replace(item, deleted=True, sets=()) for item in items(1)]
    assert bring(place, code, Order(full=True)).counts["deleted"] == 1
    assert kept(place) == {"oai:x:1": "a"}
