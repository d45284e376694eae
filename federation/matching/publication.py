"""What is compared of one publication: year, edition, publisher, place, pages, language, medium, level.

In: two `Profile`s. Out: `Observed`, or None where at least one says nothing.
"""

from typing import Final

from federation.matching import weights
from federation.matching.hosts import Place
from federation.matching.imprint import DAISY, is_known, is_partner
from federation.matching.numbers import plain
from federation.matching.observed import Observed, one_number
from federation.matching.profile import Profile
from federation.matching.wording import a_letter_apart

#: things of one kind to a reader; others never merge with one another
_MEDIA: Final = {"thesis": "book", "standard": "book", "manuscript": "book", "article": "article"}
_LEVELS: Final = {"b": "a", "i": "s", "d": "c"}
#: pages by which counts of one book differ: with or without preliminary pages
_PAGES_NEAR: Final = 6
_MANY_PAGES: Final = 400
_PAGES_OFF: Final = 0.1
_PAGES_FAR: Final = 0.3
_PAGES_HALF: Final = 0.6
_FEWEST_INITIALS: Final = 3
#: how a file is reached is another question than what it is
_ACCESS: Final = "access "


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
    return Observed("publisher", _publisher(left, right), "; ".join(mine), "; ".join(theirs))


def _publisher(left: Profile, right: Profile) -> float:
    mine, theirs = left.publishers, right.publishers
    if mine == theirs or set(mine) & set(theirs):
        return weights.PUBLISHER
    if all(map(is_partner, mine)) or all(map(is_partner, theirs)):
        return 0.0
    known = any(map(is_known, mine)) and any(map(is_known, theirs))
    if any(_contains(one, other) for one in mine for other in theirs):
        return weights.PUBLISHER_NAMESAKE if known else weights.PUBLISHER_ALIKE
    if one_number(left, right):
        return weights.PUBLISHER_DIFFERS
    return weights.VETO if known else weights.DOUBT


def _contains(one: str, other: str) -> bool:
    mine, theirs = one.split(), other.split()
    if set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return True
    return _initials(mine, theirs) or _initials(theirs, mine)


def _initials(short: list[str], long: list[str]) -> bool:
    """Tell whether what one name has besides the other are initials of it: Sở VHTT, Sở Văn hóa Thông tin."""
    letters = "".join([word for word in short if word not in long])
    return len(letters) >= _FEWEST_INITIALS and letters in "".join([word[0] for word in long if word != "va"])


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
    if not mine or not theirs or left.first_page or right.first_page:
        return None
    difference = abs(mine - theirs)
    share = difference / max(mine, theirs)
    if difference <= _PAGES_NEAR and share <= _PAGES_OFF:
        weight = weights.PAGES_NEAR if difference else weights.PAGES if mine < _MANY_PAGES else weights.PAGES_MANY
        return Observed("pages", weight, str(mine), str(theirs))
    # One that is half as long is no edition of the other: a version for children, a selection.
    name = "pages" if share <= _PAGES_HALF else "extent"
    return Observed(name, _pages(share, left, right), str(mine), str(theirs))


def _pages(share: float, left: Profile, right: Profile) -> float:
    if share <= _PAGES_OFF:
        return weights.PAGES_OFF
    # Volumes are counted together or one by one; under one number the count may be a slip, of which one is plain.
    if one_number(left, right) and _is_cut(str(left.pages), str(right.pages)):
        return weights.PAGES_OFF
    doubted = share <= _PAGES_FAR or left.volumes or right.volumes or one_number(left, right)
    return weights.DOUBT if doubted else weights.VETO


def _is_cut(mine: str, theirs: str) -> bool:
    """Tell whether one count is the other without one of its digits: 21 for 215."""
    return len(mine) != len(theirs) and a_letter_apart(mine, theirs)


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


def carrier(left: Profile, right: Profile) -> Observed | None:
    """Compare what recordings and files are on: CD and LP, PDF and EPUB, score and disc are two publications."""
    if not left.carriers or not right.carriers or left.carriers == right.carriers:
        return None
    weight = min(_carrier(left.carriers, right.carriers, access) for access in (False, True))
    if (DAISY in left.carriers) != (DAISY in right.carriers):
        weight = min(weight, weights.DOUBT)
    return Observed("carrier", weight, ", ".join(left.carriers), ", ".join(right.carriers))


def _carrier(left: tuple[str, ...], right: tuple[str, ...], access: bool) -> float:
    mine, theirs = ({one for one in side if one.startswith(_ACCESS) == access} for side in (left, right))
    if not mine or not theirs or mine & theirs:
        return 0.0
    fitting = any(one.startswith(f"{other} ") or other.startswith(f"{one} ") for one in mine for other in theirs)
    return 0.0 if fitting else weights.VETO


def content(left: Profile, right: Profile) -> Observed | None:
    """Compare what they contain: a book of pictures is not the text, nor what is read aloud."""
    mine, theirs = left.content, right.content
    if mine == theirs or set(mine) & set(theirs):
        return None
    # The leader of one says the usual; a comic may be text to one library and pictures to another.
    return Observed("content", weights.DOUBT, " ".join(mine), " ".join(theirs))


def host(left: Profile, right: Profile) -> Observed | None:
    """Compare what they are parts of; a serial that is told to be a part of something by one record only is doubted."""
    mine, theirs = left.host, right.host
    if mine is None and theirs is None:
        return None
    if mine is None or theirs is None:
        weight = weights.DOUBT if left.level == "s" else 0.0
    else:
        weight = min(_host(mine, theirs), _part(mine, theirs))
        weight = _host(mine, theirs) + _part(mine, theirs) if weight >= 0 else weight
    return Observed("host", weight, mine.shown if mine else "", theirs.shown if theirs else "")


def _host(mine: Place, theirs: Place) -> float:
    one, other = set(mine.numbers), set(theirs.numbers)
    if one & other:
        return weights.HOST
    if {agency for agency, _ in one} & {agency for agency, _ in other}:
        return weights.DOUBT  # one agency gives a host one number
    if mine.title == theirs.title:
        return weights.HOST if mine.title else 0.0
    titles = set(mine.title.split()), set(theirs.title.split())
    return 0.0 if titles[0] <= titles[1] or titles[1] <= titles[0] else weights.DOUBT


def _part(mine: Place, theirs: Place) -> float:
    """Weigh where in their host they are: volume, issue and year, of which one may tell more."""
    one, other = mine.counted, theirs.counted
    if one <= other or other <= one:
        return weights.HOST_PART if one & other else 0.0
    in_one_way = [word for word in mine.part.split() if plain(word) not in one] == [
        word for word in theirs.part.split() if plain(word) not in other
    ]
    return weights.VETO if in_one_way else weights.DOUBT


def first_page(left: Profile, right: Profile) -> Observed | None:
    """Compare where articles begin; one text in two journals, or as talk and article, is published twice."""
    mine, theirs = left.first_page, right.first_page
    if not mine or not theirs:
        return None
    return Observed("first page", weights.FIRST_PAGE if mine == theirs else weights.DOUBT, mine, theirs)


def level(left: Profile, right: Profile) -> Observed | None:
    """Compare the bibliographic levels."""
    mine, theirs = left.level, right.level
    if mine == theirs or not mine or not theirs or _LEVELS.get(mine, mine) == _LEVELS.get(theirs, theirs):
        return None
    return Observed("level", weights.VETO, mine, theirs)
