"""Everything derived under the present rules, from what the bibs say, without a look at keys and verdicts that are
stored, and without storing anything: the dry run of new rules, and the proof that the stored state is what it must be.

In: a session that reads. Out: a `Rederived`, and what would change. Encoded profiles are kept, not open ones, so that
some hundred thousand bibs fit into the memory of a small machine.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from federation.matching.compare import compare
from federation.matching.keys import MOST_SHARING
from federation.matching.plan import Plan
from federation.pipeline.stages import judge
from federation.pipeline.stages.derive import bound_profiles, decide
from federation.pipeline.stages.judge import Pair
from federation.store import Session, pins
from federation.store.compress import expand
from federation.store.profiles import Stated
from federation.store.surroundings import Neighbour, Surroundings, everything

_PAGE: Final = 1000
#: profiles that are kept open while pairs are compared
_OPEN: Final = 4096
#: told how many bibs were read
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Rederived:
    """The bibs with the profiles that the present rules read, where they stand now, and where they would stand.

    `misread` are the bibs that are stored as judged with another profile; `unsure` counts pairs left in doubt.
    """

    around: Surroundings
    plan: Plan
    misread: tuple[int, ...]
    unsure: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What a dry run shows: clusters that would merge (loser, heir); bibs that would leave a cluster (its id; empty for
    bibs in none) for one of their own; bibs that would go over to another; clusters whose title group would be another.
    """

    stay: int
    merged: tuple[tuple[int, int | None], ...]
    split: tuple[tuple[int | None, tuple[int, ...]], ...]
    moved: tuple[int, ...]
    regrouped: tuple[int, ...]


def rederive(session: Session, told: Told = lambda _: None) -> Rederived:
    """Derive everything; nothing is written."""
    around = Surroundings(pins=pins.awake(session))
    said: dict[int, Stated] = {}
    misread: list[int] = []
    for bib, content in _everything(session):
        found, written, name = judge.says(expand(content))
        if name not in said:
            said[name] = judge.stated(found, written)
        misread += [bib.id] if name != bib.profile else []
        around.bibs[bib.id] = replace(bib, profile=name)
        told(len(around.bibs))
    unsure = _judge(around, said)
    decided = decide(around, lambda: {name: judge.read(said[name]) for name in bound_profiles(around)})
    return Rederived(around, decided, tuple(misread), unsure)


def _everything(session: Session) -> Iterator[tuple[Neighbour, bytes]]:
    last = 0
    while rows := everything(session, last, _PAGE):
        yield from rows
        last = rows[-1][0].id


def _judge(around: Surroundings, said: Mapping[int, Stated]) -> int:
    """Note every link between profiles; gives how many pairs are in doubt."""
    opened = lru_cache(maxsize=_OPEN)(lambda name: judge.read(said[name]))
    unsure = 0
    for pair in _pairs(around, said):
        verdict = compare(opened(pair[0]), opened(pair[1]))
        unsure += verdict.decision == "unsure"
        if judge.is_link(verdict):
            around.links.add(judge.linked(pair, verdict))
    return unsure


def _pairs(around: Surroundings, said: Mapping[int, Stated]) -> Iterator[Pair]:
    """Give the pairs that share a key which counts, and the profiles that several bibs have, as pairs with themselves.

    One profile after the other: all pairs at once would take more room than all records.
    """
    carriers = _carriers(said)
    several = Counter(bib.profile for bib in around.bibs.values())
    for name, one in said.items():
        shared = (carriers.get(key, ()) for key in one.keys)
        beside = {other for those in shared if len(those) <= MOST_SHARING for other in those if other > name}
        yield from ((name, other) for other in sorted(beside))
        if several[name] > 1:
            yield name, name


def _carriers(said: Mapping[int, Stated]) -> dict[int, list[int]]:
    """Give who carries each key that more than one carries; most are carried by one."""
    first: dict[int, int] = {}
    shared: dict[int, list[int]] = {}
    for name, one in said.items():
        for key in one.keys:
            if first.setdefault(key, name) != name:
                shared.setdefault(key, [first[key]]).append(name)
    return shared


def changes(found: Rederived) -> Changes:
    """Say what would be otherwise than it is stored."""
    plan, bibs = found.plan, found.around.bibs
    stay: list[int] = []
    moved: list[int] = []
    for group in plan.groups:
        came_from = {bib: bibs[bib].cluster_id for bib in group.bibs}
        if group.cluster is not None:
            moved += [bib for bib, was in came_from.items() if was != group.cluster and was not in plan.merged]
            stay += [group.cluster] if set(came_from.values()) == {group.cluster} else []
    left = {bibs[bib].cluster_id for group in plan.groups if group.cluster is None for bib in group.bibs}
    left |= {bibs[bib].cluster_id for bib in moved}
    return Changes(
        stay=len(set(stay) - left),
        merged=tuple(sorted((loser, plan.groups[heir].cluster) for loser, heir in plan.merged.items())),
        split=tuple((group.origin, group.bibs) for group in plan.groups if group.cluster is None),
        moved=tuple(sorted(moved)),
        regrouped=tuple(sorted(_regrouped(found))),
    )


def _regrouped(found: Rederived) -> Iterator[int]:
    """Give the clusters that keep their id but would stand in another title group."""
    ids = [group.cluster for group in found.plan.groups]
    lead = {position: _lowest(ids, title) for title in found.plan.titles for position in title}
    for position, group in enumerate(found.plan.groups):
        was = {
            found.around.bibs[bib].group_id for bib in group.bibs if found.around.bibs[bib].cluster_id == group.cluster
        }
        if group.cluster is not None and was != {lead.get(position)}:
            yield group.cluster


def _lowest(ids: Sequence[int | None], title: Iterable[int]) -> int | None:
    return min((cluster for position in title if (cluster := ids[position]) is not None), default=None)
