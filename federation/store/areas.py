"""The units of the administration: listed, added and changed, with the former districts each was made of.

In: a session and values. Out: rows as frozen values. A unit that ended keeps its row with its last day. Where
the old district of members changes with these rows, the records they hold are marked for the index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from federation.errors import NotFound, UsageError
from federation.store import districts
from federation.store.models import AdminUnit, UnitOrigin


@dataclass(frozen=True, slots=True)
class Area:
    """A unit: its days are the first and the last it was there, None where nobody said; `districts` are the old ones
    it was made of, that of its greater part first.
    """

    code: str
    name: str
    kind: str
    parent: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    successor: str = ""
    districts: tuple[str, ...] = ()


def every(session: Session) -> list[Area]:
    """List all units, those of today first, each by code."""
    made_of = districts.origins(session)
    rows = session.scalars(select(AdminUnit).order_by(AdminUnit.valid_until.is_not(None), AdminUnit.code))
    return [_area(row, made_of.get(row.code, ())) for row in rows]


def one(session: Session, code: str) -> Area:
    """Give the unit with this code; raises `NotFound`."""
    row = session.get(AdminUnit, code)
    if row is None:
        raise NotFound(
            "area-unknown", "is no administrative unit the catalogue knows; see `lienthong areas list`", code
        )
    return _area(row, districts.origins(session).get(code, ()))


def keep(session: Session, areas: Iterable[Area]) -> None:
    """Add and change units; parents, successors and districts may be among them. Raises `UsageError` for unknown ones.

    What is held by members whose old district changes with it is marked for the index.
    """
    wanted = list(areas)
    standing = districts.standing(session)
    before = districts.of_members(session, standing)
    for area in wanted:
        row = session.get(AdminUnit, area.code)
        if row is None:
            session.add(row := AdminUnit(code=area.code))
        row.name, row.kind = area.name, area.kind
        row.valid_from, row.valid_until = area.valid_from, area.valid_until
    session.flush()
    for area in wanted:
        _join(session, area)
    session.flush()
    after = districts.of_members(session, standing)
    moved = {member for member in {*before, *after} if before.get(member) != after.get(member)}
    districts.mark(session, moved)


def _join(session: Session, area: Area) -> None:
    row = session.get_one(AdminUnit, area.code)
    for code in filter(None, (area.parent, area.successor, *area.districts)):
        if session.get(AdminUnit, code) is None:
            raise UsageError("area-unknown", f"{code} is no administrative unit the catalogue knows", area.code)
    for code in area.districts:
        if session.get_one(AdminUnit, code).kind != districts.KIND:
            raise UsageError(
                "district-unknown", f"{code} is no district of old: of the kind {districts.KIND}", area.code
            )
    row.parent_code, row.successor_code = area.parent or None, area.successor or None
    session.execute(delete(UnitOrigin).where(UnitOrigin.unit_code == area.code))
    found = [{"unit_code": area.code, "origin_code": code, "place": at} for at, code in enumerate(area.districts)]
    if found:
        session.execute(insert(UnitOrigin), found)


def _area(row: AdminUnit, made_of: tuple[str, ...]) -> Area:
    dates = (row.valid_from, row.valid_until)
    return Area(row.code, row.name, row.kind, row.parent_code or "", *dates, row.successor_code or "", made_of)
