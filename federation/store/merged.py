"""Union records as the write side sees them: made and renewed by merge, taken by publish.

In: merged records with their stamp. Out: rows of `union_record`, `holding` and `union_set` that change together. (The
doors read them through `unions` and `changes`.)
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import Update, bindparam, delete, select, update
from sqlalchemy.orm import Session

from federation.store.base import table
from federation.store.many import if_unchanged, insert_rows, update_rows
from federation.store.models import Affiliation, Member, Union, UnionHolding, UnionSet
from federation.store.query_sets import FAMILY


class Held(msgspec.Struct, frozen=True):
    """One member's holding, as stored with the union record."""

    member_id: int
    bib_id: int
    local_id: str
    location: str
    call_number: str
    copies: int
    note: str
    as_of: date


class MergedRow(msgspec.Struct, frozen=True):
    """A union record to write; `marcxml` and `content` are compressed."""

    id: int
    group_id: int
    sets: tuple[str, ...] = ()
    marcxml: bytes = b""
    content: bytes = b""
    content_hash: bytes = b""
    provenance: tuple[Any, ...] = ()
    holdings: tuple[Held, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """What is stored of a union record now: the hash of what it exports, whether it is a tombstone, its sets, its
    group of editions.
    """

    content_hash: bytes
    deleted: bool
    sets: tuple[str, ...]
    group_id: int


class Unpublished(msgspec.Struct, frozen=True):
    """A union record that the index does not have as it is; `content` is compressed."""

    id: int
    deleted: bool
    content: bytes
    content_hash: bytes
    group_id: int
    sets: tuple[str, ...]


def standing(session: Session, ids: Collection[int]) -> dict[int, Standing]:
    """Give what is stored under these ids."""
    columns = (Union.id, Union.content_hash, Union.deleted, Union.sets, Union.group_id)
    rows = session.execute(select(*columns).where(Union.id.in_(list(ids))))
    return {row[0]: Standing(row[1], row[2], tuple(row[3].split()), row[4]) for row in rows}


def save(session: Session, rows: Sequence[MergedRow], known: Collection[int], stamp: datetime, rules: int) -> None:
    """Write union records, new ones and those `known`, with their holdings and sets, all under one stamp.

    They stay in the operator's own sets they are in: who enters and leaves those is known once the index has them.
    """
    places = _places(session, [row.id for row in rows if row.id in known])
    sets = {row.id: _with_own(row.sets, places.get(row.id, {})) for row in rows}
    values = [_values(row, sets[row.id], stamp, rules) for row in rows]
    if new := [value for value in values if value["id"] not in known]:
        extra = {"created_at": stamp, "deleted": False, "successor_id": None, "indexed_hash": None}
        insert_rows(session, Union, [{**value, **extra} for value in new])
    if old := [{f"new_{name}": item for name, item in value.items()} for value in values if value["id"] in known]:
        update_rows(session, _renewing(tuple(values[0])), old)
    _replace_holdings(session, rows, known)
    _enter_sets(session, sets, places, stamp)


@cache
def _renewing(names: tuple[str, ...]) -> Update:
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "id"}
    rows_of = table(Union)
    return update(rows_of).where(rows_of.c.id == bindparam("new_id")).values(deleted=False, **columns)


def _values(row: MergedRow, sets: tuple[str, ...], stamp: datetime, rules: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "group_id": row.group_id,
        "datestamp": stamp,
        "sets": " ".join(sets),
        "marcxml": row.marcxml,
        "content": row.content,
        "content_hash": row.content_hash,
        "provenance": list(row.provenance),
        "rules": rules,
        "pending": True,
    }


def _replace_holdings(session: Session, rows: Sequence[MergedRow], known: Collection[int]) -> None:
    renewed = [row.id for row in rows if row.id in known]
    if renewed:
        session.execute(delete(UnionHolding).where(UnionHolding.union_id.in_(renewed)))
    holdings = [{"union_id": row.id, **asdict(held)} for row in rows for held in row.holdings]
    insert_rows(session, UnionHolding, holdings)


def _places(session: Session, ids: Collection[int]) -> dict[int, dict[str, bool]]:
    """Give the sets these records are or were in: id -> set -> whether it has left."""
    found: dict[int, dict[str, bool]] = {}
    if ids:
        rows = select(UnionSet.union_id, UnionSet.set_spec, UnionSet.deleted).where(UnionSet.union_id.in_(ids))
        for union, spec, deleted in session.execute(rows):
            found.setdefault(union, {})[spec] = deleted
    return found


def _with_own(sets: tuple[str, ...], there: dict[str, bool]) -> tuple[str, ...]:
    own = [spec for spec, deleted in there.items() if not deleted and spec.startswith(FAMILY)]
    return tuple(sorted({*sets, *own})) if own else sets


def _enter_sets(
    session: Session, sets: dict[int, tuple[str, ...]], places: dict[int, dict[str, bool]], stamp: datetime
) -> None:
    """Give each record's rows the stamp; a set it left keeps its row, deleted, with the time it left."""
    for union, there in places.items():
        for spec, deleted in there.items():
            stays = spec in sets[union]
            if stays or not deleted:
                change = update(UnionSet).where(UnionSet.union_id == union, UnionSet.set_spec == spec)
                session.execute(change.values(datestamp=stamp, deleted=not stays))
    new = [
        {"union_id": union, "set_spec": spec, "datestamp": stamp, "deleted": False}
        for union, specs in sets.items()
        for spec in specs
        if spec not in places.get(union, {})
    ]
    insert_rows(session, UnionSet, new)


def regroup(session: Session, groups: Sequence[tuple[int, int]]) -> None:
    """Put union records (id, group) into other groups; readers see it in the index, nobody who harvests is told."""
    update_rows(session, _regrouping(), [{"key": union, "new_group": group} for union, group in groups])


@cache
def _regrouping() -> Update:
    rows_of = table(Union)
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(group_id=bindparam("new_group"), pending=True)


def bury(session: Session, graves: Sequence[tuple[int, int | None]], stamp: datetime) -> None:
    """Make tombstones: each of these ids is deleted, and names its successor where it has one."""
    for union, successor in graves:
        values = {"deleted": True, "successor_id": successor, "datestamp": stamp, "pending": True}
        session.execute(update(Union).where(Union.id == union).values(**values))
        rows = update(UnionSet).where(UnionSet.union_id == union, UnionSet.deleted.is_(False))
        session.execute(rows.values(deleted=True, datestamp=stamp))
        session.execute(delete(UnionHolding).where(UnionHolding.union_id == union))


def take(session: Session, after: int, limit: int) -> list[Unpublished]:
    """Give up to `limit` union records after id `after` that the index has not, or has as they were, in order of id."""
    return _unpublished(session, Union.pending & (Union.id > after), limit)


def live_after(session: Session, last: int, limit: int) -> list[Unpublished]:
    """Give up to `limit` live union records after id `last`, for building an index anew."""
    return _unpublished(session, (Union.id > last) & Union.deleted.is_(False), limit)


def _unpublished(session: Session, condition: Any, limit: int) -> list[Unpublished]:
    columns = (Union.id, Union.deleted, Union.content, Union.content_hash, Union.group_id, Union.sets)
    rows = session.execute(select(*columns).where(condition).order_by(Union.id).limit(limit))
    return [Unpublished(*row[:5], tuple(row[5].split())) for row in rows]


def published(session: Session, versions: Iterable[tuple[int, bytes, bool]]) -> None:
    """Note which version of each record (id, content hash, deleted) the index has followed.

    A record that was merged anew meanwhile keeps its mark: the index has what it was before.
    """
    rows = [
        {"key": union, "hash": content_hash, "gone": deleted, "version": None if deleted else content_hash}
        for union, content_hash, deleted in versions
    ]
    update_rows(session, _following(), rows)


@cache
def _following() -> Update:
    return if_unchanged(Union).values(pending=False, indexed_hash=bindparam("version"))


def kinds(session: Session) -> dict[str, tuple[str, str]]:
    """Give for each member's code its kind and area of today."""
    today = (Affiliation.member_id == Member.id) & Affiliation.valid_until.is_(None)
    rows = session.execute(select(Member.code, Affiliation.kind, Affiliation.area_code).outerjoin(Affiliation, today))
    return {row[0]: (row[1] or "", row[2] or "") for row in rows}
