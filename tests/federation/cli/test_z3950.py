"""`lienthong z3950 password`: the line that lets a user in."""

import io
from pathlib import Path

import pytest

from federation.z3950.users import Users
from tests.federation.cli.conftest import Lienthong


def test_it_prints_a_line_that_lets_the_user_in(
    empty: Lienthong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("bí mật\n"))
    ended = empty("z3950", "password", "thuvien")
    assert ended.code == 0
    assert "bí mật" not in ended.text
    (tmp_path / "users").write_text(ended.text)
    assert Users(str(tmp_path / "users")).admits("thuvien", "bí mật")


@pytest.mark.parametrize("name", ["a:b", " a", "a\n"])
def test_a_name_that_the_file_cannot_hold_is_refused(empty: Lienthong, name: str) -> None:
    assert empty("z3950", "password", name).code == 2
