"""What it is about: the subject fields of a MARC 21 record (600-662, 69X).

In: one field and the draft of the record. Out: `Subject`s: heading and subdivisions joined by " -- ", with the list
they were taken from (second indicator, $2). MARC 21 Format for Bibliographic Data, 6XX.
"""

from collections.abc import Callable
from typing import Final

from schemas.bib import Subject
from schemas.crosswalks.isbd import trimmed
from schemas.crosswalks.marc21_draft import Draft
from schemas.marc.record import Field

_SCHEMES: Final = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "csh", "6": "rvm"}
_SUBDIVISIONS: Final = frozenset("vxyz")
#: Control subfields, relators, numbers of authority records: no part of the heading.
_NOT_HEADING: Final = frozenset("0123456789euw")
_DIVIDER: Final = " -- "


def subjects(kind: str, scheme: str = "") -> Callable[[Draft, Field], None]:
    """Give the handler that reads fields of this kind; `scheme` where the tag alone tells it."""

    def read(draft: Draft, field: Field) -> None:
        heading = _heading(field)
        if heading:
            draft.subjects.append(Subject(heading, kind, scheme or _scheme(field)))

    return read


def keywords(draft: Draft, field: Field) -> None:
    """Read 653: each $a is a keyword, and so is each part of one divided by semicolons."""
    for value in field.all("a"):
        for one in value.split(";"):
            if word := trimmed(one):
                draft.subjects.append(Subject(word, "keyword"))


def divided(heading: str) -> str:
    """Write the subdivisions of a heading typed as one text the way we write them."""
    if "--" not in heading:
        return heading
    return _DIVIDER.join(kept for part in heading.split("--") if (kept := trimmed(part)))


def _scheme(field: Field) -> str:
    source = field.indicators[1:]
    return field.get("2").strip() if source == "7" else _SCHEMES.get(source, "")


def _heading(field: Field) -> str:
    main: list[str] = []
    parts: list[str] = []
    for code, value in field.subfields:
        if code in _SUBDIVISIONS:
            parts.append(trimmed(value))
        elif code not in _NOT_HEADING:
            main.append(value.strip())
    first = trimmed(" ".join(main))
    return divided(_DIVIDER.join([first, *parts]) if first else _DIVIDER.join(parts))
