"""From judged pairs to figures: precision, recall, F, and what failures lie at.

In: how many pairs were right and wrong. Out: `Figures`, which add up over sets, and `Result`s, one for each set, with
and without the labels that are doubted. Precision of a rule that never says `same` is 1: it merges nothing wrongly.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.accuracy.doubts import Doubt
from tests.accuracy.judge import Judged
from tests.accuracy.pairs import SAME, UNCOUNTED, Pair


@dataclass(frozen=True)
class Figures:
    """Counts of one set: pairs whose label demands something, duplicates among them, and what was said of them."""

    pairs: int = 0
    duplicates: int = 0
    found: int = 0
    false_merges: int = 0
    false_relations: int = 0
    related: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(mine + theirs for mine, theirs in zip(_counts(self), _counts(other), strict=True)))

    @property
    def precision(self) -> float:
        """Give the share of merges that are right."""
        merged = self.found + self.false_merges
        return self.found / merged if merged else 1.0

    @property
    def recall(self) -> float:
        """Give the share of duplicates that are found."""
        return self.found / self.duplicates if self.duplicates else 1.0

    @property
    def f(self) -> float:
        """Give the harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def plain(self) -> dict[str, Any]:
        """Give counts and shares for JSON."""
        shares = {"precision": self.precision, "recall": self.recall, "f": self.f}
        return {**vars(self), **{name: round(share, 4) for name, share in shares.items()}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Figures":
        """Read what `plain` gave."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__})


def _counts(figures: Figures) -> tuple[int, ...]:
    return tuple(vars(figures).values())


@dataclass(frozen=True)
class Result:
    """What was measured on one set. `peers`: the same pairs by other rules; `kinds`: right answers per class."""

    name: str
    held: bool
    figures: Figures
    as_given: Figures
    doubts: tuple[Doubt, ...]
    failures: Mapping[str, int]
    kinds: Mapping[str, tuple[int, int]]
    peers: Mapping[str, Figures]


def figures(judged: Iterable[Judged]) -> Figures:
    """Count what the rules of the house said."""
    counted = [one for one in judged if one.counted]
    return Figures(
        pairs=len(counted),
        duplicates=sum(one.pair.label in SAME for one in counted),
        found=sum(one.pair.label in SAME and one.found for one in counted),
        false_merges=sum(one.failure == "false-merge" for one in counted),
        false_relations=sum(one.failure == "false-relation" for one in counted),
        related=sum(one.verdict.related and one.verdict.decision != "same" for one in counted),
    )


def of_peer(pairs: Iterable[Pair], same: Callable[[Pair], bool]) -> Figures:
    """Count what another rule says, which knows of no groups."""
    counted = [(pair.label in SAME, same(pair)) for pair in pairs if pair.label not in UNCOUNTED]
    right = Counter(counted)
    return Figures(len(counted), sum(label for label, _ in counted), right[True, True], right[False, True])


def failure_classes(judged: Iterable[Judged]) -> dict[str, int]:
    """Count the failures per class, the most frequent first."""
    classes = Counter(one.failure_class for one in judged if one.failure)
    return dict(sorted(classes.items(), key=lambda item: (-item[1], item[0])))


def right_per_kind(judged: Iterable[Judged]) -> dict[str, tuple[int, int]]:
    """Count for each kind of pair how many are right, of how many."""
    kinds: dict[str, list[bool]] = {}
    for one in judged:
        if one.pair.kind and one.counted:
            kinds.setdefault(one.pair.kind, []).append(not one.failure)
    return {kind: (sum(right), len(right)) for kind, right in sorted(kinds.items())}
