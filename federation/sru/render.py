"""How answers are written: the XML of SRU 1.1, 1.2 and 2.0.

In: what `answer` said, the request, the house. Out: UTF-8 bytes. 1.1 and 1.2 share one namespace (srw-types.xsd, 2004
and 2006), 2.0 has others for answers, scans, facets and diagnostics (OASIS searchRetrieve 1.0, 2013).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from federation.catalogue.records import UnionRecord
from federation.sru.answer import Explanation, Facet, Placed, Result, Said, Term, Terms, index_of
from federation.sru.explain import ZEEREX, House, explain
from federation.sru.request import Asked, Operation, Refused, Version
from federation.sru.xcql import clause, xcql
from schemas.crosswalks.xml_text import element, escaped, wrapped
from schemas.errors import QuerySyntaxError
from schemas.query import cql_syntax
from schemas.query.access_points import by_name
from schemas.query.cql_syntax import Clause, Relation
from schemas.query.cql_terms import escaped as cql_escaped
from schemas.query.diagnostics import Diagnostic

HOLDINGS: Final = "info:lienthong/holdings/1"
_DIAGNOSTICS: Final = "info:srw/schema/1/diagnostics-v1.1"
_FACETS: Final = "http://docs.oasis-open.org/ns/search-ws/facetedResults"
_XCQL: Final = "http://www.loc.gov/zing/cql/xcql/"


@dataclass(frozen=True, slots=True)
class _Names:
    """The namespaces of a version."""

    answer: str
    diagnostic: str
    scan: str


_ONE: Final = _Names(
    *("http://www.loc.gov/zing/srw/", "http://www.loc.gov/zing/srw/diagnostic/", "http://www.loc.gov/zing/srw/")
)
_TWO: Final = _Names(
    *(f"http://docs.oasis-open.org/ns/search-ws/{name}" for name in ("sruResponse", "diagnostic", "scan"))
)
#: parameters that an echo says again, in the order of the schemas; what belongs to one version only stands with it
_ECHOED: Final[Mapping[str, tuple[str, ...]]] = {
    "searchRetrieve": (
        *("version", "queryType", "query", "xQuery", "startRecord", "maximumRecords", "recordXMLEscaping"),
        *("recordPacking", "recordSchema", "resultSetTTL", "sortKeys"),
    ),
    "scan": ("version", "scanClause", "xScanClause", "responsePosition", "maximumTerms"),
    "explain": ("version", "recordXMLEscaping", "recordPacking"),
}
_NUMBERS: Final = ("startRecord", "maximumRecords", "resultSetTTL", "responsePosition", "maximumTerms")


def answer(house: House, asked: Asked, said: Said) -> bytes:
    """Write an answer."""
    match said:
        case Result():
            return _envelope(house, asked.version, "searchRetrieve", _result(house, asked, said))
        case Terms():
            body = wrapped("terms", "".join(map(_term, said.terms)))
            return _envelope(house, asked.version, "scan", body + _echo(house, asked))
        case Explanation():
            return _envelope(house, asked.version, "explain", _explained(house, asked, said) + _echo(house, asked))


def refusal(house: House, refused: Refused, explained: Callable[[], Explanation]) -> bytes:
    """Write a diagnostic; with an explain answer the record of it comes too, as the schemas want."""
    names = _names(refused.version)
    body = wrapped("diagnostics", _diagnostic(names, refused.diagnostic))
    if refused.operation == "explain":
        body = _explained(house, Asked("explain", refused.version), explained()) + body
    elif refused.operation == "searchRetrieve":
        body = "<numberOfRecords>0</numberOfRecords>" + body
    return _envelope(house, refused.version, refused.operation, body)


def unavailable(house: House, diagnostic: Diagnostic) -> bytes:
    """Write a diagnostic that comes before any request was read."""
    body = "<numberOfRecords>0</numberOfRecords>" + wrapped("diagnostics", _diagnostic(_ONE, diagnostic))
    return _envelope(house, "1.2", "searchRetrieve", body)


def _names(version: Version) -> _Names:
    return _TWO if version == "2.0" else _ONE


def _envelope(house: House, version: Version, operation: Operation, body: str) -> bytes:
    names = _names(version)
    if version != "2.0":
        opening, stated = f'{operation}Response xmlns="{names.answer}"', f"<version>{version}</version>"
        name = f"{operation}Response"
    elif operation == "scan":
        opening = f'sru:scanResponse xmlns:sru="{names.answer}" xmlns="{names.scan}"'
        name, stated = "sru:scanResponse", ""
    else:
        opening, name, stated = f'{operation}Response xmlns="{names.answer}"', f"{operation}Response", ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{escaped(house.style)}"?>\n'
    return f"{head}<{opening}>{stated}{body}</{name}>\n".encode()


def _diagnostic(names: _Names, diagnostic: Diagnostic) -> str:
    details = element("details", diagnostic.details)
    message = element("message", diagnostic.message)
    return f'<diagnostic xmlns="{names.diagnostic}"><uri>{diagnostic.uri}</uri>{details}{message}</diagnostic>'


# --- records ------------------------------------------------------------------------------------------------------


def _result(house: House, asked: Asked, said: Result) -> str:
    following = f"<nextRecordPosition>{said.following}</nextRecordPosition>" if said.following else ""
    return (
        f"<numberOfRecords>{said.total}</numberOfRecords>"
        + wrapped("records", "".join(_record(asked, said, placed) for placed in said.records))
        + following
        + _echo(house, asked)
        + (_faceted(house, asked, said.facets) if asked.modern and asked.facets else "")
    )


def _record(asked: Asked, said: Result, placed: Placed) -> str:
    if isinstance(placed.content, Diagnostic):
        schema, content = _DIAGNOSTICS, _diagnostic(_names(asked.version), placed.content)
    else:
        schema, content = said.schema.sru_uri, placed.content.decode()
    return _packed(asked, schema, content, placed)


def _packed(asked: Asked, schema: str, content: str, placed: Placed | None = None) -> str:
    data = escaped(content) if asked.escaped else content
    packing = "string" if asked.escaped else "xml"
    stated = (
        f"<recordPacking>packed</recordPacking><recordXMLEscaping>{packing}</recordXMLEscaping>"
        if asked.modern
        else f"<recordPacking>{packing}</recordPacking>"
    )
    place = f"<recordPosition>{placed.position}</recordPosition>" if placed else ""
    record = placed.record if placed else None
    identifier = element("recordIdentifier", record.identifier) if record and asked.version == "1.2" else ""
    held = wrapped("extraRecordData", _holdings(record)) if record else ""
    return (
        f"<record><recordSchema>{schema}</recordSchema>{stated}<recordData>{data}</recordData>"
        f"{place}{identifier}{held}</record>"
    )


def _holdings(record: UnionRecord) -> str:
    lines = "".join(
        f'<holding library="{escaped(held.member_code)}" asOf="{held.as_of.isoformat()}">'
        + element("localId", held.local_id)
        + element("location", held.location)
        + element("callNumber", held.call_number)
        + (f"<copies>{held.copies}</copies>" if held.copies else "")
        + element("note", held.note)
        + "</holding>"
        for held in record.holdings
    )
    stamp = record.datestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    return wrapped("holdings", lines, f'xmlns="{HOLDINGS}" address="{escaped(record.address)}" changed="{stamp}"')


def _explained(house: House, asked: Asked, said: Explanation) -> str:
    return _packed(asked, ZEEREX, explain(house, said, asked.version))


# --- terms and facets ---------------------------------------------------------------------------------------------


def _term(term: Term) -> str:
    return (
        f"<term>{element('value', term.heading.value)}<numberOfRecords>{term.heading.count}</numberOfRecords>"
        f"{element('displayTerm', term.heading.label)}<whereInList>{term.where}</whereInList></term>"
    )


def _faceted(house: House, asked: Asked, facets: Iterable[Facet]) -> str:
    inner = "".join(_facet(house, asked, facet) for facet in facets)
    return f'<facetedResults><facets xmlns="{_FACETS}">{inner}</facets></facetedResults>'


def _facet(house: House, asked: Asked, facet: Facet) -> str:
    point, index = by_name(facet.access_point), index_of(facet.access_point)
    terms = "".join(_value(house, asked, index, value, count) for value, count in facet.values)
    return (
        f"<facet>{element('facetDisplayLabel', point.label_vi if point else '')}<index>{index}</index>"
        f"<relation>=</relation><terms>{terms}</terms></facet>"
    )


def _value(house: House, asked: Asked, index: str, value: str, count: int) -> str:
    clause = cql_syntax.write(cql_syntax.Query(Clause(cql_escaped(value), index, Relation("=="))))
    narrowed = f"({asked.query}) and {clause}" if asked.query_type == "cql" else clause
    address = f"{house.base_url}?{urlencode({'query': narrowed})}"
    return (
        f"<term><actualTerm>{escaped(value)}</actualTerm><query>{escaped(clause)}</query>"
        f"<requestUrl>{escaped(address)}</requestUrl><count>{count}</count></term>"
    )


# --- the request again --------------------------------------------------------------------------------------------


def _echo(house: House, asked: Asked) -> str:
    name = f"echoed{asked.operation[0].upper()}{asked.operation[1:]}Request"
    if asked.modern and asked.operation == "scan":
        return wrapped(name, "".join(_echoed(asked)))
    inner = "".join(_echoed(asked))
    base = f"<baseUrl>{escaped(house.base_url)}</baseUrl>" if asked.version == "1.2" and inner else ""
    return wrapped(name, inner + (base if asked.operation == "searchRetrieve" else ""))


def _echoed(asked: Asked) -> Iterator[str]:
    for name in _ECHOED[asked.operation]:
        value = asked.echo.get(name, "")
        if name == "version":
            yield "" if asked.modern else f"<version>{asked.version}</version>"
        elif name in ("xQuery", "xScanClause"):
            yield _as_xcql(name, asked)
        else:
            yield element(name, value.strip() if name in _NUMBERS else value)


def _as_xcql(name: str, asked: Asked) -> str:
    """Say the query as XCQL, which the echo of 1.1 must have and that of 1.2 may."""
    if asked.modern:
        return ""
    try:
        node = cql_syntax.parse(asked.query).node
    except QuerySyntaxError:
        return ""
    inner = xcql(node, "x:") if name == "xQuery" else clause(node, "x:")
    return f'<{name} xmlns:x="{_XCQL}">{inner}</{name}>'
