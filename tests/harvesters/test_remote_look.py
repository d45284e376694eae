"""A look at files on a web server: their beginnings, what the server says of them, and nothing is taken for damage."""

import gzip
from collections.abc import Iterator

import pytest

from harvesters.base import SourceSpec
from harvesters.files.look import Seen, look
from harvesters.files.remote import BEGINNING
from tests.harvesters.test_files import iso
from tests.support.hostile_oai import Asked, Hostile, Reply, serving
from tests.support.oai_run import QUICK

MANY = b"".join(iso(str(number), "x" * 900) for number in range(3000))
TOLD = {"Content-Type": "application/marc", "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT", "ETag": '"a1"'}


class Shelf:
    """Files by name; gives parts of them when it is asked for parts, and minds that."""

    def __init__(self, server: Hostile) -> None:
        self.server = server
        self.files: dict[str, bytes] = {}
        self.minds_ranges = True
        server.spoil = self.answer

    def url(self, name: str) -> str:
        return self.server.url.replace("/oai", f"/{name}?file={name}")

    def answer(self, asked: Asked, _reply: Reply) -> Reply:
        content = self.files.get(asked.arguments.get("file", ""))
        if content is None:
            return Reply(b"nothing here", 404)
        last = int(asked.headers["Range"].removeprefix("bytes=0-"))
        if not self.minds_ranges:
            return Reply(content, 200, TOLD)
        part = content[: last + 1]
        return Reply(part, 206, {**TOLD, "Content-Range": f"bytes 0-{len(part) - 1}/{len(content)}"})


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving(Hostile()) as server:
        yield Shelf(server)


def looked(*urls: str, **options: str) -> Seen:
    return look(SourceSpec("x", "files", "\n".join(urls), options={**QUICK, **options}), "thu@x.example")


@pytest.mark.parametrize("minds_ranges", [True, False])
def test_the_beginning_of_a_large_file_tells_what_it_is(shelf: Shelf, minds_ranges: bool) -> None:
    shelf.files["a.mrc"], shelf.minds_ranges = MANY, minds_ranges
    seen = looked(shelf.url("a.mrc"))
    (file,) = seen.files
    assert (file.syntax, file.bytes, file.fault, dict(file.told)) == ("iso2709", len(MANY), "", TOLD)
    assert (seen.count, seen.bytes, seen.cut, seen.damage, seen.fault) == (1, len(MANY), True, "", "")
    assert BEGINNING // len(iso("1", "x" * 900)) - 2 <= seen.total < 3000
    assert [record.local_id for record in seen.records[:3]] == ["0", "1", "2"]
    (asked,) = shelf.server.requests
    assert asked.headers["From"] == "thu@x.example"


def test_a_small_file_is_seen_whole(shelf: Shelf) -> None:
    shelf.files["a.mrc"] = iso("1") + iso("2")
    seen = looked(shelf.url("a.mrc"))
    assert (seen.total, seen.cut, seen.files[0].bytes) == (2, False, len(iso("1") + iso("2")))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_beginning_that_ends_in_the_middle_is_no_damage(shelf: Shelf, pack) -> None:
    # What does not repeat itself does not become small.
    records = "".join(
        f"<record><leader>00000nam a2200000   4500</leader><controlfield tag='001'>{number}</controlfield>"
        f"<datafield tag='245' ind1='0' ind2='0'><subfield code='a'>{number**200:x}</subfield></datafield></record>"
        for number in range(20_000)
    )
    shelf.files["a.xml.gz"] = pack(f"<collection>{records}</collection>".encode())
    seen = looked(shelf.url("a.xml.gz"))
    assert (seen.files[0].syntax, seen.cut, seen.damage, seen.fault) == ("marcxml", True, "", "")
    assert len(seen.records) == 100


def test_a_file_that_is_not_there_is_told_and_the_next_one_looked_at(shelf: Shelf) -> None:
    shelf.files["b.mrc"] = iso("1")
    seen = looked(shelf.url("a.mrc"), shelf.url("b.mrc"))
    assert [file.fault for file in seen.files] == ["the server has no such file (HTTP 404)", ""]
    assert (seen.first, seen.total) == (shelf.url("b.mrc"), 1)
    assert "no file can be read" in looked(shelf.url("a.mrc")).fault


def test_of_many_addresses_only_some_are_asked_for(shelf: Shelf) -> None:
    shelf.files = {f"{number}.mrc": iso(str(number)) for number in range(30)}
    seen = looked(*map(shelf.url, shelf.files))
    assert (seen.count, len(seen.files), len(shelf.server.requests)) == (30, 10, 10)


def test_files_of_this_machine_are_looked_at_beside_those_of_others(shelf: Shelf, tmp_path) -> None:
    shelf.files["a.mrc"] = iso("1")
    (tmp_path / "b.mrc").write_bytes(iso("2"))
    seen = looked(str(tmp_path / "b.mrc"), shelf.url("a.mrc"))
    assert [(file.bytes, bool(file.told)) for file in seen.files] == [(len(iso("2")), False), (len(iso("1")), True)]


def test_a_look_goes_nowhere_that_a_harvest_may_not_go(shelf: Shelf) -> None:
    shelf.files["a.mrc"] = iso("1")
    seen = looked(shelf.url("a.mrc"), allow_private="false")
    assert "private" in seen.fault
    assert not shelf.server.requests
