"""Union records read for the doors: by id, with who holds them and where they came from.

In: a session and ids of union records. Out: frozen rows; texts are still compressed, so that a caller unfolds only what
it shows.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from federation.store.among import among
from federation.store.engine import Database
from federation.store.models import Bib, Member, Raw, Source, Union, UnionHolding, UnionSet

#: the largest number a key can be; a reader may ask for any
MOST: Final = 2**63 - 1
#: records that are read in one statement
_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class UnionRow:
    """A union record as stored; `marcxml` and `content` are compressed (`store.compress`)."""

    id: int
    group_id: int
    datestamp: datetime
    created_at: datetime
    deleted: bool
    successor_id: int | None
    sets: tuple[str, ...]
    marcxml: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class HeldBy:
    """What one member holds of a record at one place; `local_id` is its own number of it, `copies` 0: not stated."""

    member_code: str
    member_name: str
    local_id: str
    location: str
    call_number: str
    copies: int
    note: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Origin:
    """One record as received that the union record is made of: whose it is and by which source it came.

    `url` is the source's address as the operator gave it; `datestamp` is the source's own text; `received_at` is when
    we last received it changed.
    """

    member_code: str
    source_code: str
    kind: str
    url: str
    local_id: str
    syntax: str
    datestamp: str
    received_at: datetime


def by_ids(session: Session, ids: Collection[int]) -> dict[int, UnionRow]:
    """Fetch union records, tombstones too; an id that does not exist is left out."""
    possible = [number for number in ids if 0 < number <= MOST]
    rows = session.connection().execute(_by_ids(), {"ids": possible})
    return {row[0]: UnionRow(*row[:6], tuple(row[6].split()), row[7], row[8]) for row in rows}


@cache
def _by_ids() -> Select[int, int, datetime, datetime, bool, int | None, str, bytes, bytes]:
    # Asked for each page that a door shows: building it would take longer than the answer.
    columns = (
        *(Union.id, Union.group_id, Union.datestamp, Union.created_at, Union.deleted, Union.successor_id),
        *(Union.sets, Union.marcxml, Union.content),
    )
    return select(*columns).where(Union.id.in_(bindparam("ids", expanding=True)))


def shown(session: Session, ids: Collection[int]) -> dict[int, tuple[bytes, datetime]]:
    """Fetch what a list of hits shows of those of the records that are live: content, still compressed, datestamp."""
    found = session.connection().execute(_shown(), {"ids": [number for number in ids if 0 < number <= MOST]})
    return {row[0]: (row[1], row[2]) for row in found.all()}


@cache
def _shown() -> Select[int, bytes, datetime]:
    # Asked for each page of a search: building it would take longer than the answer.
    columns = (Union.id, Union.content, Union.datestamp)
    return select(*columns).where(Union.id.in_(bindparam("ids", expanding=True)), Union.deleted.is_(False))


def held(session: Session, ids: Collection[int]) -> dict[int, dict[str, date]]:
    """Give the codes of the members that hold each of the records, in order, and as of when each last said so."""
    found: defaultdict[int, dict[str, date]] = defaultdict(dict)
    for union_id, code, as_of in session.connection().execute(_held(), {"ids": list(ids)}).all():
        found[union_id][code] = as_of
    return dict(found)


@cache
def _held() -> Select[int, str, date]:
    columns = (UnionHolding.union_id, Member.code, func.max(UnionHolding.as_of))
    wanted = UnionHolding.union_id.in_(bindparam("ids", expanding=True))
    query = select(*columns).join(Member, Member.id == UnionHolding.member_id).where(wanted)
    return query.group_by(UnionHolding.union_id, Member.code).order_by(UnionHolding.union_id, Member.code)


def stored(session: Session, ids: Collection[int], contents: Literal["marcxml", "content"]) -> dict[int, bytes]:
    """Fetch one stored form of those of the records that are live, still compressed, and nothing else of them."""
    found = session.connection().execute(_stored(contents), {"ids": [number for number in ids if 0 < number <= MOST]})
    return {row[0]: row[1] for row in found}


@cache
def _stored(contents: Literal["marcxml", "content"]) -> Select[int, bytes]:
    # Asked for each page that a door presents: building it would take longer than the answer.
    form = Union.marcxml if contents == "marcxml" else Union.content
    return select(Union.id, form).where(Union.id.in_(bindparam("ids", expanding=True)), Union.deleted.is_(False))


def glanced(database: Database, ids: Collection[int], contents: Literal["marcxml", "content"]) -> dict[int, bytes]:
    """As `stored`, in one statement by itself: Z39.50 asks it for every page that it presents, who types for titles."""
    line = database.glance()
    possible = [number for number in ids if 0 < number <= MOST]
    if line is not None and len(possible) <= _AT_ONCE:
        try:
            return dict(line.execute(_glanced(len(possible), contents), possible).fetchall())
        except sqlite3.Error:
            pass  # a session tells what is wrong
    with database.read() as session:
        return stored(session, ids, contents)


@cache
def _glanced(count: int, contents: Literal["marcxml", "content"]) -> str:
    places = ",".join("?" * count)
    return f"SELECT id, {contents} FROM union_record WHERE id IN ({places}) AND NOT deleted"


def successors(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Give the live record that each merged one leads to; what leads to none is left out."""
    leads = {number: number for number in ids}
    while leads:
        columns = (Union.id, Union.deleted, Union.successor_id)
        rows = {row[0]: row for row in session.execute(select(*columns).where(Union.id.in_(set(leads.values()))))}
        following = {number: _following(rows.get(at)) for number, at in leads.items()}
        if following == leads:
            break
        leads = {number: at for number, at in following.items() if at}
    return {number: at for number, at in leads.items() if at != number}


def _following(row: Any) -> int:
    """Give where a record leads: a live one to itself, a tombstone to its successor, or nowhere (0)."""
    if row is None:
        return 0
    number, deleted, successor = row
    return (successor or 0) if deleted else number


def live_ids(session: Session, after: int, limit: int, set_spec: str = "") -> list[int]:
    """Give up to `limit` ids of live records after id `after`, of one set when it is named, in order of id."""
    query = select(Union.id).where(Union.deleted.is_(False), Union.id > after)
    if set_spec:
        inside = (UnionSet.set_spec == set_spec, UnionSet.deleted.is_(False))
        query = query.join(UnionSet, UnionSet.union_id == Union.id).where(*inside)
    return list(session.scalars(query.order_by(Union.id).limit(limit)))


def holdings(session: Session, ids: Collection[int]) -> dict[int, tuple[HeldBy, ...]]:
    """Give who holds each of the records, by member code and then as the library lists them."""
    found: defaultdict[int, list[HeldBy]] = defaultdict(list)
    for row in session.connection().execute(_holdings(), {"ids": list(ids)}):
        found[row[0]].append(HeldBy(*row[1:]))
    return {number: tuple(held) for number, held in found.items()}


@cache
def _holdings() -> Select[int, str, str, str, str, str, int, str, date]:
    columns = (
        *(UnionHolding.union_id, Member.code, Member.name, UnionHolding.local_id, UnionHolding.location),
        *(UnionHolding.call_number, UnionHolding.copies, UnionHolding.note, UnionHolding.as_of),
    )
    query = select(*columns).join(Member, Member.id == UnionHolding.member_id)
    query = query.where(UnionHolding.union_id.in_(bindparam("ids", expanding=True)))
    return query.order_by(UnionHolding.union_id, Member.code, UnionHolding.id)


def of_profiles(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """Give for each of these profiles that a bib has the live union record it stands in, of several the first."""
    query = select(Bib.profile, func.min(Union.id)).join(Union, Union.id == Bib.cluster_id)
    live = (among(session, Bib.profile, numbers), Union.deleted.is_(False))
    rows = session.execute(query.where(*live).group_by(Bib.profile))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def origins(session: Session, ids: Collection[int], kind: str = "") -> dict[int, tuple[Origin, ...]]:
    """Give the records as received that stand behind each union record; with `kind` only those of such sources."""
    columns = (
        *(Bib.cluster_id, Member.code, Source.code, Source.kind, Source.url),
        *(Raw.local_id, Raw.syntax, Raw.datestamp, Raw.changed_at),
    )
    query = (
        select(*columns)
        .join(Raw, Raw.id == Bib.raw_id)
        .join(Source, Source.id == Raw.source_id)
        .join(Member, Member.id == Source.member_id)
        .where(Bib.cluster_id.in_(ids))
        .order_by(Bib.cluster_id, Bib.id)
    )
    found: defaultdict[int, list[Origin]] = defaultdict(list)
    for row in session.execute(query.where(Source.kind == kind) if kind else query):
        found[row[0] or 0].append(Origin(*row[1:]))
    return {number: tuple(made_of) for number, made_of in found.items()}


@dataclass(frozen=True, slots=True)
class Stock:
    """What a member has in all: copies it states, and the day its newest record came."""

    copies: int
    as_of: date | None


def latest(session: Session, member_id: int, limit: int) -> list[int]:
    """Give the records that a member's newest own records are part of, the newest first."""
    mine = select(UnionHolding.union_id).where(UnionHolding.member_id == member_id)
    # A record with several shelves has several rows; few have more than four.
    rows = session.scalars(mine.order_by(UnionHolding.bib_id.desc()).limit(limit * 4))
    return list(dict.fromkeys(rows))[:limit]


def stock(session: Session, member_id: int) -> Stock:
    """Count what a member has."""
    columns = (func.coalesce(func.sum(UnionHolding.copies), 0), func.max(UnionHolding.as_of))
    copies, as_of = session.execute(select(*columns).where(UnionHolding.member_id == member_id)).one()
    return Stock(int(copies), as_of)


def provenance(session: Session, union_id: int) -> tuple[tuple[str, str, str], ...]:
    """Give what merge noted of a record: (member, its record, field), the base first and without field."""
    noted = session.scalar(select(Union.provenance).where(Union.id == union_id))
    return tuple((str(code), str(local_id), str(field)) for code, local_id, field in noted or ())


def has_source(session: Session, kind: str) -> bool:
    """Tell whether any source is of this kind."""
    return session.connection().scalar(_one_of_kind(), {"kind": kind}) is not None


@cache
def _one_of_kind() -> Select[int]:
    # Asked for each page of a list: building it would take longer than the answer.
    return select(Source.id).where(Source.kind == bindparam("kind")).limit(1)


def of_local(session: Session, member_code: str, local_id: str) -> int | None:
    """Give the union record that a library's own record is part of, by member code and local id; None without one."""
    query = (
        select(Bib.cluster_id)
        .join(Raw, Raw.id == Bib.raw_id)
        .join(Source, Source.id == Raw.source_id)
        .join(Member, Member.id == Source.member_id)
        .where(Member.code == member_code, Raw.local_id == local_id, Bib.cluster_id.is_not(None))
        .order_by(Bib.id.desc())
    )
    return session.scalar(query.limit(1))
