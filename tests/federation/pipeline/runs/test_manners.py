"""How a run behaves towards its source: hours, turns at a host, what is remembered; from server to table."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from federation import clock, vault
from federation.errors import Unavailable
from federation.pipeline.runs import manners
from federation.pipeline.runs.beginning import may_begin
from federation.pipeline.runs.harvest import Order, Report, harvest
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.sources import NewSource, SourceRow
from harvesters.pace import hosts, turn
from tests.harvesters.test_files import iso
from tests.support.hostile_oai import Asked, Hostile, Reply, items, serving
from tests.support.house import add_member
from tests.support.oai_run import QUICK

#: 21:30 and 22:30 in Quảng Ngãi
CLOSED = datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
OPEN = CLOSED + timedelta(hours=1)
NIGHT = {"hours": "22-5"}
SCHEDULED = Order(trigger="schedule")


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving(Hostile(items(9), page_size=3)) as running:
        yield running


def add(place: Workplace, server: Hostile, kind: str = "oaipmh", url: str = "", **options: str) -> str:
    member = add_member(place, "a")
    with place.database.write() as session:
        source = NewSource("s", kind, url or server.url, options={**QUICK, **options})
        sources.add(session, member, source, clock.now())
    return "s"


def row(place: Workplace) -> SourceRow:
    with place.database.read() as session:
        return sources.one(session, "s")


def live(place: Workplace) -> set[str]:
    with place.database.read() as session:
        return {each[1] for each in raws.live(session, row(place).id)}


def at(monkeypatch: pytest.MonkeyPatch, *moments: datetime) -> None:
    """Let the clock say these moments, one at each look at it by the manners, and the last one for ever."""
    left = list(moments)
    monkeypatch.setattr(clock, "now", lambda: left.pop(0) if len(left) > 1 else left[0])


# --- hours -----------------------------------------------------------------------------------------------------------


@pytest.mark.pathology(28, "a source is asked by schedule only in the hours its librarians allow")
def test_a_run_by_schedule_asks_nothing_outside_the_hours(place, server, monkeypatch):
    add(place, server, **NIGHT)
    at(monkeypatch, CLOSED)
    report = harvest(place, "s", SCHEDULED)
    assert (report.status, server.requests) == ("partial", [])
    assert "the hours of this source are over (22-5); they open again at 2026-03-01 22:00 (Vietnam)" in report.message
    assert row(place).failures == 0


def test_a_run_by_hand_is_warned_and_goes_on(place, server, monkeypatch, caplog):
    add(place, server, **NIGHT)
    at(monkeypatch, CLOSED)
    assert harvest(place, "s").status == "success"
    assert len(live(place)) == 9
    assert "is to be asked at 22-5 only" in caplog.text


def test_a_run_that_its_hours_leave_behind_stops_after_its_page_and_goes_on_the_next_night(place, server, monkeypatch):
    add(place, server, **NIGHT)
    now = [OPEN]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    spoiled: Callable[[Asked, Reply], Reply] = server.spoil

    def late(asked: Asked, reply: Reply) -> Reply:
        if asked.token:
            now[0] = OPEN + timedelta(hours=7)
        return spoiled(asked, reply)

    server.spoil = late
    report = harvest(place, "s", SCHEDULED)
    assert (report.status, "the hours of this source are over" in report.message) == ("partial", True)
    assert len(live(place)) == 6
    closed = harvest(place, "s", SCHEDULED)
    assert (closed.status, closed.counts["seen"]) == ("partial", 0)
    server.spoil = spoiled
    now[0] = OPEN + timedelta(days=1)
    rest = harvest(place, "s", SCHEDULED)
    assert (rest.status, rest.counts["seen"], len(live(place))) == ("success", 6, 9), "the last kept page once more"


# --- turns -----------------------------------------------------------------------------------------------------------


@pytest.mark.pathology(28, "while one source of a host is harvested no other one is")
@pytest.mark.parametrize("queued", [0, 1])
def test_while_another_source_of_the_host_is_harvested_nothing_is_asked(place, server, queued, monkeypatch):
    if not queued:
        monkeypatch.setattr(manners, "PATIENCE", 0)  # of who asks by hand; a run from the queue has none
    add(place, server)
    other = turn(manners.shared(place.settings.home), hosts(server.url), 0)
    with other, pytest.raises(Unavailable, match="another source of this host") as caught:
        harvest(place, "s", Order(queued=queued))
    assert (caught.value.code, server.requests) == ("busy", [])
    with place.database.read() as session:
        assert sources.history(session) == []
    assert harvest(place, "s").status == "success"


@pytest.mark.parametrize("hours", ["22-5", ""])
def test_a_scheduler_is_told_until_when_a_source_is_to_be_left_alone(place, server, hours):
    add(place, server, hours=hours)
    opening = CLOSED + timedelta(minutes=30)
    assert may_begin(row(place), CLOSED) == (opening if hours else None)
    assert may_begin(row(place), OPEN) is None
    with place.database.write() as session:
        sources.change(session, row(place).id, rest_until=OPEN)
    assert may_begin(row(place), CLOSED) == OPEN
    assert may_begin(row(place), OPEN) is None


def test_the_turn_is_given_back_when_a_run_breaks(place, server, monkeypatch):
    add(place, server)
    with monkeypatch.context() as broken:
        broken.setattr(
            "federation.pipeline.runs.keeping.Gathered.keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            harvest(place, "s")
    with turn(manners.shared(place.settings.home), hosts(server.url), 0):
        pass


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_password_is_in_the_clear_only_on_its_way_to_the_server(place, server):
    locked = vault.lock(place.settings.home, {"token": "bimat"}, ("token",))
    add(place, server, **locked)
    assert harvest(place, "s").status == "success"
    assert {asked.headers.get("Authorization") for asked in server.requests} == {"Bearer bimat"}
    assert "bimat" not in str(row(place))
    assert "bimat" not in repr(manners.spec(place, row(place)))


def test_a_lost_key_fails_the_run_and_asks_nothing(place, server):
    locked = vault.lock(place.settings.home, {"token": "bimat"}, ("token",))
    add(place, server, **locked)
    (place.settings.home / vault.NAME).unlink()
    report = harvest(place, "s")
    assert (report.status, server.requests) == ("failed", [])
    assert "set the password again with `lienthong sources login s`" in report.message


# --- files over HTTP -------------------------------------------------------------------------------------------------


class Files:
    """One file on a web server, with an ETag."""

    def __init__(self, server: Hostile, content: bytes) -> None:
        self.content = content
        server.spoil = self.answer

    def answer(self, asked: Asked, _reply: Reply) -> Reply:
        mark = f'"{hash(self.content)}"'
        if asked.headers.get("If-None-Match") == mark:
            return Reply(b"", 304, {"ETag": mark})
        return Reply(self.content, 200, {"ETag": mark})


def told(report: Report) -> tuple[Any, ...]:
    return report.status, report.counts["seen"], report.counts["added"], report.counts["deleted"]


def test_a_file_is_fetched_when_it_changed_and_an_unchanged_one_deletes_nothing(place, server):
    file = Files(server, iso("1") + iso("2"))
    add(place, server, "files", complete="true")
    assert told(harvest(place, "s")) == ("success", 2, 2, 0)
    assert told(harvest(place, "s")) == ("success", 0, 0, 0)
    assert live(place) == {"1", "2"}
    file.content += iso("3")
    assert told(harvest(place, "s"))[:3] == ("success", 3, 1)
    assert told(harvest(place, "s")) == ("success", 0, 0, 0)
    assert told(harvest(place, "s", Order(full=True)))[:2] == ("success", 3)


@pytest.mark.parametrize("status", ["interrupted", "running", "partial"])
def test_a_file_that_changed_back_after_a_broken_run_is_read_again(place, server, status, monkeypatch):
    file = Files(server, iso("1", "Cũ") + iso("2", "Cũ"))
    add(place, server, "files")
    harvest(place, "s")
    remembered = row(place).remembered
    assert remembered
    old, file.content = file.content, iso("1", "Mới") + iso("2", "Mới")
    harvest(place, "s")
    with place.database.write() as session:
        last = sources.last_run(session, row(place).id)
        assert last is not None
        last.status = status
        sources.change(session, last.source_id, remembered=remembered)
    file.content = old
    report = harvest(place, "s")
    assert (report.status, report.counts["changed"]) == ("success", 2)


def test_a_failed_run_forgets_nothing(place, server):
    file = Files(server, iso("1"))
    add(place, server, "files")
    harvest(place, "s")
    server.spoil = lambda asked, reply: Reply(b"", 404)
    assert harvest(place, "s").status == "failed"
    server.spoil = file.answer
    assert told(harvest(place, "s")) == ("success", 0, 0, 0)


def test_other_files_in_the_place_of_a_source_leave_nothing_to_remember(place, server, tmp_path):
    file = Files(server, iso("1"))
    add(place, server, "files")
    harvest(place, "s")
    (tmp_path / "b.mrc").write_bytes(iso("1", "Khác"))
    assert harvest(place, "s", Order(url=str(tmp_path / "b.mrc"))).counts["changed"] == 1
    report = harvest(place, "s")
    assert (report.counts["seen"], report.counts["changed"]) == (1, 1)
    assert file.content


def test_records_of_a_web_file_are_the_same_from_run_to_run(place, server):
    Files(server, iso("", "Không số") + iso("2"))
    add(place, server, "files")
    harvest(place, "s")
    before = live(place)
    report = harvest(place, "s", replace(SCHEDULED, full=True))
    assert (report.counts["added"], report.counts["unchanged"], live(place)) == (0, 2, before)
