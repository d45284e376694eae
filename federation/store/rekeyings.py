"""Records that seem to have come back under other ids, waiting for consent; and the giving of the new id to the old.

In: pairs of raw records (old, new) with the same content. Out: rows of `rekeying`; after consent the old raw record,
with its bib, its cluster and its pins, has the new id and the new bytes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Update, bindparam, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from federation.store.base import table
from federation.store.compress import expand
from federation.store.many import insert_rows, update_rows
from federation.store.models import Absence, Bib, Cluster, Raw, Rekeying
from federation.store.raws import Visit, aside

_PART: Final = 500
#: what the old record takes over from the new one
_TAKEN: Final = ("syntax", "content", "content_hash", "datestamp", "place", "findings")


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as received, for comparing it with another."""

    raw_id: int
    local_id: str
    syntax: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pair:
    """An old record and the one that seems to be it under another id."""

    old_id: int
    new_id: int
    old: str
    new: str


def hashes(session: Session, raw_ids: Collection[int]) -> dict[int, bytes]:
    """Give the content hashes of these raw records."""
    rows = (
        row
        for part in _parts(raw_ids)
        for row in session.execute(select(Raw.id, Raw.content_hash).where(Raw.id.in_(part)))
    )
    return {row[0]: row[1] for row in rows}


def kept(session: Session, raw_ids: Collection[int]) -> Iterator[Kept]:
    """Yield these raw records with their bytes."""
    for part in _parts(raw_ids):
        for row in session.execute(select(Raw.id, Raw.local_id, Raw.syntax, Raw.content).where(Raw.id.in_(part))):
            yield Kept(row[0], row[1], row[2], expand(row[3]))


def replace(session: Session, visit: Visit, pairs: Sequence[tuple[int, int]]) -> None:
    """Make these the proposals of a source; earlier ones go."""
    session.execute(delete(Rekeying).where(Rekeying.source_id == visit.source_id))
    common = {"source_id": visit.source_id, "run_id": visit.run_id}
    insert_rows(session, Rekeying, [{"old_raw_id": old, "new_raw_id": new, **common} for old, new in pairs])


def standing(session: Session, source_id: int, limit: int | None = None, after: int = 0) -> list[Pair]:
    """List the pairs that still stand, the old one absent, both live; those of old ids `after` this, in their order."""
    old, new = aliased(Raw), aliased(Raw)
    query = select(old.id, new.id, old.local_id, new.local_id).select_from(Rekeying)
    query = query.join(old, old.id == Rekeying.old_raw_id).join(new, new.id == Rekeying.new_raw_id)
    query = query.join(Absence, Absence.raw_id == old.id)
    live = (old.deleted.is_(False), new.deleted.is_(False))
    # In the order of the table's own key, so that a part of it can be had without sorting all.
    query = query.where(Rekeying.source_id == source_id, Rekeying.old_raw_id > after, *live)
    query = query.order_by(Rekeying.old_raw_id).limit(limit)
    return [Pair(*row) for row in session.execute(query)]


def contents(session: Session, pairs: Sequence[Pair]) -> dict[int, bytes]:
    """Give the internal record, compressed, of the old ones that have one, by raw id."""
    query = select(Bib.raw_id, Bib.content).where(Bib.raw_id.in_([pair.old_id for pair in pairs]))
    return {row[0]: row[1] for row in session.execute(query)}


def refuse(session: Session, source_id: int) -> int:
    """Forget the proposals of a source; gives how many there were."""
    count = session.scalar(select(func.count(Rekeying.old_raw_id)).where(Rekeying.source_id == source_id)) or 0
    session.execute(delete(Rekeying).where(Rekeying.source_id == source_id))
    return count


def give(session: Session, visit: Visit, pairs: Sequence[Pair]) -> None:
    """Give these old records their new ids and bytes; each surplus row is withdrawn and keeps its bytes under another
    id. Some hundred pairs at a time.

    Where a surplus stood in a union record of its own, that one names the old record's as its successor.
    """
    old_ids = [pair.old_id for pair in pairs]
    session.execute(delete(Rekeying).where(Rekeying.old_raw_id.in_(old_ids)))
    session.execute(delete(Absence).where(Absence.raw_id.in_(old_ids)))
    _lead_on(session, pairs)
    columns = [getattr(Raw, name) for name in _TAKEN]
    rows = session.execute(select(Raw.id, *columns).where(Raw.id.in_([pair.new_id for pair in pairs])))
    given = {row[0]: {f"new_{name}": value for name, value in zip(_TAKEN, row[1:], strict=True)} for row in rows}
    now = {"new_run": visit.run_id, "new_time": visit.now}
    surplus = [{"key": pair.new_id, "id_now": aside(pair.new, "rekeyed-by", visit), **now} for pair in pairs]
    update_rows(session, _withdrawing(), surplus)
    renewed = [{"key": pair.old_id, "id_now": pair.new, **given[pair.new_id], **now} for pair in pairs]
    update_rows(session, _renewing(), renewed)
    update_rows(session, _renaming(), [{"key": pair.old_id, "id_now": pair.new} for pair in pairs])


@cache
def _withdrawing() -> Update:
    return _moving().values(deleted=True, withdrawal="rekeyed")


@cache
def _renewing() -> Update:
    return _moving().values(**{name: bindparam(f"new_{name}") for name in _TAKEN})


def _moving() -> Update:
    rows_of = table(Raw)
    names = {"local_id": "id_now", "last_run_id": "new_run", "changed_at": "new_time"}
    values: dict[str, Any] = {name: bindparam(given) for name, given in names.items()}
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(pending=True, **values)


@cache
def _renaming() -> Update:
    rows_of = table(Bib)
    return (
        update(rows_of).where(rows_of.c.raw_id == bindparam("key")).values(local_id=bindparam("id_now"), pending=True)
    )


def _lead_on(session: Session, pairs: Sequence[Pair]) -> None:
    """Mark the old records' clusters, whose holdings name the ids; and let a surplus's own one lead to them."""
    ids = [raw_id for pair in pairs for raw_id in (pair.old_id, pair.new_id)]
    places = {row[0]: row[1] for row in session.execute(select(Bib.raw_id, Bib.cluster_id).where(Bib.raw_id.in_(ids)))}
    old = {cluster for pair in pairs if (cluster := places.get(pair.old_id)) is not None}
    session.execute(update(Cluster).where(Cluster.id.in_(old)).values(pending=True))
    moved = {places.get(pair.new_id): places.get(pair.old_id) for pair in pairs}
    moved = {new: heir for new, heir in moved.items() if None not in (new, heir) and new != heir and new not in old}
    sizes = select(Bib.cluster_id, func.count(Bib.id)).where(Bib.cluster_id.in_(moved)).group_by(Bib.cluster_id)
    lone = [row[0] for row in session.execute(sizes) if row[1] == 1]
    update_rows(session, _succeeding(), [{"key": cluster, "heir": moved[cluster]} for cluster in lone])


@cache
def _succeeding() -> Update:
    rows_of = table(Cluster)
    return update(rows_of).where(rows_of.c.id == bindparam("key")).values(successor_id=bindparam("heir"))


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _PART] for start in range(0, len(ordered), _PART))
