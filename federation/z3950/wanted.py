"""What a client wants of the records: record syntax, element set or schema.

In: the preferred syntax and the composition of a request. Out: `Wanted`, or `Refused` with the diagnostic. Syntaxes and
schemas are those of the table of formats, and the three that Z39.50 has for itself: SUTRS, OPAC and GRS-1. An element
set is F (all), B (brief), or the name of a schema; who names nothing gets MARC 21.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from federation.catalogue.formats import FORMATS, Format
from federation.z3950.refusals import Refused
from schemas.z3950 import oid
from schemas.z3950.retrieval import Composition, DatabaseElements, DatabaseSpecification, ElementSets, Specification

#: the names of record syntaxes in the table of formats
_NAMED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"USMARC": (oid.USMARC,), "XML": (oid.XML, oid.APPLICATION_XML)}
)
OWN: Final = (oid.SUTRS, oid.OPAC, oid.GRS_1)
FULL, BRIEF = "F", "B"
_NO_ELEMENT_SET, _NO_SYNTAX, _NO_SPECIFICATION, _NO_SCHEMA, _NOT_IN_SYNTAX = 25, 239, 244, 1066, 227


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a record is to be written: syntax, row in the table of formats (None: one of `OWN`), brief or full."""

    syntax: str = oid.USMARC
    form: Format | None = None
    brief: bool = False


def syntaxes() -> Mapping[str, tuple[Format, ...]]:
    """Map each record syntax to the formats that it carries; Z39.50's own carry none of the table."""
    found: dict[str, tuple[Format, ...]] = dict.fromkeys(OWN, ())
    for form in FORMATS:
        for syntax in _NAMED.get(form.syntax, ()):
            found[syntax] = (*found.get(syntax, ()), form)
    return found


def names(form: Format) -> tuple[str, ...]:
    """Give the names under which a format is a schema; case does not count."""
    return tuple(dict.fromkeys(filter(None, (form.sru, form.prefix, form.name, form.namespace))))


def read(syntax: str | None, composition: ElementSets | Composition | None, database: str) -> Wanted:
    """Say what is wanted; raises `Refused`."""
    if composition is None or isinstance(composition, str):
        return _read_simple(syntax, composition, database)
    return _read(syntax, composition, database)


def _read(syntax: str | None, composition: ElementSets | Composition | None, database: str) -> Wanted:
    known = syntaxes()
    if isinstance(composition, Composition):
        syntax = _chosen(syntax, composition, known)
        schema, elements = _specified(composition, database)
    else:
        schema, elements = "", _elements(composition, database)
    schema_form = _schema(schema or elements)
    syntax = syntax or (oid.XML if schema_form and schema_form.syntax == "XML" else oid.USMARC)
    if syntax not in known:
        raise Refused(_NO_SYNTAX, syntax)
    if schema and schema_form is None:
        raise Refused(_NO_SCHEMA, schema)
    return _wanted(syntax, schema_form, elements, known[syntax])


# Few things are wanted, and each again and again.
_read_simple: Final = lru_cache(maxsize=64)(_read)


def _wanted(syntax: str, schema_form: Format | None, elements: str, forms: tuple[Format, ...]) -> Wanted:
    size = elements.upper()
    if schema_form is not None:
        if schema_form not in forms:
            raise Refused(_NO_ELEMENT_SET if elements else _NOT_IN_SYNTAX, elements or schema_form.name)
        return Wanted(syntax, schema_form, size == BRIEF)
    if size not in ("", FULL, BRIEF):
        raise Refused(_NO_ELEMENT_SET, elements)
    return Wanted(syntax, forms[0] if forms else None, size == BRIEF)


def _schema(name: str) -> Format | None:
    return next((form for form in FORMATS if form.syntax and name.lower() in map(str.lower, names(form))), None)


def _elements(sets: ElementSets | None, database: str) -> str:
    if sets is None or isinstance(sets, str):
        return sets or ""
    found = {each.database.lower(): each.element_set for each in sets if isinstance(each, DatabaseElements)}
    if database.lower() not in found:
        raise Refused(_NO_ELEMENT_SET, ", ".join(found))
    return found[database.lower()]


def _chosen(syntax: str | None, composition: Composition, known: Mapping[str, tuple[Format, ...]]) -> str | None:
    """Give the first syntax that we have of those a client would take."""
    listed = composition.syntaxes or ()
    wanted = (syntax, *listed) if syntax else listed
    return next((each for each in wanted if each in known), wanted[0] if wanted else None)


def _specified(composition: Composition, database: str) -> tuple[str, str]:
    """Give the schema and the element set of a composition."""
    of_database = (
        each.specification
        for each in composition.by_database or ()
        if isinstance(each, DatabaseSpecification) and each.database.lower() == database.lower()
    )
    found = next(of_database, composition.generic) or Specification()
    if found.elements is not None and not isinstance(found.elements, str):
        raise Refused(_NO_SPECIFICATION, found.elements.syntax)
    return str(found.schema or ""), found.elements or ""
