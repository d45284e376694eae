"""What commands share: the opened workplace, and how results are told.

In: the environment. Out: a `Workplace` or a `Catalogue`; text and JSON on standard output.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from federation import config
from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.errors import Unavailable, UsageError
from federation.index import open_engine
from federation.pipeline.workplace import Workplace
from federation.store import Database, migrate


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Open the database, whatever its revision; raises `Unavailable` when there is no home yet."""
    if settings.database_url.startswith("sqlite") and not settings.home.is_dir():
        raise Unavailable("home-missing", "there is no catalogue here yet; run `lienthong init`", str(settings.home))
    opened = Database(settings.database_url)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def workplace(fresh_index: bool = False) -> Iterator[Workplace]:
    """Open database and index of these settings; raises `Unavailable` when there is no catalogue yet.

    `fresh_index` makes the index where it is missing or of another version: for commands that build it anew.
    """
    settings = config.read()
    with database(settings) as opened:
        migrate.require_current(opened)
        index = open_engine(settings.index_url, create=fresh_index)
        try:
            yield Workplace(opened, index, settings)
        finally:
            index.close()


@contextmanager
def catalogue() -> Iterator[Catalogue]:
    """Open the read side."""
    with workplace() as place:
        yield Catalogue(place.database, place.index, place.settings)


def say(text: str = "") -> None:
    """Print a line of result."""
    click.echo(text)


def say_json(value: Any) -> None:
    """Print a result as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def table(rows: Sequence[Mapping[str, Any]], *columns: str) -> None:
    """Print rows as columns of text, under their names."""
    lines = [list(columns), *([str(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """Read `K=V` texts; raises `UsageError` naming the one that is not."""
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not name or not equals:
            raise UsageError("option-malformed", "must be NAME=VALUE", f"--option {value}")
        if name in found:
            raise UsageError("option-repeated", f"{name} is given twice", f"--option {value}")
        found[name] = text
    return found
