"""Commands about members: libraries of the federation and where they belong.

In: codes, names, kinds, areas. Out: rows, or a table of them.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, table
from federation.errors import UsageError
from federation.pipeline.stage import Workplace
from federation.store import members as store
from federation.store.members import Placement

#: what an OAI setSpec and a permalink can carry, and a person can type
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def checked_code(code: str) -> str:
    """Give the code back, or raise `UsageError` when it cannot stand in addresses and set names."""
    if not _CODE.fullmatch(code):
        raise UsageError(
            "code-malformed", "must be 1 to 40 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit", code
        )
    return code


@click.group()
def members() -> None:
    """Libraries of the federation."""


@members.command()
@click.argument("code")
@click.option("--name", required=True, help="the library's name as readers see it")
@click.option("--kind", default="public", show_default=True, help="legal type (Library Law 46/2019, article 9)")
@click.option("--area", default="", help="code of the administrative unit")
@click.option("--level", default="", help="level in the network (province, district (historic), commune, school …)")
def add(code: str, name: str, kind: str, area: str, level: str) -> None:
    """Add a member."""
    with context.workplace() as place:
        write(place, checked_code(code), name, Placement(kind, area, level))
    say(f"{code}: {name}")


def write(place: Workplace, code: str, name: str, placement: Placement) -> None:
    """Make a member."""
    with place.database.write() as session:
        store.add(session, code, name, placement, clock.now())


@members.command("list")
def list_all() -> None:
    """List the members with the number of their records."""
    with context.workplace() as place, place.database.read() as session:
        stock = store.stock(session)
        rows = [
            {"code": m.code, "name": m.name, "kind": m.kind, "area": m.area, "records": stock.get(m.code, 0)}
            for m in store.every(session)
        ]
    table(rows, "code", "name", "kind", "area", "records")


@members.command()
@click.argument("code")
def show(code: str) -> None:
    """Show one member."""
    with context.workplace() as place, place.database.read() as session:
        member = store.one(session, code)
        stock = store.stock(session).get(code, 0)
    for name in ("code", "name", "kind", "area", "level"):
        say(f"{name:8} {getattr(member, name)}")
    say(f"{'records':8} {stock}")


@members.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_file(file: Path) -> None:
    """Make or change members as a TOML file says: [code] name, kind, area, level."""
    with context.workplace() as place:
        rows = read_toml(file)
        with place.database.alone(), place.database.write() as session:
            known = {member.code: member for member in store.every(session)}
            for code, row in rows.items():
                placement = Placement(row.get("kind", "public"), row.get("area", ""), row.get("level", ""))
                if code not in known:
                    store.add(session, checked_code(code), row.get("name", code), placement, clock.now())
                    continue
                old = known[code]
                store.rename(session, old.id, row.get("name", old.name))
                if placement != Placement(old.kind, old.area, old.level):
                    store.place(session, old.id, placement, clock.now().date())
    say(f"{len(rows)} members applied; `lienthong run` brings what changed into the catalogue")


def read_toml(file: Path) -> dict[str, dict[str, Any]]:
    """Read a TOML file of tables; raises `UsageError` naming the line that is wrong."""
    try:
        rows = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("toml-unreadable", f"is no TOML file: {error}", str(file)) from error
    if wrong := [name for name, row in rows.items() if not isinstance(row, dict)]:
        raise UsageError("toml-shape", f"every entry must be a table [code]; {wrong[0]} is not", str(file))
    return rows
