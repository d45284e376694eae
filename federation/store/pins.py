"""What people said of pairs of raw records: the same publication, or not. It outlives re-harvests and new rules.

In: raw ids, what was said, by whom and when. Out: pins, and the bibs they bind now. A pin on a record that is away
sleeps, and binds again when the record is back.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from federation.store.among import among
from federation.store.many import change, insert_rows
from federation.store.models import Bib, Member, Pin, Raw, Source


class PinRow(msgspec.Struct, frozen=True):
    """What `by` said of two raw records at a time (`decision`: same or different); `raw_a` is the lower id. `occasion`
    names the sample that asked for it.
    """

    raw_a: int
    raw_b: int
    decision: str
    by: str
    at: datetime
    occasion: str = ""


def put(session: Session, pin: PinRow) -> None:
    """Keep what a person said instead of what was said of these two records before, and mark their bibs.

    Whether it can be true together with the other pins is asked of `matching.pins` first.
    """
    if pin.raw_a >= pin.raw_b:
        raise ValueError("a pin names two records, the lower id first")
    _remove(session, pin.raw_a, pin.raw_b)
    insert_rows(session, Pin, [msgspec.structs.asdict(pin)])
    _mark(session, pin.raw_a, pin.raw_b)


def remove(session: Session, raw_a: int, raw_b: int) -> bool:
    """Take back what was said of these two records, and mark their bibs; tells whether anything was."""
    removed = _remove(session, min(raw_a, raw_b), max(raw_a, raw_b))
    _mark(session, raw_a, raw_b)
    return removed


def _remove(session: Session, raw_a: int, raw_b: int) -> bool:
    found = session.execute(delete(Pin).where(Pin.raw_a == raw_a, Pin.raw_b == raw_b).returning(Pin.raw_a))
    return found.first() is not None


def _mark(session: Session, *raw_ids: int) -> None:
    change(session, update(Bib).where(among(session, Bib.raw_id, raw_ids)).values(pending=True))


def every(session: Session, raw_ids: Iterable[int] | None = None) -> list[PinRow]:
    """List all pins, or those on these raw records, in the order of the records."""
    query = select(Pin.raw_a, Pin.raw_b, Pin.decision, Pin.by, Pin.at, Pin.occasion)
    if raw_ids is not None:
        wanted = set(raw_ids)
        query = query.where(or_(among(session, Pin.raw_a, wanted), among(session, Pin.raw_b, wanted)))
    return [PinRow(*row) for row in session.execute(query.order_by(Pin.raw_a, Pin.raw_b))]


def answers(session: Session, occasion: str) -> dict[str, int]:
    """Count what was said on an occasion: decision -> pairs."""
    query = select(Pin.decision, func.count()).where(Pin.occasion == occasion).group_by(Pin.decision)
    return {row[0]: row[1] for row in session.execute(query)}


def names(session: Session, raw_ids: Collection[int]) -> dict[int, str]:
    """Give each of these raw records the name a person knows it by: `MEMBER:local-id`."""
    query = select(Raw.id, Member.code, Raw.local_id).join(Source, Source.id == Raw.source_id)
    rows = session.execute(query.join(Member, Member.id == Source.member_id).where(among(session, Raw.id, raw_ids)))
    return {row[0]: f"{row[1]}:{row[2]}" for row in rows}


def awake(session: Session) -> set[tuple[int, int, bool]]:
    """Give the pairs of bibs that pins bind now, and whether they say that both are the same."""
    left, right = aliased(Bib), aliased(Bib)
    return {(row[0], row[1], row[2] == "same") for row in session.execute(_binding(left, right))}


def beside(session: Session, bibs: Collection[int]) -> set[tuple[int, int, bool]]:
    """Give those of the pairs that pins bind now in which one of these bibs is."""
    left, right = aliased(Bib), aliased(Bib)
    ends = (among(session, end.id, bibs) for end in (left, right))
    rows = (row for end in ends for row in session.execute(_binding(left, right).where(end)))
    return {(row[0], row[1], row[2] == "same") for row in rows}


def _binding(left: type[Bib], right: type[Bib]) -> Select[Any]:
    columns: tuple[Any, ...] = (left.id, right.id, Pin.decision)
    query = select(*columns).join(left, left.raw_id == Pin.raw_a)
    return query.join(right, right.raw_id == Pin.raw_b)
