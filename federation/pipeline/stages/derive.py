"""The second half of clustering: from verdicts and pins to clusters and title groups.

In: bibs that were judged and have yet to be put into clusters. Out: every bib of their connected components in the
cluster where it belongs, clusters marked that merge has to look at, ids with their lineage. What comes out is a
function of bibs, pins and rules alone; only the ids remember what was.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from federation.matching.compare import compare
from federation.matching.plan import Bounds, Link, Node, Plan, plan
from federation.matching.profile import Profile
from federation.pipeline.stages import judge
from federation.store import Session, clusters, profiles
from federation.store.surroundings import Neighbour, Surroundings, surroundings


def derive(session: Session, batch: Collection[int]) -> None:
    """Derive the clusters of all that these bibs are connected with."""
    around = surroundings(session, batch)
    decided = decide(around, lambda: _contents(session, bound_profiles(around)))
    minted = iter(clusters.mint(session, [group.origin for group in decided.groups if group.cluster is None]))
    ids = [group.cluster if group.cluster is not None else next(minted) for group in decided.groups]
    now = {bib: ids[i] for i, group in enumerate(decided.groups) for bib in group.bibs}
    moved = {bib: cluster for bib, cluster in now.items() if around.bibs[bib].cluster_id != cluster}
    clusters.move(session, moved)
    pending = {bib for bib, row in around.bibs.items() if row.pending}
    left = {row.cluster_id for bib in moved if (row := around.bibs[bib]).cluster_id is not None}
    touched = {now[bib] for bib in pending | moved.keys()} | left
    # A bib that came back into a cluster but was not judged yet holds it.
    held = clusters.inhabited(session, decided.merged.keys())
    heirs = {loser: ids[heir] for loser, heir in decided.merged.items() if loser not in held}
    clusters.settle(session, pending, {cluster for cluster in touched if cluster is not None}, heirs)
    _regroup(session, around.bibs.values(), decided, ids)


def _regroup(session: Session, rows: Iterable[Neighbour], decided: Plan, ids: list[int]) -> None:
    before = {row.group_id for row in rows if row.group_id is not None}
    titles = [[ids[position] for position in title] for title in decided.titles]
    group = {cluster: min(title) for title in titles for cluster in title}
    stored = clusters.grouped(session, {*ids, *decided.merged}, before)
    clusters.regroup(session, {one: group.get(one) for one, was in stored.items() if was != group.get(one)})


def decide(around: Surroundings, contents: Callable[[], Mapping[int, Profile]]) -> Plan:
    """Give the plan for these bibs. `contents` is asked once, and only when a pair was never judged: two that stand in
    a chain need not share a key.
    """
    nodes = [Node(row.id, row.profile, (row.source, row.local_id), row.cluster_id) for row in around.bibs.values()]
    links = [Link(one.left, one.right, one.score, one.same) for one in around.links]
    same = frozenset((left, right) for left, right, same in around.pins if same)
    different = frozenset((left, right) for left, right, same in around.pins if not same)
    judged = _Judged({(one.left, one.right): (one.vetoed, one.related) for one in around.links}, contents)
    return plan(nodes, links, Bounds(same, different, judged.vetoed, judged.strange))


def bound_profiles(around: Surroundings) -> set[int]:
    """Give the profiles that a link or a pin can bring together with another."""
    pinned = {around.bibs[bib].profile for pair in around.pins for bib in pair[:2] if bib in around.bibs}
    return pinned | {end for link in around.links for end in (link.left, link.right)}


class _Judged:
    """What is known of pairs of profiles, and what is found out while a plan is made: vetoed, related."""

    def __init__(
        self, known: dict[tuple[int, int], tuple[bool, bool]], contents: Callable[[], Mapping[int, Profile]]
    ) -> None:
        self._known = known
        self._contents = cache(contents)

    def vetoed(self, one: int, other: int) -> bool:
        """Tell whether two profiles can never be one publication."""
        return self._of(one, other)[0]

    def strange(self, one: int, other: int) -> bool:
        """Tell whether two profiles can never stand in one title group."""
        vetoed, related = self._of(one, other)
        return vetoed and not related

    def _of(self, one: int, other: int) -> tuple[bool, bool]:
        pair = (one, other) if one <= other else (other, one)
        found = self._known.get(pair)
        if found is None:
            said = self._contents()
            verdict = compare(said[pair[0]], said[pair[1]])
            found = self._known[pair] = (verdict.vetoed, verdict.related)
        return found


def _contents(session: Session, names: Collection[int]) -> dict[int, Profile]:
    return {name: judge.read(one) for name, one in profiles.stated(session, names).items()}
