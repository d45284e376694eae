"""Engines under test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.index import open_engine
from federation.index.engine import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> Iterator[Engine]:
    """An empty index."""
    opened = open_engine(f"tantivy:{folder}", create=True)
    yield opened
    opened.close()
