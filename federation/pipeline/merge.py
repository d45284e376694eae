"""Cluster to union record: merge what the members say, and give a new datestamp only where the export changed.

In: clusters marked `pending`. Out: union records with holdings and sets; a cluster without bibs becomes a tombstone. The thinking is done
before the stamp is taken, so that the time in which readers must wait for it stays short (`store.stamps`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation import clock
from federation.matching import RULES as MATCHING
from federation.matching.merge import Member, MergedRecord, merge
from federation.pipeline.placing import sets_of
from federation.pipeline.stage import Stage, Workplace
from federation.store import bibs, clusters, merged, stamps
from federation.store.bibs import Contribution
from federation.store.clusters import Waiting
from federation.store.compress import squeeze
from federation.store.merged import Held, MergedRow, Standing
from federation.store.raws import digest
from schemas.bib import Bib, Holding, dump, load
from schemas.crosswalks import marc21_bib
from schemas.marc import clean, pack, write

#: raise it when the same bibs would give another union record
RULES: Final = 1
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class _Batch:
    waiting: tuple[Waiting, ...]
    parts: dict[int, list[Contribution]]
    standing: dict[int, Standing]
    kinds: dict[str, tuple[str, str]]


def _step(place: Workplace) -> int:
    batch = _take(place)
    if not batch.waiting:
        return 0
    rows = [
        row
        for cluster in batch.waiting
        if (parts := batch.parts.get(cluster.id))
        and _differs(row := _merged(place, cluster, parts, batch.kinds), batch.standing.get(cluster.id))
    ]
    graves = [
        (cluster.id, cluster.successor_id)
        for cluster in batch.waiting
        if cluster.id not in batch.parts and (stood := batch.standing.get(cluster.id)) and not stood.deleted
    ]
    if rows or graves:
        with place.database.write() as session:
            stamps.open_window(session, clock.now())
    with place.database.write() as session:
        if rows or graves:
            stamp = stamps.take(session, clock.now())
            merged.save(session, rows, batch.standing, stamp, RULES)
            merged.bury(session, graves, stamp)
        clusters.clear(session, [cluster.id for cluster in batch.waiting])
    return len(batch.waiting)


def _take(place: Workplace) -> _Batch:
    with place.database.read() as session:
        waiting = tuple(clusters.take(session, BATCH))
        ids = [cluster.id for cluster in waiting]
        return _Batch(waiting, bibs.contributions(session, ids), merged.standing(session, ids), merged.kinds(session))


def _differs(row: MergedRow, stood: Standing | None) -> bool:
    return stood is None or stood.deleted or stood.content_hash != row.content_hash


def _merged(
    place: Workplace, cluster: Waiting, parts: Sequence[Contribution], kinds: dict[str, tuple[str, str]]
) -> MergedRow:
    described = [load(part.content) for part in parts]
    members = [_member(part, bib) for part, bib in zip(parts, described, strict=True)]
    union = merge(cluster.id, place.settings.repository_id, members)
    bib, content = _described(union, described, parts)
    marcxml = write.marcxml(union.record).encode()
    sets = sets_of(bib, [part.member for part in parts], kinds)
    return MergedRow(
        id=cluster.id,
        group_id=cluster.group_id,
        sets=sets,
        marcxml=marcxml,
        content=content,
        content_hash=digest(b"\0".join((marcxml, " ".join(sets).encode()))),
        provenance=tuple((origin.code, origin.local_id, origin.field) for origin in union.origins),
        holdings=tuple(_held(part, holding) for part, bib in zip(parts, described, strict=True) for holding in bib.holdings or (Holding(),)),
    )


def _member(part: Contribution, bib: Bib) -> Member:
    record = pack.unpack(part.marc)
    return Member(part.id, part.member, part.local_id, record, bib.holdings, part.as_of.date())


def _described(union: MergedRecord, described: Sequence[Bib], parts: Sequence[Contribution]) -> tuple[Bib, bytes]:
    # What one library says alone is already described; that spares the crosswalk for most of the catalogue.
    if len(parts) == 1:
        return described[0], parts[0].squeezed
    bib, _ = marc21_bib.bib(clean.clean(union.record)[0])
    return bib, squeeze(dump(bib))


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


MERGE: Final = Stage("merge", lambda place: f"{MATCHING}.{RULES} {place.settings.repository_id}", _step)
