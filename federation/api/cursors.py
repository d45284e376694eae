"""Cursors: where a walk through a result or a list of changes stands, signed, so that nothing is remembered here.

In: a `Place` or a `Watermark`, and a key. Out: text that is safe in an address, and back; what was altered or is of
another version is `Refused`. A cursor holds the whole request: who goes on gives the cursor alone.
"""

import zlib
from datetime import datetime
from typing import Final

import msgspec

from federation import seal
from federation.api.problems import Refused
from federation.api.request import Search

#: a cursor never holds more than this; what unfolds to more is none of ours
_MOST: Final = 65_536


class Place(msgspec.Struct, frozen=True, array_like=True, tag="search.1"):
    """How far a result was given: so many records, the last of them this one."""

    search: Search
    given: int
    last: int


class Watermark(msgspec.Struct, frozen=True, array_like=True, tag="changes.1"):
    """How far a list of changes was given: to this record at this time, or not at all."""

    set_spec: str
    since: datetime | None
    stamp: datetime | None = None
    number: int = 0


_DECODER: Final = msgspec.json.Decoder(Place | Watermark)


def write(place: Place | Watermark, key: bytes) -> str:
    """Write a cursor."""
    return seal.seal(zlib.compress(msgspec.json.encode(place), 6), key)


def place(text: str, key: bytes) -> Place:
    """Read the cursor of a result; raises `Refused`."""
    found = _read(text, key)
    if not isinstance(found, Place):
        raise _refused("this cursor belongs to a list of changes")
    return found


def watermark(text: str, key: bytes) -> Watermark:
    """Read the cursor of a list of changes; raises `Refused`."""
    found = _read(text, key)
    if not isinstance(found, Watermark):
        raise _refused("this cursor belongs to a search")
    return found


def _read(text: str, key: bytes) -> Place | Watermark:
    try:
        content = seal.unseal(text, key)
        if content is None:
            raise _refused("this cursor was altered, or made by another catalogue")
        found: Place | Watermark = _DECODER.decode(zlib.decompressobj().decompress(content, _MOST))
    except (ValueError, zlib.error, msgspec.MsgspecError):
        raise _refused("this is no cursor of this catalogue, or one of another version; begin again") from None
    return found


def _refused(detail: str) -> Refused:
    return Refused("cursor-invalid", detail, "cursor")
