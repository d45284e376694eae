"""What must be true between the tables, asked in SQL.

In: a session. Out: ids that break a rule, at most `MOST` of each; counts for `status`. Nothing is repaired here.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from federation.store.models import (
    Bib,
    Cluster,
    MatchKey,
    Member,
    Profile,
    Raw,
    RecordIssue,
    Source,
    Stamping,
    Union,
    UnionHolding,
    UnionSet,
    Verdict,
)
from federation.store.query_sets import FAMILY

MOST: Final = 20


def counts(session: Session) -> dict[str, int]:
    """Count every table as `status` shows it."""
    live, dead = Raw.deleted.is_(False), Raw.deleted.is_(True)
    queries: dict[str, Select[Any]] = {
        "members": select(func.count(Member.id)),
        "sources": select(func.count(Source.id)),
        "raw": select(func.count(Raw.id)).where(live),
        "raw_deleted": select(func.count(Raw.id)).where(dead),
        "rejected": select(func.count(Raw.id)).where(live, Raw.rejected),
        "bibs": select(func.count(Bib.id)),
        "clusters": select(func.count(Bib.cluster_id.distinct())),
        "unions": select(func.count(Union.id)).where(Union.deleted.is_(False)),
        "tombstones": select(func.count(Union.id)).where(Union.deleted.is_(True)),
    }
    return {name: session.scalar(query) or 0 for name, query in queries.items()}


def faults(session: Session, rules: int, matching: int) -> Iterator[tuple[str, str, list[int]]]:
    """Give every broken rule as (code, what it means, ids); what a stage has yet to do is no fault.

    `rules` are those of normalising, `matching` those of comparing.
    """
    for code, what, query in _rules(rules, matching):
        ids = list(session.scalars(query.limit(MOST)))
        if ids:
            yield code, what, ids


def _rules(rules: int, matching: int) -> list[tuple[str, str, Select[Any]]]:
    return [*_of_raws(rules), *_of_bibs(), *_of_profiles(matching), *_of_unions(), *_of_sets()]


def _of_raws(rules: int) -> list[tuple[str, str, Select[Any]]]:
    settled = (Raw.pending.is_(False), Raw.deleted.is_(False))
    joined = select(Raw.id).outerjoin(Bib, Bib.raw_id == Raw.id)
    rejections = select(RecordIssue.raw_id).where(RecordIssue.severity == "rejected")
    return [
        (
            "raw-without-bib",
            "neither normalised nor put aside",
            joined.where(*settled, Raw.rejected.is_(False), Bib.id.is_(None)),
        ),
        (
            "raw-aside-with-bib",
            "put aside and in the catalogue at once",
            joined.where(*settled, Raw.rejected, Bib.id.is_not(None)),
        ),
        (
            "raw-aside-without-reason",
            "put aside without a reason",
            select(Raw.id).where(*settled, Raw.rejected, Raw.id.not_in(rejections)),
        ),
        (
            "bib-stale",
            "the bib was made from other bytes or by other rules",
            select(Raw.id).join(Bib).where(*settled, or_(Bib.input_hash != Raw.content_hash, Bib.rules != rules)),
        ),
        (
            "raw-deleted-with-bib",
            "deleted but still in the catalogue",
            select(Raw.id).join(Bib).where(Raw.pending.is_(False), Raw.deleted),
        ),
    ]


def _of_bibs() -> list[tuple[str, str, Select[Any]]]:
    held = select(UnionHolding.bib_id)
    unheld = select(Bib.id).join(Cluster).where(Bib.pending.is_(False), Cluster.pending.is_(False), Bib.id.not_in(held))
    return [
        (
            "bib-without-cluster",
            "clustered but in no cluster",
            select(Bib.id).where(Bib.pending.is_(False), Bib.cluster_id.is_(None)),
        ),
        ("bib-without-holding", "in a union record that does not name its library's holding", unheld),
    ]


def _of_profiles(matching: int) -> list[tuple[str, str, Select[Any]]]:
    carried = select(Bib.profile).where(Bib.profile.is_not(None))
    stated = select(Profile.id)
    of_nobody = or_(Verdict.profile_a.not_in(stated), Verdict.profile_b.not_in(stated))
    return [
        (
            "bib-without-profile",
            "compared, but what was compared is not there",
            select(Bib.id).where(Bib.judged, or_(Bib.profile.is_(None), Bib.profile.not_in(stated))),
        ),
        (
            "profile-of-nobody",
            "what was compared of records that are gone",
            select(Profile.id).where(Profile.id.not_in(carried)),
        ),
        (
            "key-of-nobody",
            "a match key of records that are gone",
            select(MatchKey.key).where(MatchKey.profile.not_in(stated)),
        ),
        ("verdict-of-nobody", "a verdict on records that are gone", select(Verdict.profile_a).where(of_nobody)),
        ("verdict-stale", "a verdict of other rules", select(Verdict.profile_a).where(Verdict.rules != matching)),
    ]


def _of_unions() -> list[tuple[str, str, Select[Any]]]:
    inhabited = select(Bib.cluster_id).where(Bib.cluster_id.is_not(None))
    merged = (Cluster.pending.is_(False),)
    joined = select(Cluster.id).outerjoin(Union, Union.id == Cluster.id)
    last = select(Stamping.last_stamp).scalar_subquery()
    live = Union.deleted.is_(False)
    return [
        (
            "cluster-without-union",
            "has records but no live union record",
            joined.where(*merged, Cluster.id.in_(inhabited), or_(Union.id.is_(None), Union.deleted)),
        ),
        (
            "union-without-cluster",
            "is live without any record",
            joined.where(*merged, Cluster.id.not_in(inhabited), live),
        ),
        (
            "tombstone-without-successor",
            "was merged but names no successor",
            joined.where(*merged, Union.deleted, Cluster.successor_id.is_not(None), Union.successor_id.is_(None)),
        ),
        (
            "union-unpublished",
            "is marked as published in another version",
            select(Union.id).where(
                Union.pending.is_(False),
                live,
                or_(Union.indexed_hash.is_(None), Union.indexed_hash != Union.content_hash),
            ),
        ),
        (
            "datestamp-ahead",
            "has a datestamp after the last one given",
            select(Union.id).where(or_(last.is_(None), Union.datestamp > last)),
        ),
    ]


def _of_sets() -> list[tuple[str, str, Select[Any]]]:
    behind = select(UnionSet.union_id).join(Union)
    inside = UnionSet.deleted.is_(False)
    # Into the operator's own sets a record may come after it last changed.
    standing, ahead = UnionSet.set_spec.not_like(f"{FAMILY}%"), UnionSet.datestamp > Union.datestamp
    last = select(Stamping.last_stamp).scalar_subquery()
    return [
        ("set-of-tombstone", "a tombstone that is still in a set", behind.where(Union.deleted, inside)),
        (
            "set-behind",
            "its place in a set has another datestamp",
            behind.where(inside, or_(UnionSet.datestamp < Union.datestamp, and_(standing, ahead))),
        ),
        (
            "set-datestamp-ahead",
            "its place in a set has a datestamp after the last one given",
            behind.where(or_(last.is_(None), UnionSet.datestamp > last)),
        ),
    ]


def versions(session: Session, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Give (id, content hash) of up to `limit` published live union records after id `after`, in order of id."""
    published = (Union.deleted.is_(False), Union.pending.is_(False), Union.id > after)
    query = select(Union.id, Union.content_hash).where(*published).order_by(Union.id).limit(limit)
    return [(row[0], row[1]) for row in session.execute(query)]


def unpublished(session: Session) -> set[int]:
    """Give the ids of union records whose publishing is still to be done."""
    return set(session.scalars(select(Union.id).where(Union.pending)))
