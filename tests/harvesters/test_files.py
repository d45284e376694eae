"""Files as a source: what is found, what it is taken for, how records are named, and that nothing is lost."""

import gzip
import json
import os
from pathlib import Path

import pytest

from harvesters import open_source
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError, SourceRefused
from schemas.marc.identity import fingerprint

LEADER_REST = b"nam a22%05d   4500"


def iso(number: str = "", title: str = "Sách", source: str = "", more: tuple[tuple[str, str], ...] = ()) -> bytes:
    """An ISO 2709 record with 001, 003, 245 and more fields."""
    fields = [(tag, value) for tag, value in (("001", number), ("003", source)) if value]
    fields += [("245", f"00\x1fa{title}"), *more]
    bodies = [value.encode() + b"\x1e" for _, value in fields]
    directory, offset = b"", 0
    for (tag, _), body in zip(fields, bodies, strict=True):
        directory += f"{tag}{len(body):04}{offset:05}".encode()
        offset += len(body)
    base = 24 + len(directory) + 1
    length = base + offset + 1
    return b"%05d" % length + LEADER_REST % base + directory + b"\x1e" + b"".join(bodies) + b"\x1d"


def xml(*records: tuple[str, str], prefix: str = "") -> bytes:
    """A MARCXML file with records of (001, title)."""
    p = f"{prefix}:" if prefix else ""
    inner = "".join(
        f"<{p}record><{p}leader>00000nam a2200000   4500</{p}leader>"
        f'<{p}controlfield tag="001">{number}</{p}controlfield>'
        f'<{p}datafield tag="245" ind1=" " ind2=" "><{p}subfield code="a">{title}</{p}subfield></{p}datafield>'
        f"</{p}record>\n"
        for number, title in records
    )
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}collection {declared}="http://www.loc.gov/MARC21/slim">\n'
        f"{inner}</{p}collection>\n"
    ).encode()


def pages(path: object, resume: str = "", **options: str) -> list[Page]:
    return list(open_source(SourceSpec("x", "files", str(path), options=options)).pages(Window(), resume))


def harvest(path: object, **options: str) -> tuple[list[Harvested], Ending]:
    found = pages(path, **options)
    ending = found[-1].ending
    assert ending is not None
    assert all(page.ending is None for page in found[:-1])
    return [record for page in found for record in page.records], ending


def ids(path: object, **options: str) -> list[str]:
    return [record.local_id for record in harvest(path, **options)[0]]


# --- what a file is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.mrc", "a.xml", "a.txt", "khong-duoi"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_iso_2709_is_known_by_its_content(tmp_path, name, pack):
    file = tmp_path / name
    file.write_bytes(pack(iso("1") + iso("2")))
    records, ending = harvest(file)
    assert [(record.local_id, record.syntax, record.content) for record in records] == [
        ("1", "iso2709", iso("1")),
        ("2", "iso2709", iso("2")),
    ]
    assert ending == Ending("success")


@pytest.mark.pathology(25, "MARCXML is read in any namespace or none")
@pytest.mark.parametrize("name", ["a.mrc", "a.xml", "a.gz"])
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda text: b"\xef\xbb\xbf" + text, lambda text: b"\n \n" + text]
)
@pytest.mark.parametrize("prefix", ["", "marc"])
def test_marcxml_is_known_by_its_content(tmp_path, name, pack, prefix):
    file = tmp_path / name
    file.write_bytes(pack(xml(("1", "Một"), ("2", "Hai"), prefix=prefix)))
    records, _ = harvest(file)
    assert [(record.local_id, record.syntax) for record in records] == [("1", "marcxml"), ("2", "marcxml")]
    assert records[0].content in xml(("1", "Một"), ("2", "Hai"), prefix=prefix)


def test_a_record_says_where_it_stood_to_the_byte(tmp_path):
    file = tmp_path / "sach.mrc"
    file.write_bytes(iso("1") + b"\n" + iso("2"))
    records, _ = harvest(file)
    assert records[1].where == f"sach.mrc record 2, byte {len(iso('1')) + 1}"
    offset = int(records[1].where.rpartition(" ")[2])
    assert file.read_bytes()[offset:].startswith(records[1].content)


@pytest.mark.pathology(24, "a record that cannot be read costs only itself")
def test_a_piece_that_cannot_be_read_comes_out_as_bytes(tmp_path):
    file = tmp_path / "a.mrc"
    junk = b"khong phai MARC\x1d"
    file.write_bytes(iso("1") + junk + iso("2") + iso("3")[:-20])
    records, _ = harvest(file)
    assert [record.content for record in records] == [iso("1"), junk, iso("2"), iso("3")[:-20]]
    assert records[1].findings == ("id-missing",)


@pytest.mark.parametrize("content", [b"", b"\n\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path, content):
    file = tmp_path / "rong.mrc"
    file.write_bytes(content)
    with pytest.raises(SourceRefused, match=r"rong\.mrc: the file is empty"):
        pages(file)


@pytest.mark.parametrize("content", [b"PK\x03\x04...", b"\x89PNG", b"ten;nam\nSach;1999\n", "Không phải MARC".encode()])
def test_a_file_that_is_no_marc_is_refused_with_how_it_begins(tmp_path, content):
    file = tmp_path / "la.mrc"
    file.write_bytes(content)
    with pytest.raises(SourceRefused, match=r"la\.mrc: neither ISO 2709 nor MARCXML; the file begins with") as caught:
        pages(file)
    assert caught.value.code == "file-unknown"


def test_xml_without_a_record_is_refused(tmp_path):
    file = tmp_path / "a.xml"
    file.write_bytes(b"<collection/>")
    with pytest.raises(SourceRefused, match="no record"):
        pages(file)


def test_a_doctype_is_refused(tmp_path):
    file = tmp_path / "a.xml"
    file.write_bytes(b'<!DOCTYPE x [<!ENTITY a "aaa">]>' + xml(("1", "x")).partition(b"?>")[2])
    with pytest.raises(HarvestError, match=r"a\.xml: .*DOCTYPE"):
        pages(file)


# --- which files -----------------------------------------------------------------------------------------------------


def test_a_folder_is_read_to_its_ends_in_the_order_of_names(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for place, number in (("z.mrc", "4"), ("b/1.mrc", "2"), ("b/c/0.xml.gz", "3"), ("a.mrc", "1")):
        (tmp_path / place).write_bytes(iso(number))
    (tmp_path / ".git" / "x.mrc").write_bytes(iso("9"))
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    records, _ = harvest(tmp_path)
    assert [record.local_id for record in records] == ["1", "4", "2", "3"]
    assert records[3].where == "b/c/0.xml.gz record 1, byte 0"


def test_a_glob_and_several_lines_give_each_file_once(tmp_path):
    (tmp_path / "n").mkdir()
    for place, number in (("a1.mrc", "1"), ("a2.mrc", "2"), ("b.mrc", "3"), ("n/a3.mrc", "4")):
        (tmp_path / place).write_bytes(iso(number))
    assert ids(tmp_path / "a*.mrc") == ["1", "2"]
    assert ids(tmp_path / "**" / "a*.mrc") == ["1", "2", "4"]
    assert ids(f"{tmp_path}/b.mrc\n{tmp_path}/*.mrc\n") == ["3", "1", "2"]


def test_a_file_whose_name_looks_like_a_glob_is_found(tmp_path):
    (tmp_path / "a[1].mrc").write_bytes(iso("1"))
    assert ids(tmp_path / "a[1].mrc") == ["1"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("khong-co.mrc", "no such file"),
        ("*.mrc", "no file fits"),
        (".", "no file in this folder"),
        ("", "no file is named"),
    ],
)
def test_what_is_not_there_is_refused_by_name(tmp_path, asked, message):
    with pytest.raises(SourceRefused, match=message) as caught:
        pages(tmp_path / asked if asked else "")
    assert str(tmp_path) in str(caught.value) or not asked


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused_by_name(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso("1"))
    (tmp_path / "a.mrc").chmod(0)
    with pytest.raises(SourceRefused, match=r"a\.mrc: we may not read"):
        pages(tmp_path / "a.mrc")


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.mrc")
    with pytest.raises(SourceRefused, match="neither a file nor a folder"):
        pages(tmp_path / "a.mrc")


def test_other_files_in_a_folder_are_named_and_make_it_no_longer_complete(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso("1"))
    (tmp_path / "doc.txt").write_bytes(b"xin chao")
    records, ending = harvest(tmp_path, complete="true")
    assert len(records) == 1
    assert (ending.status, ending.whole) == ("success", False)
    assert "doc.txt" in ending.message


@pytest.mark.parametrize(("complete", "whole"), [("true", True), ("false", False)])
def test_only_files_said_to_be_complete_are_whole(tmp_path, complete, whole):
    (tmp_path / "a.mrc").write_bytes(iso("1"))
    assert harvest(tmp_path, complete=complete)[1].whole is whole


# --- damage and limits -----------------------------------------------------------------------------------------------


@pytest.mark.pathology(27, "a file cut short gives what it holds and is never taken for the whole")
def test_a_gzip_file_cut_short_gives_what_it_holds_and_ends_as_partial(tmp_path):
    records = [iso(str(n), title=os.urandom(300).hex()) for n in range(200)]
    packed = gzip.compress(b"".join(records))
    (tmp_path / "a.mrc.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "b.mrc").write_bytes(iso("sau"))
    found, ending = harvest(tmp_path, complete="true")
    assert len(found) > 80
    assert [record.content for record in found[:80]] == records[:80]
    assert found[-1].local_id == "sau"
    assert (ending.status, ending.whole) == ("partial", False)
    assert "a.mrc.gz: the compressed file is damaged" in ending.message


def test_a_damaged_file_without_any_record_is_an_error(tmp_path):
    (tmp_path / "a.mrc.gz").write_bytes(gzip.compress(iso("1"))[:12])
    with pytest.raises(HarvestError, match=r"a\.mrc\.gz: the compressed file is damaged"):
        pages(tmp_path)


def test_a_file_over_its_cap_gives_what_was_within_and_names_the_option(tmp_path):
    (tmp_path / "a.mrc.gz").write_bytes(gzip.compress(iso("1") + iso("2") * 100_000))
    found, ending = harvest(tmp_path / "a.mrc.gz", max_file_bytes="1000000")
    assert found[0].local_id == "1"
    assert sum(len(record.content) for record in found) <= 1_000_000
    assert ending.status == "partial"
    assert "more than 1000000 bytes unpacked" in ending.message
    assert "max_file_bytes" in ending.message


def test_a_record_without_end_comes_in_bounded_pieces(tmp_path):
    (tmp_path / "a.mrc.gz").write_bytes(gzip.compress(iso("1") + b"00099nam" + b"x" * 25_000_000))
    found, _ = harvest(tmp_path / "a.mrc.gz")
    assert found[0].local_id == "1"
    assert max(len(record.content) for record in found) <= 10_000_000
    assert sum(len(record.content) for record in found) == len(iso("1")) + 8 + 25_000_000


# --- names -----------------------------------------------------------------------------------------------------------


def test_blanks_around_a_number_do_not_count(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso("   00000002 ", source="DLC"))
    assert ids(tmp_path) == ["00000002"]


@pytest.mark.pathology(18, "003 tells equal numbers of two agencies apart")
def test_003_tells_equal_numbers_of_two_sources_apart(tmp_path):
    (tmp_path / "a.mrc").write_bytes(
        iso("1", "a", "TVQG")
        + iso("1", "b", "DHQG")
        + iso("2", "c", "DHQG")
        + iso("1", "a2", "TVQG")
        + iso("1", "b", "DHQG")
    )
    records, ending = harvest(tmp_path)
    assert [record.local_id for record in records] == ["1", "DHQG/1", "2", "1~2", "DHQG/1"]
    assert [record.findings for record in records] == [(), (), (), ("id-repeated",), ()]
    assert "1 records stand there more than once" in ending.message


@pytest.mark.pathology(18, "in files all are kept, told apart by a suffix, and reported")
def test_equal_ids_with_other_content_are_all_kept_and_reported(tmp_path):
    (tmp_path / "a.mrc").write_bytes(b"".join(iso("7", title) for title in "abcabca"))
    records, _ = harvest(tmp_path)
    assert [record.local_id for record in records] == ["7", "7~2", "7~3", "7", "7~2", "7~3", "7"]
    assert [bool(record.findings) for record in records] == [False, True, True, False, True, True, False]
    assert ids(tmp_path) == [record.local_id for record in records], "and alike each time"


def test_a_suffix_never_takes_the_number_of_another_record(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso("7~2", "x") + iso("7", "a") + iso("7", "b"))
    assert ids(tmp_path) == ["7~2", "7", "7~3"]


def test_equal_numbers_in_two_files_are_told_apart_too(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso("1", "a"))
    (tmp_path / "b.xml").write_bytes(xml(("1", "b")))
    assert ids(tmp_path) == ["1", "1~2"]


def test_without_001_the_field_of_the_option_names_the_record(tmp_path):
    item = ("952", "  \x1fpTVT-0012\x1fcKho B")
    (tmp_path / "a.mrc").write_bytes(iso(more=(item,)) + iso("5", more=(item,)) + iso(title="khác"))
    records, _ = harvest(tmp_path, id="952p")
    assert [record.local_id for record in records] == ["TVT-0012", "5", fingerprint(iso(title="khác"))]
    assert [record.findings for record in records] == [(), (), ("id-missing",)]


def test_without_any_number_the_content_names_the_record(tmp_path):
    (tmp_path / "a.mrc").write_bytes(iso(title="a") + iso(title="b") + iso(title="a"))
    first, second, third = ids(tmp_path)
    assert first == third == fingerprint(iso(title="a"))
    assert second != first


def test_an_id_option_that_is_no_field_is_refused(tmp_path):
    with pytest.raises(SourceRefused, match="option id is '9'"):
        pages(tmp_path, id="9")


# --- pages and going on ----------------------------------------------------------------------------------------------


def many(tmp_path: Path, count: int = 1700) -> Path:
    half = count // 2
    (tmp_path / "a.mrc").write_bytes(b"".join(iso(str(n % 600), str(n)) for n in range(half)))
    (tmp_path / "b.mrc.gz").write_bytes(gzip.compress(b"".join(iso(str(n % 600), str(n)) for n in range(half, count))))
    return tmp_path


def test_pages_have_bounded_numbers_and_the_last_one_ends(tmp_path):
    found = pages(many(tmp_path))
    assert [len(page.records) for page in found] == [500, 500, 500, 200]
    assert found[0].bytes == sum(len(record.content) for record in found[0].records)
    assert [bool(page.resume) for page in found] == [True, True, True, False]


def test_pages_have_bounded_bytes(tmp_path):
    (tmp_path / "a.xml").write_bytes(xml(*((str(n), "x" * 1_000_000) for n in range(20))))
    assert [len(page.records) for page in pages(tmp_path)] == [9, 9, 2]


def test_a_later_run_goes_on_after_each_page_with_the_same_names(tmp_path):
    whole = pages(many(tmp_path))
    records = [record for page in whole for record in page.records]
    for number, page in enumerate(whole[:-1], 1):
        rest = [record for later in pages(tmp_path, resume=page.resume) for record in later.records]
        assert rest == records[500 * number :]


@pytest.mark.parametrize("change", ["size", "time", "another file"])
def test_changed_files_are_read_from_their_beginning(tmp_path, change):
    resume = pages(many(tmp_path))[0].resume
    if change == "size":
        with (tmp_path / "a.mrc").open("ab") as file:
            file.write(iso("mới"))
    elif change == "time":
        os.utime(tmp_path / "a.mrc", ns=(1, 1))
    else:
        (tmp_path / "c.mrc").write_bytes(iso("mới"))
    assert sum(len(page.records) for page in pages(tmp_path, resume=resume)) >= 1700


@pytest.mark.parametrize("resume", ["{", "[]", "null", json.dumps({"files": 1})])
def test_a_resume_that_cannot_be_read_is_no_resume(tmp_path, resume):
    assert sum(len(page.records) for page in pages(many(tmp_path), resume=resume)) == 1700


# --- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["bk-vietnam", "broken", "evergreen", "holdings-authority", "scripts-880", "usgpo"])
def test_nothing_of_real_files_is_lost(shared_data, folder):
    records, ending = harvest(shared_data / "marc" / folder)
    assert ending.status == "success"
    by_id: dict[str, set[bytes]] = {}
    for record in records:
        by_id.setdefault(record.local_id, set()).add(record.content)
    assert {len(contents) for contents in by_id.values()} == {1}, "no id stands for two contents"
    for file in sorted((shared_data / "marc" / folder).iterdir()):
        pieces = [record for record in records if record.where.startswith(f"{file.name} record ")]
        assert pieces or file.name in ending.message


def test_every_byte_of_a_real_file_is_in_a_record(shared_data):
    for file in ("lc-books-10000.mrc.gz", "uva_001_2000.marc8.mrc.gz"):
        path = shared_data / "marc" / file
        records, _ = harvest(path)
        assert b"".join(record.content for record in records) == gzip.decompress(path.read_bytes())
