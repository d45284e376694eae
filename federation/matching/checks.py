"""Everything that is compared of two profiles besides the title, in the order it is shown.

In: two `Profile`s, to each of `CHECKS` and, where one of them has more, of `MORE_CHECKS`. Out: `Observed` or None.
"""

from typing import Final

from federation.matching import content, creators, publication, weights
from federation.matching.observed import Check, Observed
from federation.matching.profile import Profile


def _shared(name: str, field: str, agree: float, differ: float) -> Check:
    def check(left: Profile, right: Profile) -> Observed | None:
        mine, theirs = getattr(left, field), getattr(right, field)
        if not mine or not theirs:
            return None
        weight = agree if mine == theirs or set(mine) & set(theirs) else differ
        return Observed(name, weight, " ".join(mine), " ".join(theirs))

    return check


#: what nearly every record states
CHECKS: Final[tuple[Check, ...]] = (
    content.numbers,
    content.subtitle,
    publication.language,
    publication.medium,
    publication.level,
    creators.names,
    publication.year,
    publication.edition,
    publication.publisher,
    publication.place,
    publication.pages,
    creators.serial,
    content.subject_class,
)
#: what few records of small libraries state (`Profile.more`)
MORE_CHECKS: Final[tuple[Check, ...]] = (
    content.rest_numbers,
    content.part_name,
    content.kind,
    content.programme,
    content.series,
    content.standard,
    publication.carrier,
    publication.content,
    publication.host,
    publication.first_page,
    creators.bodies,
    creators.translators,
    _shared("isbn", "isbns", weights.ISBN, weights.DOUBT),
    _shared("issn", "issns", weights.ISSN, weights.VETO),
    _shared("lccn", "lccns", weights.LCCN, weights.DOUBT),
    _shared("oclc", "oclcs", weights.OCLC, weights.OCLC_DIFFERS),
)
#: what of these says something of the work itself, not of one publication of it
OF_THE_WORK: Final = frozenset(
    ("title", "number", "names", "body", "standard", "isbn", "issn", "class", "series", "programme")
)
#: what may differ between editions and printings of one work
OF_AN_EDITION: Final = frozenset(("year", "edition", "translator", "publisher", "pages", "isbn", "lccn"))
