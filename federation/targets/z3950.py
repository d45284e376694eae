"""One question put to a target that speaks Z39.50.

In: its address and options, a query tree, which records are wanted. Out: `Received`; raises `HarvestError`, and
`EncodeError` for what Bib-1 cannot say. A record syntax or element set that is refused is followed by the next; records
that came are given even when the others do not.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from federation.targets.profile import ELEMENTS, SYNTAX, SYNTAXES, Habits
from federation.targets.received import Place, Received, hurried
from harvesters.base import Harvested, SourceSpec
from harvesters.errors import HarvestError
from harvesters.options import text
from harvesters.z3950 import address
from harvesters.z3950.client import Client, Found, Wanted
from harvesters.z3950.faults import BEYOND, Diagnosed
from harvesters.z3950.received import payload
from schemas.issues import BROKEN
from schemas.query import rpn_write
from schemas.query.foreign import adapted, said
from schemas.query.tree import Node
from schemas.z3950 import oid
from schemas.z3950.retrieval import NamedRecord
from schemas.z3950.rpn import Operand, Operator, ResultSetOperand, Rpn

#: diagnostics that say the records can be had in another form: element set, its type, record syntax
_OF_FORM: Final = (22, 25, 26, 227, 238, 239, 1026)

#: diagnostics that say the same can be asked in another way: type of an attribute, relation, structure, position,
#: completeness, combination of them
_OF_MANNER: Final = (113, 117, 118, 119, 122, 123)


def ask(spec: SourceSpec, habits: Habits, node: Node, place: Place) -> Received:
    """Put a question; raises `HarvestError` and `EncodeError`."""
    queries = [said(rpn_write.write(adapted(node, manner)), manner).root for manner in habits.manners]
    with Client(address.read(spec.url), hurried(spec.options, place)) as client:
        found = _searched(client, list(dict.fromkeys(queries)))
        wanted = min(place.most, found.hits - place.start + 1)
        records, note = _presented(client, _ways(spec.options), place.start, wanted)
    return Received(found.hits, tuple(map(_harvested, records)), "; ".join(filter(None, (found.doubt, note))))


def _searched(client: Client, queries: list[Rpn]) -> Found:
    """Ask the first of these queries that is understood."""
    try:
        return client.search(_in_letters(queries[0], client))
    except Diagnosed as error:
        if error.number not in _OF_MANNER or len(queries) == 1:
            raise
        return _searched(client, queries[1:])


def _in_letters(rpn: Rpn, client: Client) -> Rpn:
    """Give the query with its terms in the charset that the target reads."""
    match rpn:
        case Operand(_, str() as term):
            return replace(rpn, term=client.term(term))
        case Operator(_, left, right):
            return replace(rpn, left=_in_letters(left, client), right=_in_letters(right, client))
        case Operand() | ResultSetOperand():
            return rpn


def _ways(options: Mapping[str, str]) -> list[Wanted]:
    """Give the forms in which records are asked for, the best first."""
    syntax, elements = text(SYNTAX, options).lower(), text(ELEMENTS, options)
    first = SYNTAXES.get(syntax, oid.USMARC)
    others = [each for each in (oid.USMARC, oid.XML) if each != first] if syntax == SYNTAX.default else []
    ways = [Wanted(each, named) for each in (first, *others) for named in (elements, "")]
    return list(dict.fromkeys(ways))


def _presented(client: Client, ways: list[Wanted], start: int, most: int) -> tuple[list[NamedRecord], str]:
    """Fetch records until so many came; what came before something went wrong stays, and that is told."""
    found: list[NamedRecord] = []
    while len(found) < most:
        try:
            came = client.present(start + len(found), most - len(found), ways[0]).records
        except HarvestError as error:
            if isinstance(error, Diagnosed) and error.number in _OF_FORM and len(ways) > 1:
                ways = ways[1:]
            elif found or (isinstance(error, Diagnosed) and error.number == BEYOND):
                return found, f"the records from place {start + len(found)} on did not come: {error.message}"
            else:
                raise
            continue
        if not came:
            return found, f"the records from place {start + len(found)} on did not come"
        found += came
    return found, ""


def _harvested(record: NamedRecord) -> Harvested:
    found = payload(record)
    findings = (BROKEN,) if found.fault else ()
    return Harvested("", found.content, found.syntax, found.fault, findings=findings)
