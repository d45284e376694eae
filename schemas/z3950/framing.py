"""Cuts the stream of a connection into frames: one BER element each, definite or indefinite.

In: bytes as they arrive. Out: whole frames, oldest first. What can be no frame is a fault as soon as it shows, what is
longer than allowed before it is kept, and work is linear in the bytes, however they are cut. Keeps no more than one
message and what came with its last piece.
"""

from schemas.z3950.ber import INDEFINITE, Limits, fault, header, too_big

_CLASS_AND_FORM = 0xE0
#: context-specific and constructed: the first byte of every message
_FIRST = 0xA0
#: two zeros end an indefinite element
_MARK = b"\0\0"


class Framer:
    """Holds what has arrived and is not cut yet."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bytes = bytearray()
        self._at = 0
        self._open = 0
        self._end: int | None = None

    def __len__(self) -> int:
        return len(self._bytes)

    def feed(self, data: bytes | memoryview) -> None:
        """Take what arrived."""
        self._bytes += data

    def take(self) -> bytes | None:
        """Cut the oldest frame off, None while it is not whole."""
        if not self._whole():
            return None
        frame = bytes(self._bytes[: self._end])
        del self._bytes[: self._end]
        self._at, self._open, self._end = 0, 0, None
        return frame

    def drop(self) -> None:
        """Forget everything."""
        self._bytes.clear()
        self._at, self._open, self._end = 0, 0, None

    def _whole(self) -> bool:
        if self._end is None and self._bytes:
            if self._bytes[0] & _CLASS_AND_FORM != _FIRST:
                raise fault("these bytes are no message of Z39.50", "byte 0")
            self._look()
        return self._end is not None and len(self._bytes) >= self._end

    def _look(self) -> None:
        """Walk from element to element, from where the last look ended, until the end of the frame is known."""
        while self._end is None and self._step():
            self._check(self._at)

    def _step(self) -> bool:
        if self._open and self._bytes.startswith(_MARK, self._at):
            self._at, self._open = self._at + len(_MARK), self._open - 1
        else:
            try:
                head = header(self._bytes, self._at)
            except IndexError:
                return False
            if head.length == INDEFINITE:
                self._at, self._open = head.start, self._open + 1
            else:
                self._at = head.start + head.length
        if self._open > self._limits.depth:
            raise too_big(f"elements stand inside one another more than {self._limits.depth} deep")
        if self._open == 0:
            self._end = self._at
        return True

    def _check(self, size: int) -> None:
        if size > self._limits.message:
            raise too_big(f"a message of {size:,} bytes; at most {self._limits.message:,} are taken")
