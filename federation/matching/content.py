"""What is compared of the content: numbers, subtitles, parts, kinds of book, programmes, series, standards, classes.

In: two `Profile`s. Out: `Observed`, or None where at least one says nothing. A veto or doubt here also says that the
two are not of one work, part, grade or volume.
"""

from typing import Final

from federation.matching import weights
from federation.matching.numbers import spelt_number
from federation.matching.observed import Observed, one_number, stands_in_series
from federation.matching.profile import Profile
from federation.matching.titles import Wording, silent_kinds
from federation.matching.wording import a_letter_apart

_SMALL: Final = (
    "the a an of in on for with to by bi from cho cua tu den trong theo ve cac nhung la nham o tai bang dung"  # bi: by
)
_SMALL_WORDS: Final = frozenset(_SMALL.split())
#: words behind a subtitle that tell nothing of what the book is about
_BESIDES: Final = _SMALL_WORDS | frozenset(("proceedings", "ed", "edition", "reprint", "revised"))
#: words and share of words that two subtitles have in common when one may only be worded otherwise
_MOST_WORDS: Final = 4
#: letters of a word in which one may be a slip; a Vietnamese syllable is hardly ever as long
_LONG_WORD: Final = 6
_MOSTLY: Final = 0.75
#: one word more or less in so many, wherever it stands, is the same thing worded otherwise
_WORDED: Final = 6


def numbers(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers in the titles: grades, volumes, years. Each must be in both."""
    one, other = left.title, right.title
    if not (one.parts or other.parts or one.numbers or other.numbers):
        return None
    return Observed("number", _numbers(left, right), _shown(left), _shown(right))


def _shown(found: Profile) -> str:
    title = found.title
    return " ".join((*title.numbers, *(f"T.{part}" for part in title.parts)))


def _numbers(left: Profile, right: Profile) -> float:
    one, other = left.title, right.title
    mine, theirs = sorted((*one.parts, *one.numbers)), sorted((*other.parts, *other.numbers))
    if one.parts and other.parts and one.parts != other.parts:
        return weights.DOUBT if _within(one.parts, other.parts) or _within(other.parts, one.parts) else weights.VETO
    if mine == theirs:
        return weights.NUMBER * min(len(mine), 2)
    if stands_in_series(left, right):
        return weights.NUMBER
    if bool(one.parts) != bool(other.parts) and (left.volumes if other.parts else right.volumes) > 1:
        return weights.DOUBT  # one describes all volumes, the other one of them
    extra, missing = set(mine) - set(theirs), set(theirs) - set(mine)
    if extra and missing:
        return weights.VETO
    told = extra or missing
    covered = told and extra <= set(other.rest_numbers) and missing <= set(one.rest_numbers)
    return (
        0.0 if covered or (told and told <= one.letters | other.letters and one.name == other.name) else weights.DOUBT
    )


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return len(few) < len(many) and set(few) <= set(many)


def rest_numbers(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers in subtitles, where both have some."""
    mine, theirs = left.title.rest_numbers, right.title.rest_numbers
    if not mine or not theirs:
        return None
    only_one = set(mine) - set(theirs) - set(right.title.numbers)
    only_other = set(theirs) - set(mine) - set(left.title.numbers)
    conflict = only_one and only_other
    return Observed("subtitle number", weights.VETO if conflict else 0.0, " ".join(mine), " ".join(theirs))


def subtitle(left: Profile, right: Profile) -> Observed | None:
    """Compare the subtitles, where both have one: each may say more, not other things; journals change theirs, which an
    ISSN must confirm.
    """
    mine, theirs = _unspelt(left.title, right.title), _unspelt(right.title, left.title)
    if (
        not mine
        or not theirs
        or mine == theirs
        or (left.level == "s" and set(left.issns) & set(right.issns))
        or left.title.bare_proper != right.title.bare_proper
    ):
        return None
    one, other = set(mine), set(theirs)
    only_one, only_other = one - other - _SMALL_WORDS, other - one - _SMALL_WORDS
    if "".join(mine) == "".join(theirs) or _slip(only_one, only_other):
        return None
    if not only_one or not only_other:
        if one_number(left, right) or _goes_on(mine, theirs):
            return None
        return Observed("subtitle", weights.DOUBT, " ".join(mine), " ".join(theirs))
    if left.level == "s":  # a journal that changed its subtitle, or two sections of one
        return Observed("subtitle", weights.DOUBT, " ".join(mine), " ".join(theirs))
    common = len(one & other)
    mostly = common >= _MOST_WORDS and common >= _MOSTLY * min(len(one), len(other))
    if one_number(left, right):
        weight = weights.SUBTITLE_DIFFERS if mostly else weights.DOUBT
    else:
        weight = weights.DOUBT if mostly else weights.VETO
    return Observed("subtitle", weight, " ".join(mine), " ".join(theirs))


def _unspelt(one: Wording, other: Wording) -> tuple[str, ...]:
    """Give the words of a subtitle, but no word for a number that the other writes in digits: bảy, 7."""
    if not other.rest_numbers:
        return one.rest
    return tuple([word for word in one.rest if spelt_number(word) not in other.rest_numbers])


def _goes_on(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Tell whether one subtitle only goes on where the other ends.

    What stands before it or within it makes another thing of it: combustion engines, internal combustion engines;
    and of two words one is half of what the book is about: statics, statics and dynamics.
    """
    short, long = sorted(([word for word in each if _weighs(word)] for each in (mine, theirs)), key=len)
    if len(short) == 1 and len(long) == 2:
        return False
    return long[: len(short)] == short or len(long) - len(short) <= len(short) // _WORDED


def _weighs(word: str) -> bool:
    return len(word) > 1 and word not in _BESIDES


def _slip(one: set[str], other: set[str]) -> bool:
    """Tell whether two subtitles differ in one long word, and that in one letter: radio, radios."""
    if len(one) != 1 or len(other) != 1:
        return False
    mine, theirs = next(iter(one)), next(iter(other))
    return max(len(mine), len(theirs)) >= _LONG_WORD and a_letter_apart(mine, theirs)


def part_name(left: Profile, right: Profile) -> Observed | None:
    """Compare the names of parts; one told by one record only must have its number in both, or stand in the title."""
    one, other = left.title, right.title
    if one.name == other.name:
        return None
    if one.name and other.name:
        mine, theirs = set(one.name), set(other.name)
        weight = 0.0 if mine <= theirs or theirs <= mine else weights.VETO
    else:
        told = "".join(one.name or other.name) in (other if one.name else one).bare_whole
        told = told or bool(one.parts and one.parts == other.parts)
        weight = 0.0 if told else weights.DOUBT
    return Observed("part", weight, " ".join(one.name), " ".join(other.name))


def kind(left: Profile, right: Profile) -> Observed | None:
    """Compare what kind of book the title names; a teacher's book is not the pupil's."""
    mine, theirs = left.kinds, right.kinds
    if mine == theirs:
        return None
    if mine and theirs:
        weight = weights.VETO
    else:
        weight = 0.0 if set(mine or theirs) <= silent_kinds() and _left_unsaid(left, right) else weights.DOUBT
    return Observed("kind", weight, " ".join(mine), " ".join(theirs))


def _left_unsaid(left: Profile, right: Profile) -> bool:
    """Tell whether it is one book, and one record writes no subtitle at all, so that it leaves "truyện tranh" out, too;
    or whether number and pages say that it is.
    """
    poor = (right if left.kinds else left).title
    one_book = left.pages == right.pages != 0 or left.title.parts == right.title.parts != ()
    if one_number(left, right) and left.pages == right.pages != 0:
        return True
    return not poor.rest and not poor.genre and (one_book or one_number(left, right))


def programme(left: Profile, right: Profile) -> Observed | None:
    """Compare the textbook programmes."""
    mine, theirs = left.programme, right.programme
    if not mine or not theirs:
        return None
    return Observed("programme", weights.SERIES if mine == theirs else weights.VETO, mine, theirs)


def series(left: Profile, right: Profile) -> Observed | None:
    """Compare numbered series of one title: another volume is another book."""
    mine, theirs = left.series, right.series
    if not mine or not theirs:
        return None
    if set(mine) & set(theirs):
        return Observed("series", weights.SERIES, " ".join(mine), " ".join(theirs))
    others = [(one, other) for one in mine for other in theirs if _other_volume(one, other)]
    return Observed("series", weights.VETO if others else 0.0, " ".join(mine), " ".join(theirs))


def _other_volume(one: str, other: str) -> bool:
    """Tell whether two are volumes of one series, and neither number is only the beginning of the other."""
    same_title = one.partition("|")[0] == other.partition("|")[0]
    return same_title and not one.startswith(f"{other}-") and not other.startswith(f"{one}-")


def standard(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers of standards, those of each body for itself: TCVN 5466 and 5467 may follow one ISO 105.

    A volume of several standards is not the volume of one of them.
    """
    mine, theirs = left.standards, right.standards
    if not mine or not theirs:
        return None
    bodies = {one.partition(" ")[0] for one in mine} & {one.partition(" ")[0] for one in theirs}
    weight = min((_of_one_body(mine, theirs, f"{body} ") for body in bodies), default=0.0)
    return Observed("standard", weight, "; ".join(mine), "; ".join(theirs))


def _of_one_body(mine: tuple[str, ...], theirs: tuple[str, ...], body: str) -> float:
    one, other = ({number for number in each if number.startswith(body)} for each in (mine, theirs))
    if one == other:
        return weights.STANDARD
    return weights.DOUBT if one & other else weights.VETO


def subject_class(left: Profile, right: Profile) -> Observed | None:
    """Compare the Dewey numbers: the nearest pair."""
    mine, theirs = left.classes, right.classes
    if not mine or not theirs:
        return None
    weight = weights.CLASS if mine == theirs else max([_class(one, other) for one in mine for other in theirs])
    if weight <= 0 and left.title.common and not left.names and not right.names:
        # Conferences come out in sections, each with the class of its subject.
        weight = weights.DOUBT
    return Observed("class", weight, " ".join(mine), " ".join(theirs))


def _class(one: str, other: str) -> float:
    if one == other:
        return weights.CLASS
    if one[:3] == other[:3]:
        return weights.CLASS_NEAR
    return 0.0 if one[0] == other[0] else weights.CLASS_DIFFERS
