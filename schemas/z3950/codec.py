"""Messages, records and negotiations of Z39.50 to bytes and back.

In: the bytes of one whole frame, or a message. Out: the other. Whatever the bytes: a value or `DecodeError`; a value
that cannot be written is our own fault, `LocalViolation`. See `connection` for who may say what when.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from schemas.errors import DecodeError, EncodeError, LocalViolation
from schemas.z3950 import browsing, charsets, oid, records, retrieval, rpn, session, values
from schemas.z3950.ber import CONTEXT, DEFAULT_LIMITS, UNIVERSAL, Limits, element, fault, parse
from schemas.z3950.browsing import DeleteRequest, DeleteResponse, ScanRequest, ScanResponse, SortRequest, SortResponse
from schemas.z3950.charsets import CharsetChoice, CharsetProposal
from schemas.z3950.external import External
from schemas.z3950.kinds import Kind, load
from schemas.z3950.records import GenericRecord, OpacRecord, SutrsRecord
from schemas.z3950.retrieval import NamedRecord, PresentRequest, PresentResponse, SearchRequest, SearchResponse, Segment
from schemas.z3950.rpn import Attribute
from schemas.z3950.session import (
    AccessControlRequest,
    AccessControlResponse,
    Close,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    InitResponse,
    ResourceControlRequest,
    ResourceControlResponse,
    ResourceReportRequest,
    ResourceReportResponse,
    TriggerResourceControlRequest,
)
from schemas.z3950.values import OtherInfo

Request: TypeAlias = (
    InitRequest
    | SearchRequest
    | PresentRequest
    | DeleteRequest
    | ScanRequest
    | SortRequest
    | ResourceReportRequest
    | ExtendedServicesRequest
    | AccessControlResponse
    | ResourceControlResponse
    | TriggerResourceControlRequest
)
Response: TypeAlias = (
    InitResponse
    | SearchResponse
    | Segment
    | PresentResponse
    | DeleteResponse
    | ScanResponse
    | SortResponse
    | ResourceReportResponse
    | ExtendedServicesResponse
    | AccessControlRequest
    | ResourceControlRequest
)
#: anything that is one frame: what a client says, what a server says, and what both do
Apdu: TypeAlias = Request | Response | Close

_PDU: Final[Mapping[str, type[Any]]] = MappingProxyType(
    {
        "initRequest": InitRequest,
        "initResponse": InitResponse,
        "searchRequest": SearchRequest,
        "searchResponse": SearchResponse,
        "presentRequest": PresentRequest,
        "presentResponse": PresentResponse,
        "segmentRequest": Segment,
        "deleteResultSetRequest": DeleteRequest,
        "deleteResultSetResponse": DeleteResponse,
        "scanRequest": ScanRequest,
        "scanResponse": ScanResponse,
        "sortRequest": SortRequest,
        "sortResponse": SortResponse,
        "accessControlRequest": AccessControlRequest,
        "accessControlResponse": AccessControlResponse,
        "resourceControlRequest": ResourceControlRequest,
        "resourceControlResponse": ResourceControlResponse,
        "triggerResourceControlRequest": TriggerResourceControlRequest,
        "resourceReportRequest": ResourceReportRequest,
        "resourceReportResponse": ResourceReportResponse,
        "extendedServicesRequest": ExtendedServicesRequest,
        "extendedServicesResponse": ExtendedServicesResponse,
        "close": Close,
    }
)
#: the ASN.1 records: the type's name and its class, by record syntax
_RECORDS: Final[Mapping[str, tuple[str, type[Any]]]] = MappingProxyType(
    {
        oid.SUTRS: ("SutrsRecord", SutrsRecord),
        oid.OPAC: ("OPACRecord", OpacRecord),
        oid.GRS_1: ("GenericRecord", GenericRecord),
    }
)
_SEQUENCE: Final = UNIVERSAL | 16
AsnRecord: TypeAlias = SutrsRecord | OpacRecord | GenericRecord
Negotiation: TypeAlias = CharsetProposal | CharsetChoice


@cache
def _types() -> Mapping[str, Kind]:
    text = files("schemas.z3950").joinpath("asn1.json").read_text(encoding="utf-8")
    parts = (values, rpn, session, retrieval, browsing, records, charsets)
    bindings = {name: binding for part in parts for name, binding in part.BINDINGS.items()}
    return load(json.loads(text), {**bindings, "PDU": values.union(**_PDU)})


def _read(name: str, data: bytes, limits: Limits) -> Any:
    node, kind = parse(data, limits), _types()[name]
    if not kind.fits(node):
        raise fault(f"no {name}")
    return kind.read(node)


def _write(name: str, value: Any) -> bytes:
    try:
        return _types()[name].write(value)
    except EncodeError as error:
        raise LocalViolation("z3950-value", f"{type(value).__name__}: {error.message}", error.where) from error
    except RecursionError:
        raise LocalViolation("z3950-value", f"{type(value).__name__}: nested too deep to be written") from None


def decode(frame: bytes, limits: Limits = DEFAULT_LIMITS) -> Apdu:
    """Read one message."""
    return cast(Apdu, _read("PDU", frame, limits))


def encode(message: Apdu) -> bytes:
    """Write one message."""
    return _write("PDU", message)


def record_size(record: NamedRecord) -> int:
    """Give the bytes that a record takes in a response, for those who must know before whether it fits."""
    return len(_write("NamePlusRecord", record))


def read_attributes(content: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Attribute, ...]:
    """Read the content of a list of attributes."""
    return cast(tuple[Attribute, ...], _read("AttributeList", element(CONTEXT | 44, content, True), limits))


# --- what is carried inside messages ----------------------------------------------------------------------------------


def read_record(record: External, limits: Limits = DEFAULT_LIMITS) -> AsnRecord:
    """Read a SUTRS, OPAC or GRS-1 record; `DecodeError` when it is none of them, or broken."""
    name, _ = _RECORDS.get(record.syntax, ("", None))
    if not name or record.form != "element":
        raise fault(f"no record of ASN.1: {record.syntax}")
    return cast(AsnRecord, _read(name, record.content, limits))


def write_record(record: AsnRecord) -> External:
    """Make a record what a response can carry."""
    for syntax, (name, cls) in _RECORDS.items():
        if isinstance(record, cls):
            return External(syntax, _write(name, record), "element")
    raise LocalViolation("z3950-value", f"{type(record).__name__} is no record of ASN.1")


def write_refusal(diagnostic: values.Diagnostic) -> External:
    """Make a diagnostic the user information of a refused Init: UserInfo-1 around Diag-1, as YAZ's tools read it."""
    told = element(CONTEXT | 1, _types()["DefaultDiagFormat"].write(diagnostic, CONTEXT | 1), True)
    fault = External(oid.DIAG_1, element(_SEQUENCE, element(_SEQUENCE, told, True), True), "element")
    return External(oid.USER_INFO_1, _write("OtherInformation", (OtherInfo(fault),)), "element")


def read_refusal(information: External | None, limits: Limits = DEFAULT_LIMITS) -> values.Diagnostic | None:
    """Find the diagnostic in the user information of a refused Init; None when there is none that can be read."""
    if information is None or information.syntax != oid.USER_INFO_1 or information.form != "element":
        return None
    try:
        for info in _read("OtherInformation", information.content, limits):
            node = parse(info.information.content, limits)
            while node.inside and node.inside[0].constructed:
                node = node.inside[0]
            return cast(values.Diagnostic, _types()["DefaultDiagFormat"].read(node))
    except (DecodeError, AttributeError):
        return None
    return None


def read_negotiation(other_info: Iterable[OtherInfo] | None, limits: Limits = DEFAULT_LIMITS) -> Negotiation | None:
    """Find what is negotiated about charset and language in the other information of an Init message."""
    for info in other_info or ():
        external = info.information
        if isinstance(external, External) and external.syntax == oid.CHARSET_3 and external.form == "element":
            return cast(Negotiation, _read("CharSetandLanguageNegotiation", external.content, limits))
    return None


def write_negotiation(negotiation: Negotiation) -> OtherInfo:
    """Make a proposal or a choice a piece of other information."""
    content = _write("CharSetandLanguageNegotiation", negotiation)
    category = values.InfoCategory(2, oid.CHARSET_3)
    return OtherInfo(External(oid.CHARSET_3, content, "element"), category)
