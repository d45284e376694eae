"""What the page of a library and the list of libraries show, made ready for the templates.

In: members, what the index counted of them, the `Labels`. Out: frozen values in words. The order of libraries is that
of the Vietnamese dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from flask_babel import gettext as _

from federation.catalogue.records import Answer, Hit
from federation.store.members import Contact, MemberRow
from federation.store.unions import Stock
from federation.web.labels import Labels
from federation.web.language import day
from federation.web.members.request import Grouping
from federation.web.search.request import Asked, address
from federation.web.wording import imprint
from schemas.maps.tables import rows
from schemas.vietnamese.names import natural
from schemas.vietnamese.order import order_key

#: what a library's page counts of what it holds
FACETS: Final = ("material", "language", "decade", "subject")
#: closer than a street, wider than a house
_ZOOM: Final = 17


@dataclass(frozen=True, slots=True)
class Count:
    """So many titles of one value; `address` is the search that finds them."""

    label: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class New:
    """A title the library got lately."""

    id: int
    title: str
    creator: str
    imprint: str


@dataclass(frozen=True, slots=True)
class Page:
    """One library in words: where it belongs, how it is reached, what it has."""

    code: str
    name: str
    kind: str
    level: str
    area: str
    districts: str
    contact: Contact
    hours: tuple[str, ...]
    map: str
    titles: int
    copies: int
    as_of: date | None
    all_titles: str
    counts: tuple[tuple[str, tuple[Count, ...]], ...]
    new: tuple[New, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One library of the list."""

    code: str
    name: str
    kind: str
    area: str
    districts: str
    titles: int


@dataclass(frozen=True, slots=True)
class Group:
    """Libraries of one area, old district, kind or level; `name` is empty for those of none."""

    name: str
    entries: tuple[Entry, ...]


def page(member: MemberRow, found: Answer, stock: Stock, latest: Iterable[Hit], labels: Labels) -> Page:
    """Put a library in words; `found` is what the index counts in its stock."""
    contact = member.contact
    return Page(
        code=member.code,
        name=member.name,
        kind=labels.of("kind", member.kind),
        level=labels.level(member.level),
        area=member.area_name,
        districts=known_before(member),
        contact=contact,
        hours=tuple(line.strip() for line in contact.hours.splitlines() if line.strip()),
        map=map_address(contact),
        titles=found.total,
        copies=stock.copies,
        as_of=stock.as_of,
        all_titles=address(Asked(filters={"member": (member.code,)})),
        counts=tuple(_counted(member.code, found.facets, labels)),
        new=tuple(_new(hit) for hit in latest),
    )


def groups(members: Iterable[MemberRow], titles: Mapping[str, int], by: Grouping, labels: Labels) -> tuple[Group, ...]:
    """Group the libraries; each group and all in it in order of the dictionary, those of no group last.

    A library whose unit was made of two old districts stands under both. Levels are in their own order, from the
    province down.
    """
    found: dict[str, list[Entry]] = {}
    for member in members:
        entry = Entry(
            member.code,
            member.name,
            labels.of("kind", member.kind),
            member.area_name,
            known_before(member),
            titles.get(member.code, 0),
        )
        for name in _groups(member, by, labels):
            found.setdefault(name, []).append(entry)
    known = [labels.level(row["code"]) for row in rows("levels")] if by == "level" else []
    ranks = {name: rank for rank, name in enumerate(known)}
    names = sorted(found, key=lambda name: (not name, ranks.get(name, len(ranks)), order_key(name)))
    return tuple(Group(name, tuple(sorted(found[name], key=lambda one: order_key(one.name)))) for name in names)


def known_before(member: MemberRow) -> str:
    """Say in which old district readers knew it: "before 1 July 2025: Huyện Tư Nghĩa"; empty when nobody knows."""
    names = ", ".join(district.name for district in member.districts)
    until = max((district.until for district in member.districts if district.until), default=None)
    if not names or until is None:
        return names
    return str(_("before %(day)s: %(names)s", day=day(until + timedelta(days=1)), names=names))


def map_address(contact: Contact) -> str:
    """Give the address of a map that shows where the library is; empty when nobody said."""
    if contact.latitude is None or contact.longitude is None:
        return ""
    place = {"mlat": f"{contact.latitude:.5f}", "mlon": f"{contact.longitude:.5f}"}
    return (
        f"https://www.openstreetmap.org/?{urlencode(place)}#map={_ZOOM}/{contact.latitude:.5f}/{contact.longitude:.5f}"
    )


def snippet(member: MemberRow, public_url: str, button: str) -> str:
    """Write the HTML that puts a search box of one library on any page: a form, and nothing that runs.

    What is typed travels in UTF-8, even from a page in an older code.
    """
    return (
        f'<form action="{public_url}/search" method="get" accept-charset="utf-8">\n'
        f'  <input type="hidden" name="f.member" value="{member.code}">\n'
        f'  <label>{_escaped(member.name)}: <input type="search" name="q"></label>\n'
        f"  <button>{_escaped(button)}</button>\n"
        "</form>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _groups(member: MemberRow, by: Grouping, labels: Labels) -> tuple[str, ...]:
    match by:
        case "kind":
            return (labels.of("kind", member.kind),)
        case "level":
            return (labels.level(member.level),)
        case "district":
            return tuple(district.name for district in member.districts) or ("",)
    return (member.area_name,)


def _counted(
    code: str, counts: Mapping[str, tuple[tuple[str, int], ...]], labels: Labels
) -> Iterable[tuple[str, tuple[Count, ...]]]:
    for facet in FACETS:
        values = counts.get(facet, ())
        made = tuple(
            Count(labels.of(facet, value), count, address(Asked(filters={"member": (code,), facet: (value,)})))
            for value, count in (sorted(values, reverse=True) if facet == "decade" else values)
            if count
        )
        if made:
            yield labels.heading(facet), made


def _new(hit: Hit) -> New:
    return New(hit.id, str(hit.bib.title) or _("[no title]"), natural(hit.bib.creator), imprint(hit.bib.publication))
