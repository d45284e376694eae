"""Cutting a file of ISO 2709 records into pieces, one per record, so that a bad record never costs its neighbours.

In: a binary stream, read as it comes. Out: `Piece`s whose bytes, with the separators between them (blanks, line ends,
NUL, 0x1A, a byte order mark, lone terminators), are the whole file. A record ends at its terminator; where its length
disagrees, the next leader or the length decides. Memory is bounded by `limit`: what is longer comes in several pieces.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.marc.piece import LIMIT, Piece
from schemas.marc.window import Source, Window

_END: Final = 0x1D
_SEPARATORS: Final = re.compile(rb"(?:[\x00\t\n\r \x1a\x1d]|\xef\xbb\xbf)*")
# A leader with the first entry of its directory; 05 and 06 are no digits, so that no directory looks like it.
_LEADER: Final = re.compile(
    rb"[0-9]{5}[a-z ][A-Za-z ][ -~]{3}[ 2#]{2}[0-9]{5}[ -~]{3}(?:45[ -~\x80-\xff]{2}|    )[0-9A-Za-z]{3}[0-9]{9}"
)
_LEADER_SIZE: Final = 24
_LONGEST: Final = 99_999


def split(stream: Source, limit: int = LIMIT) -> Iterator[Piece]:
    """Cut an ISO 2709 file into one piece per record, in the order of the file; holds at most about `limit` bytes."""
    for number, (start, content) in enumerate(_cuts(Window(stream), limit), 1):
        yield Piece(content, start, number)


def _cuts(window: Window, limit: int) -> Iterator[tuple[int, bytes]]:
    at = searched = 0
    while True:
        end = window.content.find(_END, searched)
        if end < 0:
            searched = len(window.content)
            if searched - at >= limit:
                yield window.base + at, window.content[at : at + limit]
                at += limit
            elif window.ended:
                yield from _glued(window, at, searched)
                return
            else:
                window.more(at)
                searched, at = searched - at, 0
            continue
        size = end + 1 - at
        if window.content[at : at + 5] == b"%05d" % size:
            yield window.base + at, window.content[at : end + 1]
            at = searched = end + 1
            continue
        while not window.ended and len(window.content) - at < 2 * _LONGEST:
            window.more(at)
            end, at = end - at, 0
        end = _true_end(window.content, at, end + 1)
        yield from _glued(window, at, end)
        at = searched = end


def _true_end(content: bytes, at: int, end: int) -> int:
    """Where the record at `at` ends whose first terminator, just before `end`, does not fit its length."""
    at = _start(content, at, end)
    digits = content[at : at + 5]
    stated = at + int(digits) if digits.isdigit() and len(digits) == 5 else 0
    if stated <= end or content[stated - 1 : stated] != b"\x1d" or not _LEADER.match(content, at):
        return end
    after = _start(content, end, len(content))
    # A terminator inside the text: the length leads to the real one, and no record starts after the false one.
    return end if _LEADER.match(content, after) else stated


def _start(content: bytes, at: int, end: int) -> int:
    found = _SEPARATORS.match(content, at, end)
    return found.end() if found else at


def _glued(window: Window, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Cut between `at` and `end` where another record's leader stands: a terminator was lost, or junk came before."""
    content = window.content
    start = _start(content, at, end)
    if content[start : start + 5] == b"%05d" % (end - start):
        yield window.base + start, content[start:end]
        return
    search = start + (_LEADER_SIZE if _LEADER.match(content, start, end) else 1)
    while start < end:
        leader = _LEADER.search(content, search, end)
        stop = leader.start() if leader else end
        yield window.base + start, content[start:stop]
        start, search = stop, stop + _LEADER_SIZE
