"""A house of ten books whose doors are open, and zebrasrv with forty, asked as targets; made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from tests.support.house import add_files, add_member, bring, house
from tests.support.records import iso2709, record
from tests.support.zebra_catalogue import zebra_catalogue

#: books that the union has; the peers have more
OURS = 10
THEIRS = 40


@pytest.fixture
def union(tmp_path: Path, database_url: str) -> Iterator[Workplace]:
    """A house in which member `tvt` has the first ten of the books, once for each dialect."""
    path = iso2709(tmp_path / "books.mrc", [record(number) for number in range(1, OURS + 1)])
    with house(tmp_path / "home", database_url) as made:
        bring(made, add_files(made, add_member(made, "tvt"), "tep", path))
        yield made


@pytest.fixture(scope="session")
def zebra_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Another catalogue: all forty."""
    folder = tmp_path_factory.mktemp("zebra")
    file = iso2709(folder / "books.mrc", [record(number) for number in range(1, THEIRS + 1)])
    with zebra_catalogue(folder / "zebra", [file]) as port:
        yield port
