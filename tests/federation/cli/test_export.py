"""`lienthong export`: whole files or none, rows as the contract says, and nothing lost that a format cannot hold."""

import json
from pathlib import Path

import pytest
from lxml import etree

from federation.catalogue.catalogue import Catalogue
from schemas.marc.read import decode, split
from schemas.marc.record import MarcRecord, data_field
from tests.federation.cli.conftest import Lienthong
from tests.support.records import iso2709, marcxml, record

SLIM = "{http://www.loc.gov/MARC21/slim}"


def long_record(number: int) -> MarcRecord:
    short = record(number)
    note = data_field("520", "  ", ("a", "rất dài " * 2000))
    return MarcRecord(short.leader, (*short.fields[:-1], note, short.fields[-1]))


@pytest.fixture
def filled(lienthong: Lienthong, tmp_path: Path) -> Lienthong:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(5))))
    return lienthong


def test_rows_have_the_shape_of_the_contract(filled: Lienthong) -> None:
    ended = filled("export", "--format", "jsonl")
    assert ended.code == 0
    row = json.loads(ended.text.splitlines()[2])
    assert list(row) == ["id", "oai", "datestamp", "deleted", "group", "title", "members", "holdings"]
    assert (row["id"], row["oai"], row["deleted"]) == (3, "oai:lienthong.example:3", False)
    assert row["members"] == [{"member": "a", "local_id": "t000002"}]
    (holding,) = row["holdings"]
    assert list(holding) == ["member", "call_number", "copies", "as_of"]
    assert (holding["member"], holding["call_number"], holding["copies"]) == ("a", "895.922 2", 0)
    assert row["datestamp"].endswith("Z")


@pytest.mark.parametrize(("form", "count"), [("marcxml", 5), ("mods", 5), ("oai_dc", 5)])
def test_xml_is_one_whole_document(filled: Lienthong, form: str, count: int) -> None:
    ended = filled("export", "--format", form)
    assert (ended.code, len(etree.fromstring(ended.content))) == (0, count)


def test_iso_2709_is_nothing_but_records(filled: Lienthong, tmp_path: Path) -> None:
    ended = filled("export", "--format", "marc", "-o", tmp_path / "out.mrc")
    assert (ended.code, ended.content) == (0, b"")
    with (tmp_path / "out.mrc").open("rb") as stream:
        pieces = [piece.content for piece in split(stream)]
    assert b"".join(pieces) == (tmp_path / "out.mrc").read_bytes() == filled("export", "--format", "marc").content
    assert [decode(piece).record.control("001") for piece in pieces] == ["1", "2", "3", "4", "5"]


def test_only_the_records_of_a_set(filled: Lienthong, tmp_path: Path) -> None:
    filled("members", "add", "b", "--name", "B")
    filled("import", "b", iso2709(tmp_path / "b.mrc", map(record, range(3, 9))))
    rows = filled("export", "--format", "jsonl", "--set", "member:b").text.splitlines()
    assert [json.loads(row)["id"] for row in rows] == [4, 5, 6, 7, 8, 9]
    ended = filled("export", "--format", "jsonl", "--set", "member:c")
    assert (ended.code, ended.content) == (2, b"")
    assert "member:c: is no set; sets are: " in ended.errors


def test_an_empty_catalogue_gives_an_empty_file(lienthong: Lienthong) -> None:
    assert lienthong("export", "--format", "jsonl").content == b""
    assert len(etree.fromstring(lienthong("export", "--format", "marcxml").content)) == 0


def test_what_is_too_long_is_told_and_written_beside(filled: Lienthong, tmp_path: Path) -> None:
    filled("import", "a", marcxml(tmp_path / "long.xml", [long_record(7), record(8), long_record(9)]))
    out, beside = tmp_path / "out.mrc", tmp_path / "out.mrc.toolong.xml"
    ended = filled("export", "--format", "marc", "-o", out)
    assert ended.code == 3
    assert ended.errors.count("ISO 2709 allows 9999") == ended.errors.count(f"it is in {beside}") == 2
    numbers = [
        element.text for element in etree.parse(beside).iter(f"{SLIM}controlfield") if element.get("tag") == "001"
    ]
    assert numbers == ["6", "8"]
    with out.open("rb") as stream:
        assert len(list(split(stream))) == 6


def test_without_a_file_what_is_too_long_is_told(filled: Lienthong, tmp_path: Path) -> None:
    filled("import", "a", marcxml(tmp_path / "long.xml", [long_record(7)]))
    ended = filled("export", "--format", "marc")
    assert ended.code == 3
    assert "record 6: " in ended.errors
    assert "export it as marcxml" in ended.errors


def test_an_old_file_of_long_records_does_not_stay(filled: Lienthong, tmp_path: Path) -> None:
    old = tmp_path / "out.mrc.toolong.xml"
    old.write_text("of last year")
    assert filled("export", "--format", "marc", "-o", tmp_path / "out.mrc").code == 0
    assert not old.exists()


def test_an_export_that_fails_leaves_the_old_file(
    filled: Lienthong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Catalogue, set_spec: str = "") -> object:
        yield from ()
        raise OSError(28, "No space left on device", str(tmp_path / "out.mrc.part"))

    monkeypatch.setattr(Catalogue, "every", broken)
    (tmp_path / "out.mrc").write_text("old")
    ended = filled("export", "--format", "marc", "-o", tmp_path / "out.mrc")
    assert (ended.code, ended.errors) == (1, f"lienthong: {tmp_path / 'out.mrc.part'}: No space left on device\n")
    assert (tmp_path / "out.mrc").read_text() == "old"
    assert not (tmp_path / "out.mrc.part").exists()


def test_a_folder_that_is_not_there_is_named(filled: Lienthong, tmp_path: Path) -> None:
    ended = filled("export", "--format", "marc", "-o", tmp_path / "nowhere" / "out.mrc")
    assert ended.code == 1
    assert "nowhere" in ended.errors
    assert "No such file or directory" in ended.errors


def test_only_the_records_that_a_query_finds_in_order_of_number(filled: Lienthong) -> None:
    every = [json.loads(row)["id"] for row in filled("export", "--format", "jsonl").text.splitlines()]

    def found(query: str) -> list[int]:
        return [
            json.loads(row)["id"] for row in filled("export", "--format", "jsonl", "--cql", query).text.splitlines()
        ]

    assert found("cql.allRecords = 1") == every
    assert found('rec.id any "5 2"') == [2, 5]
    assert found("dc.title = khôngcótrongđây") == []
    assert filled("export", "--format", "jsonl", "--cql", "((").code == 2
    assert filled("export", "--format", "jsonl", "--cql", "a", "--set", "member:a").code == 2
