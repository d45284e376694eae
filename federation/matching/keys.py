"""Candidate keys: bibs whose profiles share a key are compared with each other, others never meet.

In: a `Profile`. Out: short texts. Numbers (ISBN, ISSN, LCCN, OCLC, standards); the title proper and the whole title
without marks and blanks, with the numbers that keep grades and volumes apart; the same with year and with author, for
titles that too many share. Everything is folded: tones decide later.
"""

from functools import lru_cache
from typing import Final

from federation.matching.names import Name, rarity
from federation.matching.profile import Profile
from federation.matching.titles import Wording

#: a key that more profiles than this carry says nothing (a number printed on a whole series); it makes no candidates.
#: High enough for a textbook that 300 schools describe in 223 ways in one year (at 64 they all stayed apart)
MOST_SHARING: Final = 256
#: numbers of one kind that are keys: a record with more describes a set, or is wrong
_MOST_NUMBERS: Final = 3
#: letters of a title that count; what is equal so far is a candidate
_LETTERS: Final = 48
#: volumes of a multi-volume record ("T.1-12") that make a key
_MOST_PARTS: Final = 4
_YEAR_DIGITS: Final = 4
#: letters of the name of a part that make a key
_SHORTEST: Final = 10
#: words of a name that make a key
_NAME_WORDS: Final = 3


def keys(found: Profile) -> tuple[str, ...]:
    """Give the keys of a profile, each once, in a fixed order."""
    made = [f"isbn:{number}" for number in found.isbns[:_MOST_NUMBERS]]
    made += [f"issn:{number}" for number in found.issns[:_MOST_NUMBERS]]
    made += [f"lccn:{number}" for number in found.lccns[:_MOST_NUMBERS]]
    made += [f"oclc:{number}" for number in found.oclcs[:_MOST_NUMBERS]]
    made += [f"std:{number}" for number in found.standards[:_MOST_NUMBERS]]
    title = found.title
    if not title.bare_proper:
        return tuple(made)
    counted = _counted(title) if title.numbers or title.parts else ""
    proper = f"{title.bare_proper[:_LETTERS]}#{counted}"
    made.append(f"t:{proper}")
    if title.bare_whole != title.bare_proper:
        made.append(f"t:{title.bare_whole[:_LETTERS]}#{counted}")
    if title.name and title.parts and len(name := "".join(title.name)) >= _SHORTEST:
        made.append(f"t:{name[:_LETTERS]}#")  # a part with a title of its own, which others put first
    if title.rest and title.common:
        made.append(f"t:{''.join(title.rest)[:_LETTERS]}#{counted}")  # Kỷ yếu hội thảo: what it is about stands behind
    made.append(f"y:{proper}#{found.year}")
    if found.untoned:
        author = _author(found.untoned[0])
        made.append(f"a:{proper}#{author}")
        made.append(f"w:{author}#{counted}#{found.year}")
    return tuple(dict.fromkeys(made))


def _counted(title: Wording) -> str:
    # Years in a title stand in front or in brackets, as the cataloguer likes.
    found = {number for number in (*title.numbers, *title.parts[:_MOST_PARTS]) if len(number) < _YEAR_DIGITS}
    found -= title.letters  # where the section has a name, some leave its letter out
    return ",".join(sorted(found))


@lru_cache(maxsize=8_192)
def _author(name: Name) -> str:
    """Give the rarest words of a name: what other forms of it have, too."""
    long = [word for word in name if len(word) > 1]
    if len(long) > _NAME_WORDS:
        long = sorted(long, key=lambda word: (-rarity(word), word))[:_NAME_WORDS]
    return " ".join(sorted(long))
