"""Key files: made once, for their owner only, the same for all that begin together, and nothing half made stays."""

import secrets
import stat
import threading
from pathlib import Path

import pytest

from federation.keyfile import make_once


def test_a_key_is_made_for_its_owner_only_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "home" / "some.key"
    make_once(file, lambda: b"first")
    make_once(file, lambda: b"second")
    assert file.read_bytes() == b"first"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_of_many_that_begin_together_one_wins_and_no_draft_is_left(tmp_path: Path) -> None:
    file, together, seen = tmp_path / "some.key", threading.Barrier(12), []

    def begin() -> None:
        together.wait()
        make_once(file, lambda: secrets.token_bytes(32))
        seen.append(file.read_bytes())

    threads = [threading.Thread(target=begin) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [file.read_bytes()] * 12
    assert list(tmp_path.iterdir()) == [file]


def test_a_key_that_another_made_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "some.key"

    def late() -> bytes:
        file.write_bytes(b"theirs")
        return b"ours"

    make_once(file, late)
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"theirs", [file])


def test_a_key_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> bytes:
        raise OSError("no chance")

    with pytest.raises(OSError, match="no chance"):
        make_once(tmp_path / "some.key", failing)
    assert list(tmp_path.iterdir()) == []
