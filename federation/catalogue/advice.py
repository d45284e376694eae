"""What may help a reader: what was meant, what a beginning may become, which word is to blame when nothing is found.

In: what was typed, and the engine. Out: `Correction`s, `Suggestion`s, `Dropped` words, each with the number of records
it would find, so that no advice leads nowhere. Typing slips that are known: Telex and VNI keys without a keyboard
program (truyeenj, kie62u), one letter wrong, missing, doubled or swapped, and wrong or swapped tone marks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice, product
from string import ascii_lowercase
from typing import Final, Literal

from federation.index.engine import Engine, Question
from schemas.bib import Bib
from schemas.errors import QuerySyntaxError
from schemas.query.box import parse
from schemas.query.tree import And, Match, Node, Or, Term
from schemas.vietnamese.fold import Token, folded, tokens
from schemas.vietnamese.typing import meant

#: a query of more words is a sentence; who typed it looks for something else than a slip
_MOST_WORDS: Final = 10
#: other words tried in place of one, and combinations of them asked
_MOST_OTHERS: Final = 4
_MOST_ASKED: Final = 24
_SHORTEST_TYPO: Final = 3
_FEWEST_TO_DROP_ONE: Final = 2
_SHORTEST_BEGINNING: Final = 3
#: values looked through for those that go on as was typed
_LOOKED_THROUGH: Final = 24
#: titles read for a suggestion: many have the same words
TITLES: Final = 12
Where = Literal["creator", "subject"]
HEADINGS: Final[tuple[Where, ...]] = ("creator", "subject")


@dataclass(frozen=True, slots=True)
class Correction:
    """Another query that may have been meant and finds `total` records."""

    text: str
    total: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a beginning may become: a `title`, `creator` or `subject`, with the records it has (0: not counted)."""

    kind: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """One word of a query that found nothing: records that have it at all, the query without it and what that finds."""

    word: str
    known: int
    text: str
    total: int


def corrections(engine: Engine, text: str) -> Iterator[Correction]:
    """Give other spellings that find something, the likeliest first, for a query that found (nearly) nothing."""
    seen = {text}
    for spelt in _spellings(engine, _words(text)):
        if spelt not in seen and (total := _total(engine, spelt)):
            yield Correction(spelt, total)
        seen.add(spelt)


def _spellings(engine: Engine, words: Sequence[Token]) -> Iterator[str]:
    known = engine.frequencies(word.folded for word in words)
    strange = [place for place, word in enumerate(words) if word.folded not in known]
    if any(meant(words[place].folded) for place in strange):
        # Who forgot to turn the keyboard on typed all words so, even those that are words of another language.
        yield " ".join([meant(word.folded) or word.toned for word in words])
    for places in [strange] if strange else [[place] for place in range(len(words))]:
        tried = [_others(engine, word) if place in places else [word.toned] for place, word in enumerate(words)]
        if _finds_any(engine, tried):
            yield from (" ".join(each) for each in islice(product(*tried), _MOST_ASKED))


def _finds_any(engine: Engine, tried: Sequence[Sequence[str]]) -> bool:
    """Tell by one question whether any choice of one word for each place finds something: mostly none does."""
    places = [[Term("any", word) for word in words] for words in tried]
    if not places:
        return False
    asked = _joined(And, [_joined(Or, words) for words in places])
    return engine.search(Question(asked, limit=0)).total > 0


def _joined(by: type[And | Or], nodes: Sequence[Node]) -> Node:
    return reduce(by, nodes)


def retoned(engine: Engine, text: str, bibs: Iterable[Bib]) -> Correction | None:
    """Give the tone marks that the records found have, where none has those that were typed."""
    words = _words(text)
    if all(word.toned == word.folded for word in words) or _total(engine, text, toned=True):
        return None
    asked = [word.folded for word in words]
    spelt = next((found for bib in bibs for value in _said(bib) if (found := _as_said(value, asked))), "")
    return Correction(spelt, _total(engine, spelt, toned=True)) if spelt else None


def dropped(engine: Engine, text: str) -> tuple[Dropped, ...]:
    """Tell for each word whether any record has it, and what the query finds without it: the most helpful first."""
    words = _words(text)
    if len(words) < _FEWEST_TO_DROP_ONE:
        return ()
    known = engine.frequencies(word.folded for word in words)
    found = []
    for place, word in enumerate(words):
        rest = " ".join(other.toned for other in (*words[:place], *words[place + 1 :]))
        found.append(Dropped(word.toned, known.get(word.folded, 0), rest, _total(engine, rest)))
    return tuple(sorted(found, key=lambda each: (each.known > 0, -each.total)))


def headings(engine: Engine, text: str, where: Where, most: int) -> list[Suggestion]:
    """Give the names or subjects that have all words of a beginning, the last one begun; commonest first."""
    asked = _begun(where, "words", text)
    try:
        counted = engine.search(Question(asked, 0, 0, facets=(where,), facet_size=_LOOKED_THROUGH)) if asked else None
    except QuerySyntaxError:  # too many words begin so
        return []
    words = [word.folded for word in _words(text)]
    fitting = [(value, count) for value, count in (counted.facets[where] if counted else ()) if _goes_on(value, words)]
    fitting.sort(key=lambda pair: not folded(pair[0]).startswith(folded(text.strip())))
    return [Suggestion(where, value, count) for value, count in fitting[:most]]


def beginning(text: str) -> Question | None:
    """Give the question for titles that begin so; None for too short a beginning."""
    asked = _begun("title", "begins", text)
    return Question(asked, limit=TITLES, sort="title") if asked else None


def _begun(where: str, match: Match, text: str) -> Term | None:
    """Ask for what has all words, the last one begun; one of a letter or two begins too many words to look for."""
    words = [word.toned for word in _words(text)]
    if len(words) > 1 and len(words[-1]) < _SHORTEST_BEGINNING:
        return Term(where, " ".join(words[:-1]), match)
    begins = words and len(words[-1]) >= _SHORTEST_BEGINNING
    return Term(where, " ".join(words), match, truncated=True) if begins else None


def _as_said(value: str, asked: Sequence[str]) -> str:
    """Give folded words as a value has them side by side, with its tone marks; empty when it has no such."""
    there = tokens(value)
    for start in range(len(there) - len(asked) + 1):
        run = there[start : start + len(asked)]
        if [word.folded for word in run] == asked and any(word.toned != word.folded for word in run):
            return " ".join(word.toned for word in run)
    return ""


def _words(text: str) -> list[Token]:
    """Give the words of a plain query; none for one that asks fields or phrases: its writer knows what they do."""
    try:
        node = parse(text)
    except QuerySyntaxError:
        return []
    plain = isinstance(node, Term) and node.access_point == "any" and node.match == "words" and not node.masked
    found = tokens(text) if plain else []
    return found if len(found) <= _MOST_WORDS else []


def _total(engine: Engine, text: str, toned: bool = False) -> int:
    return engine.search(Question(Term("any", text, toned=toned), limit=0)).total if text else 0


def _others(engine: Engine, word: Token) -> list[str]:
    """Give what a word may have been meant to be: the keys it was typed by, then the commonest words a slip away."""
    typed = meant(word.folded) if word.toned == word.folded else None
    found = [typed] if typed and engine.frequencies([folded(typed)]) else []
    known = engine.frequencies(_slips(word.folded)) if len(word.folded) >= _SHORTEST_TYPO else {}
    commonest = sorted(known, key=lambda other: (-known[other], other))
    return [*found, *commonest][:_MOST_OTHERS] or [word.toned]


def _slips(word: str) -> set[str]:
    """Give all words that one slip makes of this one, or this one of them (Damerau 1964)."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    makers: tuple[Callable[[str, str], Iterable[str]], ...] = (
        lambda left, right: [left + right[1:]] if right else [],
        lambda left, right: [left + right[1] + right[0] + right[2:]] if len(right) > 1 else [],
        lambda left, right: [left + letter + right[1:] for letter in ascii_lowercase] if right else [],
        lambda left, right: [left + letter + right for letter in ascii_lowercase],
    )
    return {made for left, right in parts for make in makers for made in make(left, right)} - {word, ""}


def _goes_on(value: str, asked: Sequence[str]) -> bool:
    there = [word.folded for word in tokens(value)]
    return all(word in there for word in asked[:-1]) and any(word.startswith(asked[-1]) for word in there)


def _said(bib: Bib) -> Iterator[str]:
    yield str(bib.title)
    yield from (agent.name for agent in bib.agents)
    yield from (subject.heading for subject in bib.subjects)
