"""`lienthong sources probe` and `sources add` for SRU: what a server really gives, and what is proposed for it."""

from functools import partial

import pytest

from harvesters.sru.look import MOST
from tests.federation.cli.conftest import Lienthong
from tests.support import probing
from tests.support.hostile_oai import Reply, marc
from tests.support.hostile_sru import Book, HostileSru, books, refused
from tests.support.probing import QUICK, proposed, taken_at_its_word

probed = partial(probing.probed, kind="sru", most=MOST)


def test_an_honest_server_is_described(lienthong: Lienthong, sru: HostileSru) -> None:
    sru.version = "1.2"
    found = probed(lienthong, sru)
    assert found["explain"] == {
        "title": "Thư viện thử",
        "version": "1.2",
        "indexes": {"count": 3, "first": ["rec.id", "dc.date", "rec.changed"]},
        "defaults": {"setting maximumRecords": "3"},
    }
    assert [(each["name"], each["chosen"]) for each in found["schemas"]] == [("marcxml", True), ("dc", False)]
    assert found["records"] == {"total": 7, "cap": None, "withheld": 0}
    assert found["page"]["records"] == 3
    assert found["page"]["tells_next"] is True
    assert found["encoding"] == "UTF-8"
    assert [row["title"] for row in found["sample"]] == ["Sách số 0001", "Sách số 0002", "Sách số 0003"]
    assert proposed(found) == {
        "schema": "marcxml",
        "version": "1.2",
        "changed_index": "rec.changed",
        "full_days": "30",
    }
    assert found["notes"] == []


def test_the_report_for_people_ends_with_a_command_that_registers_and_harvests(
    lienthong: Lienthong, sru: HostileSru
) -> None:
    text = taken_at_its_word(lienthong, sru, "sru")
    for line in ("server       Thư viện thử; SRU 1.1", "records      7 in all; the last one can be had"):
        assert line in text
    assert "this one is asked for" in text


def test_a_cap_is_found_and_a_way_to_divide_is_proposed(lienthong: Lienthong, sru: HostileSru) -> None:
    sru.listed, sru.cap, sru.page_size = books(1200), 1000, 50
    found = probed(lienthong, sru)
    assert found["records"]["cap"] == 1000
    assert {name: proposed(found)[name] for name in ("cap", "parts")} == {"cap": "1000", "parts": "keys:rec.id"}


def test_a_cap_at_no_round_number_is_told(lienthong: Lienthong, sru: HostileSru) -> None:
    sru.listed, sru.cap = books(40), 17
    found = probed(lienthong, sru)
    assert found["records"]["cap"] == 0
    assert "record 40 of 40 cannot be had; how many can is found out when it is harvested" in found["notes"]
    assert proposed(found)["parts"] == "keys:rec.id"


def test_an_index_that_does_not_hold_every_record_is_not_proposed(lienthong: Lienthong, sru: HostileSru) -> None:
    sru.listed, sru.cap = [*books(40), Book("", "2001", payload=marc("Không số", "x"))], 17
    assert proposed(probed(lienthong, sru))["parts"] == "years:dc.date"


def test_a_server_that_explains_nothing_is_looked_at_all_the_same(lienthong: Lienthong, sru: HostileSru) -> None:
    sru.explains = False
    found = probed(lienthong, sru)
    assert found["records"]["total"] == 7
    assert "Explain: " in found["notes"][0]


def test_a_start_that_is_not_minded_is_told(lienthong: Lienthong, sru: HostileSru) -> None:
    kept = sru.answer
    sru.spoil = lambda asked, reply: (
        kept(type(asked)(asked.number, {**asked.arguments, "startRecord": "1"}, asked.query, asked.headers))
        if "query" in asked.arguments
        else reply
    )
    assert any("startRecord is not minded" in note for note in probed(lienthong, sru)["notes"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply(refused(16, "cql.allRecords")), "no record could be had: the server answers diagnostic 16"),
        (Reply(b"<html><title>Koha</title></html>"), "not SRU but a web page (Koha)"),
        (Reply(b"", 503), "503"),
    ],
)
def test_what_gives_no_record_is_a_failure_that_says_why(
    lienthong: Lienthong, sru: HostileSru, answer: Reply, said: str
) -> None:
    sru.spoil = lambda asked, reply: answer if "query" in asked.arguments else reply
    ended = lienthong("sources", "probe", "moi", "--kind", "sru", "--url", sru.url, *QUICK)
    assert ended.code == 1
    assert said in ended.errors


def test_an_option_of_another_kind_is_wrong_usage(lienthong: Lienthong, sru: HostileSru) -> None:
    lienthong("members", "add", "huyen", "--name", "x", "--kind", "public")
    add = ("sources", "add", "huyen", "--member", "huyen", "--kind", "sru", "--url", sru.url)
    assert lienthong(*add, "--option", "prefix_with_token=true").code == 2
    ended = lienthong(*add, "--option", "parts=years")
    assert (ended.code, "option parts" in ended.errors) == (2, True)
    assert lienthong(*add).code == 0
    swept = lienthong("harvest", "sweep", "huyen")
    assert swept.code == 2
    assert "`lienthong harvest run CODE --full` reads everything" in swept.errors
