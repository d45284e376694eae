"""Holdings of an OPAC record as fields of its bibliographic one, so that what is kept of a record is one record.

In: the bytes of MARC, and what the target told of copies. Out: the same bytes with 852 fields at their end (and those
of MARC holdings records as they are), where the record had none of its own. Nothing else of it changes; of borrowers
and loans nothing is taken. MARC 21 Format for Holdings Data, 852.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from harvesters.base import Syntax
from harvesters.z3950.received import MAY_BE_MARC
from schemas.errors import DecodeError, SchemaError
from schemas.marc import delimited, marc8_write
from schemas.marc.delimited import FIELD_END
from schemas.marc.read import decode
from schemas.marc.record import Field, MarcRecord, data_field
from schemas.marc.write import LONGEST_FIELD, LONGEST_RECORD, marcxml
from schemas.z3950.external import External
from schemas.z3950.records import Holding

_TAGS: Final = ("852", "876", "952")
_END: Final = re.compile(rb"</(?:[\w.-]+:)?record\s*>\s*(?:</(?:[\w.-]+:)?collection\s*>\s*)?\Z")
_FIELDS: Final = re.compile(r"<datafield.*</datafield>", re.DOTALL)
_MOST: Final = 500


def with_holdings(content: bytes, syntax: Syntax, told: Iterable[Holding | External]) -> bytes:
    """Give a record with its holdings; as it is where it has some, where none are told or where they do not fit."""
    fields = tuple(_fields(told))[:_MOST]
    if not fields or any(tag in content for tag in (b'tag="852"', b'tag="952"')):
        return content
    if syntax == "marcxml":
        return _in_xml(content, fields)
    return _in_iso2709(content, fields) if syntax == "iso2709" else content


def _fields(told: Iterable[Holding | External]) -> Iterator[Field]:
    for each in told:
        if isinstance(each, Holding):
            yield _field(each)
        elif each.syntax.startswith(MAY_BE_MARC):
            yield from _of_marc(each)


def _field(held: Holding) -> Field:
    pieces = [("p", copy.item_id or "") for copy in held.circulation or ()]
    return data_field(
        "852",
        "  ",
        ("a", held.nuc_code or ""),
        ("b", held.local_location or ""),
        ("c", held.shelving_location or ""),
        ("h", held.call_number or ""),
        *pieces,
        ("t", held.copy_number or "" if not any(value for _, value in pieces) else ""),
        ("z", held.public_note or ""),
    )


def _of_marc(record: External) -> Iterator[Field]:
    try:
        found = decode(record.content).record
    except DecodeError:
        return
    yield from found.of("852", "876")


def _in_xml(content: bytes, fields: tuple[Field, ...]) -> bytes:
    end = _END.search(content)
    try:
        written = _FIELDS.search(marcxml(MarcRecord(" " * 24, fields)))
    except SchemaError:
        return content
    if end is None or written is None:
        return content
    # Those who give the elements of MARC a prefix get it here as well.
    prefix = end[0][2:].split(b"record")[0]
    added = re.sub(rb"(</?)(datafield|subfield)\b", rb"\1" + prefix + rb"\2", written[0].encode())
    return content[: end.start()] + added + content[end.start() :]


def _in_iso2709(content: bytes, fields: tuple[Field, ...]) -> bytes:
    """Write fields behind the last one, and their places into leader and directory."""
    head, mark, rest = content.partition(FIELD_END.encode())
    body, end, behind = rest.rpartition(b"\x1d")
    plain = len(head) > 24 and (len(head) - 24) % 12 == 0 and head[:5].isdigit() and head[12:17].isdigit()
    if not (plain and mark and end) or behind.strip() or int(head[12:17]) != len(head) + 1:
        return content
    if any(head[place : place + 3].decode("latin-1") in _TAGS for place in range(24, len(head), 12)):
        return content
    encode = str.encode if head[9:10] == b"a" else marc8_write.encode
    bodies = [encode(delimited.text(field)) + FIELD_END.encode() for field in fields]
    places = (len(body) + sum(map(len, bodies[:number])) for number in range(len(bodies)))
    entries = b"".join(
        b"%s%04d%05d" % (field.tag.encode(), len(each), place)
        for field, each, place in zip(fields, bodies, places, strict=True)
    )
    base = len(head) + len(entries) + 1
    size = base + len(body) + sum(map(len, bodies)) + 1
    if size > LONGEST_RECORD or any(len(each) > LONGEST_FIELD for each in bodies):
        return content
    leader = b"%05d%s%05d%s" % (size, head[5:12], base, head[17:24])
    return b"".join([leader, head[24:], entries, mark, body, *bodies, end])
