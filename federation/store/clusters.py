"""Clusters: which bibs are one publication, and what became of an id.

In: what `matching.plan` decided. Out: rows. Ids are minted by the database and never used again.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

import msgspec
from sqlalchemy import Update, bindparam, insert, select, update
from sqlalchemy.orm import Session

from federation.store.many import update_rows
from federation.store.models import Bib, Cluster, table


class Waiting(msgspec.Struct, frozen=True):
    """A cluster that needs merging, and where its readers go if it has nothing left."""

    id: int
    successor_id: int | None
    group_id: int


def members(session: Session, clusters: Collection[int]) -> dict[int, int]:
    """Give the bibs of these clusters: bib id -> cluster id."""
    rows = session.execute(select(Bib.id, Bib.cluster_id).where(Bib.cluster_id.in_(list(clusters))))
    return {row[0]: row[1] for row in rows if row[1] is not None}


def placed(session: Session, bibs: Collection[int]) -> dict[int, int | None]:
    """Give the cluster each of these bibs is in now."""
    rows = session.execute(select(Bib.id, Bib.cluster_id).where(Bib.id.in_(list(bibs))))
    return {row[0]: row[1] for row in rows}


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


def move(session: Session, placement: Mapping[int, int], settled: bool = False) -> None:
    """Put each bib (key) into its cluster (value); `settled` ones have their marks cleared as well."""
    rows = [{"key": bib, "cluster": cluster} for bib, cluster in placement.items()]
    update_rows(session, _moving(settled), rows)


@cache
def _moving(settled: bool) -> Update:
    rows_of = table(Bib)
    cleared = {"pending": False} if settled else {}
    statement = update(rows_of).where(rows_of.c.id == bindparam("key"))
    return statement.values(cluster_id=bindparam("cluster"), **cleared)


def settle(session: Session, bibs: Collection[int], touched: Collection[int], successors: Mapping[int, int]) -> None:
    """Clear the marks of clustered bibs, mark the clusters that changed, and name the successors of those that were
    merged.
    """
    if bibs:
        session.execute(update(Bib).where(Bib.id.in_(list(bibs))).values(pending=False))
    if touched:
        session.execute(update(Cluster).where(Cluster.id.in_(list(touched))).values(pending=True))
    for loser, winner in successors.items():
        session.execute(update(Cluster).where(Cluster.id == loser).values(successor_id=winner, pending=True))


def take(session: Session, after: int, limit: int) -> list[Waiting]:
    """Give up to `limit` clusters after id `after` that need merging, in order of id."""
    columns = (Cluster.id, Cluster.successor_id, Cluster.group_id)
    rows = session.execute(
        select(*columns).where(Cluster.pending, Cluster.id > after).order_by(Cluster.id).limit(limit)
    )
    return [Waiting(row[0], row[1], row[2] or row[0]) for row in rows]


def clear(session: Session, clusters: Collection[int]) -> None:
    """Clear the marks of merged clusters."""
    session.execute(update(Cluster).where(Cluster.id.in_(list(clusters))).values(pending=False))
