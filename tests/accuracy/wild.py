"""The search for harm: what the rules would do with records that nobody labelled.

In: a `Catalogue`. Out: `Findings`: how many candidates the keys bring, how the pairs were judged, the connected groups
that come of it, and samples to look at by eye. Profiles meet as they do in the house: by keys that no more than
MOST_SHARING of them carry. Pairs are judged as they come and not kept.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from federation.matching.compare import Verdict, compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.profile import Profile
from tests.accuracy.wild_catalogue import Catalogue

SORTS: Final = ("same", "related", "unsure", "different")
_OF_ONE_WORK: Final = ("same", "related")
#: in larger groups not every pair is asked whether it forbids the other
_LARGEST_ASKED: Final = 60


@dataclass(frozen=True)
class Met:
    """Two profiles that met, by their positions, and the verdict."""

    left: int
    right: int
    verdict: Verdict

    @property
    def sort(self) -> str:
        """Give one of `SORTS`."""
        is_other = self.verdict.decision != "same"
        return "related" if self.verdict.related and is_other else self.verdict.decision


@dataclass
class Groups:
    """Profiles that are connected, by a forest of parents."""

    parents: list[int]

    def root(self, one: int) -> int:
        """Give the profile that stands for the group."""
        while self.parents[one] != one:
            self.parents[one] = self.parents[self.parents[one]]
            one = self.parents[one]
        return one

    def join(self, left: int, right: int) -> None:
        """Connect two."""
        first, second = sorted((self.root(left), self.root(right)))
        self.parents[second] = first

    def several(self) -> list[list[int]]:
        """Give the groups of more than one profile, the largest first."""
        groups: dict[int, list[int]] = defaultdict(list)
        for one in range(len(self.parents)):
            groups[self.root(one)].append(one)
        return sorted((group for group in groups.values() if len(group) > 1), key=len, reverse=True)


@dataclass
class Samples:
    """A few pairs of each sort, any as likely as any other."""

    most: int
    dice: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[Met]] = field(default_factory=lambda: {sort: [] for sort in SORTS})

    def add(self, sort: str, met: Met) -> None:
        """Count a pair, and perhaps keep it."""
        self.counts[sort] += 1
        kept, place = self.kept[sort], self.dice.randrange(self.counts[sort])
        if len(kept) < self.most:
            kept.append(met)
        elif place < self.most:
            kept[place] = met


@dataclass(frozen=True)
class Findings:
    """What came of it.

    `candidates`: per profile, how many others it met. `sizes`: how many profiles carry each key. `broken`: pairs that
    forbid each other and stand in one union. `strained`: pairs that are neither same nor related and stand in one title
    group. `apart`: profiles of several records that are not taken for themselves.
    """

    candidates: list[int]
    without_key: int
    sizes: dict[str, int]
    samples: Samples
    unions: list[list[int]]
    titles: list[list[int]]
    broken: list[Met]
    strained: list[Met]
    apart: list[int]


@dataclass(frozen=True)
class Rules:
    """What lets profiles meet, and what judges them."""

    keys: Callable[[Profile], tuple[str, ...]] = keys
    compare: Callable[[Profile, Profile], Verdict] = compare


OURS: Final = Rules()


def search(catalogue: Catalogue, most: int = 20, seed: int = 1, rules: Rules = OURS) -> Findings:
    """Let all profiles meet that share a key, and judge every pair once."""
    profiles = catalogue.profiles
    carried = [rules.keys(one) for one in profiles]
    sharing = _sharing(carried)
    candidates = [0] * len(profiles)
    unions, titles = (Groups(list(range(len(profiles)))) for _ in range(2))
    samples = Samples(most, random.Random(seed))
    for left, right in _pairs(carried, sharing):
        candidates[left] += 1
        candidates[right] += 1
        met = Met(left, right, rules.compare(profiles[left], profiles[right]))
        samples.add(met.sort, met)
        if met.sort == "same":
            unions.join(left, right)
        if met.sort in _OF_ONE_WORK:
            titles.join(left, right)
    joined, grouped = unions.several(), titles.several()
    return Findings(
        candidates=candidates,
        without_key=sum(not one for one in carried),
        sizes={key: len(group) for key, group in sharing.items()},
        samples=samples,
        unions=joined,
        titles=grouped,
        broken=[met for met in _inside(profiles, joined, rules) if met.verdict.vetoed],
        strained=[met for met in _inside(profiles, grouped, rules) if met.sort not in _OF_ONE_WORK],
        apart=_apart(catalogue, rules),
    )


def _apart(catalogue: Catalogue, rules: Rules) -> list[int]:
    alike = ((number, one) for number, one in enumerate(catalogue.profiles) if len(catalogue.places[number]) > 1)
    return [number for number, one in alike if rules.compare(one, one).decision != "same"]


def _sharing(carried: Sequence[tuple[str, ...]]) -> dict[str, list[int]]:
    sharing: dict[str, list[int]] = defaultdict(list)
    for one, mine in enumerate(carried):
        for key in mine:
            sharing[key].append(one)
    return sharing


def _pairs(carried: Sequence[tuple[str, ...]], sharing: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    for one, mine in enumerate(carried):
        groups = (group for key in mine if len(group := sharing[key]) <= MOST_SHARING)
        for other in sorted({other for group in groups for other in group if other > one}):
            yield one, other


def _inside(profiles: Sequence[Profile], groups: Sequence[Sequence[int]], rules: Rules) -> Iterator[Met]:
    """Judge every pair inside the groups, also those that no key brought together."""
    for group in groups:
        if 2 < len(group) <= _LARGEST_ASKED:
            for left, right in combinations(group, 2):
                yield Met(left, right, rules.compare(profiles[left], profiles[right]))
