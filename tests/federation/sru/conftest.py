"""The SRU door on a small catalogue of twelve records."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.catalogues import Shelf
from tests.support.sru import index_all, open_door


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """A catalogue of twelve records, titles "Sông núi <nước> & Nam 1" and so on, with a real index."""
    made = Shelf.make(f"sqlite:///{tmp_path / 'lienthong.db'}", tmp_path / "home")
    made.put(dict.fromkeys(range(1, 13), ("member:tvt", "type:book")))
    index_all(made, tmp_path / "index", range(1, 13))
    yield made
    made.close()


@pytest.fixture
def door(shelf: Shelf) -> FlaskClient:
    """The door alone."""
    return open_door(shelf)
