"""What is said to an SRU client: explain, searchRetrieve and scan answered from the catalogue.

In: an `Asked` and the catalogue. Out: a value that `render` can write, or `Refused`. A record that cannot be written in
the schema asked for is a surrogate diagnostic in its place, is logged for the operator, and costs no other record.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.formats import FORMATS, Format, of_sru
from federation.catalogue.records import Heading, Retrieved, UnionRecord
from federation.index.engine import Question, sorting
from federation.sru.request import DEEPEST, DEFAULT_FACET_VALUES, Asked, Refused
from schemas.errors import EncodeError, QuerySyntaxError
from schemas.query import box, cql
from schemas.query.access_points import access_points, by_name
from schemas.query.cql import Sorted
from schemas.query.diagnostics import Diagnostic, of_error
from schemas.query.tree import Everything, Node

log = logging.getLogger(__name__)

#: what can be counted, in the order it is given
FACETS: Final = ("creator", "subject", "year", "material", "language", "member", "kind", "area", "district")
_SEPARATOR: Final = ","
_DIRECTIONS: Final = {"": False, "1": False, "true": False, "0": True, "false": True}


@dataclass(frozen=True, slots=True)
class Placed:
    """One record of an answer: its place in the result, and what stands there: XML, or why it cannot."""

    position: int
    record: UnionRecord | None
    content: bytes | Diagnostic


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of one index with their counts."""

    access_point: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A page of a result; `following` is the place of the next record, 0 when there is none."""

    total: int
    schema: Format
    records: tuple[Placed, ...]
    following: int = 0
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """One heading and where it stands: `first` or `last` of all, `only`, or `inner`."""

    heading: Heading
    where: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A part of a list of headings."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the server says of itself beyond its settings: the number of records, and the time of saying so."""

    records: int
    moment: str


Said: TypeAlias = Result | Terms | Explanation


def give(catalogue: Catalogue, asked: Asked) -> Said:
    """Answer a request; raises `Refused`."""
    try:
        match asked.operation:
            case "searchRetrieve":
                return _search(catalogue, asked)
            case "scan":
                return _scan(catalogue, asked)
        return explanation(catalogue)
    except QuerySyntaxError as error:
        raise Refused(of_error(error), asked.version, asked.operation) from error


def explanation(catalogue: Catalogue) -> Explanation:
    """Say how large the catalogue is today."""
    total = catalogue.retrieve(Question(Everything(), limit=0)).total
    return Explanation(total, catalogue.horizon().strftime("%Y-%m-%dT%H:%M:%SZ"))


def _refuse(asked: Asked, number: int, details: str = "", more: str = "") -> NoReturn:
    raise Refused(Diagnostic(number, details, more), asked.version, asked.operation)


# --- searchRetrieve -----------------------------------------------------------------------------------------------


def _search(catalogue: Catalogue, asked: Asked) -> Result:
    form = of_sru(asked.schema or "marcxml")
    if form is None:
        _refuse(asked, 66, asked.schema, f"there are {', '.join(form.sru for form in FORMATS if form.sru)}")
    if asked.start + asked.limit - 1 > DEEPEST:
        _refuse(asked, 61, str(asked.start), f"records down to {DEEPEST} are given: narrow the query")
    node, keys = _query(asked)
    facets = _facets(asked)
    most = max(facets.values(), default=0)
    found = catalogue.retrieve(
        Question(
            node,
            start=asked.start - 1,
            limit=asked.limit,
            sort=sorting(keys),
            facets=tuple(facets),
            facet_size=most + asked.facet_start - 1,
        )
    )
    if asked.start > max(found.total, 1):
        _refuse(asked, 61, str(asked.start), f"{found.total} records were found")
    following = asked.start + len(found.records)
    return Result(
        found.total,
        form,
        tuple(_placed(form, asked.start + place, record) for place, record in enumerate(found.records)),
        following if found.records and following <= min(found.total, DEEPEST) else 0,
        tuple(_facet(found, point, most, asked) for point, most in facets.items()),
    )


def _query(asked: Asked) -> tuple[Node, tuple[Sorted, ...]]:
    if asked.query_type == "searchTerms":
        return box.parse(asked.query), _sort_keys(asked)
    read = cql.read(asked.query)
    if asked.sort_keys and read.sort:
        _refuse(asked, 96, "", "sort in the query or by sortKeys")
    return read.node, read.sort or _sort_keys(asked)


def _sort_keys(asked: Asked) -> tuple[Sorted, ...]:
    """Read `path,schema,ascending,caseSensitive,missingValue`, keys with blanks between (SRU 1.1)."""
    return tuple(_sort_key(asked, key) for key in asked.sort_keys.split())


def _sort_key(asked: Asked, key: str) -> Sorted:
    path, schema, ascending, _, missing = (*key.split(_SEPARATOR), "", "", "", "")[:5]
    if ascending not in _DIRECTIONS:
        _refuse(asked, 90, ascending)
    if missing not in ("", "highValue", "lowValue", "omit") or missing in ("lowValue", "omit"):
        _refuse(asked, 92, missing, "records without a value come last")
    if schema and of_sru(schema) is None and schema not in ("cql", "dc", "bath", "rec", "lienthong"):
        _refuse(asked, 87, schema)
    return cql.sort_key(path, _DIRECTIONS[ascending])


def _placed(form: Format, position: int, record: UnionRecord | None) -> Placed:
    if record is None:
        return Placed(position, None, Diagnostic(64, str(position)))
    try:
        return Placed(position, record, _written(form, record))
    except EncodeError as error:
        return Placed(position, record, Diagnostic(70, record.identifier, error.message))
    except Exception:  # whatever it is, it is about this record: no record may cost an answer
        log.exception("record %s cannot be written as %s", record.identifier, form.sru)
        return Placed(position, record, Diagnostic(67, record.identifier))


def _written(form: Format, record: UnionRecord) -> bytes:
    if form.srw:
        return form.srw(record)
    return b"".join(form.spread(record)) if form.spread else form.write(record)


def _facets(asked: Asked) -> Mapping[str, int]:
    wanted: dict[str, int] = {}
    for index, most in asked.facets.items():
        if not index:
            wanted = dict.fromkeys(FACETS, most) | wanted
            continue
        point = cql.sort_key(index).access_point
        if point not in FACETS:
            _refuse(asked, 16, index, "facets are counted of " + ", ".join(FACETS))
        wanted[point] = most or DEFAULT_FACET_VALUES
    return wanted


def _facet(found: Retrieved, point: str, most: int, asked: Asked) -> Facet:
    first = asked.facet_start - 1
    values = found.facets.get(point, ())[first : first + most]
    return Facet(point, tuple(sorted(values)) if asked.by_value else values)


# --- scan ---------------------------------------------------------------------------------------------------------


def _scan(catalogue: Catalogue, asked: Asked) -> Terms:
    point, text = cql.scan_clause(asked.query)
    before = max(asked.position - 1, 0)
    after = asked.limit - before
    # One more on each side tells whether the list goes on; place 0 is that of a term which is not shown.
    found = catalogue.scan(point.name, text, before + 1, after + 2)
    below, above = found.before, found.after
    if asked.position == 0 and found.exact:
        below, above = (*below, above[0]), above[1:]
    shown = [*(below[-before:] if before else ()), *above[:after]]
    goes_back, goes_on = len(below) > before, len(above) > after
    return Terms(tuple(Term(each, _where(place, len(shown), goes_back, goes_on)) for place, each in enumerate(shown)))


def _where(place: int, count: int, goes_back: bool, goes_on: bool) -> str:
    first = place == 0 and not goes_back
    last = place == count - 1 and not goes_on
    return "only" if first and last else "first" if first else "last" if last else "inner"


def scannable() -> tuple[str, ...]:
    """Name the access points that have headings."""
    return tuple(point.name for point in access_points() if point.name not in ("any", "note", "place", "id"))


def index_of(access_point: str) -> str:
    """Give the CQL index by which an access point is shown."""
    point = by_name(access_point)
    return point.cql[0] if point else access_point
