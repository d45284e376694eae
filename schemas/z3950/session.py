"""Messages that open, close and govern a session: Init, Close, access and resource control, extended services.

In: plain values. Out: frozen messages, bound to their ASN.1 types. Z39.50-1995, 3.2.1 and 3.2.5-3.2.11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.primitives import Oid
from schemas.z3950.values import AnyDiagnostic, IntUnit, OtherInfo, struct, union


class Option(IntEnum):
    """What a session can do: the bits of `options`."""

    SEARCH = 0
    PRESENT = 1
    DELETE_SET = 2
    RESOURCE_REPORT = 3
    TRIGGER_RESOURCE_CONTROL = 4
    RESOURCE_CONTROL = 5
    ACCESS_CONTROL = 6
    SCAN = 7
    SORT = 8
    EXTENDED_SERVICES = 10
    SEGMENTATION_1 = 11
    SEGMENTATION_2 = 12
    CONCURRENT_OPERATIONS = 13
    NAMED_RESULT_SETS = 14
    ENCAPSULATION = 15
    RESULT_COUNT = 16
    NEGOTIATION = 17
    DUPLICATE_DETECTION = 18
    QUERY_104 = 19
    PQES_CORRECTION = 20
    STRING_SCHEMA = 21


class CloseReason(IntEnum):
    """Why a session ends."""

    FINISHED = 0
    SHUTDOWN = 1
    SYSTEM_PROBLEM = 2
    COST_LIMIT = 3
    RESOURCES = 4
    SECURITY_VIOLATION = 5
    PROTOCOL_ERROR = 6
    LACK_OF_ACTIVITY = 7
    PEER_ABORT = 8
    UNSPECIFIED = 9

    @classmethod
    def _missing_(cls, value: object) -> "CloseReason":  # noqa: ARG003 - a farewell is one, whatever its number
        return cls.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class IdPass:
    """Who wants in: group, user and password, each optional."""

    group: str | None = None
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:  # what is logged shows no password
        return f"IdPass(group={self.group!r}, user={self.user!r})"


#: None (as a value that was sent): anonymous; str: the open form, often "user/password"
Authentication: TypeAlias = str | IdPass | External


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A peer that says it has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitRequest:
    """A client introduces itself; sizes are in bytes."""

    versions: frozenset[int] = frozenset({1, 2, 3})
    options: frozenset[Option] = frozenset({Option.SEARCH, Option.PRESENT})
    preferred_message_size: int = 1_048_576
    exceptional_record_size: int = 1_048_576
    authentication: Authentication | Anonymous | None = None
    implementation_id: str | None = None
    implementation_name: str | None = None
    implementation_version: str | None = None
    user_information: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitResponse:
    """A server says what of it goes; `accepted` False: the session is over."""

    versions: frozenset[int] = frozenset({1, 2, 3})
    options: frozenset[Option] = frozenset({Option.SEARCH, Option.PRESENT})
    preferred_message_size: int = 1_048_576
    exceptional_record_size: int = 1_048_576
    accepted: bool = True
    implementation_id: str | None = None
    implementation_name: str | None = None
    implementation_version: str | None = None
    user_information: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Either side ends the session, or answers that the other one did."""

    reason: CloseReason = CloseReason.FINISHED
    message: str | None = None
    resource_report_format: Oid | None = None
    resource_report: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControlRequest:
    """A server asks for proof before it goes on."""

    challenge: bytes | External
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControlResponse:
    """A client gives it, or says why not."""

    answer: bytes | External | None = None
    diagnostic: AnyDiagnostic | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceControlRequest:
    """A server says what an operation costs, and may ask whether to go on."""

    response_required: bool
    suspended: bool | None = None
    report: External | None = None
    partial_results: int | None = None
    triggered: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceControlResponse:
    """A client says whether to go on."""

    go_on: bool
    result_set_wanted: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerResourceControlRequest:
    """A client asks for a report (1), for control (2) or to stop (3); a server need not answer."""

    action: int
    report_format: Oid | None = None
    result_set_wanted: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReportRequest:
    """A client asks what an operation cost."""

    operation: bytes | None = None
    report_format: Oid | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReportResponse:
    """A server says it; `status` 0 success, 1 partial, 2-7 failure."""

    status: int
    report: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedServicesRequest:
    """A client wants something done beside searching (update, item order); read so that it can be refused."""

    function: int
    package_type: Oid
    package_name: str | None = None
    user_id: str | None = None
    retention_time: IntUnit | None = None
    description: str | None = None
    parameters: External | None = None
    wait_action: int
    elements: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedServicesResponse:
    """A server's answer; `status` 1 done, 2 accepted, 3 failure."""

    status: int
    diagnostics: tuple[AnyDiagnostic, ...] | None = None
    task_package: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
    reference_id: bytes | None = None


# --- bindings ---------------------------------------------------------------------------------------------------------

_KNOWN: Final = frozenset(int(option) for option in Option)
_INIT: Final[Mapping[str, str]] = MappingProxyType(
    {"versions": "protocolVersion", "user_information": "userInformationField"}
)


def _read_versions(bits: frozenset[int]) -> frozenset[int]:
    return frozenset(bit + 1 for bit in bits)


def _write_versions(versions: frozenset[int]) -> frozenset[int]:
    return frozenset(version - 1 for version in versions)


def _read_options(bits: frozenset[int]) -> frozenset[Option]:
    return frozenset(map(Option, bits & _KNOWN))


def _read_authentication(found: tuple[str, Any]) -> Any:
    return Anonymous() if found[0] == "anonymous" else found[1]


def _write_authentication(value: Any) -> tuple[str, Any]:
    if isinstance(value, Anonymous):
        return "anonymous", None
    return _AUTHENTICATION.write(value)  # type: ignore[no-any-return]


_AUTHENTICATION: Final = union(open=str, idPass=IdPass, other=External)

BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "ProtocolVersion": Binding(_read_versions, _write_versions),
        "Options": Binding(_read_options, frozenset),
        "IdAuthentication": Binding(_read_authentication, _write_authentication),
        "IdPass": struct(IdPass, group="groupId", user="userId"),
        "InitializeRequest": struct(InitRequest, authentication="idAuthentication", **_INIT),
        "InitializeResponse": struct(InitResponse, accepted="result", **_INIT),
        "CloseReason": Binding(CloseReason, int),
        "Close": struct(Close, reason="closeReason", message="diagnosticInformation"),
        "SecurityChallenge": union(simpleForm=bytes, externallyDefined=External),
        "SecurityAnswer": union(simpleForm=bytes, externallyDefined=External),
        "AccessControlRequest": struct(AccessControlRequest, challenge="securityChallenge"),
        "AccessControlResponse": struct(AccessControlResponse, answer="securityChallengeResponse"),
        "ResourceControlRequest": struct(
            ResourceControlRequest,
            suspended="suspendedFlag",
            report="resourceReport",
            partial_results="partialResultsAvailable",
            triggered="triggeredRequestFlag",
        ),
        "ResourceControlResponse": struct(ResourceControlResponse, go_on="continueFlag"),
        "TriggerResourceControlRequest": struct(
            TriggerResourceControlRequest, action="requestedAction", report_format="prefResourceReportFormat"
        ),
        "ResourceReportRequest": struct(
            ResourceReportRequest, operation="opId", report_format="prefResourceReportFormat"
        ),
        "ResourceReportResponse": struct(
            ResourceReportResponse, status="resourceReportStatus", report="resourceReport"
        ),
        "ExtendedServicesRequest": struct(ExtendedServicesRequest, parameters="taskSpecificParameters"),
        "ExtendedServicesResponse": struct(ExtendedServicesResponse, status="operationStatus"),
    }
)
