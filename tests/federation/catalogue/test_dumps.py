"""The open data: whole or not at all, made anew only when something changed, and every record in it."""

import gzip
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from federation import clock
from federation.catalogue import dumps, formats
from federation.catalogue.dumps import Dump
from federation.errors import Stopped, Unavailable
from schemas.errors import EncodeError
from schemas.marc.read import split
from tests.support.catalogues import Shelf


@pytest.fixture
def shelf(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf.make(database_url, tmp_path / "home")
    monkeypatch.setattr(clock, "now", made.clock)
    made.put(dict.fromkeys(range(1, 8), ("member:tvt", "type:book")))
    made.bury({3: 4, 5: None})
    made.clock.step(60)
    return made


def make(shelf: Shelf, **more: object) -> Dump | None:
    return dumps.make(shelf.catalogue, shelf.settings, **more)  # type: ignore[arg-type]


def unpacked(shelf: Shelf, dump: Dump, name: str) -> bytes:
    path = dumps.path(dumps.folder(shelf.settings), dump, name)
    assert path
    return gzip.decompress(path.read_bytes())


def test_every_live_record_is_in_every_file(shelf: Shelf) -> None:
    dump = make(shelf)
    assert dump
    live = [1, 2, 4, 6, 7]
    assert (dump.records, [file.left_out for file in dump.files]) == (5, [0, 0, 0])
    lines = [json.loads(line) for line in unpacked(shelf, dump, "union.jsonl.gz").splitlines()]
    assert [line["id"] for line in lines] == live
    assert lines[0]["record"]["title"][0] == "Sông núi <nước> & Nam 1"
    assert lines[0]["holdings"][0]["call_number"] == "895.922 1"
    collection = etree.fromstring(unpacked(shelf, dump, "union.marcxml.gz"))
    numbers = [int(str(field.text)) for field in collection.iter("{*}controlfield") if field.get("tag") == "001"]
    assert numbers == live
    assert len(list(split(io.BytesIO(unpacked(shelf, dump, "union.mrc.gz"))))) == 5


def test_files_are_those_that_the_list_names(shelf: Shelf) -> None:
    dump = make(shelf)
    assert dump == dumps.current(dumps.folder(shelf.settings))
    assert dump
    for file in dump.files:
        path = dumps.path(dumps.folder(shelf.settings), dump, file.name)
        assert path
        content = path.read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


def test_nothing_is_made_while_nothing_changes(shelf: Shelf) -> None:
    assert make(shelf)
    shelf.clock.step(3600)
    assert make(shelf) is None
    assert dumps.looked_at(dumps.folder(shelf.settings)) == shelf.clock()
    assert make(shelf, force=True)
    shelf.put({2: ("member:tvt",)}, version=1)
    shelf.clock.step(60)
    assert make(shelf)
    assert make(shelf) is None


def test_the_same_records_make_the_same_files(shelf: Shelf) -> None:
    first, second = make(shelf), make(shelf, force=True)
    assert first
    assert second
    assert [file.sha256 for file in first.files] == [file.sha256 for file in second.files]
    assert first.stamp != second.stamp


def test_what_is_being_written_while_a_dump_is_made_is_in_the_next_one(shelf: Shelf) -> None:
    promised = shelf.promise()
    shelf.clock.step(30)
    assert make(shelf)
    shelf.put({2: ("member:tvt",)}, version=1, promised=promised)
    shelf.clock.step(2)
    assert make(shelf)


def test_another_name_of_the_catalogue_or_a_lost_file_is_a_change(shelf: Shelf) -> None:
    dump = make(shelf)
    assert dump
    shelf.settings = replace(shelf.settings, public_url="https://thuvien.example")
    again = make(shelf)
    assert again
    path = dumps.path(dumps.folder(shelf.settings), again, "union.mrc.gz")
    assert path
    path.unlink()
    assert make(shelf)


def test_a_dump_that_ends_early_leaves_the_old_one_and_nothing_else(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make(shelf)

    def stop(*_: object) -> None:
        raise Stopped("stopping", "told to end")

    monkeypatch.setattr(dumps, "_OFTEN", 2)
    with pytest.raises(Stopped):
        make(shelf, force=True, progress=stop)
    folder = dumps.folder(shelf.settings)
    assert dumps.current(folder) == old
    assert old
    assert sorted(path.name for path in folder.iterdir()) == sorted([old.stamp, dumps.MANIFEST])


def test_the_dump_before_is_kept_for_downloads_under_way_and_older_ones_go(shelf: Shelf) -> None:
    made = []
    for _ in range(4):
        shelf.clock.step(3600)
        made.append(make(shelf, force=True))
    stamps = [dump.stamp for dump in made if dump]
    folder = dumps.folder(shelf.settings)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == stamps[-2:]


def test_a_record_that_a_format_cannot_hold_is_counted_and_in_the_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(record: bytes) -> bytes:
        raise EncodeError("record-too-long", "has more than 99,999 bytes", "")

    monkeypatch.setattr(formats.straight, "marc", too_long)
    dump = make(shelf)
    assert dump
    assert {file.format: file.left_out for file in dump.files} == {"marc": 5, "marcxml": 0, "jsonl": 0}


def test_a_folder_that_cannot_be_written_is_told_with_its_setting(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shelf.settings = replace(shelf.settings, dumps_folder=str(tmp_path / "file" / "below"))
    with pytest.raises(Unavailable, match="LIENTHONG_DUMPS_FOLDER"):
        make(shelf)


def test_a_list_that_cannot_be_read_is_as_none(shelf: Shelf) -> None:
    assert make(shelf)
    (dumps.folder(shelf.settings) / dumps.MANIFEST).write_text("{")
    assert dumps.current(dumps.folder(shelf.settings)) is None
    assert make(shelf)
