"""One OAI-PMH response: parsed strictly, its records cut out as received.

In: the bytes of one answer. Out: the root element, or `SourceBroken` that says what came instead and at which byte;
then `Harvested` records. A payload is the very bytes between the tags of `metadata` when the page is UTF-8 and the
payload needs no namespace declared outside it; otherwise lxml writes it with the namespaces it inherits, always alike.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from lxml import etree

from harvesters.base import Harvested
from harvesters.errors import SourceBroken
from harvesters.oaipmh.formats import syntax

# Comments, CDATA and instructions are stepped over; elsewhere in well-formed XML a `<` begins a tag.
_TAG: Final = re.compile(
    rb"<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?"
    rb"|(/?)(?:[^\s<>:/=\"'!?]+:)?metadata(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?(/?))>",
    re.DOTALL,
)
_PROLOG: Final = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_DECLARED: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_NAMESPACE: Final = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")
_UNPREFIXED: Final = re.compile(rb"<[^\s<>:/!?][^\s<>:]*[\s/>]")
# What libxml2 would decode by other means could hide a DOCTYPE from the look below.
_ENCODINGS: Final = re.compile(rb"(?i)utf-?8|us-ascii|ascii|utf-?16(?:le|be)?|iso-8859-\d+|windows-125\d|latin-?1")
_ORIGIN: Final = ("baseURL", "identifier")
_MOST_ORIGINS: Final = 100
#: letters of what the parser says: it repeats names, of whatever length
_MOST_SAID: Final = 300
_UTF8: Final = ("utf-8", "utf8", "us-ascii", "ascii")


def parsed(content: bytes, where: str) -> Any:
    """Give the root element `OAI-PMH` of a whole, well-formed answer; raises `SourceBroken` for anything else."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise SourceBroken("answer-empty", "the server answered with nothing", where)
    _refuse_prolog(content, where)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_blank_text=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        byte = _position(content, error.lineno or 1, error.offset or 1)
        message = f"the XML is not well-formed at byte {byte} of {len(content)}: {(error.msg or '')[:_MOST_SAID]}"
        raise SourceBroken("page-not-well-formed", message, where) from None
    if etree.QName(root).localname != "OAI-PMH":
        raise SourceBroken("not-oai", f"this is not OAI-PMH but XML with the root element {root.tag}", where)
    return root


def _refuse_prolog(content: bytes, where: str) -> None:
    text = _as_ascii(content)
    begin = text[_PROLOG.match(text).end() :][:200].lower()  # type: ignore[union-attr]
    if begin.startswith((b"<!doctype html", b"<html")) or not begin.startswith(b"<"):
        raise SourceBroken("not-oai", f"not OAI-PMH but {_described(text)}", where)
    if begin.startswith(b"<!doctype"):
        raise SourceBroken("doctype-refused", "the answer has a DOCTYPE, which OAI-PMH never has", where)
    declared = _DECLARED.match(text.lstrip())
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise SourceBroken("encoding-unknown", f"the answer says its encoding is {declared[1].decode()}", where)


def _as_ascii(content: bytes) -> bytes:
    """Give the answer in an encoding in which its markup is ASCII."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked or b"\0" in content[:4]:
        content = content.decode("utf-16" if marked else "utf-16-be", "replace").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def _described(text: bytes) -> str:
    title = re.search(rb"(?is)<title[^>]*>(.*?)</title", text[:65536])
    if b"<html" in text[:4096].lower() or b"<!doctype html" in text[:4096].lower():
        shown = " ".join(title[1].decode("utf-8", "replace").split())[:120] if title else "without a title"
        return f"a web page ({shown}), perhaps a login or an error"
    return f"something that begins with {text[:60]!r}"


def _position(content: bytes, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = content.find(b"\n", start) + 1
    return min(len(content), start + column - 1)


def records(root: Any, content: bytes, number: int) -> Iterator[Harvested]:
    """Give the records of ListRecords in their order; `number` is the page's."""
    found = [record for part in root if _named(part, "ListRecords") for record in part if _named(record, "record")]
    payloads = [child(record, "metadata") for record in found]
    cut = spans(content) if _is_utf8(root) else []
    pieces = iter(cut if len(cut) == sum(payload is not None for payload in payloads) else ())
    # Looked for once a page: most sources have no provenance, and a record is looked at only where there is some.
    traced = not _is_utf8(root) or b"originDescription" in content
    for count, (record, payload) in enumerate(zip(found, payloads, strict=True), 1):
        piece = next(pieces, None) if payload is not None else None
        origins = _origins(record) if traced else ()
        yield _harvested(record, payload, piece, f"page {number} record {count}", origins)


def _origins(record: Any) -> tuple[str, ...]:
    """Give the addresses and identifiers of the provenance, through however many hands the record went."""
    abouts = (part for part in record if _named(part, "about"))
    parts = (part for about in abouts for part in about.iter(etree.Element) if etree.QName(part).localname in _ORIGIN)
    return tuple((part.text or "").strip() for part in islice(parts, _MOST_ORIGINS))


def _harvested(record: Any, metadata: Any, piece: bytes | None, where: str, origins: tuple[str, ...]) -> Harvested:
    header = child(record, "header")
    deleted = header is not None and header.get("status") == "deleted"
    children = [] if metadata is None else list(metadata.iterchildren(etree.Element))
    content = b"" if deleted else _content(record, metadata, children, piece)
    named = "" if header is None else "".join(texts(header, "identifier")[:1])
    return Harvested(
        # Never dropped: without an identifier a fingerprint of what came stands for it.
        local_id=named or f"sha256:{hashlib.sha256(content or where.encode()).hexdigest()[:32]}",
        content=content,
        syntax=syntax(children[0]) if len(children) == 1 else "unknown",
        where=where,
        datestamp="" if header is None else "".join(texts(header, "datestamp")[:1]),
        deleted=deleted,
        findings=() if named else ("id-missing",),
        origins=origins,
        sets=() if header is None else sets(header),
    )


def sets(header: Any) -> tuple[str, ...]:
    """Give the setSpecs of a header; a blank, which the schema does not allow in them (setSpecType), is encoded."""
    return tuple("%20".join(spec.split()) for spec in texts(header, "setSpec") if spec)


def _content(record: Any, metadata: Any, children: list[Any], piece: bytes | None) -> bytes:
    if len(children) != 1:
        return _written(record if metadata is None else metadata)
    return piece if piece is not None and _stands_alone(piece, metadata, children[0]) else _written(children[0])


def _written(element: Any) -> bytes:
    return bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False))


def _stands_alone(piece: bytes, metadata: Any, child: Any) -> bool:
    """Say whether the bytes mean the same when they are taken out of the page."""
    if len(metadata) != 1 or not piece.startswith(b"<"):
        return False
    declared = set(_NAMESPACE.findall(piece[: piece.index(b">")]))
    for prefix in metadata.nsmap:
        if (prefix or "").encode() in declared:
            continue
        if prefix is None and (child.prefix is None or _UNPREFIXED.search(piece)):
            return False
        if prefix is not None and prefix.encode() + b":" in piece:
            return False
    return True


def spans(content: bytes) -> list[bytes]:
    """Cut out what stands between the outermost `metadata` tags, in order."""
    found, depth, start = [], 0, 0
    for tag in _TAG.finditer(content):
        closing, empty = tag.group(1, 2)
        if closing is None:
            continue
        if closing:
            depth -= 1
            if depth == 0:
                found.append(content[start : tag.start()].strip())
        elif not empty:
            depth += 1
            start = tag.end() if depth == 1 else start
        elif depth == 0:
            found.append(b"")
    return found


def is_utf8_declared(content: bytes) -> bool:
    """Whether bytes whose markup is ASCII are to be read as UTF-8."""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    return declared is None or declared[1].decode("ascii").lower() in _UTF8


def _is_utf8(root: Any) -> bool:
    return (root.getroottree().docinfo.encoding or "utf-8").lower() in _UTF8


def _named(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == name


def child(element: Any, name: str) -> Any:
    """Give the first child with a local name, or None."""
    return next((child for child in element if _named(child, name)), None)


def texts(root: Any, *path: str) -> list[str]:
    """Give the stripped texts of all elements at a path below the root, in whatever namespace."""
    found = [root]
    for name in path:
        found = [child for element in found for child in element if _named(child, name)]
    return [(element.text or "").strip() for element in found]
