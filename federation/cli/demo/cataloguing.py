"""A book described by one demonstration library: facts of `titles.tsv` and the library's habits into a MARC record.

In: a `Book`, the `Habits`, the control number and the fields of holdings. Out: a `MarcRecord`, its fields in the order
of their tags. Standard: MARC 21 Format for Bibliographic Data; ISBD punctuation where the library keeps to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from federation.cli.demo.habits import Habits
from federation.cli.demo.titles import Book
from schemas.marc.record import Field, MarcRecord, data_field

_TYPES: Final = {"book": "nam", "serial": "nas", "map": "nem", "recording": "njm"}
_COUNTRIES: Final = {
    "New York": "nyu",
    "New Haven": "ctu",
    "Ann Arbor": "miu",
    "Berkeley": "cau",
    "Port Townsend": "wau",
    "London": "enk",
    "Oxford": "enk",
    "Cambridge": "enk",
    "Paris": "fr ",
}
_BODIES: Final = ("Viện ", "Trường Đại học ", "Sở ")
#: How the statement of responsibility introduces a role; without an entry it is the role itself.
_INTRODUCED: Final = {"tác giả": "", "dịch": "dịch: ", "minh họa": "minh họa: "}
_ENTERED: Final = "260105"
_CHANGED: Final = "20260105020000.0"
_EXTENTS: Final = {"map": "1 bản đồ", "recording": "1 đĩa"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One book in one library: its control number there, its copies as fields, whether its ISBN is that of a set."""

    book: Book
    number: str
    holdings: tuple[Field, ...]
    of_set: bool = False


def describe(entry: Entry, habits: Habits) -> MarcRecord:
    """Make the record."""
    book = entry.book
    fields = [
        Field("001", entry.number),
        Field("003", habits.agency),
        Field("005", _CHANGED),
        Field("008", _coded(book)),
        *_numbers(entry, habits),
        *_main_entry(book, habits),
        _title(book, habits),
        *_edition_and_imprint(book, habits),
        *_notes(book, habits),
        *_subjects(book, habits),
        *_added_entries(book, habits),
        *entry.holdings,
    ]
    rules = "i" if habits.imprint == "264" else "a" if habits.isbd else " "
    leader = f"00000{_TYPES[book.material]} a2200000 {rules} 4500"
    return MarcRecord(leader, tuple(field for field in fields if field.value or field.subfields))


def _coded(book: Book) -> str:
    """Give 008: dates, country and language are coded, the rest is '|' (no attempt to code)."""
    serial = book.material == "serial"
    kind = "c" if serial else "s" if book.year else "n"
    dates = (book.year or "uuuu") + ("9999" if serial else "    " if book.year else "uuuu")
    country = _COUNTRIES.get(book.place, "vm ")
    return f"{_ENTERED}{kind}{dates}{country}{'|' * 17}{book.language} d"


def _numbers(entry: Entry, habits: Habits) -> list[Field]:
    book = entry.book
    isbn = habits.isbn.format(book.isbn) if book.isbn else ""
    return [
        data_field("020", "  ", ("a", isbn), ("q", "bộ" if isbn and entry.of_set else "")),
        data_field("022", "  ", ("a", book.issn)),
        data_field("040", "  ", ("a", habits.agency), ("b", "vie")),
        data_field("041", "1 ", ("a", book.language if book.original else ""), ("h", book.original)),
        data_field("082", "04", ("2", "23"), ("a", book.ddc)),
    ]


def _main_entry(book: Book, habits: Habits) -> list[Field]:
    if book.author:
        return [_person("100", book.author, "tác giả" if habits.inverted else "", habits)]
    return [data_field("110", "2 ", ("a", habits.spelled(book.corporate)))]


def _person(tag: str, name: str, role: str, habits: Habits) -> Field:
    written = habits.name(name)
    indicators = "1 " if "," in written else "0 "
    return data_field(tag, indicators, ("a", written + ("," if role and habits.isbd else "")), ("e", role))


def _title(book: Book, habits: Habits) -> Field:
    parts = [
        ("", "a", habits.spelled(book.title)),
        (".", "n", habits.volume(book.number)),
        ("," if book.number else ".", "p", habits.spelled(book.part)),
        (" :", "b", habits.spelled(book.remainder)),
        (" /", "c", habits.spelled(_responsibility(book))),
    ]
    return data_field("245", "10" if book.author or book.corporate else "00", *_punctuated(parts, habits))


def _punctuated(parts: Sequence[tuple[str, str, str]], habits: Habits) -> list[tuple[str, str]]:
    """Put the mark that announces a part at the end of the part before it, where the library keeps to ISBD."""
    stated = [part for part in parts if part[2]]
    following = [mark if habits.isbd else "" for mark, _, _ in stated[1:]] + [""]
    return [(code, text + mark) for (_, code, text), mark in zip(stated, following, strict=False)]


def _responsibility(book: Book) -> str:
    authors = [name for name in (book.author,) if name]
    statements = []
    for role, group in groupby(book.others, key=lambda other: other[1]):
        names = [name for name, _ in group]
        if _INTRODUCED.get(role) == "":
            authors += names
        else:
            statements.append(_INTRODUCED.get(role, f"{role}: ") + ", ".join(names))
    return " ; ".join(([", ".join(authors)] if authors else []) + statements)


def _edition_and_imprint(book: Book, habits: Habits) -> list[Field]:
    publisher = habits.publisher.format(book.publisher) if book.publisher and book.vietnamese else book.publisher
    imprint = [
        ("", "a", habits.place(book.place)),
        (" :", "b", habits.spelled(publisher)),
        (",", "c", book.year),
    ]
    extent = habits.pages.format(book.pages) if book.pages else _EXTENTS.get(book.material, "")
    indicators = " 1" if habits.imprint == "264" else "  "
    return [
        data_field("250", "  ", ("a", habits.spelled(book.edition))),
        data_field(habits.imprint, indicators, *_punctuated(imprint, habits)),
        data_field("300", "  ", ("a", extent)),
        data_field("490", "0 ", ("a", habits.spelled(book.series))),
    ]


def _notes(book: Book, habits: Habits) -> list[Field]:
    return [data_field("500", "  ", ("a", habits.spelled(book.note)))]


def _subjects(book: Book, habits: Habits) -> list[Field]:
    if habits.subject == "653":
        return [data_field("653", "  ", ("a", habits.spelled(part))) for parts in book.subjects for part in parts]
    return [data_field("650", " 4", ("a", parts[0]), *(("z", place) for place in parts[1:])) for parts in book.subjects]


def _added_entries(book: Book, habits: Habits) -> list[Field]:
    made = []
    for name, role in book.others:
        if name.startswith(_BODIES):
            made.append(data_field("710", "2 ", ("a", habits.spelled(name)), ("e", role)))
        else:
            made.append(_person("700", name, role, habits))
    return made
