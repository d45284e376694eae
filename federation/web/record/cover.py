"""A cover for what has no picture of one: its title on a colour that is its own.

In: title and creator. Out: an SVG image of 200 by 300, the same for the same words. Pure. Letters are drawn by the
reader's own fonts; lines are broken by the widths of a broad sans-serif, and what does not fit ends with dots.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 200
HEIGHT: Final = 300
_MARGIN: Final = 16
_TITLE: Final = (20, 26, 6)
_CREATOR: Final = (13, 17, 2)
#: white stands out from each of them by 4.5 to 1 and more
_GROUNDS: Final = (
    *("#0b5a63", "#6b2f4d", "#274a7d", "#5c4a12", "#2f5d34", "#7a3418", "#4b3f82", "#14505e"),
    *("#7c2d3e", "#3d5416", "#2d4a5e", "#70421a"),
)
_WIDE: Final = frozenset("MWmwƠƯ@%")
_NARROW: Final = frozenset("iíìỉĩịjlrtfI.,:;'|!()[] ")


def cover(title: str, creator: str) -> str:
    """Draw the cover."""
    ground, band = _colours(f"{title}\n{creator}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>'
        f'<rect width="{WIDTH}" height="54" y="{HEIGHT - 54}" fill="{band}"/>'
        f'<rect width="6" height="{HEIGHT}" fill="#000" fill-opacity=".18"/>'
        '<g fill="#fff" font-family="system-ui, Roboto, Noto Sans, DejaVu Sans, sans-serif">'
        f"{_written(title, _TITLE, 38, 'bold')}{_written(creator, _CREATOR, HEIGHT - 32, 'normal')}"
        "</g></svg>"
    )


def wrapped(text: str, size: int, most: int) -> list[str]:
    """Break a text into at most so many lines that fit the cover at a size of letters."""
    lines = list(_lines(text.split(), WIDTH - 2 * _MARGIN, size))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and _width(f"{last}…", size) > WIDTH - 2 * _MARGIN:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _colours(text: str) -> tuple[str, str]:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    ground = digest[0] % len(_GROUNDS)
    return _GROUNDS[ground], _GROUNDS[(ground + 1 + digest[1] % (len(_GROUNDS) - 1)) % len(_GROUNDS)]


def _written(text: str, form: tuple[int, int, int], top: int, weight: str) -> str:
    size, step, most = form
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    lines = "".join(
        f'<text x="{_MARGIN}" y="{top + place * step}">{escape(line)}</text>'
        for place, line in enumerate(wrapped(printable, size, most))
    )
    return f'<g font-size="{size}" font-weight="{weight}">{lines}</g>'


def _lines(words: Iterable[str], room: float, size: int) -> Iterator[str]:
    line = ""
    for word in words:
        for piece in _pieces(word, room, size):
            longer = f"{line} {piece}" if line else piece
            if line and _width(longer, size) > room:
                yield line
                line = piece
            else:
                line = longer
    if line:
        yield line


def _pieces(word: str, room: float, size: int) -> Iterator[str]:
    """Cut a word that no line can hold."""
    piece = ""
    for letter in word:
        if piece and _width(piece + letter, size) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _width(text: str, size: int) -> float:
    return size * sum(1.0 if letter in _WIDE else 0.4 if letter in _NARROW else _usual(letter) for letter in text)


def _usual(letter: str) -> float:
    # Letters of East Asian scripts are squares.
    return 1.0 if letter >= "\u2e80" else 0.82 if letter.isupper() else 0.71
