"""What a look sees of every server that is searched, not listed (SRU, Z39.50): its result, its pages, where it ends.

In: what the first page brought, and whether a record at a place can be had. Out: a `Searched`, to which each protocol
adds what only it has.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from harvesters.base import Harvested
from harvesters.searching import edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was seen; texts are empty and numbers None where the server did not say."""

    hits: int | None = None
    records: tuple[Harvested, ...] = ()
    withheld: int = 0
    page_size: int = 0
    page_bytes: int = 0
    cap: int | None = None
    dividing: str = ""
    changes: str = ""
    latency: float = 0.0
    requests: int = 0
    notes: tuple[str, ...] = ()
    fault: str = ""


Seen = TypeVar("Seen", bound=Searched)


def capped(found: Seen, gives: Callable[[int], bool], notes: list[str]) -> Seen:
    """Look for the last record that can be had: at the end, and below the numbers that servers stop at."""
    hits = found.hits or 0
    cap = edge(hits, gives) if hits > found.page_size else None
    if cap == 0:
        notes.append(f"record {hits} of {hits} cannot be had; how many can is found out when it is harvested")
    return replace(found, cap=cap)
