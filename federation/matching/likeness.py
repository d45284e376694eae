"""How far two titles agree.

In: two `Profile`s. Out: a weight, or None where they are titles of different books. Tones decide as soon as both
titles write them: Bàn về thơ is not Bán vé thơ. A subtitle may be missing in one of them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from federation.matching import weights
from federation.matching.names import Name
from federation.matching.observed import one_number, stands_in_series
from federation.matching.profile import Profile
from federation.matching.titles import Wording
from federation.matching.wording import a_letter_apart
from schemas.vietnamese.fold import folded
from schemas.vietnamese.syllable import parse

_LETTERS: Final = [most for most, _ in weights.TITLE[:-1]]
#: letters of a title in which one may be mistyped, and words of one in which one tone may
_LONG: Final = 25
_MANY_WORDS: Final = 6
#: a shorter word is no slip of another
_WORD: Final = 3
#: words of a title that was typed without marks among others that were not: Thoi xa vang
_STRIPPED_WORDS: Final = 3
#: letters that a title needs so that a longer one may go on behind or before it without a mark
_BEGINNING: Final = 10
#: letters that make another book of a title: Hình học, Bài tập Hình học
_OTHER_BOOK: Final = re.compile("baitap|giai|huongdan|ontap|luyen|thuchanh|kiemtra|sotay|tracnghiem|phuongphap|hoidap")
#: letters that are enough under one ISBN, LCCN or OCLC number
_LEAST: Final = 6


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
        return _almost(left, right)
    weight += _by_length(letters, one)
    whole = one.bare_proper != other.bare_proper
    mine, theirs = (one.whole, other.whole) if whole else (one.proper, other.proper)
    if mine != theirs:
        tones = _tones(mine, theirs, left.marked and right.marked, letters)
        if tones <= weights.TITLE_TONES and not one_number(left, right):
            return weights.VETO
        weight += tones
    elif left.marked != right.marked and letters < _LONG and not mine.isascii():
        weight += weights.TITLE_UNTONED
    return weight


def _by_length(letters: int, title: Wording) -> float:
    letters -= title.common
    weight = weights.TITLE[bisect_left(_LETTERS, letters)][1]
    return min(weight, weights.TITLE_LAW) if title.law else weight


def _rests(one: Wording, other: Wording) -> float:
    """Weigh subtitles that are not the same; whether they contradict each other is a check of its own."""
    if bool(one.rest) != bool(other.rest):
        # Laws are printed with more or less of what belongs to them: the subtitle tells which.
        if one.law:
            return weights.TITLE_LAW_SUBTITLE
        if one.common:
            return weights.TITLE_COMMON_SUBTITLE
    return weights.TITLE_SUBTITLE + _genres(one, other)


def _genres(one: Wording, other: Wording) -> float:
    mine, theirs = one.genre, other.genre
    if mine == theirs or not mine or not theirs or mine in theirs or theirs in mine:
        return 0.0
    return weights.TITLE_OTHER_GENRE


def _tones(one: str, other: str, toned: bool, letters: int) -> float:
    """Weigh the tones of two titles whose letters are the same."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return 0.0
    mine, theirs = one.split(), other.split()
    untoned = 0.0 if letters >= _LONG else weights.TITLE_UNTONED
    if not toned or (min(len(mine), len(theirs)) >= _STRIPPED_WORDS and _stripped(one, other)):
        return untoned
    if len(mine) != len(theirs):
        # Words run together are none, and have no tones to compare.
        return untoned if _misspelt(mine) or _misspelt(theirs) else weights.TITLE_TONES
    differing = [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]]
    if all(_misspelt(pair) for pair in differing):
        return untoned
    return weights.TITLE_NEAR if len(differing) == 1 and len(mine) >= _MANY_WORDS else weights.TITLE_TONES


def _stripped(one: str, other: str) -> bool:
    """Tell whether one title has no marks at all and the other has them on two words or more."""
    if one.isascii() == other.isascii():
        return False
    marked = other if one.isascii() else one
    return sum([not word.isascii() for word in marked.split()]) > 1


def _almost(left: Profile, right: Profile) -> float | None:
    """Weigh titles whose letters are not the same: a slip, an abbreviation, the author's name, a word more."""
    one, other = left.title, right.title
    if len(one.bare_whole) > len(other.bare_whole):
        one, other = other, one
    if stands_in_series(left, right):
        return _by_length(min(len(one.bare_whole), len(other.bare_whole)), one)
    if _turned(one, other):
        return max([_by_length(len(each.bare_proper), each) for each in (one, other)]) + weights.TITLE_SUBTITLE
    if _slipped(one, other):
        return _by_length(len(one.bare_whole), one) + weights.TITLE_NEAR
    if _with_author(one, other, left.untoned + right.untoned):
        return _by_length(len(one.bare_proper), one) + weights.TITLE_SUBTITLE
    if _abbreviated(one.whole.split(), other.whole.split()):
        return _by_length(len(one.bare_whole), one) + weights.TITLE_SUBTITLE
    return _contained(one, other, one_number(left, right))


def _turned(one: Wording, other: Wording) -> bool:
    """Tell whether one puts first what the other puts behind: Văn hóa Sa Huỳnh : kỷ yếu hội thảo."""
    return one.bare_proper == "".join(other.rest) and other.bare_proper == "".join(one.rest)


def _contained(one: Wording, other: Wording, numbered: bool) -> float | None:
    """Weigh a title that goes on, before or behind, where the other is at its end."""
    short, long = one.bare_whole, other.bare_whole
    if not long.startswith(short) and not long.endswith(short):
        return None
    if one.numbers or _OTHER_BOOK.search(long.replace(short, " ", 1)):
        return weights.DOUBT
    if len(short) >= _LONG:
        return weights.TITLE_CUT
    return weights.TITLE_CONTAINED if len(short) >= (_LEAST if numbered else _BEGINNING) else None


def _with_author(one: Wording, other: Wording, names: tuple[Name, ...]) -> bool:
    """Tell whether one title is the other with the author's name before or behind it: Thơ, Thơ Tố Hữu."""
    short, long = _without_part(one), _without_part(other)
    if len(short) > len(long):
        short, long = long, short
    if not short or not (long.startswith(short) or long.endswith(short)):
        return False
    more = sorted(long[len(short) :] if long.startswith(short) else long[: -len(short)])
    return any(sorted("".join(name)) == more for name in names)


def _without_part(title: Wording) -> str:
    return title.bare_whole.removesuffix("".join(title.name))


def _abbreviated(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether a title has initials where the other has words: HSG, học sinh giỏi."""
    at = 0
    for word in one:
        if at < len(other) and word == other[at]:
            at += 1
        elif len(word) > 1 and word == "".join([folded(each[0]) for each in other[at : at + len(word)]]):
            at += len(word)
        else:
            return False
    return at == len(other)


def _slipped(one: Wording, other: Wording) -> bool:
    """Tell whether one letter is wrong, missing or typed twice."""
    short, long = one.bare_whole, other.bare_whole
    if len(long) - len(short) > 1 or len(short) < _BEGINNING or (short[:5] != long[:5] and short[-5:] != long[-5:]):
        return False
    mine, theirs = one.whole.split(), other.whole.split()
    differing = [pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]]
    if len(mine) != len(theirs) or min(map(len, chain(*differing))) < _WORD or not a_letter_apart(short, long):
        return False  # a short word is no slip: Thực tập điện A, Thực tập điện B
    return len(short) >= _LONG or _misspelt(mine) != _misspelt(theirs)


def _misspelt(found: Iterable[str]) -> bool:
    """Tell whether a word of a title written in Vietnamese is none."""
    return not all(parse(word) for word in found)
