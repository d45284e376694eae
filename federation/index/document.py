"""What a reader can search of a union record: its texts, codes and sort keys. Pure.

In: the merged `Bib`, the number and content hash of the union record, and where it is held. Out: a `Document` for any
engine. Every text stands in one field only: `any` holds what has none of its own, and who asks `any` asks all of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from federation.index.engine import Document
from schemas.bib import Bib, Title
from schemas.vietnamese.fold import toned
from schemas.vietnamese.order import order_key

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
    "group",
    "creator",
    "subject",
)
#: sort keys are cut here; what is equal so far is in order of id
SORT_BYTES: Final = 200

#: the family names that nearly all Vietnamese bear, toned: "Nguyễn, Nhật Ánh" is the same name without the comma
_FAMILIES: Final = frozenset(
    re.findall(
        r"\w+",
        """
        an âu bạch bùi cao cung châu chu dương đàm đặng đào đậu đinh đoàn đỗ đồng đổng giang giáp hà hồ hoàng hứa huỳnh
        khổng khúc kiều la lã lại lâm lê lò lục lương lưu lý lí mạc mai nghiêm ngô ngụy nguyễn nhữ ninh nông ông phạm
        phan phó phùng phương quách quản tạ tăng thạch thái thân thi tiêu tô tôn tống trà trần triệu trịnh trương từ ưng
        văn vi võ vũ vương nguyen tran pham huynh truong
        """,
    )
)
_COMMA: Final = re.compile(r"\s*,\s*")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a union record is held: codes of members, their kinds and areas; the group of editions it stands in."""

    members: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    group_id: int | None = None


def version(content_hash: bytes) -> int:
    """Give the number that stands in the index for the content of a union record."""
    return int.from_bytes(content_hash[:8], "big")


def document(union_id: int, content_hash: bytes, bib: Bib, placement: Placement) -> Document:
    """Make the document of one union record."""
    return Document(
        id=union_id,
        version=version(content_hash),
        texts=_filled(_texts(bib)),
        codes=_filled(_codes(bib, placement)),
        year=bib.publication.year,
        sort_title=order_key(str(bib.title))[:SORT_BYTES],
        sort_creator=order_key(name(bib.creator))[:SORT_BYTES],
    )


def name(heading: str) -> str:
    """Give the form of a name that facets count: Vietnamese names without the comma after the family name."""
    family, comma, rest = heading.partition(",")
    if not comma or toned(family.strip()) not in _FAMILIES:
        return heading
    return _COMMA.sub(" ", f"{family.strip()} {rest.strip()}")


def _filled(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    # A value said twice is one value: it must neither count twice in a facet nor weigh twice in the order.
    unique = ((field, tuple(dict.fromkeys(value for value in values if value))) for field, values in pairs)
    return {field: values for field, values in unique if values}


def _texts(bib: Bib) -> Iterator[tuple[str, Iterable[str]]]:
    publication = bib.publication
    yield "title", _titles((bib.title, *bib.other_titles))
    yield "creator", (*(agent.name for agent in bib.agents), bib.title.responsibility)
    yield "subject", (subject.heading for subject in bib.subjects)
    yield "publisher", (publication.publisher,)
    yield "place", (publication.place,)
    yield "series", (f"{series.title} {series.volume}".strip() for series in bib.series)
    yield "note", (bib.summary, bib.contents, *bib.notes)
    yield "any", _rest(bib)


def _titles(titles: Iterable[Title]) -> Iterator[str]:
    for title in titles:
        yield " ".join(text for text in (title.main, title.number, title.part, title.remainder) if text)
        # A reader who asks for the whole title seldom types the subtitle.
        if title.remainder:
            yield " ".join(text for text in (title.main, title.number, title.part) if text)


def _rest(bib: Bib) -> Iterator[str]:
    yield bib.edition.statement
    yield bib.publication.date or (str(bib.publication.year) if bib.publication.year else "")
    yield from (identifier.value for identifier in bib.identifiers)
    yield from (classification.number for classification in bib.classes)
    yield from (series.issn for series in bib.series)
    yield from (holding.call_number for holding in bib.holdings)


def _codes(bib: Bib, placement: Placement) -> Iterator[tuple[str, Iterable[str]]]:
    for scheme in ("isbn", "issn"):
        # Wrong numbers are found by what is printed in the book.
        yield scheme, (identifier.value for identifier in bib.identifiers if identifier.scheme == scheme)
    yield "class", (classification.number for classification in bib.classes)
    yield "language", bib.languages
    yield "material", (bib.material,)
    yield "member", placement.members
    yield "kind", placement.kinds
    yield "area", placement.areas
    yield "group", () if placement.group_id is None else (str(placement.group_id),)
    yield "creator", (name(agent.name) for agent in bib.agents)
    yield "subject", (subject.heading for subject in bib.subjects)
