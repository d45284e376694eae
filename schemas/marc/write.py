"""MARC out: one record as ISO 2709 or as MARCXML, and a whole collection as a file.

In: a `MarcRecord`, best one that went through `clean`. Out: bytes of ISO 2709 in UTF-8, or a `<record>` element as text
that is valid against MARC21slim.xsd. What the format cannot carry raises `EncodeError`; nothing is cut silently.
Standards: ISO 2709, MARC 21 Specifications for Record Structure, MARCXML 1.1.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from schemas.errors import EncodeError
from schemas.marc import delimited
from schemas.marc.delimited import FIELD_END, SUBFIELD
from schemas.marc.record import Field, MarcRecord

SLIM: Final = "http://www.loc.gov/MARC21/slim"
LONGEST_RECORD: Final = 99_999
LONGEST_FIELD: Final = 9_999
_SPECIAL: Final = re.compile('[&<>"\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]')
# XML 1.0 allows no other character below blank, no surrogate and no U+FFFE, U+FFFF.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def marc(record: MarcRecord) -> bytes:
    """Write ISO 2709 in UTF-8 with leader/09 = a; raises `EncodeError` for what its lengths cannot say."""
    directory, bodies, offset = [], [], 0
    for field in record.fields:
        body = _body(field)
        if len(body) > LONGEST_FIELD:
            raise EncodeError("field-too-long", f"{len(body)} bytes, ISO 2709 allows {LONGEST_FIELD}", field.tag)
        directory.append(f"{field.tag}{len(body):04}{offset:05}")
        bodies.append(body)
        offset += len(body)
    start = 25 + 12 * len(bodies)
    if start + offset + 1 > LONGEST_RECORD:
        message = f"{start + offset + 1} bytes, ISO 2709 allows {LONGEST_RECORD}; MARCXML has no such limit"
        raise EncodeError("record-too-long", message, record.control("001"))
    old = record.leader[:24].ljust(24)
    leader = f"{start + offset + 1:05}{old[5:9]}a22{start:05}{old[17:20]}4500"
    return b"".join([_ascii(leader + "".join(directory)), b"\x1e", *bodies, b"\x1d"])


def _body(field: Field) -> bytes:
    text = delimited.text(field)
    if len(field.tag) != 3 or (not delimited.is_control(field.tag) and len(field.indicators) != 2):
        raise EncodeError("field-unwritable", "a tag has three characters, indicators are two", field.tag)
    if FIELD_END in text or "\x1d" in text or text.count(SUBFIELD) != len(field.subfields):
        raise EncodeError("field-unwritable", "the text holds delimiters of ISO 2709", field.tag)
    return _encoded(text + FIELD_END, field.tag)


def _encoded(text: str, where: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise EncodeError("text-unwritable", f"no character of Unicode: {error}", where) from None


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        raise EncodeError("field-unwritable", f"leader and tags are ASCII: {text[:200]!r}", "leader") from None


def marcxml(record: MarcRecord) -> str:
    """Write a `<record>` element in the MARC 21 slim namespace; characters that XML forbids are left out."""
    if record.text:
        return _of_text(record.leader, record.text)
    controls = [element(field) for field in record.fields if field[0][:2] == "00"]
    data = [element(field) for field in record.fields if field[0][:2] != "00"]
    return _enclosed(record.leader, [*controls, *data])


def _of_text(leader: str, text: str) -> str:
    """Write a record from its sound text: a few steps over all of it instead of some over each subfield."""
    head, *subfields = _quoted(text).split(SUBFIELD)
    marked = '</subfield><subfield code="'.join([head, *[f'{one[:1]}">{one[1:]}' for one in subfields]])
    elements = [
        f'<controlfield tag="{one[:3]}">{one[3:]}</controlfield>'
        if one[:2] == "00"
        # The first subfield ends none before it.
        else f'<datafield tag="{one[:3]}" ind1="{one[3]}" ind2="{one[4]}">{one[16:]}</subfield></datafield>'
        for one in marked.split(FIELD_END)[1:]
    ]
    return _enclosed(leader, elements)


def _enclosed(leader: str, elements: list[str]) -> str:
    return f'<record xmlns="{SLIM}"><leader>{_escaped(leader[:24].ljust(24))}</leader>{"".join(elements)}</record>'


def element(field: Field) -> str:
    """Write one field as MARCXML."""
    tag, value, indicators, subfields = field
    if tag[:2] == "00":
        return f'<controlfield tag="{_escaped(tag)}">{_escaped(value)}</controlfield>'
    first, second = _escaped(indicators[:1] or " "), _escaped(indicators[1:2] or " ")
    inner = "".join([f'<subfield code="{_escaped(code)}">{_escaped(value)}</subfield>' for code, value in subfields])
    return f'<datafield tag="{_escaped(tag)}" ind1="{first}" ind2="{second}">{inner}</datafield>'


def _escaped(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return _quoted(_FORBIDDEN.sub("", text)).replace("\r", "&#13;")


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def collection(records: Iterable[MarcRecord]) -> Iterator[str]:
    """Write a MARCXML file piece by piece: the head, one line per record, the end."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{SLIM}">\n'
    for record in records:
        # The collection names the namespace; saying it on each record again would only cost bytes.
        yield marcxml(record).replace(f' xmlns="{SLIM}"', "", 1) + "\n"
    yield "</collection>\n"
