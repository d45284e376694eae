"""How a search can be narrowed: facets with links, trees, bars of years, and chips for what is in force.

In: what was `Asked`, the counts the catalogue gave, and the `Labels`. Out: frozen values whose every address is a plain
link. Trees come as a list in which each value knows its depth; a value whose parent is not there stands at the top.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from federation.web.labels import Labels
from federation.web.search.request import COUNTED, FACET_SIZE, FACETS, Asked, adding, address, widened

Counts = Mapping[str, Iterable[tuple[str, int]]]

#: facets that stand on the page before the fold
_TREES: Final = ("place", "ddc")
_HEIGHT: Final = 40
#: years the bars may span: older books are few, and one wrong year must not flatten all others
_MOST_YEARS: Final = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: following `address` puts it on, or takes it off when it is `chosen`."""

    label: str
    count: int
    address: str
    chosen: bool
    depth: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """The years as bars: (place from the left, height, year, count), in a picture so wide and high."""

    first: int
    last: int
    width: int
    height: int
    bars: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet and its values: the chosen ones first, then by count, decades by age, grades by number.

    `more` leads to all its values, empty when these are all; `bars` are there for years.
    """

    name: str
    heading: str
    choices: tuple[Choice, ...]
    more: str = ""
    bars: Bars | None = None

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The values with their labels, for a form."""
        return tuple((choice.value, choice.label) for choice in self.choices)

    @property
    def used(self) -> bool:
        """Whether any of its values is chosen."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Chip:
    """A narrowing in force; `address` is the search without it."""

    heading: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Freed:
    """What a search that found nothing finds without one of its narrowings."""

    said: str
    total: int
    address: str


def facets(asked: Asked, counts: Counts, labels: Labels) -> tuple[Facet, ...]:
    """Make the facets that have anything to choose."""
    # What nobody counted has no numbers to show; that it is in force a chip tells.
    counted = (name for name in FACETS if name != "year" and (name in COUNTED or name in counts))
    made = (_facet(asked, name, dict(counts.get(name, ())), labels, counts) for name in counted)
    return tuple(facet for facet in made if facet.choices)


def chips(asked: Asked, labels: Labels) -> tuple[Chip, ...]:
    """Make one chip for each value of a facet in force."""
    return tuple(
        Chip(labels.heading(facet), labels.of(facet, value), address(widened(asked, facet, value)))
        for facet in FACETS
        for value in asked.filters.get(facet, ())
    )


def freed(asked: Asked, labels: Labels, count: Callable[[Asked], int]) -> tuple[Freed, ...]:
    """Give the searches without one facet's narrowing that find something; the values of one facet go together."""
    found = []
    for facet, values in asked.filters.items():
        kept = {name: held for name, held in asked.filters.items() if name != facet}
        wider = replace(asked, filters=kept, page=1)
        if total := count(wider):
            said = f"{labels.heading(facet)}: {', '.join(labels.of(facet, value) for value in values)}"
            found.append(Freed(said, total, address(wider)))
    return tuple(found)


def in_order(asked: Asked, name: str, labels: Labels, counted: Iterable[tuple[str, int]]) -> Iterator[Choice]:
    """Give values of a facet as they come, chosen or not."""
    made = _choosing(asked, name, labels)
    return (made(value, count, 0) for value, count in counted)


def more(asked: Asked, name: str, order: str = "", page: int = 1, find: str = "") -> str:
    """Write the address of all values of a facet, or of those that are called so."""
    given = {"facet": name, "order": order, "find": find, "of": str(page) if page > 1 else ""}
    shape = {part: value for part, value in given.items() if value}
    return f"{address(asked, '/search/facet')}&{urlencode(shape)}"


def bars(years: Mapping[str, int]) -> Bars | None:
    """Draw years as bars; None when there is but one."""
    counted = {int(year): count for year, count in years.items() if count}
    last = max(counted, default=0)
    shown = {year: count for year, count in counted.items() if year > last - _MOST_YEARS}
    if len(shown) < 2:
        return None
    first, most = min(shown), max(shown.values())
    drawn = [(year - first, max(1, count * _HEIGHT // most), year, count) for year, count in sorted(shown.items())]
    return Bars(first, last, last - first + 1, _HEIGHT, tuple(drawn))


def _facet(asked: Asked, name: str, counted: Mapping[str, int], labels: Labels, counts: Counts) -> Facet:
    if name in _TREES:
        choices = tuple(_tree(asked, name, counted, labels))
    else:
        choices = tuple(in_order(asked, name, labels, _chosen_first(asked, name, _ordered(name, counted))))
    full = len(counted) >= FACET_SIZE and name != "decade"
    drawn = bars(dict(counts.get("year", ()))) if name == "decade" else None
    return Facet(name, labels.heading(name), choices, more(asked, name) if full else "", drawn)


def _choosing(asked: Asked, name: str, labels: Labels) -> Callable[[str, int, int], Choice]:
    """Give what makes a choice of a value of a facet, its count and its depth."""
    chosen = asked.filters.get(name, ())
    put_on = adding(asked, name)

    def made(value: str, count: int, depth: int) -> Choice:
        is_chosen = value in chosen
        link = address(widened(asked, name, value)) if is_chosen else put_on(value)
        return Choice(labels.of(name, value), count, link, is_chosen, depth, value)

    return made


def _chosen_first(asked: Asked, name: str, counted: Mapping[str, int]) -> list[tuple[str, int]]:
    chosen = asked.filters.get(name, ())
    others = [(value, count) for value, count in counted.items() if count and value not in chosen]
    return [*((value, counted.get(value, 0)) for value in chosen), *others]


def _ordered(name: str, counted: Mapping[str, int]) -> Mapping[str, int]:
    if name == "decade":
        return dict(sorted(counted.items(), reverse=True))
    return dict(sorted(counted.items(), key=lambda pair: int(pair[0]))) if name == "grade" else counted


def _tree(asked: Asked, name: str, counted: Mapping[str, int], labels: Labels) -> Iterator[Choice]:
    chosen = asked.filters.get(name, ())
    made = _choosing(asked, name, labels)
    below: defaultdict[str, list[str]] = defaultdict(list)
    for value in counted:
        parent = _parent(name, value, labels)
        below[parent if parent in counted else ""].append(value)

    def under(parent: str, depth: int) -> Iterator[Choice]:
        for value in _siblings(name, below[parent], counted):
            if counted[value] or value in chosen:
                yield made(value, counted[value], depth)
            if name != "ddc" or _opened(value, chosen):
                yield from under(value, depth + 1)

    yield from under("", 0)


def _parent(name: str, value: str, labels: Labels) -> str:
    if name == "ddc":
        return value[:-1]
    kind, _, code = value.partition(":")
    if kind == "level":
        return f"area:{code.partition('/')[0]}"
    return labels.parents.get(code, "") if kind == "member" else ""


def _siblings(name: str, values: Sequence[str], counted: Mapping[str, int]) -> list[str]:
    return sorted(values) if name == "ddc" else sorted(values, key=lambda value: -counted[value])


def _opened(value: str, chosen: Sequence[str]) -> bool:
    """Tell whether the divisions of a Dewey class are shown: when it or one of them is chosen."""
    return any(each[:1] == value for each in chosen)
