"""From verdicts and pins to clusters and title groups: which bibs stand together, and what becomes of the ids.

In: bibs with the cluster each is in now, the pairs of profiles that speak for each other, what people said, and what
keeps two profiles apart. Out: a `Plan`. What is surest joins first: what people said, equal records, then pairs by
falling score; two groups join only if nothing stands between any two of their members. Names decide where scores are
even, so the groups do not depend on the order of arrival. Ids move as little as possible: an id stays with most of its
bibs, a group that owns several keeps the oldest, one that owns none gets a new id which names where it came from.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from federation.matching.joining import Joining, Veto


@dataclass(frozen=True, slots=True)
class Node:
    """A bib as the plan sees it: its profile, and the rest of a name that does not tell when it came (source, local
    id); the cluster it is in now.
    """

    bib: int
    profile: int
    name: tuple[str, str]
    cluster: int | None = None


class Link(NamedTuple):
    """Two profiles, or one that several bibs have, of which the rules say `same`, or else that they are related."""

    left: int
    right: int
    score: float
    same: bool


def _never(_left: int, _right: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What people said of pairs of bibs, and what the rules forbid: `vetoed` profiles never stand in one cluster,
    `strange` ones never in one title group.
    """

    same: frozenset[tuple[int, int]] = frozenset()
    different: frozenset[tuple[int, int]] = frozenset()
    vetoed: Veto = _never
    strange: Veto = _never


@dataclass(frozen=True, slots=True)
class Group:
    """Bibs that stand together. `cluster` is the id they keep, or None for a new one split from `origin`."""

    bibs: tuple[int, ...]
    cluster: int | None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The groups, in order of their first bib; for each id that lost its bibs the group (its position) that took them
    over; and the title groups of more than one cluster, as positions.
    """

    groups: tuple[Group, ...]
    merged: Mapping[int, int]
    titles: tuple[tuple[int, ...], ...] = ()


def plan(nodes: Iterable[Node], links: Iterable[Link], bounds: Bounds = Bounds()) -> Plan:
    """Derive the clusters of these bibs. `nodes` must hold every bib of every cluster it names."""
    ordered = sorted(nodes, key=lambda node: (node.profile, node.name, node.bib))
    surest_first = sorted(set(links), key=lambda link: (link.left != link.right, -link.score, link))
    clustered = _clustered(ordered, surest_first, bounds)
    titles = _titled(ordered, clustered, surest_first, bounds)
    parts = [tuple(sorted(ordered[place].bib for place in group)) for group in clustered]
    order = sorted(range(len(parts)), key=parts.__getitem__)
    position = {place: rank for rank, place in enumerate(order)}
    groups, merged = _with_ids({node.bib: node.cluster for node in ordered}, [parts[place] for place in order])
    return Plan(groups, merged, tuple(sorted(tuple(sorted(position[one] for one in title)) for title in titles)))


def _clustered(ordered: Sequence[Node], links: Iterable[Link], bounds: Bounds) -> list[list[int]]:
    same = [link for link in links if link.same]
    place = {node.bib: i for i, node in enumerate(ordered)}
    pinned, apart = _placed(bounds.same, place), _placed(bounds.different, place)
    camps = _camps(ordered, same, pinned, Joining(_units(ordered), bounds.vetoed, apart)) if pinned else {}
    joining = Joining(_units(ordered, camps), bounds.vetoed, apart)
    for left, right in pinned:
        joining.join(left, right)
    for link in same:
        joining.link(link.left, link.right)
    return joining.groups()


def _placed(pairs: Iterable[tuple[int, int]], place: Mapping[int, int]) -> list[tuple[int, int]]:
    found = ((place[left], place[right]) for left, right in pairs if left in place and right in place)
    return sorted((min(pair), max(pair)) for pair in found)


def _units(ordered: Sequence[Node], camps: Mapping[int, int] | None = None) -> list[dict[int, int]]:
    known = camps or {}
    return [{node.profile: known.get(i, 0)} for i, node in enumerate(ordered)]


def _camps(
    ordered: Sequence[Node], same: Iterable[Link], pinned: Sequence[tuple[int, int]], joining: Joining
) -> dict[int, int]:
    """Give the bibs that a person's `same` holds together against the rules, each with the number of its camp.

    Who says that two records are one book says it of all that the rules take for either. Otherwise the records that
    agree with one of the two would be thrown out of its cluster by what the rules hold against the other.
    """
    for link in same:
        joining.link(link.left, link.right)
    for left, right in pinned:
        joining.unite(left, right)
    touched = {joining.find(left) for left, _ in pinned}
    return {i: root + 1 for i in range(len(ordered)) if (root := joining.find(i)) in touched}


def _titled(
    ordered: Sequence[Node], clustered: Sequence[Sequence[int]], links: Iterable[Link], bounds: Bounds
) -> list[list[int]]:
    """Give the title groups of more than one cluster, as places in `clustered`."""
    home = {ordered[place].bib: i for i, group in enumerate(clustered) for place in group}
    units = [{ordered[place].profile: 0 for place in group} for group in clustered]
    joining = Joining(units, bounds.strange, _placed(bounds.different, home))
    for link in links:
        joining.link(link.left, link.right)
    return [group for group in joining.groups() if len(group) > 1]


def _with_ids(
    placed: Mapping[int, int | None], parts: Sequence[tuple[int, ...]]
) -> tuple[tuple[Group, ...], dict[int, int]]:
    owned: dict[int, list[int]] = {}
    for cluster, owner in sorted(_owners(placed, parts).items()):
        owned.setdefault(owner, []).append(cluster)
    groups = [
        Group(bibs, owned[position][0]) if position in owned else Group(bibs, None, _origin(placed, bibs))
        for position, bibs in enumerate(parts)
    ]
    return tuple(groups), {loser: position for position, ids in owned.items() for loser in ids[1:]}


def _origin(placed: Mapping[int, int | None], bibs: Iterable[int]) -> int | None:
    came_from = Counter(cluster for bib in bibs if (cluster := placed[bib]) is not None)
    return min(came_from, key=lambda cluster: (-came_from[cluster], cluster), default=None)


def _owners(placed: Mapping[int, int | None], parts: Sequence[tuple[int, ...]]) -> dict[int, int]:
    """Give each cluster id to the part that holds most of its bibs; where they are even, to the one with its lowest
    bib: a record that was there all the time has an older claim than one that came back.
    """
    shares: dict[int, dict[int, list[int]]] = {}
    for position, bibs in enumerate(parts):
        for bib in bibs:
            cluster = placed[bib]
            if cluster is not None:
                shares.setdefault(cluster, {}).setdefault(position, []).append(bib)
    return {
        cluster: min(share, key=lambda part: (-len(share[part]), min(share[part]))) for cluster, share in shares.items()
    }
