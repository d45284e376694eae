"""TOML files of members and sources: one table `[code]` each, read and checked before anything is written.

In: a file. Out: for each code a table of texts (and `options`, a table of texts), or a `UsageError` that names the
file, the table and the name that is wrong. Numbers and flags are taken as the text they stand for.
"""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from federation.errors import UsageError


def read_tables(file: Path, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Read the tables of a file, each with nothing but `names`; `options` is a table itself."""
    try:
        rows = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("toml-unreadable", f"is no TOML file: {error}", str(file)) from error
    return {code: _row(row, names, f"{file} [{code}]") for code, row in rows.items()}


def _row(row: Any, names: Collection[str], where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise UsageError("toml-shape", "every entry must be a table [code]; this is not", where)
    if unknown := [name for name in row if name not in names]:
        raise UsageError("toml-name", f"does not know {unknown[0]!r}; known are {', '.join(names)}", where)
    return {
        name: _options(value, where) if name == "options" else _text(value, name, where) for name, value in row.items()
    }


def _options(value: Any, where: str) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise UsageError("toml-shape", "options must be a table: options = { NAME = VALUE }", where)
    return {name: _text(each, f"options.{name}", where) for name, each in value.items()}


def _text(value: Any, name: str, where: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise UsageError("toml-shape", f"{name} must be a text in quotes", where)
