"""`records provenance`, `records ids`, `clusters doubles`: where a union record comes from, where a local one went."""

import json
from pathlib import Path

import pytest

from schemas.marc.record import MarcRecord, data_field
from tests.federation.cli.conftest import Lienthong, command
from tests.support.records import iso2709, record

HEAD = "union\tstate\tsuccessor\torigin\tmember\tlocal_id\tsource"


def richer(made: MarcRecord) -> MarcRecord:
    """Give a record that tells more, and knows no year."""
    more = (data_field("520", "  ", ("a", "Tóm tắt")), data_field("650", " 4", ("a", "Thơ")))
    blank = made.fields[1]._replace(value=made.fields[1].value[:6] + "nuuuuuuuu" + made.fields[1].value[15:])
    return MarcRecord(made.leader, (made.fields[0], blank, *made.fields[2:], *more))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Lienthong:
    """Union 1 is of a, a again and b; 2 is a's alone; one of b's was merged into 1, another was deleted."""
    folder = tmp_path_factory.mktemp("origins")
    lienthong = command(folder / "home")
    lienthong("init")
    for member in "ab":
        lienthong("members", "add", member, "--name", member.upper())
    first = [record(1), record(2)]
    lienthong("import", "a", iso2709(folder / "a.mrc", first))
    lienthong("import", "b", iso2709(folder / "b.mrc", [record(1, title="Khác"), record(9)]))
    lienthong("import", "b", iso2709(folder / "b.mrc", [richer(record(1)), record(9)]))
    lienthong("import", "a", iso2709(folder / "a.mrc", [*first, record(1, local_id="again")]))
    for _ in range(2):
        lienthong("import", "b", "--complete", iso2709(folder / "b.mrc", [richer(record(1))]))
    lienthong("harvest", "absent", "b-files", "--withdraw")
    return lienthong


def numbers(filled: Lienthong, state: str) -> list[str]:
    """Give the union records in this state."""
    lines = [line.split("\t") for line in filled("records", "ids", "--all").text.splitlines()]
    return list(dict.fromkeys(line[0] for line in lines if line[1] == state))


def test_the_provenance_names_the_base_its_score_and_whose_each_field_is(filled: Lienthong) -> None:
    lines = filled("records", "provenance", "a:again").text.splitlines()
    assert lines[0] == "union record 1"
    assert lines[1].startswith("  base   b:t000001  ")
    assert [line.split()[1] for line in lines[2:4]] == ["a:again", "a:t000001"]
    assert "(marks +6, " in lines[1]
    assert any(line.startswith("b; 008/06-14 a  008") for line in lines)
    assert any(line.startswith("b             520 __ $aTóm tắt") for line in lines)
    assert len([line for line in lines if line.startswith("a             852")]) == 2


def test_the_provenance_as_json_has_the_same(filled: Lienthong) -> None:
    told = filled("records", "provenance", "1", "--json").json
    assert told["id"] == 1
    assert [one["member"] for one in told["records"]] == ["b", "a", "a"]
    assert all(one["score"] == sum(one["parts"].values()) for one in told["records"])
    (form,) = [line for line in told["fields"] if line["field"].startswith("008")]
    assert form["filled"] == [{"place": "008/06-14", "member": "a"}]


def test_the_provenance_of_a_merged_record_is_that_of_its_successor(filled: Lienthong) -> None:
    (merged,) = numbers(filled, "merged")
    assert filled("records", "provenance", merged).text == filled("records", "provenance", "1").text


def test_a_deleted_record_has_no_provenance(filled: Lienthong) -> None:
    (deleted,) = numbers(filled, "deleted")
    ended = filled("records", "provenance", deleted)
    assert (ended.code, "`lienthong records ids` tells what it was made of" in ended.errors) == (1, True)


@pytest.mark.parametrize("name", ["1", "oai:lienthong.example:1"])
def test_a_union_record_names_the_local_records_in_it(filled: Lienthong, name: str) -> None:
    assert filled("records", "ids", name).text.splitlines() == [
        HEAD,
        "1\tlive\t\t\ta\tagain\ta-files",
        "1\tlive\t\t\ta\tt000001\ta-files",
        "1\tlive\t\t\tb\tt000001\tb-files",
    ]


def test_a_local_record_names_its_union_record(filled: Lienthong) -> None:
    assert filled("records", "ids", "b:t000001").text.splitlines()[1:] == ["1\tlive\t\t\tb\tt000001\tb-files"]


def test_a_local_record_that_is_gone_names_the_tombstone(filled: Lienthong) -> None:
    (deleted,) = numbers(filled, "deleted")
    line = f"{deleted}\tdeleted\t\t\tb\tt000009\t"
    assert filled("records", "ids", "b:t000009").text.splitlines()[1:] == [line]
    assert filled("records", "ids", deleted).text.splitlines()[1:] == [line]


def test_a_tombstone_names_its_successor_and_what_it_was_made_of(filled: Lienthong) -> None:
    (merged,) = numbers(filled, "merged")
    assert filled("records", "ids", merged).text.splitlines()[1:] == [f"{merged}\tmerged\t1\t\tb\tt000001\t"]


def test_the_whole_correspondence_has_every_number_that_was_given_out(filled: Lienthong) -> None:
    lines = filled("records", "ids", "--all").text.splitlines()
    assert lines[0] == HEAD
    assert [line.split("\t")[0] for line in lines[1:]] == ["1", "1", "1", "2", "3", "4"]
    assert sorted(line.split("\t")[1] for line in lines[4:]) == ["deleted", "live", "merged"]
    rows = [json.loads(line) for line in filled("records", "ids", "--all", "--json").text.splitlines()]
    merged = next(row for row in rows if row["state"] == "merged")
    assert (merged["successor"], merged["origin"], merged["member"], merged["local_id"]) == (1, None, "b", "t000001")
    assert ["" if value is None else str(value) for value in rows[0].values()] == lines[1].split("\t")


@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_one_record_or_all_must_be_asked_for(filled: Lienthong, arguments: tuple[str, ...]) -> None:
    ended = filled("records", "ids", *arguments)
    assert (ended.code, "name a record, or say --all" in ended.errors) == (2, True)


def test_what_is_no_record_has_no_ids(filled: Lienthong) -> None:
    assert filled("records", "ids", "a:nowhere").code == 1


def test_doubles_of_a_library_are_listed(filled: Lienthong) -> None:
    lines = filled("clusters", "doubles", "a").text.splitlines()
    assert lines[0] == "union\tlocal_id\tothers\ttitle\tyear"
    assert [line.split("\t")[:3] for line in lines[1:]] == [["1", "again", "1"], ["1", "t000001", "1"]]
    rows = [json.loads(line) for line in filled("clusters", "doubles", "a", "--json").text.splitlines()]
    assert [(row["union"], row["local_id"], row["others"]) for row in rows] == [(1, "again", 1), (1, "t000001", 1)]


def test_a_library_without_doubles_has_an_empty_list(filled: Lienthong) -> None:
    assert filled("clusters", "doubles", "b").text.splitlines() == ["union\tlocal_id\tothers\ttitle\tyear"]
    assert filled("clusters", "doubles", "b", "--json").text == ""


def test_doubles_of_nobody_is_an_error(filled: Lienthong) -> None:
    assert filled("clusters", "doubles", "nobody").code == 1


def test_the_group_is_told_with_the_record(filled: Lienthong, tmp_path: Path) -> None:
    assert filled("records", "show", "1", "--format", "json").json["group"] == 1
    filled("export", "--format", "jsonl", "-o", tmp_path / "all.jsonl")
    assert [json.loads(line)["group"] for line in (tmp_path / "all.jsonl").read_text().splitlines()] == [1, 2]
