"""What every engine must find, written as plainly as can be: walk all documents, compare word by word.

It shares the tokens with the engine and nothing else; a second engine is held against it as the first one is.
"""

import operator
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from federation.index import analysis
from federation.index.document import TEXTS
from federation.index.engine import Document, Question
from schemas.query.access_points import by_name, code
from schemas.query.tree import And, Near, Node, Not, Or, Term
from schemas.vietnamese.fold import Token, tokens

Test = Callable[[Token], bool]


def matches(document: Document, node: Node) -> bool:
    match node:
        case And(left, right):
            return matches(document, left) and matches(document, right)
        case Or(left, right):
            return matches(document, left) or matches(document, right)
        case Not(left, right):
            return matches(document, left) and not matches(document, right)
        case Near():
            return _near(document, node)
        case Term():
            return _term(document, node)
    return True


def _term(document: Document, term: Term) -> bool:
    point = by_name(term.access_point)
    assert point is not None
    if point.field == "id":
        return document.id == int(term.text)
    if point.kind == "year":
        return bool(document.year) and _year(document.year, term)
    if point.kind == "code":
        return any(
            _code(value.lower(), code(point, term.text).lower(), term) for value in document.codes.get(point.field, ())
        )
    fields = TEXTS if point.field == "any" else (point.field,)
    values = [words for field in fields for value in document.texts.get(field, ()) if (words := tokens(value))]
    return _text(values, term) or (point.field == "any" and _number(document, term))


def _year(year: int, term: Term) -> bool:
    compare = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}
    return bool(compare[term.relation](year, int(term.text)))


def _code(value: str, asked: str, term: Term) -> bool:
    begun = term.truncated or term.match == "begins"
    if begun and term.match == "ends":
        return bool(asked) and asked in value
    if begun:
        return bool(asked) and value.startswith(asked)
    if term.match == "ends":
        return bool(asked) and value.endswith(asked)
    return bool(asked) and value == asked


def _number(document: Document, term: Term) -> bool:
    if term.masked or term.truncated:
        return False
    return any(value in document.codes.get(scheme, ()) for scheme, value in analysis.numbers(term.text).items())


def _text(values: Sequence[Sequence[Token]], term: Term) -> bool:
    tests = _tests(term)
    if not tests:
        return False
    if term.match == "words":
        return all(any(test(word) for value in values for word in value) for test in tests)
    return any(_run(value, tests, term.match) for value in values)


def _near(document: Document, near: Near) -> bool:
    point = by_name(near.left.access_point)
    assert point is not None
    fields = TEXTS if point.field == "any" else (point.field,)
    values = [tokens(value) for field in fields for value in document.texts.get(field, ())]
    toned = near.left.toned or near.right.toned
    left, right = (_tests(replace(term, toned=toned)) for term in (near.left, near.right))
    orders = [(left, right)] if near.ordered else [(left, right), (right, left)]
    return bool(left and right) and any(
        _run(value, [*first, *[_any] * between, *second], "phrase")
        for value in values
        for first, second in orders
        for between in range(near.distance)
    )


def _any(_: Token) -> bool:
    return True


def _tests(term: Term) -> list[Test]:
    if term.masked:
        patterns = [mask.toned if term.toned else mask.folded for mask in analysis.masks(term.text)]
    else:
        patterns = [(word.toned if term.toned else word.folded,) for word in tokens(term.text)]
    if patterns and term.truncated:
        patterns[-1] = (*patterns[-1], "*")
    return [partial(_fits, _pattern(parts), term.toned) for parts in patterns]


def _pattern(parts: Sequence[str]) -> re.Pattern[str]:
    signs = {"*": ".*", "?": "."}
    return re.compile("".join(signs.get(part) or re.escape(part) for part in parts), re.DOTALL)


def _fits(pattern: re.Pattern[str], toned: bool, word: Token) -> bool:
    return pattern.fullmatch(word.toned if toned else word.folded) is not None


def _run(value: Sequence[Token], tests: Sequence[Test], match: str) -> bool:
    starts = range(len(value) - len(tests) + 1)
    if match == "whole":
        starts = range(1) if len(value) == len(tests) else range(0)
    elif match == "begins":
        starts = starts[:1]
    elif match == "ends":
        starts = starts[-1:]
    return any(all(test(word) for test, word in zip(tests, value[start:], strict=False)) for start in starts)


def passes(document: Document, filters: dict[str, tuple[str, ...]]) -> bool:
    return all(_passes(document, field, values) for field, values in filters.items() if values)


def _passes(document: Document, field: str, values: tuple[str, ...]) -> bool:
    if field == "year":
        return str(document.year) in values
    if field == "decade":
        return bool(document.year) and str(document.year // 10 * 10) in values
    held = {value.lower() for value in document.codes.get(field, ())}
    return any(value.lower() in held for value in values)


def hits(documents: Sequence[Document], question: Question) -> list[int]:
    """Give all ids in order; those of relevance in order of id."""
    kept = [each for each in documents if matches(each, question.query) and passes(each, dict(question.filters))]
    keys: dict[str, Callable[[Document], tuple[object, ...]]] = {
        "relevance": lambda each: (each.id,),
        "newest": lambda each: (-each.year, each.id),
        "oldest": lambda each: (not each.year, each.year, each.id),
        "title": lambda each: (not each.sort_title, each.sort_title, each.id),
        "creator": lambda each: (not each.sort_creator, each.sort_creator, each.id),
        "title-descending": lambda each: (not each.sort_title, _downward(each.sort_title), each.id),
        "creator-descending": lambda each: (not each.sort_creator, _downward(each.sort_creator), each.id),
    }
    return [each.id for each in sorted(kept, key=keys[question.sort])]


def _downward(key: bytes) -> tuple[int, ...]:
    # The end of a key sorts below all bytes, so above all of them when it descends.
    return (*(-byte for byte in key), 1)


def counts(documents: Sequence[Document], question: Question, facet: str) -> tuple[tuple[str, int], ...]:
    others = {field: values for field, values in question.filters.items() if field != facet}
    kept = [each for each in documents if matches(each, question.query) and passes(each, others)]
    counted = Counter(value for each in kept for value in _values(each, facet))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ordered if facet == "year" else ordered[: question.facet_size]
    chosen = [value for value in dict.fromkeys(question.filters.get(facet, ())) if value not in dict(shown)]
    return tuple(shown) + tuple((value, _count(kept, facet, value)) for value in chosen)


def _count(kept: Sequence[Document], facet: str, value: str) -> int:
    return sum(_passes(each, facet, (value,)) for each in kept)


def _values(document: Document, facet: str) -> Iterator[str]:
    if facet in ("year", "decade"):
        if document.year:
            yield str(document.year if facet == "year" else document.year // 10 * 10)
        return
    yield from document.codes.get(facet, ())
