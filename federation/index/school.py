"""What a schoolbook says of itself: the grade it is for and the programme (series of textbooks) it belongs to. Pure.

In: a merged `Bib`. Out: grades `1` to `12`, codes of the table `programmes`. Only what is plainly Vietnamese is read.
A number behind the name of a school subject ("Toán 5") is a grade where the book says that it is for schools: by its
publisher, its programme or what kind of book it is. Volumes of university courses are numbered in the same way.
"""

import re
from typing import Final, NamedTuple

from federation.matching.volumes import programme
from schemas.bib import Bib
from schemas.vietnamese.fold import folded, tokens

_GRADE: Final = re.compile(r"\blop (1[0-2]|[1-9])\b")
_SUBJECTS: Final = (
    "toan|tieng viet|ngu van|van hoc|tieng anh|tieng phap|tieng trung|tieng nga|vat l[iy]|hoa hoc|"
    "sinh hoc|lich su|dia l[iy]|tin hoc|cong nghe|am nhac|m[iy] thuat|dao duc|giao duc cong dan|"
    "khoa hoc|khoa hoc tu nhien|tu nhien va xa hoi|"
    "giao duc the chat|the duc|hoat dong trai nghiem|dai so|hinh hoc|giai tich|tap viet|lam van"
)
_NUMBERED: Final = re.compile(rf"\b(?:{_SUBJECTS}) (1[0-2]|[1-9])\b")
_FOR_SCHOOLS: Final = re.compile(r"\b(?:sach giao khoa|sach giao vien|bai tap|trung hoc|tieu hoc|hoc sinh|giao duc)\b")


class School(NamedTuple):
    """What a record tells; empty for most."""

    grade: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()


_NONE: Final = School()


def read(bib: Bib) -> School:
    """Read grade and programme."""
    title = bib.title
    if "vie" not in bib.languages and title.main.isascii():
        return _NONE
    said = [title.main, title.remainder, title.number, title.part, bib.edition.statement]
    words = [_bare(text) for text in (*said, *[one.title for one in bib.series]) if text]
    text, code = " | ".join(map(" ".join, words)), programme(words)
    grades = _GRADE.findall(text)
    if not grades and (numbered := _NUMBERED.findall(text)):
        publisher = folded(bib.publication.publisher)
        grades = numbered if code or _FOR_SCHOOLS.search(text) or "giao duc" in publisher else []
    return School(tuple(dict.fromkeys(grades)), (code,) if code else ()) if grades or code else _NONE


def _bare(text: str) -> list[str]:
    return [token.folded for token in tokens(text)]
