"""Which union record a library's own record is in, and the other way round: always, for what is gone too.

In: a union id, a member's local id, or nothing for all. Out: `Pair`s, one line for each record of a library. A
tombstone is paired with the records it was last made of, and names its successor; a record without any has one line.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from federation.store.models import Bib, Cluster, Member, Raw, Source, Union

#: union records read at once
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """A union record and a library's own record in it. `state` of the union record: live, merged (into `successor`) or
    deleted; `origin` is the union record it was split from. A tombstone no longer knows the source.
    """

    union: int
    state: str
    successor: int | None
    origin: int | None
    member: str
    local_id: str
    source: str


@dataclass(frozen=True, slots=True)
class Doubled:
    """A library's own record that shares a union record with another of the same library."""

    union: int
    local_id: str
    title: bytes
    others: int


def of_unions(session: Session, ids: Collection[int]) -> list[Pair]:
    """Pair these union records, tombstones too, with what they are or were made of; by id, member and local id."""
    columns = (Union.id, Union.deleted, Union.successor_id, Cluster.origin_id, Union.provenance)
    query = select(*columns).join(Cluster, Cluster.id == Union.id).where(Union.id.in_(list(ids))).order_by(Union.id)
    made_of = _made_of(session, ids)
    found: list[Pair] = []
    for union, deleted, successor, origin, provenance in session.execute(query):
        state = "live" if not deleted else "merged" if successor else "deleted"
        last = sorted({(str(each[0]), str(each[1]), "") for each in provenance}) if deleted else made_of[union]
        found += [Pair(union, state, successor, origin, *record) for record in last or [("", "", "")]]
    return found


def of_local(session: Session, member: str, local_id: str) -> list[Pair]:
    """Pair a library's own record with its union record, or with the tombstone it was last in."""
    query = (
        select(func.coalesce(Bib.cluster_id, Raw.stood_in))
        .select_from(Raw)
        .join(Source, Source.id == Raw.source_id)
        .join(Member, Member.id == Source.member_id)
        .outerjoin(Bib, Bib.raw_id == Raw.id)
        .where(Member.code == member, Raw.local_id == local_id)
    )
    ids = {union for union in session.scalars(query) if union is not None}
    return [pair for pair in of_unions(session, ids) if (pair.member, pair.local_id) == (member, local_id)]


def every(session: Session) -> Iterator[Pair]:
    """Yield all pairs in order of union id, a page in memory at a time."""
    last = 0
    while ids := list(session.scalars(select(Union.id).where(Union.id > last).order_by(Union.id).limit(PAGE))):
        yield from of_unions(session, ids)
        last = ids[-1]


def doubles(session: Session, member: str) -> list[Doubled]:
    """Give the records of a library that share a union record with another of its own; titles still compressed."""
    code = select(Member.id).where(Member.code == member).scalar_subquery()
    mine = (Bib.member_id == code, Bib.cluster_id.is_not(None))
    shared = select(Bib.cluster_id, func.count().label("records")).where(*mine).group_by(Bib.cluster_id)
    several = shared.having(func.count() > 1).subquery()
    columns = (Bib.cluster_id, Bib.local_id, Bib.content, several.c.records)
    query = select(*columns).join(several, several.c.cluster_id == Bib.cluster_id).where(*mine)
    rows = session.execute(query.order_by(Bib.cluster_id, Bib.local_id, Bib.id))
    return [Doubled(union or 0, local_id, content, records - 1) for union, local_id, content, records in rows]


def _made_of(session: Session, ids: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
    query = (
        select(Bib.cluster_id, Member.code, Raw.local_id, Source.code)
        .join(Raw, Raw.id == Bib.raw_id)
        .join(Source, Source.id == Raw.source_id)
        .join(Member, Member.id == Source.member_id)
        .where(Bib.cluster_id.in_(list(ids)))
        .order_by(Bib.cluster_id, Member.code, Raw.local_id, Source.code)
    )
    found: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for cluster, *record in session.execute(query):
        found[cluster or 0].append((record[0], record[1], record[2]))
    return found


def of_group(session: Session, group: int, but: int, limit: int) -> Sequence[int]:
    """Give up to `limit` live union records of a group of editions besides one of them, in order of id."""
    # A group takes its number from one of its clusters; the index of groups is on clusters.
    inside = or_(Cluster.group_id == group, Cluster.id == group)
    query = select(Union.id).join(Cluster, Cluster.id == Union.id).where(inside, Union.group_id == group)
    rest = query.where(Union.id != but, Union.deleted.is_(False))
    return list(session.scalars(rest.order_by(Union.id).limit(limit)))
