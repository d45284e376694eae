"""One MARCXML record from its bytes, whatever its namespace or prefix, and even where the XML is slightly broken.

In: the bytes of one `<record>` element, as `split_xml` cut them. Out: `Decoded`; what is no MARC record raises
`DecodeError` with a code of `schemas.issues.CODES`. Entities, network and DTDs are off and a DOCTYPE is refused.
Standards: MARCXML 1.1 (MARC21slim.xsd), ISO 25577 (MarcXchange), read without their namespaces.
"""

import re
from functools import cache
from html.entities import html5
from typing import Any, Final

from lxml import etree

from schemas.errors import DecodeError
from schemas.issues import CODES, Issue, issue
from schemas.marc import charset, leader
from schemas.marc.piece import LIMIT, Decoded, Piece
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, Subfield
from schemas.marc.splitxml import split_xml

__all__ = ["Decoded", "Piece", "decode_xml", "split_xml"]

_PREFIXED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*<(?P<prefix>[\w.-]+):record(?=[\s>])(?P<rest>[^>]*)"
)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND: Final = re.compile(r"&(?:#(?P<decimal>\d{1,7});|#[xX](?P<hex>[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z]\w*;))?")
_LESS_THAN: Final = re.compile(r"<(?![A-Za-z_/!?])")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_PARTS: Final = ("leader", "controlfield", "datafield")
#: types of record in leader/06 that are holdings (MARC 21 Format for Holdings Data)
_HOLDINGS: Final = ("u", "v", "x", "y")


def decode_xml(content: bytes) -> Decoded:
    """Read one MARCXML record; raises `DecodeError` (xml-unreadable, xml-doctype, not-marc, record-oversize)."""
    if len(content) >= LIMIT:
        raise DecodeError("record-oversize", CODES["record-oversize"][1], f"{len(content)} bytes")
    if b"<!DOCTYPE" in content:
        raise DecodeError("xml-doctype", CODES["xml-doctype"][1], "record")
    root, issues = _parsed(content)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DecodeError("xml-doctype", CODES["xml-doctype"][1], "record")
    element = _record(root)
    found_leader, fields = _contents(element, issues)
    if not fields:
        raise DecodeError("not-marc", f"{CODES['not-marc'][1]}: <{_local(root)}> holds no fields", "record")
    return Decoded(MarcRecord(found_leader, tuple(fields)), tuple(issues))


def _new_parser(recover: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


@cache
def _parser() -> Any:
    return _new_parser(recover=False)


def _parsed(content: bytes) -> tuple[Any, list[Issue]]:
    try:
        return etree.fromstring(_with_namespace(content), _parser()), []
    except (etree.XMLSyntaxError, ValueError) as error:
        return _mended(content, str(error))


def _with_namespace(content: bytes) -> bytes:
    """Declare the prefix of the record element, which its collection declared when the record was still inside."""
    found = _PREFIXED.match(content)
    if not found or b"xmlns:" + found["prefix"] in found["rest"]:
        return content
    end = found.end("prefix") + len(b":record")
    return content[:end] + b' xmlns:%s="urn:undeclared"' % found["prefix"] + content[end:]


def _mended(content: bytes, error: str) -> tuple[Any, list[Issue]]:
    """Parse XML that is not well-formed, when stray & and < or forbidden characters are all that is wrong with it."""
    texts, issues, _ = charset.texts(content, [content])
    text = _DECLARATION.sub("", _FORBIDDEN.sub("", texts[0].removeprefix("\ufeff")))
    text = _LESS_THAN.sub("&lt;", _AMPERSAND.sub(_reference, text))
    parser = _new_parser(recover=True)
    root = etree.fromstring(_with_namespace(text.encode()), parser) if text.strip() else None
    faults = [fault for fault in parser.error_log if fault.type_name != "NS_ERR_UNDEFINED_NAMESPACE"]
    if root is None or faults:
        raise DecodeError("xml-unreadable", f"{CODES['xml-unreadable'][1]}: {error}", "record") from None
    kept = [found for found in issues if found.code != "encoding-mislabelled"]
    changed = text.encode() != content.strip()
    return root, [*kept, *([issue("xml-rescued", "record", error)] if changed else [])]


def _reference(found: re.Match[str]) -> str:
    """Keep a reference that XML knows, resolve one that only HTML knows, and escape an & that is none."""
    number = found["decimal"] or found["hex"]
    if number:
        code = int(number, 10 if found["decimal"] else 16)
        legal = code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
        return found[0] if legal else ""
    if found["name"] in {"amp;", "lt;", "gt;", "quot;", "apos;"}:
        return found[0]
    known = html5.get(found["name"] or "")
    return known if known and known not in "<&" else "&amp;" + found[0][1:]


def _local(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def _record(root: Any) -> Any:
    """Give the record element itself: the innermost one where wrappers are called `record` too, and the first that is
    no holdings record where a collection holds several, as that of a title and of its copies (MARC21plus-xml).
    """
    if _is_marc(root):
        return root
    inner = [element for element in root.iter() if _local(element) == "record"]
    return next((element for element in inner if _is_marc(element) and not _is_holdings(element)), [root, *inner][-1])


def _is_marc(element: Any) -> bool:
    return _local(element) == "record" and len(element) > 0 and _local(element[0]) in _PARTS


def _is_holdings(element: Any) -> bool:
    leader = _text(element[0]) if _local(element[0]) == "leader" else ""
    return leader[6:7] in _HOLDINGS


def _contents(element: Any, issues: list[Issue]) -> tuple[str, list[Field]]:
    found_leader, fields = "", []
    odd: dict[str, str] = {}
    for child in element:
        name = child.tag
        if name.endswith("datafield"):
            fields.append(_data_field(child, odd))
        elif name.endswith("controlfield"):
            fields.append(Field(child.get("tag", ""), _text(child)))
        elif name.endswith("leader"):
            found_leader = found_leader or _text(child).strip("\t\r\n")
    if odd:
        issues.append(issue("indicator-invalid", ",".join(odd), next(iter(odd.values()))))
    if not found_leader and fields:
        issues.append(issue("leader-invalid", "LDR", "no leader"))
        return BLANK_LEADER, fields
    return leader.settled(found_leader), fields


def _data_field(element: Any, odd: dict[str, str]) -> Field:
    # tuple.__new__ makes a named tuple in half the time of calling its class.
    new = tuple.__new__
    get = element.get
    tag, first, second = get("tag", ""), get("ind1", ""), get("ind2", "")
    if len(first) != 1 or len(second) != 1:
        odd[tag] = f"{first!r} {second!r}"
        first, second = first[:1] or " ", second[:1] or " "
    subfields = []
    stray = element.text or ""
    for child in element:
        subfields.append(new(Subfield, (child.get("code", ""), _text(child))))
        stray += child.tail or ""
    return Field(tag, stray.strip(), first + second, tuple(subfields))


def _text(element: Any) -> str:
    """All text inside, also where someone put markup into a subfield."""
    return "".join(element.itertext()) if len(element) else element.text or ""
