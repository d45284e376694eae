"""`lienthong harvest sweep`, `absent`, `rekey`, `restore`: what an operator sees and does when records disappear."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from schemas.marc import write
from tests.federation.cli.conftest import Ended, Lienthong
from tests.support.hostile_oai import Hostile, Item, Reply, identifiers, serving
from tests.support.records import record


def books(*numbers: int) -> list[Item]:
    return [Item(f"oai:x:{number}", payload=write.marcxml(record(number))) for number in numbers]


@pytest.fixture
def server(lienthong: Lienthong) -> Iterator[Hostile]:
    """A school of five records, harvested as the source `oai` of member `a`."""
    with serving(Hostile(books(*range(5)))) as server:
        options = ("--option", "allow_private=true", "--option", "retries=0", "--option", "per_minute=60000")
        add = lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *options)
        assert add.code == 0, add.errors
        assert lienthong("harvest", "run", "oai").code == 0
        yield server


def total(lienthong: Lienthong) -> int:
    return int(lienthong("search", "van hoc", "--json").json["total"])


def run_of(ended: Ended) -> str:
    """The number of the run that a command tells of: `run 7: success`."""
    return ended.text.split(":")[0].removeprefix("run ")


def test_what_is_absent_is_shown_withdrawn_and_taken_back(lienthong: Lienthong, server: Hostile) -> None:
    server.listed = books(0, 1, 2)
    ended = lienthong("harvest", "sweep", "oai")
    assert ended.code == 1
    first, listed, told = ended.text.splitlines()
    assert (first, listed) == ("run 2: partial", "listed 3, withdrawn 0")
    assert "2 of 5 records are absent" in told
    head, row = lienthong("harvest", "status").text.splitlines()
    assert row[head.index("absent") :].split()[0] == "2"
    shown = lienthong("harvest", "absent", "oai", "--limit", "1")
    head, one, more = shown.text.splitlines()
    assert (shown.code, head) == (0, "oai: 2 of 5 records are absent, 2 of them held for a decision")
    assert one.startswith("  oai:x:3  Làng trăng mùa 3  (since 20")
    assert (one.endswith("Z, held)"), more) == (True, "  and 1 more")
    done = lienthong("harvest", "absent", "oai", "--withdraw")
    assert (done.code, run_of(done)) == (0, "3")
    assert "`lienthong harvest restore 3` takes it back for 30 days" in done.text
    assert total(lienthong) == 3
    trace = lienthong("records", "trace", "a:oai:x:3").text
    assert "changed by run 3" in trace
    assert "deleted (it was absent, and the operator withdrew it)" in trace
    back = lienthong("harvest", "restore", "3")
    assert (back.code, "2 records that run 3 withdrew are back" in back.text) == (0, True)
    assert total(lienthong) == 5
    assert ", kept\n" in lienthong("records", "trace", "a:oai:x:3").text
    history = lienthong("harvest", "history", "--json").json
    assert [run["kind"] for run in history] == ["restore", "withdraw", "sweep", "harvest"]
    assert lienthong("check", "--json").json["ok"]


@pytest.fixture
def swept_often(lienthong: Lienthong) -> Iterator[Hostile]:
    """A school of five records that lists only three of them; a sweep of it is always due."""
    with serving(Hostile(books(*range(5)))) as server:
        three = Reply(identifiers(books(0, 1, 2), ""))
        server.spoil = lambda asked, reply: three if asked.verb == "ListIdentifiers" else reply
        options = ("--option", "allow_private=true", "--option", "sweep_days=0.0000001")
        add = lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *options)
        assert add.code == 0, add.errors
        yield server


def test_a_harvest_tells_of_the_sweep_that_followed_it(lienthong: Lienthong, swept_often: Hostile) -> None:
    ended = lienthong("harvest", "run", "oai")
    assert ended.code == 0, "the harvest itself went well"
    *_, name, listed, told = ended.text.splitlines()
    assert (name, listed) == ("sweep (run 2): partial", "listed 3, withdrawn 0")
    assert "2 of 5 records are absent, at most 1 may vanish at once: nothing was withdrawn" in told


def test_a_harvest_told_as_json_keeps_its_shape_and_holds_the_sweep(lienthong: Lienthong, swept_often: Hostile) -> None:
    told = lienthong("harvest", "run", "oai", "--json").json
    assert {"run", "status", "seen", "added", "deleted", "rejected", "pages", "seconds", "message"} < told.keys()
    assert (told["run"], told["status"], told["seen"]) == (1, "success", 5)
    assert (told["sweep"]["run"], told["sweep"]["status"], told["sweep"]["seen"]) == (2, "partial", 3)
    assert "sweep" not in lienthong("harvest", "run", "oai", "--json").json, "a day is let go"


def test_absent_records_can_be_kept(lienthong: Lienthong, server: Hostile) -> None:
    server.listed = books(0, 1, 2)
    lienthong("harvest", "sweep", "oai")
    assert lienthong("harvest", "absent", "oai", "--keep").text == "2 records stay in the catalogue\n"
    assert "0 of 5 records are absent" in lienthong("harvest", "absent", "oai").text
    assert total(lienthong) == 5


def test_changed_ids_are_shown_and_given_with_consent(lienthong: Lienthong, server: Hostile) -> None:
    server.listed = [replace(item, identifier=f"oai:new:{n}") for n, item in enumerate(server.listed)]
    ended = lienthong("harvest", "run", "oai", "--full", "--json")
    assert (ended.code, ended.json["status"], ended.json["deleted"]) == (1, "partial", 0)
    assert "`lienthong harvest rekey oai`" in ended.json["message"]
    assert "5 of them seem to be back under other ids" in lienthong("harvest", "absent", "oai").text
    head, one, more = lienthong("harvest", "rekey", "oai", "--limit", "1").text.splitlines()
    assert (head, more) == ("oai: 5 records seem to be back under other ids", "  and 4 more")
    assert one.startswith("  oai:x:0 -> oai:new:0  ")
    done = lienthong("harvest", "rekey", "oai", "--yes")
    assert (done.code, "5 records have the ids that their source gave them anew" in done.text) == (0, True)
    assert total(lienthong) == 5
    assert ", kept\n" in lienthong("records", "trace", "a:oai:new:3").text
    assert lienthong("harvest", "sweep", "oai").code == 0
    assert lienthong("check", "--json").json["ok"]


def test_refusing_leaves_them_absent(lienthong: Lienthong, server: Hostile) -> None:
    server.listed = [replace(item, identifier=f"oai:new:{n}") for n, item in enumerate(server.listed)]
    lienthong("harvest", "run", "oai", "--full")
    assert "5 pairs refused" in lienthong("harvest", "rekey", "oai", "--no").text
    assert lienthong("harvest", "absent", "oai", "--withdraw").code == 0
    status = lienthong("status", "--json").json
    assert (status["raw"], status["raw_deleted"]) == (5, 5)


def test_a_sweep_as_json_and_one_that_fails(lienthong: Lienthong, server: Hostile) -> None:
    row = lienthong("harvest", "sweep", "oai", "--json").json
    assert (row["run"], row["status"], row["seen"], row["deleted"], row["message"]) == (2, "success", 5, 0, "")
    server.spoil = lambda _asked, _reply: Reply("<html><title>Bận</title></html>".encode())
    ended = lienthong("harvest", "sweep", "oai")
    assert (ended.code, "nothing was concluded: " in ended.errors, "Bận" in ended.errors) == (1, True, True)
    assert lienthong("harvest", "status").text.splitlines()[1].startswith("oai     success"), "harvests are shown there"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [(("sweep", "x"), 1, "x: is no source"), (("absent", "x"), 1, "x: is no source"),
     (("rekey", "x"), 1, "x: is no source"), (("absent", "oai", "--keep", "--withdraw"), 2, "exclude each other"),
     (("rekey", "oai", "--yes", "--no"), 2, "exclude each other"),
     (("absent", "oai", "--withdraw"), 2, "oai: has no absent record to withdraw"),
     (("rekey", "oai", "--yes"), 2, "oai: has no record that seems to be back"),
     (("restore", "77"), 1, "77: is no run"), (("restore", "1"), 2, "withdrew nothing that is still withdrawn"),
     (("restore", "x"), 2, "not a valid integer")],
)  # fmt: skip
def test_mistakes_are_named(
    lienthong: Lienthong, server: Hostile, arguments: tuple[str, ...], code: int, told: str
) -> None:
    asked = len(server.requests)
    ended = lienthong("harvest", *arguments)
    assert (ended.code, told in ended.errors) == (code, True), ended.errors
    assert len(server.requests) == asked


def test_files_are_not_swept(lienthong: Lienthong) -> None:
    lienthong("sources", "add", "folder", "--member", "a", "--kind", "files", "--url", "/nowhere")
    ended = lienthong("harvest", "sweep", "folder")
    assert (ended.code, "cannot list its identifiers" in ended.errors) == (2, True)


@pytest.mark.parametrize(
    ("option", "told"),
    [("guard=2", "write a number from 0 to 1"), ("sweep_days=-1", "write a number from 0 to 3650"),
     ("id_strip=(", "which is no regular expression")],
)  # fmt: skip
def test_options_are_checked_when_they_are_written(lienthong: Lienthong, option: str, told: str) -> None:
    address = ("--url", "https://thuvien.example.vn/oai")
    ended = lienthong("sources", "add", "s", "--member", "a", "--kind", "oaipmh", *address, "--option", option)
    assert (ended.code, told in ended.errors) == (2, True), ended.errors
