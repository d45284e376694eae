"""A question put to a catalogue of others: said so that a server which knows less than ours finds what is meant.

In: a query tree and the `Manner` of a server, or RPN. Out: a tree that means the same there; RPN with the attributes
the server wants. Servers differ in which use attributes they have, in what a list of words is, and in whether a number
of ten digits is found by its thirteen (Z39.50-1995, ATR.1; Bath Profile 2.0, 5.A).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from types import MappingProxyType
from typing import Final, Literal

from stdnum import isbn

from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term
from schemas.vietnamese.fold import folded
from schemas.z3950 import attributes as bib1
from schemas.z3950.rpn import Attribute, Operand, Operator, ResultSetOperand, Rpn, RpnQuery

Words = Literal["list", "each"]
Letters = Literal["typed", "plain"]
#: the usual ones; nothing but the use, and where it is cut off; all six of them
Attributes = Literal["usual", "use", "all"]

_NEEDED: Final = (bib1.USE, bib1.RELATION, bib1.TRUNCATION)
#: what each attribute is where a question does not say (Bath Profile: equal, any position, word, none, any part)
_DEFAULTS: Final[Mapping[int, int]] = MappingProxyType(
    {bib1.RELATION: 3, bib1.POSITION: 3, bib1.STRUCTURE: 2, bib1.TRUNCATION: 100, bib1.COMPLETENESS: 1}
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server is asked. `words`: all in one term, or a term for each; `letters`: as typed, or without marks."""

    words: Words = "list"
    letters: Letters = "typed"
    attributes: Attributes = "usual"
    uses: Mapping[int, int] = field(default_factory=dict)


def adapted(node: Node, manner: Manner) -> Node:
    """Give the tree as a server of this manner understands it."""
    return _mapped(node, lambda term: _adapted(term, manner))


def _mapped(node: Node, change: Callable[[Term], Node]) -> Node:
    match node:
        case Term():
            return change(node)
        case And(left, right):
            return And(_mapped(left, change), _mapped(right, change))
        case Or(left, right):
            return Or(_mapped(left, change), _mapped(right, change))
        case Not(left, right):
            return Not(_mapped(left, change), _mapped(right, change))
        case Near() | Everything():
            return node


def _adapted(term: Term, manner: Manner) -> Node:
    if term.access_point == "isbn" and term.match == "whole" and not term.masked:
        return _either_isbn(term)
    if manner.letters == "plain":
        term = replace(term, text=folded(term.text), toned=False)
    return _each_word(term) if manner.words == "each" and term.match == "words" else term


def _either_isbn(term: Term) -> Node:
    """Ask for both forms of a number: a record from before 2007 has ten digits, and few servers know the other."""
    try:
        short = isbn.to_isbn10(term.text)
    except ValueError:  # those that begin with 979 have no other form
        return term
    return Or(term, replace(term, text=str(short)))


def _each_word(term: Term) -> Node:
    words = term.text.split()
    last = len(words) - 1
    alone: list[Node] = [
        # One word side by side with nothing is that word, to every server.
        replace(term, text=word, match="phrase", truncated=term.truncated and place == last)
        for place, word in enumerate(words)
    ]
    return reduce(And, alone) if alone else term


def said(query: RpnQuery, manner: Manner) -> RpnQuery:
    """Give RPN with the attributes that a server of this manner wants."""
    return replace(query, root=_said(query.root, manner))


def _said(rpn: Rpn, manner: Manner) -> Rpn:
    match rpn:
        case Operand(attributes, _):
            return replace(rpn, attributes=tuple(_chosen(attributes, manner)))
        case Operator(_, left, right):
            return replace(rpn, left=_said(left, manner), right=_said(right, manner))
        case ResultSetOperand():
            return rpn


def _chosen(attributes: tuple[Attribute, ...], manner: Manner) -> list[Attribute]:
    found = [
        each._replace(value=manner.uses.get(each.value, each.value))
        if each.type == bib1.USE and isinstance(each.value, int)
        else each
        for each in attributes
    ]
    if manner.attributes == "use":
        return [each for each in found if each.type in _NEEDED]
    if manner.attributes == "all":
        stated = {each.type for each in found}
        return found + [Attribute(None, kind, value) for kind, value in _DEFAULTS.items() if kind not in stated]
    return found
