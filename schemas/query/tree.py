"""The one query tree that stands behind the search box, CQL and RPN.

In: what a query language said. Out: `Term`s joined by `And`, `Or`, `Not`, or standing `Near` each other; `Everything`
matches the whole catalogue.
A term names an access point (`access_points`), so that every engine and every door means the same by it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Relation = Literal["<", "<=", "=", ">=", ">"]
#: all words in any order; the words side by side; the whole value; any value that begins or ends so
Match = Literal["words", "phrase", "whole", "begins", "ends"]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked of one access point.

    `masked`: * and ? in it stand for any letters and for one. `truncated` lets the last word be a beginning; `toned`
    asks for tones as typed only.
    """

    access_point: str
    text: str
    match: Match = "words"
    relation: Relation = "="
    masked: bool = False
    truncated: bool = False
    toned: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """Both sides."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Or:
    """Either side."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """The left side without the right one."""

    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """Words of both terms in one value, the words of each side by side and at most `distance` words (1: none between)
    from the end of one to the beginning of the other; `ordered`: the left one first. Both ask one text access point.
    """

    left: Term
    right: Term
    distance: int = 1
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


Node: TypeAlias = Term | And | Or | Not | Near | Everything
