"""Passwords, tokens and certificates at the command line: how they are given, kept, and never shown."""

import base64
import io
import logging
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from schemas.z3950.session import IdPass, InitRequest
from tests.federation.cli.conftest import Ended, Lienthong
from tests.support.certificates import SelfMade, self_made
from tests.support.hostile_oai import Hostile, items, serving
from tests.support.hostile_z3950 import HostileZ3950
from tests.support.oai_run import QUICK

ADD = ("sources", "add", "oai", "--member", "a", "--kind", "oaipmh")
URL = ("--url", "https://thuvien.example.vn/oai")
FILE = """
[oai]
member = "a"
kind = "oaipmh"
url = "https://thuvien.example.vn/oai"
options = { retries = 3%s }
"""


def typing(lienthong: Lienthong, typed: str, *arguments: object) -> Ended:
    with patch("sys.stdin", io.StringIO(typed)):
        return lienthong(*arguments)


def options(*pairs: str) -> tuple[str, ...]:
    return tuple(word for pair in pairs for word in ("--option", pair))


def quick() -> tuple[str, ...]:
    return options(*(f"{name}={value}" for name, value in {**QUICK, "retries": "0"}.items()))


def shown(lienthong: Lienthong) -> str:
    return lienthong("sources", "show", "oai").text


def stored(tmp_path: Path) -> str:
    """Everything that the database file holds about the source, as text."""
    with sqlite3.connect(tmp_path / "home" / "lienthong.db") as database:
        return str(database.execute("SELECT * FROM source").fetchall())


@pytest.fixture
def server() -> Iterator[Hostile]:
    with serving(Hostile(items(2))) as running:
        yield running


@pytest.fixture
def certificate(tmp_path: Path) -> SelfMade:
    return self_made(tmp_path)


@pytest.fixture
def secured(certificate: SelfMade) -> Iterator[Hostile]:
    with serving(Hostile(items(2)), certificate.context) as running:
        yield running


# --- passwords -------------------------------------------------------------------------------------------------------


def test_a_password_is_asked_for_kept_encrypted_and_never_shown(lienthong: Lienthong, tmp_path: Path) -> None:
    added = typing(lienthong, "bimat\n", *ADD, *URL, *options("user=thuthu", "password=-"))
    assert added.code == 0, added.errors
    said = added.text + added.errors + shown(lienthong) + lienthong("sources", "list").text + stored(tmp_path)
    assert not [word for word in ("bimat", "thuthu") if word in said]
    assert "password=*** (encrypted)" in shown(lienthong)
    key = tmp_path / "home" / "vault.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_harvest_shows_the_password_to_the_server_alone(
    lienthong: Lienthong, server: Hostile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lienthong(*ADD, "--url", server.url, *quick(), *options("token=bimat"))
    ended = lienthong("harvest", "run", "oai", LOG_LEVEL="DEBUG")
    dry = lienthong("harvest", "run", "oai", "--dry-run", "1")
    assert (ended.code, dry.code) == (0, 0)
    assert {asked.headers["Authorization"] for asked in server.requests} == {"Bearer bimat"}
    history = lienthong("harvest", "history").text
    assert "bimat" not in ended.text + ended.errors + dry.text + dry.errors + history + caplog.text
    assert "unencrypted (http)" in shown(lienthong)


def test_a_lost_key_says_what_to_do_and_doing_it_helps(lienthong: Lienthong, server: Hostile, tmp_path: Path) -> None:
    lienthong(*ADD, "--url", server.url, *quick(), *options("token=bimat"))
    (tmp_path / "home" / "vault.key").unlink()
    for command in (("harvest", "run", "oai"), ("harvest", "run", "oai", "--dry-run", "1")):
        ended = lienthong(*command)
        assert ended.code == 1
        assert "lienthong sources login oai" in ended.errors
    assert server.requests == []
    assert typing(lienthong, "khac\n", "sources", "login", "oai", "--token").code == 0
    assert lienthong("harvest", "run", "oai").code == 0
    assert {asked.headers["Authorization"] for asked in server.requests} == {"Bearer khac"}


def test_login_sets_changes_and_removes_what_a_source_wants(lienthong: Lienthong) -> None:
    lienthong(*ADD, *URL, *options("retries=3"))
    assert typing(lienthong, "bimat\n", "sources", "login", "oai", "--user", "thu").code == 0
    assert "user=***" in shown(lienthong)
    assert typing(lienthong, "abc\n", "sources", "login", "oai", "--token").code == 0
    assert ("token=***" in shown(lienthong), "user=" in shown(lienthong)) == (True, False)
    assert lienthong("sources", "login", "oai", "--remove").code == 0
    assert [line for line in shown(lienthong).splitlines() if "option" in line] == ["option     retries=3"]


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        ((), "", "takes one of"),
        (("--user", "a", "--token"), "x\n", "takes one of"),
        (("--token",), "", "must come on standard input"),
        (("--token",), "bi mat\n", "no token has"),
        (("--user", "a:b"), "bimat\n", "no colon"),
    ],
)
def test_mistakes_at_a_login_are_named_and_change_nothing(
    lienthong: Lienthong, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    lienthong(*ADD, *URL)
    ended = typing(lienthong, typed, "sources", "login", "oai", *arguments)
    assert (ended.code, told in ended.errors, "mat" in ended.errors) == (2, True, False)
    assert "option" not in shown(lienthong)


def test_an_applied_file_need_not_hold_the_password(lienthong: Lienthong, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"

    def applied(more: str = "", url: str = "thuvien.example.vn") -> Ended:
        file.write_text((FILE % more).replace("thuvien.example.vn", url))
        return lienthong("sources", "apply", file)

    assert applied().text.startswith("1 added")
    typing(lienthong, "bimat\n", "sources", "login", "oai", "--user", "thu")
    before = stored(tmp_path)
    assert applied().text == "0 added, 0 changed, 1 unchanged\n"
    assert stored(tmp_path) == before
    assert applied(', timeout = "9"').text.startswith("0 added, 1 changed")
    assert {"timeout=9", "password=***", "user=***"} <= {line.split()[1] for line in shown(lienthong).splitlines()}
    # In the file, it is encrypted on its way in; the same one again changes nothing.
    assert applied(', token = "abc"').text.startswith("0 added, 1 changed")
    assert ("user=" in shown(lienthong), "abc" in stored(tmp_path)) == (False, False)
    assert applied(', token = "abc"').text == "0 added, 0 changed, 1 unchanged\n"
    assert applied(', token = ""').text.startswith("0 added, 1 changed")
    assert "token" not in shown(lienthong)
    assert applied(', token = "-"').code == 2


def test_a_password_in_an_address_is_taken_out_of_it_and_encrypted(
    lienthong: Lienthong, server: Hostile, tmp_path: Path
) -> None:
    assert lienthong(*ADD, "--url", server.url.replace("http://", "http://thu:m%40t@"), *quick()).code == 0
    assert not [word for word in ("thu:", "m%40t", "m@t") if word in stored(tmp_path)]
    assert lienthong("harvest", "run", "oai").code == 0
    sent = base64.b64encode(b"thu:m@t").decode()
    assert {asked.headers["Authorization"] for asked in server.requests} == {f"Basic {sent}"}
    file = tmp_path / "sources.toml"
    for said in ("0 added, 1 changed", "0 added, 0 changed, 1 unchanged"):
        file.write_text((FILE % "").replace("https://", "https://thu:m%40t@"))
        assert lienthong("sources", "apply", file).text.startswith(said)


def test_a_password_in_the_address_of_a_target_is_taken_out_of_it_too(
    lienthong: Lienthong, z3950: HostileZ3950, tmp_path: Path
) -> None:
    url = z3950.url.replace("://", "://thu:m%40t@")
    add = ("sources", "add", "oai", "--member", "a", "--kind", "z3950", "--url", url, *quick())
    assert lienthong(*add).code == 0
    assert not [word for word in ("thu:", "m%40t", "m@t") if word in stored(tmp_path)]
    assert lienthong("harvest", "run", "oai").code == 0
    assert z3950.of(InitRequest)[0].authentication == IdPass(None, "thu", "m@t")


def test_several_addresses_keep_their_lines(lienthong: Lienthong) -> None:
    url = "https://thu:khau@a.example.vn/a.mrc\nhttps://b.example.vn/b.mrc"
    lienthong("sources", "add", "oai", "--member", "a", "--kind", "files", "--url", url)
    assert "https://***@a.example.vn/a.mrc\nhttps://b.example.vn/b.mrc" in shown(lienthong)


def test_a_source_that_moves_to_another_host_does_not_take_its_password_along(
    lienthong: Lienthong, tmp_path: Path
) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(FILE % "")
    lienthong("sources", "apply", file)
    typing(lienthong, "bimat\n", "sources", "login", "oai", "--token")
    file.write_text((FILE % "").replace("thuvien.example.vn", "khac.example.vn"))
    assert lienthong("sources", "apply", file).text.startswith("0 added, 1 changed")
    assert "token" not in shown(lienthong)


def test_an_import_keeps_a_secret_encrypted_too(lienthong: Lienthong, tmp_path: Path) -> None:
    (tmp_path / "a.mrc").write_bytes(b"x")
    lienthong("import", "a", tmp_path / "a.mrc", "--option", "token=bimat")
    assert "locked." in stored(tmp_path)
    assert "bimat" not in stored(tmp_path)


@pytest.mark.parametrize("option", ["hours=nights", "per_minute=0", "certificate=abc", "user=thu"])
def test_options_of_manners_are_checked_when_they_are_typed(lienthong: Lienthong, option: str) -> None:
    assert lienthong(*ADD, *URL, *options(option)).code == 2
    assert lienthong("status", "--json").json["sources"] == 0


def test_a_look_at_a_source_takes_its_secret_along_and_proposes_none(
    lienthong: Lienthong, server: Hostile, tmp_path: Path
) -> None:
    new = typing(lienthong, "bimat\n", "sources", "probe", "x", "--url", server.url, *quick(), *options("token=-"))
    assert new.code == 0, new.errors
    assert ("bimat" in new.text + new.errors, "--option token=-" in new.text) == (False, True)
    lienthong(*ADD, "--url", server.url, "--prefix", "nowhere", *quick(), *options("token=bimat"))
    seen = lienthong("sources", "probe", "oai")
    assert seen.code == 0, seen.errors
    assert "token" not in seen.text
    assert {asked.headers["Authorization"] for asked in server.requests} == {"Bearer bimat"}
    assert "sources apply" in seen.text
    (tmp_path / "proposed.toml").write_text(seen.text.partition("<<'END'\n")[2].partition("\nEND")[0])
    assert lienthong("sources", "apply", tmp_path / "proposed.toml").code == 0
    assert "token=***" in shown(lienthong)


# --- certificates ----------------------------------------------------------------------------------------------------


@pytest.mark.pathology(31, "the operator sees the certificate, asks the library, and trusts it for one source, visibly")
def test_a_certificate_is_looked_at_trusted_and_seen(
    lienthong: Lienthong, secured: Hostile, certificate: SelfMade
) -> None:
    lienthong(*ADD, "--url", secured.url, *quick())
    refused = lienthong("harvest", "run", "oai")
    assert (refused.code, "lienthong sources trust" in refused.errors) == (1, True)
    look = lienthong("sources", "trust", "oai")
    assert look.code == 0
    for part in ("CN=thuvien.truong.example", certificate.fingerprint, "refused: self", "Ask the library", "--yes"):
        assert part in look.text
    assert "certificate=" not in shown(lienthong)
    assert "no other" in lienthong("sources", "trust", "oai", "--yes").text
    assert (f"certificate={certificate.fingerprint}" in shown(lienthong), "warning" in shown(lienthong)) == (True, True)
    assert lienthong("harvest", "run", "oai").code == 0
    assert "trusted    this one" in lienthong("sources", "trust", "oai").text
    assert lienthong("sources", "trust", "oai", "--remove").code == 0
    assert "certificate=" not in shown(lienthong)


def test_a_certificate_that_changed_is_refused_with_what_to_do(
    lienthong: Lienthong, secured: Hostile, certificate: SelfMade, tmp_path: Path
) -> None:
    old = self_made(tmp_path).fingerprint
    lienthong(*ADD, "--url", secured.url, *quick(), *options(f"certificate={old}", "token=bimat"))
    ended = lienthong("harvest", "run", "oai")
    assert (ended.code, secured.requests) == (1, [])
    assert "ask the library whether it was renewed" in ended.errors
    assert f"another one: {old}" in lienthong("sources", "trust", "oai").text


@pytest.mark.parametrize(
    ("url", "more", "code", "told"),
    [
        ("http://127.0.0.1/oai", (), 2, "has no https address"),
        ("https://127.0.0.1:1/oai", (), 1, "Connection refused"),
        ("https://127.0.0.1/oai", ("--yes", "--remove"), 2, "exclude each other"),
    ],
)
def test_mistakes_at_trusting_are_named(
    lienthong: Lienthong, url: str, more: tuple[str, ...], code: int, told: str
) -> None:
    lienthong(*ADD, "--url", url, *quick())
    ended = lienthong("sources", "trust", "oai", *more)
    assert (ended.code, told in ended.errors) == (code, True), ended.errors


# --- rest ------------------------------------------------------------------------------------------------------------


def test_a_source_that_rests_says_so_and_resuming_wakes_it(lienthong: Lienthong) -> None:
    lienthong("sources", "add", "oai", "--member", "a", "--kind", "files", "--url", "/nowhere/x.mrc")
    for _ in range(5):
        assert lienthong("harvest", "run", "oai").code == 1
    assert "after 5 failed runs in a row" in shown(lienthong)
    lienthong("sources", "resume", "oai")
    assert "rests" not in shown(lienthong)
