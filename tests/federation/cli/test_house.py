"""The house by command: made, looked at, checked; settings told; what is missing or damaged is named in one line."""

import sqlite3
from pathlib import Path

import pytest

from federation import config
from tests.federation.cli.conftest import Lienthong

EMPTY = {
    **dict.fromkeys(("members", "sources", "raw", "raw_deleted", "rejected", "bibs", "clusters", "unions"), 0),
    **{"tombstones": 0, "indexed": 0, "pending": dict.fromkeys(("normalise", "cluster", "merge", "publish"), 0)},
}
LOOKING = [
    ("status",), ("check",), ("run",), ("members", "list"), ("sources", "list"), ("harvest", "status"),
    ("harvest", "history"), ("search", "x"), ("records", "show", "1"), ("records", "trace", "1"),
    ("clusters", "explain", "1", "2"), ("export", "--format", "marc"), ("index", "check"), ("index", "rebuild"),
    ("db", "check"), ("import", "a", "."), ("harvest", "run", "a"),
]  # fmt: skip


def test_init_is_safe_to_repeat(empty: Lienthong) -> None:
    assert [empty("init").code, empty("init").code] == [0, 0]
    assert empty("status", "--json").json == EMPTY
    assert list(empty("status", "--json").json) == list(EMPTY)
    assert empty("check", "--json").json == {"ok": True, "faults": []}


@pytest.mark.parametrize("arguments", [*LOOKING, ("db", "upgrade")], ids=" ".join)
def test_without_a_home_every_command_says_what_to_do(empty: Lienthong, arguments: tuple[str, ...]) -> None:
    ended = empty(*arguments)
    assert (ended.code, ended.content) == (1, b"")
    assert ended.errors.startswith("lienthong: ")
    assert "run `lienthong init`" in ended.errors
    assert ended.errors.count("\n") == 1


def test_a_home_that_is_no_folder_is_named(tmp_path: Path, empty: Lienthong) -> None:
    (tmp_path / "home").write_text("a file")
    ended = empty("init")
    assert ended.code == 1
    assert str(tmp_path / "home") in ended.errors


def test_a_damaged_database_is_named(tmp_path: Path, lienthong: Lienthong) -> None:
    for name in ("lienthong.db", "lienthong.db-wal", "lienthong.db-shm"):
        (tmp_path / "home" / name).unlink(missing_ok=True)
    (tmp_path / "home" / "lienthong.db").write_text("this is no database" * 100)
    for arguments in (("status",), ("init",), ("db", "upgrade"), ("members", "list")):
        ended = lienthong(*arguments)
        assert ended.code == 1
        assert "lienthong.db: file is not a database" in ended.errors


def test_a_database_server_that_is_away_is_named_without_its_password(lienthong: Lienthong) -> None:
    for arguments in (("status",), ("init",), ("db", "check")):
        ended = lienthong(*arguments, DATABASE_URL="postgresql+psycopg://me:geheim@127.0.0.1:1/catalogue")
        assert ended.code == 1
        assert "127.0.0.1:1/catalogue" in ended.errors
        assert "geheim" not in ended.errors


def test_a_catalogue_of_a_newer_version_is_left_alone(tmp_path: Path, lienthong: Lienthong) -> None:
    with sqlite3.connect(tmp_path / "home" / "lienthong.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("status",), ("init",), ("db", "upgrade"), ("db", "check")):
        ended = lienthong(*arguments)
        assert ended.code == 1
        assert "9999" in ended.errors
        assert "newer" in ended.errors


def test_a_missing_or_damaged_index_is_named_and_built_anew(tmp_path: Path, lienthong: Lienthong) -> None:
    for file in [file for file in (tmp_path / "home" / "index").rglob("*") if file.is_file()]:
        file.write_text("junk")
    ended = lienthong("index", "check")
    assert ended.code == 1
    assert "lienthong index rebuild" in ended.errors
    assert lienthong("index", "rebuild").text == "0 records indexed\n"
    assert lienthong("index", "check").code == 0


def test_all_wrong_settings_are_told_together(tmp_path: Path, lienthong: Lienthong) -> None:
    (tmp_path / "home" / "lienthong.toml").write_text('nonsense = 1\nlienthong_public_url = "ftp:x"\n')
    for arguments in (("status",), ("settings",), ("init",)):
        ended = lienthong(*arguments, WEB_BIND="nowhere", OAI_PAGE_SIZE="0")
        assert ended.code == 2
        for name in ("nonsense", "LIENTHONG_PUBLIC_URL", "LIENTHONG_WEB_BIND", "LIENTHONG_OAI_PAGE_SIZE"):
            assert name in ended.errors


def test_a_settings_file_that_is_no_toml_is_named(tmp_path: Path, lienthong: Lienthong) -> None:
    (tmp_path / "home" / "lienthong.toml").write_text("= ?")
    ended = lienthong("status")
    assert ended.code == 2
    assert "lienthong.toml" in ended.errors


def test_settings_tells_every_setting_with_its_origin(tmp_path: Path, lienthong: Lienthong) -> None:
    (tmp_path / "home" / "lienthong.toml").write_text('lienthong_repository_id = "thuvien.example.vn"\n')
    ended = lienthong("settings", PUBLIC_URL="https://thuvien.example.vn/")
    assert ended.code == 0
    assert [line.partition("=")[0] for line in ended.text.splitlines()[::2]] == [one.name for one in config.SETTINGS]
    assert "LIENTHONG_PUBLIC_URL=https://thuvien.example.vn\n    from environment." in ended.text
    assert "LIENTHONG_REPOSITORY_ID=thuvien.example.vn\n    from " in ended.text
    assert "lienthong.toml" in ended.text
    assert "LIENTHONG_WEB_BIND=127.0.0.1:8080\n    from default." in ended.text


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://me:geheim@h/x", "postgresql+psycopg:///x?host=h&password=geheim"]
)
def test_settings_hides_passwords(lienthong: Lienthong, url: str) -> None:
    ended = lienthong("settings", DATABASE_URL=url)
    assert "geheim" not in ended.text
    assert "LIENTHONG_DATABASE_URL=postgresql+psycopg://" in ended.text


@pytest.mark.parametrize(
    "arguments",
    [(), ("nope",), ("status", "--nope"), ("run", "nope"), ("export",), ("export", "--format", "docx"), ("search",),
     ("search", "x", "--limit", "0"), ("members",), ("members", "add", "x"), ("harvest", "run"), ("import", "a"),
     ("sources", "add", "x", "--member", "a", "--kind", "ftp", "--url", "x"),
     ("records", "show", "1", "--format", "x")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_two(lienthong: Lienthong, arguments: tuple[str, ...]) -> None:
    ended = lienthong(*arguments)
    assert (ended.code, ended.content) == (2, b"")
    assert "Usage:" in ended.errors


def test_an_unknown_level_of_logging_is_named(lienthong: Lienthong) -> None:
    ended = lienthong("status", LOG_LEVEL="loud")
    assert ended.code == 2
    assert "LIENTHONG_LOG_LEVEL=loud" in ended.errors


def test_the_database_is_of_the_shape_this_version_needs(lienthong: Lienthong) -> None:
    assert lienthong("db", "upgrade").code == 0
    ended = lienthong("db", "check")
    assert (ended.code, ended.text.endswith(", 0 differences\n")) == (0, True)


def test_a_database_of_another_shape_is_told(tmp_path: Path, lienthong: Lienthong) -> None:
    with sqlite3.connect(tmp_path / "home" / "lienthong.db") as database:
        database.execute("CREATE TABLE surplus (id INTEGER)")
    for arguments in (("db", "check"), ("check",)):
        ended = lienthong(*arguments)
        assert ended.code == 1
        assert "surplus" in ended.text
    found = lienthong("check", "--json").json
    assert found["ok"] is False
    assert [set(fault) for fault in found["faults"]] == [{"code", "what", "ids"}]


def test_help_and_version_end_well(empty: Lienthong) -> None:
    for arguments in (("--help",), ("--version",), ("harvest", "--help"), ("import", "-h")):
        assert empty(*arguments).code == 0
