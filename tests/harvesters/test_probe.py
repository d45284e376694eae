"""Which options follow from what was seen of a source, and that nothing is proposed without a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from harvesters.base import SourceSpec
from harvesters.errors import HarvestError
from harvesters.files import look as files
from harvesters.oaipmh.formats import Offer
from harvesters.oaipmh.look import MOST, Seen, look
from harvesters.payload import MARC_NAMESPACES
from harvesters.probe import proposals
from tests.support.dated_oai import Dated, dated
from tests.support.hostile_oai import Reply, envelope, serving
from tests.support.oai_run import spec

SOURCE = SourceSpec("x", "oaipmh", "http://x/oai")
GOOD = Seen(
    granularity="YYYY-MM-DDThh:mm:ssZ",
    formats=(Offer("marc21", MARC_NAMESPACES[0]),),
    page_size=100,
    promised=800,
    second_page="taken",
    taken="seconds",
    minds_dates=True,
    skew=timedelta(0),
    latency=0.5,
)


def proposed(seen, source: SourceSpec = SOURCE) -> dict[str, str]:
    found = proposals(source, seen)
    assert all(each.reason for each in found)
    return {each.name: each.value for each in found}


def test_nothing_is_proposed_for_a_server_that_does_what_it_says() -> None:
    assert proposed(GOOD) == {}


def test_a_prefix_that_is_not_offered_is_given_up() -> None:
    assert proposed(GOOD, replace(SOURCE, prefix="marcxml")) == {"prefix": ""}
    assert proposed(GOOD, replace(SOURCE, prefix="marc21")) == {}


def test_a_slow_server_is_waited_for_longer() -> None:
    assert proposed(replace(GOOD, latency=45.0)) == {"timeout": "600"}
    assert proposed(replace(GOOD, latency=45.0), replace(SOURCE, options={"timeout": "900"})) == {}


@pytest.mark.parametrize(("size", "seconds"), [(60_000, 0.1), (20_000, 25.0)])
def test_many_records_or_many_hours_are_cut_in_months(size: int, seconds: float) -> None:
    assert proposed(replace(GOOD, promised=size, latency=seconds)) == {"window": "month"}
    cut = replace(SOURCE, options={"window": "week"})
    assert proposed(replace(GOOD, promised=size, latency=seconds), cut) == {}


def test_a_server_that_minds_no_dates_is_never_cut() -> None:
    for minds in (False, None):
        seen = replace(GOOD, promised=900_000, second_page="refused (badResumptionToken)", minds_dates=minds)
        assert proposed(seen) == {}


@pytest.mark.parametrize(
    "seen",
    [
        replace(GOOD, skew=timedelta(minutes=20)),
        replace(GOOD, ahead=timedelta(hours=7)),
        replace(GOOD, granularity="YYYY-MM-DD", taken="days"),
    ],
)
def test_an_overlap_that_is_too_short_for_the_clock_or_the_days_becomes_a_day(seen: Seen) -> None:
    assert proposed(seen, replace(SOURCE, options={"overlap": "600"})) == {"overlap": "86400"}
    assert proposed(seen) == {}
    assert proposed(GOOD, replace(SOURCE, options={"overlap": "600"})) == {}


def test_files_are_given_the_field_that_numbers_them() -> None:
    source = SourceSpec("x", "files", "/x")
    assert proposed(files.Seen(total=5, unnamed=5, id_field="035a"), source) == {"id": "035a"}
    assert proposed(files.Seen(total=5), source) == {}


# --- looking at hostile servers ---------------------------------------------------------------------------------------


def test_a_look_is_never_more_than_a_dozen_requests() -> None:
    broken = envelope("<ListRecords>")[:-20]
    with serving(Dated(dated("2026-01-01"))) as server:
        server.spoil = lambda asked, reply: reply if asked.verb == "Identify" else Reply(broken)
        seen = look(spec(server.url, retries="0"))
        assert "no record could be listed" in seen.fault
        assert len(server.requests) <= MOST
        assert seen.requests == len(server.requests)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "<Identify/>",
        "<Identify><protocolVersion>1.1</protocolVersion></Identify>",
        "<Identify><repositoryName>\u200b</repositoryName><adminEmail/><granularity>x</granularity></Identify>",
    ],
)
def test_an_identity_that_says_little_is_a_note_and_no_fall(said: str) -> None:
    with serving(Dated(dated("2026-01-01", "2026-01-02"), page_size=1)) as server:
        server.spoil = lambda asked, reply: Reply(envelope(said)) if asked.verb == "Identify" else reply
        seen = look(spec(server.url))
    assert len(seen.records) == 1
    assert any("Identify" in note or "protocol" in note for note in seen.notes)


@pytest.mark.parametrize("stamp", ["", "hôm qua", "05/05/2019", "0000-00-00T00:00:00Z"])
def test_datestamps_that_are_no_dates_are_told(stamp: str) -> None:
    with serving(Dated([replace(item, datestamp=stamp) for item in dated("2026-01-01")])) as server:
        seen = look(spec(server.url))
    assert (len(seen.records), seen.taken) == (1, "untried")
    assert any("no dates" in note for note in seen.notes) is bool(stamp)


def test_a_server_that_dies_while_it_is_looked_at_leaves_what_was_seen() -> None:
    with serving(Dated(dated("2026-01-01", "2026-01-02"), page_size=1)) as server:
        server.spoil = lambda asked, reply: Reply(b"", 500) if asked.token or "from" in asked.arguments else reply
        seen = look(spec(server.url, retries="0"))
    assert len(seen.records) == 1
    assert seen.second_page.startswith("refused")
    assert seen.taken == "neither seconds nor days"


def test_a_folder_without_files_is_refused(tmp_path) -> None:
    with pytest.raises(HarvestError, match="no file in this folder"):
        files.look(SourceSpec("x", "files", str(tmp_path)))
