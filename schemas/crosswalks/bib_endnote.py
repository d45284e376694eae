"""From the record of the house to EndNote's tagged format (.enw, after refer), which EndNote opens by a double click.

In: a `Bib`, its number and permalink. Out: one reference as text. EndNote, "Tagged EndNote import format" (%0, %A ...).
"""

from collections.abc import Iterator

from schemas.bib import Bib
from schemas.crosswalks.cited import Cited, cited, one_line


def endnote(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one reference; a blank line ends it."""
    found = cited(bib, address)
    lines = [f"%0 {found.kind('endnote')}"]
    lines += [f"{tag} {text}" for tag, value in _tags(found, number) if (text := one_line(value))]
    return "\r\n".join([*lines, "", ""])


def _tags(found: Cited, number: str) -> Iterator[tuple[str, str]]:
    for tag, names in (("%A", found.authors), ("%E", found.editors), ("%?", found.translators)):
        for name in names:
            # What has no comma is cut at its last blank; one behind the whole keeps it whole.
            yield tag, name.inverted if name.family else f"{name.whole},"
    yield "%T", found.title
    yield "%B", found.series
    yield "%N", found.series_volume
    yield "%V", found.volume
    yield "%7", found.edition
    yield "%C", found.place
    yield "%I", found.publisher
    yield "%D", found.year
    yield "%P", found.pages
    for text in (*found.isbns, *found.issns):
        yield "%@", text
    yield "%R", found.doi
    yield "%G", found.language
    yield "%L", found.call_number
    for text in found.keywords:
        yield "%K", text
    yield "%X", found.abstract
    for text in found.notes:
        yield "%Z", text
    yield "%U", found.address
    yield "%M", number
