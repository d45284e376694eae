"""Whether two bibs describe the same publication, and why.

In: two `Bib`s. Out: a `Verdict` with every reason and the values compared. The rule is the simplest one that is never
wrong: a shared ISBN or ISSN *and* an equal title *and* no number in title, part, volume, edition or year that differs
*and* the same medium, level and language. A missing value is no reason against, except in the title. Title, part and
responsibility are not guessed at.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from schemas.bib import Bib
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
    """One thing compared: its name, whether it speaks for (+1), against (-1) or not at all (0), and both values."""

    name: str
    weight: int
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say: `score` is 1.0 for same and 0.0 for different."""

    decision: Decision
    score: float
    reasons: tuple[Reason, ...]


def compare(left: Bib, right: Bib) -> Verdict:
    """Compare two bibs; symmetric, and never `same` on a doubt."""
    reasons = tuple(check(left, right) for check in _CHECKS)
    number, title = reasons[0].weight > 0, reasons[1].weight > 0
    same = number and title and all(reason.weight >= 0 for reason in reasons)
    return Verdict("same" if same else "different", float(same), reasons)


def _shared_number(left: Bib, right: Bib) -> Reason:
    mine, theirs = _standard_numbers(left), _standard_numbers(right)
    return Reason("number", 1 if mine & theirs else -1, ", ".join(sorted(mine)), ", ".join(sorted(theirs)))


def _standard_numbers(bib: Bib) -> set[str]:
    return {*bib.numbers("isbn"), *bib.numbers("issn")}


def _equal_title(left: Bib, right: Bib) -> Reason:
    mine, theirs = str(left.title), str(right.title)
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


def _agree(name: str, said: Callable[[Bib], str]) -> Callable[[Bib, Bib], Reason]:
    def check(left: Bib, right: Bib) -> Reason:
        mine, theirs = said(left), said(right)
        weight = 0 if not mine or not theirs else 1 if mine == theirs else -1
        return Reason(name, weight, mine, theirs)

    return check


def _joined(values: Iterable[str]) -> str:
    return " ".join(values)


def _part(bib: Bib) -> str:
    # A part stated in one record only is a doubt, so "no number" is itself a value here.
    return _joined(numbers(f"{bib.title} {' '.join(series.volume for series in bib.series)}")) or "-"


def _year(bib: Bib) -> str:
    return str(bib.publication.year or "")


def _edition(bib: Bib) -> str:
    return _joined(numbers(bib.edition.statement)) or "-"


_CHECKS: Final[tuple[Callable[[Bib, Bib], Reason], ...]] = (
    _shared_number,
    _equal_title,
    _agree("part", _part),
    _agree("edition", _edition),
    _agree("year", _year),
    _agree("material", lambda bib: bib.material),
    _agree("level", lambda bib: bib.level),
    _agree("language", lambda bib: _joined(sorted(bib.languages))),
)
