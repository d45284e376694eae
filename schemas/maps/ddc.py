"""Captions of Dewey numbers, in our own words, for readers: main classes and divisions.

In: the first digit of a number, or its first two (`8`, `89`). Out: the class as a librarian writes it (800, 890); what
it is about stands in the table.
"""

from typing import Final

from schemas.maps.tables import by_code

TABLE: Final = "ddc"
_DIGITS: Final = 3


def number(code: str) -> str:
    """Give the number of a class; empty for a code that is none."""
    return code.ljust(_DIGITS, "0") if code in by_code(TABLE) else ""


def parent(code: str) -> str:
    """Give the main class of a division; empty for a main class."""
    return code[:-1]
