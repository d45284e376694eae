"""What the search page shows, made ready for the template: rows, orders, page numbers, searches nearby.

In: what was `Asked`, the hits the catalogue gave, and the `Labels`. Out: frozen values whose every address is a plain
link, so that the page needs no script. What narrows a search is `narrowing`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from federation.catalogue.advice import Correction, Dropped, Suggestion
from federation.catalogue.records import Hit
from federation.web.labels import Labels
from federation.web.search.request import MAX_PAGE, PAGE_SIZE, SORTS, Asked, address
from federation.web.wording import imprint
from schemas.vietnamese.fold import folded, toned
from schemas.vietnamese.names import natural


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
    edition: str = ""
    as_of: date | None = None


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
    """The searches near this one: only as typed, with all tone marks, without narrowing, its first page; itself."""

    toned: str
    untoned: str
    unnarrowed: str
    first: str
    here: str


@dataclass(frozen=True, slots=True)
class Meant:
    """Another spelling that may have been meant, and what it finds."""

    text: str
    total: int
    address: str


@dataclass(frozen=True, slots=True)
class Without:
    """One word of a query that found nothing, and the search without it; no address where that finds nothing too."""

    word: str
    unknown: bool
    text: str
    total: int
    address: str


def meant(asked: Asked, correction: Correction) -> Meant:
    """Make the link to what may have been meant."""
    return Meant(correction.text, correction.total, address(replace(asked, text=correction.text, page=1)))


def without(asked: Asked, dropped: Dropped) -> Without:
    """Make the link to the search without a word."""
    link = address(replace(asked, text=dropped.text, page=1)) if dropped.total else ""
    return Without(dropped.word, not dropped.known, dropped.text, dropped.total, link)


def told(suggestion: Suggestion) -> str:
    """Say what a suggestion is and how many titles it has."""
    if suggestion.kind == "title":
        return str(_("Title"))
    kind = _("Creator") if suggestion.kind == "creator" else _("Subject")
    return f"{kind} ({suggestion.count})"


def row(hit: Hit, labels: Labels) -> Row:
    """Put one hit in words."""
    bib = hit.bib
    return Row(
        id=hit.id,
        title=str(bib.title) or _("[no title]"),
        creator=natural(bib.creator),
        imprint=imprint(bib.publication),
        material=labels.of("material", bib.material),
        languages=tuple(labels.of("language", code) for code in bib.languages),
        libraries=tuple(labels.of("member", code) for code in hit.members),
        edition=bib.edition.statement,
        as_of=hit.as_of,
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
        here=address(asked),
    )


def has_tones(text: str) -> bool:
    """Tell whether a query has marks, so that it finds more without them."""
    return toned(text) != folded(text)


def _at(asked: Asked, page: int) -> str:
    return address(replace(asked, page=page))


def _with_gaps(asked: Asked, numbers: list[int]) -> Iterator[tuple[int, str]]:
    before = 0
    for number in numbers:
        if number > before + 1:
            yield 0, ""
        yield number, _at(asked, number)
        before = number
