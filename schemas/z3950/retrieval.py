"""Messages that find and fetch: Search, Present, Segment.

In: plain values. Out: frozen messages, bound to their ASN.1 types. A response carries records or diagnostics, never
both; a record that could not be made is a diagnostic in its place. Z39.50-1995, 3.2.2 and 3.2.3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.primitives import Oid
from schemas.z3950.rpn import Query
from schemas.z3950.values import AnyDiagnostic, Diagnostic, OtherInfo, number, struct, union


class PresentStatus(IntEnum):
    """How much of what was asked for came."""

    SUCCESS = 0
    #: access was refused, the message was full, and two about resources
    PARTIAL_1 = 1
    PARTIAL_2 = 2
    PARTIAL_3 = 3
    PARTIAL_4 = 4
    FAILURE = 5


class ResultSetStatus(IntEnum):
    """What there is of a result set after a search that failed."""

    SUBSET = 1
    INTERIM = 2
    NONE = 3
    ESTIMATE = 4


@dataclass(frozen=True, slots=True)
class DatabaseElements:
    """The element set for the records of one database."""

    database: str
    element_set: str


#: one name for all databases, or one for each
ElementSets: TypeAlias = str | tuple[DatabaseElements, ...]


@dataclass(frozen=True, slots=True)
class Specification:
    """What of a record is wanted: by schema (an object identifier or a URI), by element set or by an eSpec."""

    schema: Oid | str | None = None
    elements: str | External | None = None


@dataclass(frozen=True, slots=True)
class DatabaseSpecification:
    """A specification for the records of one database."""

    database: str
    specification: Specification


@dataclass(frozen=True, slots=True)
class Composition:
    """What of the records is wanted and in which of several syntaxes (CompSpec)."""

    select_alternative_syntax: bool = True
    generic: Specification | None = None
    by_database: tuple[DatabaseSpecification, ...] | None = None
    syntaxes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Some more records of a result set."""

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a record too long for one segment (level 2 segmentation)."""

    place: Literal["starting", "intermediate", "final"]
    content: bytes | External


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A record, or the diagnostic in its place, and the database it is of."""

    record: External | AnyDiagnostic | Fragment
    database: str | None = None
    #: tells a record from a diagnostic that is an EXTERNAL too
    surrogate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A client searches; the three numbers say how many records may come along at once (piggy-back)."""

    query: Query
    databases: tuple[str, ...]
    result_set: str = "default"
    replace: bool = True
    small_set_upper_bound: int = 0
    large_set_lower_bound: int = 1
    medium_set_present_number: int = 0
    small_set_elements: ElementSets | None = None
    medium_set_elements: ElementSets | None = None
    syntax: str | None = None
    additional_search_info: tuple[OtherInfo, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResponse:
    """A server says how many it found; `success` False: see `diagnostics`."""

    count: int
    success: bool = True
    returned: int = 0
    next_position: int = 1
    result_set_status: ResultSetStatus | int | None = None
    present_status: PresentStatus | None = None
    records: tuple[NamedRecord, ...] = ()
    diagnostics: tuple[AnyDiagnostic, ...] = ()
    additional_search_info: tuple[OtherInfo, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentRequest:
    """A client wants `count` records from `start` (the first is 1)."""

    start: int
    count: int
    result_set: str = "default"
    ranges: tuple[Range, ...] | None = None
    composition: ElementSets | Composition | None = None
    syntax: str | None = None
    max_segment_count: int | None = None
    max_record_size: int | None = None
    max_segment_size: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentResponse:
    """A server hands over records."""

    status: PresentStatus = PresentStatus.SUCCESS
    returned: int = 0
    next_position: int = 0
    records: tuple[NamedRecord, ...] = ()
    diagnostics: tuple[AnyDiagnostic, ...] = ()
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A server hands over some of the records that a PresentResponse will end."""

    returned: int
    records: tuple[NamedRecord, ...]
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


# --- bindings ---------------------------------------------------------------------------------------------------------


def _response(cls: type[Any], **names: str) -> Binding:
    """Bind a response: the CHOICE Records is two fields, `records` and `diagnostics`."""
    plain = struct(cls, diagnostics="", **names)

    def read(found: Mapping[str, Any]) -> Any:
        kind, records = found.get("records", ("", ()))
        rest = {name: value for name, value in found.items() if name != "records"}
        if kind == "responseRecords":
            return plain.read({**rest, "records": records})
        return plain.read({**rest, "": (records,) if kind == "nonSurrogateDiagnostic" else records})

    def write(value: Any) -> Mapping[str, Any]:
        return {**plain.write(value), "records": _records(value)}

    return Binding(read, write)


def _records(value: Any) -> tuple[str, Any] | None:
    diagnostics = value.diagnostics
    if len(diagnostics) == 1 and isinstance(diagnostics[0], Diagnostic):
        return "nonSurrogateDiagnostic", diagnostics[0]
    if diagnostics:
        return "multipleNonSurDiagnostics", diagnostics
    return ("responseRecords", value.records) if value.records else None


def _read_set_status(status: int) -> ResultSetStatus | int:
    # It means something after a failure only; what a server says there otherwise is no reason to part.
    return ResultSetStatus(status) if status in _SET_STATUSES else status


_SET_STATUSES: Final = frozenset(map(int, ResultSetStatus))


def _read_record(found: tuple[str, Any]) -> tuple[Any, bool]:
    name, value = found
    if name.endswith("Fragment"):
        value = Fragment(_PLACES[name], value)
    return value, name == "surrogateDiagnostic"


_PLACES: Final[Mapping[str, Literal["starting", "intermediate", "final"]]] = MappingProxyType(
    {"startingFragment": "starting", "intermediateFragment": "intermediate", "finalFragment": "final"}
)


def _write_record(value: tuple[Any, bool]) -> tuple[str, Any]:
    record, surrogate = value
    if isinstance(record, Fragment):
        return f"{record.place}Fragment", record.content
    return ("surrogateDiagnostic" if surrogate or isinstance(record, Diagnostic) else "retrievalRecord"), record


def _read_named(found: Mapping[str, Any]) -> NamedRecord:
    record, surrogate = found["record"]
    return NamedRecord(record, found.get("name"), surrogate)


def _write_named(value: NamedRecord) -> Mapping[str, Any]:
    return {"name": value.database, "record": (value.record, value.surrogate)}


def _second(found: tuple[str, Any]) -> Any:
    return found[1]


def _by(single: type[Any], one: str, many: str) -> Callable[[Any], tuple[str, Any]]:
    return lambda value: (one if isinstance(value, single) else many, value)


BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "PresentStatus": number(PresentStatus),
        "SearchResultSetStatus": Binding(_read_set_status, int),
        "ElementSetNames": Binding(_second, _by(str, "genericElementSetName", "databaseSpecific")),
        "DatabaseElements": struct(DatabaseElements, database="dbName", element_set="esn"),
        "Schema": union(oid=Oid, uri=str),
        "ElementSpec": union(elementSetName=str, externalEspec=External),
        "Specification": struct(Specification, elements="elementSpec"),
        "DatabaseSpecification": struct(DatabaseSpecification, database="db", specification="spec"),
        "CompSpec": struct(Composition, by_database="dbSpecific", syntaxes="recordSyntax"),
        "RecordComposition": Binding(_second, _by(Composition, "complex", "simple")),
        "Range": struct(Range, start="startingPosition", count="numberOfRecords"),
        "FragmentSyntax": union(externallyTagged=External, notExternallyTagged=bytes),
        "RetrievedRecord": Binding(_read_record, _write_record),
        "NamePlusRecord": Binding(_read_named, _write_named),
        "SearchRequest": struct(
            SearchRequest,
            databases="databaseNames",
            result_set="resultSetName",
            replace="replaceIndicator",
            small_set_elements="smallSetElementSetNames",
            medium_set_elements="mediumSetElementSetNames",
            syntax="preferredRecordSyntax",
        ),
        "SearchResponse": _response(
            SearchResponse,
            count="resultCount",
            success="searchStatus",
            returned="numberOfRecordsReturned",
            next_position="nextResultSetPosition",
        ),
        "PresentRequest": struct(
            PresentRequest,
            start="resultSetStartPoint",
            count="numberOfRecordsRequested",
            result_set="resultSetId",
            ranges="additionalRanges",
            composition="recordComposition",
            syntax="preferredRecordSyntax",
        ),
        "PresentResponse": _response(
            PresentResponse,
            status="presentStatus",
            returned="numberOfRecordsReturned",
            next_position="nextResultSetPosition",
        ),
        "Segment": struct(Segment, returned="numberOfRecordsReturned", records="segmentRecords"),
    }
)
