"""Fixtures of the rooms of federation: a house on either database, and servers that take mail and posts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from tests.support.house import house
from tests.support.listeners import Hook, MailServer, hook, mail_server


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[Workplace]:
    """An empty catalogue, once for each dialect."""
    with house(tmp_path / "home", database_url) as place:
        yield place


@pytest.fixture
def mails() -> Iterator[MailServer]:
    """A mail server that keeps what it gets."""
    with mail_server() as server:
        yield server


@pytest.fixture
def posts() -> Iterator[Hook]:
    """A web server that keeps what is posted to it."""
    with hook() as server:
        yield server
