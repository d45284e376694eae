"""One SRU response: how many records there are, which came, and what the server says went wrong.

In: the bytes of one answer, in whatever version and namespace. Out: the root element, or `SourceBroken`; `Said`;
`Harvested` records as received, those that the server withholds (surrogate diagnostics) with the finding
`record-broken`. SRU 1.1 and 1.2 (LoC), SRU 2.0 (OASIS searchRetrieve part 3); SRU diagnostics list 1.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from harvesters import markup
from harvesters.base import Harvested
from harvesters.errors import SourceBroken
from harvesters.markup import Language, child, is_utf8, named, texts
from harvesters.names import Names
from harvesters.payload import syntax
from schemas.issues import BROKEN

ROOTS: Final = ("searchRetrieveResponse", "explainResponse", "scanResponse")
#: a bare Explain record, or diagnostics alone, is what some servers answer
SRU: Final = Language("SRU", "not-sru", (*ROOTS, "explain", "diagnostics"))
_NUMBER: Final = re.compile(r"(?:info:srw/diagnostic/1/)?(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What the server says went wrong: its number in list 1 (0 where it is of another list), and its words."""

    number: int
    details: str
    message: str

    def __str__(self) -> str:
        words = ": ".join(filter(None, (self.message, self.details)))[:300]
        return f"diagnostic {self.number or '?'} ({words})" if words else f"diagnostic {self.number or '?'}"


@dataclass(frozen=True, slots=True)
class Said:
    """What stands around the records; None where the server does not say, or what it says is no number."""

    hits: int | None
    next: int | None
    diagnostics: tuple[Diagnostic, ...] = ()


def parsed(content: bytes, where: str) -> Any:
    """Give the root element of a whole, well-formed answer; raises `SourceBroken` for anything else."""
    return markup.parsed(content, where, SRU)


def spans(content: bytes) -> list[bytes]:
    """Cut out what stands between the outermost `recordData` tags, in order."""
    return markup.spans(content, "recordData")


def said(root: Any) -> Said:
    """Read what stands around the records."""
    return Said(_number(root, "numberOfRecords"), _number(root, "nextRecordPosition"), tuple(diagnostics(root)))


def diagnostics(root: Any) -> Iterator[Diagnostic]:
    """Give the diagnostics that concern the whole answer."""
    holders = [root] if named(root, "diagnostics") else [part for part in root if named(part, "diagnostics")]
    # An Explain record and a list of records may hold others; only these are of the answer itself.
    found = [part for part in root if named(part, "diagnostic")]
    for element in (*found, *(part for holder in holders for part in holder if named(part, "diagnostic"))):
        yield _diagnostic(element)


def _diagnostic(element: Any) -> Diagnostic:
    uri, details, message = ("".join(texts(element, name)[:1]) for name in ("uri", "details", "message"))
    number = _NUMBER.fullmatch(uri or "".join(texts(element, "code")[:1]))
    return Diagnostic(int(number[1]) if number else 0, details[:300], message[:300] or (uri if not number else ""))


def _number(root: Any, name: str) -> int | None:
    text = "".join(texts(root, name)[:1])
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def entries(root: Any) -> list[Any]:
    """Give the record elements of an answer, in their order."""
    holder = child(root, "records")
    return [] if holder is None else [record for record in holder if named(record, "record")]


def records(root: Any, content: bytes, number: int, names: Names) -> Iterator[Harvested]:
    """Give the records in their order; `number` is the page's."""
    found = [(record, child(record, "recordData")) for record in entries(root)]
    cut = spans(content) if is_utf8(root) else []
    pieces = iter(cut if len(cut) == sum(holder is not None for _, holder in found) else ())
    for count, (record, holder) in enumerate(found, 1):
        piece = next(pieces, None) if holder is not None else None
        yield _harvested(record, holder, piece, f"page {number} record {count}", names)


def _harvested(record: Any, holder: Any, piece: bytes | None, where: str, names: Names) -> Harvested:
    given = "".join(texts(record, "recordIdentifier")[:1])
    if holder is None:
        return _withheld(markup.written(record), given, where, "it has no recordData")
    content, root = _content(holder, piece)
    if root is not None and named(root, "diagnostic"):
        return _withheld(content, given, where, str(_diagnostic(root)))
    # A record packed as a string may be broken where the answer is not; MARC is mended when it is read.
    kind = syntax(root) if root is not None else "marcxml" if b"controlfield" in content else "unknown"
    name, findings = names.of(content, kind, given)
    return Harvested(name, content, kind, where, findings=findings)


def _content(holder: Any, piece: bytes | None) -> tuple[bytes, Any]:
    """Give the payload and its root element, however it is packed; None where it is no XML."""
    children = list(holder.iterchildren(etree.Element))
    if children:
        return markup.payload(holder, piece), children[0] if len(children) == 1 else None
    # recordPacking and recordXMLEscaping may be left away or wrong: what is there counts.
    content = (holder.text or "").strip().encode()
    try:
        return content, markup.element(content)
    except SourceBroken:
        return content, None


def _withheld(content: bytes, given: str, where: str, reason: str) -> Harvested:
    name = given or f"sha256:{hashlib.sha256(content + where.encode()).hexdigest()[:32]}"
    return Harvested(name, content, "unknown", f"{where}: {reason}", findings=(BROKEN,))
