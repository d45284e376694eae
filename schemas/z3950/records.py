"""Records that are ASN.1 themselves: text (SUTRS), bibliographic record with holdings (OPAC), generic (GRS-1).

In: plain values. Out: frozen values bound to their ASN.1 types; `codec` makes them to an EXTERNAL and back. MARC and
XML records need nothing of this: their bytes are the EXTERNAL's octets. Z39.50-1995, appendix REC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.primitives import Oid, Time
from schemas.z3950.values import IntUnit, struct, union


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume that is held."""

    enumeration: str | None = None
    chronology: str | None = None
    enum_and_chron: str | None = None


@dataclass(frozen=True, slots=True)
class Circulation:
    """A copy, and whether it can be had."""

    available_now: bool
    availability_date: str | None = None
    available_thru: str | None = None
    restrictions: str | None = None
    item_id: str | None = None
    renewable: bool = False
    on_hold: bool = False
    enum_and_chron: str | None = None
    midspine: str | None = None
    temporary_location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one place holds; the fields are those of MARC 21 holdings, see `records.asn`."""

    type_of_record: str | None = None
    encoding_level: str | None = None
    format: str | None = None
    receipt_acq_status: str | None = None
    general_retention: str | None = None
    completeness: str | None = None
    date_of_report: str | None = None
    nuc_code: str | None = None
    local_location: str | None = None
    shelving_location: str | None = None
    call_number: str | None = None
    shelving_data: str | None = None
    copy_number: str | None = None
    public_note: str | None = None
    reproduction_note: str | None = None
    terms_use_repro: str | None = None
    enum_and_chron: str | None = None
    volumes: tuple[Volume, ...] | None = None
    circulation: tuple[Circulation, ...] | None = None


@dataclass(frozen=True, slots=True)
class OpacRecord:
    """A bibliographic record and where it is held; a holding can be a MARC holdings record."""

    bibliographic: External | None = None
    holdings: tuple[Holding | External, ...] | None = None


@dataclass(frozen=True, slots=True)
class SutrsRecord:
    """Text for a person to read."""

    text: str


@dataclass(frozen=True, slots=True)
class Absent:
    """An element without content, and why; `not_there`: the record has none, `empty`: it is empty."""

    why: Literal["not_there", "empty", "not_requested"]


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a generic record: a number or name of the tag set `tag_type`, and what it holds."""

    tag: str | int
    content: "ElementContent"
    tag_type: int | None = None
    occurrence: int | None = None


#: a tuple is a subtree; `External` is something of another type
ElementContent: TypeAlias = bytes | int | str | bool | Oid | Time | External | IntUnit | Absent | tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class GenericRecord:
    """A GRS-1 record: a tree of elements."""

    elements: tuple[Element, ...]


# --- bindings ---------------------------------------------------------------------------------------------------------

_ABSENT: Final[Mapping[str, Absent]] = MappingProxyType(
    {
        "elementNotThere": Absent("not_there"),
        "elementEmpty": Absent("empty"),
        "noDataRequested": Absent("not_requested"),
    }
)
_CONTENT: Final = union(
    trueOrFalse=bool,
    octets=bytes,
    numeric=int,
    oid=Oid,
    date=Time,
    string=str,
    ext=External,
    intUnit=IntUnit,
    subtree=tuple,
)


def _read_content(found: tuple[str, Any]) -> Any:
    return _ABSENT.get(found[0], found[1])


def _write_content(value: Any) -> tuple[str, Any]:
    for name, absent in _ABSENT.items():
        if value == absent:
            return name, None
    return _CONTENT.write(value)  # type: ignore[no-any-return]


BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "SutrsRecord": Binding(SutrsRecord, lambda record: record.text),
        "OPACRecord": struct(OpacRecord, bibliographic="bibliographicRecord", holdings="holdingsData"),
        "HoldingsRecord": union(marcHoldingsRecord=External, holdingsAndCirc=Holding),
        "HoldingsAndCircData": struct(Holding, circulation="circulationData"),
        "Volume": struct(Volume),
        "CircRecord": struct(Circulation, availability_date="availablityDate"),
        "GenericRecord": Binding(GenericRecord, lambda record: record.elements),
        "TaggedElement": struct(Element, tag="tagValue", occurrence="tagOccurrence"),
        "ElementData": Binding(_read_content, _write_content),
    }
)
