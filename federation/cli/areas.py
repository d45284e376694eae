"""Commands about the units of the administration: where members stand, and which old districts units were made of.

In: codes and a TOML file. Out: rows, or a table of them. A reform is rows: units that end get their last day.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from federation.cli import context
from federation.cli.context import say, table
from federation.cli.tables import read_tables
from federation.errors import UsageError
from federation.store import areas as store
from federation.store.areas import Area

_DATES: Final = {"from": "valid_from", "until": "valid_until"}
_TEXTS: Final = ("name", "kind", "parent", "successor")
_COLUMNS: Final = ("code", "name", "kind", "parent", "from", "until", "successor", "districts")


@click.group()
def areas() -> None:
    """Units of the administration, today's and those that ended."""


@areas.command("list")
@click.option("--all", "all_units", is_flag=True, help="those that ended too")
def list_all(all_units: bool) -> None:
    """List the units with the old districts they were made of."""
    with context.workplace() as place, place.database.read() as session:
        units = store.every(session)
    table([_row(unit) for unit in units if all_units or unit.valid_until is None], *_COLUMNS)


@areas.command()
@click.argument("code")
def show(code: str) -> None:
    """Show one unit."""
    with context.workplace() as place, place.database.read() as session:
        row = _row(store.one(session, code))
    for name in _COLUMNS:
        say(f"{name:9} {row[name] or '-'}")


@areas.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_file(file: Path) -> None:
    """Make or change units as a TOML file says.

    FILE has a table [code] for each with name, kind, parent, from, until, successor, and districts: codes of the old
    districts it was made of, with blanks between, that of its greater part first. Days are written 2025-07-01. What a
    table does not name stays as it is.
    """
    with context.workplace() as place:
        rows = read_tables(file, (*_TEXTS, *_DATES, "districts"))
        with place.database.alone(), place.database.write() as session:
            known = {unit.code: unit for unit in store.every(session)}
            wanted = [_wanted(known.get(code), code, row) for code, row in rows.items()]
            changed = [unit for unit in wanted if unit != known.get(unit.code)]
            store.keep(session, changed)
    added = sum(unit.code not in known for unit in changed)
    told = f"{added} added, {len(changed) - added} changed, {len(wanted) - len(changed)} unchanged"
    say(f"{told}{'; `lienthong run` brings what changed into the catalogue' if changed else ''}")


def _wanted(old: Area | None, code: str, row: dict[str, Any]) -> Area:
    if old is None and (missing := [name for name in ("name", "kind") if not row.get(name)]):
        raise UsageError("area-incomplete", f"lacks {', '.join(missing)}", code)
    told: dict[str, Any] = {name: row[name] for name in _TEXTS if name in row}
    told |= {field: _day(row[name], name, code) for name, field in _DATES.items() if name in row}
    if "districts" in row:
        told["districts"] = tuple(dict.fromkeys(row["districts"].split()))
    return replace(old or Area(code, "", ""), **told)


def _day(text: str, name: str, code: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError("day-malformed", f"{name} must be a day like 2025-07-01; this is {text}", code) from error


def _row(unit: Area) -> dict[str, str]:
    dates = {name: str(getattr(unit, field) or "") for name, field in _DATES.items()}
    texts = {name: getattr(unit, name) for name in ("code", *_TEXTS)}
    return {**texts, **dates, "districts": " ".join(unit.districts)}
