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
# The beginning of a data field; in bytes of other kinds (archives, pictures) it stands by chance only in gigabytes.
_FIELD: Final = re.compile(rb"\x1e[ 0-9#|\\]{2}\x1f[0-9a-z]")

#: how files begin that cannot be read as they are, and what they are
_OTHERS: Final = {
    b"PK\x03\x04": "a ZIP archive (as .xlsx and .docx are): unpack it first",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
    b"Rar!": "a RAR archive: unpack it first",
    b"BZh": "packed with bzip2: unpack it first",
    b"\xfd7zXZ": "packed with xz: unpack it first",
    b"%PDF": "a PDF: ask the library for MARC",
    b"\xd0\xcf\x11\xe0": "an Office document: ask the library for MARC",
}


class Reading:
    """A file that is read from beginning to end, once. Use it in a `with` block; `fault` says what went wrong."""

    def __init__(self, file: Found, cap: int) -> None:
        self._name = file.name
        self._cap = cap
        self._given = 0
        self._unpacked = 0
        self.fault: HarvestError | None = None
        self._stream = _opened(file)
        self._head = b""
        while len(self._head) < _HEAD and (part := self._read(_HEAD)):
            self._head += part

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
            part = self._stream.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            damage = f"the compressed file is damaged after {self._unpacked} bytes unpacked: {error}"
            self.fault = SourceBroken("file-damaged", damage, self._name)
        except OSError as error:
            self.fault = SourceUnavailable("file-unreadable", f"reading failed: {error.strerror}", self._name)
        else:
            self._unpacked += len(part)
            return part
        return b""

    def _syntax(self) -> Syntax:
        head = self._head
        if not head.strip(b"\0 \t\r\n") and not self.fault:
            raise SourceRefused("file-empty", "the file is empty", self._name)
        other = next((what for begin, what in _OTHERS.items() if head.startswith(begin)), "")
        if _XML.match(head):
            return "marcxml"
        if not other and (_LEADER.match(head) or _FIELD.search(head)):
            return "iso2709"
        begins = f"neither ISO 2709 nor MARCXML; the file begins with {head[:40].decode('utf-8', 'replace')!r}"
        hint = f": it is {other}" if other else ""
        raise self.fault or SourceRefused("file-unknown", begins + hint, self._name)


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
