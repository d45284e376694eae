"""The old district of every member: the level that ended on 30 June 2025, which readers still look for.

In: a session. Out: for each member the units of that level. The rule: the district that the member's own dated rows
name last; else those that its unit of today was made of (`unit_origin`). Both are rows that an operator may change.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from federation.errors import UsageError
from federation.store.models import AdminUnit, Affiliation, Bib, Union, UnitOrigin

T = TypeVar("T")

#: what units of the level that ended are in `admin_unit.kind`
KIND: Final = "huyen-cu"


@dataclass(frozen=True, slots=True)
class District:
    """A unit of the old level; `until` is its last day, None where nobody said."""

    code: str
    name: str
    until: date | None = None


def former(own: Sequence[T], today: str, made_of: Mapping[str, tuple[T, ...]]) -> tuple[T, ...]:
    """Give the old districts of a member. `own`: those its dated rows name, the oldest first; `today`: its unit."""
    return (own[-1],) if own else made_of.get(today, ())


def of_members(session: Session, today: Mapping[int, str]) -> dict[int, tuple[District, ...]]:
    """Give the old districts of every member that has any, that of the greater part of its unit first.

    `today`: member -> its unit, as `standing` gives it.
    """
    connection = session.connection()
    known = {row[0]: District(*row) for row in connection.execute(_districts())}
    own: defaultdict[int, list[District]] = defaultdict(list)
    for member, area in connection.execute(_own()):
        own[member].append(known[area])
    made_of = {unit: tuple(known[code] for code in codes if code in known) for unit, codes in origins(session).items()}
    found = ((member, former(own.get(member, ()), area, made_of)) for member, area in today.items())
    return {member: districts for member, districts in found if districts}


def standing(session: Session) -> dict[int, str]:
    """Give the unit that each member stands in today; empty where nobody said."""
    return {member: area or "" for member, area in session.connection().execute(_today())}


def origins(session: Session) -> dict[str, tuple[str, ...]]:
    """Give for each unit the former ones it was made of, that of its greater part first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for unit, origin in session.connection().execute(_origins()):
        found[unit].append(origin)
    return {unit: tuple(codes) for unit, codes in found.items()}


def stated(session: Session, member_id: int) -> str:
    """Give the district that a member's own rows name; empty when they name none."""
    own = session.connection().execute(_own().where(Affiliation.member_id == member_id)).all()
    return own[-1][1] if own else ""


def state(session: Session, member_id: int, code: str) -> None:
    """Keep in which district a member stood; empty: its unit of today tells. Its records are marked for the index.

    Raises `UsageError` for a code that is no unit of the old level.
    """
    unit = session.get(AdminUnit, code) if code else None
    if code and (unit is None or unit.kind != KIND):
        raise UsageError("district-unknown", f"is no district of old; units of the kind {KIND} are", code)
    past = [row.id for row in session.execute(_past(member_id))]
    if past:  # the last of them is put right: what else it says of that time stays
        wrong = past if unit is None else past[-1:]
        session.execute(update(Affiliation).where(Affiliation.id.in_(wrong)).values(area_code=code or None))
    elif unit is not None:
        session.execute(insert(Affiliation).values(**_last_day(session, member_id, unit)))
    mark(session, [member_id])


def mark(session: Session, members: Iterable[int]) -> None:
    """Mark what these members hold for the index; no export names a district, so that nothing is merged anew."""
    held = select(Bib.cluster_id).where(Bib.member_id.in_(list(members)))
    session.execute(update(Union).where(Union.id.in_(held), Union.deleted.is_(False)).values(pending=True))


def _last_day(session: Session, member_id: int, unit: AdminUnit) -> dict[str, Any]:
    # All that is known of that time is where the library stood when the level ended.
    today = select(Affiliation).where(Affiliation.member_id == member_id, Affiliation.valid_until.is_(None))
    standing = session.scalars(today).one()
    last = unit.valid_until or standing.valid_from - timedelta(days=1)
    span = {"valid_from": last, "valid_until": last + timedelta(days=1)}
    return {"member_id": member_id, "kind": standing.kind, "area_code": unit.code, "level": "", **span}


@cache
def _own() -> Select[int, str]:
    rows = select(Affiliation.member_id, AdminUnit.code).join(AdminUnit, AdminUnit.code == Affiliation.area_code)
    return rows.where(AdminUnit.kind == KIND).order_by(Affiliation.member_id, Affiliation.valid_from, Affiliation.id)


def _past(member_id: int) -> Select[Any]:
    rows = select(Affiliation.id).join(AdminUnit, AdminUnit.code == Affiliation.area_code)
    ended = (Affiliation.member_id == member_id, Affiliation.valid_until.is_not(None), AdminUnit.kind == KIND)
    return rows.where(*ended).order_by(Affiliation.valid_from, Affiliation.id)


@cache
def _today() -> Select[int, str | None]:
    return select(Affiliation.member_id, Affiliation.area_code).where(Affiliation.valid_until.is_(None))


@cache
def _districts() -> Select[str, str, date | None]:
    return select(AdminUnit.code, AdminUnit.name, AdminUnit.valid_until).where(AdminUnit.kind == KIND)


@cache
def _origins() -> Select[str, str]:
    return select(UnitOrigin.unit_code, UnitOrigin.origin_code).order_by(UnitOrigin.unit_code, UnitOrigin.place)
