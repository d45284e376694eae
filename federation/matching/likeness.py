"""How far two titles agree.

In: two `Profile`s. Out: a weight, or None where they are titles of different books. Tones decide as soon as both
titles write them: Bàn về thơ is not Bán vé thơ. A subtitle may be missing in one of them.
"""

from os.path import commonprefix
from typing import Final

from federation.matching import weights
from federation.matching.profile import Profile
from federation.matching.titles import Wording

#: letters of a title in which one may be mistyped, and words of one in which one tone may
_LONG: Final = 25
_MANY_WORDS: Final = 6
#: words of a title that was typed without marks among others that were not: Thoi xa vang
_STRIPPED_WORDS: Final = 3
#: letters that a title needs so that a longer one may go on behind or before it without a mark
_BEGINNING: Final = 10
#: share of the words of the shorter subtitle that must be in the longer
_MOSTLY: Final = 0.6


def title_weight(left: Profile, right: Profile) -> float | None:
    """Weigh the agreement of two titles; None: they differ."""
    one, other = left.title, right.title
    if not one.bare_proper or not other.bare_proper:
        return None
    if one.bare_whole == other.bare_whole:
        letters, weight = len(one.bare_whole), _genres(one, other)
    elif one.bare_proper == other.bare_proper:
        letters, weight = len(one.bare_proper), _rests(one, other)
    else:
        return _almost(one, other)
    weight += _by_length(letters, one)
    if one.proper != other.proper:
        weight += _tones(left, right, letters)
    elif left.marked != right.marked and letters < _LONG and not one.proper.isascii():
        weight += weights.TITLE_UNTONED
    return weight


def _by_length(letters: int, title: Wording) -> float:
    letters -= title.common
    weight = next(weight for most, weight in weights.TITLE if letters <= most)
    return min(weight, weights.TITLE_LAW) if title.law else weight


def _rests(one: Wording, other: Wording) -> float:
    """Weigh subtitles that are not the same."""
    if not one.rest or not other.rest:
        # Laws are printed with more or less of what belongs to them: the subtitle tells which.
        return weights.TITLE_OTHER_REST if one.law else weights.TITLE_SUBTITLE + _genres(one, other)
    mine, theirs = set(one.rest), set(other.rest)
    alike = len(mine & theirs) >= _MOSTLY * min(len(mine), len(theirs))
    return weights.TITLE_SUBTITLE + _genres(one, other) if alike else weights.TITLE_OTHER_REST


def _genres(one: Wording, other: Wording) -> float:
    mine, theirs = one.genre, other.genre
    if mine == theirs or not mine or not theirs or mine in theirs or theirs in mine:
        return 0.0
    return weights.TITLE_OTHER_REST


def _tones(left: Profile, right: Profile, letters: int) -> float:
    """Weigh the tones of two titles proper whose letters are the same."""
    one, other = left.title.proper, right.title.proper
    if one.replace(" ", "") == other.replace(" ", ""):
        return 0.0
    mine, theirs = one.split(), other.split()
    untoned = 0.0 if letters >= _LONG else weights.TITLE_UNTONED
    if not left.marked or not right.marked or (min(len(mine), len(theirs)) >= _STRIPPED_WORDS and _stripped(one, other)):
        return untoned
    if len(mine) == len(theirs) >= _MANY_WORDS and sum(map(str.__ne__, mine, theirs)) == 1:
        return weights.TITLE_NEAR
    return weights.TITLE_TONES


def _stripped(one: str, other: str) -> bool:
    """Tell whether one title has no marks at all and the other has them on two words or more."""
    if one.isascii() == other.isascii():
        return False
    marked = other if one.isascii() else one
    return sum([not word.isascii() for word in marked.split()]) > 1


def _almost(one: Wording, other: Wording) -> float | None:
    """Weigh titles whose letters are not the same: a slip in a long one, or one that goes on without a mark."""
    short, long = (one.bare_whole, other.bare_whole) if len(one.bare_whole) <= len(other.bare_whole) else (
        other.bare_whole, one.bare_whole
    )  # fmt: skip
    if len(short) >= _BEGINNING and (long.startswith(short) or long.endswith(short)):
        return weights.TITLE_CONTAINED
    if len(short) < _LONG or len(long) - len(short) > 1 or (short[:8] != long[:8] and short[-8:] != long[-8:]):
        return None
    same = len(commonprefix((short, long)))
    if short[same:] == long[same + 1 :] or short[same + 1 :] == long[same + 1 :]:
        return _by_length(len(short), one) + weights.TITLE_NEAR
    return None
