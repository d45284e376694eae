"""The queue and the schedules as an operator types them."""

from pathlib import Path

import pytest

from federation import clock
from federation.jobs.scheduler import Scheduler
from federation.pipeline.runs.holding import held, of_source
from federation.pipeline.workplace import Workplace
from federation.store import leases, queue
from tests.federation.cli.conftest import Lienthong
from tests.support.house import house
from tests.support.records import iso2709, record


@pytest.fixture
def source(lienthong: Lienthong, tmp_path: Path) -> str:
    path = iso2709(tmp_path / "x.mrc", map(record, range(3)))
    arguments = ("--member", "a", "--kind", "files", "--url", path, "--schedule", "30 2 * * mon")
    assert lienthong("sources", "add", "f", *arguments).code == 0
    return "f"


@pytest.fixture
def place(tmp_path: Path, lienthong: Lienthong) -> Workplace:
    with house(tmp_path / "home") as place:
        yield place


def test_a_run_is_queued_listed_and_cancelled(lienthong: Lienthong, source: str) -> None:
    assert lienthong("harvest", "run", source, "--queue").text.startswith("f: queued as 1; no scheduler is running")
    assert lienthong("harvest", "run", source, "--queue").text.startswith("f: queued as 1;")
    assert lienthong("harvest", "run", source, "--queue", "--full").text.startswith("f: queued as 2;")
    listed = lienthong("harvest", "queue", "--json").json
    assert [(row["id"], row["kind"], row["trigger"], row["state"]) for row in listed["queue"]] == [
        (1, "harvest", "operator", "waits"),
        (2, "full", "operator", "waits"),
    ]
    assert listed["scheduler"] is False
    assert "no scheduler is running" in lienthong("harvest", "queue").text
    assert "f: 2 is taken from the queue" in lienthong("harvest", "cancel", "2").text
    assert "f: 1 is taken from the queue" in lienthong("harvest", "cancel", source).text
    ended = lienthong("harvest", "cancel", source)
    assert (ended.code, "there is: nothing" in ended.errors) == (1, True)
    assert lienthong("harvest", "queue", "--json").json["queue"] == []


def test_a_cancelled_run_is_not_begun(lienthong: Lienthong, source: str, place: Workplace) -> None:
    lienthong("harvest", "run", source, "--queue")
    lienthong("harvest", "cancel", "1")
    at_work = Scheduler(place, 2)
    at_work.look()
    assert at_work.under_way == 0
    assert "f " not in lienthong("harvest", "history").text


def test_a_run_by_hand_is_refused_while_another_is_under_way_and_says_how_to_stop_it(
    lienthong: Lienthong, source: str, place: Workplace
) -> None:
    with held(place, of_source(source)):
        ended = lienthong("harvest", "run", source)
        assert ended.code == 1
        assert "another process is at it since" in ended.errors
        assert "lienthong harvest cancel f" in ended.errors
        assert lienthong("harvest", "cancel", source).text == "f: stops after its page\n"
        with place.database.read() as session:
            row = leases.one(session, of_source(source))
        assert row
        assert row.holder.startswith(leases.CANCELLED)
        assert lienthong("harvest", "run", source).code == 1  # it has not stopped yet
    assert lienthong("harvest", "run", source).code == 0


def test_a_run_that_has_fetched_all_cannot_be_cancelled(lienthong: Lienthong, source: str, place: Workplace) -> None:
    lienthong("harvest", "run", source, "--queue")
    with place.database.write() as session:
        assert queue.start(session, 1, clock.now())
    ended = lienthong("harvest", "cancel", source)
    assert (ended.code, "all is fetched already" in ended.errors) == (1, True)
    assert lienthong("harvest", "queue", "--json").json["queue"][0]["state"].startswith("since ")


@pytest.mark.parametrize("more", [("--from", "2026-01-01"), ("--dry-run", "3"), ("--json",)])
def test_what_the_queue_cannot_do_is_refused(lienthong: Lienthong, source: str, more: tuple[str, ...]) -> None:
    ended = lienthong("harvest", "run", source, "--queue", *more)
    assert (ended.code, "--queue goes with --full only" in ended.errors) == (2, True)


def test_a_paused_or_unknown_source_is_not_queued(lienthong: Lienthong, source: str) -> None:
    lienthong("sources", "pause", source)
    ended = lienthong("harvest", "run", source, "--queue")
    assert (ended.code, "sources resume" in ended.errors) == (2, True)
    ended = lienthong("harvest", "run", "nobody", "--queue")
    assert (ended.code, "sources are: f" in ended.errors) == (1, True)


def test_a_schedule_is_shown_in_words_with_the_next_three_times(lienthong: Lienthong, source: str) -> None:
    told = lienthong("sources", "show", source).text
    assert "vào thứ Hai lúc 02:30" in told
    assert "on Monday at 02:30" in told
    assert told.count("02:30 (Asia/Ho_Chi_Minh)") == 3
    lienthong("sources", "pause", source)
    assert "not before it is resumed" in lienthong("sources", "show", source).text


def test_a_wrong_schedule_is_refused_when_it_is_given(lienthong: Lienthong, source: str, tmp_path: Path) -> None:
    arguments = ("--member", "a", "--kind", "files", "--url", "/x", "--schedule", "61 2 * * *")
    ended = lienthong("sources", "add", "g", *arguments)
    assert (ended.code, "minute is '61'" in ended.errors) == (2, True)
    file = tmp_path / "sources.toml"
    file.write_text('[f]\nmember = "a"\nkind = "files"\nurl = "/x"\nschedule = "0 2 * *"\n')
    ended = lienthong("sources", "apply", file)
    assert (ended.code, "has 4 fields" in ended.errors) == (2, True)
    assert "30 2 * * mon" in lienthong("sources", "show", source).text


def seen_to(place: Workplace) -> object:
    from federation.store.models import Source

    with place.database.read() as session:
        found = session.get(Source, 1)
        return found and found.fired_at


def test_a_changed_schedule_and_a_resumed_source_count_from_now(
    lienthong: Lienthong, source: str, place: Workplace, tmp_path: Path
) -> None:
    assert seen_to(place) is None
    file = tmp_path / "sources.toml"
    text = f'[f]\nmember = "a"\nkind = "files"\nurl = "{tmp_path / "x.mrc"}"\nschedule = "0 2 * * *"\n'
    file.write_text(text)
    assert lienthong("sources", "apply", file).code == 0
    changed = seen_to(place)
    assert changed
    assert "unchanged" in lienthong("sources", "apply", file).text
    assert seen_to(place) == changed
    lienthong("sources", "pause", source)
    assert seen_to(place) == changed
    lienthong("sources", "resume", source)
    assert seen_to(place) != changed
