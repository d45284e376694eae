"""The command line in this process: what `lienthong` prints, says on standard error, and ends with."""

import io
import json
import logging
import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from federation.cli import main
from tests.support import planted


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    content: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)


Lienthong = Callable[..., Ended]


def command(home: Path, waits: bool = False) -> Lienthong:
    """Give what runs `lienthong` with arguments in a home; a traceback comes through as the exception it is.

    What it brings into the catalogue is shown by the doors that go by datestamps when the second is over; `waits`: it
    ends only then, as in life.
    """

    def run(*arguments: object, **settings: str) -> Ended:
        out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        environment = {"LIENTHONG_HOME": str(home), **{f"LIENTHONG_{name}": text for name, text in settings.items()}}
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        code: object = 0
        with (
            patch.dict("os.environ", environment),
            patch.object(sys, "argv", ["lienthong", *map(str, arguments)]),
            redirect_stdout(out),
            redirect_stderr(errors),
            nullcontext() if waits else patch("federation.pipeline.stages.walk._wait_until_shown", lambda _place: None),
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code or 0
            finally:
                root.handlers[:], root.level = handlers, level
        content, said = (stream.buffer.getvalue() for stream in (out, errors))  # type: ignore[attr-defined]
        assert isinstance(code, int)
        return Ended(code, content, said.decode())

    return run


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("LIENTHONG_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def empty(tmp_path: Path) -> Lienthong:
    """A home that was never made."""
    return command(tmp_path / "home")


@pytest.fixture
def lienthong(empty: Lienthong, tmp_path: Path) -> Lienthong:
    """A home with one member, `a`."""
    (tmp_path / "home").mkdir()
    planted.plant(f"sqlite:///{tmp_path / 'home' / 'lienthong.db'}")
    assert empty("init").code == 0
    assert empty("members", "add", "a", "--name", "Thư viện A").code == 0
    return empty
