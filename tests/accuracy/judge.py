"""What the rules say of a labelled pair, and whether that is right.

In: `Pair`s. Out: `Judged` pairs, each with its failure, if it is one. A duplicate is found only when both bibs share a
match key, for others are never compared, and the verdict is `same`. A wrong `same` counts with and without a key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal

from federation.matching.compare import Reason, Verdict, compare
from federation.matching.keys import keys
from federation.matching.profile import Profile, profile
from tests.accuracy.pairs import APART, SAME, UNCOUNTED, Pair

Failure = Literal["", "miss", "false-merge", "false-relation"]
#: failures by the word that asks for them
FAILURES: Final[Mapping[str, Failure]] = MappingProxyType(
    {"false-merges": "false-merge", "false-relations": "false-relation", "misses": "miss"}
)


@dataclass(frozen=True)
class Judged:
    """A pair with what the rules read of it and what they say."""

    pair: Pair
    left: Profile
    right: Profile
    shared: frozenset[str]
    verdict: Verdict

    @property
    def found(self) -> bool:
        """Tell whether the house would join the two."""
        return self.verdict.decision == "same" and bool(self.shared)

    @property
    def counted(self) -> bool:
        """Tell whether the label demands anything."""
        return self.pair.label not in UNCOUNTED

    @property
    def in_one_group(self) -> bool:
        """Tell whether the two would stand in one title group."""
        return self.verdict.related or self.verdict.decision == "same"

    @cached_property
    def failure(self) -> Failure:
        """Name what is wrong; nothing when all is right."""
        if not self.counted:
            return ""
        if self.pair.label in SAME:
            return "" if self.found else "miss"
        if self.verdict.decision == "same":
            return "false-merge"
        return "false-relation" if self.pair.label in APART and self.in_one_group else ""

    @property
    def failure_class(self) -> str:
        """Say of a failure what it lies at: for a miss the key or what spoke against, else the label."""
        if self.failure != "miss":
            return f"{self.failure}: {' / '.join(filter(None, (self.pair.label, self.pair.kind)))}"
        if not self.shared:
            return "miss: no shared key"
        return f"miss: {self.verdict.decision}, {', '.join(against(self.verdict.reasons)) or 'score too low'}"


def against(reasons: Iterable[Reason]) -> list[str]:
    """Name what speaks against, each once."""
    return list(dict.fromkeys(reason.name for reason in reasons if reason.weight < 0))


def judge(pairs: Iterable[Pair]) -> list[Judged]:
    """Ask the rules about every pair."""
    return [_judged(pair) for pair in pairs]


def _judged(pair: Pair) -> Judged:
    left, right = profile(pair.left), profile(pair.right)
    return Judged(pair, left, right, frozenset(keys(left)) & frozenset(keys(right)), compare(left, right))
