"""What a client asked: the parameters of one request, read by the rules of its version of SRU.

In: the query string and the body of a POST, as bytes. Out: an `Asked`, or `Refused` with the version to answer in and a
diagnostic. Versions 1.1 and 1.2 (Library of Congress, 2004 and 2008) name `operation` and `version`; in 2.0 (OASIS,
2013) `query` or `scanClause` alone tell what is asked. Extensions (`x-…`) are allowed by the standard and ignored.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl

from schemas.query.cql_syntax import MOST_CHARACTERS
from schemas.query.diagnostics import Diagnostic

Operation = Literal["explain", "searchRetrieve", "scan"]
Version = Literal["1.1", "1.2", "2.0"]
VERSIONS: Final[tuple[Version, ...]] = ("1.1", "1.2", "2.0")
OPERATIONS: Final[tuple[Operation, ...]] = ("explain", "searchRetrieve", "scan")

#: limits that no honest client meets: bytes of all parameters (a query in percent-encoded UTF-8 and more), their number
MOST_BYTES: Final = 9 * MOST_CHARACTERS + 8_192
MOST_PARAMETERS: Final = 64
#: records and terms in one answer: more are not refused, the answer is shorter
MOST_RECORDS: Final = 100
DEFAULT_RECORDS: Final = 10
MOST_TERMS: Final = 100
DEFAULT_TERMS: Final = 20
#: a record further down is reached by a narrower query
DEEPEST: Final = 10_000
MOST_FACET_VALUES: Final = 200
DEFAULT_FACET_VALUES: Final = 10

#: the one sheet for people
STYLE: Final = "style.xsl"
_STYLE: Final = ("stylesheet",)
_ONE: Final = {
    "explain": ("recordPacking", *_STYLE),
    "searchRetrieve": (
        *("query", "startRecord", "maximumRecords", "recordPacking", "recordSchema", "recordXPath", "resultSetTTL"),
        *("sortKeys", *_STYLE),
    ),
    "scan": ("scanClause", "responsePosition", "maximumTerms", *_STYLE),
}
_ASKED_HOW: Final = ("httpAccept", "responseType", "renderedBy", *_STYLE)
_TWO: Final = {
    "explain": ("recordPacking", "recordXMLEscaping", *_ASKED_HOW),
    "searchRetrieve": (
        *("query", "queryType", "startRecord", "maximumRecords", "recordPacking", "recordXMLEscaping", "recordSchema"),
        *("resultSetTTL", "sortKeys", "facetLimit", "facetStart", "facetSort", *_ASKED_HOW),
    ),
    "scan": ("scanClause", "responsePosition", "maximumTerms", *_ASKED_HOW),
}
_NEEDED: Final = {"explain": (), "searchRetrieve": ("query",), "scan": ("scanClause",)}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


class Refused(Exception):
    """The request is answered with a diagnostic, in this version and as this operation."""

    def __init__(self, diagnostic: Diagnostic, version: Version = "2.0", operation: Operation = "explain") -> None:
        super().__init__(str(diagnostic))
        self.diagnostic = diagnostic
        self.version = version
        self.operation = operation


class _Wrong(Exception):
    def __init__(self, number: int, details: str, message: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(number, shown(details), message)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that follows the grammar. `start` counts from 1; `limit` is what we give at most.

    `facets`: how many values of each index, "" for every facet. `echo`: the parameters as they came.
    """

    operation: Operation
    version: Version
    query: str = ""
    query_type: str = "cql"
    start: int = 1
    limit: int = DEFAULT_RECORDS
    escaped: bool = False
    schema: str = ""
    sort_keys: str = ""
    position: int = 1
    facets: Mapping[str, int] = field(default_factory=dict)
    facet_start: int = 1
    by_value: bool = False
    echo: Mapping[str, str] = field(default_factory=dict)

    @property
    def modern(self) -> bool:
        """Whether it is SRU 2.0."""
        return self.version == "2.0"


def read(*texts: bytes) -> Asked:
    """Read a request from its query string and its form body; raises `Refused`."""
    version: Version = "2.0"
    operation: Operation = "explain"
    try:
        pairs = [pair for text in texts for pair in _pairs(text)]
        given = dict(pairs)
        operation = _operation(given)
        version = _version(given)
        _check(pairs, operation, version)
        return _asked(given, operation, version)
    except _Wrong as wrong:
        raise Refused(wrong.diagnostic, version, operation) from None


def shown(text: str) -> str:
    """Give what was received, short and in characters that XML has."""
    return _NOT_XML.sub("\ufffd", text[:200])


def _pairs(text: bytes) -> list[tuple[str, str]]:
    if len(text) > MOST_BYTES:
        raise _Wrong(12, str(MOST_BYTES), f"the parameters are longer than {MOST_BYTES} bytes")
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise _Wrong(6, "", "the parameters are not percent-encoded UTF-8") from None
    if len(pairs) > MOST_PARAMETERS:
        raise _Wrong(6, str(MOST_PARAMETERS), "too many parameters")
    for name, value in pairs:
        if _NOT_XML.search(value):
            raise _Wrong(6, name, "it has characters that XML has not")
    return pairs


def _operation(given: Mapping[str, str]) -> Operation:
    named = given.get("operation")
    if named is None:
        return "searchRetrieve" if "query" in given else "scan" if "scanClause" in given else "explain"
    for operation in OPERATIONS:
        if operation == named:
            return operation
    raise _Wrong(4, named, f"there are {', '.join(OPERATIONS)}")


def _version(given: Mapping[str, str]) -> Version:
    stated = given.get("version", "")
    if not stated and "operation" in given:
        return "1.2"  # which of the older ones is meant, `_check` asks
    for version in VERSIONS:
        if version == (stated or "2.0"):
            return version
    raise _Wrong(5, VERSIONS[-1], f"the highest version supported is {VERSIONS[-1]}")


def _check(pairs: list[tuple[str, str]], operation: Operation, version: Version) -> None:
    counts = Counter(name for name, _ in pairs)
    known = {"operation", "version", *(_TWO if version == "2.0" else _ONE)[operation]}
    for name, count in counts.items():
        if name not in known and not name.startswith(("x-", "extraRequestData")):
            raise _Wrong(8, name)
        if count > 1 and name in known:
            raise _Wrong(6, name, "it is given more than once")
    needed = [*_NEEDED[operation], *(("operation", "version") if _is_named(counts, operation, version) else ())]
    for name in needed:
        if name not in counts:
            raise _Wrong(7, name)
    if "recordXPath" in counts:
        raise _Wrong(72, "")


def _is_named(counts: Mapping[str, int], operation: Operation, version: Version) -> bool:
    return version != "2.0" and (operation != "explain" or not counts)


def _asked(given: Mapping[str, str], operation: Operation, version: Version) -> Asked:
    values = {name: value.strip() for name, value in given.items()}
    _check_wishes(values)
    modern = version == "2.0"
    limit = _number(values, "maximumRecords", DEFAULT_RECORDS, 0)
    terms = _number(values, "maximumTerms", DEFAULT_TERMS, 1)
    position = _number(values, "responsePosition", 1, 0)
    if position > min(terms, MOST_TERMS) + 1:
        raise _Wrong(120, str(position))
    return Asked(
        operation,
        version,
        query=given.get("scanClause" if operation == "scan" else "query", ""),
        query_type=_one_of(values, "queryType", ("cql", "searchTerms"), 11),
        start=_number(values, "startRecord", 1, 1),
        limit=min(terms, MOST_TERMS) if operation == "scan" else min(limit, MOST_RECORDS),
        escaped=_escaped(values, modern),
        schema=values.get("recordSchema", ""),
        sort_keys=values.get("sortKeys", ""),
        position=position,
        facets=_facets(values.get("facetLimit", "")),
        facet_start=_number(values, "facetStart", 1, 1),
        by_value=_one_of(values, "facetSort", ("recordCount", "alphanumeric"), 6) == "alphanumeric",
        echo=given,
    )


def _check_wishes(values: Mapping[str, str]) -> None:
    _number(values, "resultSetTTL", 0, 0)
    if values.get("stylesheet", STYLE).rpartition("/")[2] != STYLE:  # nobody else's sheet may run on our pages
        raise _Wrong(111, values["stylesheet"], f"there is {STYLE} only")
    if (accepted := values.get("httpAccept")) and not re.search(r"xml|\*/\*", accepted):
        raise _Wrong(6, "httpAccept", "answers are application/sru+xml")
    if (wanted := values.get("responseType")) and "xml" not in wanted:
        raise _Wrong(6, "responseType", "answers are application/sru+xml")
    _one_of(values, "renderedBy", ("client",), 6)


def _number(values: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = values.get(name, "")
    if not text:
        return default
    if not _NUMBER.fullmatch(text) or int(text) < least:
        raise _Wrong(6, name, f"{shown(text)} is not a number of {least} or more")
    return int(text)


def _one_of(values: Mapping[str, str], name: str, known: tuple[str, ...], number: int) -> str:
    value = values.get(name) or known[0]
    if value not in known:
        raise _Wrong(number, value if number != 6 else name, f"{name} can be {', '.join(known)}")
    return value


def _escaped(values: Mapping[str, str], modern: bool) -> bool:
    if not modern:
        return _one_of(values, "recordPacking", ("xml", "string"), 71) == "string"
    _one_of(values, "recordPacking", ("packed", "unpacked"), 71)
    return _one_of(values, "recordXMLEscaping", ("xml", "string"), 71) == "string"


def _facets(text: str) -> dict[str, int]:
    """Read `10`, `5:dc.subject`, `10,5:dc.subject`: how many values of every facet, or of some indexes."""
    found: dict[str, int] = {}
    for part in filter(None, text.split(",")):
        most, _, index = part.strip().partition(":")
        if not _NUMBER.fullmatch(most):
            raise _Wrong(6, "facetLimit", "it is 10, or 5:dc.subject, or several of these with commas between")
        found[index.strip()] = min(int(most), MOST_FACET_VALUES)
    return found
