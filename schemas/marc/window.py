"""The part of a stream that is in memory while a file is cut into records.

In: a binary stream that may give less than asked for. Out: a window of bytes that grows at its end and is forgotten at
its beginning, with the offset of its first byte in the stream, so that files of any length need little memory.
"""

from typing import Final, Protocol

_CHUNK: Final = 1 << 18


class Source(Protocol):
    """What can be read in parts."""

    def read(self, size: int, /) -> bytes:
        """Give at most about `size` bytes, and none only at the end."""


class Window:
    """`content` is what is in memory, `base` the offset of its first byte, `ended` says that nothing follows."""

    def __init__(self, stream: Source) -> None:
        self._stream = stream
        self.content = b""
        self.base = 0
        self.ended = False

    def more(self, keep_from: int) -> None:
        """Forget what stands before `keep_from` and read on; positions move down by `keep_from`."""
        parts, wanted = [self.content[keep_from:]], _CHUNK
        while wanted > 0 and not self.ended:
            parts.append(self._stream.read(wanted))
            wanted -= len(parts[-1])
            self.ended = not parts[-1]
        self.base += keep_from
        self.content = b"".join(parts)
