"""The SRU harvester against a server that others wrote, and answers of real libraries: what is served is what comes."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvesters.base import Window
from harvesters.errors import SourceUnavailable
from harvesters.names import Names
from harvesters.sru import SruHarvester, answer
from harvesters.sru.look import look
from schemas.marc import write
from schemas.marc.clean import clean
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode, split
from tests.support.sru_run import harvest, spec
from tests.support.zebra import Zebra, zebra


def served(path: Path) -> dict[str, bytes]:
    """Each record of a file by its 001, normalised: the last one of a number is what an index keeps."""
    with path.open("rb") as stream:
        records = [clean(decode(piece.content).record)[0] for piece in split(stream)]
    return {record.control("001").strip(): write.marc(record) for record in records}


def came(content: bytes) -> bytes:
    return write.marc(clean(decode_xml(content).record)[0])


@pytest.fixture
def books(shared_data: Path, tmp_path: Path) -> Iterator[tuple[Zebra, dict[str, bytes]]]:
    """95 Vietnamese books of the Library of Congress, and what they are by 001."""
    path = shared_data / "marc" / "lc-vietnamese.mrc"
    with zebra(tmp_path / "zebra", [path]) as running:
        yield running, served(path)


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_every_record_served_is_harvested_byte_for_byte(books, version: str) -> None:
    running, expected = books
    result = harvest(spec(running.url, version=version, page_size="20"))
    assert {record.local_id: came(record.content) for record in result.records} == expected
    assert len(result.records) == len(expected) == 95
    assert len(result.pages) == 5
    assert (result.ending.status, result.ending.whole) == ("success", True)
    assert all(record.content in page.answer for page in result.pages for record in page.records)


@pytest.mark.pathology(37, "With a real peer too the parts of a whole, however divided, are the whole.")
@pytest.mark.parametrize("parts", ["years:dc.date", "keys:rec.id", "scan:dc.date", "scan:rec.id"])
def test_parts_of_a_real_index_are_the_whole(books, parts: str) -> None:
    running, expected = books
    result = harvest(spec(running.url, cap="20", parts=parts))
    assert {record.local_id: came(record.content) for record in result.records} == expected
    assert len(result.records) == 95
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")


def test_a_server_that_is_killed_in_the_middle_is_gone_on_with_when_it_is_back(books) -> None:
    running, expected = books
    source = spec(running.url, page_size="10", retries="0")
    pages = SruHarvester(source).pages(Window())
    first = [next(pages) for _ in range(4)]
    running.kill()
    with pytest.raises(SourceUnavailable):
        list(pages)
    running.start()
    rest = harvest(source, resume=first[-1].resume)
    assert len(rest.records) == 95 - 30, "the page that was kept last is asked for again, and what follows"
    both = [*(record for page in first for record in page.records), *rest.records]
    assert {record.local_id: came(record.content) for record in both} == expected
    assert rest.ending.status == "success"


def test_records_in_marc_8_of_another_system_come_as_they_are(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "french.mrc"
    path.write_bytes(gzip.decompress((shared_data / "marc" / "evergreen" / "lul_fre_500.mrc.gz").read_bytes()))
    expected = served(path)
    with zebra(tmp_path / "zebra", [path], charset="marc-8") as running:
        result = harvest(spec(running.url))
    # One of them has no 001.
    assert sorted(came(record.content) for record in result.records) == sorted(expected.values())
    assert len(result.records) == 500
    assert (result.ending.status, result.ending.whole) == ("success", True)


def test_a_look_at_a_real_server_tells_what_it_is(books) -> None:
    running, _ = books
    seen = look(spec(running.url))
    assert (seen.title, seen.version, seen.asked_version, seen.chosen) == ("Zebra", "1.2", "1.2", "marcxml")
    assert (seen.hits, seen.page_size, len(seen.records), seen.cap) == (95, 50, 10, None)
    assert (seen.encoding, seen.tells_next, seen.fault, seen.notes) == ("UTF-8", False, "", ())
    assert seen.indexes == ("rec.id", "dc.date", "rec.changed")


# --- answers of real libraries ------------------------------------------------------------


def samples(folder: Path) -> list[Path]:
    return sorted((folder / "oai-sru-samples").glob("metafacture__sru_*.xml"))


def test_answers_of_real_libraries_give_all_their_records(shared_data: Path) -> None:
    total = 0
    for path in samples(shared_data):
        content = path.read_bytes()
        root = answer.parsed(content, path.name)
        said, found = answer.said(root), list(answer.records(root, content, 1, Names()))
        assert len(found) == content.count(b"<recordData>"), path.name
        assert {record.syntax for record in found} == {"marcxml"}
        assert said.hits in (1910, 3052)
        assert said.next is not None
        assert said.diagnostics == ()
        for record in found:
            assert record.content in content
            # A title may come in one collection with the records of its holdings; they are no titles.
            read = decode_xml(record.content).record
            assert (record.local_id, read.leader[6]) == (read.control("001"), "a")
            assert content.count(record.local_id.encode()) >= 1
        total += len(found)
    assert total == 8
