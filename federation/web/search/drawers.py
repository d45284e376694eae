"""All values of one facet of a search: a page of its own, by number of titles or A to Z.

In: the parameters of its address (`facet`, `order`, `of`) and the counts. Out: a frozen `Shown`. Values beyond the
commonest ones are left out: who needs them narrows the search first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from federation.index import engine
from federation.web.labels import Labels
from federation.web.search import request
from federation.web.search.narrowing import Choice, choice, more
from federation.web.search.request import Asked, Parameters, address
from schemas.vietnamese.order import order_key

MOST: Final = 1_000
PAGE: Final = 100
_AZ: Final = "az"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Which facet, in which order, which page."""

    facet: str
    order: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of values; missing neighbours have empty addresses."""

    heading: str
    choices: tuple[Choice, ...]
    alphabetical: bool
    by_count: str
    by_name: str
    previous: str
    following: str
    back: str
    cut: bool


def read(parameters: Parameters) -> Drawer:
    """Read which values are asked for; what is not understood is the first page by count."""
    facet, order, page = (next(iter(parameters.get(name, ())), "") for name in ("facet", "order", "of"))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < len(str(MOST)) else 1
    return Drawer(facet, _AZ if order == _AZ else "", max(1, number))


def question(asked: Asked, drawer: Drawer) -> engine.Question:
    """Ask for the values and nothing else."""
    return replace(request.question(asked), start=0, limit=0, facets=(drawer.facet,), facet_size=MOST)


def shown(asked: Asked, drawer: Drawer, counted: Iterable[tuple[str, int]], labels: Labels) -> Shown:
    """Make the page."""
    counts = dict(counted)
    if drawer.order:
        counts = _named(drawer.facet, counts, labels)
    values = tuple(choice(asked, drawer.facet, labels, counts))
    start = (drawer.page - 1) * PAGE
    return Shown(
        heading=labels.heading(drawer.facet),
        choices=values[start : start + PAGE],
        alphabetical=bool(drawer.order),
        by_count=more(asked, drawer.facet),
        by_name=more(asked, drawer.facet, _AZ),
        previous=more(asked, drawer.facet, drawer.order, drawer.page - 1) if drawer.page > 1 else "",
        following=more(asked, drawer.facet, drawer.order, drawer.page + 1) if len(values) > start + PAGE else "",
        back=address(asked),
        cut=len(counts) >= MOST,
    )


def _named(facet: str, counts: Mapping[str, int], labels: Labels) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: order_key(labels.of(facet, pair[0]))))
