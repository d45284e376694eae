"""Harvests in windows against servers whose lists break off, whose dates lie, or which die in between."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harvesters.base import Page, Window
from harvesters.errors import HarvestError, SourceUnavailable
from harvesters.oaipmh import OaiHarvester, skew
from tests.support.dated_oai import Dated, dated
from tests.support.hostile_oai import Asked, Item, Reply, error, marc, serving
from tests.support.oai_run import Result, harvest, spec

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = ("2025-11-05", "2025-11-20", "2025-12-01T00:00:00Z", "2025-12-24", "2026-01-15", "2026-01-16", "2026-03-01")
ALL = [f"oai:x:{n}" for n in range(1, 8)]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skew, "now", lambda: NOW)


@pytest.fixture
def server() -> Iterator[Dated]:
    with serving(Dated(dated(*DAYS), page_size=2, earliest="2025-11-05T10:00:00Z")) as running:
        yield running


def windows(server: Dated) -> list[tuple[str, str]]:
    """The windows that were asked for, in order."""
    first = [request.arguments for request in server.asked("ListRecords") if not request.token]
    return [(asked.get("from", "")[:10], asked.get("until", "")[:10]) for asked in first]


def refusing(server: Dated, fits: Callable[[Asked], bool], reply: Reply) -> None:
    server.spoil = lambda asked, honest: reply if asked.verb == "ListRecords" and fits(asked) else honest


def until_it_dies(server: Dated, **options: str) -> tuple[list[Page], HarvestError]:
    pages = []
    with pytest.raises(HarvestError) as caught:
        for page in OaiHarvester(spec(server.url, **options)).pages(Window()):
            pages.append(page)
    return pages, caught.value


def test_months_are_asked_one_by_one_and_together_are_whole(server: Dated) -> None:
    result = harvest(spec(server.url, window="month"))
    assert sorted(set(result.ids)) == ALL
    assert windows(server) == [
        ("", "2025-12-01"),
        ("2025-12-01", "2026-01-01"),
        ("2026-01-01", "2026-02-01"),
        ("2026-02-01", "2026-03-01"),
        ("2026-03-01", ""),
    ]
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")
    assert result.ending.next_from == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert result.pages[-1].resume == ""
    assert len(server.asked("Identify")) == len(server.asked("ListMetadataFormats")) == 1


def test_a_record_on_the_edge_comes_with_both_windows_and_is_never_missed(server: Dated) -> None:
    assert harvest(spec(server.url, window="month")).ids.count("oai:x:3") == 2


def test_records_older_and_newer_than_the_server_says_are_not_lost(server: Dated) -> None:
    server.listed = dated("1987-01-01", "2025-12-15", "2031-05-05")
    assert sorted(set(harvest(spec(server.url, window="month")).ids)) == ["oai:x:1", "oai:x:2", "oai:x:3"]


def test_days_are_asked_where_the_server_knows_days_only(server: Dated) -> None:
    server.granularity = "YYYY-MM-DD"
    server.listed = [replace(item, datestamp=item.datestamp[:10]) for item in server.listed]
    result = harvest(spec(server.url, window="week"))
    assert sorted(set(result.ids)) == ALL
    assert all(len(edge) in (0, 10) for asked in windows(server) for edge in asked)
    assert result.ending.whole


@pytest.mark.pathology(12, "a beginning that cannot be believed is looked for backwards, or nothing is cut")
@pytest.mark.parametrize("earliest", ["", "2026-03-02T12:00:00Z", "2031-01-01", "hôm nay", "0001-01-01T00:00:00Z"])
def test_a_beginning_that_cannot_be_believed_is_looked_for_backwards(server: Dated, earliest: str) -> None:
    server.earliest = earliest
    result = harvest(spec(server.url, window="month"))
    assert sorted(set(result.ids)) == ALL
    assert [until[:4] for until in server.asked_until] == ["2025"], "nothing is older than a year"
    assert len(windows(server)) == 13
    assert result.ending.whole


@pytest.mark.pathology(12, "a beginning that cannot be believed is looked for backwards, or nothing is cut")
def test_without_any_beginning_there_is_one_open_window(server: Dated) -> None:
    server.earliest = ""
    server.spoil = lambda asked, reply: Reply(error("badVerb")) if asked.verb == "ListIdentifiers" else reply
    result = harvest(spec(server.url, window="month"))
    assert result.ids == ALL
    assert windows(server) == [("", "")]
    assert result.ending.whole


@pytest.mark.parametrize("size", ["month", "auto"])
def test_a_server_that_cannot_identify_itself_nor_list_identifiers_is_cut_where_it_breaks_off(
    server: Dated, size: str
) -> None:
    def mute(asked: Asked, reply: Reply) -> Reply:
        if asked.verb == "ListIdentifiers":
            return Reply(b"", 500)
        return Reply(error("badResumptionToken" if asked.token else "badVerb")) if reply_is_refused(asked) else reply

    server.spoil = mute
    result = harvest(spec(server.url, window=size, prefix="marc21", retries="0"))
    assert sorted(set(result.ids)) == ALL
    assert result.ending.status == "success"


def reply_is_refused(asked: Asked) -> bool:
    return bool(asked.token) or asked.verb == "Identify"


@pytest.mark.pathology(12, "a first harvest has no `from`, whatever the server says of its beginning")
@pytest.mark.parametrize("earliest", ["", "2026-03-02T12:00:00Z", "hôm nay"])
def test_a_first_harvest_without_windows_has_no_from(server: Dated, earliest: str) -> None:
    server.earliest = earliest
    assert harvest(spec(server.url)).ids == ALL
    assert windows(server) == [("", "")]


@pytest.mark.pathology(5, "the window whose token expired is asked again in two halves, the others stay done")
def test_a_window_whose_token_expires_is_cut_in_two_until_it_holds(server: Dated) -> None:
    server.spoil = lambda asked, reply: Reply(error("badResumptionToken")) if asked.token else reply
    result = harvest(spec(server.url, window="auto", overlap="0"))
    assert sorted(set(result.ids)) == ALL
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert "windows cut in two" in result.ending.message
    assert windows(server)[0] == ("", "")


@pytest.mark.pathology(30, "a list that takes too long is asked again in smaller windows")
@pytest.mark.parametrize("reply", [Reply(b"", 504), Reply(b"<OAI-PMH>", cut=4), Reply(b"x" * 9, hang=0.6)])
def test_a_window_too_large_for_the_server_is_cut_in_two(server: Dated, reply: Reply) -> None:
    refusing(server, lambda asked: not asked.token and not {"from", "until"} & asked.arguments.keys(), reply)
    result = harvest(spec(server.url, window="auto", timeout="0.3", retries="0"))
    assert sorted(set(result.ids)) == ALL
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert "windows cut in two because their lists broke off: 1" in result.ending.message


def test_an_answer_over_the_cap_is_asked_for_in_smaller_windows(server: Dated) -> None:
    server.page_size = 100
    result = harvest(spec(server.url, window="auto", max_bytes="2000"))
    assert sorted(set(result.ids)) == ALL
    assert result.ending.status == "success"


DEAD = Reply(b"", 500)


def bad_day(asked: Asked) -> bool:
    """Whether the list holds a day at which the server always fails: Christmas Eve."""
    low, high = asked.arguments.get("from", ""), asked.arguments.get("until", "9")
    return not asked.token and low < "2025-12-24T12" < high


def test_a_day_that_always_fails_costs_only_itself_and_is_named(server: Dated) -> None:
    refusing(server, bad_day, DEAD)
    result = harvest(spec(server.url, window="month", retries="0"))
    assert sorted(set(result.ids)) == [each for each in ALL if each != "oai:x:4"]
    assert (result.ending.status, result.ending.whole, result.ending.next_from) == ("partial", False, None)
    assert "window 2025-12-24 to 2025-12-25 was passed over" in result.ending.message
    assert "500" in result.ending.message


def test_the_next_run_asks_only_for_what_failed_and_what_is_new(server: Dated) -> None:
    refusing(server, bad_day, DEAD)
    resume = harvest(spec(server.url, window="month", retries="0")).pages[-1].resume
    server.requests.clear()
    server.spoil = lambda _, reply: reply
    server.listed += dated(*["2026-03-02"] * 8)[7:]
    server.date = "2026-03-02T13:00:00Z"
    result = harvest(spec(server.url, window="month"), resume=resume)
    assert sorted(set(result.ids)) == ["oai:x:4", "oai:x:8"]
    assert windows(server) == [("2025-12-24", "2025-12-25"), ("2026-03-01", "")]
    assert (result.ending.status, result.ending.whole) == ("success", False)
    assert result.ending.next_from == datetime(2026, 3, 1, 11, tzinfo=UTC), "skew of an hour widens the overlap"


def test_a_server_that_is_down_is_not_asked_for_every_window(server: Dated) -> None:
    server.earliest = "2005-01-01T00:00:00Z"
    refusing(server, lambda asked: len(server.asked("ListRecords")) > 3, DEAD)
    result = harvest(spec(server.url, window="month", retries="0"))
    assert result.ending.status == "partial"
    assert len(server.asked("ListRecords")) < 16
    server.spoil = lambda _, reply: reply
    again = harvest(spec(server.url, window="month"), resume=result.pages[-1].resume)
    assert sorted(set(result.ids + again.ids)) == ALL
    assert again.ending.status == "success"


def test_a_server_that_refuses_everything_or_is_not_there_is_told_at_once(server: Dated) -> None:
    server.spoil = lambda asked, reply: Reply(b"", 500)
    pages, fault = until_it_dies(server, window="month", retries="0")
    assert (pages, type(fault)) == ([], SourceUnavailable)
    assert len(server.requests) == 1


def killed(server: Dated, pages: int) -> tuple[list[str], str]:
    """Harvest so many pages, then die; give the ids that were kept and what was kept to resume from."""
    walking = OaiHarvester(spec(server.url, window="month")).pages(Window())
    kept = [next(walking) for _ in range(pages)]
    walking.close()
    server.requests.clear()
    return Result(kept).ids, kept[-1].resume


@pytest.mark.pathology(36, "a run that died goes on with the window it was in, from that window's beginning")
@pytest.mark.parametrize("pages", [1, 2, 3, 4, 5])
def test_a_killed_harvest_goes_on_with_the_window_it_was_in(server: Dated, pages: int) -> None:
    before, resume = killed(server, pages)
    server.date = "2026-03-02T18:00:00Z"
    result = harvest(spec(server.url, window="month"), resume=resume)
    assert sorted(set(before + result.ids)) == ALL
    assert len(windows(server)) < 5 or pages == 1
    assert result.ending.status == "success"
    assert result.ending.next_from is not None
    assert result.ending.next_from <= datetime(2026, 3, 1, 12, tzinfo=UTC), "from the first answer of the first process"


def test_a_record_that_changes_while_windows_are_walked_comes_with_the_last_one(server: Dated) -> None:
    def moved(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("from", "").startswith("2026-02") and server.listed[0].datestamp < "2026":
            server.listed[0] = replace(server.listed[0], datestamp="2026-03-02T11:59:00Z")
        return reply

    server.listed[0] = replace(server.listed[0], datestamp="2026-01-20T00:00:00Z")
    server.listed = sorted(server.listed, key=lambda item: item.datestamp)
    server.spoil = moved
    assert sorted(set(harvest(spec(server.url, window="month")).ids)) == ALL


def test_an_empty_repository_in_windows_is_not_whole(server: Dated) -> None:
    server.listed = []
    ending = harvest(spec(server.url, window="month")).ending
    assert (ending.status, ending.whole, ending.message) == ("success", False, "no records match")


def test_a_window_that_lacks_records_makes_the_whole_not_whole(server: Dated) -> None:
    def short(asked: Asked, reply: Reply) -> Reply:
        lies = reply.body.replace(b'completeListSize="3"', b'completeListSize="9"')
        return replace(reply, body=lies)

    server.spoil = short
    ending = harvest(spec(server.url, window="month")).ending
    assert (ending.status, ending.whole) == ("success", False)
    assert "window until 2025-12-01: the server promised 9 records and sent 3" in ending.message


def test_changes_are_cut_too_and_never_whole(server: Dated) -> None:
    result = harvest(spec(server.url, window="day"), Window(datetime(2026, 2, 28, 9, tzinfo=UTC)))
    assert windows(server) == [
        ("2026-02-28", "2026-03-01"),
        ("2026-03-01", "2026-03-02"),
        ("2026-03-02", ""),
    ]
    assert result.ids == ["oai:x:7"]
    assert not result.ending.whole


@pytest.mark.pathology(6, "a server that does not mind the dates it is asked for is harvested as one list")
def test_a_server_that_minds_no_dates_is_harvested_as_one_list(server: Dated) -> None:
    def careless(asked: Asked, reply: Reply) -> Reply:
        bare = {name: text for name, text in asked.arguments.items() if name not in ("from", "until")}
        return server.answer(replace(asked, arguments=bare))

    server.spoil = careless
    result = harvest(spec(server.url, window="day", prefix="marc21"))
    assert sorted(set(result.ids)) == ALL
    assert windows(server)[-1] == ("", "")
    assert len(windows(server)) <= 3
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert "does not mind the dates" in result.ending.message


@pytest.mark.pathology(8, "a server that refuses dates altogether is harvested as one list")
@pytest.mark.parametrize("refusal", [Reply(error("badArgument")), Reply(b"no", 422)])
@pytest.mark.parametrize("earliest", ["", "2025-11-05T10:00:00Z"])
def test_a_server_that_refuses_dates_is_harvested_as_one_list(server: Dated, refusal: Reply, earliest: str) -> None:
    server.earliest = earliest
    server.spoil = lambda asked, reply: refusal if {"from", "until"} & asked.arguments.keys() else reply
    result = harvest(spec(server.url, window="month"))
    assert result.ids == ALL
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert ("refuses the dates" in result.ending.message) is bool(earliest)


def test_a_server_that_refuses_the_source_itself_is_told_with_what_was_asked(server: Dated) -> None:
    refusing(server, lambda asked: True, Reply(error("cannotDisseminateFormat")))
    _, fault = until_it_dies(server, window="month")
    assert "cannotDisseminateFormat" in str(fault)
    assert len(server.asked("ListRecords")) == 2


def test_an_error_message_without_end_is_cut(server: Dated) -> None:
    refusing(server, lambda asked: True, Reply(error("badVerb").replace(b"said", b"x" * 100_000)))
    _, fault = until_it_dies(server)
    assert len(str(fault)) < 1000


# --- everything at once -----------------------------------------------------------------------------------------------

FAULTS = (*map(Reply, (error("badResumptionToken"), b"<OAI-PMH><List", b"<html>")), Reply(b"", 500), Reply(b"", 503))


class Catalogue:
    """What a library keeps of a source: the newest of each record, and where the next run begins or goes on."""

    def __init__(self, url: str, size: str) -> None:
        self.kept: dict[str, bytes] = {}
        self.window, self.resume = Window(), ""
        self.source = spec(url, window=size, retries="0", overlap="60")

    def run(self) -> str:
        try:
            for page in OaiHarvester(self.source).pages(self.window, self.resume):
                self.kept |= {record.local_id: record.content for record in page.records}
                self.resume = page.resume
                if page.ending and page.ending.status == "success":
                    self.window, self.resume = Window(page.ending.next_from), ""
                if page.ending:
                    return page.ending.status
        except HarvestError:
            pass
        return "failed"


@pytest.mark.pathology(36, "whatever fails on the way, and however often, everything comes in the end")
@pytest.mark.parametrize("size", ["month", "auto", "none"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_fails_on_the_way_everything_comes_in_the_end(
    monkeypatch: pytest.MonkeyPatch, seed: int, size: str
) -> None:
    chance = random.Random(seed)
    time = NOW
    monkeypatch.setattr(skew, "now", lambda: time)
    days = sorted(NOW - timedelta(hours=chance.randrange(1, 6000)) for _ in range(40))
    with serving(Dated(dated(*(f"{day:%Y-%m-%dT%H:%M:%SZ}" for day in days)), page_size=3)) as server:
        server.earliest = chance.choice(["", server.listed[0].datestamp, "2026-02-01"])
        faulty = True

        def spoil(asked: Asked, reply: Reply) -> Reply:
            bad = faulty and asked.verb == "ListRecords" and chance.random() < 0.15
            return chance.choice(FAULTS) if bad else reply

        server.spoil = spoil
        here = Catalogue(server.url, size)
        for turn in range(16):
            here.run()
            time += timedelta(minutes=7)
            server.date = f"{time:%Y-%m-%dT%H:%M:%SZ}"
            if turn < 10:
                # Tokens here count records. One gone on with after the list moved would skip some, so without windows
                # nothing moves: records are added. A window is read from its beginning, and anything may happen.
                place = len(server.listed) if size == "none" else chance.randrange(40)
                moved = [*server.listed, Item(f"oai:x:{100 + turn}")].pop(place)
                server.listed = [item for item in server.listed if item != moved]
                server.listed.append(replace(moved, datestamp=server.date, payload=marc(f"Lần {turn}", "1")))
        faulty = False
        assert "success" in [here.run() for _ in range(3)]
        assert here.run() == "success"
        assert here.kept == {item.identifier: item.payload.encode() for item in server.listed}
