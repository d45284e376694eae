"""What a page of a drawer shows: headings with their counts, letters, the way on and back.

In: what the catalogue scanned around a place. Out: a frozen `Page`, all of it links. Titles, makers and subjects lead
to the search that is narrowed by them, classes to the search for them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask_babel import gettext as _

from federation.catalogue.records import Heading, Scan
from federation.web.browse.request import DRAWERS, PAGE_SIZE, Drawer, address
from federation.web.labels import Labels
from federation.web.search.request import MAX_TEXT, MAX_VALUE, Asked
from federation.web.search.request import address as search

#: drawers whose headings a search can be narrowed by: what is found is what was counted, and no longer title
_FILTERS: Final = ("title", "creator", "subject")
_DEWEY: Final = 3
_DEWEY_NUMBER: Final = re.compile(r"[0-9]{3}(?![0-9])")
_QUOTES: Final = str.maketrans('"“”„‟«»', " " * 7)


@dataclass(frozen=True, slots=True)
class Row:
    """One heading and the search that finds its records."""

    heading: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Headings that belong together, under a caption where they have one: the numbers of a division of Dewey's."""

    caption: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A link into a list; `words` say more than the `sign`, `current`: we are there."""

    sign: str
    address: str
    words: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a drawer."""

    drawers: tuple[Step, ...]
    heading: str
    letters: tuple[Step, ...]
    divisions: tuple[Step, ...]
    start: str
    groups: tuple[Group, ...]
    previous: str
    following: str


def page(drawer: Drawer, start: str, scan: Scan, labels: Labels) -> Page:
    """Make a page of what was scanned: a page before the place and one heading more than a page from it on."""
    shown, rest = scan.after[:PAGE_SIZE], scan.after[PAGE_SIZE:]
    names = {
        "title": _("Titles"),
        "creator": _("Creators"),
        "given": _("People by given name"),
        "subject": _("Subjects"),
        "class": _("Classification"),
    }
    return Page(
        drawers=tuple(Step(names[one.name], address(one.name), current=one is drawer) for one in DRAWERS),
        heading=names[drawer.name],
        letters=tuple(_letter(drawer, letter, start, labels) for letter in drawer.letters),
        divisions=tuple(_divisions(drawer, start, labels)),
        start=start,
        groups=tuple(
            Group(caption, tuple(Row(each.value, each.count, _found(drawer, each)) for each in together))
            for caption, together in groupby(shown, key=lambda each: _caption(drawer, each.value, labels))
        ),
        previous=address(drawer.name, scan.before[0].value) if scan.before else "",
        following=address(drawer.name, rest[0].value) if rest else "",
    )


def _divisions(drawer: Drawer, start: str, labels: Labels) -> Iterator[Step]:
    """Lead to the divisions of the main class that the place is in."""
    if drawer.name == "class" and "0" <= start[:1] <= "9":
        for code in (f"{start[0]}{digit}" for digit in range(10)):
            place = code.ljust(_DEWEY, "0")
            yield Step(place, address(drawer.name, place), labels.of("ddc", code), start[:_DEWEY] == place)


def _caption(drawer: Drawer, number: str, labels: Labels) -> str:
    is_dewey = drawer.name == "class" and _DEWEY_NUMBER.match(number)
    return labels.of("ddc", number[: _DEWEY - 1]) if is_dewey else ""


def _letter(drawer: Drawer, letter: str, start: str, labels: Labels) -> Step:
    is_class = drawer.name == "class"
    words = labels.of("ddc", letter[0]) if is_class else ""
    current = start[:1] == letter[0] if is_class else start.upper() == letter
    return Step("0–9" if letter == "0" else letter, address(drawer.name, letter), words, current)


def _found(drawer: Drawer, heading: Heading) -> str:
    if drawer.finds in _FILTERS and len(heading.value) <= MAX_VALUE:
        return search(Asked(filters={drawer.finds: (heading.value,)}))
    room = MAX_TEXT - len(drawer.finds) - len(':""')
    words = " ".join(heading.value.translate(_QUOTES).split())[:room]
    return search(Asked(text=f'{drawer.finds}:"{words}"'))
