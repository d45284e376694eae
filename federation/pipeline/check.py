"""Walks everything and says what does not agree: raw against bibs, bibs against clusters, unions against the index,
tombstones, datestamps.

In: a `Workplace`. Out: `Fault`s; none when all is well. Also the counts and the waiting work of `status`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from federation.index.document import version
from federation.matching import RULES as MATCHING
from federation.pipeline.stages import membership
from federation.pipeline.stages.normalise import RULES
from federation.pipeline.stages.rederive import changes, rederive
from federation.pipeline.workplace import Workplace
from federation.store import Session, checks, memberships, migrate, query_sets, stages, verdicts

#: what can be wrong with clusters, and what it means
ASTRAY: Final = {
    "bib-misread": "the rules read other things of it than what is stored of it",
    "verdict-astray": "a profile with a stored verdict that is not what the rules say, or without one that they give",
    "bib-astray": "stands in another cluster than records, pins and rules demand",
    "cluster-astray": "stands in another title group than records, pins and rules demand",
}
#: what can be wrong with the operator's own sets
SETS_ASTRAY: Final = {
    "set-misnamed": "its header names other own sets than those it is in",
    "set-astray": "in an own set and not found by its query, or found and not in it",
    "set-unanswered": "the query of an own set cannot be answered",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: its code, what it means, and some of the ids."""

    code: str
    what: str
    ids: tuple[int, ...]


def status(place: Workplace) -> dict[str, Any]:
    """Give the counts of `lienthong status`."""
    with place.database.read() as session:
        counts: dict[str, Any] = dict(checks.counts(session))
        pending = {stage: stages.waiting(session, stage) for stage in stages.TABLES}
        pending["publish"] += query_sets.waiting(session)
    return counts | {"indexed": place.index.count(), "pending": pending}


def check(place: Workplace) -> list[Fault]:
    """Compare every table with the next, and the index with the store."""
    found = [Fault("database-drift", difference, ()) for difference in migrate.drift(place.database)]
    with place.database.read() as session:
        found += [Fault(code, what, tuple(ids)) for code, what, ids in checks.faults(session, RULES, MATCHING)]
    return [*found, *cluster_faults(place), *index_faults(place), *set_faults(place)]


def cluster_faults(place: Workplace) -> list[Fault]:
    """Derive all clusters anew and compare them with those that are stored, when no stage has still to do so."""
    with place.database.read() as session:
        return list(_of_clusters(session))


def _of_clusters(session: Session) -> Iterator[Fault]:
    if stages.waiting(session, "normalise") or stages.waiting(session, "cluster"):
        return
    derived = rederive(session)
    change = changes(derived)
    verdicts_astray = {link.left for link in verdicts.every_link(session) ^ derived.around.links}
    parted = {bib for _, bibs in change.split for bib in bibs} | set(change.moved)
    merged = {loser for loser, _ in change.merged}
    parted |= {bib for bib, row in derived.around.bibs.items() if row.cluster_id in merged}
    for (code, what), ids in zip(
        ASTRAY.items(), (derived.misread, verdicts_astray, parted, change.regrouped), strict=True
    ):
        if ids:
            yield Fault(code, f"{what} ({len(ids)} in all)", tuple(sorted(ids)[: checks.MOST]))


def index_faults(place: Workplace) -> list[Fault]:
    """Compare the index with the union records that are published."""
    with place.database.read() as session:
        return list(_of_index(place, session))


def set_faults(place: Workplace) -> list[Fault]:
    """Ask the queries of the operator's own sets anew, and compare what they find with who is in them."""
    with place.database.read() as session:
        sets, misnamed = query_sets.every(session), memberships.misnamed(session, checks.MOST)
    told = [("set-misnamed", "", misnamed)]
    for row in sets:
        if row.fault:
            told.append(("set-unanswered", f" ({row.spec}: {row.fault})", []))
        elif not row.pending and (ids := membership.astray(place, row)):
            told.append(("set-astray", f" ({row.spec}, {len(ids)} in all)", ids))
    wrong = (each for each in told if each[1] or each[2])
    return [Fault(code, SETS_ASTRAY[code] + more, tuple(ids[: checks.MOST])) for code, more, ids in wrong]


def _of_index(place: Workplace, session: Session) -> Iterator[Fault]:
    """Walk index and store side by side, both in order of id."""
    waiting = checks.unpublished(session)
    missing: list[int] = []
    stale: list[int] = []
    surplus: list[int] = []
    indexed = place.index.entries()
    entry = next(indexed, None)
    for union_id, content_hash in _versions(session):
        while entry and entry[0] < union_id:
            surplus += [entry[0]] if entry[0] not in waiting else []
            entry = next(indexed, None)
        if not entry or entry[0] != union_id:
            missing.append(union_id)
            continue
        if entry[1] != version(content_hash):
            stale.append(union_id)
        entry = next(indexed, None)
    surplus += [left for left, _ in (*((entry,) if entry else ()), *indexed) if left not in waiting]
    for code, what, ids in (
        ("index-missing", "published but not in the index", missing),
        ("index-stale", "in the index in another version", stale),
        ("index-surplus", "in the index but not in the catalogue", surplus),
    ):
        if ids:
            yield Fault(
                code, f"{what} ({len(ids)} in all); `lienthong index rebuild` mends it", tuple(ids[: checks.MOST])
            )


def _versions(session: Session) -> Iterator[tuple[int, bytes]]:
    last = 0
    while rows := checks.versions(session, last, 5000):
        yield from rows
        last = rows[-1][0]
