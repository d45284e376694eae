"""From the record of the house to RIS, which Zotero, EndNote, Mendeley and most others read.

In: a `Bib`, its number and permalink. Out: one reference as text, CRLF at the end of each line. RIS Format
Specifications (Research Information Systems, 2011 types), tags as Zotero and EndNote read them for books.
"""

from collections.abc import Iterator

from schemas.bib import Bib
from schemas.crosswalks.cited import Cited, cited, one_line


def ris(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one reference, from TY to ER."""
    found = cited(bib, address)
    lines = [f"TY  - {found.kind('ris')}"]
    lines += [f"{tag}  - {text}" for tag, value in _tags(found, number) if (text := one_line(value))]
    return "\r\n".join([*lines, "ER  - ", ""])


def _tags(found: Cited, number: str) -> Iterator[tuple[str, str]]:
    yield "ID", number
    yield "TI", found.title
    for tag, names in (("AU", found.authors), ("ED", found.editors), ("A4", found.translators)):
        for name in names:
            yield tag, name.inverted
    yield "T2", found.series
    yield "M1", found.series_volume
    yield "VL", found.volume
    yield "ET", found.edition
    yield "CY", found.place
    yield "PB", found.publisher
    yield "PY", found.year
    yield "SP", found.pages
    for text in (*found.isbns, *found.issns):
        yield "SN", text
    yield "DO", found.doi
    yield "LA", found.language
    yield "CN", found.call_number
    for text in found.keywords:
        yield "KW", text
    yield "AB", found.abstract
    for text in found.notes:
        yield "N1", text
    yield "UR", found.address
