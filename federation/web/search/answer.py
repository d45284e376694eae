"""What the search page shows, made ready for the template: rows, facets with links, chips, page numbers.

In: what was `Asked`, the hits and counts the catalogue gave, and the `Labels`. Out: frozen values whose every address
is a plain link, so that the page needs no script.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from federation.catalogue.records import Hit
from federation.web.labels import Labels, facet_name
from federation.web.search.request import FACETS, MAX_PAGE, PAGE_SIZE, SORTS, Asked, address, narrowed, widened
from federation.web.wording import imprint
from schemas.vietnamese.fold import folded, toned

Counts = Mapping[str, Iterable[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One title of the list, in words."""

    id: int
    title: str
    creator: str
    imprint: str
    material: str
    languages: tuple[str, ...]
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: following `address` puts it on, or takes it off when it is `chosen`."""

    label: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet and its values: the chosen ones first, then by count, decades by age."""

    name: str
    heading: str
    choices: tuple[Choice, ...]

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
class Pages:
    """Where we are in the list; a missing neighbour has an empty address. `numbers`: (page, address), 0 for a gap."""

    current: int
    last: int
    previous: str
    following: str
    numbers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the list; the one in force is `current`."""

    words: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """The searches near this one: only as typed, with all tone marks, without narrowing, its first page."""

    toned: str
    untoned: str
    unnarrowed: str
    first: str


def row(hit: Hit, labels: Labels) -> Row:
    """Put one hit in words."""
    bib = hit.bib
    return Row(
        id=hit.id,
        title=str(bib.title) or _("[no title]"),
        creator=bib.creator,
        imprint=imprint(bib.publication),
        material=labels.of("material", bib.material),
        languages=tuple(labels.of("language", code) for code in bib.languages),
        libraries=tuple(labels.of("member", code) for code in hit.members),
    )


def facets(asked: Asked, counts: Counts, labels: Labels) -> tuple[Facet, ...]:
    """Make the facets that have anything to choose."""
    made = (Facet(name, facet_name(name), tuple(_choices(asked, name, counts, labels))) for name in FACETS)
    return tuple(facet for facet in made if facet.choices)


def chips(asked: Asked, labels: Labels) -> tuple[Chip, ...]:
    """Make one chip for each value of a facet in force."""
    return tuple(
        Chip(facet_name(facet), labels.of(facet, value), address(widened(asked, facet, value)))
        for facet in FACETS
        for value in asked.filters.get(facet, ())
    )


def pages(asked: Asked, total: int) -> Pages:
    """Make the page numbers: first, last, and two on either side of the current one."""
    last = min(MAX_PAGE, max(1, -(-total // PAGE_SIZE)))
    near = {1, last, *range(max(1, asked.page - 2), min(last, asked.page + 2) + 1)}
    return Pages(
        current=asked.page,
        last=last,
        previous=_at(asked, asked.page - 1) if 1 < asked.page <= last else "",
        following=_at(asked, asked.page + 1) if asked.page < last else "",
        numbers=tuple(_with_gaps(asked, sorted(near))),
    )


def orders(asked: Asked) -> tuple[Order, ...]:
    """Make the orders a reader can choose from."""
    words = {
        "relevance": _("Best match"),
        "newest": _("Newest"),
        "oldest": _("Oldest"),
        "title": _("Title A–Z"),
        "creator": _("Creator A–Z"),
    }
    return tuple(Order(words[sort], address(replace(asked, sort=sort, page=1)), sort == asked.sort) for sort in SORTS)


def ways(asked: Asked) -> Ways:
    """Make the links to the searches near this one."""
    first = replace(asked, page=1)
    return Ways(
        toned=address(replace(first, toned=True)),
        untoned=address(replace(first, toned=False)),
        unnarrowed=address(replace(first, filters={})),
        first=address(first),
    )


def has_tones(text: str) -> bool:
    """Tell whether a query has marks, so that it finds more without them."""
    return toned(text) != folded(text)


def _choices(asked: Asked, name: str, counts: Counts, labels: Labels) -> Iterator[Choice]:
    chosen = asked.filters.get(name, ())
    counted = dict(counts.get(name, ()))
    for value in chosen:
        yield Choice(labels.of(name, value), counted.get(value, 0), address(widened(asked, name, value)), chosen=True)
    for value, count in sorted(counted.items(), reverse=True) if name == "decade" else counted.items():
        if value not in chosen and count:
            yield Choice(labels.of(name, value), count, address(narrowed(asked, name, value)), chosen=False)


def _at(asked: Asked, page: int) -> str:
    return address(replace(asked, page=page))


def _with_gaps(asked: Asked, numbers: list[int]) -> Iterator[tuple[int, str]]:
    before = 0
    for number in numbers:
        if number > before + 1:
            yield 0, ""
        yield number, _at(asked, number)
        before = number
