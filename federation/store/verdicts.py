"""What the rules said of pairs of profiles.

In: verdicts as rows. Out: the pairs that speak for each other, and lists for people: what is in doubt, samples of what
was joined. Plain `different` is not kept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, or_, select, true
from sqlalchemy.orm import Session

from federation.store.among import among
from federation.store.many import change, insert_rows
from federation.store.models import Verdict


class Linked(msgspec.Struct, frozen=True, order=True):
    """Two profiles that are the `same` or at least `related`, or one that several bibs have."""

    left: int
    right: int
    score: float
    same: bool
    related: bool
    vetoed: bool


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write verdicts on pairs of which none is stored."""
    insert_rows(session, Verdict, rows)


def links(session: Session, numbers: Collection[int]) -> set[Linked]:
    """Give the pairs of these profiles with any that are the same or related."""
    return {link for touching in _touching(session, numbers) for link in _links(session, touching)}


def every_link(session: Session) -> set[Linked]:
    """Give all pairs of profiles that are the same or related."""
    return set(_links(session, true()))


def _links(session: Session, condition: ColumnElement[bool]) -> Iterator[Linked]:
    columns = (Verdict.profile_a, Verdict.profile_b, Verdict.score, Verdict.decision, Verdict.related, Verdict.vetoed)
    rows = session.execute(select(*columns).where(condition, or_(Verdict.decision == "same", Verdict.related)))
    return (Linked(row[0], row[1], row[2], row[3] == "same", row[4], row[5]) for row in rows)


def partners(session: Session, numbers: Collection[int]) -> set[int]:
    """Give the profiles that are the same as these or related to them, without these."""
    found = links(session, numbers) if numbers else set()
    return {profile for pair in found for profile in (pair.left, pair.right)} - set(numbers)


def of_themselves(session: Session, numbers: Iterable[int]) -> set[int]:
    """Give those of these profiles of which is stored what they are to each other when several bibs have them."""
    query = select(Verdict.profile_a).where(among(session, Verdict.profile_a, numbers))
    return set(session.scalars(query.where(Verdict.profile_a == Verdict.profile_b)))


def forget(session: Session, numbers: Collection[int]) -> None:
    """Take out all verdicts on these profiles."""
    for touching in _touching(session, numbers):
        change(session, delete(Verdict).where(touching))


def _touching(session: Session, numbers: Collection[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # One after the other: both databases then go through an index each time.
    return among(session, Verdict.profile_a, numbers), among(session, Verdict.profile_b, numbers)
