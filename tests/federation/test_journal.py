"""The log of searches: words and hits, nobody's address, and not for ever."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from federation import clock, journal
from federation.journal import Journal
from tests.support.catalogues import SteppingClock
from tests.support.web import application, open_house


def lines(home: Path) -> list[dict[str, object]]:
    files = sorted((home / "searches").glob("*"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_searches_of_both_doors_are_kept_without_who_asked(tmp_path: Path) -> None:
    with open_house(tmp_path) as shelf:
        client = application(shelf).test_client()
        asking = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}, "headers": {"User-Agent": "Somebody"}}
        client.get("/search?q=sông  núi", **asking)  # type: ignore[arg-type]
        client.get("/search?q=sông&page=2", **asking)  # type: ignore[arg-type]
        first = client.get("/api/v1/records?q=nowhere", **asking)  # type: ignore[arg-type]
        assert first.status_code == 200
        kept = lines(shelf.settings.home)
    told = [(line["door"], line["q"], line["hits"]) for line in kept]
    assert told == [
        ("web", "sông núi", 12),
        ("api", "nowhere", 0),
    ]
    assert all(set(line) == {"at", "door", "q", "hits", "ms"} for line in kept)


def test_old_days_are_forgotten_when_a_new_one_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = SteppingClock(datetime(2026, 3, 1, 8, 0, tzinfo=UTC))
    monkeypatch.setattr(clock, "now", moment)
    journal = Journal(tmp_path, 2)
    for _ in range(4):
        journal.note("web", "a", 1, time.perf_counter())
        moment.step(24 * 3600)
    assert sorted(file.name for file in (tmp_path / "searches").iterdir()) == ["2026-03-03.jsonl", "2026-03-04.jsonl"]


def test_nothing_is_kept_when_that_was_asked_for_and_no_day_grows_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Journal(tmp_path, 0).note("web", "a", 1, time.perf_counter())
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(journal, "MOST_BYTES", 200)
    for _ in range(100):
        Journal(tmp_path, 1).note("web", "a" * 500, 1, time.perf_counter())
    assert sum(file.stat().st_size for file in (tmp_path / "searches").iterdir()) < 600


def test_a_log_that_cannot_be_written_costs_no_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "searches").write_text("a file in its place")
    Journal(tmp_path, 1).note("web", "a", 1, time.perf_counter())
    assert "could not be logged" in caplog.text
