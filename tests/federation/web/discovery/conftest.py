"""The discovery room on a small catalogue with a real index."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from federation import clock
from tests.support.catalogues import Shelf
from tests.support.web import application, open_house


@pytest.fixture
def shelf(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """Twelve records of two members, on both dialects, whose clock the test moves."""
    with open_house(tmp_path, database_url) as made:
        monkeypatch.setattr(clock, "now", made.clock)
        made.clock.step(60)
        yield made


@pytest.fixture
def door(shelf: Shelf) -> FlaskClient:
    """All doors of it."""
    return application(shelf).test_client()
