"""Bib to cluster: compare each bib with those that share a key, and derive which stand together.

In: bibs marked `pending`. Out: match keys, verdicts, and every bib in a cluster. Clusters are recomputed for the
whole connected group around what changed, so the outcome is a function of the bibs and the rules alone.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from federation.matching import RULES
from federation.matching.compare import Verdict, compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.plan import Plan, plan
from federation.matching.profile import profile
from federation.pipeline.stage import Batch, Stage, Workplace
from federation.store import Session, bibs, clusters
from federation.store.bibs import Described, Marked
from schemas.bib import load

BATCH: Final = 1000
log = logging.getLogger(__name__)


def _take(place: Workplace, after: int) -> Batch[Marked] | None:
    with place.database.read() as session:
        rows = bibs.take(session, after, BATCH)
    return Batch(tuple(rows)) if rows else None


def _store(place: Workplace, batches: Iterator[tuple[Batch[Marked], None]]) -> None:
    for batch, _ in batches:
        with place.database.write() as session:
            # Normalise may be at work beside us: what a bib says is read in the transaction that clears its mark.
            _place(session, bibs.described(session, [row.id for row in batch.rows]))


def _place(session: Session, rows: Sequence[Described]) -> None:
    compared = _judge(session, rows)
    # A bib that is new and met nobody is a cluster of its own; most of a first harvest is.
    alone = [row.id for row in rows if row.cluster_id is None and row.id not in compared]
    minted = clusters.mint(session, [None] * len(alone))
    clusters.move(session, dict(zip(alone, minted, strict=True)), settled=True)
    if others := {row.id for row in rows} - set(alone):
        _derive(session, others)


def _judge(session: Session, rows: Sequence[Described]) -> set[int]:
    """Renew the keys and verdicts of these bibs; gives those that were compared with another."""
    batch = {row.id: profile(load(row.content)) for row in rows}
    known_before = [row.id for row in rows if row.cluster_id is not None]
    carried = {bib_id: keys(bib) for bib_id, bib in batch.items()}
    bibs.replace_keys(session, carried, known_before)
    pairs = _candidates(batch, bibs.sharing(session, (key for values in carried.values() for key in values)))
    others = {bib_id for pair in pairs for bib_id in pair if bib_id not in batch}
    known = batch | {described.id: profile(load(described.content)) for described in bibs.described(session, others)}
    verdicts = [_row(left, right, compare(known[left], known[right])) for left, right in sorted(pairs)]
    bibs.replace_verdicts(session, known_before, verdicts)
    return {bib_id for pair in pairs for bib_id in pair}


def _candidates(batch: Collection[int], sharing: dict[str, list[int]]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for key, group in sharing.items():
        if len(group) > MOST_SHARING:
            log.warning("%d records carry %s: too many to be a sign of one book, so it is not used", len(group), key)
            continue
        for bib_id in group:
            if bib_id in batch:
                pairs.update((min(bib_id, other), max(bib_id, other)) for other in group if other != bib_id)
    return pairs


def _row(left: int, right: int, verdict: Verdict) -> dict[str, Any]:
    return {
        "bib_a": left,
        "bib_b": right,
        "decision": verdict.decision,
        "score": verdict.score,
        "reasons": [asdict(reason) for reason in verdict.reasons],
        "rules": RULES,
    }


def _derive(session: Session, batch: Collection[int]) -> None:
    placed, same = _surroundings(session, batch)
    decided = plan(placed, same)
    minted = iter(clusters.mint(session, [group.origin for group in decided.groups if group.cluster is None]))
    ids = [group.cluster if group.cluster is not None else next(minted) for group in decided.groups]
    moved = {bib: ids[i] for i, group in enumerate(decided.groups) for bib in group.bibs if placed[bib] != ids[i]}
    clusters.move(session, moved)
    touched = _touched(decided, ids, {*batch, *moved}) | {old for bib in moved if (old := placed[bib]) is not None}
    clusters.settle(session, batch, touched, {loser: ids[heir] for loser, heir in decided.merged.items()})


def _touched(decided: Plan, ids: list[int], changed: set[int]) -> set[int]:
    return {ids[i] for i, group in enumerate(decided.groups) if not changed.isdisjoint(group.bibs)}


def _surroundings(session: Session, batch: Iterable[int]) -> tuple[dict[int, int | None], set[tuple[int, int]]]:
    """Give every bib that a change of these can move, with its cluster, and the pairs judged same among them."""
    placed: dict[int, int | None] = {}
    same: set[tuple[int, int]] = set()
    frontier = set(batch)
    while frontier:
        found = clusters.placed(session, frontier)
        placed.update(found)
        edges = bibs.same_as(session, frontier)
        same.update(edges)
        beside = clusters.members(session, {cluster for cluster in found.values() if cluster is not None})
        frontier = ({bib for pair in edges for bib in pair} | beside.keys()) - placed.keys()
    return placed, same


CLUSTER: Final = Stage("cluster", lambda _: str(RULES), _take, None, _store)
