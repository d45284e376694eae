"""Values that many messages of Z39.50 share: other information, diagnostics, units; how values are bound to ASN.1.

In: what `kinds` read of a type. Out: frozen values with plain fields; and back. `struct` binds a dataclass to a
SEQUENCE by the names of its fields, `union` a CHOICE to the classes of its alternatives.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType, NoneType
from typing import Any, Final, TypeAlias

from schemas.errors import EncodeError
from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.primitives import Oid

BIB1_DIAGNOSTICS: Final = "1.2.840.10003.4.1"


@dataclass(frozen=True, slots=True)
class InfoCategory:
    """What sort of information this is; which numbers there are depends on `set`."""

    value: int
    set: str | None = None


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """One piece of what either side adds to a message."""

    information: str | bytes | External | Oid
    category: InfoCategory | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure."""

    system: str | None = None
    type: str | int | None = None
    unit: str | int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class IntUnit:
    """A number of units."""

    value: int
    unit: Unit = Unit()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fault told in numbers: `condition` of the table `set`, and what it is about."""

    condition: int
    add_info: str = ""
    set: str = BIB1_DIAGNOSTICS


#: what a diagnostic of another format is left as
AnyDiagnostic: TypeAlias = Diagnostic | External


# --- bindings ---------------------------------------------------------------------------------------------------------


def struct(cls: type[Any], **names: str) -> Binding:
    """Bind a dataclass to a SEQUENCE: its fields are the ASN.1 names in snake case; `names` gives those that differ.

    A field with an empty name is of no component of its own: whoever calls gives and takes it under "".
    """
    own = {names.get(field.name, camel(field.name)): field.name for field in fields(cls)}
    # A default is what we say when nobody tells us; what a peer leaves out is absent.
    absent = {field.name: None for field in fields(cls) if field.default != ()}

    def read(found: Mapping[str, Any]) -> Any:
        return cls(**absent | {own[name]: value for name, value in found.items() if name in own})

    def write(value: Any) -> Mapping[str, Any]:
        _of(cls, value)
        return {name: getattr(value, field) for name, field in own.items()}

    return Binding(read, write)


def camel(name: str) -> str:
    """Give the ASN.1 name of a field: `result_set_name` is `resultSetName`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def union(**alternatives: type[Any] | tuple[type[Any], ...]) -> Binding:
    """Bind a CHOICE to classes: a value is written as the first alternative it is an instance of."""

    def read(found: tuple[str, Any]) -> Any:
        return found[1]

    def write(value: Any) -> tuple[str, Any]:
        for name, cls in alternatives.items():
            if isinstance(value, cls) and not (cls is int and isinstance(value, bool)):
                return name, value
        raise EncodeError("z3950-value", f"{type(value).__name__} where none belongs")

    return Binding(read, write)


def number(cls: Callable[[int], Any]) -> Binding:
    """Bind an INTEGER to an enumeration."""
    return Binding(cls, int)


def _of(cls: type[Any], value: Any) -> None:
    if not isinstance(value, cls):
        raise EncodeError("z3950-value", f"{type(value).__name__} where {cls.__name__} belongs")


def _write_add_info(text: str) -> tuple[str, str]:
    # Version 2 knows only the first, and every peer reads it; letters outside ASCII are not allowed there.
    return ("v2Addinfo" if text.isascii() else "v3Addinfo"), text


BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "OtherInformationUnit": struct(OtherInfo),
        "Information": union(oid=Oid, characterInfo=str, binaryInfo=bytes, externallyDefinedInfo=External),
        "InfoCategory": struct(InfoCategory, value="categoryValue", set="categoryTypeId"),
        "IntUnit": struct(IntUnit, unit="unitUsed"),
        "Unit": struct(Unit, system="unitSystem", type="unitType", scale="scaleFactor"),
        "StringOrNumeric": union(string=str, numeric=int),
        "DiagRec": union(defaultFormat=Diagnostic, externallyDefined=External),
        "DefaultDiagFormat": struct(Diagnostic, add_info="addinfo", set="diagnosticSetId"),
        "AddInfo": Binding(lambda found: found[1], _write_add_info),
    }
)
#: the value of NULL
NULL: Final = NoneType
