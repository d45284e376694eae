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


def stands_in_series(left: Profile, right: Profile) -> bool:
    """Tell whether one has as series and volume what the other has as title and part: the part has a title of its own.

    Lịch sử Việt Nam bằng tranh. Tập 19, Hưng Đạo Vương; Hưng Đạo Vương (Lịch sử Việt Nam bằng tranh ; T.19).
    """
    return _is_part(left, right) or _is_part(right, left)


def _is_part(one: Profile, whole: Profile) -> bool:
    title = whole.title
    if not one.series or not title.name or not title.parts or one.title.parts:
        return False
    if "".join(title.name) not in (one.title.bare_proper, one.title.bare_whole):
        return False
    named = [each.partition("|") for each in one.series]
    return any(
        number in title.parts and name.replace(" ", "").replace("y", "i") == title.bare_proper.replace("y", "i")
        for name, _, number in named
    )


def one_number(left: Profile, right: Profile) -> bool:
    """Tell whether a number that is given to one publication is in both."""
    pairs = ((left.lccns, right.lccns), (left.oclcs, right.oclcs), (left.isbns, right.isbns))
    return any(not set(mine).isdisjoint(theirs) for mine, theirs in pairs)
