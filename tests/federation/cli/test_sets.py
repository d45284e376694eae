"""`lienthong sets`: an operator's own sets are made, shown, changed and ended, and what is exported follows."""

import json
from pathlib import Path

import pytest

from tests.federation.cli.conftest import Lienthong
from tests.support.records import iso2709, record


@pytest.fixture
def stocked(lienthong: Lienthong, tmp_path: Path) -> Lienthong:
    """Member a with nine books of 2001 to 2009."""
    books = [record(number, year=str(2000 + number)) for number in range(1, 10)]
    assert lienthong("import", "a", iso2709(tmp_path / "a.mrc", books)).code == 0
    return lienthong


def exported(lienthong: Lienthong, spec: str) -> list[int]:
    ended = lienthong("export", "--set", spec, "--format", "jsonl")
    assert ended.code == 0, ended.errors
    return [json.loads(line)["id"] for line in ended.text.splitlines()]


def listed(lienthong: Lienthong) -> list[dict[str, str]]:
    return [json.loads(line) for line in lienthong("sets", "list", "--json").text.splitlines()]


def test_a_set_is_made_shown_changed_and_ended(stocked: Lienthong, tmp_path: Path) -> None:
    made = stocked("sets", "add", "moi", "--cql", "dc.date >= 2007", "--name", "Sách mới", "--name-en", "New books")
    assert (made.code, made.text) == (0, "query:moi: 3 records\n"), made.errors
    assert len(exported(stocked, "query:moi")) == 3
    one = {"set": "query:moi", "records": 3, "name": "Sách mới", "name_en": "New books", "query": "dc.date >= 2007"}
    assert listed(stocked) == [{**one, "state": "complete"}]
    assert "Sách mới" in stocked("sets", "list").text
    changed = stocked("sets", "change", "moi", "--cql", "dc.date >= 2009", "--name-en", "")
    assert (changed.code, changed.text) == (0, "query:moi: 1 records\n"), changed.errors
    assert "dc.date >= 2009" in stocked("sets", "show", "moi").text
    more = iso2709(tmp_path / "more.mrc", [record(30, year="2010")])
    assert stocked("import", "a", more).code == 0
    assert len(exported(stocked, "query:moi")) == 2
    assert stocked("check").code == 0
    assert stocked("sets", "remove", "moi").text == "query:moi is no set any more\n"
    assert listed(stocked) == []
    assert stocked("export", "--set", "query:moi", "--format", "jsonl").code == 2
    assert stocked("check").code == 0


def test_an_empty_set_is_a_set(stocked: Lienthong) -> None:
    assert stocked("sets", "add", "cu", "--cql", "dc.date < 1900", "--name", "Sách cổ").text == "query:cu: 0 records\n"
    assert exported(stocked, "query:cu") == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "Mới", "--cql", "kim", "--name", "x"), "must be 1 to 40 of a-z"),
        (("add", "moi", "--cql", "kim and", "--name", "x"), "is no query that can be answered"),
        (("add", "moi", "--cql", "nowhere = kim", "--name", "x"), "is no query that can be answered"),
        (("add", "moi", "--cql", "kim sortBy dc.title", "--name", "x"), "a set is in no order"),
        (("add", "co", "--cql", "kim", "--name", "x"), "there is a set with this code already"),
        (("change", "co"), "say what to change"),
    ],
)
def test_a_set_that_cannot_be_is_refused(stocked: Lienthong, arguments: tuple[str, ...], said: str) -> None:
    assert stocked("sets", "add", "co", "--cql", "kim", "--name", "Có").code == 0
    ended = stocked("sets", *arguments)
    assert (ended.code, said in ended.errors) == (2, True), ended.errors
    assert [row["set"] for row in listed(stocked)] == ["query:co"]


@pytest.mark.parametrize("command", ["show", "remove", "change"])
def test_a_set_that_is_not_there_is_named(stocked: Lienthong, command: str) -> None:
    ended = stocked("sets", command, "moi", *(("--name", "x") if command == "change" else ()))
    assert (ended.code, "they are: none yet" in ended.errors) == (1, True), ended.errors
