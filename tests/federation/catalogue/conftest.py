"""A small catalogue for the tests of the read side, on both dialects."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation import clock
from tests.support.catalogues import Shelf


@pytest.fixture
def shelf(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An empty catalogue whose clock the test moves."""
    made = Shelf.make(database_url, tmp_path / "home")
    monkeypatch.setattr(clock, "now", made.clock)
    yield made
    made.close()
