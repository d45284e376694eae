"""Whether two profiles describe the same publication, and why.

In: two `Profile`s. Out: a `Verdict` with every reason and the values compared. Weights are added (table `weights`);
what both records state and can never be of one publication is a veto, whatever else agrees. What is thin is `unsure`
and goes to a person. Symmetric.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from federation.matching import weights
from federation.matching.checks import CHECKS, MORE_CHECKS, OF_AN_EDITION, OF_THE_WORK
from federation.matching.likeness import title_weight
from federation.matching.observed import Observed
from federation.matching.profile import Profile

Decision = Literal["same", "different", "unsure"]
_ALL: Final = CHECKS + MORE_CHECKS
#: a doubt never scores like a certainty
_MOST_UNSURE: Final = 0.69
#: a number of so many digits is a year, and no volume
_YEAR: Final = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing compared: its name, how much it speaks for (positive) or against (negative), and both values."""

    name: str
    weight: float
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say. `score` runs from 0.0 to 1.0.

    `vetoed`: something stated in both can never be of one publication; no chain of other verdicts may join them.
    `related`: editions or printings of one work and the same part, which may stand in one title group.
    """

    decision: Decision
    score: float
    reasons: tuple[Reason, ...]
    vetoed: bool = False
    related: bool = False


def compare(left: Profile, right: Profile) -> Verdict:
    """Compare two profiles; symmetric, and never `same` on a doubt."""
    title = title_weight(left, right)
    if title is None:
        return Verdict("different", 0.0, (Reason("title", weights.TITLE_OTHER, left.title.shown, right.title.shown),))
    observed = [Observed("title", title, left.title.shown, right.title.shown)]
    checks = _ALL if left.more or right.more else CHECKS
    observed += [found for check in checks if (found := check(left, right)) is not None]
    if left == right and _tells(left):
        observed.append(Observed("alike", weights.ALIKE, "", ""))
    told = _verdict(observed)
    if told.related and told.decision != "same" and left.title.says_nothing and right.title.says_nothing:
        return replace(told, related=False)  # reports called Japan are no editions of one another
    return told


def _tells(found: Profile) -> bool:
    """Tell whether a profile says more than a title: two of author, year, publisher, pages, numbers; a year with a
    volume are two.
    """
    numbers = found.isbns or found.lccns or found.oclcs
    title = found.title
    counted = found.year and not title.common and (title.parts or [one for one in title.numbers if len(one) < _YEAR])
    told = (found.names or found.bodies, found.year, found.publishers, found.pages, numbers, counted)
    return sum(map(bool, told)) > 1


def _verdict(observed: list[Observed]) -> Verdict:
    total = work = 0.0
    vetoed = doubted = other_work = False
    for name, weight, _, _ in observed:
        if weight <= weights.VETO:
            vetoed = True
            other_work = other_work or name not in OF_AN_EDITION
        elif weight <= weights.DOUBT:
            doubted = True
            other_work = other_work or name not in OF_AN_EDITION
        else:
            total += weight
            work += weight if name in OF_THE_WORK else 0.0
    reasons = tuple([Reason(*each) for each in observed if each[1]])
    related = not other_work and work >= weights.RELATED
    score = min(max(total / weights.FULL, 0.0), 1.0)
    if vetoed:
        return Verdict("different", 0.0, reasons, True, related)
    if total >= weights.SAME and not doubted:
        return Verdict("same", score, reasons, False, True)
    decision: Decision = "unsure" if total >= weights.UNSURE else "different"
    return Verdict(decision, min(score, _MOST_UNSURE), reasons, False, related)
