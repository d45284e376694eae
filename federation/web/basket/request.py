"""What is in a basket: the numbers of records, in a cookie of the reader's browser or in an address that can be sent.

In: texts like `12.7.305`, also with the commas that people type. Out: numbers in the order they were put in, each once,
no more than `MOST`; what is no number is passed over. Nothing is signed: whoever changes his own list has changed his
own list.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

COOKIE: Final = "basket"
MOST: Final = 200
#: the largest union id has so many digits
_DIGITS: Final = 18
_BETWEEN: Final = "."


def read(text: str) -> tuple[int, ...]:
    """Read the numbers."""
    parts = text[: MOST * (_DIGITS + 1)].replace(",", _BETWEEN).split(_BETWEEN)
    numbers = (int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= _DIGITS)
    return tuple(number for number in dict.fromkeys(numbers) if number)[:MOST]


def written(numbers: Iterable[int]) -> str:
    """Write the numbers, as they stand in the cookie and in addresses."""
    return _BETWEEN.join(map(str, numbers))


def way_back(text: str, otherwise: str) -> str:
    """Give the page of this site that a form came from; anything that could lead elsewhere is replaced."""
    parts = urlsplit(text) if text.isprintable() and "\\" not in text else None
    inside = parts is not None and not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return text if inside and not text.startswith("//") else otherwise
