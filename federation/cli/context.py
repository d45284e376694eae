"""What every command shares: the opened workplace, how errors and results are told, and the exit codes.

In: the environment. Out: exit 0 done, 1 failed, 2 wrong usage, 3 done with records put aside. An operator's mistake
is one line that says what was being read, where, what was found and what to do; never a traceback.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click

from federation import config
from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.errors import FederationError, SettingsError, Unavailable, UsageError
from federation.index import open_engine
from federation.pipeline.stage import Workplace
from federation.store import Database, migrate
from harvesters.errors import HarvestError
from schemas.errors import QuerySyntaxError, SchemaError

DONE, FAILED, USAGE, PUT_ASIDE = 0, 1, 2, 3
#: what a command may end with that is told in one line
TOLD: Final = (FederationError, HarvestError, SchemaError, OSError)


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


def exit_code(error: BaseException) -> int:
    """Give the exit code an error ends the command with."""
    return USAGE if isinstance(error, (UsageError, SettingsError, QuerySyntaxError)) else FAILED


def told(error: BaseException) -> str:
    """Give what an error says in one line, a system's own as `file: reason`."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


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


def leave(code: int) -> None:
    """End the command with an exit code."""
    sys.exit(code)


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
