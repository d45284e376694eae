"""What outlives a crash, and the times of OAI-PMH."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from harvesters.base import SourceSpec, Window
from harvesters.oaipmh.progress import Mark, Progress, mark, moment, next_from, question, read, written

SOURCE = SourceSpec("x", "oaipmh", "http://x/oai", "marc21", "a")
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


def test_progress_survives_being_written_and_read():
    behind = Progress(question(SOURCE, Window()), "marc21", "2026-03-02T12:00:00Z", True, 'tô"ken', 4, 300, 700)
    kept = mark(replace(behind, token="before", pages=3, received=200), behind, ["oai:x:ệ", "oai:x:2"])
    assert read(kept.text(), behind.question) == kept


def test_a_page_is_known_again_by_any_of_its_last_identifiers():
    kept = mark(Progress("q", "p"), Progress("q", "p", token="t"), [f"oai:x:{n}" for n in range(500)])
    assert not kept.has_moved(["oai:x:900", "oai:x:499"])
    assert kept.has_moved(["oai:x:900"])
    assert kept.has_moved(["oai:x:3"]), "of a long page only its end is remembered"
    assert kept.has_moved([])
    assert not mark(Progress("q", "p"), Progress("q", "p"), []).has_moved(["oai:x:1"]), "nothing to compare"
    assert len(kept.text()) < 1500


@pytest.mark.parametrize(
    "resume",
    ["", "x", "{}", "[]", "1", '{"v":1,"question":"q","token":"t"}', '{"v":2,"before":{},"behind":{},"tail":[]}'],
)
def test_what_is_no_progress_is_none(resume):
    assert read(resume, "q") is None


def test_progress_without_a_token_has_nothing_to_go_on_from():
    assert read(Mark(Progress("q", "marc21"), Progress("q", "marc21")).text(), "q") is None


def test_a_question_differs_by_source_and_window():
    others = [
        SourceSpec("x", "oaipmh", "http://y/oai", "marc21", "a"),
        SourceSpec("x", "oaipmh", "http://x/oai", "oai_dc", "a"),
        SourceSpec("x", "oaipmh", "http://x/oai", "marc21", "b"),
    ]
    asked = {question(source, Window()) for source in (SOURCE, *others)}
    asked |= {question(SOURCE, Window(from_=NOON)), question(SOURCE, Window(until=NOON))}
    assert len(asked) == 6
    assert question(SOURCE, Window()) in asked


def test_a_question_is_named_as_it_always_was_so_that_what_was_kept_is_gone_on_with():
    assert question(SOURCE, Window()) == "efca0409c43f54f1"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00",
        "2026-03-02T12:00:00.000Z",
        "2026-03-02T19:00:00+07:00",
        "2026-03-02T19:00:00+0700",
        " 2026-03-02 12:00:00Z\n",
        "2026-03-02T12:00Z",
    ],
)
def test_times_are_read_as_servers_write_them(text):
    assert moment(text) == NOON


def test_a_day_is_its_beginning():
    assert moment("2026-03-02") == NOON.replace(hour=0)


@pytest.mark.parametrize("text", ["", "hôm nay", "2026-13-40T00:00:00Z", "02/03/2026", "2026"])
def test_what_is_no_time_is_none(text):
    assert moment(text) is None


def test_times_are_written_in_utc_and_in_the_granularity_asked():
    local = NOON.astimezone(timezone(timedelta(hours=7)))
    assert written(local, days=False) == "2026-03-02T12:00:00Z"
    assert written(local, days=True) == "2026-03-02"


def test_the_next_harvest_reaches_back_by_the_overlap_and_to_the_beginning_of_a_day():
    assert next_from(NOON, timedelta(hours=1), days=False) == NOON - timedelta(hours=1)
    assert next_from(NOON, timedelta(hours=1), days=True) == NOON.replace(hour=0)
    assert next_from(NOON, timedelta(days=1), days=True) == NOON.replace(day=1, hour=0)
