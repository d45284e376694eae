"""From verdicts to clusters: which bibs stand together, and what becomes of the ids they had.

In: bibs with the cluster each is in now, and the pairs judged `same`. Out: a `Plan`. Clusters are the connected
groups; ids move as little as possible: a cluster id stays with most of its bibs, a group that owns several ids keeps
the oldest and the others name it as successor, a group that owns none gets a new id which names the cluster it came
from. The result does not depend on the order of arrival.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Bibs that stand together. `cluster` is the id they keep, or None for a new one split from `origin`."""

    bibs: tuple[int, ...]
    cluster: int | None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The groups, in order of their first bib, and for each id that lost its bibs the group (its position) that took
    them over.
    """

    groups: tuple[Group, ...]
    merged: Mapping[int, int]


def plan(placed: Mapping[int, int | None], same: Iterable[tuple[int, int]]) -> Plan:
    """Derive the clusters of these bibs. `placed` must hold every bib of every cluster it names."""
    components = _components(placed, same)
    owners = _owners(placed, components)
    groups: list[Group] = []
    merged: dict[int, int] = {}
    for position, bibs in enumerate(components):
        owned = sorted(cluster for cluster, owner in owners.items() if owner == position)
        origins = Counter(placed[bib] for bib in bibs if placed[bib] is not None)
        origin = min(origins, key=lambda cluster: (-origins[cluster], cluster or 0)) if origins and not owned else None
        groups.append(Group(bibs, owned[0] if owned else None, origin))
        merged.update(dict.fromkeys(owned[1:], position))
    return Plan(tuple(groups), merged)


def _components(placed: Mapping[int, int | None], same: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    root = {bib: bib for bib in placed}

    def find(bib: int) -> int:
        while root[bib] != bib:
            root[bib] = root[root[bib]]
            bib = root[bib]
        return bib

    for left, right in same:
        if left in root and right in root:
            first, second = sorted((find(left), find(right)))
            root[second] = first
    groups: dict[int, list[int]] = {}
    for bib in sorted(placed):
        groups.setdefault(find(bib), []).append(bib)
    return sorted(tuple(bibs) for bibs in groups.values())


def _owners(placed: Mapping[int, int | None], components: list[tuple[int, ...]]) -> dict[int, int]:
    """Give each cluster id to the component that holds most of its bibs; the one with the lowest bib where they are
    even.
    """
    shares: dict[int, Counter[int]] = {}
    for position, bibs in enumerate(components):
        for bib in bibs:
            cluster = placed[bib]
            if cluster is not None:
                shares.setdefault(cluster, Counter())[position] += 1
    return {cluster: min(share, key=lambda p: (-share[p], p)) for cluster, share in shares.items()}
