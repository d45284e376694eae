"""From the MARCXML that we wrote ourselves straight to ISO 2709: a few steps over the text instead of a parser.

In: an exported record. Out: ISO 2709 in UTF-8 (leader/09 = a) or MARC-8 (blank), all of its fields or some. MARCXML of
another hand is read by the parser. Raises `EncodeError` for what the lengths of ISO 2709 cannot say.
"""

from collections.abc import Collection
from typing import Final, Literal

from schemas.errors import EncodeError
from schemas.marc import delimited
from schemas.marc.delimited import FIELD_END, RECORD_END, SUBFIELD
from schemas.marc.marc8_write import encode
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import MarcRecord
from schemas.marc.write import LONGEST_FIELD, LONGEST_RECORD, SLIM, marcxml

Charset = Literal["utf-8", "marc-8"]

_HEAD: Final = f'<record xmlns="{SLIM}"><leader>'
_BODY: Final = len(_HEAD) + 24 + len("</leader>")
_TAIL: Final = "</record>"
#: what stands between a subfield code and its value
_OPEN: Final = '">'
#: the markup around fields, and what of it is left; all that is left of a start tag then stands before `">`
_MARKUP: Final = (
    ("</subfield>", ""),
    ("</datafield>", FIELD_END),
    ("</controlfield>", FIELD_END),
    ('<datafield tag="', ""),
    ('<controlfield tag="', ""),
    ('" ind1="', ""),
    ('" ind2="', ""),
    (_OPEN, ""),
)
_REFERENCES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#13;", "\r"), ("&amp;", "&"))


def marc(exported: bytes, only: Collection[str] = (), charset: Charset = "utf-8") -> bytes:
    """Give the ISO 2709 of an exported record, with `only` nothing but the fields of these tags."""
    leader, fields = _fields(exported.decode())
    if only:
        fields = [field for field in fields if field[:3] in only]
    return _assembled(leader, fields, charset)


def _fields(text: str) -> tuple[str, list[str]]:
    """Give the leader, and each field as its tag and what stands between two field terminators."""
    if text.startswith(_HEAD) and text.endswith(_TAIL):
        found = _quickly(text[_BODY : -len(_TAIL)])
        if found:
            return text[len(_HEAD) : len(_HEAD) + 24], found
    record = decode_xml(text.encode()).record
    return record.leader, [field.tag + delimited.text(field) for field in record.fields]


def _quickly(body: str) -> list[str]:
    """Give the fields of a body that is written as we write it, nothing for any other."""
    head, *subfields = body.split('<subfield code="')
    codes = [each[1:3] for each in subfields]
    if codes.count(_OPEN) != len(codes):
        return []
    body = SUBFIELD.join([head, *[each[0] + each[3:] for each in subfields]])
    for markup, left in _MARKUP:
        body = body.replace(markup, left)
    if "<" in body or '"' in body or not body.endswith(FIELD_END):
        return []
    if "&" in body:
        for reference, letter in _REFERENCES:
            body = body.replace(reference, letter)
    fields = body[:-1].split(FIELD_END)
    # A tag of three letters; behind it, unless it is a control field, two indicators and the first subfield.
    sound = [field for field in fields if field[:2] == "00" or field[5:6] == SUBFIELD]
    return fields if len(sound) == len(fields) else []


def _assembled(leader: str, fields: list[str], charset: Charset) -> bytes:
    directory, bodies, offset = [], [], 0
    for field in fields:
        text = field[3:] + FIELD_END
        body = encode(text) if charset == "marc-8" else text.encode()
        size = len(body)
        if size > LONGEST_FIELD:
            raise EncodeError("field-too-long", f"{size} bytes, ISO 2709 allows {LONGEST_FIELD}", field[:3])
        directory.append(f"{field[:3]}{size:04}{offset:05}")
        bodies.append(body)
        offset += size
    start = 25 + 12 * len(bodies)
    whole = start + offset + 1
    if whole > LONGEST_RECORD:
        message = f"{whole} bytes, ISO 2709 allows {LONGEST_RECORD}; MARCXML has no such limit"
        raise EncodeError("record-too-long", message, fields[0][3:])
    mark = " " if charset == "marc-8" else "a"
    head = f"{whole:05}{leader[5:9]}{mark}22{start:05}{leader[17:20]}4500{''.join(directory)}{FIELD_END}"
    return b"".join([head.encode("ascii"), *bodies, RECORD_END.encode()])


def brief_xml(exported: bytes, only: Collection[str]) -> bytes:
    """Give the MARCXML of nothing but the fields of these tags."""
    record = decode_xml(exported).record
    return marcxml(MarcRecord(record.leader, tuple(record.of(*only)))).encode()
