"""The log of a run: what was logged in it and nothing else, bounded, without secrets, and never at its cost."""

import logging
import threading

import pytest

from federation.errors import Unavailable
from federation.pipeline.runs import run_log
from federation.pipeline.runs.harvest import Report, harvest
from federation.pipeline.workplace import Workplace
from federation.store import run_lines
from harvesters.base import SourceSpec
from harvesters.errors import SourceUnavailable
from tests.support.fake_source import FakeSource, add_source, log, put_in_place, received


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> FakeSource:
    return put_in_place(monkeypatch, FakeSource((received(1),)))


def lines(place: Workplace, report: Report) -> list[str]:
    with place.database.read() as session:
        return [line.message for line in run_lines.of_run(session, report.run)]


def say(count: int) -> None:
    for number in range(count):
        log.info("line %d", number)


def test_a_run_keeps_what_was_logged_in_it_and_how_grave_it_was(place: Workplace, source: FakeSource) -> None:
    def speak(_spec: SourceSpec) -> None:
        log.debug("for developers")
        log.info("page %d", 7)
        log.warning("odd")
        logging.getLogger("elsewhere").warning("of another program")

    source.speak = speak
    report = harvest(place, add_source(place, "a"))
    with place.database.read() as session:
        kept = run_lines.of_run(session, report.run)
    assert [(line.level, line.message) for line in kept] == [
        ("INFO", "run 1 of a begins: everything"),
        ("INFO", "page 7"),
        ("WARNING", "odd"),
        ("INFO", "run 1 of a ends: success"),
    ]
    assert all(line.at.tzinfo and line.at <= kept[-1].at for line in kept)


def test_why_a_run_failed_stands_in_its_log(place: Workplace, source: FakeSource) -> None:
    source.records, source.fault = (), SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn/oai")
    report = harvest(place, add_source(place, "a"))
    assert lines(place, report)[-1] == "run 1 of a ends: failed, https://thuvien.example.vn/oai: gave no answer"


def test_a_run_that_is_stopped_keeps_its_log(place: Workplace, source: FakeSource) -> None:
    source.fault = KeyboardInterrupt()
    code = add_source(place, "a")
    with pytest.raises(KeyboardInterrupt):
        harvest(place, code)
    with place.database.read() as session:
        assert run_lines.of_run(session, 1)[-1].message == "run 1 of a was interrupted: KeyboardInterrupt()"


def test_runs_side_by_side_keep_their_own_lines(place: Workplace, source: FakeSource) -> None:
    together = threading.Barrier(2, timeout=30)

    def speak(spec: SourceSpec) -> None:
        together.wait()
        for number in range(30):
            log.info("%s says %d", spec.code, number)

    sources = {code: FakeSource(speak=speak) for code in ("a", "b")}
    reports: dict[str, Report] = {}

    def run(code: str) -> None:
        reports[code] = harvest(place, code)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "federation.pipeline.runs.harvest.open_source", lambda spec, _contact: sources[spec.code].open(spec)
        )
        for code in sources:
            add_source(place, code)
        threads = [threading.Thread(target=run, args=(code,)) for code in sources]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    for code, report in reports.items():
        said = [line for line in lines(place, report) if " says " in line]
        assert said == [f"{code} says {number}" for number in range(30)]
    assert len(reports) == 2


def test_of_too_many_lines_the_number_is_kept(place: Workplace, source: FakeSource) -> None:
    source.speak = lambda _spec: say(run_log.MOST + 50)
    kept = lines(place, harvest(place, add_source(place, "a")))
    assert (len(kept), kept[run_log.MOST - 1]) == (run_log.MOST + 1, f"line {run_log.MOST - 2}")
    assert kept[-1] == "52 further lines were left out: a run keeps 1000"


def test_no_secret_stands_in_a_line(place: Workplace, source: FakeSource) -> None:
    source.speak = lambda _spec: log.warning("asked %s", "https://me:geheim@x.vn/oai?verb=Identify&api_key=s3cret")
    kept = lines(place, harvest(place, add_source(place, "a")))
    assert kept[1] == "asked https://***@x.vn/oai?verb=Identify&api_key=***"


def test_a_line_is_one_line_of_bounded_length_that_any_database_takes(place: Workplace, source: FakeSource) -> None:
    def speak(_spec: SourceSpec) -> None:
        log.info("one\ntwo\0 %s \ud800", "x" * 5000)
        try:
            int("tệp hỏng")
        except ValueError:
            log.exception("this failed")

    source.speak = speak
    long, failed = lines(place, harvest(place, add_source(place, "a")))[1:3]
    assert long.startswith("one two xxx")
    assert long.endswith(" … (5010 characters)")
    assert failed == "this failed: ValueError(\"invalid literal for int() with base 10: 'tệp hỏng'\")"


@pytest.mark.parametrize(
    "fault", [Unavailable("database-unavailable", "disk full", "x"), ValueError("a fault of ours")]
)
def test_a_log_that_cannot_be_written_costs_no_record(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refuse(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(run_lines, "add", refuse)
    source.speak = lambda _spec: say(40)
    report = harvest(place, add_source(place, "a"))
    assert (report.status, report.counts["added"]) == ("success", 1)


def test_after_a_run_nothing_listens_any_more(place: Workplace, source: FakeSource) -> None:
    report = harvest(place, add_source(place, "a"))
    before = lines(place, report)
    log.warning("later")
    run_log.written()
    assert lines(place, report) == before
    assert not [each for each in logging.getLogger("harvesters").handlers if isinstance(each, run_log._Lines)]
