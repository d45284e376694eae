"""From the record of the house to EndNote's tagged format (.enw, after refer), which EndNote opens by a double click.

In: a `Bib`, its number and permalink. Out: one reference as text. EndNote, "Tagged EndNote import format" (%0, %A ...).
"""

from typing import Final

from schemas.bib import Bib
from schemas.crosswalks.cited import cited, one_line, tagged
from schemas.crosswalks.cited_names import Name

#: tag and what it holds, in the order in which they are written
_TAGS: Final = (
    ("%A", "authors"),
    ("%E", "editors"),
    ("%?", "translators"),
    ("%T", "title"),
    ("%J", "journal"),
    ("%B", "book"),
    ("%B", "series"),
    ("%N", "issue"),
    ("%N", "series_volume"),
    ("%V", "volume"),
    ("%7", "edition"),
    ("%C", "place"),
    ("%I", "publisher"),
    ("%D", "year"),
    ("%P", "pages"),
    ("%@", "isbns"),
    ("%@", "issns"),
    ("%R", "doi"),
    ("%G", "language"),
    ("%L", "call_number"),
    ("%K", "keywords"),
    ("%X", "abstract"),
    ("%Z", "notes"),
    ("%U", "address"),
)


def endnote(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one reference; a blank line ends it."""
    found = cited(bib, address)
    lines = [f"%0 {found.kind('endnote')}", *(f"{tag} {text}" for tag, text in tagged(found, _TAGS, _written))]
    lines += [f"%M {text}"] if (text := one_line(number)) else []
    return "\r\n".join([*lines, "", ""])


def _written(name: Name) -> str:
    # What has no comma is cut at its last blank; one behind the whole keeps it whole.
    return name.inverted if name.family else f"{name.whole},"
