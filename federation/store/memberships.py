"""Which union records are in an operator's own set, and how they enter and leave it.

In: a session, a set's spec, ids. Out: rows of `union_set` and the names of sets in `union_record.sets`, which change
together. Who enters or leaves gets a datestamp in that set's list alone: the record itself is what it was, and nobody
who harvests another list receives it again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.orm import Session

from federation.store.among import among
from federation.store.base import table
from federation.store.changes import sets
from federation.store.many import insert_rows, update_rows
from federation.store.models import Union, UnionSet
from federation.store.query_sets import FAMILY


@dataclass(frozen=True, slots=True)
class Move:
    """Who enters a set and who leaves it; ids ascend."""

    spec: str
    enter: tuple[int, ...] = ()
    leave: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.enter or self.leave)

    def only(self, ids: Collection[int]) -> "Move":
        """Give the part of it that is about these."""
        return Move(self.spec, *(tuple(filter(ids.__contains__, side)) for side in (self.enter, self.leave)))

    def parts(self, size: int) -> Iterator["Move"]:
        """Give it in parts of at most `size` records that leave, then of as many that enter."""
        for first in range(0, len(self.leave), size):
            yield Move(self.spec, leave=self.leave[first : first + size])
        for first in range(0, len(self.enter), size):
            yield Move(self.spec, enter=self.enter[first : first + size])


def members(session: Session, spec: str, ids: Iterable[int] | None = None) -> set[int]:
    """Give who is in a set, of these ids when they are named."""
    query = select(UnionSet.union_id).where(UnionSet.set_spec == spec, UnionSet.deleted.is_(False))
    return set(session.scalars(query if ids is None else query.where(among(session, UnionSet.union_id, ids))))


def settled(session: Session, ids: Iterable[int]) -> set[int]:
    """Give those of these records that are live, and in the index as they are."""
    live = (Union.deleted.is_(False), Union.pending.is_(False))
    return set(session.scalars(select(Union.id).where(among(session, Union.id, ids), *live)))


def move(session: Session, moved: Move, stamp: datetime) -> None:
    """Let records enter and leave a set at one time."""
    rows = select(UnionSet.union_id).where(UnionSet.set_spec == moved.spec)
    known = set(session.scalars(rows.where(among(session, UnionSet.union_id, moved.enter)))) if moved.enter else set()
    new = {"set_spec": moved.spec, "datestamp": stamp, "deleted": False}
    insert_rows(session, UnionSet, [{"union_id": union, **new} for union in moved.enter if union not in known])
    there = [(union, False) for union in moved.enter if union in known] + [(union, True) for union in moved.leave]
    changes = [{"key": union, "spec": moved.spec, "gone": gone, "stamp": stamp} for union, gone in there]
    update_rows(session, _moving(), changes)
    _rename(session, moved)


@cache
def _moving() -> Update:
    rows = table(UnionSet)
    change = update(rows).where(rows.c.union_id == bindparam("key"), rows.c.set_spec == bindparam("spec"))
    return change.values(deleted=bindparam("gone"), datestamp=bindparam("stamp"))


def _rename(session: Session, moved: Move) -> None:
    """Say in the records' own headers which sets they are in now."""
    named = select(Union.id, Union.sets).where(among(session, Union.id, (*moved.enter, *moved.leave)))
    entering, told = set(moved.enter), []
    for union, text in session.execute(named):
        specs = set(text.split()) - {moved.spec}
        told.append({"key": union, "told": " ".join(sorted(specs | {moved.spec} if union in entering else specs))})
    update_rows(session, _renaming(), told)


@cache
def _renaming() -> Update:
    rows = table(Union)
    return update(rows).where(rows.c.id == bindparam("key")).values(sets=bindparam("told"))


def misnamed(session: Session, limit: int) -> list[int]:
    """Give up to `limit` live records whose header names other own sets than those they are in."""
    own = [spec for spec in sets(session) if spec.startswith(FAMILY)]
    if not own:
        return []
    inside: defaultdict[int, set[str]] = defaultdict(set)
    for spec in own:
        for union in members(session, spec):
            inside[union].add(spec)
    named = select(Union.id, Union.sets).where(Union.deleted.is_(False), Union.sets.contains(FAMILY, autoescape=True))
    said = {row[0]: {spec for spec in row[1].split() if spec.startswith(FAMILY)} for row in session.execute(named)}
    astray = (union for union in {*inside, *said} if inside.get(union) != said.get(union))
    return sorted(astray)[:limit]
