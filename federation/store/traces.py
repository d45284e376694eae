"""Where a record is on its way: from the bytes as received to the union record, for people who ask.

In: a session and what a person typed. Out: frozen rows. Reads every table of the road, writes none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from federation.store.models import Bib, Cluster, Member, Raw, RecordIssue, Source, Union


@dataclass(frozen=True, slots=True)
class Trace:
    """One raw record and what became of it; None where it has not come. `described`: its compressed internal record."""

    raw_id: int
    member: str
    source: str
    local_id: str
    syntax: str
    bytes_kept: int
    place: str
    datestamp: str
    sets: str
    first_run: int
    last_run: int
    changed_at: datetime
    deleted: bool
    withdrawal: str
    rejected: bool
    pending: bool
    bib_id: int | None
    cluster_id: int | None
    union_datestamp: datetime | None
    issues: tuple[tuple[str, str, str, str], ...]
    described: bytes | None


def of_union(session: Session, union_id: int) -> list[Trace]:
    """Trace every raw record that a union record is made of."""
    return _traces(session, Bib.cluster_id == union_id)


def of_local(session: Session, member: str, local_id: str) -> list[Trace]:
    """Trace the raw records a member has under this id (one per source)."""
    return _traces(session, (Member.code == member) & (Raw.local_id == local_id))


def of_tombstone(session: Session, union_id: int) -> list[Trace]:
    """Trace the raw records that a union record without any was last made of."""
    union = session.get(Union, union_id)
    last = {(str(origin[0]), str(origin[1])) for origin in (union.provenance if union and union.deleted else ())}
    return [trace for member, local_id in sorted(last) for trace in of_local(session, member, local_id)]


def _traces(session: Session, condition: Any) -> list[Trace]:
    query = (
        select(Raw, Member.code, Source.code, Bib.id, Bib.content, Bib.cluster_id, Union.datestamp)
        .join(Source, Source.id == Raw.source_id)
        .join(Member, Member.id == Source.member_id)
        .outerjoin(Bib, Bib.raw_id == Raw.id)
        .outerjoin(Union, Union.id == Bib.cluster_id)
        .where(condition)
        .order_by(Raw.id)
    )
    return [_trace(session, *row) for row in session.execute(query)]


def _trace(session: Session, raw: Raw, member: str, source: str, *rest: Any) -> Trace:
    bib_id, described, cluster_id, datestamp = rest
    columns = (RecordIssue.code, RecordIssue.severity, RecordIssue.place, RecordIssue.message)
    issues = session.execute(select(*columns).where(RecordIssue.raw_id == raw.id).order_by(RecordIssue.id))
    return Trace(
        raw_id=raw.id,
        member=member,
        source=source,
        local_id=raw.local_id,
        syntax=raw.syntax,
        bytes_kept=len(raw.content),
        place=raw.place,
        datestamp=raw.datestamp,
        sets=raw.sets,
        first_run=raw.first_run_id,
        last_run=raw.last_run_id,
        changed_at=raw.changed_at,
        deleted=raw.deleted,
        withdrawal=raw.withdrawal,
        rejected=raw.rejected,
        pending=raw.pending,
        bib_id=bib_id,
        cluster_id=cluster_id,
        union_datestamp=datestamp,
        issues=tuple((row[0], row[1], row[2], row[3]) for row in issues),
        described=described,
    )


def lineage(session: Session, cluster_id: int) -> list[str]:
    """Say in words what became of a cluster's id and what came from it."""
    cluster = session.get(Cluster, cluster_id)
    if cluster is None:
        return []
    told = []
    if cluster.origin_id:
        told.append(f"split from {cluster.origin_id}")
    if cluster.successor_id:
        told.append(f"merged into {cluster.successor_id}")
    related = select(Cluster.id, Cluster.origin_id).where(
        or_(Cluster.successor_id == cluster_id, Cluster.origin_id == cluster_id)
    )
    for other, origin in session.execute(related.order_by(Cluster.id)):
        told.append(f"{other} was split from it" if origin == cluster_id else f"{other} was merged into it")
    return told
