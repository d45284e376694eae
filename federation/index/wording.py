"""Conditions on words, phrases and masks as queries of tantivy.

In: the words of a term in their order, and the text fields they are asked of. Out: a query, made of up to three forms:
*loose* (folded words, in plain and marked values), *as typed* (toned words), and *favoured* (marked words toned, bare
ones folded), which only lifts what it matches: who typed marks finds those first and all others after them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import tantivy
from tantivy import Occur, Query

from federation.index.analysis import END, START, Mask
from federation.index.rows import TONED
from schemas.errors import QuerySyntaxError

#: how much a hit in a field weighs
_WEIGHTS: Final = {"title": 4.0, "creator": 3.0, "subject": 2.0, "series": 1.5}
#: more than weights and frequencies of one condition ever sum up to
_LIFT: Final = 1_000.0
#: a hit in a second field counts a little
_SECOND_FIELD: Final = 0.1
_META: Final = re.compile(r"[\\.+*?()|\[\]{}^$#&\-~]")
#: no anchor, and nothing toned where folded words are asked
_ONE_LETTER: Final = f"[^{START}{END}{TONED}]"
_LONGEST_BEGINNING: Final = 200
_ENOUGH_LETTERS: Final = 3
#: runs that take less time one by one than as one with a pattern
_FEW: Final = 30
_ANCHORS: Final = ((START,), (END,))
#: a word of a run that may be any
GAP: Final = Mask((), ())
#: one letter of a code
ANY_LETTER: Final = r"[\s\S]"


def pattern(parts: Iterable[str], one: str = _ONE_LETTER) -> str:
    """Write literals, `*` and `?` as a pattern of the term dictionary; `one` is the pattern of a single letter."""
    signs = {"*": f"{one}*", "?": one}
    return "".join(signs.get(part) or _META.sub(r"\\\g<0>", part) for part in parts)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The fields of the index; and its words, where they are at hand: `begun` gives those of a field that begin so,
    None when they are many.
    """

    schema: tantivy.Schema
    begun: Callable[[str, str], Sequence[str] | None] = lambda _field, _beginning: None


def matching(lexicon: Lexicon, field: str, parts: Sequence[str], one: str = _ONE_LETTER) -> Query:
    """Match terms by a pattern; raises `QuerySyntaxError` when it is too long for the term dictionary."""
    begun = "".join(parts[:-1])
    if begun and parts[-1] == "*" and len(begun) <= _LONGEST_BEGINNING and _literal(parts[:-1]):
        return _begun(lexicon, field, begun)
    try:
        return Query.regex_query(lexicon.schema, field, pattern(parts, one))
    except ValueError:
        message = "a word with * or ? in it, or the beginning of a word, is too long to search for"
        raise QuerySyntaxError("query-mask", message) from None


def _begun(lexicon: Lexicon, field: str, beginning: str) -> Query:
    """Match terms that begin so: the same as a pattern, without the cost of compiling one."""
    found = lexicon.begun(field, beginning) if len(beginning) >= _ENOUGH_LETTERS else None
    if found is None:
        return Query.fuzzy_term_query(lexicon.schema, field, beginning, distance=0, prefix=True)
    # To look each of them up takes half the time of walking through the dictionary by their beginning.
    either_of_them = either([Query.term_query(lexicon.schema, field, term) for term in found])
    return Query.const_score_query(either_of_them, 1.0)


def either(queries: Sequence[Query]) -> Query:
    """Match what any of the queries matches."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else Query.empty_query()


def both(wanted: Sequence[Query], unwanted: Sequence[Query] = ()) -> Query:
    """Match what all wanted queries match and no unwanted one does."""
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    return Query.boolean_query(
        [(Occur.Must, query) for query in wanted] + [(Occur.MustNot, query) for query in unwanted]
    )


def condition(lexicon: Lexicon, fields: Sequence[str], words: Sequence[Mask], toned: bool) -> Query:
    """Match one word, or words side by side (anchors among them), in any of the fields; `toned`: only as typed."""
    if toned:
        return _best([query for field in fields for query in _typed(lexicon, field, words)])
    loose = _best([query for field in fields for query in _loose(lexicon, field, words)])
    if not any(map(_marked, words)):
        return loose
    favoured = either([run_of(lexicon, f"marked_{field}", [_favoured(word) for word in words]) for field in fields])
    lift = Query.const_score_query(favoured, _LIFT)
    return Query.boolean_query([(Occur.Must, loose), (Occur.Should, lift)])


def _best(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, _SECOND_FIELD)


def _boosted(query: Query, field: str) -> Query:
    weight = _WEIGHTS.get(field)
    return Query.boost_query(query, weight) if weight else query


def _loose(lexicon: Lexicon, field: str, words: Sequence[Mask]) -> list[Query]:
    folded = [word.folded for word in words]
    return [_boosted(run_of(lexicon, f"{kind}_{field}", folded), field) for kind in ("plain", "marked")]


def _typed(lexicon: Lexicon, field: str, words: Sequence[Mask]) -> list[Query]:
    found = [run_of(lexicon, f"marked_{field}", [_toned(word) for word in words])]
    if not any(map(_marked, words)):
        # What has no marks is in plain values as it was typed.
        found.append(run_of(lexicon, f"plain_{field}", [word.toned for word in words]))
    return [_boosted(query, field) for query in found]


def run_of(lexicon: Lexicon, field: str, words: Sequence[tuple[str, ...]]) -> Query:
    """Match words side by side in one value of a field of the index; where a gap is, any word may be."""
    if len(words) == 1:
        return (
            Query.term_query(lexicon.schema, field, "".join(words[0]))
            if _literal(words[0])
            else matching(lexicon, field, words[0])
        )
    places = _places(words) if field.startswith("marked_") else range(len(words))
    placed = [(place, word) for place, word in zip(places, words, strict=True) if word]
    if all(map(_literal, words)):
        return Query.phrase_query(lexicon.schema, field, [(place, "".join(word)) for place, word in placed])
    *before, (last, word) = placed
    begun = _few_begun(lexicon, field, word) if all(_literal(each) for _, each in before) else None
    if begun is not None:
        known = [(place, "".join(each)) for place, each in before]
        return either([Query.phrase_query(lexicon.schema, field, [*known, (last, term)]) for term in begun])
    return Query.regex_phrase_query(lexicon.schema, field, [(place, pattern(word)) for place, word in placed])


def _few_begun(lexicon: Lexicon, field: str, word: tuple[str, ...]) -> Sequence[str] | None:
    """Give the few words that a mask may be which is nothing but a beginning: a run with each of them is found sooner
    than one with a pattern.
    """
    beginning = "".join(word[:-1])
    if word[-1:] != ("*",) or not _literal(word[:-1]) or len(beginning) < _ENOUGH_LETTERS:
        return None
    found = lexicon.begun(field, beginning)
    return found if found is not None and len(found) <= _FEW else None


def _places(words: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """Say where words side by side stand in a marked value: an anchor is one word there, all others are two."""
    place = 0
    for word in words:
        yield place + 1 if word[:1] == (TONED,) else place
        place += 1 if word in _ANCHORS else 2


def _literal(parts: Sequence[str]) -> bool:
    return "*" not in parts and "?" not in parts


def _marked(word: Mask) -> bool:
    return word.toned != word.folded


def _toned(word: Mask) -> tuple[str, ...]:
    return word.toned if word is GAP or word.toned in _ANCHORS else (TONED, *word.toned)


def _favoured(word: Mask) -> tuple[str, ...]:
    return _toned(word) if _marked(word) else word.folded
