"""A publication cited in words, in the styles that are asked for in Vietnam.

In: a `Cited`. Out: a `Citation` per style, in three pieces, for the title is written in italics. APA (7th edition),
Chicago (17th, author-date), ISO 690:2021, and the usage of Vietnamese theses (author, year, title, publisher, place).
Names of Vietnamese people are never cut nor shortened; what the record does not say is left out.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from schemas.crosswalks.cited import Cited
from schemas.crosswalks.cited_names import Name
from schemas.vietnamese.fold import folded, toned

#: APA names so many authors before it says "and others"
_MOST_NAMED: Final = 20
_ENDINGS: Final = (".", "!", "?", "…")
_NO_DATE: Final = "n.d."


class Citation(msgspec.Struct, frozen=True):
    """One citation: what stands before the title, the title, and what follows it."""

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
    edition = f" ({found.edition.rstrip('.')})." if found.edition else _end_of(found.title)
    tail = _sentences(found.publisher, _doi(found))
    if not names:
        return Citation("APA", "", found.title, _joined(edition, year, tail))
    return Citation("APA", f"{_ended(names)} {year} ", found.title, _joined(edition, tail))


def _chicago(found: Cited) -> Citation:
    names = _listed(_responsible(found), _inverted_first, _and(found))
    role = _role(found, ", ed", ", eds")
    tail = _sentences(found.edition, _pair(found.place, found.publisher, ": "), _doi(found))
    year = _ended(found.year or _NO_DATE)
    if not names:
        return Citation("Chicago", "", found.title, _joined(_end_of(found.title), year, tail))
    before = f"{_ended(names + role)} {year} "
    return Citation("Chicago", before, found.title, _joined(_end_of(found.title), tail))


def _iso690(found: Cited) -> Citation:
    names = _listed(_responsible(found), lambda name, _: _capitals(name), _and(found))
    role = _role(found, " (ed.)", " (eds.)")
    imprint = _pair(_pair(found.place, found.publisher, ": "), found.year, ", ")
    pages = f"{found.pages} {'tr.' if _vietnamese(found) else 'p.'}" if found.pages else ""
    number = f"ISBN {found.isbns[0]}" if found.isbns else f"ISSN {found.issns[0]}" if found.issns else ""
    tail = _sentences(
        found.edition, imprint, pages, _pair(found.series, found.series_volume, ", "), number, _doi(found)
    )
    return Citation(
        "ISO 690", f"{_ended(names + role)} " if names else "", found.title, _joined(_end_of(found.title), tail)
    )


def _vietnam(found: Cited) -> Citation:
    names = _listed(_responsible(found), lambda name, _: name.spoken, _and(found))
    role = _role(found, " (Chủ biên)", " (Chủ biên)")
    dated = f"{names}{role} ({found.year or _NO_DATE}), " if names else ""
    pieces = [text for text in (found.edition, found.publisher, found.place) if text]
    if not names:
        pieces = [found.year or _NO_DATE, *pieces]
    return Citation(
        "Việt Nam", dated, found.title, _ended("".join(f", {text}" for text in pieces)) or _end_of(found.title)
    )


_STYLES: Final[tuple[Callable[[Cited], Citation], ...]] = (_vietnam, _iso690, _apa, _chicago)


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
    return f"{name.family}, {' '.join(f'{word[0]}.' for word in name.given.split() if word[0].isalpha())}".rstrip(", ")


def _inverted_first(name: Name, first: bool) -> str:
    return name.inverted if first else name.spoken


def _capitals(name: Name) -> str:
    return name.whole.upper() if name.whole else f"{name.family.upper()}, {name.given}"


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
    # Many a record says nothing of its language; letters with Vietnamese marks do.
    unsaid = found.language in ("", "und") and toned(found.title) != folded(found.title)
    return found.language == "vi" or unsaid


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
