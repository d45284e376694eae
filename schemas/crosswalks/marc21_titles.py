"""Titles of a MARC 21 record: the title statement and the fields that give other titles.

In: one field (245; 130, 210, 222, 24X, 730, 740) and the draft of the record. Out: `Title`s without ISBD punctuation
in the draft; a parallel title ("=") and a linked 880 become other titles. MARC 21 Format for Bibliographic Data,
20X-24X.
"""

import re
from typing import Final

from schemas.bib import Title, replace
from schemas.crosswalks.isbd import joined, statement, trimmed, unbracketed
from schemas.crosswalks.marc21_draft import Draft, by_code
from schemas.marc.record import Field

_NUMBER: Final = re.compile("[0-9]{1,4}")
#: V.5A says more than "vol. 5" in the title does
_LETTERED: Final = re.compile(r"[0-9][A-Za-z]\s*$")
_VOLUME: Final = re.compile(r"\b(?:t|tập|q|quyển|p|phần|vol|v|volume|part)[. ]{1,2}([0-9]{1,4})\b", re.IGNORECASE)


def title(draft: Draft, field: Field) -> None:
    """Read 245; a second one becomes another title."""
    found, parallels = stated(field)
    if draft.title is None and found.main:
        draft.title = found
        draft.carrier = draft.carrier or _designated(field.get("h"))
    else:
        parallels.insert(0, found)
    _add(draft, parallels)


def other_title(draft: Draft, field: Field) -> None:
    """Read a title that is not the title proper; language, form and dates of uniform titles are left out."""
    found, parallels = stated(field)
    _add(draft, [found, *parallels])


def numbered(title: Title, volume: str) -> Title:
    """Give the title this volume, unless it tells a number already, in its own place or in its words ("Tập 2")."""
    told = {int(number) for number in _VOLUME.findall(str(title))}
    lettered = _LETTERED.search(volume)
    if title.number or (not lettered and any(int(number) in told for number in _NUMBER.findall(volume))):
        return title
    return replace(title, number=volume)


def stated(field: Field) -> tuple[Title, list[Title]]:
    """Give the title of one field and its parallel titles."""
    parts = by_code(field.subfields)
    parallels: list[Title] = []
    if "b" in parts:
        parts["b"], parallels = _remainder(field)
    found = _title(parts)
    if not parts.get("b"):
        return _divided_main(found, parallels) if " " in found.main else (found, parallels)
    if " = " in found.remainder:
        remainder, *others = found.remainder.split(" = ")
        found = replace(found, remainder=trimmed(remainder))
        parallels += [title for other in others for title in _parallels(other)]
    return found, parallels


def _remainder(field: Field) -> tuple[list[str], list[Title]]:
    """Tell what of $b goes on with the title from what is a parallel title, because "=" stands before it."""
    remainders: list[str] = []
    parallels: list[Title] = []
    before = ""
    for code, value in field.subfields:
        if code == "b" and before.endswith("="):
            parallels += _parallels(value)
        elif code == "b":
            remainders.append(value)
        before = value.rstrip()
    return remainders, parallels


def _title(parts: dict[str, list[str]]) -> Title:
    # $k is the title of archival records ("Letters"), $t of name-title fields.
    main = _part(parts, "a") or _part(parts, "k") or _part(parts, "t")
    number, part = _part(parts, "n"), _part(parts, "p")
    if not main:
        main, number, part = part or number, number if part else "", ""
    responsibility = joined(parts["c"]) if "c" in parts else ""
    return Title(unbracketed(main), _part(parts, "b", " : "), number, part, responsibility)


def _part(parts: dict[str, list[str]], code: str, mark: str = ". ") -> str:
    return joined(parts[code], mark, initials=False) if code in parts else ""


def _divided_main(found: Title, parallels: list[Title]) -> tuple[Title, list[Title]]:
    # Catalogues made from lists write the whole description into $a.
    main, remainder, responsibility, others = statement(found.main)
    if main == found.main or (responsibility and found.responsibility):
        return found, parallels
    parallels += [title for other in others for title in _parallels(other)]
    return Title(main, remainder, found.number, found.part, responsibility or found.responsibility), parallels


def _parallels(text: str) -> list[Title]:
    found = []
    for one in text.split(" = "):
        main, remainder, responsibility, _ = statement(one)
        if main := unbracketed(main):
            found.append(Title(main, remainder, responsibility=responsibility))
    return found


def _add(draft: Draft, titles: list[Title]) -> None:
    draft.other_titles += [title for title in titles if title.main]


def _designated(designation: str) -> str:
    """Give the form of item (008/23) that a general material designation means, or an empty string."""
    text = designation.casefold()
    if "microf" in text or "vi phim" in text or "vi phiếu" in text:
        return "a"
    return "s" if "electronic" in text or "điện tử" in text or "computer file" in text else ""
