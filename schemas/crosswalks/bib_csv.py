"""From the record of the house to a line of a table, for those who count and sort with a spreadsheet.

In: a `Bib`, its number and permalink, who holds it. Out: a line of CSV (RFC 4180), its columns in `COLUMNS`. A cell
that a spreadsheet would take for a formula begins with an apostrophe, which it does not show.
"""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

from schemas.bib import Bib
from schemas.crosswalks.cited import cited, one_line

COLUMNS: Final = (
    *("id", "title", "authors", "contributors", "edition", "place", "publisher", "year", "extent", "series"),
    *("isbn", "issn", "language", "material", "subjects", "ddc", "libraries", "call_numbers", "address"),
)
#: without it spreadsheets take UTF-8 for the old code page of the machine
MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@")


def head() -> str:
    """Give the line of column names."""
    return _line(COLUMNS)


def line(bib: Bib, number: str = "", address: str = "", held: Iterable[tuple[str, str]] = ()) -> str:
    """Write one record; `held` are pairs of a library's name and a call number."""
    found, places = cited(bib, address), tuple(held)
    others = (*found.editors, *found.translators, *found.illustrators)
    cells = (
        number,
        found.title,
        _several(name.spoken for name in found.authors),
        _several(name.spoken for name in others),
        found.edition,
        found.place,
        found.publisher,
        found.year,
        bib.extent,
        _several(" ; ".join(text for text in (one.title, one.volume) if text) for one in bib.series),
        _several(found.isbns),
        _several(found.issns),
        _several(bib.languages),
        bib.material,
        _several(found.keywords),
        found.call_number,
        _several(library for library, _ in places),
        _several(call_number for _, call_number in places),
        address,
    )
    return _line(tuple(map(_safe, cells)))


def _several(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _safe(text: str) -> str:
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def _line(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()
