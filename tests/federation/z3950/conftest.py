"""The Z39.50 door on a house of forty books, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from tests.support.house import add_files, add_member, bring, house
from tests.support.records import iso2709, record
from tests.support.z3950_door import Open, opened

TITLES = {
    1: "Truyện Kiều",
    2: "Ba bể",
    3: "Bà Tơ",
    4: "Bả sơn",
    5: "Đất rừng phương Nam",
    6: "Dế mèn phiêu lưu ký",
    7: "Ăn quả nhớ kẻ trồng cây",
    8: "An Nam chí lược",
    9: "Truyện Kiều bản Nôm",
}
BOOKS = 40


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A house in which member `tvt` has forty books."""
    folder = tmp_path_factory.mktemp("z3950")
    path: Path = folder / "books.mrc"
    iso2709(path, [record(number, title=TITLES.get(number, "")) for number in range(1, BOOKS + 1)])
    with house(folder / "home") as made:
        bring(made, add_files(made, add_member(made, "tvt"), "books", path))
        yield made


@pytest.fixture(scope="session")
def running(place: Workplace) -> Iterator[Open]:
    """Its door, with the usual limits."""
    with opened(place) as made:
        yield made


@pytest.fixture(scope="session")
def port(running: Open) -> int:
    """The port of its door."""
    return running.port
