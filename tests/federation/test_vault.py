"""The vault: secrets encrypted with a key in the home; a lost, wrong, open or damaged key is told, never guessed."""

import stat
import threading
from pathlib import Path

import pytest

from federation import vault
from federation.errors import Unavailable

SECRET = ("password", "token")
OPTIONS = {"user": "thu", "password": "mật khẩu", "retries": "3"}


def test_secrets_are_encrypted_and_come_back(tmp_path: Path) -> None:
    stored = vault.lock(tmp_path, OPTIONS, SECRET)
    assert (stored["user"], stored["retries"]) == ("thu", "3")
    assert vault.is_locked(stored["password"])
    assert "khẩu" not in str(stored)
    assert vault.lock(tmp_path, OPTIONS, SECRET) != stored
    assert vault.unlock(tmp_path, stored, "x") == OPTIONS


def test_the_key_is_for_its_owner_only_and_made_at_first_need(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert vault.lock(home, {"retries": "3", "password": ""}, SECRET) == {"retries": "3", "password": ""}
    assert vault.unlock(home, {"retries": "3"}, "x") == {"retries": "3"}
    assert not home.exists()
    vault.lock(home, OPTIONS, SECRET)
    assert [file.name for file in home.iterdir()] == [vault.NAME]
    assert stat.S_IMODE((home / vault.NAME).stat().st_mode) == 0o600


def test_what_looks_encrypted_and_was_typed_is_encrypted_all_the_same(tmp_path: Path) -> None:
    typed = {"password": "locked.abc"}
    assert vault.unlock(tmp_path, vault.lock(tmp_path, typed, SECRET), "x") == typed


def test_many_that_begin_together_share_one_key(tmp_path: Path) -> None:
    stored: list[dict[str, str]] = []
    threads = [threading.Thread(target=lambda: stored.append(vault.lock(tmp_path, OPTIONS, SECRET))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [vault.unlock(tmp_path, each, "x") for each in stored] == [OPTIONS] * 12


def test_a_lost_key_says_to_set_the_password_again(tmp_path: Path) -> None:
    stored = vault.lock(tmp_path, OPTIONS, SECRET)
    (tmp_path / vault.NAME).unlink()
    with pytest.raises(Unavailable, match=r"is not there; .* `lienthong sources login koha`"):
        vault.unlock(tmp_path, stored, "koha")
    assert not (tmp_path / vault.NAME).exists()


def test_a_wrong_key_and_a_damaged_secret_say_so(tmp_path: Path) -> None:
    stored = vault.lock(tmp_path / "other", OPTIONS, SECRET)
    vault.lock(tmp_path, OPTIONS, SECRET)
    for broken in (stored, {**stored, "password": "locked."}, {**stored, "password": stored["password"][:-9]}):
        with pytest.raises(Unavailable, match="not the one that the password was stored with"):
            vault.unlock(tmp_path, broken, "x")


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 44])
def test_a_damaged_key_is_told(tmp_path: Path, content: bytes) -> None:
    stored = vault.lock(tmp_path, OPTIONS, SECRET)
    (tmp_path / vault.NAME).write_bytes(content)
    with pytest.raises(Unavailable, match="the file is damaged"):
        vault.unlock(tmp_path, stored, "x")


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    stored = vault.lock(tmp_path, OPTIONS, SECRET)
    (tmp_path / vault.NAME).chmod(0o644)
    with pytest.raises(Unavailable, match=r"mode 644.*chmod 600"):
        vault.unlock(tmp_path, stored, "x")


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises((Unavailable, OSError)) as caught:
        vault.lock(tmp_path / "home", OPTIONS, SECRET)
    assert isinstance(caught.value, Unavailable)
