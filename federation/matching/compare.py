"""Whether two profiles describe the same publication, and why.

In: two `Profile`s. Out: a `Verdict` with every reason and the values compared. The rule is the simplest one that is
never wrong: a shared ISBN or ISSN *and* an equal title *and* no number in title, part, volume, edition or year that
differs *and* the same medium, level and language. A missing value is no reason against, except in the title. Title,
part and responsibility are not guessed at.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from federation.matching.profile import Profile
from schemas.vietnamese.fold import folded, toned

Decision = Literal["same", "different", "unsure"]
#: words and roman numerals that stand for numbers in Vietnamese and English title pages
_WORDS: Final = {
    word: str(number)
    for words in (
        "mot hai ba bon nam sau bay tam chin muoi",
        "one two three four five six seven eight nine ten",
        "i ii iii iv v vi vii viii ix x xi xii",
    )
    for number, word in enumerate(words.split(), 1)
} | {"tu": "4"}
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing compared: its name, how much it speaks for (positive) or against (negative), and both values."""

    name: str
    weight: float
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say. `score` runs from 0.0 to 1.0.

    `vetoed`: something stated in both can never be of one publication; no chain of other verdicts may join them.
    `related`: editions or printings of one work and the same part, which may stand in one title group.
    """

    decision: Decision
    score: float
    reasons: tuple[Reason, ...]
    vetoed: bool = False
    related: bool = False


def compare(left: Profile, right: Profile) -> Verdict:
    """Compare two profiles; symmetric, and never `same` on a doubt."""
    reasons = tuple(check(left, right) for check in _CHECKS)
    number, title = reasons[0].weight > 0, reasons[1].weight > 0
    same = number and title and all(reason.weight >= 0 for reason in reasons)
    vetoed = any(reason.weight < 0 for reason in reasons[1:])
    return Verdict("same" if same else "different", float(same), reasons, vetoed, related=same)


def _shared_number(left: Profile, right: Profile) -> Reason:
    mine, theirs = left.standard_numbers, right.standard_numbers
    return Reason("number", 1 if set(mine) & set(theirs) else -1, ", ".join(mine), ", ".join(theirs))


def _equal_title(left: Profile, right: Profile) -> Reason:
    mine, theirs = left.title, right.title
    # Tones decide as soon as both sides write them: Bàn về thơ is not Bán vé thơ.
    written = not mine.isascii() and not theirs.isascii()
    words = toned if written else folded
    equal = _words(words(mine)) == _words(words(theirs)) != []
    return Reason("title", 1 if equal else -1, mine, theirs)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def numbers(text: str) -> tuple[str, ...]:
    """Give the numbers a text says, in digits, sorted: arabic, roman and Vietnamese and English number words."""
    found = (_WORDS.get(word, word.lstrip("0") or "0" if word.isdigit() else "") for word in _words(folded(text)))
    return tuple(sorted(number for number in found if number))


def _agree(name: str, said: Callable[[Profile], str]) -> Callable[[Profile, Profile], Reason]:
    def check(left: Profile, right: Profile) -> Reason:
        mine, theirs = said(left), said(right)
        weight = 0 if not mine or not theirs else 1 if mine == theirs else -1
        return Reason(name, weight, mine, theirs)

    return check


def _joined(values: Iterable[str]) -> str:
    return " ".join(values)


def _part(bib: Profile) -> str:
    # A part stated in one record only is a doubt, so "no number" is itself a value here.
    return _joined(numbers(f"{bib.title} {' '.join(bib.series_volumes)}")) or "-"


def _year(bib: Profile) -> str:
    return str(bib.year or "")


def _edition(bib: Profile) -> str:
    return _joined(numbers(bib.edition)) or "-"


_CHECKS: Final[tuple[Callable[[Profile, Profile], Reason], ...]] = (
    _shared_number,
    _equal_title,
    _agree("part", _part),
    _agree("edition", _edition),
    _agree("year", _year),
    _agree("material", lambda bib: bib.material),
    _agree("level", lambda bib: bib.level),
    _agree("language", lambda bib: _joined(bib.languages)),
)
