"""What a librarian expects of a search: judgements that name records by what they say, not by numbers of one index.

In: `relevance.tsv`: a query, what kind it is, and conditions for the best, good and fair records. Out: the grade (3, 2,
1, 0) of any record for a query. A condition is `field`, a sign and words: `=` all of it, `^` begins with, `~` contains
side by side, `*` contains all in any order; words are compared without marks unless `!` stands before the field.
`held>N`: more than N libraries hold it. ` & ` joins conditions, ` | ` parts alternatives.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from schemas.bib import Bib
from schemas.vietnamese.fold import tokens
from tests.accuracy.relevance_shelf import Shelf

FILE: Final = Path(__file__).with_name("relevance.tsv")
GRADES: Final = (3, 2, 1)
_CONDITION: Final = re.compile(r"(!?)(main|creator|subject|held)([=^~*>])(.+)")
_FIELDS: Final[dict[str, Callable[[Bib], list[str]]]] = {
    "main": lambda bib: [bib.title.main, str(bib.title)],
    "creator": lambda bib: [*[agent.name for agent in bib.agents], bib.title.responsibility],
    "subject": lambda bib: [subject.heading for subject in bib.subjects],
}


@dataclass(frozen=True)
class Judgement:
    """One query and how to tell its records: a condition for each of `GRADES`, empty where there is none."""

    query: str
    kind: str
    conditions: tuple[str, ...]


def judgements() -> tuple[Judgement, ...]:
    """Read the judged queries."""
    lines = FILE.read_text("utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return tuple(Judgement(query, kind, tuple(conditions)) for query, kind, *conditions in cells)


def grades(judgement: Judgement, shelf: Shelf) -> dict[int, int]:
    """Give the grade of each record that has one, by number."""
    found: dict[int, int] = {}
    for grade, condition in zip(GRADES, judgement.conditions, strict=True):
        for number in _meeting(condition, shelf) if condition else ():
            found.setdefault(number, grade)
    return found


def _meeting(condition: str, shelf: Shelf) -> Iterator[int]:
    tests = [[_test(part) for part in one.split(" & ")] for one in condition.split(" | ")]
    for number, (bib, members) in enumerate(zip(shelf.bibs, shelf.members, strict=True), start=1):
        if any(all(test(bib, len(members)) for test in each) for each in tests):
            yield number


def _test(condition: str) -> Callable[[Bib, int], bool]:
    read = _CONDITION.fullmatch(condition.strip())
    if read is None:
        raise ValueError(f"{condition!r} in {FILE.name} is no condition")
    toned, field, sign, text = read.groups()
    if field == "held":
        return lambda _, held: held > int(text)
    asked = _words(text, bool(toned))
    values = _FIELDS[field]
    return lambda bib, _: any(_fits(_words(value, bool(toned)), sign, asked) for value in values(bib))


def _fits(value: tuple[str, ...], sign: str, asked: tuple[str, ...]) -> bool:
    match sign:
        case "=":
            return value == asked
        case "^":
            return value[: len(asked)] == asked
        case "*":
            return set(asked) <= set(value)
    return any(value[at : at + len(asked)] == asked for at in range(len(value) - len(asked) + 1))


@cache
def _words(text: str, toned: bool) -> tuple[str, ...]:
    return tuple(token.toned if toned else token.folded for token in tokens(text))
