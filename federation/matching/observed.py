"""One thing compared of two profiles, and what two records that carry one number have.

In: two `Profile`s. Out: `Observed`, the shape of every check; a check gives None where a record says nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

from federation.matching.profile import Profile


class Observed(NamedTuple):
    """One thing compared: what, its weight in bits, and both values as read."""

    name: str
    weight: float
    left: str
    right: str


Check = Callable[[Profile, Profile], Observed | None]


def one_number(left: Profile, right: Profile) -> bool:
    """Tell whether a number that is given to one publication is in both."""
    pairs = ((left.lccns, right.lccns), (left.oclcs, right.oclcs), (left.isbns, right.isbns))
    return any(not set(mine).isdisjoint(theirs) for mine, theirs in pairs)
