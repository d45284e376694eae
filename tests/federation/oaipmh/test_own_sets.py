"""An operator's own sets: whoever follows one ends with exactly its members, and nobody else notices it.

Random histories of records, of sets that are made, changed and withdrawn, and of publishing that lags behind, are
crossed with harvesters that read a page now and a page then. What a query means is said a second time here, in Python.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from federation.catalogue.catalogue import Catalogue
from federation.index import open_engine
from federation.pipeline import check
from federation.pipeline.stages import membership
from federation.pipeline.stages.publish import PUBLISH, rebuild
from federation.pipeline.stages.stage import run
from federation.pipeline.stages.thinkers import Thinkers
from federation.pipeline.workplace import Workplace
from federation.store import checks, query_sets
from federation.store.models import QuerySet, UnionSet
from federation.store.query_sets import NewSet
from tests.federation.oaipmh.conftest import open_door
from tests.support.catalogues import Shelf
from tests.support.oai import ask
from tests.support.oai_follower import Harvester

LQD, TVT, BOTH = ("member:lqd", "type:book"), ("member:tvt", "type:book"), ("member:lqd", "member:tvt", "type:book")
#: query -> whether a record with these sets and of this version is found
MEANING: dict[str, Callable[[tuple[str, ...], int], bool]] = {
    "lienthong.member = tvt": lambda sets, _: "member:tvt" in sets,
    'title = "bản 1"': lambda _, version: version == 1,
    'title = "ban 2" not lienthong.member = lqd': lambda sets, version: version == 2 and "member:lqd" not in sets,
    'cql.allRecords = 1 not title all "bản"': lambda _, version: version == 0,
    "title = zzz": lambda *_: False,
}


@dataclass
class Kept:
    """A house whose records and sets are written as the pipeline writes them, and what is true of it."""

    shelf: Shelf
    place: Workplace
    door: FlaskClient
    records: dict[int, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)

    def put(self, numbers: list[int], sets: tuple[str, ...], version: int = 0) -> None:
        """Write records, a second after the last time."""
        self.shelf.clock.step(1)
        self.shelf.put(dict.fromkeys(numbers, sets), version)
        self.records.update(dict.fromkeys(numbers, (sets, version)))

    def bury(self, numbers: list[int]) -> None:
        """Delete records."""
        self.shelf.clock.step(1)
        self.shelf.bury(dict.fromkeys(self.records.keys() & set(numbers)))
        for number in numbers:
            self.records.pop(number, None)

    def define(self, code: str, query: str) -> None:
        """Make a set, or give it another query."""
        with self.place.database.write() as session:
            if code in self.sets:
                query_sets.alter(session, code, {"query": query}, self.shelf.clock())
            else:
                query_sets.add(session, NewSet(code, query, f"Bộ {code}", f"Set {code}"), self.shelf.clock())
        self.sets[code] = query

    def withdraw(self, code: str) -> None:
        """End a set."""
        with self.place.database.write() as session:
            query_sets.withdraw(session, code)
        self.sets.pop(code, None)

    def publish(self) -> None:
        """Let the index follow."""
        self.shelf.clock.step(1)
        with Thinkers(workers=1) as thinkers:
            run(self.place, PUBLISH, thinkers)

    def members(self, code: str) -> set[int]:
        """Say who ought to be in a set."""
        meaning = MEANING[self.sets[code]] if code in self.sets else (lambda *_: False)
        return {number for number, said in self.records.items() if meaning(*said)}

    def faults(self) -> list[str]:
        """Say what does not agree about sets."""
        with self.place.database.read() as session:
            known = [code for code, _, _ in checks.faults(session, 1, 1) if code.startswith("set-")]
        return known + [fault.code for fault in check.set_faults(self.place)]

    def follow(self, spec: str) -> dict[int, tuple[str, str] | None]:
        """Read a list from its beginning."""
        harvester = Harvester(self.door, spec)
        harvester.read()
        harvester.finish()
        return harvester.copy


@pytest.fixture
def kept(shelf: Shelf, tmp_path: Path) -> Iterator[Kept]:
    engine = open_engine(f"tantivy:{tmp_path / 'index'}", create=True)
    place = Workplace(shelf.database, engine, shelf.settings)
    yield Kept(shelf, place, open_door(shelf, Catalogue(shelf.database, engine, shelf.settings)))
    engine.close()


def live(copy: dict[int, tuple[str, str] | None]) -> set[int]:
    return {number for number, record in copy.items() if record}


def headers(kept: Kept, **arguments: str) -> list[tuple[int, str, bool, tuple[str, ...]]]:
    told = ask(kept.door, verb="ListIdentifiers", metadataPrefix="oai_dc", **arguments)
    return [(int(name.rpartition(":")[2]), *rest) for name, *rest in told.headers_told]  # type: ignore[misc]


numbers = st.lists(st.integers(1, 7), min_size=1, max_size=4, unique=True)
steps = st.one_of(
    st.tuples(st.just("put"), numbers, st.sampled_from([LQD, TVT, BOTH]), st.integers(0, 2)),
    st.tuples(st.just("put"), numbers, st.sampled_from([LQD, TVT, BOTH]), st.integers(0, 2)),
    st.tuples(st.just("bury"), numbers),
    st.tuples(st.just("define"), st.sampled_from("xy"), st.sampled_from(sorted(MEANING))),
    st.tuples(st.just("withdraw"), st.sampled_from("xy")),
    st.tuples(st.just("publish")),
    st.tuples(st.just("tick"), st.sampled_from([0.2, 1.0, 2.5])),
    st.tuples(st.just("read"), st.integers(0, 3)),
    st.tuples(st.just("read"), st.integers(0, 3)),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(history=st.lists(steps, max_size=40))
def test_whoever_follows_a_set_ends_with_its_members_and_receives_nothing_twice(
    kept: Kept, history: list[tuple[Any, ...]]
) -> None:
    _empty(kept)
    harvesters = [Harvester(kept.door, spec) for spec in ("query:x", "query:y", "member:tvt", "")]
    for step in history:
        match step:
            case ("tick", seconds):
                kept.shelf.clock.step(seconds)
            case ("read", which):
                harvesters[which].read()
            case (name, *given):
                getattr(kept, name)(*given)
    kept.publish()
    kept.shelf.clock.step(3)
    for harvester in harvesters:
        harvester.finish()
        harvester.read()
        harvester.finish()
    tvt = {number for number, (sets, _) in kept.records.items() if "member:tvt" in sets}
    expected = [kept.members("x"), kept.members("y"), tvt, set(kept.records)]
    assert [live(harvester.copy) for harvester in harvesters] == expected
    assert [live(kept.follow(harvester.set_spec)) for harvester in harvesters] == expected
    assert kept.faults() == []
    assert _headers_say(kept) == {
        number: {f"query:{code}" for code in kept.sets if number in kept.members(code)} for number in kept.records
    }


def _empty(kept: Kept) -> None:
    kept.shelf.empty()
    kept.place.index.clear()
    kept.records.clear()
    kept.sets.clear()
    with kept.place.database.write() as session:
        session.execute(delete(QuerySet))


def _headers_say(kept: Kept) -> dict[int, set[str]]:
    every = (kept.place.database, kept.place.index, kept.place.settings)
    return {
        record.id: {spec for spec in record.sets if spec.startswith("query:")} for record in Catalogue(*every).every()
    }


def test_a_new_set_is_listed_with_its_name_and_nobody_else_receives_its_records_again(kept: Kept) -> None:
    kept.put([1, 2, 3], TVT)
    kept.put([4], LQD)
    kept.publish()
    kept.shelf.clock.step(2)
    others = [Harvester(kept.door), Harvester(kept.door, "member:tvt")]
    for harvester in others:
        harvester.read()
        harvester.finish()
    kept.define("x", "lienthong.member = tvt")
    assert "query:x" in ask(kept.door, verb="ListSets").content.decode()
    kept.publish()
    kept.shelf.clock.step(2)
    assert "Bộ x / Set x" in ask(kept.door, verb="ListSets").content.decode()
    for harvester in others:
        told = ask(kept.door, verb="ListRecords", metadataPrefix="marc21", **{"from": harvester.since})
        assert told.errors == ["noRecordsMatch"]
    assert headers(kept, set="query:x")[0] == (
        1,
        "2026-03-01T08:00:06Z",
        False,
        ("member:tvt", "query:x", "type:book"),
    )
    identifier = "oai:lienthong.example:1"
    record = ask(kept.door, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert record.headers_told == [(identifier, "2026-03-01T08:00:01Z", False, ("member:tvt", "query:x", "type:book"))]


def test_a_record_that_leaves_a_set_is_deleted_there_and_lives_elsewhere(kept: Kept) -> None:
    kept.define("x", 'title = "bản 1"')
    kept.put([1, 2], TVT, 1)
    kept.publish()
    kept.put([1], TVT, 2)
    kept.publish()
    kept.shelf.clock.step(2)
    assert [(number, gone, sets) for number, _, gone, sets in headers(kept, set="query:x")] == [
        (2, False, ("member:tvt", "query:x", "type:book")),
        (1, True, ("query:x",)),
    ]
    assert {number: sets for number, _, _, sets in headers(kept)} == {
        1: ("member:tvt", "type:book"),
        2: ("member:tvt", "query:x", "type:book"),
    }


def test_a_withdrawn_set_is_listed_no_more_and_tells_its_followers_that_all_have_left(kept: Kept) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1, 2], TVT)
    kept.publish()
    kept.withdraw("x")
    kept.publish()
    kept.shelf.clock.step(2)
    assert "query:x" not in ask(kept.door, verb="ListSets").content.decode()
    assert [(number, gone) for number, _, gone, _ in headers(kept, set="query:x")] == [(1, True), (2, True)]
    assert {sets for _, _, _, sets in headers(kept)} == {("member:tvt", "type:book")}
    with kept.place.database.read() as session:
        assert query_sets.every(session, withdrawn=True) == []


def test_a_query_that_can_no_longer_be_answered_stops_nothing_and_is_told(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1], TVT)
    kept.publish()
    with kept.place.database.write() as session:
        session.execute(QuerySet.__table__.update().values(query="title = (", pending=False))  # type: ignore[attr-defined]
    kept.put([2], TVT)
    kept.publish()
    assert kept.faults() == ["set-unanswered"]
    assert check.status(kept.place)["pending"] == {"normalise": 0, "cluster": 0, "merge": 0, "publish": 1}
    kept.define("x", "lienthong.member = tvt")
    kept.publish()
    kept.shelf.clock.step(2)
    assert (kept.faults(), live(kept.follow("query:x"))) == ([], {1, 2})


def test_check_finds_a_record_that_is_wrongly_in_a_set_and_a_rebuilt_index_mends_it(kept: Kept) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1, 2], TVT)
    kept.put([3], LQD)
    kept.publish()
    assert kept.faults() == []
    with kept.place.database.write() as session:
        wrong = {"set_spec": "query:x", "union_id": 3, "datestamp": kept.shelf.clock(), "deleted": False}
        session.execute(UnionSet.__table__.insert().values(**wrong))  # type: ignore[attr-defined]
    assert kept.faults() == ["set-misnamed", "set-astray"]
    rebuild(kept.place)
    assert kept.faults() == []


def test_records_published_far_apart_are_asked_about_like_neighbours(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "RUNS", 2)
    monkeypatch.setattr(membership, "TOGETHER", 2)
    kept.define("x", "lienthong.member = tvt")
    kept.publish()
    kept.put([1, 2, 4, 7, 8, 9, 11, 15], TVT)
    kept.put([3, 10], LQD)
    kept.publish()
    kept.define("y", "cql.allRecords = 1 not lienthong.member = lqd")
    MEANING["cql.allRecords = 1 not lienthong.member = lqd"] = MEANING["lienthong.member = tvt"]
    kept.publish()
    kept.shelf.clock.step(2)
    assert live(kept.follow("query:x")) == live(kept.follow("query:y")) == {1, 2, 4, 7, 8, 9, 11, 15}


def test_a_record_that_changes_and_stays_is_received_once_and_never_as_one_that_left(kept: Kept) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1, 2], TVT)
    kept.publish()
    kept.shelf.clock.step(2)
    harvester = Harvester(kept.door, "query:x")
    harvester.read()
    received = len(harvester.seen)
    kept.put([1], TVT, 1)
    kept.shelf.clock.step(2)
    harvester.read()
    kept.publish()
    kept.shelf.clock.step(2)
    harvester.read()
    assert (len(harvester.seen) - received, live(harvester.copy)) == (1, {1, 2})
    assert not any(deleted for _, _, deleted in harvester.seen)


@pytest.mark.parametrize("gone", [True, False])
def test_what_changes_while_it_is_published_is_asked_about_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    follow, once = membership.follow, iter([True])

    def and_then(*given: Any) -> list[Any]:
        moves = follow(*given)
        if next(once, False):  # the other half of the road goes on meanwhile
            kept.bury([1]) if gone else kept.put([1], LQD, 1)
        return moves

    monkeypatch.setattr(membership, "follow", and_then)
    kept.define("x", "lienthong.member = tvt")
    kept.publish()
    kept.put([1, 2], TVT)
    kept.publish()
    kept.shelf.clock.step(2)
    assert live(kept.follow("query:x")) == {2}
    assert kept.faults() == []


def test_a_withdrawn_set_can_begin_anew_under_its_code(kept: Kept) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1], TVT)
    kept.put([2], LQD)
    kept.publish()
    kept.withdraw("x")
    kept.define("x", "lienthong.member = lqd")
    kept.publish()
    kept.shelf.clock.step(2)
    assert live(kept.follow("query:x")) == {2}
    assert kept.faults() == []


def test_another_query_tells_only_of_those_that_enter_or_leave(kept: Kept) -> None:
    kept.define("x", "lienthong.member = tvt")
    kept.put([1, 2], TVT)
    kept.put([3], BOTH)
    kept.put([4], LQD)
    kept.publish()
    kept.shelf.clock.step(2)
    harvester = Harvester(kept.door, "query:x")
    harvester.read()
    assert live(harvester.copy) == {1, 2, 3}
    MEANING["lienthong.member = lqd"] = lambda sets, _: "member:lqd" in sets
    kept.define("x", "lienthong.member = lqd")
    kept.publish()
    kept.shelf.clock.step(2)
    changed = headers(kept, set="query:x", **{"from": harvester.since})
    assert [(number, gone) for number, _, gone, _ in changed] == [(1, True), (2, True), (4, False)]
