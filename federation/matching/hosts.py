"""What an article, a chapter or a supplement is a part of, as matching reads it.

In: the host of a bib (773 $t $g $w $x $z of MARC 21). Out: a `Place`, or None where there is none.
"""

import re
from typing import Final

import msgspec

from federation.matching.numbers import plain
from federation.matching.titles import without_journal
from federation.matching.wording import bare_text, words
from schemas.bib import Bib

#: from the pages on it is told elsewhere: "Số 3 (2009), tr. 20-25"
_PAGES: Final = re.compile(r"[\s,.;:(]*\b(?:trang|tr|pages?|pp?|s)\b\.?\s*\d.*", re.IGNORECASE)
_AGENCY: Final = re.compile(r"\(([^)]+)\)\s*(.+)")
#: the code of a base that Aleph writes before its numbers: FCC000000666
_BASE: Final = re.compile(r"\A[A-Z]{3}(?=\d{9}\Z)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_COMPONENT: Final = frozenset("ab")


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Bare words of the host's title, and of where in it; its numbers as (agency, number)."""

    title: str
    part: str
    numbers: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """What is told, for a person."""
        numbers = [f"({agency}) {number}" for agency, number in self.numbers]
        return " ".join(filter(None, (self.title, self.part, *numbers)))

    @property
    def counted(self) -> frozenset[str]:
        """The numbers of volume, issue and year."""
        return frozenset(plain(word) for word in self.part.split() if word.isdecimal())

    @property
    def year(self) -> int:
        """The only year told, or 0."""
        years = {word for word in self.part.split() if _YEAR.fullmatch(word)}
        return int(years.pop()) if len(years) == 1 else 0


def place(bib: Bib) -> Place | None:
    """Give what a bib is a part of; the "host" of a book on its own is a collection it was bought in, and is none."""
    said = bib.host
    if not (said.title or said.numbers) or bib.level not in _COMPONENT | {"s"}:
        return None
    found = [_number(one, bib.control_agency) for one in said.numbers]
    return Place(
        bare_text(without_journal(words(said.title))),
        bare_text(words(_PAGES.sub("", said.part))),
        tuple(sorted({one for one in found if one[0]})),
    )


def _number(text: str, agency: str) -> tuple[str, str]:
    stated = _AGENCY.fullmatch(text)
    return (stated[1].upper(), plain(stated[2].strip())) if stated else (agency.upper(), plain(_BASE.sub("", text)))
