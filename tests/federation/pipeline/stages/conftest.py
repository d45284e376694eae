"""Fixtures of the tests of stages: a house that lives through histories, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.histories import House, moved_in
from tests.support.house import add_files, add_member, house


@pytest.fixture
def lived_in(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A house of two libraries, empty."""
    with house(tmp_path / "home", database_url) as place:
        codes = [add_files(place, add_member(place, code), f"{code}-files", tmp_path) for code in "ab"]
        yield moved_in(place, codes)
