"""Members, their dated affiliations, and the administration they belong to.

In: a session and values. Out: rows as frozen values. Kind, area and level are rows with dates, so a reform is new
rows, never new code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from federation.errors import NotFound, UsageError
from federation.store import districts
from federation.store.districts import District
from federation.store.models import (
    AdminUnit,
    Affiliation,
    Bib,
    Cluster,
    LibraryKind,
    Member,
    Raw,
    Source,
    Union,
    UnitOrigin,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a library is, when it is open and how it is reached; empty or None where nobody said."""

    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    hours: str = ""
    latitude: float | None = None
    longitude: float | None = None


NO_CONTACT: Final = Contact()


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as it stands today; `kind`, `area` and `level` are those of the affiliation without end, `area_name` is
    what the area is called, `districts` are those of old that readers know it by.
    """

    id: int
    code: str
    name: str
    kind: str = ""
    area: str = ""
    level: str = ""
    area_name: str = ""
    contact: Contact = NO_CONTACT
    districts: tuple[District, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a member stands in the administration from a day on."""

    kind: str
    area: str = ""
    level: str = ""


class Stand(NamedTuple):
    """Where a member stands: codes of its kind, unit and level of today, and of the old districts it is known by."""

    kind: str = ""
    area: str = ""
    level: str = ""
    districts: tuple[str, ...] = ()


_CONTACT: Final = tuple(field.name for field in fields(Contact))


def plant(
    session: Session,
    units: Iterable[Mapping[str, Any]],
    kinds: Iterable[Mapping[str, Any]],
    origins: Mapping[str, tuple[str, ...]],
) -> None:
    """Put in the seed rows that are not there yet; rows an operator changed are left alone. `origins`: for each unit
    the former districts it was made of.
    """
    there = set(session.scalars(select(AdminUnit.code)))
    for unit in units:  # parents come before children in the seed file
        if unit["code"] not in there:
            session.execute(insert(AdminUnit).values(**{**unit, "successor_code": None}))
    for unit in units:
        if unit["code"] not in there and unit.get("successor_code"):
            change = update(AdminUnit).where(AdminUnit.code == unit["code"])
            session.execute(change.values(successor_code=unit["successor_code"]))
    known = set(session.scalars(select(LibraryKind.code)))
    if new := [kind for kind in kinds if kind["code"] not in known]:
        session.execute(insert(LibraryKind), new)
    # A catalogue that is older than this table has the units and none of their origins.
    first = not session.scalar(select(func.count()).select_from(UnitOrigin))
    made_of = {unit: codes for unit, codes in origins.items() if first or unit not in there}
    rows = ((unit, *each) for unit, codes in made_of.items() for each in enumerate(codes))
    if found := [{"unit_code": unit, "place": place, "origin_code": code} for unit, place, code in rows]:
        session.execute(insert(UnitOrigin), found)


def add(session: Session, code: str, name: str, placement: Placement, now: datetime) -> int:
    """Make a member; raises `UsageError` when the code is taken or kind or area are unknown."""
    if session.scalar(select(Member.id).where(Member.code == code)):
        raise UsageError("member-exists", "there is a member with this code already", code)
    new = insert(Member).values(code=code, name=name, created_at=now).returning(Member.id)
    member_id: int = session.execute(new).scalar_one()
    place(session, member_id, placement, now.date())
    return member_id


def place(session: Session, member_id: int, placement: Placement, day: date) -> None:
    """Give a member a new affiliation from `day` on; its union records are marked: sets change with its kind, and what
    readers narrow by with area and level, which no export names.
    """
    kinds = set(session.scalars(select(LibraryKind.code)))
    if placement.kind not in kinds:
        raise UsageError("kind-unknown", f"is no kind of library; known are {', '.join(sorted(kinds))}", placement.kind)
    if placement.area and not session.get(AdminUnit, placement.area):
        raise UsageError("area-unknown", "is no administrative unit the catalogue knows", placement.area)
    current = (Affiliation.member_id == member_id, Affiliation.valid_until.is_(None))
    session.execute(delete(Affiliation).where(*current, Affiliation.valid_from >= day))
    session.execute(update(Affiliation).where(*current).values(valid_until=day))
    session.execute(
        insert(Affiliation).values(
            member_id=member_id,
            kind=placement.kind,
            area_code=placement.area or None,
            level=placement.level,
            valid_from=day,
        )
    )
    clusters = select(Bib.cluster_id).where(Bib.member_id == member_id)
    session.execute(update(Cluster).where(Cluster.id.in_(clusters)).values(pending=True))
    session.execute(update(Union).where(Union.id.in_(clusters), Union.deleted.is_(False)).values(pending=True))


def rename(session: Session, member_id: int, name: str) -> None:
    """Change the name of a member; its code stays."""
    session.execute(update(Member).where(Member.id == member_id).values(name=name))


def reach(session: Session, member_id: int, contact: Contact) -> None:
    """Change what a member's page says of where it is and how it is reached; no record changes with it."""
    session.execute(update(Member).where(Member.id == member_id).values(**asdict(contact)))


def every(session: Session) -> list[MemberRow]:
    """List all members as they stand today, by code."""
    rows = [tuple(row) for row in session.connection().execute(_every())]
    stood = districts.of_members(session, {row[0]: row[4] or "" for row in rows})
    return [_member(row, stood.get(row[0], ())) for row in rows]


@cache
def _every() -> Select[Any]:
    # Asked for each page that names libraries: building it would take longer than the answer.
    today = (Affiliation.member_id == Member.id) & Affiliation.valid_until.is_(None)
    placed = (Affiliation.kind, Affiliation.area_code, Affiliation.level, AdminUnit.name)
    columns = (Member.id, Member.code, Member.name, *placed, *(getattr(Member, name) for name in _CONTACT))
    query = select(*columns).outerjoin(Affiliation, today).outerjoin(AdminUnit, AdminUnit.code == Affiliation.area_code)
    return query.order_by(Member.code)


def stands(session: Session) -> dict[str, Stand]:
    """Give for each member's code where it stands today, for the index."""
    rows = session.connection().execute(_stands()).all()
    stood = districts.of_members(session, {row[0]: row[3] or "" for row in rows})
    codes = {member: tuple([each.code for each in found]) for member, found in stood.items()}
    return {row[1]: Stand(row[2] or "", row[3] or "", row[4] or "", codes.get(row[0], ())) for row in rows}


@cache
def _stands() -> Select[int, str, str, str | None, str]:
    today = (Affiliation.member_id == Member.id) & Affiliation.valid_until.is_(None)
    columns = (Member.id, Member.code, Affiliation.kind, Affiliation.area_code, Affiliation.level)
    return select(*columns).outerjoin(Affiliation, today)


def _member(row: tuple[Any, ...], stood: tuple[District, ...]) -> MemberRow:
    kind, area, level, area_name = (text or "" for text in row[3:7])
    return MemberRow(row[0], row[1], row[2], kind, area, level, area_name, Contact(*row[7:]), stood)


def one(session: Session, code: str) -> MemberRow:
    """Give the member with this code; raises `NotFound` naming those there are."""
    members = {member.code: member for member in every(session)}
    if code not in members:
        known = ", ".join(sorted(members)) or "none yet; make one with `lienthong members add`"
        raise NotFound("member-unknown", f"is no member; members are: {known}", code)
    return members[code]


def stock(session: Session) -> dict[str, int]:
    """Count the live raw records of every member, by code."""
    live = (Raw.source_id == Source.id) & Raw.deleted.is_(False)
    query = (
        select(Member.code, func.count(Raw.id))
        .outerjoin(Source, Source.member_id == Member.id)
        .outerjoin(Raw, live)
        .group_by(Member.code)
    )
    return {row[0]: row[1] for row in session.execute(query)}
