"""The rows a new database begins with: units of the administration and legal types of library.

In: the two TSV files beside this one; what in them is checked and what is from memory stands in their heads.
Out: plain rows whose keys are the columns of the models, in an order that satisfies the foreign keys; no SQL here.
"""

import csv
from datetime import date
from importlib.resources import files
from typing import Any, Final

_DATES: Final = ("valid_from", "valid_until")
_FORMER: Final = "former_code"


def admin_units() -> list[dict[str, Any]]:
    """Give the units of the administration: dates as `date`, what is not stated as None; successors come first."""
    return [_unit(row) for row in _rows("admin_units.tsv")]


def former_districts() -> dict[str, tuple[str, ...]]:
    """Give for each commune-level unit of today the former districts it was made of, that of its greater part first."""
    return {row["code"]: tuple(row[_FORMER].split()) for row in _rows("admin_units.tsv") if row[_FORMER]}


def library_kinds() -> list[dict[str, str]]:
    """Give the legal types of library in the order of the law: code, name_vi, name_en."""
    return _rows("library_kinds.tsv")


def _unit(row: dict[str, str]) -> dict[str, Any]:
    unit: dict[str, Any] = {name: value or None for name, value in row.items() if name != _FORMER}
    return unit | {name: date.fromisoformat(row[name]) if row[name] else None for name in _DATES}


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
