"""What people are asked to look at: pairs of which the rules are not sure, and samples of pairs that they joined.

In: a session. Out: pairs of bibs with the verdict on their profiles. A profile that many bibs have is shown by one.
"""

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from heapq import nsmallest
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from federation.store import clusters
from federation.store.among import among
from federation.store.clusters import Standing
from federation.store.models import Bib, Pin, Verdict

_PAGE: Final = 200
_VERDICT: Final = (Verdict.profile_a, Verdict.profile_b, Verdict.decision, Verdict.score, Verdict.reasons)


class Judged(msgspec.Struct, frozen=True):
    """Two bibs, and what the rules say of what they say. A reason is a mapping of name, weight, left and right."""

    left: Standing
    right: Standing
    decision: str
    score: float
    reasons: tuple[dict[str, Any], ...]


def unsure(session: Session, limit: int) -> list[Judged]:
    """List up to `limit` pairs of which the rules are not sure, those nearest to being the same first.

    Pairs that stand together by now, or of whose clusters a person has said something, are decided and left out.
    """
    decided = _pinned_clusters(session)
    found: list[Judged] = []
    for pair in _unsure(session):
        homes = {pair.left.cluster_id, pair.right.cluster_id}
        if len(homes) == 2 and frozenset(homes) not in decided:
            found.append(pair)
        if len(found) >= limit:
            break
    return found


def _unsure(session: Session) -> Iterator[Judged]:
    query = select(*_VERDICT).where(Verdict.decision == "unsure")
    query = query.order_by(Verdict.score.desc(), Verdict.profile_a, Verdict.profile_b)
    start = 0
    while rows := session.execute(query.offset(start).limit(_PAGE)).all():
        yield from _shown(session, rows)
        start += _PAGE


def sample(session: Session, count: int, seed: int) -> list[Judged]:
    """Choose pairs that the rules call the same and that stand together, by chance. For one `seed` a pair that is
    chosen stays chosen, whatever becomes of others.
    """
    left, right = aliased(Bib), aliased(Bib)
    joined = select(Verdict.profile_a, Verdict.profile_b).distinct()
    joined = joined.join(left, left.profile == Verdict.profile_a).join(right, right.profile == Verdict.profile_b)
    joined = joined.where(Verdict.decision == "same", left.cluster_id == right.cluster_id, left.id != right.id)
    pairs = ((row[0], row[1]) for row in session.execute(joined))
    chosen = nsmallest(count, pairs, key=lambda pair: blake2b(f"{seed} {pair}".encode(), digest_size=8).digest())
    query = select(*_VERDICT).where(among(session, Verdict.profile_a, {pair[0] for pair in chosen}))
    rows = {(row[0], row[1]): row for row in session.execute(query)}
    return list(_shown(session, [rows[pair] for pair in chosen]))


def verdict(session: Session, bib_a: int, bib_b: int) -> Judged | None:
    """Give the stored verdict on two bibs; None: they share no key, or are plainly different."""
    ids = {row[0]: row[1] for row in session.execute(select(Bib.id, Bib.profile).where(Bib.id.in_([bib_a, bib_b])))}
    names = sorted(ids.get(bib) or 0 for bib in (bib_a, bib_b))
    query = select(*_VERDICT).where(Verdict.profile_a == names[0], Verdict.profile_b == names[1])
    row = session.execute(query).first()
    if row is None:
        return None
    ends = clusters.standing(session, (bib_a, bib_b))
    first, second = sorted((bib_a, bib_b), key=lambda bib: (ids[bib] or 0, bib))
    return Judged(ends[first], ends[second], row[2], row[3], tuple(row[4]))


def _shown(session: Session, rows: Sequence[Any]) -> Iterator[Judged]:
    """Show each verdict by the first bib of each profile, or by the first and the last one of the same profile."""
    span = _spans(session, {name for row in rows for name in row[:2]})
    shown = [(row, span[row[0]][0], span[row[1]][row[0] == row[1]]) for row in rows if {row[0], row[1]} <= span.keys()]
    ends = clusters.standing(session, {bib for _, left, right in shown for bib in (left, right)})
    for row, left, right in shown:
        if left != right:
            yield Judged(ends[left], ends[right], row[2], row[3], tuple(row[4]))


def _spans(session: Session, profiles: Collection[int]) -> dict[int, tuple[int, int]]:
    query = select(Bib.profile, func.min(Bib.id), func.max(Bib.id)).group_by(Bib.profile)
    rows = session.execute(query.where(among(session, Bib.profile, profiles)))
    return {row[0]: (row[1], row[2]) for row in rows if row[0] is not None}


def _pinned_clusters(session: Session) -> set[frozenset[int | None]]:
    left, right = aliased(Bib), aliased(Bib)
    query = select(left.cluster_id, right.cluster_id).select_from(Pin)
    query = query.join(left, left.raw_id == Pin.raw_a).join(right, right.raw_id == Pin.raw_b)
    return {frozenset((row[0], row[1])) for row in session.execute(query)}
