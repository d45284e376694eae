"""Old Vietnamese fonts on the whole road: a file comes in, its words are found, and the operator has the last word."""

from pathlib import Path

import pytest

from tests.federation.cli.conftest import Lienthong
from tests.support.hostile_oai import Hostile, Item, marc, serving
from tests.support.old_encodings import ENCODINGS, old_record, shown
from tests.support.probing import QUICK

BOOKS = (
    ("Lịch sử phát triển nông thôn tỉnh Quảng Ngãi", "Nguyễn Đức Thắng", "nông thôn tỉnh", "nong thon tinh"),
    ("Kỹ thuật trồng lúa nước ở miền núi", "Trần Thị Hồng", "trồng lúa", "trong lua"),
    ("Truyện kể về những dũng sĩ Ba Tơ", "Phạm Văn Thuỷ", "dũng sĩ", "dung si"),
)


def old_file(path: Path, encoding: str, books: tuple[tuple[str, ...], ...] = BOOKS) -> Path:
    """Write a file of records as an old system exported them."""
    records = (
        old_record(encoding, [("001", f"cd{number}"), ("100", f"$a{book[1]}"), ("245", f"$a{book[0]}$c{book[1]}")])
        for number, book in enumerate(books)
    )
    path.write_bytes(b"".join(records))
    return path


def total(lienthong: Lienthong, query: str) -> int:
    return int(lienthong("search", query, "--json").json["total"])


@pytest.mark.pathology(22, "a file in any of these encodings is found by its words with and without marks")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_in_an_old_encoding_is_found_by_its_words(lienthong: Lienthong, tmp_path: Path, encoding: str) -> None:
    ended = lienthong("import", "a", old_file(tmp_path / "cu.iso", encoding), "--json")
    assert (ended.code, ended.json["added"], ended.json["repaired"], ended.json["rejected"]) == (0, 3, 3, 0)
    for title, author, toned, folded in BOOKS:
        hits = lienthong("search", f'"{toned}"', "--json").json["hits"]
        assert [(hit["title"], hit["author"]) for hit in hits] == [(title, author)]
        assert total(lienthong, f'"{folded}"') == 1
    assert total(lienthong, "nguyễn") == total(lienthong, "nguyen") == 1


def test_the_repair_is_told_with_the_record_and_the_bytes_stay(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", old_file(tmp_path / "cu.iso", "tcvn3"))
    told = lienthong("records", "trace", "a:cd0").text
    assert "issue      repaired: encoding-vietnamese 100,245: " in told
    assert "TCVN3, " in told
    assert lienthong("check", "--json").json["ok"]


@pytest.mark.pathology(22, "what the source is said to write decides where a record cannot, and undoes a wrong guess")
def test_a_repair_is_undone_and_made_again_by_the_option(lienthong: Lienthong, tmp_path: Path) -> None:
    file = old_file(tmp_path / "cu.iso", "vni")
    lienthong("import", "a", file)
    assert total(lienthong, "nguyễn") == 1
    for value, count in (("windows-1252", 0), ("vni", 1), ("utf-8", 0), ("auto", 1)):
        assert lienthong("import", "a", file, "--option", f"encoding={value}").code == 0
        assert total(lienthong, "nguyễn") == count, value
        assert lienthong("status", "--json").json["bibs"] == 3


@pytest.mark.pathology(
    22, "below a margin nothing is guessed: the record stays as it is and is told as encoding-doubtful"
)
def test_a_doubtful_record_is_listed_kept_and_settled_by_the_option(lienthong: Lienthong, tmp_path: Path) -> None:
    file = old_file(tmp_path / "cu.iso", "tcvn3", (("Lê Cung", "Le"),))
    ended = lienthong("import", "a", file, "--json")
    assert (ended.code, ended.json["added"], ended.json["rejected"]) == (0, 1, 0)
    assert total(lienthong, "cung") == 1
    told = lienthong("records", "having", "encoding-doubtful").text
    assert "a:cd0" in told
    assert "1 records with encoding-doubtful" in told
    assert lienthong("records", "having", "encoding-doubtful", "a", "--json").json["code"] == "encoding-doubtful"
    lienthong("import", "a", file, "--option", "encoding=tcvn3")
    assert total(lienthong, '"lê cung"') == 1
    assert lienthong("search", "cung", "--json").json["hits"][0]["title"] == "Lê Cung"
    assert "0 records" in lienthong("records", "having", "encoding-doubtful").text


def test_an_encoding_that_nobody_knows_is_refused(lienthong: Lienthong, tmp_path: Path) -> None:
    ended = lienthong("import", "a", old_file(tmp_path / "cu.iso", "vni"), "--option", "encoding=vps")
    assert ended.code == 2
    assert "tcvn3" in ended.errors


@pytest.mark.pathology(22, "a probe finds the encoding of a source by the vote of a sample, and proposes the option")
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii", "cp1258", "viqr"])
def test_a_probe_finds_the_encoding_of_a_file(lienthong: Lienthong, tmp_path: Path, encoding: str) -> None:
    file = old_file(tmp_path / "cu.iso", encoding)
    ended = lienthong("sources", "probe", "moi", "--kind", "files", "--url", file, "--json")
    assert ended.json["old_encoding"]["encoding"] == encoding
    assert ended.json["old_encoding"]["records"] == ended.json["old_encoding"]["among"] == 3
    assert ended.json["old_encoding"]["score"] > 10
    assert {each["name"]: each["value"] for each in ended.json["proposed"]} == {"encoding": encoding}
    assert f"--option encoding={encoding}" in ended.json["command"]
    told = lienthong("sources", "probe", "moi", "--kind", "files", "--url", file).text
    assert "3 of 3 records of the sample" in told
    done = lienthong("sources", "probe", "moi", "--kind", "files", "--url", file, "--option", f"encoding={encoding}")
    assert "propose      encoding" not in done.text


def test_a_probe_says_nothing_of_a_file_in_unicode(lienthong: Lienthong, tmp_path: Path) -> None:
    file = tmp_path / "moi.mrc"
    lienthong("import", "a", old_file(file, "vni"))
    assert lienthong("export", "--format", "marc", "-o", file).code == 0
    found = lienthong("sources", "probe", "moi", "--kind", "files", "--url", file, "--json").json
    assert found["old_encoding"] is None
    assert found["proposed"] == []


@pytest.mark.pathology(
    22, "letters of Windows that stand for the bytes of an old encoding are read too, in XML as well"
)
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "utf-8 twice"])
def test_a_server_that_sends_the_wrong_letters_as_xml_is_read_and_probed(lienthong: Lienthong, encoding: str) -> None:
    items = [
        Item(f"oai:x:{n}", f"2026-02-0{n + 1}T10:00:00Z", marc(shown(b[0], encoding))) for n, b in enumerate(BOOKS)
    ]
    with serving(Hostile(items)) as server:
        lienthong("sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", server.url, *QUICK)
        if encoding != "utf-8 twice":
            found = lienthong("sources", "probe", "oai", "--json").json
            assert found["old_encoding"]["encoding"] == encoding
        assert lienthong("harvest", "run", "oai").code == 0
    assert all(total(lienthong, f'"{toned}"') == total(lienthong, f'"{folded}"') == 1 for *_, toned, folded in BOOKS)
