"""`lienthong records`, `clusters`, `search`: every form of id, every format, and what is said of what is not there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from schemas.marc.read import decode
from tests.federation.cli.conftest import Ended, Lienthong, command
from tests.support.records import iso2709, record

OPENED: dict[str, Callable[[bytes], str]] = {
    "marcxml": lambda content: etree.fromstring(content).findtext("{*}controlfield") or "",
    "marc": lambda content: decode(content).record.control("001"),
    "mods": lambda content: etree.fromstring(content).findtext("{*}recordInfo/{*}recordIdentifier") or "",
    "oai_dc": lambda content: (etree.fromstring(content).findtext("{*}identifier") or "").rpartition("/")[2],
    "json": lambda content: str(json.loads(content)["id"]),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lienthong:
    """Two members: record 1 is at both, 2 was put aside, 3 was deleted, 4 was merged into 1."""
    folder = tmp_path_factory.mktemp("records")
    lienthong = command(folder / "home")
    lienthong("init")
    for member in "ab":
        lienthong("members", "add", member, "--name", member.upper())
    file = iso2709(folder / "a.mrc", map(record, (1, 3)))
    file.write_bytes(file.read_bytes() + b"00042nam no record at all\x1d")
    lienthong("import", "a", file)
    lienthong("import", "b", iso2709(folder / "b.mrc", [record(1, title="Nhan đề khác")]))
    lienthong("import", "b", iso2709(folder / "b.mrc", [record(1)]))
    lienthong("import", "a", iso2709(folder / "a.mrc", [record(1)]))
    lienthong("import", "a", "--complete", iso2709(folder / "a.mrc", [record(1)]))
    lienthong("harvest", "absent", "a-files", "--withdraw")
    file.write_bytes(iso2709(folder / "a.mrc", [record(1)]).read_bytes() + b"00042nam no record at all\x1d")
    lienthong("import", "a", file)
    return lienthong


def put_aside(lienthong: Lienthong) -> str:
    """Give the id under which the broken record is kept."""
    rows = lienthong("harvest", "history", "a-files").text
    assert "success" in rows
    from schemas.marc.identity import fingerprint

    return f"a:{fingerprint(b'00042nam no record at all' + bytes([0x1D]))}"


@pytest.mark.parametrize("form", OPENED)
@pytest.mark.parametrize("name", ["1", "oai:lienthong.example:1", "a:t000001", "b:t000001", "3"])
def test_a_record_is_shown_by_any_of_its_names_in_any_format(filled: Lienthong, form: str, name: str) -> None:
    ended = filled("records", "show", name, "--format", form)
    assert (ended.code, ended.errors) == (0, "")
    assert OPENED[form](ended.content) == "1"


def test_iso_2709_has_nothing_behind_its_end(filled: Lienthong) -> None:
    content = filled("records", "show", "1", "--format", "marc").content
    assert int(content[:5]) == len(content)


@pytest.mark.parametrize("command", [("records", "show"), ("records", "trace"), ("clusters", "explain", "1")])
@pytest.mark.parametrize(
    "name",
    ["99", "0", "x", "a:", ":", "a:nowhere", "nobody:t000001", "oai:elsewhere.example:1", "9" * 30, "a:x\x00y", ""],
)
def test_what_is_no_record_is_named(filled: Lienthong, command: tuple[str, ...], name: str) -> None:
    ended = filled(*command, name)
    assert (ended.code, ended.content) == (1, b"")
    assert ended.errors.endswith("is no record: use a number, an OAI identifier or MEMBER:local-id\n")


def test_a_deleted_record_is_said_to_be_deleted(filled: Lienthong) -> None:
    ended = filled("records", "show", "2")
    assert (ended.code, ended.errors) == (1, "lienthong: 2: was deleted; `lienthong records trace` tells more\n")
    traced = filled("records", "trace", "2")
    assert (traced.code, "no library has it any more" in traced.text) == (0, True)
    told = "deleted (it was absent, and the operator withdrew it)\n"
    assert told in filled("records", "trace", "a:t000003").text
    assert told in traced.text


def test_records_put_aside_are_listed_with_their_reason(filled: Lienthong) -> None:
    name = put_aside(filled)
    told = filled("records", "aside").text
    assert name in told
    assert "structure-unreadable: no field can be found" in told
    assert told.splitlines()[-1] == "1 records put aside"
    (line,) = filled("records", "aside", "a", "--json").text.splitlines()
    assert f"{json.loads(line)['member']}:{json.loads(line)['local_id']}" == name
    assert filled("records", "aside", "b").text == "0 records put aside\n"
    assert filled("records", "aside", "nobody").code == 1


def test_a_record_put_aside_is_traced_to_its_reason(filled: Lienthong) -> None:
    name = put_aside(filled)
    ended = filled("records", "show", name)
    assert (ended.code, "is in no union record; `lienthong records trace` tells why" in ended.errors) == (1, True)
    traced = filled("records", "trace", name)
    assert traced.code == 0
    assert ", put aside\n" in traced.text
    assert "rejected: structure-unreadable" in traced.text
    assert "union      none" in traced.text


def test_a_trace_follows_the_record_from_its_file_to_the_union(filled: Lienthong) -> None:
    text = filled("records", "trace", "1").text
    assert "3 was merged into it" in text
    assert [line for line in text.splitlines() if line in ("a:t000001", "b:t000001")] == ["a:t000001", "b:t000001"]
    for part in (
        "from source b-files, run 2, changed by run 3: b.mrc record 1, byte 0",
        "iso2709",
        "keys: ",
        "isbn:97860",
        "union      1 (",
    ):
        assert part in text


def explained(ended: Ended) -> list[list[str]]:
    return [line.split() for line in ended.text.splitlines()]


def test_an_explanation_compares_the_records_behind_a_union_record(filled: Lienthong) -> None:
    ended = filled("clusters", "explain", "a:t000001", "b:t000001")
    assert ended.code == 0
    assert ["compared", "speaks", "points", "left", "right"] in explained(ended)
    assert ": same" in ended.text


def test_one_record_of_one_library_has_nothing_to_compare(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", [record(1), record(2)]))
    assert "nothing to compare" in lienthong("clusters", "explain", "1", "1").text
    ended = lienthong("clusters", "explain", "1", "2")
    assert (ended.code, ": same" in ended.text) == (0, False)


def test_a_search_tells_how_many_it_shows(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(5))))
    assert lienthong("search", "van hoc").text.endswith("\n5 records\n")
    assert lienthong("search", "van hoc", "--limit", "2").text.endswith("\n5 records, the first 2 shown\n")
    assert lienthong("search", f'"{record(1).first("245").get("a")}"').text.endswith("\n1 record\n")  # type: ignore[union-attr]
    assert lienthong("search", "khong-co-dau", "--json").json["total"] == 0


def test_a_query_that_cannot_be_read_is_wrong_usage(lienthong: Lienthong) -> None:
    ended = lienthong("search", "a " * 4000)
    assert (ended.code, ended.content) == (2, b"")
    assert "at most 1,000" in ended.errors


def test_a_query_in_cql_is_read_and_sorted_as_it_says(filled: Lienthong) -> None:
    plain = json.loads(filled("search", "title:*", "--json").text)
    found = json.loads(filled("search", "cql.allRecords = 1 sortBy title/sort.descending", "--cql", "--json").text)
    titles = [hit["title"] for hit in found["hits"]]
    assert titles == sorted(titles, reverse=True)
    assert found["total"] >= plain["total"]
    wrong = filled("search", "dc.title = (", "--cql")
    assert wrong.code == 2
