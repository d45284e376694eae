"""What stands inside the smallest elements of BER: numbers, object identifiers, bits, text (X.690, 8.2-8.23).

In: the content of an element. Out: int, `Oid` (dotted), a set of bit numbers, str; and back. Each has a cap on its
size, because to read a number of a megabyte takes minutes. Text is UTF-8; what is none is read as Latin-1, which never
fails, for old peers send names in whatever their system spoke.
"""

from functools import lru_cache
from typing import Final

from schemas.errors import EncodeError
from schemas.z3950.ber import fault

_INTEGER_BYTES: Final = 8
_OID_BYTES: Final = 96
_BIT_BYTES: Final = 32


class Oid(str):
    """An object identifier as people write it: `1.2.840.10003.5.10`."""

    __slots__ = ()


class Time(str):
    """A GeneralizedTime as it came: `20261127050000Z`."""

    __slots__ = ()


def read_integer(content: bytes | memoryview) -> int:
    """Read a number of at most 64 bits."""
    if not 0 < len(content) <= _INTEGER_BYTES:
        raise fault(f"a number of {len(content)} bytes")
    return int.from_bytes(content, "big", signed=True)


def write_integer(value: int) -> bytes:
    """Write a number in as few bytes as it needs."""
    size = (value + (value < 0)).bit_length() // 8 + 1
    if size > _INTEGER_BYTES:
        raise EncodeError("z3950-number", f"{value.bit_length()} bits are more than a number has")
    return value.to_bytes(size, "big", signed=True)


def read_oid(content: bytes | memoryview) -> Oid:
    """Read an object identifier."""
    if not 0 < len(content) <= _OID_BYTES:
        raise fault(f"an object identifier of {len(content)} bytes")
    return _read_oid(bytes(content))


@lru_cache(maxsize=512)
def _read_oid(content: bytes) -> Oid:
    arcs, arc = [], 0
    for byte in content:
        arc = arc << 7 | byte & 0x7F
        if byte < 0x80:
            arcs.append(arc)
            arc = 0
    if content[-1] >= 0x80:
        raise fault("an object identifier ends in the middle of a number")
    first = min(arcs[0] // 40, 2)
    return Oid(".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:]))))


@lru_cache(maxsize=512)
def write_oid(oid: str) -> bytes:
    """Write an object identifier; `EncodeError` when it is none."""
    arcs = [int(arc) for arc in oid.split(".") if arc.isascii() and arc.isdigit()]
    if len(arcs) < 2 or len(arcs) != oid.count(".") + 1 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39):
        raise EncodeError("z3950-oid", f"{oid!r} is no object identifier")
    return b"".join(map(_arc, (arcs[0] * 40 + arcs[1], *arcs[2:])))


def _arc(number: int) -> bytes:
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(0x80 | number & 0x7F)
    return bytes(reversed(parts))


def read_bits(content: bytes | memoryview) -> frozenset[int]:
    """Give the numbers of the bits that are set, from 0; the first byte says how many of the last are unused."""
    if not 0 < len(content) <= _BIT_BYTES or content[0] > 7:
        raise fault("a bit string that is none, or a very long one")
    return frozenset(
        index * 8 + bit for index, byte in enumerate(content[1:]) for bit in range(8) if byte & 0x80 >> bit
    )


def write_bits(bits: frozenset[int]) -> bytes:
    """Write a set of bit numbers, up to the highest of them."""
    count = max(bits, default=-1) + 1
    size = (count + 7) // 8
    number = sum(1 << size * 8 - 1 - bit for bit in bits)
    return bytes([size * 8 - count]) + number.to_bytes(size, "big")


def read_text(content: bytes | memoryview) -> str:
    """Read text."""
    try:
        return str(content, "utf-8")
    except UnicodeDecodeError:
        return str(content, "latin-1")
