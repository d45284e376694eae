"""`lienthong targets` and `lienthong search --target`: registered, asked, shown, taken into a file."""

from pathlib import Path

import pytest
from lxml import etree

from schemas.marc import write
from schemas.marc.read import decode, split
from tests.federation.cli.conftest import Lienthong
from tests.support.hostile_oai import Reply
from tests.support.hostile_sru import Book, HostileSru, books
from tests.support.peers import free_port
from tests.support.records import iso2709, record
from tests.support.targets import silent

LOCAL = ("--option", "allow_private=true")


def register(lienthong: Lienthong, code: str, url: str, *more: str, kind: str = "sru") -> None:
    ended = lienthong("targets", "add", code, "--kind", kind, "--url", url, *LOCAL, *more)
    assert ended.code == 0, ended.errors


@pytest.fixture
def bn(lienthong: Lienthong, sru: HostileSru) -> Lienthong:
    """A home with the target `bn`: seven books."""
    register(lienthong, "bn", sru.url, "--name", "Thư viện Quốc gia")
    return lienthong


def test_targets_are_registered_listed_shown_and_forgotten(bn: Lienthong) -> None:
    listed = bn("targets", "list").text
    assert "bn" in listed
    assert "Thư viện Quốc gia" in listed
    assert "option     allow_private=true" in bn("targets", "show", "bn").text
    assert bn("targets", "add", "bn", "--kind", "sru", "--url", "http://x.example.org/").code == 2
    assert bn("targets", "remove", "bn").code == 0
    gone = bn("targets", "show", "bn")
    assert gone.code == 1
    assert "lienthong targets add" in gone.errors


def test_a_password_is_kept_encrypted_and_shown_to_nobody(lienthong: Lienthong, tmp_path: Path) -> None:
    secret = "mậtkhẩu"
    register(
        lienthong,
        "kin",
        "z3950://z.example.org/x",
        "--option",
        "user=u",
        "--option",
        f"password={secret}",
        kind="z3950",
    )
    shown = lienthong("targets", "show", "kin").text
    assert secret not in shown
    assert "password=*** (encrypted)" in shown
    assert secret.encode() not in (tmp_path / "home" / "lienthong.db").read_bytes()


@pytest.mark.parametrize(
    ("kind", "url", "option"),
    [
        ("sru", "ftp://x.example.org", "wait=20"),
        ("z3950", "http://x.example.org", "wait=20"),
        ("sru", "http://x.example.org", "speed=20"),
        ("z3950", "z3950://x.example.org/x", "uses=title=kiều"),
    ],
)
def test_what_cannot_be_asked_is_not_registered(lienthong: Lienthong, kind: str, url: str, option: str) -> None:
    ended = lienthong("targets", "add", "x", "--kind", kind, "--url", url, "--option", option)
    assert ended.code == 2
    assert "x" not in lienthong("targets", "list").text.split()


def test_a_source_that_speaks_sru_is_listed_with_its_member(lienthong: Lienthong, sru: HostileSru) -> None:
    assert lienthong("sources", "add", "nguon", "--member", "a", "--kind", "sru", "--url", sru.url, *LOCAL).code == 0
    assert "nguon" in lienthong("targets", "list").text
    assert lienthong("search", "year:1991-1993", "--target", "nguon", "--json").json["total"] == 3
    assert lienthong("targets", "remove", "nguon").code == 1
    assert lienthong("targets", "add", "nguon", "--kind", "sru", "--url", sru.url, *LOCAL).code == 2


def test_a_source_cannot_take_the_code_of_a_target(bn: Lienthong, sru: HostileSru, tmp_path: Path) -> None:
    ended = bn("sources", "add", "bn", "--member", "a", "--kind", "sru", "--url", sru.url, *LOCAL)
    assert (ended.code, "bn: there is a target with this code already" in ended.errors) == (2, True)
    tables = tmp_path / "sources.toml"
    tables.write_text(f'[bn]\nmember = "a"\nkind = "files"\nurl = "{tmp_path}"\n')
    ended = bn("sources", "apply", tables)
    assert (ended.code, "bn: there is a target with this code already" in ended.errors) == (2, True)
    assert "bn" not in bn("sources", "list").text.split()


def test_the_list_says_what_was_found_where(bn: Lienthong) -> None:
    ended = bn("search", "year:1991-1995", "--target", "bn", "--limit", "2")
    assert ended.code == 0, ended.errors
    head, *lines = ended.text.splitlines()
    assert head.startswith("bn: 5 records, 2 shown (")
    assert lines == ["     1  Sách số 0001 (?)", "     2  Sách số 0002 (?)"]


def test_json_has_the_shape_of_a_search_and_what_became_of_each_target(bn: Lienthong) -> None:
    register(bn, "gone", f"http://127.0.0.1:{free_port()}/sru")
    with silent() as port:
        register(bn, "hangs", f"z3950://127.0.0.1:{port}/x", kind="z3950")
        asked = ("search", "year:1991-1992", "--timeout", "3", "--json")
        ended = bn(*asked, *(word for code in ("hangs", "gone", "bn") for word in ("--target", code)))
    assert ended.code == 0
    found = ended.json
    assert (found["query"], found["total"], found["facets"]) == ("year:1991-1992", 2, {})
    assert found["hits"][0] == {
        **{"id": None, "title": "Sách số 0001", "author": "", "year": None, "members": [], "isbn": []},
        **{"target": "bn", "position": 1, "fault": ""},
    }
    told = {row["target"]: (row["status"], row["code"], row["total"], row["shown"]) for row in found["targets"]}
    assert told == {
        "hangs": ("late", "late", None, 0),
        "gone": ("failed", "no-connection", None, 0),
        "bn": ("answered", "", 2, 2),
    }
    assert [row["target"] for row in found["targets"]] == ["hangs", "gone", "bn"]


def test_a_search_that_nobody_answered_has_failed(lienthong: Lienthong) -> None:
    register(lienthong, "gone", f"http://127.0.0.1:{free_port()}/sru")
    ended = lienthong("search", "kiều", "--target", "gone")
    assert ended.code == 1
    assert ended.text.startswith("gone: failed: ")


def test_a_record_that_the_union_has_is_shown_with_its_number(
    lienthong: Lienthong, sru: HostileSru, tmp_path: Path
) -> None:
    assert lienthong("import", "a", iso2709(tmp_path / "ours.mrc", [record(1)])).code == 0
    sru.listed = [Book(f"{n}", payload=write.marcxml(record(n))) for n in (1, 2)]
    register(lienthong, "bn", sru.url)
    first, second = lienthong("search", "year:2001", "--target", "bn").text.splitlines()[1:3]
    assert first.endswith("already in the union as 1 [a]")
    assert "already" not in second
    hits = lienthong("search", "year:2001", "--target", "bn", "--json").json["hits"]
    assert [(hit["id"], hit["members"]) for hit in hits] == [(1, ["a"]), (None, [])]


def test_records_are_taken_by_their_places_in_the_order_in_which_they_are_named(bn: Lienthong, tmp_path: Path) -> None:
    file = tmp_path / "taken.mrc"
    asked = ("search", "year:1990-2000", "--target", "bn", "--format", "marc", "-o", file)
    ended = bn(*asked, "--take", "5", "--take", "2")
    assert ended.code == 0, ended.errors
    assert ended.content == b""
    assert "bn:5: Sách số 0005" in ended.errors
    with file.open("rb") as stream:
        titles = [decode(piece.content).record.fields[1].subfields[0][1] for piece in split(stream)]
    assert titles == ["Sách số 0005", "Sách số 0002"]


def test_a_place_at_which_nothing_is_leaves_the_file_as_it_was(bn: Lienthong, tmp_path: Path) -> None:
    file = tmp_path / "taken.xml"
    file.write_text("what was there")
    ended = bn("search", "year:1990-2000", "--target", "bn", "--take", "2", "--take", "9", "-o", file)
    assert ended.code == 1
    assert "bn:9" in ended.errors
    assert file.read_text() == "what was there"


def test_places_of_several_targets_are_named_with_the_target(bn: Lienthong, sru: HostileSru) -> None:
    register(bn, "hai", sru.url)
    targets = ("search", "year:1990-2000", "--target", "bn", "--target", "hai")
    assert bn(*targets, "--take", "1").code == 2
    assert bn(*targets, "--take", "ba:1").code == 2
    assert bn(*targets, "--take", "hai:0").code == 2
    ended = bn(*targets, "--take", "hai:1", "--take", "bn:7")
    assert ended.code == 0, ended.errors
    root = etree.fromstring(ended.content)
    assert root.xpath("//*[@tag='001']/text()") == ["0001", "0007"]


@pytest.mark.parametrize(("form", "inside"), [("marcxml", "record"), ("mods", "mods"), ("oai_dc", "dc")])
def test_all_that_came_is_one_document(bn: Lienthong, form: str, inside: str) -> None:
    ended = bn("search", "year:1990-2000", "--target", "bn", "--format", form)
    assert ended.code == 0, ended.errors
    assert len(etree.fromstring(ended.content).findall(f"{{*}}{inside}")) == 7
    assert "7 records written" in ended.errors


def test_what_cannot_be_read_is_left_out_told_and_counted(bn: Lienthong, sru: HostileSru) -> None:
    sru.listed = [*books(1), Book("2", payload="<record>none</record>"), *books(1, first=3)]
    ended = bn("search", "year:1990-2010", "--target", "bn", "--format", "marcxml")
    assert ended.code == 3
    assert "bn:2: left out" in ended.errors
    assert len(etree.fromstring(ended.content)) == 2


def test_nothing_is_written_when_nobody_answers(bn: Lienthong, sru: HostileSru, tmp_path: Path) -> None:
    sru.spoil = lambda request, reply: Reply(b"", 404)
    file = tmp_path / "taken.mrc"
    ended = bn("search", "year:1990", "--target", "bn", "--format", "marc", "-o", file)
    assert ended.code == 1
    assert not file.exists()
    assert "HTTP 404" in ended.errors


@pytest.mark.parametrize(
    "words",
    [
        ("--take", "1"),
        ("--format", "marc"),
        ("-o", "x"),
        ("--timeout", "1"),
        ("--target", "bn", "--json", "--take", "1"),
        ("--target", "bn", "--take", "một"),
        ("--target", "bn", "--take", "1", "--take", "500"),
        ("--target", "bn", "--limit", "500"),
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_refused(bn: Lienthong, words: tuple[str, ...]) -> None:
    assert bn("search", "x", *words).code == 2


def test_cql_is_asked_of_others_too(bn: Lienthong) -> None:
    assert bn("search", "dc.date >= 1994", "--cql", "--target", "bn", "--json").json["total"] == 4


def test_a_target_is_probed_with_a_question_of_each_kind(bn: Lienthong, sru: HostileSru) -> None:
    sru.spoil = lambda request, reply: reply
    ended = bn("targets", "probe", "bn", "--json")
    rows = {row["asked"]: row for row in ended.json["asked"]}
    assert rows["year"]["status"] == "answered"
    assert set(rows) == {"any", "title", "creator", "subject", "publisher", "isbn", "issn", "year", "id"}
