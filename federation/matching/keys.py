"""Candidate keys: bibs whose profiles share a key are compared with each other, others never meet.

In: a `Profile`. Out: short texts. Today's rule joins only records that share a standard number, so these are the keys.
"""

from typing import Final

from federation.matching.profile import Profile

#: a key that more profiles than this carry says nothing (a number printed on a whole series); it makes no candidates
MOST_SHARING: Final = 64


def keys(found: Profile) -> tuple[str, ...]:
    """Give the keys of a profile, each once, in a fixed order."""
    return tuple(dict.fromkeys(found.standard_numbers))
