"""What was seen of every server that is searched (SRU, Z39.50), as plain values and as rows for people.

In: what a look gave. Out: the parts that are the same whatever the protocol.
"""

from collections.abc import Mapping
from typing import Any

from harvesters.searched import Searched


def counted(seen: Searched) -> dict[str, int | None]:
    """Give how many records there are, how many can be had of one result (None: all), and how many of a page did not
    come.
    """
    return {"total": seen.hits, "cap": seen.cap, "withheld": seen.withheld}


def records(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the row of the records in all."""
    total = found["records"]
    return "records", "not told" if total["total"] is None else f"{total['total']} in all", _capped(total)


def changes(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the row of the index that tells what changed."""
    return "changes", found["changes"] or "no index of changes: everything is read each time"


def _capped(total: Mapping[str, Any]) -> str:
    if total["cap"] is None:
        return "the last one can be had"
    return f"only {total['cap']} can be had of one result" if total["cap"] else "the last one cannot be had"
