"""The books of the demonstration: `titles.tsv` read into values.

In: the TSV beside this file, whose head says what in it is real. Out: `Book`s in the order of the file.

Columns: id; held (letters of the libraries); author (as on the title page); corporate (a body as main entry); title,
remainder, number, part (245 $a $b $n $p); others ("name (role) ; name (role)"); edition; place, publisher, year; pages;
series; isbn; issn; ddc; subjects ("topic -- place ; topic"); language and original (codes of MARC 21); material (book,
serial, map, recording); note; later (withdrawn, changed, new).
"""

import csv
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

_OTHER: Final = re.compile(r"(?P<name>.+) \((?P<role>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Book:
    """One row: facts, not yet described in the manner of any library. Empty text means not stated."""

    id: str
    held: str
    author: str
    corporate: str
    title: str
    remainder: str
    number: str
    part: str
    others: tuple[tuple[str, str], ...]
    edition: str
    place: str
    publisher: str
    year: str
    pages: str
    series: str
    isbn: str
    issn: str
    ddc: str
    subjects: tuple[tuple[str, ...], ...]
    language: str
    original: str
    material: str
    note: str
    later: str

    @property
    def vietnamese(self) -> bool:
        """Whether the book itself is in Vietnamese."""
        return self.language == "vie"


def books() -> tuple[Book, ...]:
    """Read all rows."""
    text = files(__package__).joinpath("titles.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(_book(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _book(row: dict[str, str]) -> Book:
    others = tuple(_other(text) for text in row["others"].split(" ; ") if text)
    subjects = tuple(tuple(text.split(" -- ")) for text in row["subjects"].split(" ; ") if text)
    plain = {name: value for name, value in row.items() if name not in ("others", "subjects")}
    return Book(**plain, others=others, subjects=subjects)


def _other(text: str) -> tuple[str, str]:
    found = _OTHER.fullmatch(text)
    if found is None:
        raise ValueError(f"titles.tsv, column others: {text!r} is not written as: name (role)")
    return found["name"], found["role"]
