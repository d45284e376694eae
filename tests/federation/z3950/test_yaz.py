"""YAZ's tools at the door: every service, attribute, syntax and diagnostic of the profile, asked by others' clients."""

import re
import subprocess
from pathlib import Path

import pytest

from federation.index.engine import Question
from federation.pipeline.workplace import Workplace
from federation.z3950.users import hashed
from schemas.query import rpn_write
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term
from tests.federation.z3950.conftest import BOOKS
from tests.support.house import catalogue
from tests.support.z3950 import yaz_client, zoomsh
from tests.support.z3950_door import Open, opened


def hits(said: str) -> list[int]:
    return [int(found) for found in re.findall(r"Number of hits: (\d+)", said)]


def faults(said: str) -> list[int]:
    return [int(found) for found in re.findall(r"^ +\[(\d+)\]", said, re.MULTILINE)]


def found(port: int, *queries: str) -> list[int]:
    return hits(yaz_client(port, *(f"find {query}" for query in queries)))


def test_yaz_is_let_in_and_told_what_there_is(port: int) -> None:
    said = yaz_client(port)
    assert "Connection accepted by v3 target" in said
    assert "Lienthong" in said
    assert "Options: search present delSet scan sort namedResultSets" in said


@pytest.mark.parametrize("database", ["union", "Default", "UNION", "default"])
def test_the_database_has_two_names_in_any_case(port: int, database: str) -> None:
    assert hits(yaz_client(port, f"base {database}", "find @attr 2=103 x")) == [BOOKS]


def test_another_database_is_not_there(port: int) -> None:
    said = yaz_client(port, "base books", "find x", "base union books", "find x", "scan x")
    assert faults(said) == [235, 235, 235]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("@attr 2=103 @attr 1=1016 x", BOOKS),
        ('@attr 1=4 "truyện kiều"', 2),
        ('@attr 1=4 "truyen kieu"', 2),
        ('@attr 1=4 @attr 4=1 "kiều bản"', 1),
        ('@attr 1=4 @attr 6=3 "truyện kiều"', 1),
        ('@attr 1=4 @attr 3=1 "truyện"', 2),
        ('@attr 1=4 @attr 3=1 "kiều"', 0),
        ("@attr 1=4 @attr 5=1 truy", 2),
        ("@attr 1=4 @attr 5=2 iều", 3),
        ("@attr 1=4 @attr 5=3 truyệ", 2),
        ("@attr 1=4 @attr 5=101 ki#u", 2),
        ("@attr 1=4 @attr 5=102 ki.u", 2),
        ("@attr 1=4 @attr 5=104 k?u", 2),
        ("@attr 1=7 9786040000019", 1),
        ("@attr 1=7 978-604-0000-01-9", 1),
        ("@attr 1=1007 9786040000019", 1),
        ("@attr 1=1003 @attr 4=101 nguyễn", 6),
        ("@attr 1=21 @attr 4=1 @attr 6=3 {văn học việt nam}", BOOKS),
        ("@attr 1=31 @attr 2=4 @attr 4=4 2000", 21),
        ("@attr 1=31 @attr 2=1 @attr 4=4 1990", 9),
        ("@and @attr 1=4 kiều @not @attr 1=4 truyện @attr 1=4 nôm", 1),
        ("@or @attr 1=4 kiều @attr 1=4 rừng", 3),
        ("@prox 0 2 1 2 k 2 @attr 1=4 truyện @attr 1=4 bản", 1),
        ("@prox 0 1 1 2 k 2 @attr 1=4 truyện @attr 1=4 bản", 0),
        ("@attr 1=56 tvt", BOOKS),
        ("@attr 1=54 vie", BOOKS),
    ],
)
def test_queries_find_what_they_ask_for(port: int, query: str, count: int) -> None:
    said = yaz_client(port, f"find {query}")
    assert (hits(said), faults(said)) == ([count], [])


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("@attr 1=9999 x", 114),
        ("@attr 2=101 x", 117),
        ("@attr 4=109 x", 118),
        ("@attr 3=9 x", 119),
        ("@attr 5=103 x", 120),
        ("@attrset gils @attr 1=4 x", 121),
        ("@attr 6=9 x", 122),
        ("@attr 1=4 @attr 2=1 x", 123),
        ("@attr 8=1 x", 113),
        ('@attr 1=4 ""', 125),
        ("@attr 1=31 soon", 126),
        ("@set nothing", 30),
        ("@prox 0 2 1 2 k 3 a b", 132),
        ("@prox 0 2 1 4 k 2 a b", 131),
    ],
)
def test_what_is_not_supported_is_told(port: int, query: str, number: int) -> None:
    said = yaz_client(port, f"find {query}")
    assert (hits(said), faults(said)) == ([0], [number])


@pytest.mark.parametrize(
    "node",
    [
        Term("title", "truyện kiều"),
        Term("title", "truyện kiều", "phrase"),
        Term("title", "truyện kiều", "whole"),
        Term("title", "truyện", "begins"),
        Term("title", "ki", truncated=True),
        Term("any", "*iều", masked=True),
        Term("year", "1999", "whole", "<="),
        Term("class", "895", "begins"),
        And(Term("title", "kiều"), Not(Everything(), Term("title", "nôm"))),
        Or(Term("title", 'rừng "phương"'), Term("creator", "an", "phrase")),
        Near(Term("title", "truyện"), Term("title", "bản"), 2),
    ],
)
def test_a_tree_written_as_pqf_finds_the_same(place: Workplace, port: int, node: Node) -> None:
    assert found(port, rpn_write.pqf(node)) == [catalogue(place).find(Question(node)).total]


def test_a_query_of_another_language_is_refused(port: int) -> None:
    assert faults(yaz_client(port, "querytype ccl", "find x=1", "querytype cql", "find title=x")) == [107, 107]


ASK = "find @attr 1=4 @attr 6=3 {truyện kiều}"


@pytest.mark.parametrize(
    ("syntax", "elements", "shown"),
    [
        ("usmarc", "F", r"245 10 \$a Truy.*650  4"),
        ("usmarc", "B", r"245 10 \$a Truy"),
        ("xml", "F", r'<record xmlns="http://www.loc.gov/MARC21/slim".*tag="650"'),
        ("xml", "marcxml", r'<datafield tag="245"'),
        ("xml", "mods", r'<mods xmlns="http://www.loc.gov/mods/v3"'),
        ("xml", "oai_dc", r"<dc:title>Truyện Kiều"),
        ("xml", "dc", r"<dc:title>Truyện Kiều"),
        ("xml", "http://www.loc.gov/mods/v3", r"<mods "),
        ("sutrs", "F", r"978604"),
        ("opac", "F", r"Data holdings 0.*nucCode: tvt.*localLocation.*shelvingLocation.*callNumber: 895.922 1"),
        ("grs-1", "F", r"\(1,14\) 1.*\(2,1\) Truy"),
    ],
)
def test_records_come_in_every_syntax(port: int, syntax: str, elements: str, shown: str) -> None:
    said = yaz_client(port, ASK, f"format {syntax}", f"elements {elements}", "show 1")
    assert re.search(shown, said, re.DOTALL), said
    assert not faults(said)


def test_a_brief_record_has_less(port: int) -> None:
    full, brief, xml = (
        yaz_client(port, ASK, f"format {syntax}", f"elements {elements}", "show 1")
        for syntax, elements in (("usmarc", "F"), ("usmarc", "B"), ("xml", "B"))
    )
    assert "650" in full
    assert "650  4" not in brief
    assert 'tag="245"' in xml
    assert 'tag="650"' not in xml


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("format unimarc", "show 1"), 239),
        (("format usmarc", "elements mods", "show 1"), 25),
        (("format xml", "elements nothing", "show 1"), 25),
        (("show 2",), 13),
        (("show 0+1",), 13),
        (("show 1+1+nothing",), 30),
    ],
)
def test_what_cannot_be_presented_is_told(port: int, lines: tuple[str, ...], number: int) -> None:
    assert faults(yaz_client(port, ASK, *lines)) == [number]


def test_records_come_along_with_a_small_result(port: int) -> None:
    said = yaz_client(port, "ssub 5", "lslb 10", "mspn 2", ASK, "find @attr 1=1003 nguyễn", "find @attr 2=103 x")
    assert re.findall(r"records returned: (\d+)", said) == ["1", "2", "0"]


def test_sets_have_names_and_stand_in_queries(port: int) -> None:
    said = yaz_client(
        port,
        "find @attr 1=4 kiều",
        "find @attr 1=4 nôm",
        "find @not @set 1 @set 2",
        "show 1",
        "delete 1",
        "find @set 1",
        "delete 1",
    )
    assert hits(said) == [2, 1, 1, 0]
    assert "Truy" in said
    assert faults(said) == [30]


def titles(said: str) -> list[str]:
    return [
        re.sub(r" */.*", "", each).strip() for each in re.findall(r"^245 10 \$a (.*?)(?: /| \$c|$)", said, re.MULTILINE)
    ]


def test_sorting_is_that_of_a_vietnamese_dictionary(port: int) -> None:
    query = (
        "find @or @attr 1=4 @attr 3=1 ba @or @attr 1=4 @attr 3=1 an @or @attr 1=4 @attr 3=1 đất @attr 1=4 @attr 3=1 dế"
    )
    up, down = (yaz_client(port, "charset utf-8 utf-8", query, f"sort 1=4 {flag}", "show 1+7") for flag in ("<i", ">i"))
    order = ["An Nam chí lược", "Ăn quả nhớ kẻ trồng cây", "Ba bể", "Bà Tơ", "Bả sơn", "Dế mèn phiêu lưu ký"]
    order.append("Đất rừng phương Nam")
    assert titles(up) == order
    assert titles(down) == order[::-1]


def test_sorting_by_several_keys_and_into_another_set(port: int) -> None:
    said = yaz_client(port, "find @attr 1=4 kiều", "sort+ 1=31 >i 1=4 <i", "show 1+2", "sort 1=9999 <i")
    assert titles(said) == ["Truyện Kiều bản Nôm", "Truyện Kiều"]
    assert "status=failure" in said
    assert faults(said) == [114]


def test_scanning_goes_up_and_down_from_a_term_that_is_not_there(port: int) -> None:
    said = yaz_client(port, "charset utf-8 utf-8", "scansize 4", "scanpos 3", "scan @attr 1=4 {bá}")
    entries = re.findall(r"^([* ]) (\S.*) \((\d+)\)$", said, re.MULTILINE)
    assert [title for _, title, _ in entries][:2] == ["Bà Tơ", "Bả sơn"]
    assert entries[2][1].startswith("Biển")
    assert "4 entries, position=3" in said
    assert [mark for mark, _, _ in entries] == [" ", " ", "*", " "]


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("scanstep 2", "scan x"), 206),
        (("scansize 500", "scan x"), 1029),
        (("scanpos 30", "scan x"), 233),
        (("scan @attr 1=9999 x",), 114),
        (("scan @attr 1=63 x",), 114),
    ],
)
def test_a_scan_that_cannot_be_is_told(port: int, lines: tuple[str, ...], number: int) -> None:
    assert faults(yaz_client(port, *lines)) == [number]


def test_extended_services_are_refused(port: int, tmp_path: Path) -> None:
    record = tmp_path / "record.xml"
    record.write_text("<record/>")
    said = yaz_client(port, "base union", f"update insert 1 {record}", ASK)
    assert "221" in said
    assert hits(said) == [1]


def test_charset_negotiation_is_accepted(port: int) -> None:
    said = yaz_client(port, "close", "charset utf-8", "negcharset utf-8", f"open tcp:127.0.0.1:{port}", ASK)
    assert "UTF-8" in said.partition("Connection accepted")[2]
    assert hits(said)[-1:] == [1]


def test_a_client_by_its_address_speaks_marc_8(place: Workplace) -> None:
    with opened(place, z3950_charsets="127.0.0.0/8=marc-8") as old:
        query = b"find @attr 1=4 @attr 6=3 {truy\xf2\xe3en ki\xe3\xe1eu}\n"
        typed = f"open tcp:127.0.0.1:{old.port}\n".encode() + query + b"show 1\nquit\n"
        said = subprocess.run(["yaz-client"], input=typed, capture_output=True, timeout=30, check=False).stdout
        assert b"Number of hits: 1" in said
        assert b"Truy\xf2\xe3en Ki\xe3\xe1eu" in said or b"Truy\xe3\xf2en Ki\xe3\xe1eu" in said
        wrong = yaz_client(old.port, "find @attr 1=4 \x1b$1")
    assert faults(wrong) in ([], [125])


def test_bytes_of_another_charset_are_told_and_do_not_find_nothing(port: int) -> None:
    typed = f"open tcp:127.0.0.1:{port}\n".encode() + b"find @attr 1=4 ki\xe7u\nquit\n"
    said = subprocess.run(["yaz-client"], input=typed, capture_output=True, timeout=30, check=False).stdout
    assert faults(said.decode("latin-1")) == [125]


def test_who_knows_the_password_is_let_in(place: Workplace, tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text(f"# members\nthuvien:{hashed('mật')}\n")
    with opened(place, z3950_users=str(users)) as closed:
        address, asked = f"tcp:127.0.0.1:{closed.port}", "find @attr 2=103 x"
        right = yaz_client(closed.port, "auth thuvien mật", "close", f"open {address}", asked)
        assert hits(right)[-1:] == [BOOKS]
        for wrong in ("thuvien x", "nobody mật", "thuvien/x", "thuvien"):
            said = yaz_client(closed.port, f"auth {wrong}", "close", f"open {address}", asked)
            assert "Connection rejected by v3 target" in said
            assert "1011" in said
        assert "1011" in zoomsh(f"open {address}", "search @attr 2=103 x")
        told = zoomsh("set user thuvien", "set password mật", f"open {address}/union", "search @attr 2=103 x")
        assert f"{BOOKS} hits" in told


def test_zoom_searches_shows_scans_and_sorts(port: int) -> None:
    said = zoomsh(
        "set preferredRecordSyntax usmarc",
        f"open tcp:127.0.0.1:{port}/union",
        "search @attr 1=4 kiều",
        "show 0 2",
        "sort 1=4 >",
        "show 0 1",
        "set number 3",
        "scan @attr 1=4 ba",
    )
    assert "2 hits" in said
    assert said.count("Truyện Kiều bản Nôm") == 2
    assert "Bà Tơ" in said


def test_both_ends_may_say_goodbye(running: Open, port: int) -> None:
    assert "Target has closed the association" in yaz_client(port, "close")


def test_a_client_of_version_2_is_served(port: int) -> None:
    said = yaz_client(port, "close", "zversion 2", f"open tcp:127.0.0.1:{port}", ASK, "show 1")
    assert "accepted by v2 target" in said
    assert hits(said)[-1:] == [1]
    assert "Truy" in said
