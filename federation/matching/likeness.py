"""How far two titles agree.

In: two `Profile`s. Out: a weight, or None where they are titles of different books. Tones decide as soon as both
records write them: Bàn về thơ is not Bán vé thơ. A subtitle may be missing in one of them.
"""

from os.path import commonprefix
from typing import Final

from federation.matching import weights
from federation.matching.profile import Profile
from federation.matching.titles import Wording

#: letters of a title in which one may be mistyped, and words of one in which one tone may
_LONG: Final = 25
_MANY_WORDS: Final = 6
#: letters that a title needs so that a longer one may go on behind them without a mark
_BEGINNING: Final = 12
#: share of the words of the shorter subtitle that must be in the longer
_MOSTLY: Final = 0.6


def title_weight(left: Profile, right: Profile) -> float | None:
    """Weigh the agreement of two titles; None: they differ."""
    one, other = left.title, right.title
    if not one.bare_proper or not other.bare_proper:
        return None
    toned = left.marked and right.marked
    if one.bare_whole == other.bare_whole:
        weight = _by_length(len(one.bare_whole), one)
        weight += 0.0 if not toned else _tones(one.whole, other.whole)
    elif one.bare_proper == other.bare_proper:
        weight = _by_length(len(one.bare_proper), one) + _rests(one, other)
        weight += 0.0 if not toned else _tones(one.proper, other.proper)
    else:
        return _almost(one, other)
    if weight < -weights.FULL:
        return None
    return weight if toned or left.marked == right.marked else weight + weights.TITLE_UNTONED


def _by_length(letters: int, title: Wording) -> float:
    weight = next(weight for most, weight in weights.TITLE if letters <= most)
    return min(weight, weights.TITLE_GENERIC) if title.generic else weight


def _rests(one: Wording, other: Wording) -> float:
    if not one.rest or not other.rest:
        return weights.TITLE_SUBTITLE
    mine, theirs = set(one.rest), set(other.rest)
    alike = len(mine & theirs) >= _MOSTLY * min(len(mine), len(theirs))
    return weights.TITLE_SUBTITLE if alike else weights.TITLE_OTHER_REST


def _tones(one: str, other: str) -> float:
    """Weigh the tones of two titles whose letters are the same."""
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 0.0
    mine, theirs = one.split(), other.split()
    if len(mine) == len(theirs) >= _MANY_WORDS and sum(map(str.__ne__, mine, theirs)) == 1:
        return weights.TITLE_NEAR
    return weights.VETO


def _almost(one: Wording, other: Wording) -> float | None:
    """Weigh titles whose letters are not the same: a slip in a long one, or a subtitle written on without a mark."""
    short, long = sorted((one.bare_whole, other.bare_whole), key=len)
    if len(short) >= _BEGINNING and long.startswith(short):
        return weights.TITLE_CONTAINED
    if len(short) < _LONG or len(long) - len(short) > 1 or (short[:8] != long[:8] and short[-8:] != long[-8:]):
        return None
    same = len(commonprefix((short, long)))
    if short[same:] == long[same + 1 :] or short[same + 1 :] == long[same + 1 :]:
        return _by_length(len(short), one) + weights.TITLE_NEAR
    return None
