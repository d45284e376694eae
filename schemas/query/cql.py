"""What a CQL query means: its names looked up in context sets and access points, its relations as matches.

In: text, or what `cql_syntax` made of it. Out: an `Asked`: the query tree that all doors share, and what to sort by.
`=` on words asks for them side by side, `all` and a term by itself for all of them in any order; `==` for the whole
value; `/respectAccents` for the tones as typed. What is not supported is a `QuerySyntaxError` whose code has its SRU
and Bib-1 diagnostic in `diagnostics`; nothing is left out silently. Source: CQL 1.2 and its context set 1.2.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final, cast

from schemas.errors import QuerySyntaxError
from schemas.maps.tables import rows
from schemas.query import cql_terms
from schemas.query.access_points import AccessPoint, by_cql, code
from schemas.query.cql_syntax import Boolean, Clause, Modifier, Node, Prefixed, Query, Relation, SortKey, parse
from schemas.query.cql_terms import Signed
from schemas.query.tree import And, Everything, Match, Near, Not, Or, Term
from schemas.query.tree import Node as Tree
from schemas.query.tree import Relation as Compared

_ANY: Final = "cql.serverchoice"
#: what stands where no relation was written
_BY_ITSELF: Final = Relation("scr")
_COMPARED: Final = ("<", "<=", ">=", ">")
_LIKE: Final[Mapping[str, Match]] = {
    "=": "phrase",
    "adj": "phrase",
    "==": "whole",
    "exact": "whole",
    "scr": "words",
    "all": "words",
}
_NEGATED: Final = "<>"
_JOINS: Final[Mapping[str, Callable[[Tree, Tree], Tree]]] = {"and": And, "or": Or, "not": Not}
#: relation modifiers that say what we do anyway, or only shape ranks
_IDLE: Final = ("masked", "ignorecase", "ignoreaccents", "relevant", "word", "isodate", "number")
_YEAR: Final = re.compile(r"[0-9]{1,4}|[0-9]{1,3}\*|[0-9]{0,4}-[0-9]{0,4}")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_ASCENDING: Final = {"ascending": False, "descending": True}
#: sort modifiers that say what we do anyway: values that are missing come last, case and marks do not count
_USUAL_SORT: Final = ("ignorecase", "ignoreaccents", "missinghigh", "respectaccents")


@dataclass(frozen=True, slots=True)
class Sorted:
    """Sort by an access point, from the low end or from the high one."""

    access_point: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the order wanted, the most important key first."""

    node: Tree
    sort: tuple[Sorted, ...] = ()


def read(text: str) -> Asked:
    """Read a query; raises `QuerySyntaxError`."""
    return meaning(parse(text))


def scan_clause(text: str) -> tuple[AccessPoint, str]:
    """Give the access point and the term that a scan begins at; raises `QuerySyntaxError`."""
    query, prefixes = parse(text), _own_prefixes()
    node = query.node
    while isinstance(node, Prefixed):
        prefixes, node = _within(prefixes, node), node.query
    if not isinstance(node, Clause) or query.sort:
        raise QuerySyntaxError("cql-syntax", "a scan begins at one clause: an index, a relation and a term", text[:80])
    if node.relation:
        _how(node.relation)
    point = _known(_ANY if node.index is None else _qualified(node.index, prefixes), node.index or _ANY)
    return point, cql_terms.read(node.term).text


def sort_key(path: str, descending: bool = False) -> Sorted:
    """Read the name of an index to sort by; raises `QuerySyntaxError`."""
    return Sorted(_known(_qualified(path, _own_prefixes()), path).name, descending)


def meaning(query: Query) -> Asked:
    """Say what a query asks; raises `QuerySyntaxError` for what is not supported."""
    inner, node = _own_prefixes(), query.node
    while isinstance(node, Prefixed):
        inner, node = _within(inner, node), node.query
    return Asked(_node(node, inner), tuple(_sorted(key, inner) for key in query.sort))


def _own_prefixes() -> Mapping[str, str]:
    return {row["prefix"]: row["prefix"] for row in rows("context_sets", "schemas.query")}


def _within(prefixes: Mapping[str, str], assigned: Prefixed) -> Mapping[str, str]:
    """Give the prefixes that hold inside an assignment."""
    known = {row["uri"].lower(): row["prefix"] for row in rows("context_sets", "schemas.query")}
    found = known.get(assigned.uri.lower())
    if found is None:
        message = f"the context set {assigned.uri} is not known here; explain lists those that are"
        raise QuerySyntaxError("cql-set-unknown", message, assigned.uri)
    return {**prefixes, assigned.prefix.lower(): found}


def _node(node: Node, prefixes: Mapping[str, str]) -> Tree:
    match node:
        case Prefixed():
            return _node(node.query, _within(prefixes, node))
        case Boolean("prox"):
            return _near(node, prefixes)
        case Boolean():
            if node.modifiers:
                raise _unsupported("cql-boolean-modifier", node.modifiers[0].name)
            return _JOINS[node.operator](_node(node.left, prefixes), _node(node.right, prefixes))
        case Clause():
            return _clause(node, prefixes)


# --- names ----------------------------------------------------------------------------------------------------------


def _qualified(name: str, prefixes: Mapping[str, str]) -> str:
    """Give a name with the prefix of its context set as we call it, in small letters."""
    prefix, dot, base = name.lower().partition(".")
    if not dot:
        prefix, base = "", name.lower()
    known = prefixes.get(prefix)
    if known is None:
        if prefix:
            message = f"the context set {prefix} of {name} is not known here"
            raise QuerySyntaxError("cql-set-unknown", message, prefix)
        return base
    return f"{known}.{base}"


def _known(qualified: str, name: str) -> AccessPoint:
    found = by_cql(qualified)
    if found is None:
        raise QuerySyntaxError("cql-index-unknown", f"there is no index {name}; explain lists those there are", name)
    return found


def _base(name: str) -> str:
    return name.lower().removeprefix("cql.").removeprefix("sort.")


def _unsupported(found: str, what: str) -> QuerySyntaxError:
    return QuerySyntaxError(found, f"{what} is not supported here", what)


# --- clauses --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _How:
    """A relation, read: its name, and what its modifiers say."""

    name: str
    toned: bool = False
    unmasked: bool = False


def _clause(clause: Clause, prefixes: Mapping[str, str]) -> Tree:
    how = _how(clause.relation or _BY_ITSELF)
    named = _ANY if clause.index is None else _qualified(clause.index, prefixes)
    if named in ("cql.allrecords", "allrecords"):
        return Everything()
    if named in ("cql.resultsetid", "resultsetid"):
        raise _unsupported("cql-result-sets", "a result set in a query")
    point = _known(named, clause.index or _ANY)
    if how.name == _NEGATED:
        return Not(Everything(), _stated(point, _How("=", how.toned, how.unmasked), clause.term))
    return _stated(point, how, clause.term)


def _how(relation: Relation) -> _How:
    name, said = _base(relation.name), [_base(modifier.name) for modifier in relation.modifiers]
    if name not in (*_LIKE, *_COMPARED, _NEGATED, "any", "within"):
        raise _unsupported("cql-relation-unknown", relation.name)
    for modifier, stated in zip(relation.modifiers, said, strict=True):
        if modifier.comparison or stated not in (*_IDLE, "unmasked", "respectaccents", "string"):
            raise _unsupported("cql-relation-modifier", modifier.name)
    name = "==" if "string" in said and name in ("=", "scr") else name
    return _How(name, "respectaccents" in said, "unmasked" in said)


def _stated(point: AccessPoint, how: _How, term: str) -> Tree:
    _check_asked(term, term)
    if how.name == "any":
        return _each(point, how, term, Or)
    if how.name == "all" and point.kind != "text":
        return _each(point, how, term, And)
    if point.field in ("year", "id"):
        return _number(point, how, term)
    if how.name not in _LIKE:
        message = f"{how.name} cannot be asked of {point.name}"
        raise QuerySyntaxError("cql-relation-of-index", message, point.name)
    signed = cql_terms.read(term, how.unmasked)
    _check_asked(signed.text, term)
    return _code(point, signed) if point.kind == "code" else _text(point, how, signed)


def _check_asked(text: str, term: str) -> None:
    if not text.strip():
        raise QuerySyntaxError("cql-term-empty", "nothing was asked for; `cql.allRecords = 1` asks for all", term)


def _each(point: AccessPoint, how: _How, term: str, join: Callable[[Tree, Tree], Tree]) -> Tree:
    one = _How("scr", how.toned, how.unmasked)
    return reduce(join, [_stated(point, one, word) for word in term.split()])


def _text(point: AccessPoint, how: _How, signed: Signed) -> Term:
    found: Match = _LIKE[how.name]
    if signed.first or signed.last:
        if how.name == "all" and len(signed.text.split()) > 1:
            raise QuerySyntaxError("cql-anchor", "^ ties a phrase to its place; ask with = or adj", signed.text)
        found = _anchored(signed, found)
    if signed.begun:
        return Term(point.name, signed.text, found, truncated=True, toned=how.toned)
    return Term(point.name, signed.text, found, masked=signed.masked, toned=how.toned)


def _anchored(signed: Signed, found: Match) -> Match:
    if found == "whole" or (signed.first and signed.last):
        return "whole"
    return "begins" if signed.first else "ends"


def _code(point: AccessPoint, signed: Signed) -> Term:
    if signed.begun:
        return Term(point.name, signed.text, "begins")
    if signed.masked:
        return Term(point.name, signed.text, "whole", masked=True)
    return Term(point.name, code(point, signed.text), "whole")


def _number(point: AccessPoint, how: _How, term: str) -> Tree:
    text, year = term.strip(), point.field == "year"
    if how.name == "within":
        years = text.split()
        if len(years) != 2 or not all(_NUMBER.fullmatch(bound) for bound in years):
            raise QuerySyntaxError("cql-term-format", 'within takes two numbers, as in within "1990 1999"', text)
        return And(Term(point.name, years[0], "whole", ">="), Term(point.name, years[1], "whole", "<="))
    if how.name in _COMPARED and _NUMBER.fullmatch(text):
        return Term(point.name, text, "whole", cast(Compared, how.name))
    if how.name in _COMPARED or text == "-" or not (_YEAR if year else _NUMBER).fullmatch(text):
        what = "a year (2012), a beginning (199*) or a span (1990-1999)" if year else "a number"
        raise QuerySyntaxError("cql-term-format", f"{text} is not {what}", point.name)
    if text.endswith("*"):
        return Term(point.name, text[:-1], truncated=True)
    return Term(point.name, text, "whole")


# --- proximity and order --------------------------------------------------------------------------------------------


def _near(node: Boolean, prefixes: Mapping[str, str]) -> Near:
    distance, ordered = 1, False
    for modifier in node.modifiers:
        name = _base(modifier.name)
        if name == "distance":
            distance = _distance(modifier)
        elif name in ("ordered", "unordered"):
            ordered = name == "ordered"
        elif name == "unit":
            if _base(modifier.value) != "word":
                raise _unsupported("cql-prox-unit", modifier.value)
        else:
            raise _unsupported("cql-boolean-modifier", modifier.name)
    left, right = _node(node.left, prefixes), _node(node.right, prefixes)
    if not (isinstance(left, Term) and isinstance(right, Term)) or left.access_point != right.access_point:
        message = "prox joins two terms of one index"
        raise QuerySyntaxError("cql-prox-operands", message, "prox")
    if left.match not in ("words", "phrase") or right.match not in ("words", "phrase"):
        raise QuerySyntaxError("cql-prox-operands", "prox and ^ or == do not go together", "prox")
    return Near(left, right, distance, ordered)


def _distance(modifier: Modifier) -> int:
    stated = int(modifier.value) if _NUMBER.fullmatch(modifier.value) else 0
    words = stated - 1 if modifier.comparison == "<" else stated
    if modifier.comparison not in ("<", "<=", "=") or (modifier.comparison == "=" and stated != 1):
        raise _unsupported("cql-prox-relation", f"distance {modifier.comparison} {modifier.value}")
    if words < 1:
        raise _unsupported("cql-prox-distance", f"distance {modifier.comparison} {modifier.value}")
    return words


def _sorted(key: SortKey, prefixes: Mapping[str, str]) -> Sorted:
    descending = False
    for modifier in key.modifiers:
        name = _base(modifier.name)
        if name in _ASCENDING:
            descending = _ASCENDING[name]
        elif name not in _USUAL_SORT:
            raise _unsupported("cql-sort-modifier", modifier.name)
    return Sorted(_known(_qualified(key.index, prefixes), key.index).name, descending)
