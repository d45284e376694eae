"""`lienthong import`: files of all kinds, what is told of each, and the exit code that says it."""

import gzip
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.federation.cli.conftest import Ended, Lienthong
from tests.support.records import iso2709, marcxml, record

NAMES = [
    *("run", "status", "seen", "added", "changed", "unchanged", "deleted", "rejected", "repaired"),
    *("pages", "bytes", "seconds", "message"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return iso2709(tmp_path / "a.mrc", map(record, range(9)))


def counts(ended: Ended) -> tuple[int, ...]:
    return tuple(ended.json[name] for name in ("seen", "added", "changed", "unchanged", "deleted", "rejected"))


def test_the_report_as_json_has_the_shape_of_the_contract(lienthong: Lienthong, file: Path) -> None:
    ended = lienthong("import", "a", file, "--json")
    assert (ended.code, ended.errors) == (0, "")
    assert list(ended.json) == NAMES
    assert (ended.json["status"], ended.json["message"], ended.json["bytes"]) == ("success", "", file.stat().st_size)
    assert counts(ended) == (9, 9, 0, 0, 0, 0)


def test_what_is_imported_is_found_at_once(lienthong: Lienthong, file: Path) -> None:
    lienthong("import", "a", file)
    found = lienthong("search", "895", "--json").json
    assert list(found) == ["query", "total", "hits", "facets"]
    found = lienthong("search", "van hoc", "--json").json
    assert found["total"] == 9
    assert all(list(hit) == ["id", "title", "author", "year", "members"] for hit in found["hits"])
    assert found["hits"][0]["members"] == ["a"]
    assert found["facets"]["member"] == {"a": 9}
    status = lienthong("status", "--json").json
    assert status["raw"] == status["bibs"] == status["unions"] == status["indexed"] == 9


def test_a_second_import_of_the_same_is_all_unchanged(lienthong: Lienthong, file: Path) -> None:
    lienthong("import", "a", file)
    assert counts(lienthong("import", "a", file, "--json")) == (9, 0, 0, 9, 0, 0)


def test_only_a_complete_file_takes_away_what_is_not_in_it(lienthong: Lienthong, file: Path) -> None:
    lienthong("import", "a", file)
    iso2709(file, map(record, range(6)))
    assert counts(lienthong("import", "a", file, "--json")) == (6, 0, 0, 6, 0, 0)
    iso2709(file, map(record, range(8)))
    assert counts(lienthong("import", "a", file, "--complete", "--json")) == (8, 0, 0, 8, 1, 0)
    assert lienthong("status", "--json").json["tombstones"] == 1


@pytest.mark.pathology(15, "more than a twentieth missing from a complete file is held until the operator decides")
def test_a_complete_file_that_lacks_too_much_waits_for_the_operator(lienthong: Lienthong, file: Path) -> None:
    lienthong("import", "a", file)
    iso2709(file, map(record, range(6)))
    ended = lienthong("import", "a", file, "--complete", "--json")
    assert (ended.code, ended.json["status"], counts(ended)) == (1, "partial", (6, 0, 0, 6, 0, 0))
    assert "3 of 9 records are absent, at most 1 may vanish at once" in ended.json["message"]
    assert lienthong("status", "--json").json["tombstones"] == 0
    told = lienthong("harvest", "absent", "a-files")
    assert "3 of 9 records are absent, 3 of them held" in told.text
    assert "t000007" in told.text
    assert lienthong("harvest", "absent", "a-files", "--withdraw").code == 0
    assert lienthong("status", "--json").json["tombstones"] == 3


def test_a_complete_file_that_is_damaged_takes_nothing_away(lienthong: Lienthong, file: Path, tmp_path: Path) -> None:
    lienthong("import", "a", file)
    packed = tmp_path / "a.mrc.gz"
    packed.write_bytes(gzip.compress(file.read_bytes())[:-100])
    ended = lienthong("import", "a", packed, "--complete", "--json")
    assert (ended.code, ended.json["status"], ended.json["deleted"]) == (1, "partial", 0)
    assert "a.mrc.gz: the compressed file is damaged after" in ended.json["message"]


def test_several_files_and_folders_are_one_import(lienthong: Lienthong, tmp_path: Path) -> None:
    (tmp_path / "folder" / "below").mkdir(parents=True)
    first = iso2709(tmp_path / "1.mrc", map(record, range(3)))
    second = marcxml(tmp_path / "folder" / "2.xml", map(record, range(3, 5)))
    packed = tmp_path / "folder" / "below" / "3.mrc.gz"
    packed.write_bytes(gzip.compress(iso2709(tmp_path / "3.mrc", map(record, range(5, 9))).read_bytes()))
    assert second.exists()
    assert counts(lienthong("import", "a", first, tmp_path / "folder", "--json"))[:2] == (9, 9)


def test_records_put_aside_are_told_and_the_exit_code_says_so(lienthong: Lienthong, file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"".join(b"00042nam no record at all %02d\x1d" % n for n in range(25)))
    ended = lienthong("import", "a", file)
    assert ended.code == 3
    assert ended.text.count("put aside: ") == 20
    assert "(a.mrc record 10, byte " in ended.text
    assert "and 5 more are put aside" in ended.text


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(300_000))


def pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + random.Random(5).randbytes(300_000))


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(iso2709(path.with_name("inside.mrc"), [record(1)]))


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.touch(), "the file is empty"),
    "blank": (lambda path: path.write_text("\n \n"), "the file is empty"),
    "empty-gzip": (lambda path: path.write_bytes(gzip.compress(b"")), "the file is empty"),
    "garbage": (garbage, "neither ISO 2709 nor MARCXML"),
    "pdf": (pdf, "it is a PDF"),
    "zip": (archive, "it is a ZIP archive"),
    "text": (lambda path: path.write_text("Không phải MARC"), "begins with 'Không phải MARC'"),
    "web-page": (lambda path: path.write_text("<html><body/></html>"), "holds no record"),
    "empty-folder": (lambda path: path.mkdir(), "there is no file in this folder"),
    "device": (os.mkfifo, "neither a file nor a folder"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_holds_no_records_is_named_and_changes_nothing(lienthong: Lienthong, tmp_path: Path, kind: str) -> None:
    make, told = UNREADABLE[kind]
    make(tmp_path / "x.mrc")
    ended = lienthong("import", "a", tmp_path / "x.mrc")
    assert ended.code == 1
    assert "x.mrc" in ended.errors
    assert told in ended.errors
    assert "Traceback" not in ended.errors
    assert lienthong("status", "--json").json["raw"] == 0
    assert lienthong("import", "a", tmp_path / "x.mrc", "--json").json["status"] == "failed"


def test_a_folder_in_which_one_file_holds_nothing_gives_the_others(lienthong: Lienthong, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    iso2709(folder / "a.mrc", map(record, range(4)))
    (folder / "readme.txt").write_text("Danh sách tệp")
    ended = lienthong("import", "a", folder, "--complete", "--json")
    assert (ended.code, ended.json["added"]) == (0, 4)
    assert "readme.txt" in ended.json["message"]


def test_a_file_that_is_not_there_is_wrong_usage_and_no_run(lienthong: Lienthong, tmp_path: Path) -> None:
    ended = lienthong("import", "a", tmp_path / "nowhere.mrc")
    assert ended.code == 2
    assert "nowhere.mrc: there is no such file or folder" in ended.errors
    assert lienthong("status", "--json").json["sources"] == 0


def test_a_file_that_vanishes_is_named(lienthong: Lienthong, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.files.harvester.mark", lambda files: [one.path.unlink() for one in files] and "")
    ended = lienthong("import", "a", file)
    assert ended.code == 1
    assert "a.mrc: the file cannot be opened: No such file" in ended.errors


def test_a_file_we_may_not_read_is_named(lienthong: Lienthong, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Permissions do not bind the superuser, who may be running this.
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("federation.store.engine._try_flock", lambda handle: True)
    ended = lienthong("import", "a", file)
    assert ended.code == 1
    assert "Traceback" not in ended.errors


def test_a_file_whose_name_is_no_text_is_imported(lienthong: Lienthong, file: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe[1].mrc"))
    file.rename(odd)
    assert counts(lienthong("import", "a", odd, "--json"))[:2] == (9, 9)
    assert "\ufffd\ufffd[1].mrc record 1" in lienthong("records", "trace", "a:t000000").text


@pytest.mark.parametrize(
    ("option", "told"),
    [("holdigs=852", "known are allow_private, answer_timeout"), ("id", "must be NAME=VALUE"),
     ("=x", "must be NAME=VALUE"), ("id=", ""), ("holdings=9", "holdings mapping '9'"), ("max_file_bytes=x", "number"),
     ("id=12$$", "option id is '12$$'")],
)  # fmt: skip
def test_options_are_checked_before_anything_is_read(lienthong: Lienthong, file: Path, option: str, told: str) -> None:
    ended = lienthong("import", "a", file, "--option", option)
    assert ended.code == (2 if told else 0)
    assert told in ended.errors
    assert lienthong("status", "--json").json["sources"] == (0 if told else 1)


def test_other_holdings_are_read_from_records_that_did_not_change(lienthong: Lienthong, file: Path) -> None:
    lienthong("import", "a", file)
    assert '"call_number": "895.922 1"' in lienthong("export", "--format", "jsonl").text
    lienthong("import", "a", file, "--option", "holdings=852,call_number=b")
    assert '"call_number": "Kho mở"' in lienthong("export", "--format", "jsonl").text
    assert lienthong("check").code == 0


def test_an_unknown_member_is_named_with_those_there_are(lienthong: Lienthong, file: Path) -> None:
    ended = lienthong("import", "nobody", file)
    assert ended.code == 1
    assert "nobody: is no member; members are: a" in ended.errors


def test_a_source_of_somebody_else_is_not_written_to(lienthong: Lienthong, file: Path) -> None:
    lienthong("members", "add", "b", "--name", "B")
    lienthong("sources", "add", "a-files", "--member", "b", "--kind", "files", "--url", "/x")
    ended = lienthong("import", "a", file)
    assert ended.code == 2
    assert "a-files" in ended.errors
    assert lienthong("status", "--json").json["raw"] == 0
