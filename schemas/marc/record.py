"""The MARC record as the house passes it around: a leader and fields, immutable, in the order received.

In: what `read` decoded or a crosswalk built. Out: values that `write`, `spec`, `clean` and the crosswalks share.
Text is `str`; no length, directory or terminator survives here (MARC 21 Specifications for Record Structure).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

BLANK_LEADER = "00000nam a2200000   4500"


class Subfield(NamedTuple):
    """One subfield: its one-character code and its value."""

    code: str
    value: str


class Field(NamedTuple):
    """One field. A control field (00X) has `value` and no subfields; a data field has two indicators and subfields."""

    tag: str
    value: str = ""
    indicators: str = "  "
    subfields: tuple[Subfield, ...] = ()

    def get(self, code: str) -> str:
        """Give the first value of subfield `code`, or an empty string."""
        for subfield in self.subfields:
            if subfield.code == code:
                return subfield.value
        return ""

    def all(self, codes: str) -> list[str]:
        """Give the values of every subfield whose code is in `codes`, in the order of the record."""
        return [subfield.value for subfield in self.subfields if subfield.code in codes]


@dataclass(frozen=True, slots=True)
class MarcRecord:
    """A leader of 24 characters and the fields in the order received.

    `text` is the whole record as one text (`delimited.joined`) when `clean` found that nothing in it needs repair any
    more; it saves the writers a walk through all subfields.
    """

    leader: str
    fields: tuple[Field, ...]
    text: str = field(default="", compare=False, repr=False)

    def control(self, tag: str) -> str:
        """Give the value of the first control field `tag`, or an empty string."""
        for each in self.fields:
            if each.tag == tag:
                return each.value
        return ""

    def of(self, *tags: str) -> Iterator[Field]:
        """Give the fields with one of these tags, in the order of the record."""
        return (each for each in self.fields if each.tag in tags)

    def first(self, tag: str) -> Field | None:
        """Give the first field `tag`, or None."""
        return next(self.of(tag), None)


def data_field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Field:
    """Make a data field from (code, value) pairs, leaving out empty values."""
    return Field(tag, "", indicators, tuple(Subfield(code, value) for code, value in subfields if value))
