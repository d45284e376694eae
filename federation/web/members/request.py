"""How the list of libraries is asked for.

In: the query part of an address. Out: by what it is grouped; what is unknown is the first way.
"""

from typing import Final, Literal

Grouping = Literal["area", "district", "kind", "level"]
GROUPINGS: Final[tuple[Grouping, ...]] = ("area", "district", "kind", "level")


def grouping(text: str) -> Grouping:
    """Read by what to group."""
    return next((known for known in GROUPINGS if known == text), GROUPINGS[0])
