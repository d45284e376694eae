"""Units of the administration by command: listed, shown, applied from files; what members hold follows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.federation.cli.conftest import Lienthong
from tests.support.records import iso2709, record


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "areas.toml"
    file.write_text(text, "utf-8")
    return file


def districts(lienthong: Lienthong, *codes: str) -> list[int]:
    return [lienthong("search", f"district:{code}", "--json").json["total"] for code in codes]


def test_units_are_listed_with_the_districts_they_were_made_of(lienthong: Lienthong) -> None:
    today, all_units = (lienthong("areas", "list", *option).text.splitlines() for option in ((), ("--all",)))
    assert today[0].split() == ["code", "name", "kind", "parent", "from", "until", "successor", "districts"]
    assert len(today) == 1 + 1 + 96
    assert len(all_units) == len(today) + 1 + 23
    assert next(line for line in today if line.startswith("21109")).split()[-2:] == ["524", "522"]


def test_a_unit_is_shown(lienthong: Lienthong) -> None:
    shown = lienthong("areas", "show", "615").text.splitlines()
    assert [line.split(maxsplit=1) for line in shown[:4]] == [
        ["code", "615"],
        ["name", "Huyện Đăk Hà"],
        ["kind", "huyen-cu"],
        ["parent", "62"],
    ]
    assert "until     2025-06-30" in shown
    missing = lienthong("areas", "show", "x")
    assert (missing.code, "x: is no administrative unit" in missing.errors) == (1, True)


def test_what_a_unit_was_made_of_is_put_right_and_the_next_run_brings_it(lienthong: Lienthong, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[a]\narea = "21109"\n', "utf-8")
    lienthong("members", "apply", tmp_path / "m.toml")
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    assert districts(lienthong, "524", "522", "527") == [3, 3, 0]
    file = written(tmp_path, '["21109"]\ndistricts = "524 527"\n')
    assert lienthong("areas", "apply", file).text.startswith("0 added, 1 changed, 0 unchanged; `lienthong run`")
    assert lienthong("areas", "apply", file).text == "0 added, 0 changed, 1 unchanged\n"
    assert lienthong("run").text == "normalise: 0\ncluster: 0\nmerge: 0\npublish: 3\n"
    assert districts(lienthong, "524", "522", "527") == [3, 0, 3]


def test_a_name_alone_waits_for_no_run_and_survives_another_init(lienthong: Lienthong, tmp_path: Path) -> None:
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(3))))
    lienthong("areas", "apply", written(tmp_path, '["528"]\nname = "H. Tư Nghĩa"\n["21235"]\ndistricts = ""\n'))
    assert lienthong("run").text.endswith("publish: 0\n")
    assert lienthong("init").code == 0
    assert "H. Tư Nghĩa" in lienthong("areas", "show", "528").text
    assert "districts -" in lienthong("areas", "show", "21235").text


def test_a_catalogue_older_than_the_table_gets_it_by_its_upgrade(lienthong: Lienthong, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "home" / "lienthong.db")) as database, database:
        database.execute("DELETE FROM unit_origin")
    assert "districts -" in lienthong("areas", "show", "21109").text
    assert lienthong("db", "upgrade").code == 0
    assert "districts 524 522" in lienthong("areas", "show", "21109").text


def test_the_next_reform_is_a_file(lienthong: Lienthong, tmp_path: Path) -> None:
    text = (
        '["21484"]\nuntil = "2030-12-31"\nsuccessor = "99999"\n'
        '["99999"]\nname = "Phường Ba Tơ"\nkind = "phuong"\nparent = "51"\nfrom = "2031-01-01"\ndistricts = "535"\n'
    )
    assert lienthong("areas", "apply", written(tmp_path, text)).text.startswith("1 added, 1 changed")
    assert lienthong("members", "add", "b", "--name", "B", "--area", "99999").code == 0
    assert "535 Huyện Ba Tơ" in lienthong("members", "show", "b").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[x]\nname = "X"\n', "x: lacks kind"),
        ('["21109"]\nfrom = "1/7/2025"\n', "from must be a day like 2025-07-01; this is 1/7/2025"),
        ('["21109"]\nparent = "999"\n', "21109: 999 is no administrative unit"),
        ('["21109"]\ndistricts = "524 51"\n', "21109: 51 is no district of old"),
        ('["21109"]\ndistrict = "524"\n', "does not know 'district'"),
    ],
)
def test_a_wrong_file_of_units_changes_nothing(lienthong: Lienthong, tmp_path: Path, text: str, told: str) -> None:
    before = lienthong("areas", "list", "--all").text
    ended = lienthong("areas", "apply", written(tmp_path, '["528"]\nname = "Z"\n' + text))
    assert ended.code == 2
    assert told in ended.errors
    assert lienthong("areas", "list", "--all").text == before
