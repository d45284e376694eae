"""The result sets of one Z39.50 session.

In: names and what was asked. Out: the numbers of the records at positions. A set is the query, its order and the count
that was told, and no list; the numbers are asked of the index when they are first shown, a block of positions at a
time, and then stay: what a client has seen at a position stands there as long as the set. A block that is asked for
when the index has moved on is of the new state; the count that was told stays, and positions nothing stands at any more
have no number (None). Only a set in an order the index has not is a list from the beginning.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from federation.index.engine import Found, Question, Sort
from federation.z3950.refusals import Refused
from schemas.query.tree import Node

BLOCK: Final = 50
#: blocks that a set keeps: the first ones are forgotten first
MOST_BLOCKS: Final = 200
#: names of sets that were dropped for want of use, kept so that their owner is told
_MOST_DROPPED: Final = 64
LONGEST_NAME: Final = 128
DEFAULT: Final = "default"

_EXISTS, _DROPPED, _UNKNOWN, _TOO_MANY, _BAD_NAME = 21, 27, 30, 112, 128


@dataclass(slots=True)
class ResultSet:
    """What a search found: the query, its order, how many there were, and the numbers known so far."""

    node: Node
    total: int
    database: str
    sort: Sort = "relevance"
    #: all the numbers, of a set in an order of its own
    ids: tuple[int, ...] | None = None
    blocks: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def numbers(self, first: int, count: int, find: Callable[[Question], Found]) -> Iterator[int | None]:
        """Yield the numbers at positions from `first` (0 is the first one) on."""
        for position in range(first, min(first + count, self.total)):
            block = self._block(position // BLOCK, find) if self.ids is None else self.ids
            place = position % BLOCK if self.ids is None else position
            yield block[place] if place < len(block) else None

    def _block(self, number: int, find: Callable[[Question], Found]) -> tuple[int, ...]:
        if number not in self.blocks:
            found = find(Question(self.node, start=number * BLOCK, limit=BLOCK, sort=self.sort))
            if len(self.blocks) >= MOST_BLOCKS:
                del self.blocks[next(iter(self.blocks))]
            self.blocks[number] = found.ids
        return self.blocks[number]


class ResultSets:
    """The sets by name; `most` of them at once, each dropped when it was not used for so many seconds."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._now = now
        self._sets: dict[str, ResultSet] = {}
        self._used: dict[str, float] = {}
        self._dropped: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._sets)

    def get(self, name: str) -> ResultSet:
        """Give a set and note that it was used; raises `Refused` when there is none."""
        self._drop()
        if name not in self._sets:
            raise Refused(_DROPPED if name in self._dropped else _UNKNOWN, name)
        self._used[name] = self._now()
        return self._sets[name]

    def check(self, name: str, replace: bool, named: bool) -> None:
        """Raise `Refused` unless a set of this name may be made; `named`: sets may have names."""
        self._drop()
        if not named and name != DEFAULT:
            raise Refused(22, name)
        if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
            raise Refused(_BAD_NAME, name)
        if name in self._sets:
            if not replace:
                raise Refused(_EXISTS, name)
        elif len(self._sets) >= self._most:
            raise Refused(_TOO_MANY, f"at most {self._most}; delete some")

    def put(self, name: str, found: ResultSet) -> None:
        """Keep a set, in the place of the one that has its name."""
        self._sets[name], self._used[name] = found, self._now()
        self._dropped.pop(name, None)

    def delete(self, name: str) -> bool:
        """Give up a set; tells whether there was one."""
        self._used.pop(name, None)
        return self._sets.pop(name, None) is not None

    def names(self) -> tuple[str, ...]:
        """Name all sets."""
        self._drop()
        return tuple(self._sets)

    def nodes(self) -> Mapping[str, Node]:
        """Give what each set had asked, for queries that name sets."""
        self._drop()
        return {name: found.node for name, found in self._sets.items()}

    def _drop(self) -> None:
        until = self._now() - self._seconds
        for name in [name for name, used in self._used.items() if used < until]:
            self.delete(name)
            self._dropped[name] = None
            if len(self._dropped) > _MOST_DROPPED:
                del self._dropped[next(iter(self._dropped))]
