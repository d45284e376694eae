"""The doors of the web on a small catalogue with a real index: twelve records, titles "Sông núi <nước> & Nam 1" and so
on.

In: a folder. Out: a `Shelf`, and the application on it. Records 1 to 5 are held by `tvt`, the others by `lqd`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from federation.app import assemble
from federation.index import open_engine
from federation.index.document import Placement, document
from tests.support.catalogues import Shelf, bib

RECORDS = range(1, 13)


def holder(number: int) -> str:
    """The library that holds a record."""
    return "tvt" if number < 6 else "lqd"


@contextmanager
def open_house(folder: Path, url: str = "", **settings: str) -> Iterator[Shelf]:
    """Make the catalogue, and its index."""
    made = Shelf.make(url or f"sqlite:///{folder / 'lienthong.db'}", folder / "home", **settings)
    made.engine = open_engine(f"tantivy:{folder / 'index'}", create=True)  # type: ignore[assignment]
    put(made, RECORDS)
    yield made
    made.engine.close()  # type: ignore[attr-defined]
    made.close()


def put(shelf: Shelf, numbers: Iterable[int], version: int = 0) -> None:
    """Write records, and bring them to the index."""
    shelf.put({number: (f"member:{holder(number)}", "type:book") for number in numbers}, version)
    found = [
        document(number, b"12345678", bib(number, version), Placement((holder(number),), ("public",)))
        for number in numbers
    ]
    shelf.engine.publish(found, [])  # type: ignore[attr-defined]


def application(shelf: Shelf) -> Flask:
    """Put all doors on a catalogue."""
    return assemble(shelf.catalogue, shelf.engine, shelf.settings)  # type: ignore[arg-type]
