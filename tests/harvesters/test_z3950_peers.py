"""The Z39.50 harvester against servers that others wrote: what is served is what comes."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvesters.base import Window
from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.z3950 import Z3950Harvester, address
from harvesters.z3950.client import Client, Wanted
from harvesters.z3950.look import look
from harvesters.z3950.received import payload
from schemas.marc import write
from schemas.marc.clean import clean
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode, split
from schemas.z3950 import oid, pqf
from schemas.z3950.browsing import SortAttributes, SortSpec
from tests.support.oai_run import QUICK
from tests.support.z3950 import yaz_server, zebra_server
from tests.support.z3950_run import harvest, spec
from tests.support.zebra import Zebra, zebra

ALL = '@attr 1=_ALLRECORDS @attr 2=103 ""'


def normalised(content: bytes, syntax: str = "iso2709") -> bytes:
    return write.marc(clean((decode_xml if syntax == "marcxml" else decode)(content).record)[0])


def served(path: Path) -> dict[str, bytes]:
    """Each record of a file by its 001, normalised: the last one of a number is what an index keeps."""
    with path.open("rb") as stream:
        records = [clean(decode(piece.content).record)[0] for piece in split(stream)]
    return {record.control("001").strip(): write.marc(record) for record in records}


def but_status(content: bytes) -> bytes:
    return content[:5] + content[6:]


@pytest.fixture
def vietnamese(shared_data: Path) -> Path:
    """95 Vietnamese books of the Library of Congress."""
    return shared_data / "marc" / "lc-vietnamese.mrc"


@pytest.fixture
def books(vietnamese: Path, tmp_path: Path) -> Iterator[tuple[Zebra, dict[str, bytes]]]:
    """The books in an index, and what they are by 001."""
    with zebra(tmp_path / "zebra", [vietnamese]) as running:
        yield running, served(vietnamese)


@pytest.mark.parametrize("syntax", ["usmarc", "xml"])
def test_every_record_served_is_harvested_byte_for_byte(books, syntax: str) -> None:
    running, expected = books
    result = harvest(spec(running.target, query=ALL, syntax=syntax, page_size="20"))
    assert {record.local_id: normalised(record.content, record.syntax) for record in result.records} == expected
    assert len(result.records) == len(expected) == 95
    assert len(result.pages) == 5
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")
    assert all(record.content in page.answer for page in result.pages for record in page.records)


@pytest.mark.pathology(22, "Z39.50 targets are asked for records as they are, in no charset agreed on.")
@pytest.mark.parametrize("negotiate", ["true", "false"])
def test_records_are_not_encoded_once_more_by_a_target_that_takes_them_for_latin_1(
    vietnamese: Path, negotiate: str
) -> None:
    with zebra_server(vietnamese.read_bytes()) as port:
        result = harvest(spec(f"z3950://127.0.0.1:{port}/Default", query=ALL, negotiate=negotiate))
    # This profile of Zebra's writes its own record status (leader 05); all else is the file's.
    came = {record.local_id: but_status(normalised(record.content)) for record in result.records}
    assert came == {name: but_status(content) for name, content in served(vietnamese).items()}
    assert result.ending.whole


@pytest.mark.pathology(37, "With a real target of Z39.50 the parts of a whole, however divided, are the whole.")
@pytest.mark.parametrize("parts", ["years:1=year,4=4", "keys:1=id,4=3", "scan:1=year,4=4", "scan:1=id,4=3"])
def test_parts_of_a_real_index_are_the_whole(books, parts: str) -> None:
    running, expected = books
    result = harvest(spec(running.target, query=ALL, cap="20", parts=parts))
    assert {record.local_id: normalised(record.content, record.syntax) for record in result.records} == expected
    assert len(result.records) == 95
    assert (result.ending.status, result.ending.whole, result.ending.message) == ("success", True, "")


def test_a_server_that_is_killed_in_the_middle_is_gone_on_with_when_it_is_back(books) -> None:
    running, expected = books
    source = spec(running.target, query=ALL, page_size="10", retries="0")
    pages = Z3950Harvester(source).pages(Window())
    first = [next(pages) for _ in range(4)]
    running.kill()
    with pytest.raises(SourceUnavailable):
        list(pages)
    running.start()
    rest = harvest(source, resume=first[-1].resume)
    assert len(rest.records) == 95 - 30, "the page that was kept last is asked for again, and what follows"
    both = [*(record for page in first for record in page.records), *rest.records]
    assert {record.local_id: normalised(record.content, record.syntax) for record in both} == expected
    assert rest.ending.status == "success"


def test_records_of_another_system_come_as_they_are(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "french.mrc"
    path.write_bytes(gzip.decompress((shared_data / "marc" / "evergreen" / "lul_fre_500.mrc.gz").read_bytes()))
    expected = served(path)
    with zebra(tmp_path / "zebra", [path], charset="marc-8") as running:
        result = harvest(spec(running.target, query=ALL, page_size="100", syntax="xml"))
    # One of them has no 001.
    assert sorted(normalised(each.content, each.syntax) for each in result.records) == sorted(expected.values())
    assert len(result.records) == 500
    assert (result.ending.status, result.ending.whole) == ("success", True)


def test_a_real_target_scans_and_refuses_in_our_words(books) -> None:
    running, expected = books
    with Client(address.read(running.target), QUICK) as client:
        found = client.search(pqf.read(ALL, client.term))
        assert found.hits == 95
        terms = client.scan(pqf.read("@attr 1=id @attr 4=3 0", client.term), 5)  # type: ignore[arg-type]
        assert len(terms) == 5
        assert {each.records for each in terms} == {1}
        with pytest.raises(SourceRefused, match="The use attribute is not supported: id"):
            client.sort((SortSpec(SortAttributes(oid.BIB_1, (pqf.attribute("1=id"),))),))
        last = payload(client.present(1, 1, Wanted()).records[0])
        assert normalised(last.content) in expected.values()
        with pytest.raises(SourceRefused, match="13 There are no such records") as refused:
            client.present(96, 1, Wanted())
        assert refused.value.code == "z3950-13"
        assert client.is_open


def test_a_look_at_a_real_target_tells_what_it_is(books) -> None:
    running, _ = books
    seen = look(spec(running.target, query=""))
    assert seen.name.startswith("Zebra Information Server")
    assert (seen.protocol, seen.charset, seen.query) == (3, "utf-8", ALL)
    assert {"search", "present", "scan"} <= set(seen.services)
    assert (seen.hits, seen.page_size, len(seen.records), seen.cap, seen.fault) == (95, 50, 10, None, "")
    assert [(each.name, each.elements, each.came) for each in seen.syntaxes] == [
        ("MARC 21", "F", "iso2709"),
        ("XML", "marcxml", "marcxml"),
    ]


def test_the_test_server_of_yaz_is_harvested_for_what_it_finds_by_chance() -> None:
    with yaz_server() as port:
        result = harvest(spec(f"z3950://127.0.0.1:{port}/Default", query="@attr 1=4 water"))
    assert all(record.syntax == "iso2709" for record in result.records)
    assert result.ending.status in ("success", "partial")
