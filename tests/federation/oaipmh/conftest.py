"""The OAI-PMH door on a small catalogue, on both dialects."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from federation import clock
from federation.catalogue.catalogue import Catalogue
from federation.oaipmh.views import blueprint
from tests.support.catalogues import Shelf


@pytest.fixture
def shelf(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An empty catalogue with pages of three records, whose clock the test moves."""
    made = Shelf.make(database_url, tmp_path / "home", oai_page_size="3")
    monkeypatch.setattr(clock, "now", made.clock)
    yield made
    made.close()


def open_door(shelf: Shelf, catalogue: Catalogue | None = None) -> FlaskClient:
    """Open the door alone."""
    app = Flask("door")
    app.register_blueprint(blueprint(catalogue or shelf.catalogue, shelf.settings))
    return app.test_client()


@pytest.fixture
def door(shelf: Shelf) -> FlaskClient:
    """The door, on an empty catalogue."""
    return open_door(shelf)


@pytest.fixture
def full(shelf: Shelf, door: FlaskClient) -> FlaskClient:
    """The door on ten records of two members: 4 changed member, 7 was deleted, 8 was merged into 9."""
    tvt, lqd = ("kind:public", "member:tvt", "type:book"), ("kind:public", "member:lqd", "type:book")
    shelf.put({number: tvt if number < 6 else lqd for number in range(1, 11)})
    shelf.clock.step(3600)
    shelf.put({4: lqd}, version=1)
    shelf.clock.step(24 * 3600)
    shelf.bury({7: None, 8: 9})
    shelf.clock.step(60)
    return door
