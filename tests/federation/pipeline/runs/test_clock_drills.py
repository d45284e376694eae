"""Clock drills from the server to the table of raw records: whatever the clocks say, nothing is missed or doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from federation import clock
from federation.pipeline.runs import harvest as harvesting
from federation.pipeline.runs.harvest import Report, harvest
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.models import Raw
from federation.store.sources import NewSource
from harvesters.oaipmh import skew
from tests.support.dated_oai import Dated, dated
from tests.support.hostile_oai import Asked, Item, Reply, marc, serving
from tests.support.house import add_member
from tests.support.oai_run import QUICK

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Wall:
    """The one true time, and a server whose clock may differ from it by `skew`."""

    server: Dated
    now: datetime = MORNING
    skew: timedelta = timedelta(0)

    def step(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.server.date = self.theirs()

    def theirs(self) -> str:
        return f"{self.now + self.skew:%Y-%m-%dT%H:%M:%SZ}"

    def publish(self, name: str, title: str = "") -> None:
        """Have a record made or changed, with the datestamp that the server gives it at this moment."""
        stamp = self.theirs()[:10] if len(self.server.granularity) == 10 else self.theirs()
        kept = [item for item in self.server.listed if item.identifier != name]
        self.server.listed = [*kept, Item(name, stamp, marc(title or f"Nhan đề {name}", name))]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    with serving(Dated(page_size=2, earliest="2026-01-01T00:00:00Z")) as server:
        wall = Wall(server)
        wall.step()
        monkeypatch.setattr(clock, "now", lambda: wall.now)
        monkeypatch.setattr(skew, "now", lambda: wall.now)
        yield wall


def add(place: Workplace, wall: Wall, **options: str) -> str:
    given = {**QUICK, "retries": "0", **options}
    member = add_member(place, "a")
    with place.database.write() as session:
        sources.add(session, member, NewSource("oai", "oaipmh", wall.server.url, options=given), clock.now())
    return "oai"


def kept(place: Workplace) -> list[str]:
    with place.database.read() as session:
        return sorted(session.scalars(select(Raw.local_id)))


def start(place: Workplace) -> datetime | None:
    with place.database.read() as session:
        return sources.one(session, "oai").next_from


@pytest.mark.pathology(10, "whatever the server's clock says, the next run brings what changed since the last")
@pytest.mark.parametrize("minutes", [-120, -7, 0, 7, 120, 420])
def test_no_change_is_missed_whatever_the_servers_clock_says(place: Workplace, wall: Wall, minutes: int) -> None:
    wall.skew = timedelta(minutes=minutes)
    wall.step()
    code = add(place, wall, overlap="0")
    for turn in range(4):
        wall.publish(f"r{turn}")
        assert harvest(place, code).status == "success"
        wall.step(seconds=1)
        wall.publish(f"s{turn}")  # right behind the harvest, and harvested minutes later
        wall.step(minutes=11)
    assert harvest(place, code).status == "success"
    assert kept(place) == sorted(f"{letter}{turn}" for letter in "rs" for turn in range(4))
    quiet = harvest(place, code)
    assert quiet.counts["added"] == quiet.counts["changed"] == 0


@pytest.mark.pathology(9, "edits later on the same day come with the next run")
def test_with_days_an_edit_later_on_the_same_day_comes_with_the_next_run(place: Workplace, wall: Wall) -> None:
    wall.server.granularity = "YYYY-MM-DD"
    code = add(place, wall, overlap="0")
    wall.publish("sách")
    assert harvest(place, code).counts["added"] == 1
    for hours in (4, 8, 6):
        wall.step(hours=hours)
        wall.publish("sách", f"Nhan đề sau {wall.now:%H} giờ")
        report = harvest(place, code)
        assert (report.counts["changed"], report.counts["unchanged"]) == (1, 0)
        wall.step(minutes=5)
        again = harvest(place, code)
        assert (again.counts["changed"], again.counts["unchanged"]) == (0, 1), (
            "the day is read again, nothing is written"
        )
    assert start(place) == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.pathology(35, "a success with nothing, and the next start moves on")
def test_a_day_on_which_nothing_changed_moves_the_start(place: Workplace, wall: Wall) -> None:
    code = add(place, wall, overlap="0")
    wall.publish("sách")
    wall.step(minutes=1)
    harvest(place, code)
    wall.step(days=3)
    report = harvest(place, code)
    assert (report.status, report.counts["seen"], report.message) == ("success", 0, "no records match")
    assert start(place) == MORNING + timedelta(days=3, minutes=1)


def test_our_own_clock_set_back_loses_nothing(place: Workplace, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    code = add(place, wall, overlap="0")
    wall.publish("một")
    harvest(place, code)
    wall.step(minutes=10)
    wall.publish("hai")
    behind = wall.now - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: behind)
    monkeypatch.setattr(skew, "now", lambda: behind)
    assert harvest(place, code).status == "success"
    assert kept(place) == ["hai", "một"]
    assert start(place) == behind - timedelta(hours=3), "behind, and as much again for the skew that was measured"


# --- runs that die ----------------------------------------------------------------------------------------------------

MONTHS = ("2025-12-05", "2025-12-06", "2026-01-05", "2026-01-06", "2026-01-07", "2026-02-05", "2026-03-01")
ALL = [f"oai:x:{n}" for n in range(1, 8)]


def dying(monkeypatch: pytest.MonkeyPatch, page: int, place: Workplace, code: str) -> None:
    """Run a harvest that is killed while it writes this page."""
    keep, count = harvesting.raws.keep, iter(range(1, 1000))

    def killed(*arguments: object) -> dict[str, int]:
        counts = keep(*arguments)  # type: ignore[arg-type]
        if next(count) == page:
            raise KeyboardInterrupt
        return counts

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(harvesting.raws, "keep", killed)
        harvest(place, code)


def history(place: Workplace) -> list[tuple[str, int, int]]:
    with place.database.read() as session:
        return [(run.status, run.counts["pages"], run.counts["added"]) for run in sources.history(session, "oai")]


@pytest.mark.pathology(36, "a page and its counts are kept together or not at all; the next run goes on")
@pytest.mark.parametrize("window", ["none", "month", "auto"])
@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_a_run_killed_in_the_middle_of_a_page_keeps_the_pages_before_it_and_no_part_of_it(
    place: Workplace, wall: Wall, monkeypatch: pytest.MonkeyPatch, page: int, window: str
) -> None:
    wall.server.listed = dated(*MONTHS)
    code = add(place, wall, window=window)
    dying(monkeypatch, page, place, code)
    before = len(kept(place))
    assert history(place) == [("interrupted", page - 1, before)]
    report = harvest(place, code)
    assert report.status == "success"
    assert report.counts["added"] == 7 - before
    assert kept(place) == ALL
    assert start(place) == MORNING - timedelta(days=1)


def test_a_window_that_was_done_is_not_asked_again_after_a_crash(
    place: Workplace, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall.server.listed = dated(*MONTHS)
    code = add(place, wall, window="month")
    dying(monkeypatch, 5, place, code)
    wall.server.requests.clear()
    harvest(place, code)
    first = wall.server.asked("ListRecords")[0].arguments
    assert first["from"] >= "2026-01-01"
    assert kept(place) == ALL


def test_a_run_that_finds_nobody_there_does_not_forget_how_far_the_one_before_came(
    place: Workplace, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall.server.listed = dated(*MONTHS)
    code = add(place, wall, window="month")
    dying(monkeypatch, 5, place, code)
    wall.server.spoil = lambda asked, reply: Reply(b"", 503)
    assert harvest(place, code).status == "failed"
    wall.server.spoil = lambda asked, reply: reply
    wall.server.requests.clear()
    assert harvest(place, code).status == "success"
    assert wall.server.asked("ListRecords")[0].arguments["from"] >= "2026-01-01"
    assert kept(place) == ALL


def failing_in_january(asked: Asked, reply: Reply) -> Reply:
    low, high = asked.arguments.get("from", ""), asked.arguments.get("until", "9")
    return (
        Reply(b"", 500) if asked.verb == "ListRecords" and not asked.token and low < "2026-01-06T10" < high else reply
    )


@pytest.mark.pathology(5, "the window whose token expired is asked again in two halves, the others stay done")
def test_a_partial_run_is_completed_by_the_next_and_only_then_moves_the_start(place: Workplace, wall: Wall) -> None:
    wall.server.listed = dated(*MONTHS)
    code = add(place, wall, window="month", complete="true")
    wall.server.spoil = failing_in_january
    report: Report = harvest(place, code)
    assert report.status == "partial"
    assert "window 2026-01-06 to 2026-01-07 was passed over" in report.message
    assert kept(place) == [each for each in ALL if each != "oai:x:4"]
    assert start(place) is None
    wall.server.spoil = lambda asked, reply: reply
    wall.step(hours=1)
    assert harvest(place, code).status == "success"
    assert kept(place) == ALL
    assert start(place) == wall.now - timedelta(days=1)
