"""`lienthong sources probe`: what a source really does is told before anything of it is kept."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from harvesters.oaipmh.look import MOST
from tests.federation.cli.conftest import Lienthong
from tests.support import probing
from tests.support.dated_oai import Dated, dated
from tests.support.hostile_oai import DC, MARC, Asked, Item, Reply, error, marc, serving
from tests.support.probing import QUICK, proposed
from tests.support.records import iso2709, record

probed = partial(probing.probed, kind="oaipmh", most=MOST)
DAYS = ("2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05")


@pytest.fixture
def server() -> Iterator[Dated]:
    """A server whose clock agrees with ours."""
    with serving(Dated(dated(*DAYS), page_size=3, date=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")) as running:
        yield running


@pytest.mark.parametrize("kind", ["oaipmh", "files"])
def test_a_look_counts_among_the_requests_that_the_house_makes_of_a_host(
    lienthong: Lienthong, server: Dated, tmp_path: Path, kind: str
) -> None:
    lienthong("sources", "probe", "moi", "--kind", kind, "--url", server.url, *QUICK)
    assert list((tmp_path / "home" / "hosts").glob("*.pace"))


def test_an_honest_server_is_described_and_nothing_is_proposed(lienthong: Lienthong, server: Dated) -> None:
    server.sets = (("a", "Sách"), ("b", "Báo"))
    found = probed(lienthong, server)
    assert found["identify"] == {
        "name": "Thư viện thử",
        "protocol": "2.0",
        "emails": ["thuthu@example.vn"],
        "earliest": "2026-01-01T00:00:00Z",
    }
    assert found["formats"] == [
        {"prefix": "oai_dc", "namespace": DC, "chosen": False},
        {"prefix": "marc21", "namespace": MARC, "chosen": True},
    ]
    assert found["sets"] == {
        "count": 2,
        "more": False,
        "first": [{"spec": "a", "name": "Sách"}, {"spec": "b", "name": "Báo"}],
    }
    assert found["granularity"] == {"declared": "YYYY-MM-DDThh:mm:ssZ", "taken": "seconds", "minds_dates": True}
    assert found["page"]["records"] == 3
    assert found["page"]["list_size"] == 5
    assert found["second_page"] == "taken"
    assert abs(found["clock"]["skew_seconds"]) < 60
    assert 0 < found["latency_seconds"] < 5
    assert found["requests"] == len(server.requests) <= 6
    assert [(row["local_id"], row["datestamp"], row["status"]) for row in found["sample"]] == [
        (f"oai:x:{n}", f"{DAYS[n - 1]}T10:00:00Z", "kept") for n in (1, 2, 3)
    ]
    assert (found["proposed"], found["notes"], found["fault"]) == ([], [], "")


def test_the_report_for_people_ends_with_a_command_that_registers_the_source(
    lienthong: Lienthong, server: Dated
) -> None:
    ended = lienthong("sources", "probe", "moi", "--url", server.url, *QUICK)
    assert ended.code == 0
    rows = {line[:12].strip(): line[13:] for line in ended.text.splitlines() if line[12:13] == " "}
    assert rows["server"] == "Thư viện thử; OAI-PMH 2.0; thuthu@example.vn"
    assert rows["granularity"] == "declares YYYY-MM-DDThh:mm:ssZ; takes seconds"
    assert rows["clock"].startswith("agrees with ours") or "behind ours" in rows["clock"]
    assert rows["record"] == "oai:x:3  2026-02-03T10:00:00Z; Sách số 3"
    command = shlex.split(ended.text.splitlines()[-1])
    assert command[:2] == ["lienthong", "sources"]
    assert lienthong(*("a" if word == "MEMBER" else word for word in command[1:])).code == 0
    assert lienthong("harvest", "run", "moi").code == 0


def test_nothing_is_kept_and_nothing_is_registered(lienthong: Lienthong, server: Dated) -> None:
    probed(lienthong, server)
    assert lienthong("status", "--json").json["raw"] == 0
    assert lienthong("harvest", "history").text.count("\n") == 1
    assert lienthong("sources", "probe", "moi").code == 1


def test_a_registered_source_is_looked_at_with_its_own_options(lienthong: Lienthong, server: Dated) -> None:
    server.spoil = lambda asked, reply: (
        Reply(error("badArgument")) if asked.token and "metadataPrefix" not in asked.arguments else reply
    )
    lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *QUICK)
    found = lienthong("sources", "probe", "oai", "--json").json
    assert found["second_page"] == "taken only with metadataPrefix"
    assert proposed(found) == {"prefix_with_token": "true"}
    first, *toml, last = found["command"].splitlines()
    assert (first, last) == ("lienthong sources apply /dev/stdin <<'END'", "END")
    assert toml[:3] == ["[oai]", 'member = "a"', 'kind = "oaipmh"']


def test_the_proposed_change_can_be_applied(lienthong: Lienthong, server: Dated, tmp_path: Path) -> None:
    server.spoil = lambda asked, reply: (
        Reply(error("badArgument")) if asked.token and "metadataPrefix" not in asked.arguments else reply
    )
    lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *QUICK)
    command = lienthong("sources", "probe", "oai", "--json").json["command"]
    (tmp_path / "s.toml").write_text("\n".join(command.splitlines()[1:-1]), "utf-8")
    assert lienthong("sources", "apply", tmp_path / "s.toml").text.startswith("0 added, 1 changed")
    assert lienthong("harvest", "run", "oai", "--json").json["added"] == 5
    assert lienthong("sources", "probe", "oai").text.rstrip().endswith("the source is set well as it is")


def test_an_address_for_a_registered_code_is_refused(lienthong: Lienthong, server: Dated) -> None:
    lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *QUICK)
    ended = lienthong("sources", "probe", "oai", "--url", "http://other.example.vn/oai")
    assert ended.code == 2
    assert "is registered" in ended.errors


# --- what servers claim and what they do ------------------------------------------------------------------------------


@pytest.mark.pathology(13, "a probe says whether the server claims deletions and shows any")
def test_deletions_claimed_are_set_against_deletions_seen(lienthong: Lienthong, server: Dated) -> None:
    server.deletions = "no"
    server.listed.append(Item("oai:x:9", "2026-02-09T00:00:00Z", deleted=True))
    found = probed(lienthong, server)
    assert found["deletion"] == {"claimed": "no", "seen": 1, "among": 6}


@pytest.mark.pathology(8, "a probe asks with seconds and tells what the server really takes")
@pytest.mark.parametrize("refusal", [Reply(error("badArgument")), Reply(b"no", 422)])
def test_seconds_declared_and_refused_are_told(lienthong: Lienthong, server: Dated, refusal: Reply) -> None:
    server.spoil = lambda asked, reply: refusal if "T" in asked.arguments.get("from", "") else reply
    server.listed = [replace(item, datestamp=item.datestamp[:10]) for item in server.listed]
    found = probed(lienthong, server)
    assert found["granularity"]["declared"] == "YYYY-MM-DDThh:mm:ssZ"
    assert found["granularity"]["taken"] == "days"
    assert any("a request with seconds is refused" in note for note in found["notes"])
    assert proposed(found) == {"days": "true"}


@pytest.mark.pathology(10, "a probe measures the clock and finds datestamps in local time")
def test_clocks_and_local_time_are_told(lienthong: Lienthong, server: Dated) -> None:
    now = datetime.now(UTC)
    server.date = f"{now - timedelta(minutes=20):%Y-%m-%dT%H:%M:%SZ}"
    server.listed = dated(f"{now + timedelta(hours=6, minutes=30):%Y-%m-%dT%H:%M:%SZ}")
    found = probed(lienthong, server, "--option", "overlap=0")
    assert -1270 < found["clock"]["skew_seconds"] < -1190
    assert found["clock"]["datestamps_ahead_seconds"] > 6 * 3600
    assert proposed(found) == {"overlap": "86400"}


def test_lists_that_break_off_lead_to_windows(lienthong: Lienthong, server: Dated) -> None:
    server.spoil = lambda asked, reply: Reply(error("badResumptionToken")) if asked.token else reply
    found = probed(lienthong, server)
    assert found["second_page"] == "refused (badResumptionToken: said the server)"
    assert proposed(found) == {"window": "auto"}
    assert "--option window=auto" in found["command"]


def test_a_large_source_is_proposed_to_be_cut_in_months(lienthong: Lienthong, server: Dated) -> None:
    server.spoil = lambda asked, reply: replace(
        reply, body=reply.body.replace(b'completeListSize="5"', b'completeListSize="120000"')
    )
    assert proposed(probed(lienthong, server)) == {"window": "month"}


def test_a_server_that_minds_no_dates_is_told_and_not_cut(lienthong: Lienthong, server: Dated) -> None:
    def careless(asked: Asked, reply: Reply) -> Reply:
        bare = {name: text for name, text in asked.arguments.items() if name not in ("from", "until")}
        return server.answer(replace(asked, arguments=bare))

    server.spoil = careless
    found = probed(lienthong, server)
    assert found["granularity"]["minds_dates"] is False
    assert "window" not in proposed(found)


def test_a_token_that_goes_round_is_told(lienthong: Lienthong, server: Dated) -> None:
    first = server.answer
    server.spoil = lambda asked, reply: first(Asked(1, {"verb": "ListRecords"}, "", {})) if asked.token else reply
    assert any("goes round" in note for note in probed(lienthong, server)["notes"])


def test_repairs_and_records_to_be_put_aside_are_foretold(lienthong: Lienthong, server: Dated) -> None:
    decomposed = marc("Nha" + "\u0300" + " giả")
    server.listed = [Item("oai:x:1", payload=decomposed), Item("oai:x:2", payload="<x xmlns='urn:x'/>")]
    found = probed(lienthong, server)
    assert found["repairs"].get("text-not-nfc") == 1
    assert [row["status"] for row in found["sample"]] == ["kept", "put aside"]


def test_a_server_that_cannot_name_itself_or_its_formats_is_looked_at_all_the_same(
    lienthong: Lienthong, server: Dated
) -> None:
    server.spoil = lambda asked, reply: reply if asked.verb == "ListRecords" else Reply(error("badVerb"))
    found = probed(lienthong, server)
    assert found["prefix"] == "oai_dc"
    assert len(found["sample"]) == 3
    assert [note.split(":")[0] for note in found["notes"]] == ["Identify", "ListMetadataFormats", "ListSets"]


@pytest.mark.parametrize("what", ["empty", "refused", "later page broken"])
def test_a_server_without_records_is_a_failure_that_says_why(lienthong: Lienthong, server: Dated, what: str) -> None:
    if what == "empty":
        server.listed = []
    elif what == "refused":
        server.spoil = lambda asked, reply: Reply(b"", 500) if asked.verb == "ListRecords" else reply
    else:
        server.spoil = lambda asked, reply: replace(reply, body=reply.body[:-9]) if asked.token else reply
    failed = what != "later page broken"
    found = probed(lienthong, server, code=1 if failed else 0)
    assert bool(found["fault"]) is failed
    if not failed:
        assert found["second_page"].startswith("refused (the XML is not well-formed")


def test_what_is_no_oai_server_is_told_in_one_line(lienthong: Lienthong, server: Dated) -> None:
    server.spoil = lambda asked, reply: Reply(b"<html><title>Login</title></html>")
    ended = lienthong("sources", "probe", "moi", "--url", server.url, *QUICK)
    assert (ended.code, ended.text) == (1, "")
    assert "not OAI-PMH but a web page (Login)" in ended.errors


def test_a_server_that_is_not_there_is_told_in_one_line(lienthong: Lienthong) -> None:
    ended = lienthong("sources", "probe", "moi", "--url", "http://127.0.0.1:9/oai", *QUICK)
    assert ended.code == 1
    assert "http://127.0.0.1:9/oai: no answer" in ended.errors
    assert ended.errors.count("\n") == 1


def test_a_private_address_needs_the_option_here_too(lienthong: Lienthong, server: Dated) -> None:
    ended = lienthong("sources", "probe", "moi", "--url", server.url)
    assert ended.code == 1
    assert "allow_private" in ended.errors
    assert server.requests == []


def test_secrets_of_an_address_are_not_shown(lienthong: Lienthong, server: Dated) -> None:
    url = server.url.replace("//", "//thuthu:matkhau@")
    ended = lienthong("sources", "probe", "moi", "--url", url, "--json", *QUICK)
    assert "matkhau" not in ended.content.decode() + ended.errors


# --- files ------------------------------------------------------------------------------------------------------------


def test_files_are_counted_named_and_sampled(lienthong: Lienthong, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    iso2709(folder / "a.mrc", map(record, range(25)))
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 x")
    found = lienthong("sources", "probe", "moi", "--kind", "files", "--url", folder, "--json").json
    assert found["files"]["count"] == 2
    assert [(each["name"], each["kind"]) for each in found["files"]["first"]] == [
        ("a.mrc", "iso2709"),
        ("b.pdf", "unknown"),
    ]
    assert "a PDF" in found["files"]["first"][1]["fault"]
    assert found["first"] | {"damage": ""} == {
        "name": "a.mrc",
        "records": 25,
        "more": False,
        "without_id": 0,
        "repeated_ids": 0,
        "damage": "",
    }
    assert len(found["sample"]) == 10
    assert found["proposed"] == []


def test_a_field_that_numbers_records_without_001_is_found(lienthong: Lienthong, tmp_path: Path) -> None:
    bodies = [
        marc(f"Sách {n}")
        .replace('<controlfield tag="001">1</controlfield>', "")
        .replace(
            "</record>",
            f'<datafield tag="952" ind1=" " ind2=" "><subfield code="p">K{n}</subfield></datafield></record>',
        )
        for n in range(5)
    ]
    path = tmp_path / "k.xml"
    path.write_text(f'<collection xmlns="{MARC}">{"".join(bodies)}</collection>', "utf-8")
    found = lienthong("sources", "probe", "moi", "--kind", "files", "--url", path, "--json").json
    assert found["first"]["without_id"] == 5
    assert proposed(found) == {"id": "952p"}
    assert "--option id=952p" in found["command"]
    text = lienthong("sources", "probe", "moi", "--kind", "files", "--url", path).text
    assert "propose      id=952p; 5 of 5 records have no 001" in text


def test_a_file_on_a_web_server_is_told_with_what_the_server_says_of_it(
    lienthong: Lienthong, server: Dated, tmp_path: Path
) -> None:
    marks = {"Content-Type": "application/marc", "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT", "ETag": '"7f"'}
    content = iso2709(tmp_path / "a.mrc", map(record, range(12))).read_bytes()
    server.spoil = lambda _asked, _reply: Reply(content, 200, marks)
    asked = ("sources", "probe", "moi", "--kind", "files", "--url", server.url, "--option", "allow_private=true")
    ended = lienthong(*asked)
    assert ended.code == 0, ended.errors
    told = "; ".join(f"{name} {text}" for name, text in marks.items())
    assert f"file         {server.url}; {len(content)} bytes; iso2709; {told}\n" in ended.text
    assert ended.text.count("\nrecord ") == 10
    assert f"sources add moi --member MEMBER --kind files --url {server.url} --option allow_private=true" in ended.text
    (row,) = lienthong(*asked, "--json").json["files"]["first"]
    assert (row["bytes"], row["told"]) == (len(content), marks)


def test_files_that_are_not_there_or_are_no_marc_are_a_failure(lienthong: Lienthong, tmp_path: Path) -> None:
    assert lienthong("sources", "probe", "moi", "--kind", "files", "--url", tmp_path / "x.mrc").code == 1
    (tmp_path / "x.mrc").write_bytes(b"PK\x03\x04")
    ended = lienthong("sources", "probe", "moi", "--kind", "files", "--url", tmp_path / "x.mrc")
    assert ended.code == 1
    assert "a ZIP archive" in ended.errors


def test_options_that_nobody_knows_are_wrong_usage(lienthong: Lienthong, server: Dated) -> None:
    ended = lienthong("sources", "probe", "moi", "--url", server.url, "--option", "windows=month")
    assert ended.code == 2
    assert "windows" in ended.errors
