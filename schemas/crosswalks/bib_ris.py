"""From the record of the house to RIS, which Zotero, EndNote, Mendeley and most others read.

In: a `Bib`, its number and permalink. Out: one reference as text, CRLF at the end of each line. RIS Format
Specifications (Research Information Systems, 2011 types), tags as Zotero and EndNote read them for books.
"""

from operator import attrgetter
from typing import Final

from schemas.bib import Bib
from schemas.crosswalks.cited import cited, one_line, tagged

#: tag and what it holds, in the order in which they are written
_TAGS: Final = (
    ("TI", "title"),
    ("AU", "authors"),
    ("ED", "editors"),
    ("A4", "translators"),
    ("T2", "host"),
    ("T2", "series"),
    ("M1", "series_volume"),
    ("VL", "volume"),
    ("IS", "issue"),
    ("ET", "edition"),
    ("CY", "place"),
    ("PB", "publisher"),
    ("PY", "year"),
    ("SP", "first_page"),
    ("EP", "last_page"),
    ("SN", "isbns"),
    ("SN", "issns"),
    ("DO", "doi"),
    ("LA", "language"),
    ("CN", "call_number"),
    ("KW", "keywords"),
    ("AB", "abstract"),
    ("N1", "notes"),
    ("UR", "address"),
)


def ris(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one reference, from TY to ER."""
    found = cited(bib, address)
    lines = [f"TY  - {found.kind('ris')}", *([f"ID  - {text}"] if (text := one_line(number)) else [])]
    lines += [f"{tag}  - {text}" for tag, text in tagged(found, _TAGS, attrgetter("inverted"))]
    return "\r\n".join([*lines, "ER  - ", ""])
