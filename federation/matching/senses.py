"""What a field says, apart from how it is written: two fields that say the same are one in a union record.

In: a MARC field. Out: `Statement`s, values that are equal when two cataloguers mean the same: without regard to
punctuation, case, ending period, the place of the tone mark (hoà = hòa), i for y, ISBN of 10 or 13 digits, the comma in
a name, "Nxb." for "Nhà xuất bản". Tones count: Bàn is not Bán. A field that says nothing comparable gives none.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from schemas.crosswalks import marc21_numbers, marc21_subjects, marc21_titles
from schemas.crosswalks.marc21_draft import Draft
from schemas.maps import statements
from schemas.marc.record import Field
from schemas.vietnamese.fold import key

#: what kind of thing is said, and the value that is compared
Statement: TypeAlias = tuple[str, str]

#: linkage, control numbers, relators and whose field it is say nothing of the publication
_CONTROL: Final = frozenset("0123456789uw")
_PUBLISHER: Final = re.compile(r"(?:nxb|n x b|nhà xb|nhà xuất bản)(?= )")
_ROTATED: Final = re.compile(r"\s*,\s*")
_SHORTEST_NUMBER: Final = 7
_WEB: Final = ("http", "https")


def words(text: str) -> str:
    """Give the words of a text as they are compared."""
    return _PUBLISHER.sub("nxb", key(text))


def _text(field: Field) -> str:
    return words(" ".join(value for code, value in field.subfields if code not in _CONTROL))


def _once(kind: str, texts: Iterable[str]) -> list[Statement]:
    return [(kind, text) for text in dict.fromkeys(texts) if text]


def _numbers(read: Callable[[Draft, Field], None]) -> Callable[[Field], list[Statement]]:
    def said(field: Field) -> list[Statement]:
        draft = Draft()
        read(draft, field)
        # A wrong number that is printed in the book is as long as a right one; a row number of a list is not.
        kept = (
            one for one in draft.identifiers if one.valid or len(re.findall("[0-9Xx]", one.value)) >= _SHORTEST_NUMBER
        )
        found = (("number" if one.valid else "wrong number", f"{one.scheme} {one.value.casefold()}") for one in kept)
        return list(dict.fromkeys(found))

    return said


def _classes(scheme: str) -> Callable[[Field], list[Statement]]:
    read = marc21_numbers.classes(scheme)

    def said(field: Field) -> list[Statement]:
        draft = Draft()
        read(draft, field)
        return _once("class", (f"{one.scheme} {''.join(one.number.casefold().split())}" for one in draft.classes))

    return said


def titles(field: Field) -> list[Statement]:
    """Give the whole title of a field, then its parallel titles."""
    found, parallels = marc21_titles.stated(field)
    return _once("title", (words(str(title)) for title in (found, *parallels)))


def _subjects(field: Field) -> list[Statement]:
    draft = Draft()
    if field.tag == "653":
        marc21_subjects.keywords(draft, field)
    else:
        marc21_subjects.subjects("")(draft, field)
    kind = "genre" if field.tag == "655" else "subject"
    return _once(kind, (" -- ".join(map(words, one.heading.split(" -- "))) for one in draft.subjects))


def names(field: Field) -> list[Statement]:
    """Give the forms of a name, with the work where it is the author of one: as it stands, and turned at its comma."""
    name = " ".join(field.all("abc" if field.tag[1:] == "00" else "abn"))
    work = words(" ".join(field.all("tnp" if field.tag[1:] == "00" else "t")))
    forms = [_corporate(name)] if field.tag[1:] == "10" else [words(name), _turned(field.get("a"))]
    return _once(f"name {work}".strip(), forms)


def _corporate(name: str) -> str:
    said = words(name)
    return f"nxb {words(statements.publisher(name))}" if said.startswith("nxb ") else said


def _turned(name: str) -> str:
    family, _, given = _ROTATED.sub(",", name.strip(" ,.")).partition(",")
    return words(f"{given} {family}") if given else ""


def years(field: Field) -> frozenset[str]:
    """Give the years of a person's life, as far as the heading has them."""
    return frozenset(re.findall(r"\d{4}", field.get("d")))


def _notes(field: Field) -> list[Statement]:
    return _once("note", (_text(field),))


def _links(field: Field) -> list[Statement]:
    return _once("link", (_address(url.strip()) for url in field.all("u")))


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme.lower() not in _WEB:
        return url
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def _plain(field: Field) -> list[Statement]:
    return _once(field.tag, (_text(field),))


_SAID: Final[dict[str, Callable[[Field], list[Statement]]]] = {
    "010": _numbers(marc21_numbers.lccn_field),
    "020": _numbers(marc21_numbers.isbn_field),
    "022": _numbers(marc21_numbers.issn_field),
    "024": _numbers(marc21_numbers.standard_number),
    "035": _numbers(marc21_numbers.system_number),
    "050": _classes("lcc"),
    "060": _classes("nlm"),
    "080": _classes("udc"),
    "082": _classes("ddc"),
    "083": _classes("ddc"),
    "084": _classes(""),
    "856": _links,
    **dict.fromkeys(("130", "240", "242", "245", "246", "247", "730", "740"), titles),
    **dict.fromkeys(("100", "110", "111", "700", "710", "711"), names),
}


def said(field: Field) -> list[Statement]:
    """Give what a field says."""
    if found := _SAID.get(field.tag):
        return found(field)
    if field.tag[:1] == "6":
        return _subjects(field)
    return _notes(field) if field.tag[:1] == "5" else _plain(field)
