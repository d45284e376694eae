"""Captions of Dewey numbers, in our own words, for readers: main classes and divisions.

In: the first digit of a number, or its first two (`8`, `89`). Out: the class as a librarian writes it (800, 890) and
what it is about, in `vi` or `en`.
"""

from typing import Final

from schemas.maps.tables import by_code, label

_TABLE: Final = "ddc"
_DIGITS: Final = 3


def caption(code: str, lang: str) -> str:
    """Give number and words of a class; a code that is none is shown as it is."""
    if code not in by_code(_TABLE):
        return code
    return f"{code.ljust(_DIGITS, '0')} {label(_TABLE, code, lang)}"


def parent(code: str) -> str:
    """Give the main class of a division; empty for a main class."""
    return code[:-1]
