"""`lienthong harvest status|history|log`: last attempt and last success, `partial` by name, counts and reasons."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation import clock
from harvesters.base import Ending
from harvesters.errors import SourceUnavailable
from tests.federation.cli.conftest import Ended, Lienthong
from tests.support.fake_source import FakeSource, broken, log, received
from tests.support.records import iso2709, record

BEGIN = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


class Clock:
    """A clock that goes on by a minute at each look."""

    def __init__(self) -> None:
        self.moment = BEGIN

    def __call__(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, lienthong: Lienthong) -> FakeSource:
    """The source `oai` of member `a`."""
    source = FakeSource((received(1), received(2)))
    monkeypatch.setattr("federation.pipeline.runs.harvest.open_source", source.open)
    url = "https://thuvien.example.vn/oai"
    assert lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", url).code == 0
    return source


def standing(lienthong: Lienthong) -> dict[str, object]:
    (row,) = lienthong("harvest", "status", "--json").json
    return dict(row)


def cells(ended: Ended, line: int = 1) -> dict[str, str]:
    """One line of a table by the names of its columns."""
    lines = ended.text.splitlines()
    names = [name for name in lines[0].split("  ") if name]
    starts = [lines[0].index(name) for name in names]
    ends = [*starts[1:], None]
    return {name.strip(): lines[line][start:end].strip() for name, start, end in zip(names, starts, ends, strict=True)}


def test_a_source_that_never_ran_is_shown_as_such(lienthong: Lienthong, server: FakeSource) -> None:
    row = standing(lienthong)
    assert (row["status"], row["run"], row["last_attempt"], row["last_success"]) == ("never", None, None, None)
    shown = cells(lienthong("harvest", "status"))
    assert (shown["status"], shown["last success"], shown["next"]) == ("never", "never", "by hand")


def test_the_last_attempt_and_the_last_success_are_two_things(
    lienthong: Lienthong, server: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    lienthong("harvest", "run", "oai")
    monkeypatch.setattr(clock, "now", Clock())
    server.records, server.fault = (), SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn")
    for _ in range(3):
        lienthong("harvest", "run", "oai")
    row = standing(lienthong)
    assert (row["status"], row["run"], row["failures"], row["live"]) == ("failed", 4, 3, 2)
    runs = {run["run"]: run for run in lienthong("harvest", "history", "--json").json}
    assert (row["failing_since"], row["last_attempt"]) == (runs[2]["started"], runs[4]["started"])
    assert row["last_success"] == runs[1]["started"]
    assert "gave no answer" in str(row["message"])


def test_people_read_the_time_in_vietnam_and_machines_in_utc(
    lienthong: Lienthong, server: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEGIN)
    lienthong("harvest", "run", "oai")
    assert cells(lienthong("harvest", "status"))["last attempt"] == "2026-03-02 01:30 +07"
    assert cells(lienthong("harvest", "history"))["started"] == "2026-03-02 01:30 +07"
    assert standing(lienthong)["last_attempt"] == "2026-03-01T18:30:00Z"
    assert lienthong("harvest", "history", "--json").json[0]["started"] == "2026-03-01T18:30:00Z"


def test_a_partial_run_is_neither_a_success_nor_a_failure(lienthong: Lienthong, server: FakeSource) -> None:
    server.ending = Ending("partial", message="the list stopped early")
    lienthong("harvest", "run", "oai")
    row = standing(lienthong)
    assert (row["status"], row["last_success"], row["failing_since"], row["failures"]) == ("partial", None, None, 0)
    shown = cells(lienthong("harvest", "history"))
    assert (shown["status"], shown["added"], shown["message"]) == ("partial", "2", "the list stopped early")


def test_failures_are_counted_from_the_last_run_that_brought_something(
    lienthong: Lienthong, server: FakeSource
) -> None:
    fault = SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn")
    for records, error in (((), fault), ((received(1),), fault), ((), fault)):
        server.records, server.fault = records, error
        lienthong("harvest", "run", "oai")
    assert [run["status"] for run in lienthong("harvest", "history", "--json").json] == ["failed", "partial", "failed"]
    assert standing(lienthong)["failures"] == 1


def test_why_records_were_put_aside_stands_with_the_run(lienthong: Lienthong, server: FakeSource) -> None:
    server.records = (received(1), broken(2), broken(3))
    lienthong("harvest", "run", "oai")
    (run,) = lienthong("harvest", "history", "--json").json
    assert (run["rejected"], run["reasons"], run["kind"], run["trigger"]) == (
        2, {"structure-unreadable": 2}, "harvest", "operator",
    )  # fmt: skip
    assert cells(lienthong("harvest", "history"))["message"] == "put aside: structure-unreadable 2"
    assert standing(lienthong)["rejected"] == 2


def test_history_is_of_one_source_or_all_and_as_long_as_asked(lienthong: Lienthong, tmp_path: Path) -> None:
    file = iso2709(tmp_path / "a.mrc", map(record, range(3)))
    for code in ("one", "two"):
        lienthong("sources", "add", code, "--member", "a", "--kind", "files", "--url", file)
    lienthong("harvest", "run", "one")
    file.unlink()
    assert lienthong("harvest", "run", "one").code == 1
    lienthong("harvest", "run", "two")
    rows = lienthong("harvest", "history", "--json").json
    assert [(row["run"], row["source"], row["status"]) for row in rows] == [
        (3, "two", "failed"), (2, "one", "failed"), (1, "one", "success"),
    ]  # fmt: skip
    assert [row["run"] for row in lienthong("harvest", "history", "one", "--json").json] == [2, 1]
    assert [row["run"] for row in lienthong("harvest", "history", "--limit", "1", "--json").json] == [3]
    assert "there is no such file" in rows[1]["message"]
    assert rows[2]["seconds"] >= 0


def test_paused_and_scheduled_sources_say_what_comes_next(lienthong: Lienthong, server: FakeSource) -> None:
    url = "https://thuvien.example.vn/oai"
    add = ("sources", "add", "--member", "a", "--kind", "oaipmh", "--url", url, "--schedule", "0 2 * * *")
    for code in ("nightly", "resting"):
        assert lienthong(*add, code).code == 0
    lienthong("sources", "pause", "resting")
    status = lienthong("harvest", "status")
    assert [cells(status, line)["next"] for line in (1, 2, 3)] == ["0 2 * * *", "by hand", "paused"]


def test_the_log_of_a_run_is_told_in_the_time_of_vietnam(lienthong: Lienthong, server: FakeSource) -> None:
    server.speak = lambda _spec: log.warning("the server's clock is %d s behind", 90)
    ended = lienthong("harvest", "run", "oai")
    told = lienthong("harvest", "log", "1").text.splitlines()
    assert [line.split("  ", 1)[1] for line in told] == [
        "INFO     run 1 of oai begins: everything",
        "WARNING  the server's clock is 90 s behind",
        "INFO     run 1 of oai ends: success",
    ]
    assert all(line[19:23] == " +07" for line in told)
    rows = lienthong("harvest", "log", "1", "--json").json
    assert (rows[1]["level"], rows[1]["at"][-1]) == ("WARNING", "Z")
    assert "begins" not in ended.errors, "what the history keeps is not shown in the terminal too"


def test_log_lines_are_shown_in_the_terminal_when_asked_for(lienthong: Lienthong, server: FakeSource) -> None:
    assert (
        "INFO federation.pipeline.runs.opening: run 1 of oai begins"
        in lienthong("harvest", "run", "oai", LOG_LEVEL="INFO").errors
    )


@pytest.mark.parametrize("run", ["7", "99999999999999999999999"])
def test_the_log_of_no_run_is_a_plain_error(lienthong: Lienthong, run: str) -> None:
    ended = lienthong("harvest", "log", run)
    assert (ended.code, ended.errors.strip()) == (
        1, f"lienthong: run {run}: there is no such run; `lienthong harvest history` lists them",
    )  # fmt: skip
