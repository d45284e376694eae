"""What may help a reader: what was meant, what a beginning may become, which word is to blame when nothing is found.

In: what was typed, and the engine. Out: `Correction`s, `Suggestion`s, `Dropped` words, each with the number of records
it would find, so that no advice leads nowhere. Typing slips that are known: Telex and VNI keys without a keyboard
program (truyeenj, kie62u), one letter wrong, missing, doubled or swapped, wrong or swapped tone marks, and names of
fields with blanks (tác giả: nguyễn du).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice, product
from string import ascii_lowercase
from typing import Final

from federation.catalogue.values import Where, begins, begun, has_all
from federation.index.engine import Engine, Question
from schemas.bib import Bib
from schemas.errors import QuerySyntaxError
from schemas.query.access_points import by_prefix
from schemas.query.box import parse
from schemas.query.tree import And, Node, Or, Term
from schemas.vietnamese.fold import Token, folded, tokens
from schemas.vietnamese.typing import meant

#: a query of more words is a sentence; who typed it looks for something else than a slip
_MOST_WORDS: Final = 10
#: other words tried in place of one, and combinations of them asked
_MOST_OTHERS: Final = 4
_MOST_ASKED: Final = 12
_SHORTEST_TYPO: Final = 3
#: letters; nghiêng has seven
_LONGER_THAN_A_SYLLABLE: Final = 8
#: the name of a field before a colon, or else its first two words or first word
_FIELDS: Final = tuple(map(re.compile, (r"([^:]{2,30}?)\s*:\s*(\S.*)", r"(\S+\s+\S+)\s+(\S.*)", r"(\S+)\s+(\S.*)")))
_FEWEST_TO_DROP_ONE: Final = 2
#: values looked through for those that go on as was typed
_LOOKED_THROUGH: Final = 24
#: records read for titles, and again where too many of them have the same
TITLES: Final = (6, 24)


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
    count: int = 0


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
    for group in _spellings(engine, _words(text)):
        found = [Correction(spelt, _total(engine, spelt)) for spelt in dict.fromkeys(group) if spelt not in seen]
        yield from sorted((each for each in found if each.total), key=lambda each: -each.total)
        seen.update(group)


def _spellings(engine: Engine, words: Sequence[Token]) -> Iterator[list[str]]:
    """Yield spellings in groups: within one that which finds most is the likeliest."""
    known = engine.frequencies(word.folded for word in words)
    strange = [place for place, word in enumerate(words) if word.folded not in known]
    if any(meant(words[place].folded) for place in strange):
        # Who forgot to turn the keyboard on typed all words so, even those that are words of another language.
        yield [" ".join([meant(word.folded) or word.toned for word in words])]
    # Any syllable is a slip away from a common one, so that those that are known are left alone.
    doubted = [[place] for place, word in enumerate(words) if len(word.folded) >= _LONGER_THAN_A_SYLLABLE]
    for places in [strange] if strange else doubted:
        most = _MOST_ASKED if len(places) == 1 else _MOST_OTHERS
        tried = [_others(engine, word, most) if place in places else [word.toned] for place, word in enumerate(words)]
        if _finds_any(engine, tried):
            yield [" ".join(each) for each in islice(product(*tried), _MOST_ASKED)]


def _finds_any(engine: Engine, tried: Sequence[Sequence[str]]) -> bool:
    """Tell by one question whether any choice of one word for each place finds something: mostly none does."""
    places = [[Term("any", word) for word in words] for words in tried]
    if not places:
        return False
    asked = _joined(And, [_joined(Or, words) for words in places])
    return engine.search(Question(asked, limit=0)).total > 0


def _joined(by: type[And | Or], nodes: Sequence[Node]) -> Node:
    return reduce(by, nodes)


def fielded(engine: Engine, text: str) -> Correction | None:
    """Give the question to a field that was meant where blanks made it plain words: `tác giả: nguyễn du`."""
    for found in filter(None, (form.fullmatch(text) for form in _FIELDS)):
        prefix, rest = "-".join(found[1].split()), found[2]
        point = by_prefix(prefix)
        if point:
            words = [word.toned for word in tokens(rest)] if point.kind == "text" else ["".join(rest.split())]
            one_by_one = " ".join(f"{prefix}:{word}" for word in words)
            total = _found(engine, one_by_one)
            # A phrase is easier to read, but names are written in either order.
            phrase = f'{prefix}:"{" ".join(words)}"'
            spelt = phrase if len(words) > 1 and _found(engine, phrase) == total else one_by_one
            return Correction(spelt, total) if total and spelt != text else None
    return None


def _found(engine: Engine, text: str) -> int:
    try:
        return engine.search(Question(parse(text), limit=0)).total
    except QuerySyntaxError:
        return 0


def dressed(text: str, bibs: Iterable[Bib]) -> str:
    """Give a correction with the tone marks that a record found has, where it has the words side by side."""
    asked = [word.folded for word in tokens(text)]
    return next((found for bib in bibs for value in _said(bib) if (found := _as_said(value, asked))), text)


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
    """Give names or subjects that have all words of a beginning, the last one begun: the likely commonest."""
    words = _words(text)
    asked = begun(where, "words", text) if words else None
    if asked is None:
        return []
    likely = engine.likely(asked, where, _LOOKED_THROUGH, lambda value: has_all(value, words))
    try:
        found = [Suggestion(where, value, count) for value, count in islice(likely, most)]
    except QuerySyntaxError:  # too many words begin so
        return []
    return sorted(found, key=lambda each: (not begins(each.text, words), -each.count, each.text))


def beginning(text: str) -> Question | None:
    """Give the question for titles that begin so; None for too short a beginning."""
    asked = begun("title", "begins", text) if _words(text) else None
    return Question(asked, sort="title") if asked else None


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


def _others(engine: Engine, word: Token, most: int) -> list[str]:
    """Give what a word may have been meant to be: the keys it was typed by, then the commonest words a slip away."""
    typed = meant(word.folded) if word.toned == word.folded else None
    found = [typed] if typed and engine.frequencies([folded(typed)]) else []
    known = engine.frequencies(_slips(word.folded)) if len(word.folded) >= _SHORTEST_TYPO else {}
    commonest = sorted(known, key=lambda other: (-known[other], other))
    return [*found, *commonest][:most] or [word.toned]


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


def _said(bib: Bib) -> Iterator[str]:
    yield str(bib.title)
    yield from (agent.name for agent in bib.agents)
    yield from (subject.heading for subject in bib.subjects)
