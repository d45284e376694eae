"""Options of every server that is searched, not listed (SRU, Z39.50): pages, caps, parts, changes.

In: the options an operator typed. Out: values, or a `SourceRefused` that names the option that is wrong. What an index
is called depends on the protocol and is checked there.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.options import Option, text
from harvesters.parts import YEARS, Axis, Integers, Keys, Scan, Terms

PAGE: Final = Option("page_size", "50", "records asked for at once; a server may give fewer", 1, 10_000)
CAP: Final = Option("cap", "0", "records that the server gives of one result; 0: find out", 0, 1_000_000_000)
PARTS: Final = Option(
    "parts", "", "how to divide what is over the cap: scan:INDEX, years:INDEX, keys:INDEX or numbers:INDEX:FROM-TO"
)
FORM: Final = Option("changed_format", "%Y-%m-%d", "how that index writes a day (strftime), such as %Y%m%d")
OVERLAP: Final = Option(
    "overlap", "86400", "seconds by which a harvest reaches back before the last one", 0, 31_536_000
)
MOST: Final = Option("max_records", "20000000", "records after which a run ends as partial", 1, 1_000_000_000)
#: numbers of records at which servers stop
_EDGES: Final = (100_000, 50_000, 20_000, 10_000, 1_000)
_WAYS: Final = ("scan", "years", "keys", "numbers")
_SPAN: Final = re.compile(r"(\d{1,18})-(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Division:
    """Along what a result over the cap is divided; `span` are the outermost cuts of whole numbers."""

    way: str
    index: str
    span: tuple[int, int] = (0, 0)

    def axis(self, scan: Scan) -> Axis:
        """Give the axis; `scan` lists the terms of the index."""
        if self.way == "scan":
            return Terms(scan)
        return Keys() if self.way == "keys" else Integers(*self.span)


def one_of(option: Option, given: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    """Give an option that is one of some words."""
    found = text(option, given).lower() or option.default
    if found not in allowed:
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write one of {', '.join(allowed)}")
    return found


def division(given: Mapping[str, str]) -> Division | None:
    """Read the option `parts`; None where nothing is divided."""
    found = text(PARTS, given)
    if not found:
        return None
    way, _, rest = found.partition(":")
    name, _, span = rest.partition(":")
    outermost = _SPAN.fullmatch(span)
    if way not in _WAYS or not name or bool(span) != (way == "numbers") or (span and not outermost):
        message = f"option {PARTS.name} is {found!r}; write {PARTS.meaning.partition(': ')[2]}"
        raise SourceRefused("option-invalid", message)
    cuts = (int(outermost[1]), int(outermost[2])) if outermost else YEARS
    if cuts[0] >= cuts[1]:
        raise SourceRefused("option-invalid", f"option {PARTS.name} is {found!r}; write the smaller number first")
    return Division(way, name, cuts)


def form(option: Option, given: Mapping[str, str]) -> str:
    """Read how an index of changes writes a day."""
    found = text(option, given)
    written = datetime(2026, 11, 7, tzinfo=UTC).strftime(found)
    if not all(piece in written for piece in ("2026", "11", "07")):
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; it must write year, month and day")
    return found


def terms(listed: Callable[[str], Sequence[tuple[str, int]]], start: str) -> Iterator[tuple[str, int]]:
    """Yield the terms of an index from one on, page by page; `listed` gives the next ones, nothing behind the last."""
    last = ""
    while True:
        found = listed(last or start or "0")
        # A scan begins with the term it is asked for.
        fresh = found[1:] if last and found and found[0][0] == last else found
        yield from fresh
        if not fresh or fresh[-1][0] == last:
            return
        last = fresh[-1][0]


def edge(hits: int, gives: Callable[[int], bool]) -> int | None:
    """Look for the last of so many records that can be had, at the end and below the numbers that servers stop at: None
    when all can, 0 when it is at none of these.
    """
    if gives(hits):
        return None
    return next((place for place in _EDGES if place < hits and gives(place)), 0)
