"""The number a record goes by: 001 with 003 read from the bytes at once, or a fingerprint of the content.

In: the bytes of one record and their syntax. Out: (001, 003), empty texts where there is none. Only a record whose
structure does not show them at once is decoded for it.
"""

import re
from hashlib import blake2b
from html import unescape
from typing import Final

from schemas.errors import DecodeError
from schemas.marc.clean import clean
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode

_XML_FIELD: Final = re.compile(rb"<(?:[\w.-]+:)?controlfield\b[^<>]*?\btag\s*=\s*[\"'](00[13])[\"'][^<>]*>([^<]*)</")
_NOT_PLAIN: Final = re.compile(rb"[\x00-\x1f\x7f]|&#")


def control_number(content: bytes, syntax: str) -> tuple[str, str]:
    """Give 001 and 003 of one record; `syntax` is `iso2709` or `marcxml`. Never raises."""
    if syntax == "marcxml":
        return _from_xml(content)
    pieces = content.split(b"\x1e")
    head, offset = pieces[0], 0
    found = {b"001": b"", b"003": b""}
    if len(head) != 12 * len(pieces):
        return _by_decoding(content, syntax)
    for place, piece in zip(range(24, len(head), 12), pieces[1:-1], strict=True):
        tag = head[place : place + 3]
        if tag in found and not found[tag]:
            # Numbers are compared because a directory may list the fields in another order than they stand in.
            if head[place + 3 : place + 12] != b"%04d%05d" % (len(piece) + 1, offset) or not _is_plain(piece):
                return _by_decoding(content, syntax)
            found[tag] = piece
        offset += len(piece) + 1
    return found[b"001"].decode("ascii").strip(), found[b"003"].decode("ascii").strip()


def fingerprint(content: bytes) -> str:
    """Give 20 characters that name this content and no other."""
    return blake2b(content.strip(), digest_size=10).hexdigest()


def _is_plain(value: bytes) -> bool:
    return value.isascii() and _NOT_PLAIN.search(value) is None


def _trimmed(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f-\x9f]", "", text).strip()


def _from_xml(content: bytes) -> tuple[str, str]:
    found = dict(reversed(_XML_FIELD.findall(content)))
    if not found or b"<!" in content:
        return _by_decoding(content, "marcxml")
    try:
        texts = {tag: _trimmed(unescape(value.decode("utf-8"))) for tag, value in found.items()}
    except UnicodeDecodeError:
        return _by_decoding(content, "marcxml")
    return texts.get(b"001", ""), texts.get(b"003", "")


def _by_decoding(content: bytes, syntax: str) -> tuple[str, str]:
    try:
        record = clean((decode_xml if syntax == "marcxml" else decode)(content).record)[0]
    except DecodeError:
        return "", ""
    return record.control("001").strip(), record.control("003").strip()
