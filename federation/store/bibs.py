"""Normalised records: written by the normalise stage, clustered by the cluster stage, read by merge.

In: values the stages computed. Out: rows for the next stage. A bib whose normalised content is what it was is not
marked again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Update, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from federation.store import pins, profiles
from federation.store.among import among
from federation.store.base import table
from federation.store.many import change, insert_rows, update_rows
from federation.store.models import Bib, Cluster, Member, Raw

_MADE_FROM: Final = ("input_hash", "rules")
_CONTENT: Final = ("marc", "content", "content_hash", "as_of")


class Marked(msgspec.Struct, frozen=True):
    """A bib that needs clustering: its fingerprint and its internal record, compressed; empty when it was compared."""

    id: int
    content_hash: bytes
    content: bytes


class Unjudged(msgspec.Struct, frozen=True):
    """A bib that has to be compared: the fingerprint of what it says, its profile till now, its cluster."""

    id: int
    content_hash: bytes
    profile: int | None
    cluster_id: int | None


class Contribution(msgspec.Struct, frozen=True):
    """A bib as the merge stage takes it: what one member gives to a union record, `marc` and `content` compressed."""

    id: int
    cluster_id: int
    member_id: int
    member: str
    local_id: str
    marc: bytes
    content: bytes
    as_of: datetime


def save(
    session: Session, new: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]], same: Sequence[dict[str, Any]]
) -> None:
    """Write normalised records: `new` rows whole; `changed` by `key` (the bib id); `same` only renew what they were
    made from.
    """
    insert_rows(session, Bib, new)
    update_rows(session, _renewing(_MADE_FROM + _CONTENT, pending=True, judged=False), changed)
    update_rows(session, _renewing(_MADE_FROM), same)


@cache
def _renewing(names: tuple[str, ...], **others: bool) -> Update:
    rows_of = table(Bib)
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(**others, **columns)


def take(session: Session, after: int, limit: int) -> list[Marked]:
    """Give up to `limit` bibs after id `after` that need clustering, in order of id."""
    columns = (Bib.id, Bib.content_hash, case((Bib.judged, b""), else_=Bib.content))
    waiting = select(*columns).where(Bib.pending, Bib.id > after).order_by(Bib.id).limit(limit)
    return [Marked(*row) for row in session.execute(waiting)]


def unjudged(session: Session, ids: Collection[int]) -> list[Unjudged]:
    """Give those of these bibs whose content was not compared with that of others, in order of id."""
    columns = (Bib.id, Bib.content_hash, Bib.profile, Bib.cluster_id)
    waiting = select(*columns).where(among(session, Bib.id, ids), Bib.pending, Bib.judged.is_(False))
    return [Unjudged(*row) for row in session.execute(waiting.order_by(Bib.id))]


def judged(session: Session, after: int, limit: int) -> list[int]:
    """Name up to `limit` bibs after id `after` that were compared and have yet to be put into clusters."""
    waiting = select(Bib.id).where(Bib.pending, Bib.judged, Bib.id > after).order_by(Bib.id).limit(limit)
    return list(session.scalars(waiting))


def give_profiles(session: Session, rows: Sequence[tuple[int, int]]) -> None:
    """Note what the rules read of these bibs (id, profile): they are judged, and wait for their clusters."""
    update_rows(session, _judging(), [{"key": bib, "number": profile} for bib, profile in rows])


def settle_alone(session: Session, rows: Sequence[tuple[int, int, int]]) -> None:
    """Put bibs (id, profile, cluster) that met nobody where they are alone; nothing is left to do for them."""
    named = [{"key": bib, "number": profile, "cluster": cluster} for bib, profile, cluster in rows]
    update_rows(session, _settling(), named)


@cache
def _judging() -> Update:
    rows_of = table(Bib)
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(profile=bindparam("number"), judged=True)


@cache
def _settling() -> Update:
    return _judging().values(cluster_id=bindparam("cluster"), pending=False)


def forget(session: Session, gone: Iterable[tuple[int, int | None]], most_sharing: int) -> None:
    """Take out bibs (id, cluster id) whose raw record is deleted or put aside; what stood beside them is clustered
    anew, and what the rules read of them alone is forgotten (`profiles.leave`).
    """
    clusters = dict(gone)
    if not clusters:
        return
    _mark_beside(session, clusters)
    ids = among(session, Bib.id, clusters)
    profiles_left = {name for name in session.scalars(select(Bib.profile).where(ids)) if name is not None}
    stood = select(Bib.cluster_id).where(Bib.raw_id == Raw.id).scalar_subquery()
    noted = update(Raw).where(Raw.id.in_(select(Bib.raw_id).where(ids))).values(stood_in=stood)
    change(session, noted)
    change(session, delete(Bib).where(ids))
    profiles.outdate(session, profiles.leave(session, profiles_left, most_sharing))


def _mark_beside(session: Session, gone: Mapping[int, int | None]) -> None:
    """Mark the clusters of these bibs, and the bibs that share a cluster, a title group or a pin with one of them."""
    clusters = {cluster for cluster in gone.values() if cluster is not None}
    here = among(session, Cluster.id, clusters)
    groups = select(Cluster.group_id).where(here)
    near = Bib.cluster_id.in_(select(Cluster.id).where(or_(here, Cluster.group_id.in_(groups))))
    pinned = among(session, Bib.id, {bib for pair in pins.beside(session, gone) for bib in pair[:2]})
    for found in (near, pinned):
        change(session, update(Bib).where(found).values(pending=True))
    change(session, update(Cluster).where(here).values(pending=True))


def contributions(session: Session, clusters: Collection[int]) -> dict[int, list[Contribution]]:
    """Give for each cluster its bibs in order of id, with the code of their member."""
    columns = (Bib.id, Bib.cluster_id, Bib.member_id, Member.code, Bib.local_id, Bib.marc, Bib.content, Bib.as_of)
    query = select(*columns).join(Member, Member.id == Bib.member_id).where(Bib.cluster_id.in_(list(clusters)))
    found: dict[int, list[Contribution]] = {}
    for row in session.execute(query.order_by(Bib.id)):
        one = Contribution(*cast(tuple[Any, ...], row))
        found.setdefault(one.cluster_id, []).append(one)
    return found
