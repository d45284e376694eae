"""A MARC record as compact bytes and back, exactly, whatever its length: how the store keeps records.

In: any `MarcRecord`. Out: bytes that `unpack` makes the same record of. The usual form is ISO 2709's delimiters without
directory and lengths, so it is as fast as splitting text; a record whose text holds delimiters or whose parts have
unusual lengths is written as JSON. The first byte tells which.
"""

import json
from typing import Final

from schemas.marc import delimited
from schemas.marc.delimited import FIELD_END
from schemas.marc.record import Field, MarcRecord, Subfield

_PLAIN: Final = b"M"
_JSON: Final = b"J"


def pack(record: MarcRecord) -> bytes:
    """Write a record as compact bytes; `unpack(pack(record)) == record` for every record."""
    text = delimited.joined(record)
    if not text or not all(map(_usual, record.fields)):
        text = json.dumps([record.leader, record.fields], ensure_ascii=False, separators=(",", ":"))
        return _JSON + text.encode("utf-8", "surrogatepass")
    return _PLAIN + text.encode("utf-8", "surrogatepass")


def _usual(field: Field) -> bool:
    """Tell whether delimiters alone bring the field back: usual lengths, and nothing where nothing belongs."""
    tag, value, indicators, subfields = field
    if len(tag) != 3:
        return False
    if tag[:2] == "00":
        return indicators == "  " and not subfields
    for code, _ in subfields:
        if len(code) != 1:
            return False
    return not value


def unpack(content: bytes) -> MarcRecord:
    """Read what `pack` wrote."""
    text = content[1:].decode("utf-8", "surrogatepass")
    if content[:1] == _JSON:
        leader, rows = json.loads(text)
        return MarcRecord(leader, tuple(_field(*row) for row in rows))
    leader, *rest = text.split(FIELD_END)
    return MarcRecord(leader, delimited.fields([part[:3] for part in rest], [part[3:] for part in rest]))


def _field(tag: str, value: str, indicators: str, subfields: list[list[str]]) -> Field:
    return Field(tag, value, indicators, tuple(Subfield(code, text) for code, text in subfields))
