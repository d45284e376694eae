"""One file as pieces that should be records: unpacked, measured and recognised by its content, never by its name.

In: a file, plain or gzip. Out: its pieces with their syntax. A file that is damaged or too large gives what can be read
of it, and then its `fault`; what holds neither ISO 2709 nor MARCXML raises `SourceRefused`, showing how it begins.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from harvesters.base import Syntax
from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.files.paths import Found
from schemas.errors import DecodeError
from schemas.marc.marcxml import split_xml
from schemas.marc.piece import Piece
from schemas.marc.read import split

_HEAD: Final = 1 << 16
_XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_LEADER: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\s\x00\x1a\x1d]*[0-9]{5}")
_DELIMITERS: Final = re.compile(rb"[\x1d\x1e]")


class Reading:
    """A file that is read from beginning to end, once. Use it in a `with` block; `fault` says what went wrong."""

    def __init__(self, file: Found, cap: int) -> None:
        self._name = file.name
        self._cap = cap
        self._given = 0
        self.fault: HarvestError | None = None
        self._stream = _opened(file)
        self._head = b""
        while len(self._head) < _HEAD and (part := self._read(_HEAD)):
            self._head += part
        self._given = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def pieces(self) -> Iterator[tuple[Piece, Syntax]]:
        """Give the pieces in the order of the file. Raises `SourceRefused` when the file holds no MARC."""
        syntax = self._syntax()
        stream = cast("BinaryIO", self)
        try:
            for piece in split_xml(stream) if syntax == "marcxml" else split(stream):
                yield piece, syntax
        except DecodeError as error:
            self.fault = SourceBroken(error.code, f"{error.message} ({error.where})", self._name)

    def read(self, size: int, /) -> bytes:
        """Give the next bytes, none at the end; a fault ends the file."""
        part, self._head = (self._head, b"") if self._head else (self._read(size), b"")
        self._given += len(part)
        if self._given > self._cap:
            over = (
                f"the file has more than {self._cap} bytes unpacked; if that is right, raise the option max_file_bytes"
            )
            self.fault = SourceRefused("file-too-large", over, self._name)
            return b""
        return part

    def _read(self, size: int) -> bytes:
        if self.fault:
            return b""
        try:
            # Not `read`: it would lose what it had gathered when the file proves to be damaged further on.
            return self._stream.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            damage = f"the compressed file is damaged after {self._given} bytes unpacked: {error}"
            self.fault = SourceBroken("file-damaged", damage, self._name)
        except OSError as error:
            self.fault = SourceUnavailable("file-unreadable", f"reading failed: {error.strerror}", self._name)
        return b""

    def _syntax(self) -> Syntax:
        head = self._head
        if not head.strip(b"\0 \t\r\n") and not self.fault:
            raise SourceRefused("file-empty", "the file is empty", self._name)
        if _XML.match(head):
            return "marcxml"
        if _LEADER.match(head) or _DELIMITERS.search(head):
            return "iso2709"
        begins = f"neither ISO 2709 nor MARCXML; the file begins with {head[:40].decode('utf-8', 'replace')!r}"
        raise self.fault or SourceRefused("file-unknown", begins, self._name)


def _opened(file: Found) -> gzip.GzipFile | io.BufferedReader:
    try:
        stream = file.path.open("rb")
        if stream.read(2) != b"\x1f\x8b":
            stream.seek(0)
            return stream
        stream.close()
        return gzip.open(file.path, "rb")
    except PermissionError:
        raise SourceRefused("no-permission", "we may not read this file", str(file.path)) from None
    except OSError as error:
        raise SourceRefused("no-file", f"the file cannot be opened: {error.strerror}", str(file.path)) from None
