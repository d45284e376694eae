"""Whose each field of a union record is: read back from the record and from what merge noted.

In: the fields of a union record, and the origins noted with it, the base first. Out: `Line`s in the record's order.
An added field names its member in $9 and a holding in $a (852); everything else is the base's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from federation.matching.merge import Origin
from schemas.marc.record import Field


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the union record, whose it is, and what in it came from others (positions of 008)."""

    field: Field
    member: str
    filled: tuple[tuple[str, str], ...] = ()


def attributed(fields: Iterable[Field], origins: Sequence[Origin]) -> tuple[Line, ...]:
    """Say of each field whose it is; of our own numbers nobody's."""
    base = origins[0].code if origins else ""
    filled = tuple((each.field, each.code) for each in origins if each.field.startswith("008"))
    return tuple(_line(field, base, filled) for field in fields)


def _line(field: Field, base: str, filled: tuple[tuple[str, str], ...]) -> Line:
    match field.tag:
        case "001" | "003":
            return Line(field, "")
        case "008":
            return Line(field, base, filled)
        case "852":
            return Line(field, field.get("a"))
    return Line(field, field.get("9") or base)
