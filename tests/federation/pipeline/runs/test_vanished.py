"""Deletion drills, from a hostile server to the OAI-PMH door, on both dialects: nothing is wrongly deleted, and nothing
that is gone stays for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select

from federation import clock
from federation.errors import NotFound, UsageError
from federation.oaipmh.views import blueprint
from federation.pipeline import check as checking
from federation.pipeline.runs import rekey, sweep, vanished
from federation.pipeline.runs.harvest import Order, Report, report
from federation.pipeline.workplace import Workplace
from federation.store import absences, rekeyings, sources, traces
from federation.store.compress import expand
from federation.store.models import Raw
from federation.store.sources import NewSource, SourceRow
from schemas.marc import write
from tests.support.hostile_oai import Asked, Hostile, Item, Reply, error, identifiers, items, serving
from tests.support.house import add_files, add_member, bring, catalogue, house, step_through
from tests.support.records import iso2709, record

OAI = "{http://www.openarchives.org/OAI/2.0/}"
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def books(*numbers: int, prefix: str = "oai:x:") -> list[Item]:
    """Items with ISBN and title of `tests.support.records`; their payload does not depend on their identifier."""
    return [Item(f"{prefix}{number}", payload=write.marcxml(record(number))) for number in numbers]


@dataclass
class Clock:
    """A clock that stands still until it is told to go."""

    now: datetime = START

    def after(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Drill:
    """A source, its server, the clock, and what an operator would type."""

    place: Workplace
    server: Hostile
    time: Clock

    @property
    def source(self) -> SourceRow:
        with self.place.database.read() as session:
            return sources.one(session, "oai")

    def opt(self, **options: str) -> None:
        with self.place.database.write() as session:
            sources.change(session, self.source.id, options={**self.source.options, **options})

    def harvest(self, full: bool = False) -> Report:
        return bring(self.place, "oai", Order(full=full))

    def sweep(self, **later: float) -> Report:
        self.time.after(**later)
        return self._done(sweep.by_hand(self.place, self.source))

    def withdraw(self) -> Report:
        return self._done(vanished.withdraw(self.place, self.source))

    def restore(self, run: int) -> Report:
        return self._done(vanished.restore(self.place, run))

    def accept(self) -> Report:
        return self._done(rekey.accept(self.place, self.source))

    def _done(self, run: int) -> Report:
        step_through(self.place)
        self.time.after(minutes=1)
        return report(self.place, run)

    def absent(self) -> tuple[int, int, int]:
        with self.place.database.read() as session:
            return absences.count(session, self.source.id)

    def titles(self) -> set[str]:
        return {str(one.bib.title) for one in catalogue(self.place).every() if not one.deleted}

    def reason(self, local_id: str) -> str:
        with self.place.database.read() as session:
            (trace,) = traces.of_local(session, "a", local_id)
        return trace.withdrawal if trace.deleted else "live"

    def runs(self) -> list[str]:
        with self.place.database.read() as session:
            return [run.kind for run in reversed(sources.history(session, "oai"))]

    def door(self) -> dict[int, tuple[str, bool]]:
        """What a harvester of ours is told: union id -> datestamp, deleted; all at rest."""
        assert checking.check(self.place) == []
        app = Flask("door")
        app.register_blueprint(blueprint(catalogue(self.place), self.place.settings))
        found: dict[int, tuple[str, bool]] = {}
        self.time.after(seconds=5)
        query = "verb=ListIdentifiers&metadataPrefix=marc21"
        while query:
            root = ElementTree.fromstring(app.test_client().get(f"/oai?{query}").data)
            assert root.find(f"{OAI}error") is None, ElementTree.tostring(root)
            for header in root.iter(f"{OAI}header"):
                number = int((header.findtext(f"{OAI}identifier") or "").rpartition(":")[2])
                found[number] = (header.findtext(f"{OAI}datestamp") or "", header.get("status") == "deleted")
            token = root.findtext(f".//{OAI}resumptionToken")
            query = f"verb=ListIdentifiers&resumptionToken={token}" if token else ""
        return found

    def deleted(self) -> list[int]:
        return sorted(number for number, (_, gone) in self.door().items() if gone)


@pytest.fixture
def drill(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    time = Clock()
    monkeypatch.setattr(clock, "now", lambda: time.now)
    with house(tmp_path / "home", database_url) as place, serving(Hostile(page_size=15)) as server:
        options = {"allow_private": "true", "retries": "0", "overlap": "0", "per_minute": "60000"}
        source = NewSource("oai", "oaipmh", server.url, options=options)
        member = add_member(place, "a")
        with place.database.write() as session:
            sources.add(session, member, source, clock.now())
        yield Drill(place, server, time)


def without(numbers: set[int], listed: list[Item]) -> list[Item]:
    return [item for item in listed if int(item.identifier.rpartition(":")[2]) not in numbers]


# --- the drills of docs/how-to/when-records-disappear.md ------------------------------------------------------------


@pytest.mark.pathology(13, "all identifiers are listed now and then; what two looks miss is withdrawn")
def test_drill_one_record_of_many_is_withdrawn_by_the_second_look(drill: Drill) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    before = drill.door()
    drill.server.listed = without({7}, drill.server.listed)
    first = drill.sweep(days=1)
    assert (first.status, first.counts["seen"], first.counts["deleted"]) == ("success", 39, 0)
    assert "1 records are absent and will be withdrawn if a later look misses them too" in first.message
    assert drill.sweep(hours=1).counts["deleted"] == 0, "the second look must be later than that"
    assert drill.door() == before
    second = drill.sweep(hours=12)
    assert (second.status, second.counts["deleted"], drill.absent()) == ("success", 1, (39, 0, 0))
    assert "1 records that are gone from the source were withdrawn" in second.message
    assert (drill.reason("oai:x:7"), drill.reason("oai:x:8")) == ("absent", "live")
    after = drill.door()
    (gone,) = [number for number, (_, deleted) in after.items() if deleted]
    assert after[gone][0] > before[gone][0]
    assert {number: said for number, said in after.items() if number != gone} == {
        number: said for number, said in before.items() if number != gone
    }
    assert drill.runs() == ["harvest", "sweep", "sweep", "sweep"]


@pytest.mark.pathology(15, "a school of 5 records that loses 2 is held: at most one, or a twentieth, may go at once")
def test_drill_a_school_of_five_that_loses_two_is_held_until_the_operator_decides(drill: Drill) -> None:
    drill.server.listed = books(*range(5))
    drill.harvest()
    before = drill.door()
    drill.server.listed = books(0, 1, 2)
    for _ in range(3):
        run = drill.sweep(days=1)
        assert (run.status, run.counts["deleted"], drill.absent()) == ("partial", 0, (5, 2, 2))
        assert "2 of 5 records are absent, at most 1 may vanish at once: nothing was withdrawn" in run.message
        assert "`lienthong harvest absent oai`" in run.message
    assert drill.door() == before
    done = drill.withdraw()
    assert (done.status, done.counts["deleted"], drill.absent()) == ("success", 2, (3, 0, 0))
    assert drill.reason("oai:x:4") == "operator"
    assert len(drill.deleted()) == 2
    back = drill.restore(done.run)
    assert back.message == f"2 records that run {done.run} withdrew are back"
    after = drill.door()
    assert not any(deleted for _, deleted in after.values())
    assert after.keys() == before.keys(), "the union records are the same ones as before"
    assert sum(after[number][0] > before[number][0] for number in before) == 2
    assert drill.runs() == ["harvest", "sweep", "sweep", "sweep", "withdraw", "restore"]


@pytest.mark.pathology(15, "a source that is empty for a while loses nothing, however often it is looked at")
def test_drill_a_source_that_empties_by_mistake_and_comes_back_heals_by_itself(drill: Drill) -> None:
    full = books(*range(30))
    drill.server.listed = full
    drill.harvest()
    before, titles = drill.door(), drill.titles()
    drill.server.listed = []
    for _ in range(2):
        run = drill.sweep(days=1)
        assert (run.status, run.counts["deleted"], drill.absent()) == ("partial", 0, (30, 30, 30))
        assert "the source lists no record at all" in run.message
    assert drill.harvest(full=True).counts["deleted"] == 0
    drill.server.listed = full
    healed = drill.sweep(days=1)
    assert (healed.status, healed.message, drill.absent()) == ("success", "", (30, 0, 0))
    assert (drill.door(), drill.titles()) == (before, titles)


def test_even_the_only_record_of_a_source_is_not_given_up_to_an_empty_list(drill: Drill) -> None:
    drill.server.listed = books(1)
    drill.harvest()
    drill.server.listed = []
    assert [drill.sweep(days=1).status, drill.sweep(days=1).status] == ["partial", "partial"]
    assert drill.absent() == (1, 1, 1)


@pytest.mark.pathology(15, "a source that halves is held; what comes back is absent no longer, the rest waits")
def test_drill_a_source_that_halves(drill: Drill) -> None:
    full = books(*range(40))
    drill.server.listed = full
    drill.harvest()
    before = drill.door()
    drill.server.listed = full[:20]
    assert (drill.sweep(days=1).status, drill.absent()) == ("partial", (40, 20, 20))
    drill.server.listed = full[:30]
    assert (drill.sweep(days=1).status, drill.absent()) == ("partial", (40, 10, 10))
    assert drill.door() == before
    drill.server.listed = full[:39]
    last = drill.sweep(days=1)  # one is no mass any more, and it was missed three times
    assert (last.status, last.counts["deleted"], drill.absent()) == ("success", 1, (39, 0, 0))
    assert drill.reason("oai:x:39") == "absent"


def test_the_operator_can_keep_what_is_absent(drill: Drill) -> None:
    drill.server.listed = books(*range(5))
    drill.harvest()
    drill.server.listed = books(0, 1)
    drill.sweep(days=1)
    assert vanished.keep(drill.place, drill.source) == 3
    assert drill.absent() == (5, 0, 0)
    with pytest.raises(UsageError, match="no absent record"):
        vanished.withdraw(drill.place, drill.source)
    assert drill.runs() == ["harvest", "sweep"], "what was not done is not in the history"


@pytest.mark.pathology(17, "a third of a source back under other ids is offered for re-keying; nothing goes meanwhile")
@pytest.mark.parametrize("numbered", [True, False])
def test_drill_a_source_that_changes_its_ids_is_rekeyed_with_consent(drill: Drill, numbered: bool) -> None:
    old = books(*range(12)) if numbered else items(12)
    drill.server.listed = old
    drill.harvest()
    before, titles = drill.door(), drill.titles()
    new = [replace(item, identifier=f"oai:new.vn:{item.identifier}", datestamp="2026-03-05T08:00:00Z") for item in old]
    drill.server.listed = new
    drill.time.after(days=3)
    drill.harvest()
    for _ in range(2):
        run = drill.sweep(days=1)
        assert (run.status, run.counts["deleted"]) == ("partial", 0)
        assert "12 of them seem to be back under other ids: nothing was withdrawn" in run.message
    with pytest.raises(UsageError, match="no absent record"):
        vanished.withdraw(drill.place, drill.source)
    done = drill.accept()
    assert (done.status, done.counts["changed"], drill.absent()) == ("success", 12, (12, 0, 0))
    after = drill.door()
    assert {number for number, (_, deleted) in after.items() if not deleted} == before.keys()
    assert drill.titles() == titles
    assert drill.reason("oai:new.vn:oai:x:7") == "live"
    held = {held.local_id for one in catalogue(drill.place).every() if not one.deleted for held in one.holdings}
    assert held == {item.identifier for item in new}
    for number in after.keys() - before.keys():  # where nothing tells that two records are one, both stood meanwhile
        grave = catalogue(drill.place).fetch(number)
        assert grave is not None
        assert grave.successor_id in before
    healed = drill.sweep(days=1)
    assert (healed.status, healed.message, drill.harvest(full=True).counts["unchanged"]) == ("success", "", 12)


def test_records_that_only_lost_their_own_numbers_are_known_again(drill: Drill) -> None:
    drill.server.listed = books(*range(6))
    drill.harvest()
    moved = [Item(f"oai:n:{n}", "2026-03-05T08:00:00Z", write.marcxml(record(n, local_id=f"NEW{n}"))) for n in range(6)]
    drill.server.listed = moved
    drill.time.after(days=3)
    drill.harvest()
    drill.sweep(days=1)
    with drill.place.database.read() as session:
        pairs = rekeyings.standing(session, drill.source.id)
    assert [(pair.old, pair.new) for pair in pairs] == [(f"oai:x:{n}", f"oai:n:{n}") for n in range(6)]


def test_a_change_of_ids_that_is_refused_leaves_the_old_ones_absent(drill: Drill) -> None:
    drill.server.listed = books(*range(6))
    drill.harvest()
    drill.server.listed = [replace(item, identifier=f"{item.identifier}b") for item in books(*range(6))]
    drill.time.after(days=3)
    drill.harvest(full=True)
    assert rekey.refuse(drill.place, drill.source) == 6
    with pytest.raises(UsageError, match="no record that seems to be back"):
        rekey.accept(drill.place, drill.source)
    assert drill.withdraw().counts["deleted"] == 6
    assert drill.absent() == (6, 0, 0)
    drill.door()


def test_other_books_under_new_ids_are_no_change_of_ids(drill: Drill) -> None:
    drill.server.listed = books(*range(6))
    drill.harvest()
    drill.server.listed = books(*range(20, 26))
    drill.time.after(days=1)
    run = drill.harvest(full=True)
    assert (run.status, "at most 1 may vanish at once" in run.message) == ("partial", True)
    assert rekey.refuse(drill.place, drill.source) == 0
    assert drill.absent() == (12, 6, 6)


@pytest.mark.pathology(17, "the option id_strip takes off what a server changes in its identifiers")
def test_the_changing_part_of_identifiers_can_be_taken_off(drill: Drill) -> None:
    drill.opt(id_strip="^oai:[^:]*:")
    drill.server.listed = books(*range(8))
    drill.harvest()
    drill.server.listed = books(*range(8), prefix="oai:another.host:")
    run = drill.harvest(full=True)
    assert (run.status, run.counts["unchanged"], drill.reason("3")) == ("success", 8, "live")
    assert (drill.sweep(days=1).status, drill.absent()) == ("success", (8, 0, 0))
    drill.opt(id_strip=":.*")
    collided = drill.harvest(full=True)
    assert (collided.status, "both become 'oai'" in collided.message) == ("failed", True)
    assert (drill.absent(), len(drill.titles())) == ((8, 0, 0), 8)


# --- what the source says itself ------------------------------------------------------------


@pytest.mark.pathology(16, "deletions of records that never came write nothing")
def test_a_flood_of_tombstones_at_a_first_harvest_is_ignored_cheaply(drill: Drill) -> None:
    drill.server.page_size = 25_000
    drill.server.listed = [Item(f"oai:x:gone{n}", deleted=True) for n in range(100_000)] + books(1, 2)
    run = drill.harvest()
    assert (run.status, run.counts["seen"], run.counts["added"]) == ("success", 100_002, 2)
    assert (run.counts["deleted"], checking.status(drill.place)["raw_deleted"]) == (0, 0)


def test_a_deletion_that_only_the_list_of_identifiers_tells_is_the_sources_own(drill: Drill) -> None:
    drill.server.listed = books(*range(6))
    drill.harvest()
    drill.server.listed = [*books(*range(5)), Item("oai:x:5", deleted=True)]
    run = drill.sweep(days=1)
    assert (run.status, run.counts["deleted"], drill.reason("oai:x:5")) == ("success", 1, "source")


@pytest.mark.pathology(14, "a deleted id that comes back with the same work finds its union record again")
def test_what_the_source_deleted_and_gives_again_is_the_same_union_record(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    before = drill.door()
    drill.server.listed = [*books(0, 1, 2), Item("oai:x:3", deleted=True)]
    drill.harvest(full=True)
    assert len(drill.deleted()) == 1
    drill.time.after(minutes=1)
    drill.server.listed = [*books(0, 1, 2), Item("oai:x:3", payload=write.marcxml(record(3, title="Nhan đề đã sửa")))]
    run = drill.harvest(full=True)
    assert (run.message, drill.door().keys(), drill.deleted()) == ("", before.keys(), [])


@pytest.mark.pathology(14, "a deleted id that is given to another work inherits nothing, and the run says so")
def test_a_used_id_given_to_another_work_inherits_nothing(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    before = drill.door()
    drill.server.listed = [*books(0, 1, 2), Item("oai:x:3", deleted=True)]
    drill.harvest(full=True)
    (grave,) = drill.deleted()
    drill.server.listed = [*books(0, 1, 2), Item("oai:x:3", payload=write.marcxml(record(50)))]
    run = drill.harvest(full=True)
    assert run.message == "1 ids of withdrawn records now belong to other works, which were taken as new"
    assert (run.counts["added"], drill.deleted()) == (1, [grave])
    assert len(drill.door()) == len(before) + 1
    assert drill.reason("oai:x:3") == "live"
    with drill.place.database.read() as session:
        (old,) = session.scalars(select(Raw).where(Raw.local_id.startswith(f"oai:x:3~before-run-{run.run}-")))
        assert (old.deleted, old.withdrawal, expand(old.content)) == (True, "source", books(3)[0].payload.encode())


# --- restoring ------------------------------------------------------------


def test_a_withdrawal_is_taken_back_for_thirty_days_and_no_longer(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    drill.server.listed = [*books(0, 1, 2), Item("oai:x:3", deleted=True)]
    run = drill.harvest(full=True)
    drill.time.after(days=31)
    with pytest.raises(UsageError, match="more than 30 days ago"):
        drill.restore(run.run)
    with pytest.raises(NotFound, match="is no run"):
        drill.restore(999)
    with pytest.raises(UsageError, match="nothing that is still withdrawn"):
        drill.time.after(days=-20)
        drill.restore(1)


def test_what_has_come_back_otherwise_is_not_restored(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    drill.server.listed = [*books(0, 1), Item("oai:x:2", deleted=True), Item("oai:x:3", deleted=True)]
    gone = drill.harvest(full=True)
    drill.time.after(minutes=1)
    drill.server.listed = [*books(0, 1, 2), *(replace(item, identifier="oai:y:3") for item in books(3))]
    drill.harvest(full=True)
    with pytest.raises(UsageError, match="nothing that is still withdrawn"):
        drill.restore(gone.run)
    assert len(drill.titles()) == 4
    drill.door()


# --- when a look is due, and what is no look ------------------------------------------------------------


@pytest.mark.pathology(14, "every source is swept every 30 days, whatever it claims of deletions")
def test_a_due_sweep_follows_a_harvest_and_what_it_missed_is_looked_for_the_next_day(drill: Drill) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    assert drill.source.swept_at is None, "a first harvest has nothing to miss"
    drill.server.listed = without({7}, drill.server.listed)
    for days, runs in ((29, 0), (2, 1), (0.4, 1), (0.7, 2), (20, 2)):
        drill.time.after(days=days)
        drill.harvest()
        assert drill.runs().count("sweep") == runs
    assert drill.reason("oai:x:7") == "absent"
    drill.opt(sweep_days="0")
    drill.time.after(days=400)
    drill.harvest()
    assert drill.runs().count("sweep") == 2


def test_a_whole_harvest_is_a_look_too(drill: Drill) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    drill.server.listed = without({7}, drill.server.listed)
    for hours, deleted in ((1, 0), (13, 1)):
        drill.time.after(hours=hours)
        run = drill.harvest(full=True)
        assert (run.status, run.counts["deleted"]) == ("success", deleted)
    assert drill.reason("oai:x:7") == "absent"


def test_held_records_do_not_make_the_next_harvest_a_whole_one(drill: Drill) -> None:
    drill.server.listed = books(*range(5))
    drill.harvest()
    drill.server.listed = books(0, 1)
    assert drill.harvest(full=True).status == "partial"
    assert drill.source.next_from is not None
    asked = len(drill.server.asked("ListRecords"))
    drill.harvest()
    assert "from" in drill.server.asked("ListRecords")[asked].arguments


def test_a_record_that_comes_meanwhile_is_absent_no_longer(drill: Drill) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    drill.server.listed = without({7}, drill.server.listed)
    drill.sweep(days=1)
    assert drill.absent() == (40, 1, 0)
    drill.server.listed = [*drill.server.listed, Item("oai:x:7", "2026-03-09T00:00:00Z", write.marcxml(record(7)))]
    drill.harvest()
    assert drill.absent() == (40, 0, 0)


def test_records_that_are_listed_but_never_came_are_told_and_fetched_by_the_next_harvest(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    drill.server.listed = books(*range(6))
    run = drill.sweep(days=1)
    assert run.status == "success"
    assert run.message == "2 records are listed that never came; the next harvest reads everything"
    drill.harvest()
    assert drill.absent() == (6, 0, 0)


def _goes_round(asked: Asked, reply: Reply) -> Reply:
    return Reply(identifiers(books(0), "again")) if asked.verb == "ListIdentifiers" else reply


def _is_cut(asked: Asked, reply: Reply) -> Reply:
    return replace(reply, body=reply.body[:-40]) if asked.verb == "ListIdentifiers" and asked.token else reply


def _promises_more(asked: Asked, reply: Reply) -> Reply:
    return Reply(identifiers(books(*range(3)), "", 40)) if asked.verb == "ListIdentifiers" else reply


def _does_not_close(asked: Asked, reply: Reply) -> Reply:
    last = asked.verb == "ListIdentifiers" and asked.token
    return Reply(identifiers(books(*range(15, 18)), None)) if last else reply


def _expires(asked: Asked, reply: Reply) -> Reply:
    return Reply(error("badResumptionToken")) if asked.verb == "ListIdentifiers" and asked.token else reply


def _has_nameless(asked: Asked, reply: Reply) -> Reply:
    return Reply(identifiers([*books(*range(3)), Item("")], "")) if asked.verb == "ListIdentifiers" else reply


def _cannot(asked: Asked, reply: Reply) -> Reply:
    return Reply(error("badVerb")) if asked.verb == "ListIdentifiers" else reply


def _fails(asked: Asked, reply: Reply) -> Reply:
    return Reply(b"<html>busy</html>", 500) if asked.verb == "ListIdentifiers" else reply


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_goes_round, "the token goes round"),
        (_is_cut, "page 2 of ListIdentifiers: the XML is not well-formed"),
        (_promises_more, "the server promised 40 records and sent 3"),
        (_does_not_close, "the last page does not close the list"),
        (_expires, "a token led to badResumptionToken"),
        (_has_nameless, "1 headers have no identifier"),
        (_cannot, "the server answers badVerb"),
        (_fails, "the server answers 500"),
    ],
)
@pytest.mark.pathology(1, "a list of identifiers that was not seen whole concludes nothing")
def test_a_list_that_was_not_seen_whole_concludes_nothing(drill: Drill, spoil: object, told: str) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    swept, drill.server.spoil = drill.source.swept_at, spoil  # type: ignore[assignment]
    run = drill.sweep(days=1)
    assert run.status in ("partial", "failed")
    assert told in run.message
    assert "nothing was concluded" in run.message
    assert (drill.absent(), drill.source.swept_at) == ((40, 0, 0), swept)
    assert drill.runs() == ["harvest", "sweep"]


def test_a_sweep_that_fails_is_not_tried_again_at_every_harvest(drill: Drill) -> None:
    drill.server.listed = books(*range(4))
    drill.harvest()
    drill.server.spoil = _fails
    for hours, sweeps in ((24 * 31, 1), (1, 1), (1, 1), (23, 2)):
        drill.time.after(hours=hours)
        assert drill.harvest().status == "success", "the harvest itself went well"
        assert drill.runs().count("sweep") == sweeps


def test_a_record_without_identifier_is_not_judged_by_a_list_of_identifiers(drill: Drill) -> None:
    drill.server.listed = [*books(*range(4)), Item("", payload=write.marcxml(record(9)))]
    drill.harvest()
    drill.server.listed = books(*range(4))
    assert (drill.sweep(days=1).message, drill.absent()) == ("", (5, 0, 0))


def test_files_cannot_be_swept_and_a_paused_source_is_not(drill: Drill, tmp_path: Path) -> None:
    with drill.place.database.write() as session:
        sources.change(session, drill.source.id, paused=True)
    with pytest.raises(UsageError, match="is paused"):
        drill.sweep(days=1)
    files = replace(drill.source, kind="files", paused=False)
    with pytest.raises(UsageError, match="cannot list its identifiers"):
        sweep.by_hand(drill.place, files)


# --- the word of the operator, and hostile corners ----------------------------------------------------------


def test_a_source_said_to_be_complete_needs_no_second_look_but_the_guard_stands(drill: Drill) -> None:
    drill.opt(complete="true")
    drill.server.listed = books(*range(40))
    drill.harvest()
    drill.server.listed = without({7}, drill.server.listed)
    assert (drill.harvest(full=True).counts["deleted"], drill.reason("oai:x:7")) == (1, "complete")
    drill.server.listed = without({8, 9, 10}, drill.server.listed)
    run = drill.harvest(full=True)
    assert (run.status, run.counts["deleted"], drill.absent()) == ("partial", 0, (39, 3, 3))
    drill.opt(guard="0.1")
    assert drill.harvest(full=True).counts["deleted"] == 3


def test_an_id_that_changes_hands_again_and_again_in_one_run_keeps_all_it_ever_named(drill: Drill) -> None:
    drill.server.page_size = 2
    gone = Item("oai:x:1", deleted=True)
    works = [Item("oai:x:1", f"2026-03-01T10:00:0{n}Z", write.marcxml(record(10 + n))) for n in range(4)]
    said = [works[0], gone, works[1], gone, works[2], gone, works[3]]
    # Beside each stands a new record, or the walk would take the list for one that goes round.
    drill.server.listed = [item for n, one in enumerate(said) for item in (one, *books(50 + n))]
    assert drill.harvest().counts["added"] == 4 + 7
    with drill.place.database.read() as session:
        kept = session.scalars(select(Raw).where(Raw.local_id.startswith("oai:x:1")).order_by(Raw.id)).all()
        assert [expand(row.content) for row in kept] == [item.payload.encode() for item in works]
        assert [row.deleted for row in kept] == [True, True, True, False]
    assert len(drill.titles()) == 1 + 7
    drill.door()


def test_a_sweep_that_is_stopped_says_so_and_concludes_nothing(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    drill.server.listed = books(*range(39))

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(vanished, "conclude", stopped)
        with pytest.raises(KeyboardInterrupt):
            drill.sweep(days=1)
    assert drill.absent() == (40, 0, 0)
    with drill.place.database.read() as session:
        (last, *_) = sources.history(session, "oai")
    assert (last.kind, last.status) == ("sweep", "interrupted")
    assert (drill.sweep(days=1).status, drill.absent()) == ("success", (40, 1, 0))


def test_a_rekeying_that_was_stopped_goes_on(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    drill.server.listed = books(*range(6))
    drill.harvest()
    drill.server.listed = [replace(item, identifier=f"{item.identifier}b") for item in drill.server.listed]
    drill.time.after(days=1)
    drill.harvest(full=True)
    monkeypatch.setattr(rekey, "_PART", 2)
    give, calls = rekeyings.give, iter((True, False))
    with monkeypatch.context() as patched:

        def stopped(*arguments: object) -> None:
            if not next(calls):
                raise KeyboardInterrupt
            give(*arguments)  # type: ignore[arg-type]

        patched.setattr(rekeyings, "give", stopped)
        with pytest.raises(KeyboardInterrupt):
            drill.accept()
    assert drill.absent() == (10, 4, 4)
    assert drill.accept().counts["changed"] == 4
    assert drill.absent() == (6, 0, 0)
    assert drill.deleted() == []


def test_what_a_withdrawn_record_was_merged_with_stays_what_it_is(drill: Drill, tmp_path: Path) -> None:
    drill.server.listed = books(*range(40))
    drill.harvest()
    member = add_member(drill.place, "b")
    bring(drill.place, add_files(drill.place, member, "b-files", iso2709(tmp_path / "b.mrc", [record(7)])))
    before = drill.door()
    drill.server.listed = [*without({7}, drill.server.listed), Item("oai:x:7", deleted=True)]
    run = drill.harvest(full=True)
    assert (run.counts["deleted"], drill.deleted()) == (1, [])
    drill.restore(run.run)
    after = drill.door()
    assert (after.keys(), drill.deleted()) == (before.keys(), [])
    shared = [one for one in catalogue(drill.place).every() if len(one.holdings) == 2]
    assert [{held.member_code for held in one.holdings} for one in shared] == [{"a", "b"}]
