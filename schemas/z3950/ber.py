"""BER, the bytes of ASN.1 (X.690): cutting one element out of bytes and writing one.

In: bytes of a peer, and `Limits`. Out: a tree of `Node`s that point into the bytes without copying them; or, for
writing, a tag and content to bytes. Whatever the bytes: a tree or `DecodeError`, in time and memory linear in their
number. Knows no types; see `kinds`.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.errors import DecodeError

CLASS_SHIFT: Final = 14
#: class and number of a tag in one integer: `CONTEXT | 20`
UNIVERSAL, APPLICATION, CONTEXT, PRIVATE = (number << CLASS_SHIFT for number in range(4))
INDEFINITE: Final = -1
_CONSTRUCTED: Final = 0x20
#: a length in more bytes than these would be over 4 GB
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What a peer may make us keep.

    Bytes of one message, elements inside one another, elements of one message, bytes that wait to be read.
    """

    message: int = 1_048_576
    depth: int = 64
    elements: int = 50_000
    waiting: int = 2_097_152


DEFAULT_LIMITS: Final = Limits()


class Node(NamedTuple):
    """One element: its tag, its content (primitive) or what is inside (constructed), and all its bytes as they came."""

    tag: int
    constructed: bool
    content: memoryview
    inside: tuple["Node", ...]
    raw: memoryview


class Header(NamedTuple):
    """Tag and length of an element; `start` is where the content begins."""

    tag: int
    constructed: bool
    length: int
    start: int


def fault(message: str, where: str = "") -> DecodeError:
    """Make the error of bytes that are no BER, or not what they should be."""
    return DecodeError("z3950-bytes", message, where)


def too_big(message: str) -> DecodeError:
    """Make the error of bytes that may be BER, but more of it than is taken."""
    return DecodeError("z3950-size", message)


def header(data: memoryview | bytearray, at: int) -> Header:
    """Read tag and length at `at`; `IndexError` when the bytes end before they do."""
    first = data[at]
    number, at = first & 0x1F, at + 1
    if number == 0x1F:
        number, at = _long_number(data, at)
    length, at = data[at], at + 1
    if length == 0x80:
        length = INDEFINITE
        if not first & _CONSTRUCTED:
            raise fault("a primitive element of indefinite length")
    elif length > 0x80:
        length, at = _long_length(data, at, length & 0x7F)
    return Header((first >> 6) << CLASS_SHIFT | number, bool(first & _CONSTRUCTED), length, at)


def _long_number(data: memoryview | bytearray, at: int) -> tuple[int, int]:
    if data[at] < 0x80:
        return data[at], at + 1
    if data[at + 1] >= 0x80:
        raise fault("the number of a tag is too big")
    return (data[at] & 0x7F) << 7 | data[at + 1], at + 2


def _long_length(data: memoryview | bytearray, at: int, size: int) -> tuple[int, int]:
    if size > _LENGTH_BYTES:
        raise fault("the length of an element is too big")
    data[at + size - 1]  # as header: IndexError when cut
    return int.from_bytes(data[at : at + size], "big"), at + size


def parse(data: bytes | memoryview, limits: Limits) -> Node:
    """Read bytes that are one element, whole and nothing after it."""
    reader = _Reader(memoryview(data), limits)
    try:
        node, at = reader.element(0, len(data), 0)
    except IndexError:
        raise fault("the bytes end inside an element") from None
    if at != len(data):
        raise fault("bytes follow the end of the element", f"byte {at}")
    return node


class _Reader:
    """Reads a tree; counts what it makes."""

    def __init__(self, data: memoryview, limits: Limits) -> None:
        self._data = data
        self._depth = limits.depth
        self._left = limits.elements

    def element(self, at: int, end: int, depth: int) -> tuple[Node, int]:
        """Read the element at `at`, which must end at `end` or before; give it and where it ends."""
        self._count(depth)
        head = header(self._data, at)
        start = head.start
        if head.length == INDEFINITE:
            inside, stop = self._until_mark(start, end, depth)
            return Node(head.tag, True, self._data[start : stop - 2], inside, self._data[at:stop]), stop
        stop = start + head.length
        if stop > end:
            raise fault("an element is longer than the one around it", f"byte {at}")
        inside = self._inside(start, stop, depth) if head.constructed else ()
        return Node(head.tag, head.constructed, self._data[start:stop], inside, self._data[at:stop]), stop

    def _count(self, depth: int) -> None:
        self._left -= 1
        if self._left < 0:
            raise too_big("a message of more elements than are taken")
        if depth >= self._depth:
            raise too_big(f"elements stand inside one another more than {self._depth} deep")

    def _inside(self, at: int, end: int, depth: int) -> tuple[Node, ...]:
        found = []
        while at < end:
            node, at = self.element(at, end, depth + 1)
            found.append(node)
        return tuple(found)

    def _until_mark(self, at: int, end: int, depth: int) -> tuple[tuple[Node, ...], int]:
        found = []
        while not (self._data[at] == 0 and self._data[at + 1] == 0):
            node, at = self.element(at, end, depth + 1)
            found.append(node)
        if at + 2 > end:
            raise fault("an element is longer than the one around it", f"byte {at}")
        return tuple(found), at + 2


def pieces(node: Node) -> list[memoryview]:
    """Give the content of octets or text, which BER lets a peer send in pieces."""
    found: list[memoryview] = []
    _collect(node, found)
    return found


def _collect(node: Node, found: list[memoryview]) -> None:
    if not node.constructed:
        found.append(node.content)
    for inner in node.inside:
        _collect(inner, found)


# --- writing ----------------------------------------------------------------------------------------------------------


def element(tag: int, content: bytes, constructed: bool = False) -> bytes:
    """Write one element, its length definite."""
    length = len(content)
    if length < 0x80:
        return b"%b%c%b" % (_identifier(tag, constructed), length, content)
    size = (length.bit_length() + 7) // 8
    return b"%b%c%b%b" % (_identifier(tag, constructed), 0x80 | size, length.to_bytes(size, "big"), content)


@lru_cache(maxsize=512)
def _identifier(tag: int, constructed: bool) -> bytes:
    first = (tag >> CLASS_SHIFT) << 6 | (_CONSTRUCTED if constructed else 0)
    number = tag & ((1 << CLASS_SHIFT) - 1)
    if number < 0x1F:
        return bytes([first | number])
    return bytes([first | 0x1F, *([0x80 | number >> 7] if number > 0x7F else []), number & 0x7F])
