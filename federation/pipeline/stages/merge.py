"""Cluster to union record: merge what the members say, and give a new datestamp only where the export changed.

In: clusters marked `pending`. Out: union records with holdings and sets; a cluster without bibs becomes a tombstone. A
record that only came into another group of editions keeps its datestamp: no export says anything of groups.
The thinking is done before the stamp is taken, so that the time in which readers must wait for it stays short
(`store.stamps`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from federation.matching import RULES as MATCHING
from federation.matching.merge import Member, merge
from federation.pipeline.stages.placing import sets_of
from federation.pipeline.stages.stage import Batch, Stage, stamped
from federation.pipeline.workplace import Workplace
from federation.store import Session, bibs, clusters, merged
from federation.store.bibs import Contribution
from federation.store.clusters import Waiting
from federation.store.compress import expand, squeeze
from federation.store.merged import Held, MergedRow, Standing
from federation.store.raws import digest
from schemas.bib import Bib, Holding, dump, load
from schemas.crosswalks import marc21_bib

#: raise it when the same bibs would give another union record
RULES: Final = 2
BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class _Taken(Batch[Waiting]):
    parts: dict[int, list[Contribution]]
    standing: dict[int, Standing]
    kinds: dict[str, tuple[str, str]]
    repository: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What differs from what is stored: records to write, tombstones with their successors, records that are what they
    were in another group.
    """

    rows: list[MergedRow]
    graves: list[tuple[int, int | None]]
    regrouped: list[tuple[int, int]]


def _take(place: Workplace, after: int) -> _Taken | None:
    with place.database.read() as session:
        waiting = tuple(clusters.take(session, after, BATCH))
        if not waiting:
            return None
        ids = [cluster.id for cluster in waiting]
        parts, standing = bibs.contributions(session, ids), merged.standing(session, ids)
        return _Taken(waiting, parts, standing, merged.kinds(session), place.settings.repository_id)


def _think(batch: _Taken) -> _Outcome:
    outcome = _Outcome([], [], [])
    for cluster in batch.rows:
        stood = batch.standing.get(cluster.id)
        if parts := batch.parts.get(cluster.id):
            row = _merged(cluster, parts, batch)
            if stood is None or stood.deleted or stood.content_hash != row.content_hash:
                outcome.rows.append(row)
            elif stood.group_id != row.group_id:
                outcome.regrouped.append((row.id, row.group_id))
        elif stood and not stood.deleted:
            outcome.graves.append((cluster.id, cluster.successor_id))
    return outcome


def _store(place: Workplace, outcomes: Iterator[tuple[_Taken, _Outcome]]) -> None:
    for batch, outcome in outcomes:
        if outcome.rows or outcome.graves:
            with stamped(place) as (session, stamp):
                merged.save(session, outcome.rows, batch.standing, stamp, RULES)
                merged.bury(session, outcome.graves, stamp)
                _settle(session, batch, outcome)
        else:
            with place.database.write() as session:
                _settle(session, batch, outcome)


def _settle(session: Session, batch: _Taken, outcome: _Outcome) -> None:
    merged.regroup(session, outcome.regrouped)
    clusters.clear(session, [cluster.id for cluster in batch.rows])


def _merged(cluster: Waiting, parts: Sequence[Contribution], batch: _Taken) -> MergedRow:
    if len(parts) > 1:  # numbers of bibs tell who came first, and a union record must not depend on it
        parts = sorted(parts, key=lambda part: (part.member, part.local_id, part.as_of, part.content))
    texts = [expand(part.content) for part in parts]
    described = [load(text) for text in texts]
    union = merge(cluster.id, batch.repository, list(map(member, parts, described)))
    bib, text, content = described[0], texts[0], parts[0].content
    if union.record:  # what one library says alone is already described
        bib, _ = marc21_bib.bib(union.record)
        text = dump(bib)
        content = squeeze(text)
    sets = sets_of(bib, [part.member for part in parts], batch.kinds)
    marcxml = union.marcxml.encode()
    return MergedRow(
        id=cluster.id,
        group_id=cluster.group_id,
        sets=sets,
        marcxml=squeeze(marcxml, often=True),
        content=content,
        content_hash=digest(b"\0".join((marcxml, text, " ".join(sets).encode()))),
        provenance=tuple((origin.code, origin.local_id, origin.field) for origin in union.origins),
        holdings=tuple(
            _held(part, holding)
            for part, bib in zip(parts, described, strict=True)
            for holding in bib.holdings or (Holding(),)
        ),
    )


def member(part: Contribution, bib: Bib) -> Member:
    """Give what a bib, described as `bib`, contributes to its union record."""
    return Member(part.member, part.local_id, expand(part.marc).decode(), bib.holdings, part.as_of.date())


def _held(part: Contribution, holding: Holding) -> Held:
    return Held(
        member_id=part.member_id,
        bib_id=part.id,
        local_id=part.local_id,
        location=holding.location,
        call_number=holding.call_number,
        copies=holding.copies,
        note=holding.note,
        as_of=part.as_of.date(),
    )


MERGE: Final = Stage("merge", lambda place: f"{MATCHING}.{RULES} {place.settings.repository_id}", _take, _think, _store)
