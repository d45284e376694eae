"""Records that seem to have come back under other ids, waiting for consent; and the giving of the new id to the old.

In: pairs of raw records (old, new) with the same content. Out: rows of `rekeying`; after consent the old raw record,
with its bib, its cluster and its pins, has the new id and the new bytes.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from federation.store.compress import expand
from federation.store.many import insert_rows
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


def standing(session: Session, source_id: int, limit: int | None = None) -> list[Pair]:
    """List the pairs that still stand: the old one absent, both live."""
    old, new = aliased(Raw), aliased(Raw)
    query = select(old.id, new.id, old.local_id, new.local_id).select_from(Rekeying)
    query = query.join(old, old.id == Rekeying.old_raw_id).join(new, new.id == Rekeying.new_raw_id)
    query = query.join(Absence, Absence.raw_id == old.id)
    live = (old.deleted.is_(False), new.deleted.is_(False))
    query = query.where(Rekeying.source_id == source_id, *live).order_by(old.id).limit(limit)
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


def give(session: Session, visit: Visit, pair: Pair) -> None:
    """Give the old record the new id and bytes; the surplus row is withdrawn and keeps its bytes under another id.

    Where the surplus stood in a union record of its own, that one names the old record's as its successor.
    """
    session.execute(delete(Rekeying).where(Rekeying.old_raw_id == pair.old_id))
    session.execute(delete(Absence).where(Absence.raw_id == pair.old_id))
    _lead_on(session, pair)
    now = {"pending": True, "last_run_id": visit.run_id, "changed_at": visit.now}
    taken = {name: getattr(Raw, name) for name in _TAKEN}
    values = session.execute(select(*taken.values()).where(Raw.id == pair.new_id)).one()
    surplus = update(Raw).where(Raw.id == pair.new_id)
    session.execute(
        surplus.values(local_id=aside(pair.new, "rekeyed-by", visit), deleted=True, withdrawal="rekeyed", **now)
    )
    renewed = update(Raw).where(Raw.id == pair.old_id)
    session.execute(renewed.values(local_id=pair.new, **dict(zip(_TAKEN, values, strict=True)), **now))
    session.execute(update(Bib).where(Bib.raw_id == pair.old_id).values(local_id=pair.new))


def _lead_on(session: Session, pair: Pair) -> None:
    """Mark the old record's cluster, whose holding names the id; and let the surplus's own one lead to it."""
    places = {
        row[0]: row[1]
        for row in session.execute(select(Bib.raw_id, Bib.cluster_id).where(Bib.raw_id.in_((pair.old_id, pair.new_id))))
    }
    old, new = places.get(pair.old_id), places.get(pair.new_id)
    if old is None:
        return
    session.execute(update(Cluster).where(Cluster.id == old).values(pending=True))
    if new is not None and new != old:
        alone = (session.scalar(select(func.count(Bib.id)).where(Bib.cluster_id == new)) or 0) == 1
        if alone:
            session.execute(update(Cluster).where(Cluster.id == new).values(successor_id=old))


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + _PART] for start in range(0, len(ordered), _PART))
