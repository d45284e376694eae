"""The attributes of Bib-1: what the numbers of a query are called.

In: `attributes.tsv`. Out: names, for messages and pages; which of them the catalogue supports, and as what, is said in
`schemas.query`.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas.maps.tables import rows

USE, RELATION, POSITION, STRUCTURE, TRUNCATION, COMPLETENESS = range(1, 7)
#: what an attribute type is called
TYPES: Final[Mapping[int, str]] = MappingProxyType(
    {
        USE: "use",
        RELATION: "relation",
        POSITION: "position",
        STRUCTURE: "structure",
        TRUNCATION: "truncation",
        COMPLETENESS: "completeness",
    }
)


@cache
def names() -> Mapping[tuple[int, int], str]:
    """Map type and value of each attribute to its name."""
    table = rows("attributes", "schemas.z3950")
    return MappingProxyType({(int(row["type"]), int(row["value"])): row["name"] for row in table})


def name(kind: int, value: int) -> str:
    """Give what an attribute is called: `use 4 (Title)`."""
    known = names().get((kind, value))
    return f"{TYPES.get(kind, f'type {kind}')} {value}" + (f" ({known})" if known else "")
