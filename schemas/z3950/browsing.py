"""Messages that browse an index and tend result sets: Scan, Sort, Delete.

In: plain values. Out: frozen messages, bound to their ASN.1 types. Z39.50-1995, 3.2.4, 3.2.7 and 3.2.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.retrieval import Specification
from schemas.z3950.rpn import Attribute, Operand, Term
from schemas.z3950.values import AnyDiagnostic, Diagnostic, OtherInfo, number, struct, union


class ScanStatus(IntEnum):
    """How much of the list came."""

    SUCCESS = 0
    PARTIAL_1 = 1
    PARTIAL_2 = 2
    PARTIAL_3 = 3
    PARTIAL_4 = 4
    #: the list of terms was shorter than what was asked for
    PARTIAL_5 = 5
    FAILURE = 6


class SortStatus(IntEnum):
    """Whether a result set was sorted."""

    SUCCESS = 0
    PARTIAL = 1
    FAILURE = 2


class DeleteStatus(IntEnum):
    """What became of a result set that was to be deleted."""

    SUCCESS = 0
    DID_NOT_EXIST = 1
    ALREADY_DELETED = 2
    SYSTEM_PROBLEM = 3
    ACCESS_NOT_ALLOWED = 4
    RESOURCES_AT_ORIGIN = 5
    RESOURCES_AT_TARGET = 6
    NO_BULK_DELETE = 7
    NOT_ALL_OF_BULK = 8
    NOT_ALL_OF_LIST = 9
    IN_USE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A client wants the terms around one; `position`: where in the answer that one should stand (the first is 1)."""

    start: Operand
    databases: tuple[str, ...]
    count: int
    attribute_set: str | None = None
    step: int | None = None
    position: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class TermInfo:
    """A term of the index; `display` when the term itself is not fit to be shown."""

    term: Term
    occurrences: int | None = None
    display: str | None = None
    suggested_attributes: tuple[Attribute, ...] | None = None
    alternatives: tuple[Operand, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResponse:
    """A server hands over terms."""

    status: ScanStatus = ScanStatus.SUCCESS
    returned: int = 0
    entries: tuple[TermInfo | AnyDiagnostic, ...] = ()
    diagnostics: tuple[AnyDiagnostic, ...] = ()
    position: int | None = None
    step: int | None = None
    attribute_set: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class SortAttributes:
    """A sort key told by attributes."""

    attribute_set: str
    attributes: tuple[Attribute, ...]


#: the name of a field, what to take of a record, or attributes
SortKey: TypeAlias = str | Specification | SortAttributes


@dataclass(frozen=True, slots=True)
class DatabaseSortKey:
    """A sort key for the records of one database."""

    database: str
    key: SortKey


@dataclass(frozen=True, slots=True)
class SortSpec:
    """By what to sort; `relation` 0 ascending, 1 descending, 3 and 4 by frequency; `case` 0 sensitive, 1 insensitive.

    `missing`: what to do with a record that has no such value: abort, take it as null, or as these bytes.
    """

    key: SortKey | tuple[DatabaseSortKey, ...]
    relation: int = 0
    case: int = 1
    missing: Literal["abort", "null"] | bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortRequest:
    """A client wants result sets sorted into one; the first key weighs most."""

    keys: tuple[SortSpec, ...]
    inputs: tuple[str, ...] = ("default",)
    output: str = "default"
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortResponse:
    """A server has sorted, or not; `result_set_status` (only then): 1 empty, 2 interim, 3 unchanged, 4 none."""

    status: SortStatus = SortStatus.SUCCESS
    result_set_status: int | None = None
    diagnostics: tuple[AnyDiagnostic, ...] | None = None
    count: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRequest:
    """A client gives up result sets; `names` None: all of them."""

    names: tuple[str, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """What became of one result set."""

    name: str
    status: DeleteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteResponse:
    """A server says what became of them."""

    status: DeleteStatus = DeleteStatus.SUCCESS
    sets: tuple[SetStatus, ...] | None = None
    not_deleted: int | None = None
    bulk_sets: tuple[SetStatus, ...] | None = None
    message: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


# --- bindings ---------------------------------------------------------------------------------------------------------


def _scan_response() -> Binding:
    plain = struct(
        ScanResponse,
        status="scanStatus",
        returned="numberOfEntriesReturned",
        position="positionOfTerm",
        step="stepSize",
        diagnostics="",
    )

    def read(found: Mapping[str, Any]) -> Any:
        lists = found.get("entries", {})
        flat = {"entries": lists.get("entries", ()), "": lists.get("nonsurrogateDiagnostics", ())}
        return plain.read({**found, **flat})

    def write(value: Any) -> Mapping[str, Any]:
        lists = {"entries": value.entries or None, "nonsurrogateDiagnostics": value.diagnostics or None}
        return {**plain.write(value), "entries": lists if any(lists.values()) else None}

    return Binding(read, write)


def _read_delete(found: Mapping[str, Any]) -> DeleteRequest:
    if found["deleteFunction"] not in (0, 1):
        raise ValueError(f"no such delete function: {found['deleteFunction']}")
    names = found.get("resultSetList", ()) if found["deleteFunction"] == 0 else None
    return DeleteRequest(names=names, other_info=found.get("otherInfo"), reference_id=found.get("referenceId"))


def _write_delete(value: DeleteRequest) -> Mapping[str, Any]:
    return {
        "referenceId": value.reference_id,
        "deleteFunction": int(value.names is None),
        "resultSetList": value.names,
        "otherInfo": value.other_info,
    }


def _read_missing(found: tuple[str, Any]) -> str | bytes:
    value: bytes = found[1]
    return value if found[0] == "missingValueData" else found[0]


def _write_missing(value: str | bytes) -> tuple[str, Any]:
    return ("missingValueData", value) if isinstance(value, bytes) else (value, None)


def _write_sort_element(value: Any) -> tuple[str, Any]:
    return ("datbaseSpecific" if isinstance(value, tuple) else "generic"), value


BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "ScanStatus": number(ScanStatus),
        "SortStatus": number(SortStatus),
        "DeleteSetStatus": number(DeleteStatus),
        "ScanRequest": struct(
            ScanRequest,
            start="termListAndStartPoint",
            databases="databaseNames",
            count="numberOfTermsRequested",
            step="stepSize",
            position="preferredPositionInResponse",
        ),
        "ScanResponse": _scan_response(),
        "Entry": union(termInfo=TermInfo, surrogateDiagnostic=(Diagnostic, External)),
        "TermInfo": struct(
            TermInfo,
            occurrences="globalOccurrences",
            display="displayTerm",
            alternatives="alternativeTerm",
            other_info="otherTermInfo",
        ),
        "SortAttributes": struct(SortAttributes, attribute_set="id", attributes="list"),
        "SortKey": union(sortfield=str, elementSpec=Specification, sortAttributes=SortAttributes),
        "DatabaseSortKey": struct(DatabaseSortKey, database="databaseName", key="dbSort"),
        "SortElement": Binding(lambda found: found[1], _write_sort_element),
        "MissingValueAction": Binding(_read_missing, _write_missing),
        "SortKeySpec": struct(
            SortSpec, key="sortElement", relation="sortRelation", case="caseSensitivity", missing="missingValueAction"
        ),
        "SortRequest": struct(
            SortRequest, keys="sortSequence", inputs="inputResultSetNames", output="sortedResultSetName"
        ),
        "SortResponse": struct(SortResponse, status="sortStatus", count="resultCount"),
        "DeleteResultSetRequest": Binding(_read_delete, _write_delete),
        "ListStatus": struct(SetStatus, name="id"),
        "DeleteResultSetResponse": struct(
            DeleteResponse,
            status="deleteOperationStatus",
            sets="deleteListStatuses",
            not_deleted="numberNotDeleted",
            bulk_sets="bulkStatuses",
            message="deleteMessage",
        ),
    }
)
