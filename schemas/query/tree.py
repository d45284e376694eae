"""The one query tree that stands behind the search box, CQL and RPN.

In: what a query language said. Out: `Term`s joined by `And`, `Or`, `Not`; `Everything` matches the whole catalogue.
A term names an access point (`access_points`), so that every engine and every door means the same by it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Relation = Literal["<", "<=", "=", ">=", ">"]
#: all words in any order; the words side by side; the whole value; any value that begins so; words with * and ? in them
Match = Literal["words", "phrase", "whole", "begins", "masked"]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked of one access point.

    `truncated` lets the last word be a beginning; `toned` asks for tones as typed only.
    """

    access_point: str
    text: str
    match: Match = "words"
    relation: Relation = "="
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
class Everything:
    """Every record."""


Node: TypeAlias = Term | And | Or | Not | Everything
