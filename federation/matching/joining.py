"""Groups that grow by joining, and pairs that may never stand in one.

In: units in the order of their names, each with the profiles it holds, and what keeps two profiles apart. Out: which
units ended up together. Like Kruskal's spanning forest, with "cannot link" constraints: whoever joins in a fixed order
gets the same groups, and nothing that was refused becomes possible later, for groups only grow.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

#: the profiles of a unit, each with the camp its bib is in; bibs of one camp (never 0) are not kept apart by profiles
Said = Mapping[int, int]
#: whether two profiles may never stand together
Veto = Callable[[int, int], bool]


class Joining:
    """A partition in the making. Units are known by their place in the order of names."""

    def __init__(self, units: Sequence[Said], veto: Veto, apart: Iterable[tuple[int, int]] = ()) -> None:
        self._root = list(range(len(units)))
        self._said = [{profile: {camp} for profile, camp in said.items()} for said in units]
        self._veto = veto
        self._foes: dict[int, set[int]] = {}
        self._carriers: dict[int, list[int]] = {}
        for place, said in enumerate(units):
            for profile in said:
                self._carriers.setdefault(profile, []).append(place)
        for left, right in apart:
            self._part(left, right)

    def find(self, unit: int) -> int:
        """Give the first unit of the group this one is in."""
        root = self._root
        while root[unit] != unit:
            root[unit] = root[root[unit]]
            unit = root[unit]
        return unit

    def join(self, left: int, right: int) -> None:
        """Make one group of the two in which these units are, unless something keeps them apart."""
        left, right = self.find(left), self.find(right)
        if left == right or right in self._foes.get(left, ()):
            return
        if self._forbidden(self._said[left], self._said[right]):
            self._part(left, right)
        else:
            self.unite(left, right)

    def link(self, one: int, other: int) -> None:
        """Join the groups that hold one profile with those that hold the other, the first by name first."""
        if one != other:
            others = self._holding(other)
            for left in self._holding(one):
                for right in others:
                    self.join(left, right)
            return
        left_over = self._holding(one)
        while len(left_over) > 1:  # three hundred equal records take three hundred steps, not a step for each pair
            first, *rest = left_over
            for right in rest:
                self.join(first, right)
            left_over = [right for right in rest if self.find(right) != self.find(first)]

    def unite(self, left: int, right: int) -> None:
        """Make one group of two, whatever keeps them apart."""
        left, right = sorted((self.find(left), self.find(right)))
        if left == right:
            return
        self._root[right] = left
        said = self._said[left]
        for profile, camps in self._said[right].items():
            said[profile] = said.get(profile, set()) | camps
        for foe in self._foes.pop(right, ()):
            self._foes[foe].discard(right)
            self._part(left, foe)

    def groups(self) -> list[list[int]]:
        """Give the groups in the order of their first units."""
        found: dict[int, list[int]] = {}
        for unit in range(len(self._root)):
            found.setdefault(self.find(unit), []).append(unit)
        return list(found.values())

    def _part(self, left: int, right: int) -> None:
        if left != right:
            self._foes.setdefault(left, set()).add(right)
            self._foes.setdefault(right, set()).add(left)

    def _holding(self, profile: int) -> list[int]:
        """Give the groups that hold a profile, in the order of their names."""
        held = sorted({self.find(unit) for unit in self._carriers.get(profile, ())})
        self._carriers[profile] = held
        return held

    def _forbidden(self, mine: Mapping[int, set[int]], theirs: Mapping[int, set[int]]) -> bool:
        return any(
            not _of_one_camp(camps, others) and self._veto(one, other)
            for one, camps in mine.items()
            for other, others in theirs.items()
        )


def _of_one_camp(camps: set[int], others: set[int]) -> bool:
    return len(camps) == 1 and camps == others and 0 not in camps
