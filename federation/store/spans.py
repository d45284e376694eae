"""The live records span by span of their numbers: what lists all of them without holding them, and what is newest.

In: a session and numbers. Out: ids with datestamps. A span is so many numbers, given out or not, so that a record never
moves from one span to another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from federation.store.models import Union


@dataclass(frozen=True, slots=True)
class Span:
    """A span of numbers, counted from 0, and when anything in it last changed, tombstones too."""

    number: int
    changed: datetime


def spans(session: Session, size: int) -> list[Span]:
    """List the spans that have or had a record; reads one index and no record."""
    number = (Union.id - 1) // size
    query = select(number, func.max(Union.datestamp)).group_by(number).order_by(number)
    return [Span(int(row[0]), row[1]) for row in session.execute(query)]


def highest(session: Session) -> int:
    """Give the highest number that a record has or had; 0 when there is none."""
    return session.scalar(select(func.max(Union.id))) or 0


def live(session: Session, first: int, last: int) -> Iterator[tuple[int, datetime]]:
    """Yield number and datestamp of the live records with these numbers, both ends included."""
    query = select(Union.id, Union.datestamp).where(Union.id.between(first, last), Union.deleted.is_(False))
    yield from ((row[0], row[1]) for row in session.execute(query.order_by(Union.id)))


def newest(session: Session, limit: int) -> list[int]:
    """Give the numbers of the live records that came last, the last one first."""
    query = select(Union.id).where(Union.deleted.is_(False)).order_by(Union.id.desc()).limit(limit)
    return list(session.scalars(query))
