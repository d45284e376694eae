"""Values of a facet by what they are called: the ones that somebody is about to type, or looks for among thousands.

In: an engine, a question, and words, the last one begun, with or without tone marks. Out: creators or subjects of what
the question finds that have these words, each with the number of records it has there. The index knows records, not
values: those that are named beside the right ones in the same records are left out here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from federation.index.engine import Engine, Question
from schemas.errors import QuerySyntaxError
from schemas.query.tree import And, Everything, Match, Term
from schemas.vietnamese.fold import Token, tokens

Where = Literal["creator", "subject"]
#: the facets with so many values that they are looked for by their words
WHERE: Final[tuple[Where, ...]] = ("creator", "subject")
#: values that one search for values tells, and those it looks through
MOST: Final = 1_000
_LOOKED_THROUGH: Final = 2_000
_SHORTEST_BEGINNING: Final = 3
Counted = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Called:
    """Values that are called so, those that begin so first, then by count; `whole`: there are no others."""

    values: tuple[Counted, ...]
    whole: bool


def begun(where: str, match: Match, text: str) -> Term | None:
    """Ask for what has all words, the last one begun; None when there are none.

    A last word of a letter or two begins too many others to look for: alone it is taken as a word (Lê, Vũ), behind
    others it is left out.
    """
    words = [word.toned for word in tokens(text)]
    if words and len(words[-1]) >= _SHORTEST_BEGINNING:
        return Term(where, " ".join(words), match, truncated=True)
    if len(words) > 1 or len("".join(words)) > 1:
        return Term(where, " ".join(words[:-1] or words), match)
    return None


def called(engine: Engine, question: Question, where: Where, text: str) -> Called:
    """Give the values that begin so and then all others that have these words; where marks were typed, those with the
    same marks go before the others.
    """
    words = tokens(text)
    asked = replace(question, facet_size=_LOOKED_THROUGH)
    begin, begin_whole = _looked_through(engine, asked, begun(where, "begins", text))
    there, there_whole = _looked_through(engine, asked, begun(where, "words", text))
    found = {value: count for value, count in begin if begins(value, words)}
    found |= {value: count for value, count in there if value not in found and has_all(value, words)}
    as_typed = [value for value in found if has_all(value, words, toned=True)]
    values = [(value, found[value]) for value in dict.fromkeys([*as_typed, *found])]
    return Called(tuple(values[:MOST]), begin_whole and there_whole and len(values) <= MOST)


def _looked_through(engine: Engine, question: Question, asked: Term | None) -> tuple[list[Counted], bool]:
    """Give the values of all records that are asked for, and whether these are all there are."""
    if asked is None:
        return [], False
    narrowed = asked if question.query == Everything() else And(question.query, asked)
    try:
        found = list(engine.values(replace(question, query=narrowed), asked.access_point))
    except QuerySyntaxError:  # too many words begin so
        return [], False
    return found, len(found) < question.facet_size


def has_all(value: str, asked: Sequence[Token], toned: bool = False) -> bool:
    """Tell whether a value has all words, the last one begun."""
    there, words = _written(tokens(value), toned), _written(asked, toned)
    return all(word in there for word in words[:-1]) and any(word.startswith(words[-1]) for word in there)


def begins(value: str, asked: Sequence[Token]) -> bool:
    """Tell whether a value begins with these words, the last one begun."""
    there, words = _written(tokens(value), False), _written(asked, False)
    return f" {' '.join(there)}".startswith(f" {' '.join(words)}")


def _written(words: Sequence[Token], toned: bool) -> list[str]:
    return [word.toned if toned else word.folded for word in words]
