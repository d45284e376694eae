"""What an article or a chapter stands in, as a citation says it: the journal or book, volume, issue and pages.

In: a `Bib` and its host (773 of MARC 21: $t, $g as libraries write it, $x, $z). Out: a `Within`; empty for what is a
publication by itself, also where 773 names the collection it was bought in.
"""

import re
from typing import Final

import msgspec

from schemas.bib import Bib

_VOLUME: Final = re.compile(r"\b(?:volume|vol|tập|quyển|năm thứ|bd|v|t|q)\b\.?\s*(\d+)", re.IGNORECASE)
_ISSUE: Final = re.compile(r"\b(?:số|issue|iss|no|nr|n°|heft)\b\.?\s*(\d+(?:\s*[-–/]\s*\d{1,3}\b)?)", re.IGNORECASE)
_PAGES: Final = re.compile(r"\b(?:trang|tr|pages?|pp?|s)\b\.?\s*(\d+)(?:\s*[-–]\s*(\d+))?", re.IGNORECASE)
_YEAR: Final = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NUMBER: Final = re.compile(r"\((ISSN|ISBN)\)\s*(\S+)")


class Within(msgspec.Struct, frozen=True):
    """Where something stands; empty where nobody said. `pages` are "20-25", `book`: it is a book, not a journal."""

    title: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    year: str = ""
    issn: str = ""
    isbn: str = ""
    book: bool = False


def within(bib: Bib) -> Within:
    """Tell what a publication is a part of."""
    host = bib.host
    if bib.level not in ("a", "b") or not host.title:
        return Within()
    numbers = {found[1]: found[2] for said in host.numbers if (found := _NUMBER.match(said))}
    pages, year = _PAGES.search(host.part), _YEAR.search(host.part)
    issue, issn = _first(_ISSUE, host.part), numbers.get("ISSN", "")
    return Within(
        title=host.title,
        volume=_first(_VOLUME, host.part),
        issue=issue,
        pages="-".join(filter(None, pages.groups())) if pages else "",
        year=year[0] if year else "",
        issn=issn,
        isbn=numbers.get("ISBN", ""),
        # Many libraries call every part of something "a": an issue or an ISSN tells a journal.
        book=bib.level == "a" and not issue and not issn,
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
