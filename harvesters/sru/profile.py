"""How one target is to be asked: the options of a source of the kind `sru`, read as values.

In: the options an operator typed. Out: a `Profile`, or a `SourceRefused` that names the option that is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from harvesters import http
from harvesters.errors import SourceRefused
from harvesters.options import Option, number, text, whole
from harvesters.parts import YEARS
from harvesters.sru import query as cql
from harvesters.sru.explain import VERSIONS
from harvesters.sru.names import ID, Names, names

VERSION: Final = Option("version", "auto", "version of SRU: 1.1, 1.2, 2.0, or auto: what the server's Explain says")
SCHEMA: Final = Option("schema", "", "recordSchema, short name or URI; empty: MARCXML, else Dublin Core")
PACKING: Final = Option("packing", "xml", "how records are packed in the answer: xml or string")
QUERY: Final = Option("query", "cql.allRecords=1", "CQL that finds everything that is to be harvested")
PAGE: Final = Option("page_size", "50", "records asked for at once; a server may give fewer", 1, 10_000)
CAP: Final = Option("cap", "0", "records that the server gives of one result; 0: find out", 0, 1_000_000_000)
PARTS: Final = Option(
    "parts", "", "how to divide what is over the cap: scan:INDEX, years:INDEX, keys:INDEX or numbers:INDEX:FROM-TO"
)
SORT: Final = Option("sort", "", "sortKeys of SRU 1.1, what stands behind sortBy in 1.2 and 2.0; empty: unsorted")
CHANGED: Final = Option("changed_index", "", "index with the day of the last change, such as rec.lastModificationDate")
FORM: Final = Option("changed_format", "%Y-%m-%d", "how that index writes a day (strftime), such as %Y%m%d")
OVERLAP: Final = Option(
    "overlap", "86400", "seconds by which a harvest reaches back before the last one", 0, 31_536_000
)
MOST: Final = Option("max_records", "20000000", "records after which a run ends as partial", 1, 1_000_000_000)
OPTIONS: Final = (
    *(VERSION, SCHEMA, PACKING, QUERY, PAGE, CAP, PARTS, SORT, ID, CHANGED, FORM, OVERLAP, MOST),
    *http.OPTIONS,
)
_WAYS: Final = ("scan", "years", "keys", "numbers")
_SPAN: Final = re.compile(r"(\d{1,18})-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Division:
    """Along what a result over the cap is divided; `span` are the outermost cuts of whole numbers."""

    way: str
    index: str
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Profile:
    """The options as values; `division` is None where nothing is divided."""

    version: str
    schema: str
    packing: str
    query: str
    page_size: int
    cap: int
    division: Division | None
    sort: str
    names: Names
    changed: str
    changed_form: str
    overlap: timedelta
    most: int


def profile(given: Mapping[str, str]) -> Profile:
    """Read the options; raises `SourceRefused`."""
    changed = text(CHANGED, given)
    return Profile(
        version=_one_of(VERSION, given, ("auto", *VERSIONS)),
        schema=text(SCHEMA, given),
        packing=_one_of(PACKING, given, ("xml", "string")),
        query=text(QUERY, given) or QUERY.default,
        page_size=whole(PAGE, given),
        cap=whole(CAP, given),
        division=_division(text(PARTS, given)),
        sort=text(SORT, given),
        names=names(text(ID, given)),
        changed=cql.index(changed, CHANGED.name) if changed else "",
        changed_form=_form(text(FORM, given)),
        overlap=timedelta(seconds=number(OVERLAP, given)),
        most=whole(MOST, given),
    )


def _one_of(option: Option, given: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    found = text(option, given).lower() or option.default
    if found not in allowed:
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write one of {', '.join(allowed)}")
    return found


def _division(found: str) -> Division | None:
    if not found:
        return None
    way, _, rest = found.partition(":")
    name, _, span = rest.partition(":")
    outermost = _SPAN.fullmatch(span)
    if way not in _WAYS or bool(span) != (way == "numbers") or (span and not outermost):
        message = f"option {PARTS.name} is {found!r}; write {PARTS.meaning.partition(': ')[2]}"
        raise SourceRefused("option-invalid", message)
    cuts = (int(outermost[1]), int(outermost[2])) if outermost else YEARS
    if cuts[0] >= cuts[1]:
        raise SourceRefused("option-invalid", f"option {PARTS.name} is {found!r}; write the smaller number first")
    return Division(way, cql.index(name, PARTS.name), cuts)


def _form(found: str) -> str:
    written = datetime(2026, 11, 7, tzinfo=UTC).strftime(found)
    if not all(piece in written for piece in ("2026", "11", "07")):
        raise SourceRefused("option-invalid", f"option {FORM.name} is {found!r}; it must write year, month and day")
    return found
