"""All values of one facet of a search: a page of its own, by number of titles or A to Z, and a box that finds a value.

In: the parameters of its address (`facet`, `order`, `of`, `find`), and the catalogue. Out: a frozen `Shown`. Creators
and subjects may be tens of thousands: by number they are told a page at a time, A to Z only the commonest, and what
begins with or has the words of the box is found wherever it stands. Other facets are small and looked through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.values import MOST, WHERE, Counted, Where, has_all
from federation.index.engine import MOST_VALUES, Question
from federation.web.labels import Labels
from federation.web.search import request
from federation.web.search.narrowing import Choice, in_order, more
from federation.web.search.request import MAX_VALUE, Asked, Parameters, address
from schemas.vietnamese.fold import tokens
from schemas.vietnamese.order import order_key

PAGE: Final = 100
LAST_PAGE: Final = MOST_VALUES // PAGE
_AZ: Final = "az"


@dataclass(frozen=True, slots=True)
class Drawer:
    """Which facet, in which order, which page; `find`: only what is called so."""

    facet: str
    order: str = ""
    page: int = 1
    find: str = ""

    @property
    def start(self) -> int:
        """The place of its first value."""
        return (self.page - 1) * PAGE


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of values; missing neighbours have empty addresses. `cut`: there may be values that are not listed."""

    facet: str
    heading: str
    find: str
    choices: tuple[Choice, ...]
    alphabetical: bool
    by_count: str
    by_name: str
    previous: str
    following: str
    back: str
    all: str
    cut: bool


@dataclass(frozen=True, slots=True)
class _Listed:
    """The values of a page and one more where there is one; `whole`: the list leaves nothing out."""

    values: Sequence[Counted]
    whole: bool = True


def read(parameters: Parameters) -> Drawer:
    """Read which values are asked for; what is not understood is the first page by count."""
    names = ("facet", "order", "of", "find")
    facet, order, page, find = (next(iter(parameters.get(name, ())), "") for name in names)
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= len(str(LAST_PAGE)) else 1
    found = " ".join(find[:MAX_VALUE].split())
    return Drawer(facet, _AZ if order == _AZ else "", min(max(1, number), LAST_PAGE), found)


def shown(catalogue: Catalogue, asked: Asked, drawer: Drawer, labels: Labels) -> Shown:
    """Make the page."""
    listed = _listed(catalogue, asked, drawer, labels)
    lies = {"order": drawer.order, "find": drawer.find}
    return Shown(
        facet=drawer.facet,
        heading=labels.heading(drawer.facet),
        find=drawer.find,
        choices=tuple(in_order(asked, drawer.facet, labels, listed.values[:PAGE])),
        alphabetical=bool(drawer.order),
        by_count=more(asked, drawer.facet, find=drawer.find),
        by_name=more(asked, drawer.facet, _AZ, find=drawer.find),
        previous=more(asked, drawer.facet, page=drawer.page - 1, **lies) if drawer.page > 1 else "",
        following=more(asked, drawer.facet, page=drawer.page + 1, **lies) if len(listed.values) > PAGE else "",
        back=address(asked),
        all=more(asked, drawer.facet, drawer.order),
        cut=not listed.whole,
    )


def _listed(catalogue: Catalogue, asked: Asked, drawer: Drawer, labels: Labels) -> _Listed:
    question = replace(request.question(asked), start=0, limit=0, facets=())
    where = next((one for one in WHERE if one == drawer.facet), None)
    if where is None:
        return _small(catalogue, question, drawer, labels)
    if drawer.find:
        found = catalogue.called(question, where, drawer.find)
        return _Listed(_page(drawer, found.values, labels), found.whole)
    return _commonest(catalogue, question, where, drawer, labels)


def _commonest(catalogue: Catalogue, question: Question, where: Where, drawer: Drawer, labels: Labels) -> _Listed:
    # All of them are asked for, or the last ones of a page would depend on how many are.
    asked = replace(question, facet_size=MOST_VALUES)
    if drawer.order:
        found = list(islice(catalogue.values(asked, where), MOST + 1))
        return _Listed(_page(drawer, found[:MOST], labels), len(found) <= MOST)
    some = list(islice(catalogue.values(asked, where, drawer.start), PAGE + 1))
    page = sorted(some[:PAGE], key=lambda pair: (-pair[1], order_key(pair[0])))
    return _Listed([*page, *some[PAGE:]], drawer.page < LAST_PAGE)


def _small(catalogue: Catalogue, question: Question, drawer: Drawer, labels: Labels) -> _Listed:
    asked = replace(question, facets=(drawer.facet,), facet_size=MOST)
    counted = [pair for pair in catalogue.search(asked).facets.get(drawer.facet, ()) if pair[1]]
    words = tokens(drawer.find)
    found = [pair for pair in counted if not words or has_all(labels.of(drawer.facet, pair[0]), words)]
    return _Listed(_page(drawer, found, labels), len(counted) < MOST)


def _page(drawer: Drawer, values: Sequence[Counted], labels: Labels) -> Sequence[Counted]:
    if drawer.order:
        values = sorted(values, key=lambda pair: order_key(labels.of(drawer.facet, pair[0])))
    return values[drawer.start : drawer.start + PAGE + 1]
