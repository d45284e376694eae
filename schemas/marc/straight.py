"""From the MARCXML that we wrote ourselves straight to ISO 2709: a few steps over the text instead of a parser.

In: an exported record. Out: ISO 2709 in UTF-8 (leader/09 = a) or MARC-8 (blank), all of its fields or some. MARCXML of
another hand is read by the parser. Raises `EncodeError` for what the lengths of ISO 2709 cannot say.
"""

import re
from collections.abc import Collection
from itertools import accumulate
from typing import Final, Literal

from schemas.errors import EncodeError
from schemas.marc import delimited
from schemas.marc.delimited import FIELD_END, RECORD_END, SUBFIELD
from schemas.marc.marc8_write import encode
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import MarcRecord
from schemas.marc.write import LONGEST_FIELD, LONGEST_RECORD, SLIM, marcxml

Charset = Literal["utf-8", "marc-8"]

_HEAD: Final = f'<record xmlns="{SLIM}"><leader>'.encode()
_BODY: Final = len(_HEAD) + 24 + len(b"</leader>")
_TAIL: Final = b"</record>"
_FIELD_END, _SUBFIELD, _RECORD_END = FIELD_END.encode(), SUBFIELD.encode(), RECORD_END.encode()
#: the markup between subfields and around fields, and what of it is left
_BETWEEN: Final = (
    (b'</subfield><subfield code="', _SUBFIELD),
    (b'"><subfield code="', _SUBFIELD),
    (b"</subfield></datafield>", _FIELD_END),
)
#: all that is left of a start tag then stands before `">`
_MARKUP: Final = (
    (b"</controlfield>", _FIELD_END),
    (b'<datafield tag="', b""),
    (b'<controlfield tag="', b""),
    (b'" ind1="', b""),
    (b'" ind2="', b""),
    (b'">', b""),
)
#: a code that is more than one letter
_ODD_CODE: Final = re.compile(_SUBFIELD + rb'(?![!-~]">)')
_REFERENCES: Final = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&#13;", b"\r"), (b"&amp;", b"&"))


def marc(exported: bytes, only: Collection[str] = (), charset: Charset = "utf-8") -> bytes:
    """Give the ISO 2709 of an exported record, with `only` nothing but the fields of these tags."""
    leader, fields = _fields(exported)
    if only:
        tags = {tag.encode() for tag in only}
        fields = [field for field in fields if field[:3] in tags]
    if charset == "marc-8":
        fields = [field[:3] + encode(field[3:].decode()) for field in fields]
    return _assembled(leader, fields, b" " if charset == "marc-8" else b"a")


def _fields(exported: bytes) -> tuple[bytes, list[bytes]]:
    """Give the leader, and each field as its tag and what stands between two field terminators."""
    if exported.startswith(_HEAD) and exported.endswith(_TAIL):
        found = _quickly(exported[_BODY : -len(_TAIL)])
        if found:
            return exported[len(_HEAD) : len(_HEAD) + 24], found
    record = decode_xml(exported).record
    return record.leader.encode(), [(field.tag + delimited.text(field)).encode() for field in record.fields]


def _quickly(body: bytes) -> list[bytes]:
    """Give the fields of a body that is written as we write it, nothing for any other."""
    for markup, left in _BETWEEN:
        body = body.replace(markup, left)
    if _ODD_CODE.search(body):
        return []
    for markup, left in _MARKUP:
        body = body.replace(markup, left)
    if b"<" in body or b'"' in body or not body.endswith(_FIELD_END):
        return []
    if b"&" in body:
        for reference, letter in _REFERENCES:
            body = body.replace(reference, letter)
    fields = body[:-1].split(_FIELD_END)
    # A tag of three letters; behind it, unless it is a control field, two indicators and the first subfield.
    sound = [field for field in fields if field[:2] == b"00" or field[5:6] == _SUBFIELD]
    return fields if len(sound) == len(fields) else []


def _assembled(leader: bytes, fields: list[bytes], mark: bytes) -> bytes:
    sizes = [len(field) - 2 for field in fields]  # without its tag, with its terminator
    _check_lengths(fields, sizes)
    placed = zip(fields, sizes, accumulate(sizes, initial=0), strict=False)
    directory = b"".join([b"%b%04d%05d" % (field[:3], size, offset) for field, size, offset in placed])
    start = 25 + 12 * len(fields)
    whole = start + sum(sizes) + 1
    head = b"%05d%b%b22%05d%b4500" % (whole, leader[5:9], mark, start, leader[17:20])
    bodies = [field[3:] for field in fields]
    return _FIELD_END.join([head + directory, *bodies, _RECORD_END])


def _check_lengths(fields: list[bytes], sizes: list[int]) -> None:
    if sizes and max(sizes) > LONGEST_FIELD:
        size, tag = next((size, field[:3]) for size, field in zip(sizes, fields, strict=True) if size > LONGEST_FIELD)
        raise EncodeError("field-too-long", f"{size} bytes, ISO 2709 allows {LONGEST_FIELD}", tag.decode())
    whole = 26 + 12 * len(fields) + sum(sizes)
    if whole > LONGEST_RECORD:
        message = f"{whole} bytes, ISO 2709 allows {LONGEST_RECORD}; MARCXML has no such limit"
        raise EncodeError("record-too-long", message, fields[0][3:].decode())


def brief_xml(exported: bytes, only: Collection[str]) -> bytes:
    """Give the MARCXML of nothing but the fields of these tags."""
    record = decode_xml(exported).record
    return marcxml(MarcRecord(record.leader, tuple(record.of(*only)))).encode()
