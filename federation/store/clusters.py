"""Clusters: which bibs are one publication, and what became of an id.

In: what `matching.plan` decided. Out: rows. Ids are minted by the database and never used again.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

import msgspec
from sqlalchemy import ColumnElement, Update, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from federation.store.among import among
from federation.store.base import table
from federation.store.many import change, update_rows
from federation.store.models import Bib, Cluster, Member


class Waiting(msgspec.Struct, frozen=True):
    """A cluster that needs merging, and where its readers go if it has nothing left."""

    id: int
    successor_id: int | None
    group_id: int


class Standing(msgspec.Struct, frozen=True):
    """A bib in a cluster: whose it is, its raw record, which pins name, and its internal record, compressed."""

    bib: int
    raw_id: int
    member: str
    local_id: str
    cluster_id: int | None
    content: bytes


def members(session: Session, clusters: Collection[int]) -> list[Standing]:
    """List the bibs of these clusters, cluster by cluster."""
    return _standing(session, among(session, Bib.cluster_id, clusters))


def standing(session: Session, bibs: Collection[int]) -> dict[int, Standing]:
    """Give these bibs, by id."""
    return {row.bib: row for row in _standing(session, among(session, Bib.id, bibs))}


def _standing(session: Session, condition: ColumnElement[bool]) -> list[Standing]:
    columns = (Bib.id, Bib.raw_id, Member.code, Bib.local_id, Bib.cluster_id, Bib.content)
    query = select(*columns).join(Member, Member.id == Bib.member_id).where(condition)
    return [Standing(*row) for row in session.execute(query.order_by(Bib.cluster_id, Bib.id))]


def size(session: Session) -> int:
    """Count the bibs."""
    return session.scalars(select(func.count()).select_from(Bib)).one()


def unsucceeded(session: Session, ids: Collection[int]) -> set[int]:
    """Give those of these clusters that no other one has taken over."""
    if not ids:
        return set()
    return set(session.scalars(select(Cluster.id).where(Cluster.id.in_(list(ids)), Cluster.successor_id.is_(None))))


def mint(session: Session, origins: Sequence[int | None]) -> list[int]:
    """Make new clusters, each split from `origin` (None: from nothing), and give their ids in the same order."""
    ids = iter(_mint_unrelated(session, sum(origin is None for origin in origins)))
    split = insert(Cluster).returning(Cluster.id)
    return [
        next(ids) if origin is None else session.scalars(split.values(origin_id=origin, pending=True)).one()
        for origin in origins
    ]


def _mint_unrelated(session: Session, count: int) -> list[int]:
    if not count:
        return []
    # Which row gets which id does not matter here, and asking for it would cost a statement for each.
    statement = insert(table(Cluster)).returning(table(Cluster).c.id)
    return sorted(session.connection().scalars(statement, [{"pending": True}] * count))


def move(session: Session, placement: Mapping[int, int]) -> None:
    """Put each bib (key) into its cluster (value)."""
    update_rows(session, _moving(), [{"key": bib, "cluster": cluster} for bib, cluster in placement.items()])


@cache
def _moving() -> Update:
    rows_of = table(Bib)
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(cluster_id=bindparam("cluster"))


def inhabited(session: Session, ids: Collection[int]) -> set[int]:
    """Give those of these clusters in which a bib is."""
    return set(session.scalars(select(Bib.cluster_id).where(among(session, Bib.cluster_id, ids)))) if ids else set()


def grouped(session: Session, ids: Collection[int], groups: Collection[int]) -> dict[int, int | None]:
    """Give the title group of each of these clusters, and of all that are in one of these groups."""
    query = select(Cluster.id, Cluster.group_id)
    conditions = (among(session, Cluster.id, ids), among(session, Cluster.group_id, groups))
    return {row[0]: row[1] for condition in conditions for row in session.execute(query.where(condition))}


def regroup(session: Session, groups: Mapping[int, int | None]) -> None:
    """Put each cluster (key) into its title group (value; None: by itself), and mark it."""
    update_rows(session, _regrouping(), [{"key": cluster, "group": group} for cluster, group in groups.items()])


@cache
def _regrouping() -> Update:
    rows_of = table(Cluster)
    grouped_now = update(rows_of).where(rows_of.c.id == bindparam("key"))
    return grouped_now.values(group_id=bindparam("group"), pending=True)


def settle(session: Session, bibs: Collection[int], touched: Collection[int], successors: Mapping[int, int]) -> None:
    """Clear the marks of clustered bibs, mark the clusters that changed, and name the successors of those that were
    merged. A bib whose content changed meanwhile keeps its mark.
    """
    settled = (among(session, Bib.id, bibs), Bib.judged, Bib.pending)
    change(session, update(Bib).where(*settled).values(pending=False))
    change(session, update(Cluster).where(among(session, Cluster.id, touched)).values(pending=True))
    for loser, winner in successors.items():
        change(session, update(Cluster).where(Cluster.id == loser).values(successor_id=winner, pending=True))


def take(session: Session, after: int, limit: int) -> list[Waiting]:
    """Give up to `limit` clusters after id `after` that need merging, in order of id."""
    columns = (Cluster.id, Cluster.successor_id, Cluster.group_id)
    rows = session.execute(
        select(*columns).where(Cluster.pending, Cluster.id > after).order_by(Cluster.id).limit(limit)
    )
    return [Waiting(row[0], row[1], row[2] or row[0]) for row in rows]


def clear(session: Session, clusters: Collection[int]) -> None:
    """Clear the marks of merged clusters."""
    change(session, update(Cluster).where(Cluster.id.in_(list(clusters))).values(pending=False))
