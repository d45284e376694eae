"""`lienthong harvest replay`: a run made again from what was kept, told like any run."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.federation.cli.conftest import Lienthong
from tests.federation.cli.test_import import NAMES
from tests.support.hostile_oai import Hostile, items, serving
from tests.support.oai_run import QUICK
from tests.support.records import iso2709, record


@pytest.fixture
def server(lienthong: Lienthong) -> Iterator[Hostile]:
    """The source `oai` of member `a`."""
    with serving(Hostile(items(5))) as running:
        options = [word for name, value in QUICK.items() for word in ("--option", f"{name}={value}")]
        added = lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", running.url, *options)
        assert added.code == 0
        yield running


def test_a_replay_is_told_like_a_run_and_asks_nobody(lienthong: Lienthong, server: Hostile) -> None:
    assert lienthong("harvest", "run", "oai").code == 0
    server.requests.clear()
    ended = lienthong("harvest", "replay", "1", "--json")
    assert (ended.code, list(ended.json)) == (0, NAMES)
    found = {name: ended.json[name] for name in ("run", "status", "seen", "added", "unchanged", "pages")}
    assert found == {"run": 2, "status": "success", "seen": 5, "added": 0, "unchanged": 5, "pages": 2}
    assert server.requests == []
    assert lienthong("harvest", "replay", "1").text.startswith("run 3: success")


def test_a_replay_of_broken_pages_ends_as_they_did(lienthong: Lienthong, server: Hostile) -> None:
    server.spoil = lambda asked, reply: replace(reply, body=reply.body.replace(b"3</subfield>", b"</x>"))
    ended = lienthong("harvest", "run", "oai")
    assert (ended.code, "put aside: oai:x:3 (page 1 record 3)" in ended.text) == (1, True)
    ended = lienthong("harvest", "replay", "1")
    assert (ended.code, "1 could not be read" in ended.text) == (1, True)
    rows = lienthong("harvest", "run", "oai", "--full", "--dry-run", "3", "--json").json
    assert [row["status"] for row in rows] == ["kept", "kept", "put aside"]


@pytest.mark.parametrize(
    ("run", "code", "told"),
    [("1", 2, "run 1: no answers of this run of files are kept"), ("9", 1, "9: is no run"), ("x", 2, "'x'")],
)
def test_what_cannot_be_replayed_is_told(lienthong: Lienthong, tmp_path, run: str, code: int, told: str) -> None:
    file = iso2709(tmp_path / "a.mrc", [record(1)])
    lienthong("sources", "add", "files", "--member", "a", "--kind", "files", "--url", file)
    lienthong("harvest", "run", "files")
    ended = lienthong("harvest", "replay", run)
    assert (ended.code, told in ended.errors) == (code, True), ended.errors
    assert len(lienthong("harvest", "history").text.splitlines()) == 2, "no run was begun"


@pytest.mark.parametrize("option", ["keep_pages=-1", "keep_pages=x", "copies=maybe"])
def test_options_that_cannot_be_used_are_refused(lienthong: Lienthong, option: str) -> None:
    url = "https://thuvien.example.vn/oai"
    add = ("sources", "add", "o", "--member", "a", "--kind", "oaipmh", "--url", url, "--option", option)
    ended = lienthong(*add)
    assert (ended.code, option.partition("=")[0] in ended.errors) == (2, True)
