"""Normalised records: written by the normalise stage, clustered by the cluster stage, read by merge.

In: values the stages computed. Out: rows for the next stage. A bib whose normalised content is what it was is not
marked again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Update, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from federation.store.compress import expand
from federation.store.many import insert_rows, update_rows
from federation.store.models import Bib, MatchKey, Member, Verdict, table

_MADE_FROM: Final = ("input_hash", "rules")
_CONTENT: Final = ("marc", "content", "content_hash", "as_of")


class Marked(msgspec.Struct, frozen=True):
    """A bib that needs clustering."""

    id: int


class Described(msgspec.Struct, frozen=True):
    """A bib as the cluster stage takes it: its internal record (`schemas.bib.dump`) and the cluster it is in now."""

    id: int
    content: bytes
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
    update_rows(session, _renewing(_MADE_FROM + _CONTENT, pending=True), changed)
    update_rows(session, _renewing(_MADE_FROM), same)


@cache
def _renewing(names: tuple[str, ...], **others: bool) -> Update:
    rows_of = table(Bib)
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(**others, **columns)


def take(session: Session, after: int, limit: int) -> list[Marked]:
    """Name up to `limit` bibs after id `after` that need clustering, in order of id."""
    waiting = select(Bib.id).where(Bib.pending, Bib.id > after).order_by(Bib.id).limit(limit)
    return [Marked(bib_id) for bib_id in session.scalars(waiting)]


def described(session: Session, ids: Collection[int]) -> list[Described]:
    """Give these bibs, those that are still there, in order of id."""
    rows = session.execute(select(Bib.id, Bib.content, Bib.cluster_id).where(Bib.id.in_(ids)).order_by(Bib.id))
    return [Described(row[0], expand(row[1]), row[2]) for row in rows]


def replace_keys(session: Session, keys: Mapping[int, Collection[str]], known_before: Collection[int]) -> None:
    """Give each of these bibs exactly these match keys; only those `known_before` can have others."""
    if known_before:
        session.execute(delete(MatchKey).where(MatchKey.bib_id.in_(list(known_before))))
    insert_rows(session, MatchKey, [{"bib_id": bib, "key": key} for bib, values in keys.items() for key in values])


def sharing(session: Session, keys: Iterable[str]) -> dict[str, list[int]]:
    """Give for each key the bibs that carry it, in order of id."""
    found: dict[str, list[int]] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = session.execute(
            select(MatchKey.key, MatchKey.bib_id).where(MatchKey.key.in_(part)).order_by(MatchKey.bib_id)
        )
        for key, bib in rows:
            found.setdefault(key, []).append(bib)
    return found


def replace_verdicts(session: Session, known_before: Collection[int], verdicts: Sequence[dict[str, Any]]) -> None:
    """Forget all verdicts on the bibs `known_before` and write these instead."""
    ids = list(known_before)
    if ids:
        session.execute(delete(Verdict).where(or_(Verdict.bib_a.in_(ids), Verdict.bib_b.in_(ids))))
    insert_rows(session, Verdict, verdicts)


def same_as(session: Session, bibs: Collection[int]) -> list[tuple[int, int]]:
    """Give every pair judged `same` in which one of these bibs stands."""
    ids = list(bibs)
    touching = or_(Verdict.bib_a.in_(ids), Verdict.bib_b.in_(ids))
    rows = session.execute(select(Verdict.bib_a, Verdict.bib_b).where(Verdict.decision == "same", touching))
    return [(row[0], row[1]) for row in rows]


def contributions(session: Session, clusters: Collection[int]) -> dict[int, list[Contribution]]:
    """Give for each cluster its bibs in order of id, with the code of their member."""
    columns = (Bib.id, Bib.cluster_id, Bib.member_id, Member.code, Bib.local_id, Bib.marc, Bib.content, Bib.as_of)
    query = select(*columns).join(Member, Member.id == Bib.member_id).where(Bib.cluster_id.in_(list(clusters)))
    found: dict[int, list[Contribution]] = {}
    for row in session.execute(query.order_by(Bib.id)):
        one = Contribution(*cast(tuple[Any, ...], row))
        found.setdefault(one.cluster_id, []).append(one)
    return found
