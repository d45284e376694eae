"""Rescue of a page that is no well-formed XML: cut into its records by bytes, each read by itself.

In: the bytes of an answer that the strict parser refused, and the `Dialect` of its protocol. Out: its records as
received; those that cannot be read, with their bytes and the finding `record-broken`; how many these are; and the
frame: what stands around the records, parsed strictly, which alone may say that the list goes on or is at its end.
Every byte of the list that is no blank is either in a record that was read or counted as lost.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

from msgspec import structs

from harvesters.base import Harvested
from harvesters.errors import SourceBroken
from harvesters.markup import is_utf8_declared
from schemas.issues import BROKEN
from schemas.mend import LOSSLESS, UNDECODABLE, mend

_PREFIXES: Final = "xml-prefixes"
#: a prefix of a name, in the patterns of a dialect
P: Final = rb"(?:[\w.-]{1,100}:)?"
_CLOSING: Final = re.compile(rb"</" + P + rb"record\s*>")
_LEGAL: Final = re.compile(r"[^\x00-\x20\x7f&\ufffd]+")
_TAG: Final = re.compile(rb"<[A-Za-z_/][^<>]*>")
_PREFIX: Final = re.compile(rb"(?:^</?|\s)([A-Za-z_][\w.-]{0,60}):[^\s=/>:]+(?=[\s=/>])")
_DECLARED: Final = re.compile(rb"\sxmlns:([\w.-]+)\s*=")
#: what is meant by prefixes that records use without saying so; others get a name that means nothing
_KNOWN: Final = {
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"dcterms": b"http://purl.org/dc/terms/",
    b"marc": b"http://www.loc.gov/MARC21/slim",
    b"oai_dc": b"http://www.openarchives.org/OAI/2.0/oai_dc/",
    b"xsi": b"http://www.w3.org/2001/XMLSchema-instance",
}
_HEAD: Final = 8192
#: records that a page may be cut into: each is parsed by itself, which takes its time
_MOST: Final = 50_000
#: ends at which a record is tried that cannot be read up to its last closing tag, perhaps because it holds two
_ENDS: Final = 8


@dataclass(frozen=True, slots=True)
class Dialect:
    """How answers with records look in a protocol, as patterns of their tags: its root, what stands around the records,
    how a record begins, what follows the last one, and (group 1) what names a record for certain.

    `usual` are tags to stand around a record where those of the answer are broken. `records` reads a sound answer
    strictly and gives its records; `tree` its root element; `spans` cuts payloads out by bytes; `follows` says whether
    what stood around the records tells how the list goes on.
    """

    root: re.Pattern[bytes]
    listed: re.Pattern[bytes]
    opening: re.Pattern[bytes]
    tail: re.Pattern[bytes]
    named: re.Pattern[bytes]
    usual: tuple[bytes, bytes]
    tree: Callable[[bytes], Any]
    records: Callable[[bytes], list[Harvested]]
    spans: Callable[[bytes], list[bytes]]
    follows: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Rescued:
    """What could be cut out of a page, how many records are lost, and whether how the list goes on is certain."""

    records: tuple[Harvested, ...]
    lost: int
    certain: bool

    @property
    def good(self) -> int:
        """How many records could be read."""
        return sum(BROKEN not in record.findings for record in self.records)


@dataclass(frozen=True, slots=True)
class BrokenPage:
    """A page cut by bytes: `opening` and `closing` stand around each piece when it is read; `frame` is the root element
    of what stood around all of them, None when that is not sound either.
    """

    dialect: Dialect
    opening: bytes
    closing: bytes
    pieces: tuple[bytes, ...]
    frame: Any
    utf8: bool
    fault: str

    def rescued(self, number: int) -> Rescued:
        """Give what could be cut out of page `number`."""
        found: list[Harvested] = []
        lost, rest = 0, b""
        for count, piece in enumerate(self.pieces, 1):
            where = f"page {number} record {count}"
            read, rest = self._taken(piece, where)
            found += [read] if read else []
            if rest:
                lost += 1
                # The end of a page that was cut in a record that nobody can name is kept with the page alone.
                is_cut_off = self.frame is None and count == len(self.pieces)
                found += self._put_aside(rest, where, is_cut_off)
        # What is left over behind the last record may have been a token.
        return Rescued(tuple(found), lost, self.frame is not None and (self.dialect.follows(self.frame) or not rest))

    def _taken(self, piece: bytes, where: str) -> tuple[Harvested | None, bytes]:
        """Give the record that a piece begins with, and what is left over."""
        for end in _ends(piece):
            read = self._read(piece[:end], where)
            if read:
                return read, b"" if _is_blank(piece[end:]) else piece[end:]
        return None, piece

    def _read(self, piece: bytes, where: str) -> Harvested | None:
        as_is = self._parsed(piece, where)
        if as_is:
            return as_is
        mended = mend(piece, self.utf8)
        missing = _undeclared(self.opening, mended.content)
        counts = {**mended.counts, **({_PREFIXES: len(missing)} if missing else {})}
        read = self._parsed(mended.content, where, missing) if counts else None
        # A deletion is believed only from bytes that needed no repair, and a repair must not make one name of two.
        if read is None or read.deleted or not self._is_named_as_before(piece, read):
            return None
        return structs.replace(
            read, content=self._as_received(piece, read.content), findings=read.findings + _told(read, counts)
        )

    def _parsed(self, piece: bytes, where: str, missing: Iterable[bytes] = ()) -> Harvested | None:
        """Read one record strictly, with these prefixes declared; None when this is not well-formed, or not one."""
        declared = b"".join(b' xmlns:%s="%s"' % (each, _KNOWN.get(each, b"urn:undeclared:" + each)) for each in missing)
        content = self.opening[:-1] + declared + b">" + piece + self.closing
        try:
            found = self.dialect.records(content)
        except SourceBroken:
            return None
        return structs.replace(found[0], where=where) if len(found) == 1 else None

    def _is_named_as_before(self, piece: bytes, read: Harvested) -> bool:
        header = self.dialect.named.match(piece)
        if header is None or "id-missing" in read.findings:
            return False
        return LOSSLESS.issuperset(mend(header[1], self.utf8).counts)

    def _as_received(self, piece: bytes, content: bytes) -> bytes:
        """Give the payload before repair where it stands in the piece; it is read with the same repairs again."""
        found = self.dialect.spans(piece)
        if self.utf8 and len(found) == 1 and mend(found[0]).content == content:
            return found[0]
        return content

    def _put_aside(self, piece: bytes, where: str, is_cut_off: bool) -> list[Harvested]:
        """Give a record that cannot be read, under its own name where that is certain."""
        header = self.dialect.named.match(piece)
        name = header[1].decode("utf-8", "replace") if header else ""
        if not _LEGAL.fullmatch(name):
            name = "" if is_cut_off else f"sha256:{hashlib.sha256(piece).hexdigest()[:32]}"
        return [Harvested(name, piece, "unknown", where, findings=(BROKEN,))] if name else []


def cut(dialect: Dialect, content: bytes, fault: str) -> BrokenPage | None:
    """Cut a page into its records; None when it holds none or too many, or is UTF-16."""
    root = dialect.root.search(content, 0, _HEAD)
    listed = dialect.listed.search(content, root.end(), root.end() + _HEAD) if root else None
    found = islice(dialect.opening.finditer(content, listed.end()), _MOST + 1) if listed else ()
    starts = [opening.start() for opening in found]
    if not root or not listed or not 0 < len(starts) <= _MOST:
        return None
    end = _end(dialect, content, starts[-1])
    marks = [*starts, end]
    pieces = [content[start:until] for start, until in pairwise(marks)]
    before = content[listed.end() : starts[0]]
    utf8 = is_utf8_declared(content)
    opening, closing = _around(dialect, b"" if utf8 else content[: root.start()], root[0], listed[0])
    return BrokenPage(
        dialect=dialect,
        opening=opening,
        closing=closing,
        pieces=(*(() if _is_blank(before) else (before,)), *pieces),
        frame=_frame(dialect, mend(content[: listed.end()], utf8).content, content[end:]),
        utf8=utf8,
        fault=fault,
    )


def _around(dialect: Dialect, declared: bytes, root: bytes, listed: bytes) -> tuple[bytes, bytes]:
    """Give what to put around a record to read it: the page's own tags, or the usual ones where those are broken."""
    closing = b"</%s></%s>" % (_name(listed), _name(root))
    try:
        dialect.tree(declared + root + listed + closing)
    except SourceBroken:
        return declared + dialect.usual[0], dialect.usual[1]
    return declared + root + listed, closing


def _undeclared(opening: bytes, piece: bytes) -> list[bytes]:
    """Name the prefixes that a piece uses and nothing declares."""
    tags = [found[0] for found in _TAG.finditer(piece)]
    used = {prefix for tag in tags for prefix in _PREFIX.findall(tag)}
    declared = {prefix for tag in (opening, *tags) for prefix in _DECLARED.findall(tag)}
    return sorted(used - declared - {b"xml", b"xmlns"})


def _frame(dialect: Dialect, head: bytes, tail: bytes) -> Any:
    # Repairs are for what stands before the records only: a token is taken as it is or not at all.
    try:
        return dialect.tree(head + tail)
    except SourceBroken:
        return None


def _end(dialect: Dialect, content: bytes, last: int) -> int:
    """Find where the last record ends: at the token or the end of the list that follow it."""
    closed = max((found.end() for found in _CLOSING.finditer(content, last)), default=last)
    tail = dialect.tail.search(content, closed)
    return tail.start() if tail else len(content)


def _name(tag: bytes) -> bytes:
    return re.split(rb"[\s>]", tag[1:], maxsplit=1)[0]


def _ends(piece: bytes) -> Iterator[int]:
    """Give the ends at which to try: the last closing tag, then the first ones."""
    last = max((found.end() for found in _CLOSING.finditer(piece)), default=0)
    if last:
        yield last
        yield from (found.end() for found in islice(_CLOSING.finditer(piece), _ENDS) if found.end() != last)


def _is_blank(rest: bytes) -> bool:
    """Whether nothing but blanks and a few comments is left."""
    for _ in range(_ENDS):
        rest = rest.strip()
        if not rest.startswith(b"<!--"):
            break
        rest = rest.partition(b"-->")[2] or (b"" if rest.endswith(b"-->") else b"<")
    return not rest


def _told(read: Harvested, counts: Mapping[str, int]) -> tuple[str, ...]:
    # Normalising tells by itself what MARC that is no UTF-8 was read as.
    skipped = UNDECODABLE if read.syntax == "marcxml" else ""
    return tuple(f"{code}:{count}" for code, count in counts.items() if code != skipped)
