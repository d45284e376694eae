"""What an RPN query of Z39.50 means: operands as terms of access points, operators and result sets as one tree.

In: a query as `schemas.z3950` read it, the trees of the result sets it may name, and the charset of the peer. Out: the
query tree that all doors share. What is not supported is a `QuerySyntaxError` whose code has its Bib-1 diagnostic in
`diagnostics`; nothing is left out silently. Z39.50-1995, 3.7; proximity: 3.7.2. See `rpn_terms` for the attributes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.errors import QuerySyntaxError
from schemas.query import rpn_terms
from schemas.query.charset_names import UTF_8
from schemas.query.tree import And, Near, Node, Not, Or, Term
from schemas.z3950.rpn import BIB1, Operand, Operator, OtherQuery, Proximity, Query, ResultSetOperand, Rpn

#: operands of a query, those of the result sets it names among them
MOST_OPERANDS: Final = 256
#: operators inside one another
MOST_NESTED: Final = 60

_JOINS: Final[Mapping[str, Callable[[Node, Node], Node]]] = {"and": And, "or": Or, "and-not": Not}
_WORD: Final = 2
_LESS, _AT_MOST, _EQUAL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """What holds for a whole query."""

    sets: Mapping[str, Node]
    attribute_set: str = BIB1
    charset: str = UTF_8


def read(query: Query, sets: Mapping[str, Node], charset: str = UTF_8) -> Node:
    """Read a query; raises `QuerySyntaxError`. `sets`: what each result set that may be named had asked."""
    if isinstance(query, OtherQuery):
        message = f"queries of type {query.type} are not understood; ask by type 1 or 101 (RPN)"
        raise QuerySyntaxError("rpn-query-type", message, str(query.type))
    node = _node(query.root, _Reading(sets, query.attribute_set, charset), 0)
    _check_size(node)
    return node


def _node(rpn: Rpn, reading: _Reading, depth: int) -> Node:
    if depth > MOST_NESTED:
        raise _too_deep()
    match rpn:
        case Operand():
            return rpn_terms.node(rpn, reading.attribute_set, reading.charset)
        case ResultSetOperand(name, attributes):
            return _result_set(name, bool(attributes), reading.sets)
        case Operator(Proximity() as nearness, left, right):
            return _near(nearness, left, right, reading)
        case Operator(join, left, right):
            return _JOINS[str(join)](_node(left, reading, depth + 1), _node(right, reading, depth + 1))


def _result_set(name: str, restricted: bool, sets: Mapping[str, Node]) -> Node:
    if restricted:
        raise QuerySyntaxError("rpn-set-restricted", "a result set cannot be restricted by attributes", name)
    if name not in sets:
        raise QuerySyntaxError("rpn-set-unknown", "there is no such result set", name)
    return sets[name]


def _near(nearness: Proximity, left: Rpn, right: Rpn, reading: _Reading) -> Near:
    distance = _distance(nearness)
    if isinstance(left, ResultSetOperand) or isinstance(right, ResultSetOperand):
        raise QuerySyntaxError("rpn-near-set", "result sets cannot be searched for nearness", "")
    if isinstance(left, Operator) or isinstance(right, Operator):
        raise QuerySyntaxError("rpn-near-operands", "nearness joins two terms and no more", "prox")
    first, second = (rpn_terms.node(each, reading.attribute_set, reading.charset) for each in (left, right))
    if not (isinstance(first, Term) and isinstance(second, Term)) or first.access_point != second.access_point:
        raise QuerySyntaxError("rpn-near-operands", "nearness joins two terms of one access point", "prox")
    if not {first.match, second.match} <= {"words", "phrase"}:
        raise QuerySyntaxError("rpn-near-operands", "nearness is of words anywhere in a text", "prox")
    return Near(first, second, distance, nearness.ordered)


def _distance(nearness: Proximity) -> int:
    """Give how many words may lie between, and one more."""
    if nearness.exclusion:
        raise QuerySyntaxError("rpn-near-exclusion", "terms that are not near cannot be asked for", "exclusion")
    if nearness.private_unit or nearness.unit != _WORD:
        raise QuerySyntaxError("rpn-near-unit", "nearness is counted in words", str(nearness.unit))
    exact = nearness.relation == _EQUAL and nearness.distance == 1
    if nearness.relation not in (_LESS, _AT_MOST) and not exact:
        raise QuerySyntaxError("rpn-near-relation", "a distance is the most there may be", str(nearness.relation))
    distance = nearness.distance - (nearness.relation == _LESS)
    if distance < 1:
        raise QuerySyntaxError("rpn-near-distance", "a distance is one word or more", str(nearness.distance))
    return distance


def _check_size(node: Node) -> None:
    """Refuse what is too large as a whole: result sets in queries of result sets grow without a long message."""
    waiting, operands = [(node, 0)], 0
    while waiting:
        each, depth = waiting.pop()
        if depth > MOST_NESTED:
            raise _too_deep()
        if isinstance(each, And | Or | Not):
            waiting += [(each.left, depth + 1), (each.right, depth + 1)]
            continue
        operands += 1
        if operands > MOST_OPERANDS:
            message = f"the query has more than {MOST_OPERANDS} operands"
            raise QuerySyntaxError("query-too-many-terms", message, str(MOST_OPERANDS))


def _too_deep() -> QuerySyntaxError:
    return QuerySyntaxError("query-too-deep", f"nested more than {MOST_NESTED} times", str(MOST_NESTED))
