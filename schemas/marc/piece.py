"""What leaves the readers: a piece of a file that should be one record, and a record that was read from such a piece.

In: what the splitters cut and the decoders read. Out: frozen values. A piece is bytes as received with their place in
the file, so that a record that cannot be read can still be kept, counted and found again.
"""

from typing import Final

import msgspec

from schemas.issues import Issue
from schemas.marc.record import MarcRecord

#: The longest piece a splitter gives and a decoder accepts; real records stay far below (ISO 2709 allows 99,999).
LIMIT: Final = 10_000_000


class Piece(msgspec.Struct, frozen=True):
    """Bytes that should be one record; `offset` in the file from 0, `number` among its pieces from 1."""

    content: bytes
    offset: int
    number: int


class Decoded(msgspec.Struct, frozen=True):
    """A record as it was read, with what had to be repaired or guessed on the way.

    `text` is the whole record as one text (`delimited.joined`), where the reader had it at hand. `guessed` are the
    places of the fields whose bytes were of no encoding that could be told.
    """

    record: MarcRecord
    issues: tuple[Issue, ...] = ()
    text: str = ""
    guessed: tuple[int, ...] = ()
