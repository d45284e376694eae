"""Commands about members: libraries of the federation and where they belong.

In: codes, names, kinds, areas. Out: rows, or a table of them.
"""

import math
import re
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, table
from federation.cli.tables import read_tables
from federation.errors import UsageError
from federation.pipeline.workplace import Workplace
from federation.store import Session, districts
from federation.store import members as store
from federation.store.members import NO_CONTACT, Contact, MemberRow, Placement

#: what an OAI setSpec and a permalink can carry, and a person can type
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
#: what a library's own page tells
_TOLD: Final = tuple(field.name for field in fields(Contact))
#: levels are dated rows that an operator may add to, so that other codes are kept and shown as they are
_LEVELS: Final = (
    "level in the network: province, district (before July 2025), commune, village, school, university or national; "
    "pages show any other as it is"
)
_DEGREES: Final = {"latitude": 90, "longitude": 180}


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
@click.option("--level", default="", help=_LEVELS)
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
        say(f"{name:9} {getattr(member, name) or '-'}")
    for district in member.districts:
        say(f"{'district':9} {district.code} {district.name}")
    for name, value in asdict(member.contact).items():
        if value not in ("", None):
            say(f"{name:9} {value}")
    say(f"{'records':9} {stock}")


@members.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply_file(file: Path) -> None:
    """Make or change members as a TOML file says.

    FILE has a table [code] for each with name, kind, area, level, and what the library's own page tells: address,
    phone, email, website, hours, latitude, longitude. What a table does not name stays as it is. `district` is the code
    of the district where the library stood until 30 June 2025; "" takes it back, so that its area tells again.
    """
    with context.workplace() as place:
        rows = read_tables(file, ("name", "kind", "area", "level", "district", *_TOLD))
        with place.database.alone(), place.database.write() as session:
            known = {member.code: member for member in store.every(session)}
            done = [_applied(session, known.get(checked_code(code)), code, row) for code, row in rows.items()]
    told = ", ".join(f"{done.count(what)} {what}" for what in ("added", "changed", "unchanged"))
    moved = "; `lienthong run` brings what changed into the catalogue" if "changed" in done else ""
    say(f"{told}{moved}")


def _applied(session: Session, old: MemberRow | None, code: str, row: dict[str, Any]) -> str:
    if old is None:
        placement = Placement(row.get("kind", "public"), row.get("area", ""), row.get("level", ""))
        number = store.add(session, code, row.get("name", code), placement, clock.now())
        store.reach(session, number, _contact(row, NO_CONTACT, code))
        _stood(session, number, row)
        return "added"
    contact = _contact(row, old.contact, code)
    stood = Placement(old.kind, old.area, old.level)
    placement = Placement(row.get("kind", old.kind), row.get("area", old.area), row.get("level", old.level))
    same = (row.get("name", old.name), placement, contact) == (old.name, stood, old.contact)
    if not same:
        store.rename(session, old.id, row.get("name", old.name))
        store.reach(session, old.id, contact)
    if placement != stood:
        store.place(session, old.id, placement, clock.now().date())
    return "changed" if _stood(session, old.id, row) or not same else "unchanged"


def _stood(session: Session, member_id: int, row: dict[str, Any]) -> bool:
    """Keep the old district that a file names; tells whether it is another one."""
    if row.get("district", "") == districts.stated(session, member_id) or "district" not in row:
        return False
    districts.state(session, member_id, row["district"])
    return True


def _contact(row: dict[str, Any], old: Contact, code: str) -> Contact:
    told = {name: str(row[name]).strip() for name in _TOLD if name in row}
    degrees = {name: _degrees(told.pop(name), name, most, code) for name, most in _DEGREES.items() if name in told}
    if (site := told.get("website")) and not site.startswith(("http://", "https://")):
        raise UsageError("website-malformed", f"website must begin with http:// or https://; this is {site}", code)
    return replace(old, **told, **degrees)  # type: ignore[arg-type]


def _degrees(text: str, name: str, most: int, code: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise UsageError("place-malformed", f"{name} must be degrees from -{most} to {most}; this is {text}", code)
    return value
