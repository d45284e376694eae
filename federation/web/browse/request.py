"""Which drawer was opened, and where.

In: the last part of the path and the query part of an address (`from`). Out: a `Drawer` and a place, or None where
there is no such drawer.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from federation.errors import UsageError

#: headings of one page
PAGE_SIZE: Final = 50
MAX_PLACE: Final = 300


@dataclass(frozen=True, slots=True)
class Drawer:
    """One list of headings: its name in addresses, which is that of the list in the index; `letters` lead into it, and
    `finds` is the access point that its headings are searched by.
    """

    name: str
    letters: tuple[str, ...]
    finds: str


_ALPHABET: Final = tuple("AĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ")
_HUNDREDS: Final = tuple(f"{hundred}00" for hundred in range(10))
DRAWERS: Final = (
    Drawer("title", ("0", *_ALPHABET), "title"),
    Drawer("creator", _ALPHABET, "creator"),
    Drawer("given", _ALPHABET, "creator"),
    Drawer("subject", _ALPHABET, "subject"),
    Drawer("class", _HUNDREDS, "class"),
)


def drawer(name: str) -> Drawer | None:
    """Find a drawer."""
    return next((one for one in DRAWERS if one.name == name), None)


def place(text: str) -> str:
    """Read where to begin; raises `UsageError` for more than anybody types."""
    if len(text) > MAX_PLACE:
        raise UsageError("query-too-long", f"a place in a list has at most {MAX_PLACE} characters", "from")
    return " ".join(text.split())


def address(name: str, start: str = "") -> str:
    """Write the link to a place in a drawer."""
    return f"/browse/{name}" + (f"?{urlencode({'from': start[:MAX_PLACE]})}" if start else "")
