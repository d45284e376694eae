"""How one target is to be asked: the options of a source of the kind `z3950`, read as values.

In: the options an operator typed. Out: a `Profile`, or a `SourceRefused` that names the option that is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.names import Names, names
from harvesters.options import Option, number, text, whole
from harvesters.searching import CAP, FORM, MOST, OVERLAP, PAGE, PARTS, Division, division, form
from harvesters.z3950 import settings
from harvesters.z3950.client import Wanted
from schemas.errors import QuerySyntaxError
from schemas.z3950 import oid, pqf
from schemas.z3950.rpn import Attribute

SYNTAX: Final = Option("syntax", "", "record syntax: usmarc, opac, xml, unimarc …; empty: MARC 21, else XML")
ELEMENTS: Final = Option("elements", "", "element set: F, marcxml …, or none; empty: F, else what the target takes")
QUERY: Final = Option("query", "", "PQF that finds everything that is to be harvested; empty: what the target takes")
SORT: Final = Option("sort", "", "attributes of the index to sort by, such as 1=12; empty: unsorted")
CHANGED: Final = Option("changed_index", "", "attributes of the index with the day of the last change, such as 1=1012")
ID: Final = Option("id", "001", "what names a record: 001, 003 (agency/001), or a field such as 035a")
DAY: Final = replace(FORM, default="%Y%m%d", meaning="how that index writes a day (strftime), such as %Y-%m-%d")
DIVIDED: Final = replace(
    PARTS,
    meaning=f"{PARTS.meaning}; INDEX is a use attribute or several attributes: 12, 1=12, 1=12,4=3",
)
OPTIONS: Final = (
    *(SYNTAX, ELEMENTS, QUERY, PAGE, CAP, DIVIDED, SORT, ID, CHANGED, DAY, OVERLAP, MOST),
    *settings.OPTIONS,
)
#: what finds everything: Zebra's own, and the relation that always matches (Bib-1, 2=103)
EVERYTHING: Final = ('@attr 1=_ALLRECORDS @attr 2=103 ""', '@attr 1=1016 @attr 2=103 ""', '@attr 2=103 ""')
_NONE: Final = "none"
_WAYS: Final = ("001", "003")

Index = tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The options as values. `wanted` and `queries` are what is tried, in this order; one where the operator said it.
    `division` is None where nothing is divided, an index empty where there is none.
    """

    wanted: tuple[Wanted, ...]
    queries: tuple[str, ...]
    page_size: int
    cap: int
    division: Division | None
    divided_by: Index
    sort: Index
    names: Names
    changed: Index
    changed_form: str
    overlap: timedelta
    most: int


def profile(given: Mapping[str, str]) -> Profile:
    """Read the options; raises `SourceRefused`."""
    divided = division(given)
    return Profile(
        wanted=_wanted(text(SYNTAX, given), text(ELEMENTS, given)),
        queries=_queries(text(QUERY, given)),
        page_size=whole(PAGE, given),
        cap=whole(CAP, given),
        division=divided,
        divided_by=index(divided.index, PARTS) if divided else (),
        sort=index(text(SORT, given), SORT),
        names=names(text(ID, given) or ID.default, _WAYS),
        changed=index(text(CHANGED, given), CHANGED),
        changed_form=form(DAY, given),
        overlap=timedelta(seconds=number(OVERLAP, given)),
        most=whole(MOST, given),
    )


def syntax(name: str) -> str:
    """Give the object identifier of a record syntax; raises `SourceRefused`."""
    known = {_plain(label): number for number, label in oid.of_class("record-syntax").items()} | {"usmarc": oid.USMARC}
    if re.fullmatch(r"\d+(\.\d+){3,}", name):
        return name
    if _plain(name) not in known:
        message = f"option {SYNTAX.name} is {name!r}; write one of {', '.join(sorted(known))}"
        raise SourceRefused("option-invalid", message)
    return known[_plain(name)]


def index(found: str, option: Option) -> Index:
    """Read the attributes of an index: `12`, `1=12`, `1=12,4=3`; raises `SourceRefused`."""
    if not found:
        return ()
    try:
        read = tuple(map(pqf.attribute, (f"1={found}" if "=" not in found else found).split(",")))
    except QuerySyntaxError as error:
        raise SourceRefused("option-invalid", f"option {option.name}: {error.message}") from None
    if any(each.type == 2 for each in read):
        raise SourceRefused("option-invalid", f"option {option.name}: the relation (2) is ours; leave it away")
    return read


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _wanted(named: str, elements: str) -> tuple[Wanted, ...]:
    syntaxes = (syntax(named),) if named else (oid.USMARC, oid.XML)
    tried = ("" if elements.lower() == _NONE else elements,) if elements else ()
    return tuple(Wanted(each, name) for each in syntaxes for name in tried or _elements(each))


def _elements(of: str) -> tuple[str, ...]:
    return ("F", "marcxml", "") if of == oid.XML else ("F", "")


def _queries(found: str) -> tuple[str, ...]:
    if not found:
        return EVERYTHING
    try:
        pqf.read(found)
    except QuerySyntaxError as error:
        raise SourceRefused("option-invalid", f"option {QUERY.name}: {error.message}") from None
    return (found,)
