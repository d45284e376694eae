"""What a reader can search of a union record: its texts, codes and sort keys. Pure.

In: the merged `Bib`, the number and content hash of the union record, and where it is held. Out: a `Document` for any
engine. Every text stands in one field only: `any` holds what has none of its own, and who asks `any` asks all of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeVar

import msgspec

from federation.index import school
from federation.index.engine import Document
from schemas.bib import Bib
from schemas.query.access_points import AccessPoint, by_name
from schemas.vietnamese.names import given_first, natural
from schemas.vietnamese.order import order_key

T = TypeVar("T", str, bytes)

#: fields searched by words
TEXTS: Final = ("any", "title", "creator", "subject", "publisher", "place", "series", "note")
#: fields searched by exact value
CODES: Final = (
    "isbn",
    "issn",
    "class",
    "language",
    "material",
    "member",
    "kind",
    "area",
    "district",
    "group",
    "creator",
    "subject",
    "level",
    "collection",
    "ddc",
    "grade",
    "programme",
)
#: facets that are trees over several code fields, from the root on; their values are written `field:value`
TREES: Final[Mapping[str, tuple[str, ...]]] = {"place": ("area", "level", "member")}
#: codes with so many values that facets count them by number
COUNTED: Final = ("creator", "subject")
#: access points whose headings the index keeps in dictionary order
HEADINGS: Final = ("title", "creator", "subject", "publisher", "series", "given")
#: people in the order of their given names: the headings of creators once more, to be browsed and not to be searched
GIVEN: Final = "given"
#: those whose headings come again and again
_OFTEN_SAID: Final = HEADINGS[1:]
#: codes of which there are too many to put them all in order when they are asked for
MANY: Final = ("class", "isbn", "issn")
_DEWEY_DIGITS: Final = 3
_NUMBER_BYTES: Final = 6
#: sort keys are cut here; what is equal so far is in order of id
SORT_BYTES: Final = 200


class Placement(msgspec.Struct, frozen=True):
    """Where a union record is held: codes of members, their kinds and areas; the group of editions it stands in.

    `levels` are written `AREA/LEVEL`: the level of a library is a branch of its area. `districts` are those of old, of
    the level that ended on 30 June 2025. They are a field of their own, for counts by member cannot be added up: two
    libraries of one district may hold the same title.
    """

    members: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    group_id: int | None = None
    districts: tuple[str, ...] = ()


def version(content_hash: bytes) -> int:
    """Give the number that stands in the index for the content of a union record."""
    return int.from_bytes(content_hash[:8], "big")


def document(union_id: int, content_hash: bytes, bib: Bib, placement: Placement) -> Document:
    """Make the document of one union record."""
    title = order_key(str(bib.title))[:SORT_BYTES]
    codes = _fields(_codes(bib, placement))
    written = {point: codes.get(point, ()) if point in CODES else headings(bib, point) for point in _OFTEN_SAID}
    found = {point: _keys(point, values) for point, values in written.items()}
    return Document(
        id=union_id,
        version=version(content_hash),
        texts=_fields(_texts(bib)),
        codes=codes,
        year=bib.publication.year,
        sort_title=title,
        sort_creator=heading_key(name(bib.creator)),
        headings={**({"title": (title,)} if title else {}), **{point: keys for point, keys in found.items() if keys}},
    )


@lru_cache(maxsize=16_384)
def heading_key(heading: str) -> bytes:
    """Give what puts a heading in its place in the dictionary."""
    return order_key(heading)[:SORT_BYTES]


def facet_number(heading: str) -> int:
    """Give the number that a heading is counted by: the same for all ways to write it."""
    return number_of_key(heading_key(heading))


@lru_cache(maxsize=16_384)
def number_of_key(key: bytes) -> int:
    """Give the number of a heading by its key: small enough to be told exactly by tantivy, which counts in doubles."""
    return int.from_bytes(blake2b(key, digest_size=_NUMBER_BYTES).digest(), "big")


def list_key(heading: str, access_point: str) -> bytes:
    """Give what puts a heading in its place in the list of an access point."""
    return heading_key(given_first(heading) if access_point == GIVEN else heading)


def listed(access_point: str) -> AccessPoint | None:
    """Find an access point by its name, with the list of given names as one."""
    creator = by_name("creator")
    if access_point == GIVEN and creator:
        return replace(creator, name=GIVEN, field=GIVEN)
    return by_name(access_point)


def _keys(access_point: str, found: Iterable[str]) -> tuple[bytes, ...]:
    keys = [list_key(heading, access_point) for heading in found]
    return _distinct(keys) if len(keys) > 1 or (keys and not keys[0]) else tuple(keys)


def headings(bib: Bib, access_point: str) -> Iterable[str]:
    """Give the headings that a record brings to an access point, as they are written."""
    return _WRITTEN[access_point](bib) if access_point in _WRITTEN else ()


def name(heading: str) -> str:
    """Give the form of a name that facets count: Vietnamese names without the comma after the family name."""
    return natural(heading)


_WRITTEN: Final[Mapping[str, Callable[[Bib], Iterable[str]]]] = {
    "title": lambda bib: (str(bib.title),),
    "creator": lambda bib: [name(agent.name) for agent in bib.agents],
    "given": lambda bib: [name(agent.name) for agent in bib.agents if agent.kind == "person"],
    "subject": lambda bib: [subject.heading for subject in bib.subjects],
    "publisher": lambda bib: (bib.publication.publisher,),
    "series": lambda bib: [series.title for series in bib.series],
    "class": lambda bib: [classification.number for classification in bib.classes],
    "isbn": lambda bib: [number.value for number in bib.identifiers if number.scheme == "isbn"],
    "issn": lambda bib: [number.value for number in bib.identifiers if number.scheme == "issn"],
}


def divisions(bib: Bib) -> tuple[str, ...]:
    """Give the main class and the division of each Dewey number of a record: 895.922 is 8 and 89."""
    numbers = [each.number[:_DEWEY_DIGITS] for each in bib.classes if each.scheme == "ddc"]
    whole = [number for number in numbers if len(number) == _DEWEY_DIGITS and number.isdecimal()]
    return tuple([part for number in whole for part in (number[0], number[:2])])


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    # A value said twice is one value: it must neither count twice in a facet nor weigh twice in the order.
    return tuple(filter(None, dict.fromkeys(values)))


def _fields(values: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {field: kept for field, found in values.items() if found and (kept := _distinct(found))}


def _texts(bib: Bib) -> dict[str, Iterable[str]]:
    publication = bib.publication
    return {
        "title": _titles(bib),
        "creator": [*[agent.name for agent in bib.agents], bib.title.responsibility],
        "subject": [subject.heading for subject in bib.subjects],
        "publisher": (publication.publisher,),
        "place": (publication.place,),
        "series": [f"{series.title} {series.volume}".strip() for series in bib.series],
        "note": (bib.summary, bib.contents, *bib.notes),
        "any": _rest(bib),
    }


def _titles(bib: Bib) -> list[str]:
    found = []
    for title in (bib.title, *bib.other_titles):
        proper = " ".join([text for text in (title.main, title.number, title.part) if text])
        # A reader who asks for the whole title seldom types the subtitle, or the number of a volume.
        found += [f"{proper} {title.remainder}", proper] if title.remainder else [proper]
        if len(proper) > len(title.main) > 0:
            found.append(title.main)
    return found


def _rest(bib: Bib) -> list[str]:
    publication = bib.publication
    return [
        bib.edition.statement,
        publication.date or (str(publication.year) if publication.year else ""),
        *[identifier.value for identifier in bib.identifiers],
        *[classification.number for classification in bib.classes],
        *[series.issn for series in bib.series],
        *[holding.call_number for holding in bib.holdings],
    ]


def _codes(bib: Bib, placement: Placement) -> dict[str, Iterable[str]]:
    schoolbook = school.read(bib)
    return {
        # Wrong numbers are found by what is printed in the book.
        **{point: _WRITTEN[point](bib) for point in (*MANY, "creator", "subject")},
        "language": bib.languages,
        "material": (bib.material,),
        "member": placement.members,
        "kind": placement.kinds,
        "area": placement.areas,
        "district": placement.districts,
        "level": placement.levels,
        "collection": placement.collections,
        "ddc": divisions(bib),
        "grade": schoolbook.grade,
        "programme": schoolbook.programme,
        "group": () if placement.group_id is None else (str(placement.group_id),),
    }
