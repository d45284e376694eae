"""A query tree as CQL, so that a search of any door can be shown, kept, or asked of another server.

In: a tree and an order. Out: text; `cql.read` makes the same tree of it. Names are the first CQL index of each access
point; a server of others may be asked by other names.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.query import cql_syntax
from schemas.query.access_points import AccessPoint, by_name
from schemas.query.cql import Sorted
from schemas.query.cql_syntax import Boolean, Clause, Modifier, Relation, SortKey
from schemas.query.cql_terms import escaped
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term

_RELATIONS: Final = {"words": "all", "phrase": "=", "begins": "=", "ends": "=", "whole": "=="}
_TONED: Final = Modifier("respectAccents")
_OURS: Final[Mapping[str, str]] = MappingProxyType({})


def write(node: Node, sort: tuple[Sorted, ...] = (), indexes: Mapping[str, str] = _OURS) -> str:
    """Give the CQL of a tree; raises `KeyError` for an access point there is not. `indexes`: access points that are
    called otherwise where this is asked.
    """
    keys = tuple(
        SortKey(_index(key.access_point, indexes), (Modifier("sort.descending"),) if key.descending else ())
        for key in sort
    )
    return cql_syntax.write(cql_syntax.Query(_node(node, indexes), keys))


def _node(node: Node, indexes: Mapping[str, str]) -> cql_syntax.Node:
    match node:
        case Term():
            return _clause(node, indexes)
        case And(left, right):
            return Boolean("and", _node(left, indexes), _node(right, indexes))
        case Or(left, right):
            return Boolean("or", _node(left, indexes), _node(right, indexes))
        case Not(left, right):
            return Boolean("not", _node(left, indexes), _node(right, indexes))
        case Near(left, right, distance, ordered):
            return Boolean("prox", _node(left, indexes), _node(right, indexes), _nearness(distance, ordered))
        case Everything():
            return Clause("1", "cql.allRecords", Relation("="))


def _nearness(distance: int, ordered: bool) -> tuple[Modifier, ...]:
    said = [Modifier("distance", "<=", str(distance))] if distance != 1 else []
    return (*said, Modifier("ordered")) if ordered else tuple(said)


def _clause(term: Term, indexes: Mapping[str, str]) -> Clause:
    point = _point(term.access_point)
    text = escaped(term.text, term.masked)
    if term.truncated or (term.match == "begins" and point.kind == "code"):
        text += "*"
    if point.kind == "text":
        text = f"^{text}" if term.match == "begins" else f"{text}^" if term.match == "ends" else text
        relation = _RELATIONS[term.match]
    else:
        relation = term.relation
    return Clause(text, _index(point.name, indexes), Relation(relation, (_TONED,) if term.toned else ()))


def _index(name: str, indexes: Mapping[str, str]) -> str:
    return indexes.get(name) or _point(name).cql[0]


def _point(name: str) -> AccessPoint:
    found = by_name(name)
    if found is None:
        raise KeyError(name)
    return found
