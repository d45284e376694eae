"""How one target is to be asked: the options of a source of the kind `sru`, read as values.

In: the options an operator typed. Out: a `Profile`, or a `SourceRefused` that names the option that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from harvesters import http
from harvesters.names import ID, Names, names
from harvesters.options import Option, number, text, whole
from harvesters.searching import CAP, FORM, MOST, OVERLAP, PAGE, PARTS, Division, division, form, one_of
from harvesters.sru import query as cql
from harvesters.sru.explain import VERSIONS

VERSION: Final = Option("version", "auto", "version of SRU: 1.1, 1.2, 2.0, or auto: what the server's Explain says")
SCHEMA: Final = Option("schema", "", "recordSchema, short name or URI; empty: MARCXML, else Dublin Core")
PACKING: Final = Option("packing", "xml", "how records are packed in the answer: xml or string")
QUERY: Final = Option("query", "cql.allRecords=1", "CQL that finds everything that is to be harvested")
SORT: Final = Option("sort", "", "sortKeys of SRU 1.1, what stands behind sortBy in 1.2 and 2.0; empty: unsorted")
CHANGED: Final = Option("changed_index", "", "index with the day of the last change, such as rec.lastModificationDate")
OPTIONS: Final = (
    *(VERSION, SCHEMA, PACKING, QUERY, PAGE, CAP, PARTS, SORT, ID, CHANGED, FORM, OVERLAP, MOST),
    *http.OPTIONS,
)


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
        version=one_of(VERSION, given, ("auto", *VERSIONS)),
        schema=text(SCHEMA, given),
        packing=one_of(PACKING, given, ("xml", "string")),
        query=text(QUERY, given) or QUERY.default,
        page_size=whole(PAGE, given),
        cap=whole(CAP, given),
        division=_division(given),
        sort=text(SORT, given),
        names=names(text(ID, given)),
        changed=cql.index(changed, CHANGED.name) if changed else "",
        changed_form=form(FORM, given),
        overlap=timedelta(seconds=number(OVERLAP, given)),
        most=whole(MOST, given),
    )


def _division(given: Mapping[str, str]) -> Division | None:
    found = division(given)
    if found:
        cql.index(found.index, PARTS.name)
    return found
