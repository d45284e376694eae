"""Notices through the whole house: kept after runs and by the clock, told once over each channel, on both dialects."""

import json
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation import clock
from federation.errors import Unavailable, UsageError
from federation.pipeline.runs import notices
from federation.pipeline.runs.harvest import Report
from federation.pipeline.workplace import Workplace
from federation.store import notices as store
from federation.store import sources
from federation.store.notices import NoticeRow
from harvesters.errors import SourceUnavailable
from tests.support.fake_source import FakeSource, add_source, broken, put_in_place, received, withdrawn
from tests.support.house import bring
from tests.support.listeners import Hook, MailServer

DOWN = SourceUnavailable("timeout", "gave no answer", "https://thuvien.example.vn/oai")
MORNING = datetime(2026, 3, 1, 1, tzinfo=UTC)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> FakeSource:
    return put_in_place(monkeypatch, FakeSource((received(1), received(2))))


def told_by(place: Workplace, **settings: str) -> Workplace:
    return replace(place, settings=replace(place.settings, **settings))


def mailing(place: Workplace, mails: MailServer) -> Workplace:
    return told_by(place, notify_to="thu@x.vn an@x.vn", smtp_url=mails.url)


def run(place: Workplace, code: str) -> Report:
    report = bring(place, code)
    notices.consider(place, report)
    return report


def kept(place: Workplace) -> list[NoticeRow]:
    with place.database.read() as session:
        return store.latest(session, 1000)[::-1]


def kinds(place: Workplace) -> list[str]:
    return [row.kind for row in kept(place)]


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


# --- after a run ------------------------------------------------------------------------------------------------------


def test_good_runs_leave_nothing_to_tell(place: Workplace, source: FakeSource) -> None:
    code = add_source(place, "a")
    for _ in range(2):
        run(place, code)
    assert kept(place) == []


def test_twelve_failures_in_a_row_are_told_three_times_and_after_a_success_anew(
    place: Workplace, source: FakeSource
) -> None:
    code = add_source(place, "a")
    run(place, code)
    good, source.records, source.fault = source.records, (), DOWN
    for _ in range(12):
        run(place, code)
    assert [(row.kind, row.run) for row in kept(place)] == [("failure", 2), ("failure", 6), ("failure", 11)]
    assert "(5 in a row)" in kept(place)[1].english
    source.records, source.fault = good, None
    run(place, code)
    source.records, source.fault = (), DOWN
    run(place, code)
    assert [row.run for row in kept(place)] == [2, 6, 11, 15]


def test_many_withdrawn_records_and_many_put_aside_are_told(place: Workplace, source: FakeSource) -> None:
    code = add_source(place, "a")
    source.records = tuple(received(n) for n in range(10))
    run(place, code)
    source.records = (*(withdrawn(n) for n in range(4)), broken(20), broken(21))
    report = run(place, code)
    assert (report.counts["deleted"], report.counts["rejected"]) == (4, 2)
    assert kinds(place) == ["deletions", "rejects"]
    assert "withdrew 4 of the 12 records" in kept(place)[0].english
    assert "2 of 6 records of source a are put aside" in kept(place)[1].english


def test_records_held_back_are_told(place: Workplace, source: FakeSource) -> None:
    from federation.store.models import Absence

    report = bring(place, add_source(place, "a"))
    with place.database.write() as session:
        session.add(Absence(raw_id=1, source_id=1, run_id=report.run, since=clock.now(), held=True))
    notices.consider(place, report)
    assert "did not find 1 of the 2 records" in kept(place)[0].english


def test_a_run_is_considered_once(place: Workplace, source: FakeSource) -> None:
    source.records, source.fault = (), DOWN
    report = run(place, add_source(place, "a"))
    notices.consider(place, report)
    assert kinds(place) == ["failure"]


def test_notices_that_cannot_be_kept_cost_no_run(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_arguments: object) -> None:
        raise Unavailable("database-unavailable", "the disk is full")

    monkeypatch.setattr(store, "add", refuse)
    source.records = (received(1), broken(2))
    report = run(place, add_source(place, "a"))
    assert (report.status, report.counts["added"]) == ("success", 2)
    assert "the disk is full" in caplog.text


# --- by the clock -----------------------------------------------------------------------------------------------------


def test_a_silent_source_is_told_once_for_each_silence(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, MORNING)
    add_source(place, "nightly", schedule="0 2 * * *", sweep_days="0")  # a sweep would look for the host
    add_source(place, "by-hand")
    run(place, "nightly")
    for days in (6.9, 7.1, 8, 30):
        notices.remind(place, MORNING + timedelta(days=days))
    assert [(row.kind, row.source, row.run, row.at) for row in kept(place)] == [
        ("silence", "nightly", None, MORNING + timedelta(days=7.1)),
    ]
    at(monkeypatch, MORNING + timedelta(days=31))
    run(place, "nightly")
    notices.remind(place, MORNING + timedelta(days=37))
    assert len(kept(place)) == 1
    notices.remind(place, MORNING + timedelta(days=39))
    assert len(kept(place)) == 2


def test_a_source_that_never_succeeded_is_silent_since_it_was_made(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, MORNING)
    add_source(place, "a", silence_days="2")
    notices.remind(place, MORNING + timedelta(days=3))
    assert [row.english[:55] for row in kept(place)] == ["Source a has had no successful run since 2026-03-01 08:"]


def test_a_paused_source_may_be_silent(place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, MORNING)
    add_source(place, "a", schedule="0 2 * * *")
    with place.database.write() as session:
        sources.change(session, 1, paused=True)
    notices.remind(place, MORNING + timedelta(days=100))
    assert kept(place) == []


def test_a_run_that_nobody_considered_is_told_later(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, MORNING)
    source.fault = KeyboardInterrupt()
    code = add_source(place, "a")
    with pytest.raises(KeyboardInterrupt):
        bring(place, code)
    notices.remind(place, MORNING + timedelta(minutes=1))
    assert kept(place) == []
    for minutes in (6, 20):
        notices.remind(place, MORNING + timedelta(minutes=minutes))
    assert [row.english for row in kept(place)] == ["Run 1 of source a was interrupted: stopped before its end"]


def test_one_source_with_a_wrong_option_does_not_silence_the_others(
    place: Workplace, source: FakeSource, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at(monkeypatch, MORNING)
    add_source(place, "a", silence_days="viel")
    add_source(place, "b", silence_days="2")
    notices.remind(place, MORNING + timedelta(days=3))
    assert [row.source for row in kept(place)] == ["b"]
    assert "silence_days" in caplog.text


# --- telling ----------------------------------------------------------------------------------------------------------


def failing(place: Workplace, source: FakeSource, *codes: str) -> None:
    source.records, source.fault = (), DOWN
    for code in codes:
        run(place, add_source(place, code))


def test_all_that_is_untold_goes_into_one_mail_and_is_told_once(
    place: Workplace, source: FakeSource, mails: MailServer
) -> None:
    failing(place, source, "a", "b", "c")
    place = mailing(place, mails)
    assert notices.send(place, clock.now()) == 3
    assert notices.send(place, clock.now()) == 0
    (letter,) = mails.letters
    assert letter["Subject"] == "Liên Thông: 3 thông báo / 3 notices"
    assert letter["From"] == place.settings.admin_email
    assert mails.envelopes[0][1] == ("thu@x.vn", "an@x.vn")
    text = letter.get_content()
    assert all(f"Run {n} of source {code} failed" in text for n, code in enumerate("abc", 1))
    assert all(row.told_at and row.told_to == ("mail",) for row in kept(place))
    run(place, "a")
    run(place, "a")
    assert notices.send(place, clock.now()) == 0, "the second failure in a row is not told"


def test_the_clock_sends_what_is_untold(place: Workplace, source: FakeSource, mails: MailServer) -> None:
    failing(place, source, "a")
    place = mailing(place, mails)
    notices.remind(place, clock.now())
    assert len(mails.letters) == 1
    notices.remind(place, clock.now())
    assert len(mails.letters) == 1


def test_three_attempts_are_made_before_a_mail_waits_for_the_next_time(
    place: Workplace, source: FakeSource, mails: MailServer
) -> None:
    failing(place, source, "a")
    place = mailing(place, mails)
    mails.answers = ["451 busy", "451 busy"]
    pauses: list[float] = []
    assert notices.send(place, clock.now(), pauses.append) == 1
    assert (pauses, len(mails.letters)) == ([2.0, 10.0], 1)


def test_a_mail_that_cannot_be_sent_fails_nothing_and_stays_untold(
    place: Workplace, source: FakeSource, mails: MailServer, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    failing(place, source, "a")
    monkeypatch.setattr(notices, "PAUSES", (0.0, 0.0))
    place = mailing(place, mails)
    place = told_by(place, smtp_url=mails.url.replace("://", "://thu:geheim@"))
    mails.answers = ["451 busy"] * 3
    caplog.set_level(logging.DEBUG)
    notices.remind(told_by(place, smtp_url=mails.url), clock.now())
    assert [(row.told_at, row.told_to) for row in kept(place)] == [(None, ())]
    notices.remind(place, clock.now())  # the server knows no passwords without encryption
    assert [(row.told_at, row.told_to) for row in kept(place)] == [(None, ())]
    assert "451 busy" in caplog.text
    assert "geheim" not in caplog.text
    notices.remind(told_by(place, smtp_url=mails.url), clock.now())
    assert (len(mails.letters), kept(place)[0].told_to) == (1, ("mail",))


def test_each_channel_gets_every_notice_once_though_the_other_is_down(
    place: Workplace, source: FakeSource, mails: MailServer, posts: Hook
) -> None:
    failing(place, source, "a")
    place = told_by(mailing(place, mails), notify_webhook=f"{posts.url}/geheim")
    posts.statuses = [500, 500, 500]
    with pytest.raises(Unavailable, match=r"webhook http://127\.0\.0\.1: the server answers 500"):
        notices.send(place, clock.now(), lambda _seconds: None)
    assert [(row.told_at, row.told_to) for row in kept(place)] == [(None, ("mail",))]
    failing(place, source, "b")
    notices.send(place, clock.now(), lambda _seconds: None)
    assert [row["source"] for row in json.loads(posts.posts[-1][2])["notices"]] == ["a", "b"]
    assert ["of source a" in letter.get_content() for letter in mails.letters] == [True, False]
    assert all(row.told_at and row.told_to == ("mail", "webhook") for row in kept(place))


def test_without_a_channel_nothing_is_told_and_nothing_is_lost(place: Workplace, source: FakeSource) -> None:
    failing(place, source, "a")
    assert notices.send(place, clock.now()) == 0
    assert [row.told_at for row in kept(place)] == [None]
    with pytest.raises(UsageError, match="LIENTHONG_NOTIFY_TO"):
        notices.send_trial(place)


def test_two_who_tell_at_the_same_time_tell_once(place: Workplace, source: FakeSource, mails: MailServer) -> None:
    failing(place, source, "a")
    place = mailing(place, mails)
    together = threading.Barrier(4, timeout=30)

    def tell() -> None:
        together.wait()
        notices.remind(place, clock.now())

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(mails.letters) == 1
