"""Scan and Sort of the Z39.50 door.

In: a request and the catalogue. Out: for a scan the terms around a place; for a sort the result set in its new order.
What cannot be done is `Refused` or a `QuerySyntaxError`. One key is the order of the index, for sets of any size; by
several keys small sets are sorted. Order is that of a Vietnamese dictionary; case does not count, whatever a client
says, and what lacks a value comes last. Z39.50-1995, 3.2.7 and 3.2.8.
"""

from functools import reduce
from typing import Final

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.records import Heading, Scan
from federation.index.engine import Question, sorting
from federation.z3950.refusals import Refused
from federation.z3950.sets import ResultSet, ResultSets
from schemas.marc import marc8_write
from schemas.query import rpn_charset, rpn_terms
from schemas.query.access_points import AccessPoint, by_cql, by_name, by_prefix
from schemas.query.charset_names import MARC_8, UTF_8
from schemas.query.cql import Sorted
from schemas.query.tree import Node, Or
from schemas.z3950.browsing import (
    ScanRequest,
    ScanResponse,
    ScanStatus,
    SortAttributes,
    SortRequest,
    SortSpec,
    TermInfo,
)
from schemas.z3950.rpn import BIB1

MOST_TERMS: Final = 200
#: records that are sorted by more than one key
MOST_SORTED: Final = 1_000
MOST_KEYS: Final = 4
MOST_INPUTS: Final = 10


# --- scan -------------------------------------------------------------------------------------------------------------


def scan(request: ScanRequest, catalogue: Catalogue, charset: str) -> ScanResponse:
    """Give the terms around a place."""
    before, after, skipping = _places(request)
    how = rpn_terms.read(request.start.attributes, request.attribute_set or BIB1)
    point = rpn_terms.access_point(how)
    term = rpn_charset.text(request.start.term, charset).strip()[: rpn_terms.MOST_CHARACTERS]
    found = catalogue.scan(point.name, term, before, after + skipping)
    return _terms(found, request, after, skipping, charset)


def _places(request: ScanRequest) -> tuple[int, int, bool]:
    """Say how many terms come before the place and from it on, and whether the very term is passed over."""
    position = 1 if request.position is None else request.position
    if request.step:
        raise Refused(206, request.step)
    if request.count < 1:
        raise Refused(228, request.count)
    if request.count > MOST_TERMS:
        raise Refused(1029, f"at most {MOST_TERMS}")
    if not 0 <= position <= request.count + 1:
        raise Refused(233, position)
    before = max(position - 1, 0)
    return before, request.count - before, position == 0


def _terms(found: Scan, request: ScanRequest, after: int, skipping: bool, charset: str) -> ScanResponse:
    above = found.after[1:] if skipping and found.exact else found.after
    headings = (*found.before, *above[: max(after, 0)])
    entries = tuple(_term(heading, charset) for heading in headings)
    return ScanResponse(
        status=ScanStatus.SUCCESS if len(entries) == request.count else ScanStatus.PARTIAL_5,
        returned=len(entries),
        entries=entries,
        position=0 if skipping else len(found.before) + 1,
        step=0,
    )


def _term(heading: Heading, charset: str) -> TermInfo:
    return TermInfo(_encoded(heading.value, charset), heading.count, heading.label or None)


def _encoded(value: str, charset: str) -> bytes:
    if charset == MARC_8:
        return marc8_write.encode(value)
    return value.encode(charset, "replace" if charset != UTF_8 else "strict")


# --- sort -------------------------------------------------------------------------------------------------------------


def sort(request: SortRequest, sets: ResultSets, catalogue: Catalogue) -> ResultSet:
    """Give a result set in a new order; several sets become one."""
    if not request.inputs:
        raise Refused(208)
    if len(request.inputs) > MOST_INPUTS:
        raise Refused(230, len(request.inputs))
    inputs = [sets.get(name) for name in dict.fromkeys(request.inputs)]
    keys = _keys(request.keys)
    node: Node = reduce(Or, [each.node for each in inputs])
    total = inputs[0].total if len(inputs) == 1 else catalogue.find(Question(node, limit=0)).total
    if len(keys) == 1:
        return ResultSet(node, total, inputs[0].database, sorting(keys))
    if total > MOST_SORTED:
        raise Refused(211, f"more than {MOST_SORTED} records are sorted by one key only")
    ids = catalogue.ordered(catalogue.find(Question(node, limit=MOST_SORTED)).ids, keys)
    return ResultSet(node, len(ids), inputs[0].database, ids=ids)


def _keys(specs: tuple[SortSpec, ...]) -> tuple[Sorted, ...]:
    if not specs:
        raise Refused(237)
    if len(specs) > MOST_KEYS:
        raise Refused(211, f"at most {MOST_KEYS}")
    keys = tuple(map(_key, specs))
    names = [key.access_point for key in keys]
    if len(set(names)) < len(names):
        raise Refused(212, ", ".join(names))
    return keys


def _key(spec: SortSpec) -> Sorted:
    if spec.relation not in (0, 1):
        raise Refused(214, spec.relation)
    if spec.case not in (0, 1):
        raise Refused(215, spec.case)
    if spec.missing not in (None, "null"):
        raise Refused(213, "abort" if spec.missing == "abort" else "missingValueData")
    return Sorted(_sort_point(spec).name, spec.relation == 1)


def _sort_point(spec: SortSpec) -> AccessPoint:
    key = spec.key
    if isinstance(key, tuple):
        raise Refused(210)
    if isinstance(key, SortAttributes):
        return rpn_terms.access_point(rpn_terms.read(key.attributes, key.attribute_set))
    found = (by_name(key) or by_cql(key) or by_prefix(key)) if isinstance(key, str) else None
    if found is None:
        raise Refused(207, key if isinstance(key, str) else "")
    return found
