"""Members and sources by command: added, listed, shown, applied from files; every mistake named before it is kept."""

import re
from pathlib import Path

import pytest

from schemas.maps.tables import by_code
from tests.federation.cli.conftest import Lienthong
from tests.support.records import iso2709, record

MEMBERS = """
[a]
name = "Thư viện tỉnh"
[b]
name = "Trường"
kind = "school"
"""
SOURCES = """
[oai]
member = "a"
kind = "oaipmh"
url = "https://thuvien.example.vn/oai"
prefix = "marc21"
options = { retries = 3, complete = true }
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "apply.toml"
    file.write_text(text, "utf-8")
    return file


def source(lienthong: Lienthong, code: str) -> list[str]:
    return [" ".join(line.split()) for line in lienthong("sources", "show", code).text.splitlines()]


def test_members_are_listed_and_shown(lienthong: Lienthong) -> None:
    lienthong("members", "add", "b-1.x_y", "--name", "Bê", "--kind", "school", "--area", "51", "--level", "commune")
    listed = lienthong("members", "list").text.splitlines()
    assert [line.split()[0] for line in listed] == ["code", "a", "b-1.x_y"]
    assert "school" in listed[2]
    shown = lienthong("members", "show", "b-1.x_y").text
    assert all(text in shown for text in ("Bê", "school", "51", "commune"))


def test_the_help_names_every_level_that_pages_have_words_for(lienthong: Lienthong) -> None:
    words = re.findall(r"\w+", lienthong("members", "add", "--help").text)
    assert set(by_code("levels")) <= set(words)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("add", "a", "--name", "x"), 2, "a: there is a member with this code already"),
        (("add", "Á", "--name", "x"), 2, "Á: must be 1 to 40 of a-z"),
        (("add", "x y", "--name", "x"), 2, "x y: must be"),
        (("add", "x", "--name", "x", "--kind", "shop"), 2, "shop: is no kind of library; known are community"),
        (("add", "x", "--name", "x", "--area", "999"), 2, "999: is no administrative unit"),
        (("show", "x"), 1, "x: is no member; members are: a"),
    ],
)
def test_mistakes_about_members_are_named(
    lienthong: Lienthong, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended = lienthong("members", *arguments)
    assert (ended.code, ended.content) == (code, b"")
    assert told in ended.errors
    assert lienthong("status", "--json").json["members"] == 1


def test_a_file_of_members_is_applied_once(lienthong: Lienthong, tmp_path: Path) -> None:
    file = written(tmp_path, MEMBERS)
    assert lienthong("members", "apply", file).text.startswith("1 added, 1 changed, 0 unchanged")
    assert lienthong("members", "apply", file).text == "0 added, 0 changed, 2 unchanged\n"
    assert "Thư viện tỉnh" in lienthong("members", "show", "a").text


def test_what_a_file_does_not_name_stays(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("members", "apply", written(tmp_path, MEMBERS))
    lienthong("members", "apply", written(tmp_path, '[b]\nname = "Trường mới"\n'))
    shown = lienthong("members", "show", "b").text
    assert "Trường mới" in shown
    assert "school" in shown


def test_a_member_that_moves_takes_its_records_along(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    assert lienthong("search", "kind:public", "--json").json["total"] == 3
    assert "lienthong run" in lienthong("members", "apply", written(tmp_path, '[a]\nkind = "school"\n')).text
    assert lienthong("run").text == "normalise: 0\ncluster: 0\nmerge: 3\npublish: 3\n"
    assert lienthong("search", "kind:school", "--json").json["total"] == 3


def test_readers_find_records_where_their_library_stands_now(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    lienthong("members", "apply", written(tmp_path, '[a]\narea = "51"\n'))
    assert lienthong("run").text == "normalise: 0\ncluster: 0\nmerge: 3\npublish: 3\n"
    assert lienthong("search", "area:51", "--json").json["total"] == 3


def test_a_library_that_moves_is_found_by_its_new_old_district_after_the_next_run(
    lienthong: Lienthong, tmp_path: Path
) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    lienthong("members", "apply", written(tmp_path, '[a]\narea = "21220"\n'))
    lienthong("run")
    assert lienthong("search", "district:527", "--json").json["total"] == 3
    lienthong("members", "apply", written(tmp_path, '[a]\narea = "21109"\n'))
    lienthong("run")
    assert [lienthong("search", f"district:{code}", "--json").json["total"] for code in (522, 524, 527)] == [3, 3, 0]
    shown = lienthong("members", "show", "a").text.splitlines()
    assert [line for line in shown if line.startswith("district")] == [
        "district  524 Huyện Bình Sơn",
        "district  522 Thành phố Quảng Ngãi",
    ]


def test_where_a_library_stood_is_stated_once_and_taken_back(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    stated, taken_back = ('[a]\narea = "21109"\ndistrict = "522"\n', '[a]\ndistrict = ""\n')
    assert "1 changed" in lienthong("members", "apply", written(tmp_path, stated)).text
    assert "1 unchanged" in lienthong("members", "apply", written(tmp_path, stated)).text
    lienthong("run")
    assert [lienthong("search", f"district:{code}", "--json").json["total"] for code in (522, 524)] == [3, 0]
    assert "1 changed" in lienthong("members", "apply", written(tmp_path, taken_back)).text
    assert "1 unchanged" in lienthong("members", "apply", written(tmp_path, taken_back)).text
    # No export names a district: nothing is merged anew, and no harvester receives a record again.
    assert lienthong("run").text == "normalise: 0\ncluster: 0\nmerge: 0\npublish: 3\n"
    assert [lienthong("search", f"district:{code}", "--json").json["total"] for code in (522, 524)] == [3, 3]
    assert lienthong("check").code == 0


def test_a_new_library_may_state_its_district_too(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("members", "apply", written(tmp_path, '[b]\narea = "51"\ndistrict = "528"\n'))
    assert "528 Huyện Tư Nghĩa" in lienthong("members", "show", "b").text
    wrong = lienthong("members", "apply", written(tmp_path, '[b]\ndistrict = "21220"\n'))
    assert (wrong.code, "21220: is no district of old" in wrong.errors) == (2, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [("= x", "is no TOML file"), ("a = 1", "[a]: every entry must be a table"),
     ("[a]\nnaem = 'x'", "does not know 'naem'"),
     ("[a]\nname = []", "name must be a text"), ("[A]\nname = 'x'", "A: must be 1 to 40"),
     ("[c]\nname = 'c'\n[d]\nkind = 'shop'", "shop: is no kind")],
)  # fmt: skip
def test_a_wrong_file_of_members_changes_nothing(lienthong: Lienthong, tmp_path: Path, text: str, told: str) -> None:
    ended = lienthong("members", "apply", written(tmp_path, text))
    assert ended.code == 2
    assert told in ended.errors
    assert lienthong("status", "--json").json["members"] == 1


def test_a_file_that_is_not_there_is_wrong_usage(lienthong: Lienthong, tmp_path: Path) -> None:
    for group in ("members", "sources"):
        assert lienthong(group, "apply", tmp_path / "nowhere.toml").code == 2


# --- sources ----------------------------------------------------------------------------------------------------------


def test_sources_are_listed_and_shown_without_passwords(lienthong: Lienthong) -> None:
    url = "https://me:geheim@thuvien.example.vn/oai"
    added = lienthong(
        "sources", "add", "oai", "--member", "a", "--kind", "oaipmh", "--url", url, "--option", "retries=3"
    )
    assert added.code == 0
    shown = (added, lienthong("sources", "list"), lienthong("sources", "show", "oai"))
    assert all("thuvien.example.vn" in ended.text and "geheim" not in ended.text for ended in shown)
    assert "option retries=3" in source(lienthong, "oai")
    assert lienthong("harvest", "status").text.splitlines()[1].split()[:4] == ["oai", "never", "never", "never"]


@pytest.mark.parametrize(
    ("option", "told"),
    [("retrys=3", "no option of oaipmh is called 'retrys'; known are"), ("retries=99", "write a number from 0 to 20"),
     ("retries=many", "option retries is 'many'"), ("complete=maybe", "write true or false"),
     ("holdings=95", "holdings mapping"), ("retries", "must be NAME=VALUE")],
)  # fmt: skip
def test_options_are_checked_when_they_are_typed(lienthong: Lienthong, option: str, told: str) -> None:
    added = ("sources", "add", "s", "--member", "a", "--kind", "oaipmh", "--url", "https://x.example/oai", "--option")
    ended = lienthong(*added, option)
    assert ended.code == 2
    assert told in ended.errors
    assert lienthong("status", "--json").json["sources"] == 0


def test_mistakes_about_sources_are_named(lienthong: Lienthong) -> None:
    add = ("sources", "add", "s", "--kind", "files", "--url", "/x", "--member")
    assert "b: is no member; members are: a" in lienthong(*add, "b").errors
    assert lienthong(*add, "a").code == 0
    again = lienthong(*add, "a")
    assert (again.code, "s: there is a source with this code already" in again.errors) == (2, True)
    for command in ("show", "pause", "resume"):
        ended = lienthong("sources", command, "t")
        assert (ended.code, "t: is no source; sources are: s" in ended.errors) == (1, True)


def test_a_file_of_sources_is_applied_once(lienthong: Lienthong, tmp_path: Path) -> None:
    file = written(tmp_path, SOURCES)
    assert lienthong("sources", "apply", file).text == "1 added, 0 changed, 0 unchanged\n"
    assert lienthong("sources", "apply", file).text == "0 added, 0 changed, 1 unchanged\n"
    assert {"option retries=3", "option complete=true", "prefix marc21"} <= set(source(lienthong, "oai"))
    changed = SOURCES.replace("retries = 3", "retries = 4")
    assert lienthong("sources", "apply", written(tmp_path, changed)).text.startswith("0 added, 1 changed")
    assert "option retries=4" in source(lienthong, "oai")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [('kind = "oaipmh"', "", "[oai]: lacks kind"), ('"oaipmh"', '"ftp"', "kind must be one of oaipmh, sru, z3950"),
     ("retries", "retrys", "is called 'retrys'"), ("retries = 3", "retries = 30", "from 0 to 20"),
     ("prefix", "perfix", "does not know 'perfix'"), ('member = "a"', 'member = "x"', "x: is no member"),
     ("{ retries = 3, complete = true }", "3", "options must be a table")],
)  # fmt: skip
def test_a_wrong_file_of_sources_changes_nothing(
    lienthong: Lienthong, tmp_path: Path, old: str, new: str, told: str
) -> None:
    ended = lienthong("sources", "apply", written(tmp_path, SOURCES.replace(old, new)))
    assert ended.code == (1 if "is no member" in told else 2)
    assert told in ended.errors
    assert lienthong("status", "--json").json["sources"] == 0


def test_a_source_cannot_move_to_another_member(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("members", "add", "b", "--name", "B")
    lienthong("sources", "apply", written(tmp_path, SOURCES))
    ended = lienthong("sources", "apply", written(tmp_path, SOURCES.replace('"a"', '"b"')))
    assert ended.code == 2
    assert "oai: is of a and of the kind oaipmh" in ended.errors


PLACES = """
[a]
address = "Đường Lê Trung Đình, Quảng Ngãi"
phone = "0255 3822 000"
website = "https://thuvien.example.vn"
hours = "Thứ 2 - Thứ 6: 7:30-17:00"
latitude = 15.1205
longitude = "108.7923"
"""


def test_what_a_library_tells_of_itself_is_applied_and_shown(lienthong: Lienthong, tmp_path: Path) -> None:
    assert "1 changed" in lienthong("members", "apply", str(written(tmp_path, PLACES))).text
    assert "1 unchanged" in lienthong("members", "apply", str(written(tmp_path, PLACES))).text
    shown = lienthong("members", "show", "a").text
    assert all(text in shown for text in ("Lê Trung Đình", "0255 3822 000", "15.1205", "108.7923", "7:30-17:00"))
    assert "email" not in shown
    lienthong("members", "apply", str(written(tmp_path, '[a]\nlatitude = ""\n')))
    assert "latitude" not in lienthong("members", "show", "a").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nwebsite = "javascript:alert(1)"\n', "website must begin with http"),
        ("[a]\nlatitude = 91\n", "latitude must be degrees from -90 to 90; this is 91"),
        ('[new]\nlongitude = "đông"\n', "new: longitude must be degrees"),
        ("[a]\nlongitude = nan\n", "longitude must be degrees"),
    ],
)
def test_a_place_that_cannot_be_is_named(lienthong: Lienthong, tmp_path: Path, text: str, told: str) -> None:
    ended = lienthong("members", "apply", str(written(tmp_path, text)))
    assert ended.code == 2
    assert told in ended.errors
    assert "new" not in lienthong("members", "list").text
