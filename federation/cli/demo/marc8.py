"""Vietnamese text to MARC-8, and a record to ISO 2709 in it: what an old library system writes.

In: text, or a `MarcRecord`. Out: bytes; leader/09 is blank, marks stand before their letter, and
ơ, ư, đ are letters of their own. this demonstration writes MARC-8: the federation itself reads it and writes
UTF-8. Standard: ISO 2709; MARC 21 Specifications, Character Sets: MARC-8 (basic Latin as G0, ANSEL as G1).
"""

import unicodedata
from typing import Final

from schemas.errors import EncodeError
from schemas.marc.record import Field, MarcRecord

_LETTERS: Final = {
    **{"Ł": 0xA1, "Ø": 0xA2, "Đ": 0xA3, "Þ": 0xA4, "Æ": 0xA5, "Œ": 0xA6, "·": 0xA8, "®": 0xAA, "±": 0xAB},
    **{"Ơ": 0xAC, "Ư": 0xAD, "ł": 0xB1, "ø": 0xB2, "đ": 0xB3, "þ": 0xB4, "æ": 0xB5, "œ": 0xB6, "ı": 0xB8},
    **{"£": 0xB9, "ð": 0xBA, "ơ": 0xBC, "ư": 0xBD, "°": 0xC0, "©": 0xC3, "¿": 0xC5, "¡": 0xC6, "ß": 0xC7, "€": 0xC8},
}
_MARKS: Final = {
    **{"\u0309": 0xE0, "\u0300": 0xE1, "\u0301": 0xE2, "\u0302": 0xE3, "\u0303": 0xE4, "\u0304": 0xE5, "\u0306": 0xE6},
    **{"\u0307": 0xE7, "\u0308": 0xE8, "\u030c": 0xE9, "\u030a": 0xEA, "\u030b": 0xEE, "\u0327": 0xF0, "\u0328": 0xF1},
    "\u0323": 0xF2,
}
#: Signs that MARC-8 has no place for, as typists wrote them.
_TYPED: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "--", "…": "...", "\u00a0": " "})
_HORN: Final = "\u031b"
_FIELD_END, _RECORD_END, _SUBFIELD = b"\x1e", b"\x1d", b"\x1f"


def encode(text: str) -> bytes:
    """Write text in MARC-8; raises `EncodeError` for a character that has no place in basic Latin and ANSEL."""
    out = bytearray()
    marks: list[int] = []
    letter = ""
    for character in unicodedata.normalize("NFD", text.translate(_TYPED)):
        if unicodedata.combining(character) and character != _HORN:
            marks.append(_mark(character, text))
        elif character == _HORN:
            letter = unicodedata.normalize("NFC", letter + _HORN)
        else:
            out += _written(letter, marks, text)
            letter, marks = character, []
    return bytes(out + _written(letter, marks, text))


def iso2709(record: MarcRecord) -> bytes:
    """Write a record as ISO 2709 in MARC-8; raises `EncodeError` when it is longer than the format allows."""
    directory, body = bytearray(), bytearray()
    for field in record.fields:
        content = _content(field) + _FIELD_END
        directory += f"{field.tag}{len(content):04}{len(body):05}".encode("ascii")
        body += content
    base = 24 + len(directory) + 1
    length = base + len(body) + 1
    if length > 99_999:
        raise EncodeError("record-oversize", f"{length} bytes; ISO 2709 holds 99999", record.control("001"))
    leader = f"{length:05}{record.leader[5:9]} {record.leader[10:12]}{base:05}{record.leader[17:24]}"
    return leader.encode("ascii") + bytes(directory) + _FIELD_END + bytes(body) + _RECORD_END


def _written(letter: str, marks: list[int], text: str) -> bytes:
    if not letter:
        return bytes(marks)
    if letter in _LETTERS:
        return bytes((*marks, _LETTERS[letter]))
    if not letter.isascii() or not letter.isprintable():
        raise _no_place(letter, text)
    return bytes((*marks, ord(letter)))


def _mark(character: str, text: str) -> int:
    if character not in _MARKS:
        raise _no_place(character, text)
    return _MARKS[character]


def _no_place(character: str, text: str) -> EncodeError:
    return EncodeError("marc8-unencodable", f"U+{ord(character):04X} has no place in MARC-8", text[:60])


def _content(field: Field) -> bytes:
    if field.tag < "010":
        return encode(field.value)
    parts = (_SUBFIELD + subfield.code.encode("ascii") + encode(subfield.value) for subfield in field.subfields)
    return field.indicators.encode("ascii") + b"".join(parts)
