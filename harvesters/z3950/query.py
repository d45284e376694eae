"""The queries that a harvest asks, in RPN: everything, what changed since, a part of it.

In: the query of the source, indexes as attributes, a window, a `Part`, and what makes terms of words. Out: RPN. The
relations are those of Bib-1: 1 less, 2 less or equal, 4 greater or equal.
"""

from collections.abc import Callable
from functools import reduce
from typing import Final

from harvesters.base import Window
from harvesters.parts import WHOLE, Part
from schemas.z3950.attributes import RELATION, name
from schemas.z3950.rpn import Attribute, ComplexValue, Operand, Operator, Rpn, Term

BELOW, UNTIL, FROM = 1, 2, 4
_USE: Final = 1
Terms = Callable[[str], Term]
Index = tuple[Attribute, ...]


def compared(index: Index, relation: int, term: Term) -> Operand:
    """Give what an index finds by comparing a term."""
    return Operand((*index, Attribute(None, RELATION, relation)), term)


def both(*clauses: Rpn) -> Rpn:
    """Give what all of these find."""
    return reduce(lambda left, right: Operator("and", left, right), clauses)


def changed(query: Rpn, index: Index, window: Window, form: str, terms: Terms) -> Rpn:
    """Give what of a query changed in a window; its ends are in it."""
    edges = ((FROM, window.from_), (UNTIL, window.until))
    return both(query, *(compared(index, sign, terms(moment.strftime(form))) for sign, moment in edges if moment))


def part(query: Rpn, index: Index, piece: Part, terms: Terms) -> Rpn:
    """Give a part of what a query finds."""
    if piece == WHOLE:
        return query
    low = compared(index, FROM, terms(piece.low))
    if piece.rest:
        return Operator("and-not", query, Operator("or", low, compared(index, BELOW, terms(piece.low))))
    high = compared(index, BELOW, terms(piece.high))
    return both(query, *([low] if piece.low else []), *([high] if piece.high else []))


def shown(piece: Part, index: Index) -> str:
    """Name a part for people."""
    if piece == WHOLE:
        return "everything"
    by = _named(index)
    if piece.rest:
        return f"what has no {by}"
    return f"{by} from {piece.low or 'the first'} to below {piece.high}" if piece.high else f"{by} from {piece.low}"


def _named(index: Index) -> str:
    use = next((each.value for each in index if each.type == _USE), 0)
    return str(use.list[0]) if isinstance(use, ComplexValue) else name(_USE, use)
