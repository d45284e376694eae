"""Cutting a MARCXML file into its records, as received, without parsing it: one bad record costs only itself.

In: a binary stream. Out: a `Piece` for each `<record>` element of any prefix, read in bounded memory; what lies between
records (declaration, collection, wrappers, comments) is skipped. Records that were left open, fields outside of any
record, and files that are no XML at all come as pieces too, so that someone sees them refused. A DOCTYPE is refused.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lxml import etree

from schemas.errors import DecodeError
from schemas.issues import CODES
from schemas.marc.piece import LIMIT, Piece
from schemas.marc.window import Source, Window

_START: Final = rb"(?P<start><(?:[\w.-]+:)?record(?=[\s/>]))"
_OUTSIDE: Final = re.compile(rb"(?P<comment><!--)|(?P<doctype><!DOCTYPE)|" + _START)
_INSIDE: Final = re.compile(rb"(?P<end></(?:[\w.-]+:)?record\s*>)|(?P<comment><!--)|(?P<cdata><!\[CDATA\[)|" + _START)
_RECORD: Final = re.compile(_START)
_RECORD_END: Final = re.compile(rb"</(?:[\w.-]+:)?record\s*>")
_FIELDS: Final = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>]")
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARATION: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"'](?P<name>[\w.:-]+)[\"'][^>]*\?>"
)
#: Longer than any end tag of a record, which may lie across the end of what is in memory.
_TAG: Final = 300

_Kind = Literal["start", "empty", "end", "pass", "doctype", "more"]


class _Token(NamedTuple):
    """What comes next: kind, where it begins, where to look on behind it."""

    kind: _Kind
    begin: int
    end: int


@dataclass(slots=True)
class _Scan:
    """How far a file was cut: `at` is the first byte not given yet, `search` where the next tag is looked for.

    `inside`: a record is open; `torn`: a part of what stands here was given already, because it reached the limit.
    """

    window: Window
    at: int = 0
    search: int = 0
    inside: bool = False
    torn: bool = False

    def read(self) -> None:
        self.window.more(self.at)
        self.search -= self.at
        self.at = 0


def split_xml(stream: Source, limit: int = LIMIT) -> Iterator[Piece]:
    """Cut a MARCXML file into one piece per record; raises `DecodeError` (xml-doctype) before the first piece.

    Pieces of a file in another encoding than UTF-8 begin with an XML declaration of it; UTF-16 is made UTF-8.
    """
    window = Window(stream)
    window.more(0)
    if window.content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        window = Window(_Utf16(window))
    declared = _declared(window.content)
    for number, (offset, content) in enumerate(_cuts(_Scan(window), limit), 1):
        yield Piece(declared + content, offset, number)


def _declared(head: bytes) -> bytes:
    found = _DECLARATION.match(head)
    if not found or found["name"].lower() in {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16"}:
        return b""
    return b'<?xml version="1.0" encoding="%s"?>' % found["name"]


def _cuts(scan: _Scan, limit: int) -> Iterator[tuple[int, bytes]]:
    given = 0
    while True:
        token, content = _token(scan), scan.window.content
        if token.kind == "doctype":
            raise DecodeError("xml-doctype", CODES["xml-doctype"][1], f"byte {scan.window.base + token.begin}")
        if token.kind == "more" and len(content) - scan.at < limit:
            if scan.window.ended:
                break
            scan.read()
            continue
        until = _until(scan, token, limit)
        if until > scan.at:
            given += 1
            yield scan.window.base + scan.at, content[scan.at : until]
        _advance(scan, token, until)
    rest = scan.window.content[scan.at :]
    if rest.strip() and (scan.inside or _matters(scan, rest) or (not given and not _well_formed(rest))):
        yield scan.window.base + scan.at, rest


def _until(scan: _Scan, token: _Token, limit: int) -> int:
    """Where the piece ends that is to be given at this token; `scan.at` when there is none."""
    if token.kind == "more":
        return scan.at + limit
    if token.kind in {"end", "empty"}:
        return token.end
    orphans = token.kind == "start" and _matters(scan, scan.window.content[scan.at : token.begin])
    return token.begin if orphans else scan.at


def _matters(scan: _Scan, between: bytes) -> bool:
    """Tell whether bytes outside of a record are more than wrapping, and must not be passed over."""
    return scan.torn or _FIELDS.search(_COMMENT.sub(b"", between)) is not None


def _advance(scan: _Scan, token: _Token, until: int) -> None:
    if token.kind == "pass":
        scan.search = token.end
        return
    scan.inside, scan.torn = token.kind == "start", token.kind == "more"
    scan.at, scan.search = (token.begin, token.end) if scan.inside else (until, until)


def _token(scan: _Scan) -> _Token:
    content = scan.window.content
    found = (_INSIDE if scan.inside else _OUTSIDE).search(content, scan.search)
    if not found:
        scan.search = max(scan.search, scan.at, len(content) - _TAG)
        return _Token("more", 0, 0)
    begin, kind = found.start(), found.lastgroup
    if kind == "start":
        end = content.find(b">", begin)
        if end < 0:
            return _more(scan, begin)
        return _Token("empty" if content[end - 1 : end] == b"/" else "start", begin, end + 1)
    if kind in {"comment", "cdata"}:
        end = content.find(b"-->" if kind == "comment" else b"]]>", begin)
        if end < 0 and not scan.window.ended and not (scan.inside and _RECORD_END.search(content, begin)):
            return _more(scan, begin)
        # One that was never closed must not swallow the records behind it.
        open_end = end < 0 or (scan.inside and _RECORD.search(content, begin, end))
        return _Token("pass", begin, found.end() if open_end else end + 3)
    return _Token("doctype" if kind == "doctype" else "end", begin, found.end())


def _more(scan: _Scan, begin: int) -> _Token:
    scan.search = begin
    return _Token("more", 0, 0)


def _well_formed(content: bytes) -> bool:
    """Tell whether a file without any record is at least XML, such as an empty collection."""
    try:
        etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


class _Utf16:
    """A UTF-16 file read as UTF-8."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")

    def read(self, _size: int, /) -> bytes:
        """Give what is in memory, and have the next part read."""
        while not self._window.ended or self._window.content:
            taken, last = self._window.content, self._window.ended
            text = self._decoder.decode(taken, last).encode("utf-8", "replace")
            self._window.content = b""
            if not last:
                self._window.more(0)
            if text:
                return text
        return b""
