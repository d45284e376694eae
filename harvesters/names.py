"""The name under which a record of SRU or Z39.50 is kept: neither protocol has one that is always there.

In: the option `id`, the bytes of a record, and the recordIdentifier that came with it (SRU). Out: its local id, and
what is to be reported: by the option 001, 003 with 001, the recordIdentifier or a field; where that is missing the one
of 001 and recordIdentifier that is there, else a fingerprint (issue `id-missing`).
"""

import re
from dataclasses import dataclass
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.options import Option
from schemas.crosswalks import dc_xml
from schemas.errors import DecodeError, SchemaError
from schemas.marc.identity import control_number, fingerprint
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.spec import compiled, values

ID: Final = Option(
    "id", "001", "what names a record: 001, 003 (agency/001), identifier (recordIdentifier), or a field such as 035a"
)
WAYS: Final = ("001", "003", "identifier")
_MARC: Final = ("iso2709", "marcxml")
_ADDRESS: Final = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Names:
    """How the records of a source are named."""

    way: str = "001"

    def of(self, content: bytes, kind: str, given: str = "") -> tuple[str, tuple[str, ...]]:
        """Give the local id of a record, and findings."""
        number, agency = control_number(content, kind) if kind in _MARC else ("", "")
        chosen = {
            "001": number,
            "003": f"{agency}/{number}" if agency and number else "",
            "identifier": given,
        }.get(self.way)
        if chosen is None:
            chosen = self._field(content, kind) if kind in _MARC else ""
        name = chosen or number or given or (_first_identifier(content) if kind == "oai_dc" else "")
        return (name, ()) if name else (fingerprint(content), ("id-missing",))

    def _field(self, content: bytes, kind: str) -> str:
        try:
            record = (decode_xml if kind == "marcxml" else decode)(content).record
        except DecodeError:
            return ""
        return next((value.strip() for value in values(record, self.way) if value.strip()), "")


def names(way: str, ways: tuple[str, ...] = WAYS) -> Names:
    """Read the option; raises `SourceRefused`."""
    if way not in ways:
        try:
            compiled(way)
            reason = "this kind of source has none" if way in WAYS else ""
        except ValueError as error:
            reason = str(error)
        if reason:
            message = f"option {ID.name} is {way!r}; write one of {', '.join(ways)} or a field such as 035a ({reason})"
            raise SourceRefused("option-invalid", message)
    return Names(way)


def _first_identifier(content: bytes) -> str:
    """Give the first identifier of Dublin Core that is one word, as numbers and addresses are."""
    try:
        found = dc_xml.values(content)[0].get("identifier", ())
    except SchemaError:
        return ""
    return next((text.strip() for text in found if _ADDRESS.fullmatch(text)), "")
