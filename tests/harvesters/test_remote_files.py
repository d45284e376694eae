"""Files on a web server: fetched when they changed, read like any file, named the same from run to run."""

import gzip
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from harvesters import open_source
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from tests.harvesters.test_files import iso
from tests.support.hostile_oai import Asked, Hostile, Reply, serving
from tests.support.oai_run import QUICK


@dataclass
class Shelf:
    """Files by path, each with a mark that changes with it; `tagged` and `dated` say how the server marks them."""

    server: Hostile
    files: dict[str, bytes] = field(default_factory=dict)
    tagged: bool = True
    dated: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    def url(self, name: str = "a.mrc") -> str:
        return self.server.url.replace("/oai", f"/{name}?file={name}")

    def answer(self, asked: Asked, _reply: Reply) -> Reply:
        content = self.files.get(asked.arguments.get("file", ""))
        if content is None:
            return Reply(b"nothing here", 404)
        marks = {"ETag": f'"{hash(content)}"'} if self.tagged else {}
        marks |= {"Last-Modified": f"{hash(content)}"} if self.dated else {}
        told = (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since"))
        if any(told) and told == (marks.get("ETag"), marks.get("Last-Modified")):
            return Reply(b"", 304, marks)
        return Reply(content, 200, marks | self.headers)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving(Hostile()) as server:
        shelf = Shelf(server, {"a.mrc": iso("1") + iso("2"), "b.mrc": iso("3")})
        server.spoil = shelf.answer
        yield shelf


def spec(*urls: str, remembered: str = "", **options: str) -> SourceSpec:
    return SourceSpec("x", "files", "\n".join(urls), options={**QUICK, **options}, remembered=remembered)


def harvest(asked: SourceSpec, resume: str = "") -> tuple[list[Harvested], Ending]:
    pages = list(open_source(asked, "thu@x.example").pages(Window(), resume))
    ending = pages[-1].ending
    assert ending is not None
    return [record for page in pages for record in page.records], ending


def test_a_file_on_a_web_server_is_read_like_any_file(shelf):
    records, ending = harvest(spec(shelf.url(), complete="true"))
    assert [record.local_id for record in records] == ["1", "2"]
    assert (ending.status, ending.whole) == ("success", True)
    assert records[0].where == f"{shelf.url()} record 1, byte 0"
    assert shelf.server.requests[0].headers["User-Agent"].endswith("(mailto:thu@x.example)")


@pytest.mark.parametrize(("tagged", "dated"), [(True, True), (True, False), (False, True)])
def test_a_file_that_has_not_changed_is_not_fetched_again_and_proves_nothing(shelf, tagged, dated):
    shelf.tagged, shelf.dated = tagged, dated
    _, first = harvest(spec(shelf.url(), complete="true"))
    for _ in range(2):
        records, ending = harvest(spec(shelf.url(), complete="true", remembered=first.remember))
        assert (records, ending.status, ending.whole) == ([], "success", False)
        assert "nothing has changed" in ending.message
        assert ending.remember == first.remember


def test_a_file_that_has_changed_is_read(shelf):
    _, first = harvest(spec(shelf.url()))
    shelf.files["a.mrc"] += iso("9")
    records, ending = harvest(spec(shelf.url(), remembered=first.remember))
    assert [record.local_id for record in records] == ["1", "2", "9"]
    assert ending.remember != first.remember


def test_a_server_without_marks_is_read_every_time(shelf):
    shelf.tagged = shelf.dated = False
    _, first = harvest(spec(shelf.url()))
    assert first.remember == ""
    assert len(harvest(spec(shelf.url(), remembered=first.remember))[0]) == 2


def test_when_one_of_several_has_changed_all_are_read(shelf):
    both = (shelf.url(), shelf.url("b.mrc"))
    _, first = harvest(spec(*both, complete="true"))
    shelf.files["b.mrc"] = iso("1", "Khác") + iso("4")
    records, ending = harvest(spec(*both, complete="true", remembered=first.remember))
    assert [record.local_id for record in records] == ["1", "2", "1~2", "4"]
    assert ending.whole


@pytest.mark.parametrize("changed", [{"id": "952p"}, {"complete": "true"}])
def test_other_options_are_another_question(shelf, changed):
    _, first = harvest(spec(shelf.url()))
    assert len(harvest(spec(shelf.url(), remembered=first.remember, **changed))[0]) == 2
    assert len(harvest(spec(shelf.url(), shelf.url("b.mrc"), remembered=first.remember))[0]) == 3


@pytest.mark.parametrize("remembered", ["{", "[]", "7", '{"asked": 1}', '{"marks": []}', "x" * 1000])
def test_a_memory_that_is_none_is_left_alone(shelf, remembered):
    assert len(harvest(spec(shelf.url(), remembered=remembered))[0]) == 2


def test_marks_that_are_no_text_of_a_header_are_not_remembered(shelf):
    shelf.tagged = shelf.dated = False
    shelf.headers = {"ETag": '"\xe1"'}
    assert harvest(spec(shelf.url()))[1].remember == ""


def test_files_of_this_machine_and_of_others_stand_side_by_side(shelf, tmp_path):
    (tmp_path / "c.mrc").write_bytes(iso("7"))
    asked = spec(shelf.url("b.mrc"), str(tmp_path / "c.mrc"))
    records, first = harvest(asked)
    assert [record.local_id for record in records] == ["3", "7"]
    assert len(harvest(replace(asked, remembered=first.remember))[0]) == 2


def test_a_run_goes_on_where_it_stopped_while_the_file_is_the_same(shelf, monkeypatch):
    monkeypatch.setattr("harvesters.files.harvester._PAGE_RECORDS", 1)
    first: Page = next(iter(open_source(spec(shelf.url())).pages(Window())))
    assert [record.local_id for record in harvest(spec(shelf.url()), first.resume)[0]] == ["2"]
    shelf.files["a.mrc"] = iso("0") + shelf.files["a.mrc"]
    assert [record.local_id for record in harvest(spec(shelf.url()), first.resume)[0]] == ["0", "1", "2"]


def test_a_packed_file_is_unpacked(shelf):
    shelf.files["a.mrc"] = gzip.compress(shelf.files["a.mrc"])
    assert len(harvest(spec(shelf.url()))[0]) == 2
    shelf.headers = {"Content-Encoding": "gzip"}
    assert len(harvest(spec(shelf.url()))[0]) == 2
    assert shelf.server.requests[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.pathology(27, "a file cut short on its way is fetched again, and never taken for whole")
def test_a_file_cut_short_is_fetched_again(shelf):
    shelf.server.spoil = lambda asked, reply: replace(shelf.answer(asked, reply), cut=50 if asked.number <= 2 else None)
    assert len(harvest(spec(shelf.url()))[0]) == 2
    shelf.server.spoil = lambda asked, reply: replace(shelf.answer(asked, reply), cut=50)
    with pytest.raises(SourceUnavailable, match="cut after 50 bytes"):
        harvest(spec(shelf.url()))


def test_a_file_over_the_limit_is_refused_and_nothing_is_left_behind(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shelf.files["a.mrc"] = iso("1") * 1000
    with pytest.raises(SourceRefused, match="raise the option max_bytes"):
        harvest(spec(shelf.url(), max_bytes="10000"))
    harvest(spec(shelf.url()))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_away_and_what_is_in_use_is_not(shelf, tmp_path):
    left, used = (tmp_path / f"lienthong-files-{name}" for name in ("left", "used"))
    for folder in (left, used):
        folder.mkdir()
        (folder / "x").write_bytes(b"x")
    os.utime(left, (time.time() - 3 * 86400,) * 2)
    assert len(harvest(replace(spec(shelf.url()), shared=str(tmp_path)))[0]) == 2
    assert sorted(path.name for path in tmp_path.glob("lienthong-*")) == [used.name]


def test_a_packed_file_that_grows_over_the_limit_is_stopped(shelf):
    shelf.files["a.mrc"] = gzip.compress(iso("1") + b" " * 50_000_000)
    _, ending = harvest(spec(shelf.url(), max_file_bytes="1000000"))
    assert (ending.status, "max_file_bytes" in ending.message) == ("partial", True)


@pytest.mark.parametrize(
    ("reply", "kind", "told"),
    [
        (Reply(b"", 404), SourceRefused, "has no such file"),
        (Reply(b"", 401), SourceRefused, "wants a login"),
        (Reply(b"", 304), SourceRefused, "HTTP 304"),
        (Reply(b"", 206), SourceRefused, "HTTP 206"),
        (Reply(b"", 503), SourceUnavailable, "answers 503"),
        (Reply(b"<html><body>Hello</body></html>"), HarvestError, "a.mrc"),
        (Reply(b"PK\x03\x04"), SourceRefused, "ZIP archive"),
        (Reply(b""), SourceRefused, "the file is empty"),
        (Reply(b"x", 200, {"Content-Encoding": "br"}), SourceBroken, "'br', unasked"),
        (Reply(b"", 302, {"Location": "file:///etc/passwd"}), SourceRefused, "only http and https"),
    ],
)
def test_what_is_no_file_is_told_with_the_address(shelf, reply, kind, told):
    shelf.server.spoil = lambda asked, _: reply
    with pytest.raises(kind, match=told) as caught:
        harvest(spec(shelf.url()))
    assert "127.0.0.1" in str(caught.value)


def test_a_private_address_is_not_fetched_from_unless_allowed(shelf):
    with pytest.raises(SourceRefused, match="not a public address"):
        harvest(spec(shelf.url(), allow_private="false"))
    assert shelf.server.connections == 0


def test_secrets_in_an_address_are_not_shown_with_the_records(shelf):
    records, _ = harvest(spec(shelf.url().replace("http://", "http://thu:khau@") + "&password=bimat"))
    assert not [word for word in ("khau", "bimat") if word in records[0].where]


def test_passwords_go_along(shelf: Shelf) -> None:
    harvest(spec(shelf.url(), token="abc"))
    assert shelf.server.requests[0].headers["Authorization"] == "Bearer abc"
