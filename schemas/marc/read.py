"""One ISO 2709 record from its bytes: strictly when its structure is sound, by its delimiters when it is not.

In: the bytes of one record, as `split` cut them. Out: `Decoded`: the record, its text in Unicode, with an issue for
everything that was mended or guessed. Bytes in which no record can be found raise `DecodeError` with a code of
`schemas.issues.CODES`. Standard: ISO 2709; MARC 21 Specifications for Record Structure.
"""

import re
from itertools import accumulate
from typing import Final

from schemas.errors import DecodeError
from schemas.issues import CODES, issue
from schemas.marc import charset, delimited, leader, permissive
from schemas.marc.piece import LIMIT, Decoded, Piece
from schemas.marc.record import MarcRecord
from schemas.marc.split import split

__all__ = ["Decoded", "Piece", "decode", "split"]

#: one entry of a directory: tag, length of the field, where it starts behind the directory
_ENTRY: Final = re.compile("(.{3})([0-9]{4})([0-9]{5})", re.DOTALL)


def decode(content: bytes, said: str = "") -> Decoded:
    """Read one ISO 2709 record; raises `DecodeError` (structure-unreadable, truncated, record-oversize).

    `said` is the encoding that its source says it writes, if it says any.
    """
    if len(content) >= LIMIT:
        raise DecodeError("record-oversize", CODES["record-oversize"][1], f"{len(content)} bytes")
    pieces = content.split(b"\x1e")
    tags = _directory(content, pieces)
    rescued = []
    if tags is None:
        found = permissive.layout(content)
        pieces, tags = found.pieces, found.tags
        content = b"\x1e".join(pieces)
        if found.fault:
            rescued.append(issue("structure-rescued", "record", found.fault))
    texts, issues, guessed = charset.texts(content, pieces, said)
    settled, bodies = leader.settled(texts[0]), texts[1:-1]
    record = MarcRecord(settled, delimited.fields(tags, bodies))
    return Decoded(record, tuple(rescued + issues), delimited.whole(settled, tags, bodies), _behind(guessed))


def _behind(guessed: tuple[int, ...]) -> tuple[int, ...]:
    # The first text is leader and directory.
    return tuple([place - 1 for place in guessed])


def _directory(content: bytes, pieces: list[bytes]) -> list[str] | None:
    """Give the tags when leader and directory are right in every number and fields follow in order; else None."""
    head = pieces[0]
    if pieces[-1] != b"\x1d" or len(pieces) < 3 or len(head) != 12 * len(pieces) or not head.isascii():
        return None
    directory = head.decode("ascii")
    if directory[:5] != f"{len(content):05}" or directory[12:17] != f"{len(head) + 1:05}":
        return None
    entries = _ENTRY.findall(directory, 24)
    if len(entries) != len(pieces) - 2:
        return None
    tags, lengths, starts = zip(*entries, strict=True)
    sizes = [len(piece) + 1 for piece in pieces[1:-1]]
    right = list(map(int, lengths)) == sizes and list(map(int, starts)) == [0, *accumulate(sizes[:-1])]
    return list(tags) if right else None
