"""From the record of the house to BibTeX, for those who write with LaTeX.

In: a `Bib`, its number and permalink. Out: one entry as text, in UTF-8 letters (biber, and BibTeX with inputenc). Names
that are whole stand in braces: BibTeX would take the last word of a Vietnamese name for the family's.
"""

import re
from collections.abc import Iterator
from typing import Final

from schemas.bib import Bib
from schemas.crosswalks.cited import Cited, cited, one_line
from schemas.crosswalks.cited_names import Name
from schemas.maps.tables import plain

#: characters that are commands to TeX
_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}
#: an address may hold anything but what ends the value
_BRACES: Final = re.compile(r"[{}\\\s]")


def bibtex(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one entry; its key is author, year and number, so that no two of a catalogue are alike."""
    found = cited(bib, address)
    lines = [f"@{found.kind('bibtex')}{{{_key(found, number)},"]
    lines += [f"  {field} = {{{value}}}," for field, value in _fields(found) if value]
    return "\n".join([*lines, "}", ""])


def _fields(found: Cited) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{escaped(found.title)}}}" if found.title else ""
    yield "author", _names(found.authors)
    yield "editor", _names(found.editors)
    yield "translator", _names(found.translators)
    yield "journal", escaped(found.journal)
    yield "booktitle", escaped(found.book)
    yield "school" if found.kind("bibtex") == "phdthesis" else "publisher", escaped(found.publisher)
    yield "address", escaped(found.place)
    yield "year", escaped(found.year)
    yield "edition", escaped(found.edition)
    yield "volume", escaped(found.volume)
    yield "series", escaped(found.series)
    yield "number", escaped(found.issue or found.series_volume)
    yield "pages" if found.host else "pagetotal", found.pages.replace("-", "--")
    yield "isbn", ", ".join(found.isbns)
    yield "issn", ", ".join(found.issns)
    yield "doi", _BRACES.sub("", found.doi)
    yield "language", found.language
    yield "keywords", escaped(", ".join(found.keywords))
    yield "abstract", escaped(found.abstract)
    yield "url", _BRACES.sub("", found.address)


def escaped(text: str) -> str:
    """Write a text so that TeX shows it as it is."""
    return "".join(_SPECIAL.get(letter, letter) for letter in one_line(text))


def _names(names: tuple[Name, ...]) -> str:
    return " and ".join(map(_name, names))


def _name(name: Name) -> str:
    if name.whole:
        return f"{{{escaped(name.whole)}}}"
    return escaped(", ".join(text for text in (name.family, name.suffix, name.given) if text))


def _key(found: Cited, number: str) -> str:
    first = next((name.family or name.whole for name in (*found.authors, *found.editors)), found.title)
    letters = "".join(letter for letter in plain(first) if letter.isascii() and letter.isalnum())
    year = "".join(letter for letter in found.year if letter.isdecimal() and letter.isascii())
    return "-".join(text for text in (f"{letters[:24] or 'x'}{year}", number) if text)
