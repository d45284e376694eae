"""What matching knows of a bib: the values that are compared, made ready once, so that a pair costs little.

In: a `Bib`. Out: a `Profile` and its number. Two bibs with equal profiles are one to the rules: keys and verdicts
belong to profiles, so that three hundred schools with one record cost one comparison.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import msgspec

from federation.matching.hosts import Place, place
from federation.matching.imprint import (
    DAISY,
    carriers,
    decade_of,
    extent,
    isbns,
    places,
    printing,
    publishers,
    standards,
    volumes_of,
)
from federation.matching.names import Makers, Name, makers, without_tones
from federation.matching.numbers import Words
from federation.matching.numbers import plain as plain_number
from federation.matching.titles import Wording, kinds, parted, wording
from federation.matching.volumes import numbered_series, programme
from federation.matching.wording import is_marked, words
from schemas.bib import Bib
from schemas.vietnamese.syllable import parse

_ENCODER: Final = msgspec.msgpack.Encoder()
_SERIAL: Final = "s"
_COMPONENT: Final = ("a", "b")
#: how a host item is told among the notes
_IN: Final = "In: "
_NUMBER: Final = re.compile(r"\d+")
#: "/ Polymer Flooding - 2": a subtitle that stands where the author should, with its number
_SAID_NUMBER: Final = re.compile(r"\s[-–]\s?(\d{1,2})$")
_SAID_BEHIND: Final = 5
_PAGE: Final = re.compile(r"\b(?:tr|trang|p|pp|s)[. ]\s?(\d+)")


class Profile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The values that decide, as the rules read them; empty means "not stated".

    `marked`: the record writes Vietnamese tones. `untoned` are the names without them, `said` the words of the
    statement of responsibility. `kinds` are codes of `book_kinds`, `standards` numbers of standards (TCVN 7064),
    `programme` the textbook series, `series` numbered series as "title|volume". `template`: the title belies the
    language, which an old system may have written into every record. `first_page` and `host`: of an article, `content`:
    what it contains where that is not what `material` says.
    """

    title: Wording
    marked: bool = False
    names: tuple[Name, ...] = ()
    untoned: tuple[Name, ...] = ()
    bodies: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    said: tuple[str, ...] = ()
    year: int = 0
    decade: int = 0
    edition: str = ""
    printing: str = ""
    publishers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    pages: int = 0
    volumes: int = 0
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    lccns: tuple[str, ...] = ()
    oclcs: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    material: str = ""
    level: str = ""
    languages: tuple[str, ...] = ()
    template: bool = False
    carriers: tuple[str, ...] = ()
    first_page: str = ""
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    programme: str = ""
    content: tuple[str, ...] = ()
    host: Place | None = None

    @property
    def more(self) -> bool:
        """Whether it states what few records of small libraries do (`checks.MORE_CHECKS`)."""
        title = self.title
        numbers = self.isbns or self.issns or self.lccns or self.oclcs or self.standards or self.series
        kind = self.kinds or self.programme or self.carriers or self.first_page or self.content
        return bool(numbers or kind or self.host or self.bodies or self.translators or title.name or title.rest_numbers)


_DECODER: Final = msgspec.msgpack.Decoder(Profile)


def profile(bib: Bib) -> Profile:
    """Give what the rules compare of a bib."""
    title, publication = bib.title, bib.publication
    said = words(title.responsibility) if title.responsibility else []
    made_by = makers(bib.agents, title.responsibility)
    front, back = parted(title, bib.level == _SERIAL)
    marked = is_marked(front) or is_marked(back) or is_marked(said) or _foreign_letters(made_by)
    edition = words(bib.edition.statement) if bib.edition.statement else []
    number, printed = printing(edition, marked) if edition else ("", "")
    standard, standard_year = standards(title.main, bib.agents)
    host = place(bib) if bib.host.title or bib.host.numbers else None
    year = publication.year or standard_year or (host.year if host else 0)
    pages, volumes = extent(bib.extent) if bib.extent else (0, 0)
    told = _told(bib, front, back, edition)
    numbers = _numbers(bib)
    return Profile(
        _with_volumes(wording(title, front, back, marked), bib),
        marked,
        made_by.persons,
        without_tones(made_by.persons),
        made_by.bodies,
        made_by.translators,
        tuple(sorted({toned for toned, _ in said})) if said else (),
        year,
        year // 10 if year else decade_of(publication.date) if publication.date else 0,
        number,
        printed,
        publishers(publication.publisher) if publication.publisher else (),
        places(publication.place) if publication.place else (),
        pages,
        volumes,
        isbns(bib.identifiers) if "isbn" in numbers else (),
        _sorted(numbers.get("issn", ())),
        _sorted(numbers.get("lccn", ())),
        _sorted(numbers.get("oclc", ())),
        standard,
        bib.material,
        bib.level,
        _sorted(bib.languages),
        bool(bib.languages) and not bib.original_languages and _belied(bib.languages, front, marked),
        _carriers(bib),
        _first_page(bib) if bib.level in _COMPONENT else "",
        _classes(bib),
        kinds(told),
        numbered_series(bib.series, marked) if bib.series else (),
        programme(told),
        bib.content_types,
        host,
    )


def _sorted(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(texts)) if len(texts) > 1 else tuple(texts)


def _with_volumes(read: Wording, bib: Bib) -> Wording:
    responsibility = bib.title.responsibility
    if responsibility and (said := _SAID_NUMBER.search(responsibility[-_SAID_BEHIND:])):
        read = msgspec.structs.replace(read, rest_numbers=(*read.rest_numbers, plain_number(said[1])))
    if read.parts or not any(one.qualifier for one in bib.identifiers):
        return read
    return msgspec.structs.replace(read, parts=volumes_of(bib.identifiers))


def _foreign_letters(made_by: Makers) -> bool:
    return not "".join(["".join(name) for name in made_by.persons + made_by.bodies]).isascii()


def _told(bib: Bib, *texts: Words) -> list[list[str]]:
    """Give the bare words of title, edition and series, text by text: what may tell the kind of a book."""
    told = [*texts, words(bib.title.part)] if bib.title.part else list(texts)
    told += [words(one.title) for one in bib.series]
    return [[bare for _, bare in text] for text in told if text]


def _numbers(bib: Bib) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in bib.identifiers:
        if one.valid:
            found.setdefault(one.scheme, []).append(one.value)
    return found


def _carriers(bib: Bib) -> tuple[str, ...]:
    """Give the carriers of a recording or file; what only accompanies a book ("+ 1 CD") does not count."""
    found = {one for number in bib.identifiers if number.qualifier for one in carriers(number.qualifier)}
    found.update(carriers(bib.extent.partition("+")[0]))
    found.update(bib.carriers)
    if found and "daisy" in bib.title.remainder.casefold():
        found.add(DAISY)
    return tuple(sorted(found)) if found else ()


def _first_page(bib: Bib) -> str:
    """Give the page on which an article begins: by its extent, or where it stands in its host."""
    if found := _NUMBER.search(bib.extent):
        return found[0]
    host = next((note for note in bib.notes if note.startswith(_IN)), "")
    page = _PAGE.search(host)
    return page[1] if page else ""


def _classes(bib: Bib) -> tuple[str, ...]:
    found = [one.number for one in bib.classes if one.scheme == "ddc" and one.number[:3].isdecimal()]
    return tuple(found) if len(found) < 2 else tuple(sorted(set(found)))


def _belied(codes: tuple[str, ...], title: Words, marked: bool) -> bool:
    """Tell whether the title is plainly in another language than the record says."""
    if "vie" not in codes:
        return is_marked(title)
    foreign = sum([parse(bare) is None for _, bare in title])
    return not marked and len(title) > 1 and 2 * foreign >= len(title)


def number(found: Profile) -> int:
    """Name a profile by its content; equal profiles have equal numbers."""
    return named(encoded(found))


def encoded(found: Profile) -> bytes:
    """Write a profile, to be numbered and to be stored."""
    return _ENCODER.encode(found)


def decoded(content: bytes) -> Profile:
    """Read what `encoded` wrote."""
    return _DECODER.decode(content)


def named(content: bytes) -> int:
    """Name bytes by a number: 63 bits, so that every database takes it, the same on every machine."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big") >> 1
