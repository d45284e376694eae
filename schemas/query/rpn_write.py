"""A query tree as RPN, for our client and for pages: the same tree as attributes of Bib-1 or in PQF.

In: a tree. Out: an `RpnQuery` that `rpn.read` makes the same tree of, or its text in the prefix notation of YAZ. What
Bib-1 cannot say (tones as typed, access points of our own) is an `EncodeError`.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.errors import EncodeError
from schemas.query.access_points import by_name
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term
from schemas.z3950 import attributes as bib1
from schemas.z3950.rpn import Attribute, Boolean, Operand, Operator, Proximity, ResultSetOperand, Rpn, RpnQuery

_RELATIONS: Final = {"<": 1, "<=": 2, ">=": 4, ">": 5}
_ANY, _ALWAYS = 1016, 103
_PHRASE, _LIST, _FIRST, _FIELD = 1, 6, 1, 3
_RIGHT, _LEFT, _REGULAR = 1, 2, 102
_PQF: Final = {"and": "@and", "or": "@or", "and-not": "@not"}
#: our masks as a regular expression has them, and what else means something there
_SIGNS: Final = {"*": ".*", "?": "."}
_SPECIAL: Final = re.compile(r"[\[\](){}|+*?^$.\\]")


def write(node: Node) -> RpnQuery:
    """Give the RPN of a tree; raises `EncodeError`."""
    return RpnQuery(_rpn(node))


def pqf(node: Node) -> str:
    """Give the PQF of a tree; raises `EncodeError`."""
    return text(write(node).root)


def text(rpn: Rpn) -> str:
    """Give RPN as PQF."""
    match rpn:
        case Operand(attributes, term):
            return " ".join([*(f"@attr {each.type}={each.value}" for each in attributes), _quoted(str(term))])
        case ResultSetOperand(name):
            return f"@set {_quoted(name)}"
        case Operator(Proximity() as near, left, right):
            known = "p" if near.private_unit else "k"
            numbers = f"{int(bool(near.exclusion))} {near.distance} {int(near.ordered)} {near.relation}"
            return f"@prox {numbers} {known} {near.unit} {text(left)} {text(right)}"
        case Operator(join, left, right):
            return f"{_PQF[str(join)]} {text(left)} {text(right)}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _rpn(node: Node) -> Rpn:
    match node:
        case Term():
            return _operand(node)
        case And(left, right):
            return _joined("and", left, right)
        case Or(left, right):
            return _joined("or", left, right)
        case Not(left, right):
            return _joined("and-not", left, right)
        case Near(left, right, distance, ordered):
            return Operator(Proximity(distance, ordered, 2, 2, exclusion=False), _operand(left), _operand(right))
        case Everything():
            return Operand((_attribute(bib1.USE, _ANY), _attribute(bib1.RELATION, _ALWAYS)), "")


def _joined(join: Boolean, left: Node, right: Node) -> Operator:
    return Operator(join, _rpn(left), _rpn(right))


def _operand(term: Term) -> Operand:
    point = by_name(term.access_point)
    if point is None or not point.bib1:
        raise EncodeError("rpn-access-point", "has no use attribute in Bib-1", term.access_point)
    if term.toned:
        raise EncodeError("rpn-toned", "Bib-1 has no attribute for tones as typed", term.text)
    saying = _text(term) if point.kind == "text" else _code(term) if point.kind == "code" else _number(term)
    if point.field == "id":
        saying = _number(term)
    attributes = (_attribute(bib1.USE, point.bib1[0]), *(_attribute(*pair) for pair in saying))
    return Operand(attributes, _masked(term) if term.masked else term.text)


def _attribute(kind: int, value: int) -> Attribute:
    return Attribute(None, kind, value)


def _text(term: Term) -> Iterator[tuple[int, int]]:
    if term.match == "ends" and not (term.masked and term.text.startswith("*")):
        raise EncodeError("rpn-ends", "Bib-1 has no attribute for the end of a field", term.text)
    if term.match == "begins":
        yield bib1.POSITION, _FIRST
    yield bib1.STRUCTURE, _LIST if term.match == "words" else _PHRASE
    yield from _truncation(term)
    if term.match in ("whole", "ends"):
        yield bib1.COMPLETENESS, _FIELD


def _code(term: Term) -> Iterator[tuple[int, int]]:
    if term.match == "begins":
        yield bib1.TRUNCATION, _RIGHT
    elif term.match == "ends":
        yield bib1.TRUNCATION, _LEFT
    else:
        yield from _truncation(term)


def _number(term: Term) -> Iterator[tuple[int, int]]:
    if term.relation != "=":
        yield bib1.RELATION, _RELATIONS[term.relation]
    yield from _truncation(term)


def _truncation(term: Term) -> Iterator[tuple[int, int]]:
    if term.truncated or term.masked:
        yield bib1.TRUNCATION, _RIGHT if term.truncated else _REGULAR


def _masked(term: Term) -> str:
    return _SPECIAL.sub(lambda found: _SIGNS.get(found[0], f"\\{found[0]}"), term.text)
