"""Two clocks that differ, and lists that leave what was asked: measured, told, kept, never believed whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harvesters.base import Window
from harvesters.oaipmh import skew
from harvesters.oaipmh.skew import Clocks, described
from tests.support.dated_oai import Dated, dated
from tests.support.hostile_oai import Asked, Item, Reply, items, serving
from tests.support.oai_run import harvest, spec

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEBRUARY = Window(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skew, "now", lambda: NOW)


@pytest.fixture
def server() -> Iterator[Dated]:
    days = ("2019-05-05", "2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05", "2026-02-06", "2026-02-07")
    with serving(Dated(dated(*days), page_size=2)) as running:
        yield running


def at(text: str) -> str:
    return f"2026-03-02T{text}Z"


# --- row 10: clocks ---------------------------------------------------------------------------------------------------


@pytest.mark.pathology(10, "the difference of the clocks is measured, told, and widens the overlap")
@pytest.mark.parametrize(
    ("theirs", "start", "told"),
    [
        ("11:40:00", datetime(2026, 3, 2, 11, 10, tzinfo=UTC), "20 min behind ours"),
        ("12:20:00", datetime(2026, 3, 2, 11, 30, tzinfo=UTC), "20 min ahead of ours"),
        (
            "19:00:00",
            datetime(2026, 3, 2, 4, 50, tzinfo=UTC),
            "7 h 00 min ahead of ours, as if it wrote local time (UTC+7)",
        ),
        ("12:00:30", datetime(2026, 3, 2, 11, 49, 30, tzinfo=UTC), ""),
        ("12:00:01", datetime(2026, 3, 2, 11, 50, tzinfo=UTC), ""),
    ],
)
def test_skew_is_measured_told_and_widens_the_overlap(server: Dated, theirs: str, start: datetime, told: str) -> None:
    server.date = at(theirs)
    ending = harvest(spec(server.url, overlap="600")).ending
    assert ending.next_from == start
    assert told in ending.message
    assert bool(ending.message) is bool(told)


@pytest.mark.pathology(10, "a clock that cannot be believed gives way to the one that is behind")
def test_a_clock_that_is_not_set_at_all_widens_nothing(server: Dated) -> None:
    server.date = "2031-01-01T00:00:00Z"
    assert harvest(spec(server.url, overlap="600")).ending.next_from == NOW - timedelta(minutes=10)
    server.date = "2009-01-01T00:00:00Z"
    assert harvest(spec(server.url, overlap="600")).ending.next_from == datetime(2008, 12, 31, 23, 50, tzinfo=UTC)


@pytest.mark.pathology(10, "datestamps in the future are told to be local time written as UTC")
def test_local_time_stored_as_utc_is_recognised_by_datestamps_in_the_future(server: Dated) -> None:
    server.listed = dated("2026-02-01", "2026-03-02T18:58:00Z")
    ending = harvest(spec(server.url)).ending
    assert "datestamps lie up to 6 h 58 min in the future: perhaps local time (UTC+7)" in ending.message
    assert ending.next_from == datetime(2026, 3, 1, 12, tzinfo=UTC), "nothing is missed: it begins before them"


def test_a_skew_is_told_even_when_nothing_is_new(server: Dated) -> None:
    server.listed, server.date = [], at("12:10:00")
    assert harvest(spec(server.url)).ending.message.startswith("no records match; the server's clock is 10 min ahead")


def test_in_windows_a_skew_is_told_once(server: Dated) -> None:
    server.date = at("12:10:00")
    message = harvest(spec(server.url, window="month")).ending.message
    assert message.count("ahead of ours") == 1


def test_the_smallest_difference_is_the_truest() -> None:
    clocks = Clocks()
    for answered in (at("11:30:00"), at("11:58:00"), "khi nào", at("11:00:00")):
        clocks.look(answered, ())
    assert clocks.skew == -timedelta(minutes=2)
    assert clocks.widening == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (420, "7 h 00 min ahead of ours, as if it wrote local time (UTC+7) as UTC"),
        (-300, "5 h 00 min behind ours, as if it wrote local time (UTC-5) as UTC"),
        (90, "1 h 30 min ahead of ours"),
        (-3, "3 min behind ours"),
        (10_000, "6 days ahead of ours"),
    ],
)
def test_differences_are_put_into_words(minutes: int, text: str) -> None:
    assert described(timedelta(minutes=minutes)) == text


# --- row 6: lists that leave what was asked ---------------------------------------------------------------------------


def losing(server: Dated, *names: str):
    """Lose arguments in the token: what follows the first page is of everything."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if not asked.token:
            return reply
        start = asked.token.split("|")[0]
        return server.answer(replace(asked, arguments={"verb": "ListRecords", "resumptionToken": f"{start}||"}))

    return spoil


@pytest.mark.pathology(6, "records outside the window asked for are kept, counted, told, and the list is not whole")
def test_a_token_that_loses_the_window_is_noticed_and_loses_no_record(server: Dated) -> None:
    server.listed = [*server.listed[1:5], *dated("2019-05-05", "2019-05-06", "2019-05-07")]
    server.listed = [replace(item, identifier=f"oai:x:{n}") for n, item in enumerate(server.listed)]
    server.spoil = losing(server)
    result = harvest(spec(server.url), FEBRUARY)
    assert len(set(result.ids)) == 7, "what came is the member's and is kept"
    assert result.ending.status == "success"
    assert not result.ending.whole
    assert "3 of 7 records lie outside the window asked for (2026-02-01 to 2026-03-01; such as oai:x:4 of 2019" in (
        result.ending.message
    )


def test_a_day_more_or_less_is_no_drift(server: Dated) -> None:
    server.listed = dated("2026-01-31T17:00:00Z", "2026-02-10", "2026-03-01T20:00:00Z")
    server.spoil = lambda asked, reply: server.answer(
        replace(asked, arguments={"verb": asked.verb, **({"resumptionToken": asked.token} if asked.token else {})})
    )
    assert harvest(spec(server.url, prefix="marc21"), FEBRUARY).ending.message == ""


def test_datestamps_that_are_no_dates_cannot_drift(server: Dated) -> None:
    server.listed = [replace(item, datestamp="05/05/2019") for item in server.listed]
    server.spoil = lambda asked, reply: (
        server.answer(replace(asked, arguments={"verb": asked.verb})) if not asked.token else reply
    )
    assert harvest(spec(server.url, prefix="marc21"), FEBRUARY).ending.message == ""


def of_set(server: Dated, *sets: str) -> None:
    """Give each item in its turn the sets `a b` written as text; the header carries them."""
    server.listed = items(len(sets))

    def spoil(asked: Asked, reply: Reply) -> Reply:
        body = reply.body
        for item, named in zip(server.listed, sets, strict=True):
            specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in named.split())
            stamp = f"<identifier>{item.identifier}</identifier><datestamp>{item.datestamp}</datestamp>"
            body = body.replace(stamp.encode(), f"{stamp}{specs}".encode())
        return replace(reply, body=body)

    server.spoil = spoil


@pytest.mark.pathology(6, "a token after which other sets come is noticed; the list is not whole")
def test_a_token_that_loses_the_set_is_noticed(server: Dated) -> None:
    of_set(server, "a", "a b", "a:c", "d", "d e", "a")
    result = harvest(spec(server.url, set_spec="a"))
    assert len(result.ids) == 6
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert "2 of 6 records are of other sets than 'a' (such as 'd')" in result.ending.message


@pytest.mark.parametrize("sets", [("a", "a b", "a:c"), ("", "", ""), ("com_1", "col_2", "col_2"), ("a", "", "a")])
def test_sets_that_agree_or_tell_nothing_are_no_drift(server: Dated, sets: tuple[str, ...]) -> None:
    of_set(server, *sets)
    ending = harvest(spec(server.url, set_spec="a")).ending
    assert (ending.message, ending.whole) == ("", True)


def test_a_whole_harvest_without_a_window_or_set_has_nothing_to_drift_from(server: Dated) -> None:
    server.listed = [Item("oai:x:1", "0001-01-01"), *items(2, 2)]
    assert harvest(spec(server.url)).ending.whole


@pytest.mark.parametrize("year", [1, 9999])
def test_a_window_at_the_end_of_all_times_is_compared_without_a_fall(server: Dated, year: int) -> None:
    window = Window(datetime(year, 1, 1, tzinfo=UTC) if year == 1 else None, datetime(9999, 12, 31, tzinfo=UTC))
    assert harvest(spec(server.url), window).ending.status == "success"
