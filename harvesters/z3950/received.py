"""What a record of Z39.50 carries: MARC as it came, and where it is held.

In: a record of a result. Out: a `Payload`: the bytes of the record untouched, what they are, holdings of an OPAC
record; or the reason why there is no record in that place. What a record is tell its bytes, not its label: MARC is sent
as XML, and XML as MARC.
"""

from dataclasses import dataclass
from typing import Final

from harvesters import markup
from harvesters.base import Syntax
from harvesters.errors import SourceBroken
from harvesters.payload import syntax
from schemas.errors import DecodeError
from schemas.z3950 import codec, diagnostics, oid
from schemas.z3950.ber import DEFAULT_LIMITS, UNIVERSAL, Limits, parse, pieces
from schemas.z3950.external import External
from schemas.z3950.records import Holding, OpacRecord
from schemas.z3950.retrieval import Fragment, NamedRecord
from schemas.z3950.values import Diagnostic

_OCTETS: Final = UNIVERSAL | 4
_NO_MARC: Final = (oid.SUTRS, oid.GRS_1)
#: how the object identifiers of record syntaxes begin
MAY_BE_MARC: Final = f"{oid.PREFIX}.5."
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Payload:
    """A record; `fault` says why there is none. Holdings are as the target told them (some as MARC)."""

    content: bytes
    syntax: Syntax
    holdings: tuple[Holding | External, ...] = ()
    fault: str = ""


def payload(record: NamedRecord, limits: Limits = DEFAULT_LIMITS) -> Payload:
    """Unpack a record; never raises."""
    found = record.record
    if isinstance(found, Diagnostic):
        return Payload(b"", "unknown", fault=diagnostics.told(found))
    if isinstance(found, Fragment):
        return Payload(b"", "unknown", fault="a part of a record came, which was not asked for")
    if record.surrogate:
        return Payload(found.content, "unknown", fault=diagnostics.told(found))
    try:
        return _unpacked(found, limits)
    except DecodeError as error:
        return Payload(found.content, "unknown", fault=f"the record cannot be read: {error}")


def _unpacked(found: External, limits: Limits) -> Payload:
    if found.syntax == oid.OPAC and found.form == "element":
        return _opac(codec.read_record(found, limits), found, limits)
    if found.syntax in _NO_MARC:
        return Payload(found.content, "unknown", fault=f"it came as {oid.label(found.syntax)}, which is not MARC")
    content = _octets(found, limits)
    kind = _kind(content)
    return Payload(content, kind, fault="" if kind != "unknown" else f"no MARC came: {oid.label(found.syntax)}")


def _opac(record: object, found: External, limits: Limits) -> Payload:
    if not isinstance(record, OpacRecord) or record.bibliographic is None:
        return Payload(found.content, "unknown", fault="an OPAC record without a bibliographic one")
    inner = _unpacked(record.bibliographic, limits)
    return Payload(inner.content, inner.syntax, record.holdings or (), inner.fault)


def _octets(found: External, limits: Limits) -> bytes:
    """Give the bytes of a record; some servers make an OCTET STRING of them."""
    if found.form != "element":
        return found.content
    node = parse(found.content, limits)
    if node.tag != _OCTETS:
        return found.content
    return b"".join(pieces(node)) if node.constructed else bytes(node.content)


def _kind(content: bytes) -> Syntax:
    start = content.removeprefix(_BOM).lstrip(b"\0 \t\r\n")[:5]
    if start[:1] == b"<":
        try:
            return syntax(markup.element(content))
        except SourceBroken:
            return "marcxml" if b"controlfield" in content else "unknown"
    # MARC that is damaged is mended when it is read; this much all of it has.
    return "iso2709" if start.isdigit() or b"\x1e" in content else "unknown"
