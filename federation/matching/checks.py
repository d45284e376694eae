"""What is compared of two profiles besides the title, each with its weight.

In: two `Profile`s. Out: `Observed`, or None where at least one says nothing. `HARD` names the checks whose veto or
doubt also says: not the same work, part, grade or volume. Weights: `weights`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from federation.matching import weights
from federation.matching.imprint import is_known, is_partner
from federation.matching.names import LEAST, bodies_agree, is_state, named_in, shared, slipped, weight_of, without_tones
from federation.matching.profile import Profile
from federation.matching.titles import silent_kinds
from schemas.vietnamese.fold import folded


class Observed(NamedTuple):
    """One thing compared: what, its weight in bits, and both values as read."""

    name: str
    weight: float
    left: str
    right: str


Check = Callable[[Profile, Profile], Observed | None]
#: things of one kind to a reader; others never merge with one another
_MEDIA: Final = {"thesis": "book", "standard": "book", "manuscript": "book", "article": "article"}
_LEVELS: Final = {"b": "a", "i": "s", "d": "c"}
_SMALL_WORDS: Final = frozenset(
    "the a an of in on for with to by from cho cua tu den trong theo ve cac nhung la nham o tai bang dung".split()
)
#: words and share of words that two subtitles have in common when one may only be worded otherwise
_MOST_WORDS: Final = 4
_MOSTLY: Final = 0.75
#: pages by which counts of one book differ: with or without preliminary pages
_PAGES_NEAR: Final = 6
_PAGES_OFF: Final = 0.1
_PAGES_FAR: Final = 0.3


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
        return weights.DOUBT if set(one.parts) < set(other.parts) or set(other.parts) < set(one.parts) else weights.VETO
    if mine == theirs:
        return weights.NUMBER * min(len(mine), 2)
    if bool(one.parts) != bool(other.parts) and (left.volumes if other.parts else right.volumes) > 1:
        return weights.DOUBT  # one describes all volumes, the other one of them
    extra, missing = set(mine) - set(theirs), set(theirs) - set(mine)
    if extra and missing:
        return weights.VETO
    told = extra or missing
    covered = told and extra <= set(other.rest_numbers) and missing <= set(one.rest_numbers)
    return 0.0 if covered else weights.DOUBT


def rest_numbers(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers in subtitles, where both have some."""
    mine, theirs = left.title.rest_numbers, right.title.rest_numbers
    if not mine or not theirs:
        return None
    one, other = {*mine, *left.title.numbers, *left.title.parts}, {*theirs, *right.title.numbers, *right.title.parts}
    conflict = not (one <= other or other <= one)
    return Observed("subtitle number", weights.VETO if conflict else 0.0, " ".join(mine), " ".join(theirs))


def subtitle(left: Profile, right: Profile) -> Observed | None:
    """Compare the subtitles, where both have one and the journals' are not meant: each may say more, not other things."""
    mine, theirs = left.title.rest, right.title.rest
    if not mine or not theirs or mine == theirs or left.level == "s" or left.title.bare_proper != right.title.bare_proper:
        return None
    one, other = set(mine), set(theirs)
    only_one, only_other = one - other - _SMALL_WORDS, other - one - _SMALL_WORDS
    if not only_one or not only_other:
        return None
    common = len(one & other)
    mostly = common >= _MOST_WORDS and common >= _MOSTLY * min(len(one), len(other))
    if _one_number(left, right):
        weight = weights.SUBTITLE_DIFFERS if mostly else weights.DOUBT
    else:
        weight = weights.DOUBT if mostly else weights.VETO
    return Observed("subtitle", weight, " ".join(mine), " ".join(theirs))


def _one_number(left: Profile, right: Profile) -> bool:
    """Tell whether a number that is given to one publication is in both."""
    pairs = ((left.lccns, right.lccns), (left.oclcs, right.oclcs), (left.isbns, right.isbns))
    return any([not set(mine).isdisjoint(theirs) for mine, theirs in pairs])


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
    one, other = left.title, right.title
    mine, theirs = left.kinds, right.kinds
    if mine == theirs:
        return None
    if mine and theirs:
        weight = weights.VETO
    else:
        # A library that writes no subtitle leaves "truyện tranh" out, too.
        says_little = not (other if mine else one).rest and not (other if mine else one).genre
        weight = 0.0 if says_little and set(mine or theirs) <= silent_kinds() else weights.DOUBT
    return Observed("kind", weight, " ".join(mine), " ".join(theirs))


def programme(left: Profile, right: Profile) -> Observed | None:
    """Compare the textbook programmes."""
    mine, theirs = left.programme, right.programme
    if not mine or not theirs:
        return None
    return Observed("programme", weights.SERIES if mine == theirs else weights.VETO, mine, theirs)


def names(left: Profile, right: Profile) -> Observed | None:
    """Compare the persons: of one with those of the other, then with its statement of responsibility."""
    mine, theirs = left.names, right.names
    if not mine and not theirs:
        return None
    if mine == theirs and (bits := weight_of(mine[0])) >= LEAST:
        weight = min(bits, weights.NAMES_MOST)
    else:
        weight = _names(left, right)
    return Observed("names", weight, _joined(mine), _joined(theirs))


def _names(left: Profile, right: Profile) -> float:
    toned = left.marked and right.marked
    mine, theirs = (left.names, right.names) if toned else (left.untoned, right.untoned)
    bits = shared(mine, theirs)
    if bits < LEAST and (left.said or right.said):
        said = (left.said, right.said) if toned else (_bare(left.said), _bare(right.said))
        bits = max(bits, named_in(mine, said[1]), named_in(theirs, said[0]))
    if bits >= LEAST:
        return min(bits, weights.NAMES_MOST)
    if mine and theirs:
        almost = shared(left.untoned, right.untoned) >= LEAST if toned else False
        return weights.NAMES_TONES if almost or slipped(left.untoned, right.untoned) else weights.NAMES_DIFFER
    return weights.NAMES_UNTOLD if (left.said and not mine) or (right.said and not theirs) else 0.0


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(folded, words))


def bodies(left: Profile, right: Profile) -> Observed | None:
    """Compare the bodies; one may stand in the other's statement of responsibility only."""
    mine, theirs = left.bodies, right.bodies
    if not mine and not theirs:
        return None
    agreed = bodies_agree(mine or (left.said,), theirs or (right.said,))
    if agreed:
        weight = weights.BODY_STATE if is_state(agreed) else weights.BODY
    else:
        weight = weights.BODY_DIFFERS if mine and theirs else 0.0
    return Observed("body", weight, _joined(mine), _joined(theirs))


def translators(left: Profile, right: Profile) -> Observed | None:
    """Compare the translators: another translation is another edition."""
    mine, theirs = left.translators, right.translators
    if not mine or not theirs:
        return None
    bits = shared(without_tones(mine), without_tones(theirs))
    return Observed("translator", weights.TRANSLATOR if bits >= LEAST else weights.VETO, _joined(mine), _joined(theirs))


def _joined(found: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join([" ".join(name) for name in found])


def year(left: Profile, right: Profile) -> Observed:
    """Compare the years; serials go on through many."""
    mine, theirs = left.year, right.year
    if left.level == right.level == "s" and mine != theirs and set(left.issns) & set(right.issns):
        weight = 0.0
    elif mine and theirs:
        weight = weights.YEAR if mine == theirs else weights.VETO
    elif left.decade and right.decade and left.decade != right.decade:
        weight = weights.VETO
    else:
        weight = weights.UNDATED_ONE if mine or theirs else weights.UNDATED_BOTH
    return Observed("year", weight, _year(left), _year(right))


def _year(found: Profile) -> str:
    return str(found.year) if found.year else f"{found.decade}-" if found.decade else ""


def edition(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers of editions, and of printings."""
    for mine, theirs in ((left.edition, right.edition), (left.printing, right.printing)):
        if mine and theirs:
            return Observed("edition", weights.EDITION if mine == theirs else weights.VETO, mine, theirs)
    return None


def publisher(left: Profile, right: Profile) -> Observed | None:
    """Compare the publishers: one in both is enough."""
    mine, theirs = left.publishers, right.publishers
    if not mine or not theirs:
        return None
    if mine == theirs or set(mine) & set(theirs):
        weight = weights.PUBLISHER
    elif any(_contains(one, other) for one in mine for other in theirs):
        weight = weights.PUBLISHER_ALIKE
    elif all(map(is_partner, mine)) or all(map(is_partner, theirs)):
        weight = 0.0
    else:
        known = any(map(is_known, mine)) and any(map(is_known, theirs))
        weight = weights.PUBLISHER_OTHER if known else weights.PUBLISHER_DIFFERS
    return Observed("publisher", weight, "; ".join(mine), "; ".join(theirs))


def _contains(one: str, other: str) -> bool:
    mine, theirs = set(one.split()), set(other.split())
    return mine <= theirs or theirs <= mine


def place(left: Profile, right: Profile) -> Observed | None:
    """Compare the places of publication."""
    mine, theirs = left.places, right.places
    if not mine or not theirs:
        return None
    agree = mine == theirs or set(mine) & set(theirs)
    return Observed("place", weights.PLACE if agree else weights.PLACE_DIFFERS, "; ".join(mine), "; ".join(theirs))


def pages(left: Profile, right: Profile) -> Observed | None:
    """Compare the number of pages."""
    mine, theirs = left.pages, right.pages
    if not mine or not theirs:
        return None
    difference = abs(mine - theirs)
    if difference == 0:
        weight = weights.PAGES
    elif difference <= _PAGES_NEAR:
        weight = weights.PAGES_NEAR
    else:
        weight = _pages(difference / max(mine, theirs), left, right)
    return Observed("pages", weight, str(mine), str(theirs))


def _pages(share: float, left: Profile, right: Profile) -> float:
    if share <= _PAGES_OFF:
        return weights.PAGES_OFF
    # Volumes are counted together or one by one; under one ISBN the count may be a slip.
    doubted = share <= _PAGES_FAR or left.volumes or right.volumes or set(left.isbns) & set(right.isbns)
    return weights.DOUBT if doubted else weights.VETO


def _shared(name: str, field: str, agree: float, differ: float) -> Check:
    def check(left: Profile, right: Profile) -> Observed | None:
        mine, theirs = getattr(left, field), getattr(right, field)
        if not mine or not theirs:
            return None
        weight = agree if mine == theirs or set(mine) & set(theirs) else differ
        return Observed(name, weight, " ".join(mine), " ".join(theirs))

    return check


def language(left: Profile, right: Profile) -> Observed | None:
    """Compare the languages: one in both is enough."""
    mine, theirs = left.languages, right.languages
    if not mine or not theirs:
        return None
    return Observed("language", _languages(left, right), " ".join(mine), " ".join(theirs))


def _languages(left: Profile, right: Profile) -> float:
    mine, theirs = left.languages, right.languages
    if mine == theirs:
        return weights.LANGUAGE
    if set(mine) & set(theirs):
        return 0.0 if left.template or right.template else weights.DOUBT
    if left.template != right.template:
        return 0.0
    return weights.DOUBT if left.template else weights.VETO


def medium(left: Profile, right: Profile) -> Observed | None:
    """Compare the media."""
    mine, theirs = left.material, right.material
    if mine == theirs or not mine or not theirs or _MEDIA.get(mine, mine) == _MEDIA.get(theirs, theirs):
        return None
    return Observed("material", weights.VETO, mine, theirs)


def level(left: Profile, right: Profile) -> Observed | None:
    """Compare the bibliographic levels."""
    mine, theirs = left.level, right.level
    if mine == theirs or not mine or not theirs or _LEVELS.get(mine, mine) == _LEVELS.get(theirs, theirs):
        return None
    return Observed("level", weights.VETO, mine, theirs)


def standard(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers of standards, those of each body for themselves: TCVN 5466 and 5467 may follow one ISO 105."""
    mine, theirs = left.standards, right.standards
    if not mine or not theirs:
        return None
    bodies = {one.partition(" ")[0] for one in mine} & {one.partition(" ")[0] for one in theirs}
    agree = [bool({one for one in mine if one.startswith(body)} & set(theirs)) for body in bodies]
    weight = weights.VETO if not all(agree) else weights.STANDARD if agree else 0.0
    return Observed("standard", weight, "; ".join(mine), "; ".join(theirs))


def subject_class(left: Profile, right: Profile) -> Observed | None:
    """Compare the Dewey numbers: the nearest pair."""
    mine, theirs = left.classes, right.classes
    if not mine or not theirs:
        return None
    weight = max(_class(one, other) for one in mine for other in theirs)
    return Observed("class", weight, " ".join(mine), " ".join(theirs))


def _class(one: str, other: str) -> float:
    if one == other:
        return weights.CLASS
    if one[:3] == other[:3]:
        return weights.CLASS_NEAR
    return 0.0 if one[0] == other[0] else weights.CLASS_DIFFERS


def series(left: Profile, right: Profile) -> Observed | None:
    """Compare numbered series of one title: another volume is another book."""
    mine, theirs = left.series, right.series
    if not mine or not theirs:
        return None
    if set(mine) & set(theirs):
        return Observed("series", weights.SERIES, " ".join(mine), " ".join(theirs))
    titles = {one.partition("|")[0] for one in mine} & {one.partition("|")[0] for one in theirs}
    return Observed("series", weights.VETO if titles else 0.0, " ".join(mine), " ".join(theirs))


#: the checks in the order shown; a veto or doubt of the first group says: another work, part, grade or volume
CHECKS: Final[tuple[Check, ...]] = (
    numbers,
    rest_numbers,
    subtitle,
    part_name,
    kind,
    programme,
    series,
    language,
    medium,
    level,
    standard,
    names,
    bodies,
    translators,
    _shared("isbn", "isbns", weights.ISBN, weights.DOUBT),
    _shared("issn", "issns", weights.ISSN, weights.VETO),
    _shared("lccn", "lccns", weights.LCCN, weights.LCCN_DIFFERS),
    _shared("oclc", "oclcs", weights.OCLC, weights.OCLC_DIFFERS),
    year,
    edition,
    publisher,
    place,
    pages,
    subject_class,
)
#: what of these says something of the work itself, not of one publication of it
OF_THE_WORK: Final = frozenset(("title", "number", "names", "body", "standard", "isbn", "issn", "class", "series", "programme"))
#: what may differ between editions and printings of one work
OF_AN_EDITION: Final = frozenset(("year", "edition", "translator", "publisher", "pages", "isbn"))
