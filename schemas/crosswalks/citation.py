"""A publication cited in words, in the styles that are asked for in Vietnam.

In: a `Cited`. Out: a `Citation` per style, in three pieces: what is printed in italics (the title, or the journal or
book that it stands in), what stands before it and what follows. APA (7th edition), MLA (9th), Chicago (17th,
author-date), ISO 690:2021, and the usage of Vietnamese theses (author, year, title, publisher, place). Names of
Vietnamese people are never cut nor shortened; what the record does not say is left out.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from schemas.crosswalks.cited import Cited, is_vietnamese
from schemas.crosswalks.cited_names import Name

#: APA names so many authors before it leaves some out, Chicago so many, and then only the first few
_MOST_NAMED: Final = 20
_CHICAGO_NAMED: Final = (10, 7)
_MLA_NAMED: Final = 2
#: a letter to shorten a name to; the marks that romanisations begin with are letters to Unicode, and none here
_LETTER: Final = re.compile(r"[^\W\d_\u02b0-\u02ff]")
_ENDINGS: Final = (".", "!", "?", "…")
_NO_DATE: Final = "n.d."
_NO_YEAR: Final = "k.n."


class Citation(msgspec.Struct, frozen=True):
    """One citation: what stands before what is in italics (`title`), that, and what follows it."""

    style: str
    before: str
    title: str
    after: str

    def __str__(self) -> str:
        return self.before + self.title + self.after


def citations(found: Cited) -> tuple[Citation, ...]:
    """Cite a publication in every style."""
    return tuple(write(found) for write in _STYLES)


def _apa(found: Cited) -> Citation:
    names, year = _apa_names(found), f"({found.year or _NO_DATE})."
    if found.host:
        opening = f"{_ended(names)} {year} " if names else ""
        told = f"{opening}{_ended(found.title)} {'' if names else f'{year} '}"
        return Citation("APA", *_apa_place(found, told))
    edition = f" ({found.edition})." if found.edition else _end_of(found.title)
    tail = _sentences(found.publisher, _doi(found))
    if not names:
        return Citation("APA", "", found.title, _joined(edition, year, tail))
    return Citation("APA", f"{_ended(names)} {year} ", found.title, _joined(edition, tail))


def _apa_place(found: Cited, told: str) -> tuple[str, str, str]:
    if found.book:
        pages = f" ({_pages(found)})" if found.pages else ""
        return f"{told}In ", found.book, _joined(f"{pages}.", _sentences(found.publisher, _doi(found)))
    number = f"{found.volume}({found.issue})" if found.issue else found.volume
    where = "".join(f", {text}" for text in (number, _span(found)) if text)
    return told, found.host, _joined(f"{where}.", _doi(found))


def _mla(found: Cited) -> Citation:
    names = _mla_names(found)
    before = f"{_ended(names)} " if names else ""
    edition = found.edition[:1].lower() + found.edition[1:] if found.edition[:1].isdigit() else found.edition
    if not found.host:
        tail = ", ".join(text for text in (edition, found.publisher, found.year) if text)
        return Citation("MLA", before, found.title, _joined(_end_of(found.title), _sentences(tail, _doi(found))))
    volume, issue = _numbered("vol.", found.volume), _numbered("no.", found.issue)
    pages = _pages(found)
    pieces = (volume, issue, "" if found.journal else found.publisher, found.year, pages)
    tail = "".join(f", {text}" for text in pieces if text)
    return Citation("MLA", f"{before}{_quoted(found.title)} ", found.host, _joined(f"{tail}.", _doi(found)))


def _chicago(found: Cited) -> Citation:
    names = _chicago_names(found)
    role = _role(found, ", ed", ", eds")
    year = _ended(found.year or _NO_DATE)
    imprint = _pair(found.place, found.publisher, ": ")
    if found.host:
        before = f"{_ended(names + role)} {year} {_quoted(found.title)} " if names else f"{_quoted(found.title)} "
        return Citation("Chicago", *_chicago_place(found, before, "" if names else f" {year}"))
    tail = _sentences(found.edition, imprint, _doi(found))
    if not names:
        return Citation("Chicago", "", found.title, _joined(_end_of(found.title), year, tail))
    before = f"{_ended(names + role)} {year} "
    return Citation("Chicago", before, found.title, _joined(_end_of(found.title), tail))


def _chicago_place(found: Cited, before: str, year: str) -> tuple[str, str, str]:
    pages = _span(found)
    if found.book:
        tail = _sentences(_pair(found.place, found.publisher, ": "), _doi(found))
        return f"{before}In ", found.book, _joined(f"{f', {pages}' if pages else ''}.{year}", tail)
    number = f" {found.volume}" if found.volume else ""
    number += f" ({found.issue})" if found.issue else ""
    pages = f": {pages}" if number and pages else f", {pages}" if pages else ""
    return before, found.host, _joined(f"{number}{pages}.{year}", _doi(found))


def _iso690(found: Cited) -> Citation:
    names = _listed(_responsible(found), lambda name, _: _capitals(name), _and(found))
    role = _role(found, " (ed.)", " (eds.)")
    before = f"{_ended(names + role)} " if names else ""
    imprint = _pair(_pair(found.place, found.publisher, ": "), found.year, ", ")
    number = f"ISBN {found.isbns[0]}" if found.isbns else f"ISSN {found.issns[0]}" if found.issns else ""
    if found.host:
        volume, issue = _numbered("vol.", found.volume), _numbered("no.", found.issue)
        pieces = (imprint if found.book else found.year, volume, issue, _pages(found))
        tail = _sentences(", ".join(text for text in pieces if text), number, _doi(found))
        opening = f"{before}{_ended(found.title)} {'In: ' if found.book else ''}"
        return Citation("ISO 690", opening, found.host, _joined(_end_of(found.host), tail))
    pages = f"{found.pages} {'tr.' if _vietnamese(found) else 'p.'}" if found.pages else ""
    tail = _sentences(
        found.edition, imprint, pages, _pair(found.series, found.series_volume, ", "), number, _doi(found)
    )
    return Citation("ISO 690", before, found.title, _joined(_end_of(found.title), tail))


def _vietnam(found: Cited) -> Citation:
    names = _listed(_responsible(found), lambda name, _: name.spoken, _and(found))
    role = _role(found, " (Chủ biên)", " (Chủ biên)")
    year = found.year or _NO_YEAR
    before = f"{names}{role} ({year}), " if names else ""
    if found.host:
        number = (_numbered("tập", found.volume), _numbered("số", found.issue))
        pieces = (*number, *(() if found.journal else (found.publisher, found.place)), _numbered("tr.", _span(found)))
        told = "".join(f", {text}" for text in ("" if names else year, *pieces) if text)
        return Citation(
            "Việt Nam", f"{before}“{found.title}”, {'trong ' if found.book else ''}", found.host, f"{told}."
        )
    pieces = tuple(text for text in ("" if names else year, found.edition, found.publisher, found.place) if text)
    return Citation(
        "Việt Nam", before, found.title, _ended("".join(f", {text}" for text in pieces)) or _end_of(found.title)
    )


_STYLES: Final[tuple[Callable[[Cited], Citation], ...]] = (_vietnam, _iso690, _apa, _mla, _chicago)


def _responsible(found: Cited) -> tuple[Name, ...]:
    return found.authors or found.editors


def _role(found: Cited, one: str, several: str) -> str:
    if found.authors or not found.editors:
        return ""
    return one if len(found.editors) == 1 else several


def _apa_names(found: Cited) -> str:
    names = [_initialled(name) for name in _responsible(found)]
    role = _role(found, " (Ed.)", " (Eds.)")
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[: _MOST_NAMED - 1])}, … {names[-1]}{role}"
    *first, last = names or [""]
    comma = "," if len(first) > 1 or (first and "," in first[0]) else ""  # two names without commas need none
    return (f"{', '.join(first)}{comma} & {last}" if first else last) + role


def _initialled(name: Name) -> str:
    if name.whole:
        return name.whole
    initials = " ".join(_initial(word) for word in name.given.split() if _LETTER.search(word))
    return ", ".join(text for text in (name.family, initials, name.suffix) if text)


def _initial(word: str) -> str:
    # "Jean-Paul" is J.-P.; a particle stays as it is: "Gogh, V. van".
    if word.islower():
        return word
    firsts = (_LETTER.search(part) for part in word.split("-"))
    return "-".join(f"{first[0]}." for first in firsts if first)


def _chicago_names(found: Cited) -> str:
    names, (most, kept) = _responsible(found), _CHICAGO_NAMED
    if len(names) > most:
        return f"{', '.join(_inverted_first(name, not at) for at, name in enumerate(names[:kept]))}, et al"
    return _listed(names, _inverted_first, _and(found))


def _mla_names(found: Cited) -> str:
    names = _responsible(found)
    role = _role(found, ", editor", ", editors")
    if len(names) > _MLA_NAMED:
        others = " và các tác giả khác" if _vietnamese(found) else ", et al"
        return f"{names[0].inverted}{others}{role}"
    return _listed(names, _inverted_first, _and(found)) + role


def _inverted_first(name: Name, first: bool) -> str:
    return name.inverted if first else name.spoken


def _capitals(name: Name) -> str:
    if name.whole:
        return name.whole.upper()
    return ", ".join(text for text in (name.family.upper(), name.given, name.suffix) if text)


def _listed(names: Sequence[Name], write: Callable[[Name, bool], str], conjunction: str) -> str:
    written = [write(name, not place) for place, name in enumerate(names)]
    if len(written) < 2:
        return "".join(written)
    inverted = "," in written[0] and "," not in written[1]  # its own comma wants a second one
    comma = "," if conjunction == "and" and (len(written) > 2 or inverted) else ""
    return f"{', '.join(written[:-1])}{comma} {conjunction} {written[-1]}"


def _and(found: Cited) -> str:
    return "và" if _vietnamese(found) else "and"


def _vietnamese(found: Cited) -> bool:
    return is_vietnamese((found.language,) if found.language else (), found.title)


def _span(found: Cited) -> str:
    return found.pages.replace("-", "–")


def _pages(found: Cited) -> str:
    return _numbered("pp." if found.last_page else "p.", _span(found))


def _numbered(word: str, number: str) -> str:
    return f"{word} {number}" if number else ""


def _quoted(title: str) -> str:
    return f"“{title}{_end_of(title)}”"


def _doi(found: Cited) -> str:
    return f"https://doi.org/{found.doi}" if found.doi else ""


def _pair(first: str, second: str, between: str) -> str:
    return between.join(text for text in (first, second) if text)


def _ended(text: str) -> str:
    return text if not text or text.endswith(_ENDINGS) else f"{text}."


def _end_of(title: str) -> str:
    return "" if title.endswith(_ENDINGS) else "."


def _sentences(*texts: str) -> str:
    # An address that ends with a full stop leads nowhere.
    return " ".join(text if text.startswith("https://") else _ended(text) for text in texts if text)


def _joined(*texts: str) -> str:
    return " ".join([texts[0], *(text for text in texts[1:] if text)])
