"""How many copies a record states, and what of a copy may be told.

In: texts of holdings and item fields, and what each tells. Out: numbers of pieces; call numbers without the number of
the copy; notes without what they say of loans; `Shelves`, which count together what stands at one place. Registration
numbers come as ranges and lists (VN.1234-1240; VN.2000). Library Law 46/2019/QH14: who borrows what is nobody else's
affair, so a note that tells of a loan is dropped whole.
"""

import dataclasses
import re
from typing import Final

from schemas.bib import Holding
from schemas.marc.record import Field, MarcRecord

HOLDINGS: Final = "852"
#: items of an 852, with their own numbers (877 and 878 are supplements and indexes, not copies)
LINKED: Final = "876"
_NAMES_OF_PIECES: Final = frozenset("pt")

#: A register entry that stands for several copies: a prefix with a letter, first and last number ("VN.1234-1240").
_RANGE: Final = re.compile(
    r"(?<!\S)(?P<prefix>\S*[^\W\d_]\S*?)(?P<first>[0-9]{3,})\s*[-–]\s*(?:(?P=prefix))?(?P<last>[0-9]+)\Z"
)
_MOST_COPIES_OF_A_RANGE: Final = 200
_LONGEST_RANGE: Final = 64
#: the number of one copy behind a call number that all copies share: c.2, copy 2, bản 2
_COPY_NUMBER: Final = re.compile(r"[\s,;]+(?:c\.|cop\.|copy|bản)\s*[0-9]{1,3}\Z", re.IGNORECASE)
_LOAN: Final = re.compile(
    r"(?:người|đang|đã|đang cho|đã cho|bạn đọc)\s+mượn|mượn\s+bởi|hạn\s+trả|ngày\s+(?:hẹn\s+)?trả"
    r"|thẻ\s+(?:bạn\s+đọc|số|tv)|số\s+thẻ|quá\s+hạn"
    r"|on\s*loan|checked[ -]?out|date\s+due|due\s+(?:date|back)|overdue|borrowed\s+by|borrower|patron",
    re.IGNORECASE,
)


def pieces(text: str) -> int:
    """Count the pieces that a barcode or register entry names: 1, or a range or list of them."""
    return sum(_range(one.strip()) for one in re.split("[,;]", text) if one.strip())


def _range(text: str) -> int:
    match = _RANGE.search(text) if len(text) <= _LONGEST_RANGE else None
    if match is None:
        return 1
    first, last = match["first"], match["last"]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    copies = int(last) - int(first) + 1
    return copies if 1 < copies <= _MOST_COPIES_OF_A_RANGE else 1


def shared(call_number: str) -> str:
    """Give a call number without the number of the copy at its end."""
    return _COPY_NUMBER.sub("", call_number)


def public(note: str) -> str:
    """Give a note, or nothing when it tells of a loan."""
    return "" if _LOAN.search(note) else note


class Shelves:
    """The places a record names, each with its copies by tag and its notes, in the order of their first piece."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], _Shelf] = {}
        self._linked: dict[str, _Shelf] = {}
        self._seen: set[Field] = set()

    def put(self, field: Field, found: Holding) -> None:
        """Add what one field tells; a field that is there twice is one, where its pieces have names."""
        named = any(part.code in _NAMES_OF_PIECES for part in field.subfields)
        if named and field in self._seen:
            return
        self._seen.add(field)
        place = (_plain(found.location), _plain(found.call_number))
        shelf = self._places.setdefault(place, _Shelf(found.location, found.call_number))
        shelf.copies[field.tag] = shelf.copies.get(field.tag, 0) + found.copies
        if found.note:
            shelf.notes[found.note] = None
        if field.tag == HOLDINGS:
            self._linked[_link(field)] = shelf

    def count_linked(self, record: MarcRecord) -> None:
        """Count the items that are linked with an 852 by $8, or belong to the only one there is."""
        for item in record.of(LINKED):
            only = next(iter(self._linked.values())) if len(self._linked) == 1 else None
            if shelf := self._linked.get(_link(item), only):
                named = sum(map(pieces, item.all("p")))
                shelf.copies[LINKED] = shelf.copies.get(LINKED, 0) + (named or 1)

    def holdings(self, most: int) -> tuple[Holding, ...]:
        """Give one holding for each place and call number, of `most` copies at most."""
        by_location: dict[str, list[_Shelf]] = {}
        for (location, _), shelf in self._places.items():
            by_location.setdefault(location, []).append(shelf)
        joined = [shelf for shelves in by_location.values() for shelf in _joined(shelves)]
        order = [id(shelf) for shelf in self._places.values()]
        return tuple(shelf.holding(most) for shelf in sorted(joined, key=lambda shelf: order.index(id(shelf))))


@dataclasses.dataclass(slots=True)
class _Shelf:
    location: str
    call_number: str
    copies: dict[str, int] = dataclasses.field(default_factory=dict)
    notes: dict[str, None] = dataclasses.field(default_factory=dict)

    def holding(self, most: int) -> Holding:
        return Holding(self.location, self.call_number, min(max(self.copies.values()), most), " ; ".join(self.notes))


def _joined(shelves: list[_Shelf]) -> list[_Shelf]:
    """Count the copies without call number at a place with those that have the only one there is."""
    bare = [shelf for shelf in shelves if not shelf.call_number]
    if not bare or len(shelves) != 2:
        return shelves
    named = next(shelf for shelf in shelves if shelf.call_number)
    for tag, number in bare[0].copies.items():
        named.copies[tag] = named.copies.get(tag, 0) + number
    named.notes.update(bare[0].notes)
    return [named]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _link(field: Field) -> str:
    return field.get("8").partition(".")[0].partition("\\")[0].strip()
