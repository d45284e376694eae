"""What is compared of two profiles besides the title, each with its weight.

In: two `Profile`s. Out: `Observed`, or None where at least one says nothing. `HARD` names the checks whose veto or
doubt also says: not the same work, part, grade or volume. Weights: `weights`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from federation.matching import weights
from federation.matching.imprint import is_known, is_partner
from federation.matching.names import LEAST, named_in, shared
from federation.matching.profile import Profile


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
#: pages by which counts of one book differ: with or without preliminary pages
_PAGES_NEAR: Final = 6
_PAGES_OFF: Final = 0.1


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
    mine, theirs = {*one.parts, *one.numbers}, {*other.parts, *other.numbers}
    if one.parts and other.parts and one.parts != other.parts:
        return weights.DOUBT if set(one.parts) < set(other.parts) or set(other.parts) < set(one.parts) else weights.VETO
    if mine == theirs:
        return weights.NUMBER * min(len(mine), 2)
    extra, missing = mine - theirs, theirs - mine
    if extra and missing:
        return weights.VETO
    covered = extra <= set(other.rest_numbers) and missing <= set(one.rest_numbers)
    return 0.0 if covered else weights.DOUBT


def rest_numbers(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers in subtitles, where both have some."""
    mine, theirs = left.title.rest_numbers, right.title.rest_numbers
    if not mine or not theirs:
        return None
    one, other = {*mine, *left.title.numbers, *left.title.parts}, {*theirs, *right.title.numbers, *right.title.parts}
    conflict = not (one <= other or other <= one)
    return Observed("subtitle number", weights.VETO if conflict else 0.0, " ".join(mine), " ".join(theirs))


def part_name(left: Profile, right: Profile) -> Observed | None:
    """Compare the names of parts; one told by one record only must stand in the other's title."""
    mine, theirs = left.title.name, right.title.name
    if mine == theirs:
        return None
    if mine and theirs:
        weight = 0.0 if "".join(mine) == "".join(theirs) else weights.VETO
    else:
        whole = (right if mine else left).title.whole.split()
        weight = 0.0 if set(mine or theirs) <= set(whole) else weights.DOUBT
    return Observed("part", weight, " ".join(mine), " ".join(theirs))


def kind(left: Profile, right: Profile) -> Observed | None:
    """Compare what kind of book the subtitle names; a teacher's book is not the pupil's."""
    mine, theirs = left.title.kinds, right.title.kinds
    if mine == theirs:
        return None
    return Observed("kind", weights.VETO if mine and theirs else weights.DOUBT, " ".join(mine), " ".join(theirs))


def programme(left: Profile, right: Profile) -> Observed | None:
    """Compare the textbook programmes."""
    mine, theirs = left.programme, right.programme
    if not mine or not theirs:
        return None
    return Observed("programme", weights.SERIES if mine == theirs else weights.VETO, mine, theirs)


def names(left: Profile, right: Profile) -> Observed | None:
    """Compare who made it: the names of one with those of the other, then with its statement of responsibility."""
    toned = left.marked and right.marked
    mine, theirs = (left.names, right.names) if toned else (left.untoned, right.untoned)
    if not mine and not theirs:
        return None
    bits = shared(mine, theirs)
    if bits < LEAST and (left.said or right.said):
        bits = max(bits, named_in(mine, right.said), named_in(theirs, left.said))
    if bits >= LEAST:
        weight = min(bits, weights.NAMES_MOST)
    elif mine and theirs:
        weight = weights.NAMES_DIFFER
    else:
        weight = weights.NAMES_UNTOLD if (left.said and not mine) or (right.said and not theirs) else 0.0
    return Observed("names", weight, _joined(mine), _joined(theirs))


def _joined(found: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join([" ".join(name) for name in found])


def year(left: Profile, right: Profile) -> Observed:
    """Compare the years; serials go on through many."""
    mine, theirs = left.year, right.year
    if left.level == right.level == "s" and mine != theirs and set(left.issns) & set(right.issns):
        weight = 0.0
    elif mine and theirs:
        weight = weights.YEAR if mine == theirs else weights.VETO
    else:
        weight = weights.UNDATED_ONE if mine or theirs else weights.UNDATED_BOTH
    return Observed("year", weight, str(mine or ""), str(theirs or ""))


def edition(left: Profile, right: Profile) -> Observed | None:
    """Compare the numbers of editions, and of printings; then the words that tell editions apart."""
    for mine, theirs in ((left.edition, right.edition), (left.printing, right.printing)):
        if mine and theirs:
            return Observed("edition", weights.EDITION if mine == theirs else weights.VETO, mine, theirs)
    one, other = left.edition_words, right.edition_words
    if one and other and not set(one) & set(other):
        return Observed("edition", weights.EDITION_WORDS_DIFFER, " ".join(one), " ".join(other))
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
        weight = weights.PAGES_OFF if difference <= _PAGES_OFF * max(mine, theirs) else weights.PAGES_DIFFER
    return Observed("pages", weight, str(mine), str(theirs))


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
    agree = mine == theirs or set(mine) & set(theirs)
    return Observed("language", weights.LANGUAGE if agree else weights.VETO, " ".join(mine), " ".join(theirs))


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
    part_name,
    kind,
    programme,
    series,
    language,
    medium,
    level,
    _shared("standard", "standards", weights.STANDARD, weights.VETO),
    names,
    _shared("isbn", "isbns", weights.ISBN, weights.ISBN_DIFFERS),
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
OF_THE_WORK: Final = frozenset(("title", "number", "names", "standard", "isbn", "issn", "class", "series", "programme"))
#: what may differ between editions and printings of one work
OF_AN_EDITION: Final = frozenset(("year", "edition", "publisher", "place", "pages"))
