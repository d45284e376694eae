"""Everything that a change of some bibs can move: what stands with them now, and what verdicts and pins tie to them.

In: ids of bibs. Out: all bibs of their connected components (over verdicts `same` and related, equal profiles, pins,
present clusters and title groups), the pairs of profiles that speak for each other, and the pins.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from federation.store import pins, verdicts
from federation.store.among import among
from federation.store.models import Bib, Cluster, Raw, Source
from federation.store.verdicts import Linked


class Neighbour(msgspec.Struct, frozen=True):
    """A bib that was judged; `source` and `local_id` name it whenever it came."""

    id: int
    profile: int
    source: str
    local_id: str
    cluster_id: int | None
    group_id: int | None
    pending: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What belongs together, or did, or might."""

    bibs: dict[int, Neighbour] = field(default_factory=dict)
    links: set[Linked] = field(default_factory=set)
    pins: set[tuple[int, int, bool]] = field(default_factory=set)


def surroundings(session: Session, start: Collection[int]) -> Surroundings:
    """Give the connected components in which these bibs are."""
    found, asked = Surroundings(), _Asked()
    fresh = _rows(session, among(session, Bib.id, start))
    while fresh:
        found.bibs.update((row.id, row) for row in fresh)
        links = verdicts.links(session, asked.linked.new(row.profile for row in fresh))
        bound = pins.beside(session, [row.id for row in fresh])
        found.links.update(links)
        found.pins.update(bound)
        beside = {row.profile for row in fresh} | {end for link in links for end in (link.left, link.right)}
        away = {bib for pair in bound for bib in pair[:2]} - found.bibs.keys()
        conditions = [*asked.of_profiles(session, beside), *asked.of_clusters(session, fresh)]
        conditions += [among(session, Bib.id, away)] if away else []
        near = {row.id: row for condition in conditions for row in _rows(session, condition)}
        fresh = [row for row in near.values() if row.id not in found.bibs]
    return found


class _Once(set[int]):
    """Numbers that were asked about."""

    def new(self, wanted: Iterable[int | None]) -> set[int]:
        """Give those that were not asked about yet, and note that they are now."""
        fresh = {number for number in wanted if number is not None and number not in self}
        self.update(fresh)
        return fresh


@dataclass(frozen=True, slots=True)
class _Asked:
    linked: _Once = field(default_factory=_Once)
    profiles: _Once = field(default_factory=_Once)
    clusters: _Once = field(default_factory=_Once)
    groups: _Once = field(default_factory=_Once)

    def of_profiles(self, session: Session, wanted: Iterable[int]) -> Iterator[ColumnElement[bool]]:
        if profiles := self.profiles.new(wanted):
            yield among(session, Bib.profile, profiles)

    def of_clusters(self, session: Session, rows: Iterable[Neighbour]) -> Iterator[ColumnElement[bool]]:
        rows = list(rows)
        if clusters := self.clusters.new(row.cluster_id for row in rows):
            yield among(session, Bib.cluster_id, clusters)
        if groups := self.groups.new(row.group_id for row in rows):
            yield Bib.cluster_id.in_(select(Cluster.id).where(among(session, Cluster.group_id, groups)))


def everything(session: Session, after: int, limit: int) -> list[tuple[Neighbour, bytes]]:
    """Give up to `limit` bibs after id `after`, in order of id, each with its internal record, compressed; those that
    were never judged have profile -1.
    """
    query = _query().add_columns(Bib.content).where(Bib.id > after).order_by(Bib.id).limit(limit)
    return [(Neighbour(row[0], -1 if row[1] is None else row[1], *row[2:7]), row[7]) for row in session.execute(query)]


def _rows(session: Session, condition: ColumnElement[bool]) -> list[Neighbour]:
    return [Neighbour(*row) for row in session.execute(_query().where(condition, Bib.profile.is_not(None)))]


def _query() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Bib.id,
        Bib.profile,
        Source.code,
        Bib.local_id,
        Bib.cluster_id,
        Cluster.group_id,
        Bib.pending,
    )
    query = select(*columns).join(Raw, Raw.id == Bib.raw_id).join(Source, Source.id == Raw.source_id)
    return query.outerjoin(Cluster, Cluster.id == Bib.cluster_id)
