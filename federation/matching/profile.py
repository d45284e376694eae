"""What matching knows of a bib: the values that are compared, made ready once, so that a pair costs little.

In: a `Bib`. Out: a `Profile` and its number. Two bibs with equal profiles are one to the rules: keys and verdicts
belong to profiles, so that three hundred schools with one record cost one comparison.
"""

from hashlib import blake2b
from typing import Final

import msgspec

from federation.matching.imprint import extent, isbns, places, printing, publishers, standards
from federation.matching.names import Name, makers, without_tones
from federation.matching.numbers import Words
from federation.matching.titles import Wording, wording
from federation.matching.volumes import numbered_series, programme
from federation.matching.wording import is_marked, words
from schemas.bib import Bib
from schemas.vietnamese.syllable import parse

_ENCODER: Final = msgspec.json.Encoder()
_SERIAL: Final = "s"


class Profile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The values that decide, as the rules read them; empty means "not stated".

    `marked`: the record writes Vietnamese tones. `untoned` are the names without them, `said` the words of the
    statement of responsibility. `standards` are numbers of standards (TCVN 7064), `programme` the textbook series,
    `series` numbered series as "title|volume". `template`: the title belies the language, which an old system may
    have written into every record.
    """

    title: Wording
    marked: bool = False
    names: tuple[Name, ...] = ()
    untoned: tuple[Name, ...] = ()
    bodies: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    said: tuple[str, ...] = ()
    year: int = 0
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
    classes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    programme: str = ""


def profile(bib: Bib) -> Profile:
    """Give what the rules compare of a bib."""
    title = bib.title
    stated = words(title.responsibility) if title.responsibility else []
    made_by = makers(bib.agents, title.responsibility)
    front = words(title.main)
    marked = (
        is_marked(front)
        or is_marked(stated)
        or any([not word.isascii() for name in (*made_by.persons, *made_by.bodies) for word in name])
        or is_marked(words(f"{title.remainder} {title.part} {bib.publication.publisher}"))
    )
    edition = words(bib.edition.statement) if bib.edition.statement else []
    number, printed = printing(edition, marked)
    numbers, standard_year = standards(title.main, bib.agents)
    pages, volumes = extent(bib.extent) if bib.extent else (0, 0)
    publication = bib.publication
    return Profile(
        title=wording(title, edition, marked, bib.level == _SERIAL),
        marked=marked,
        names=made_by.persons,
        untoned=without_tones(made_by.persons),
        bodies=made_by.bodies,
        translators=made_by.translators,
        said=tuple(sorted({toned for toned, _ in stated})),
        year=publication.year or standard_year,
        edition=number,
        printing=printed,
        publishers=publishers(publication.publisher) if publication.publisher else (),
        places=places(publication.place) if publication.place else (),
        pages=pages,
        volumes=volumes,
        isbns=isbns(bib),
        issns=_numbers(bib, "issn"),
        lccns=_numbers(bib, "lccn"),
        oclcs=_numbers(bib, "oclc"),
        standards=numbers,
        material=bib.material,
        level=bib.level,
        languages=tuple(sorted(bib.languages)),
        template=bool(bib.languages) and not bib.original_languages and _belied(bib.languages, front, marked),
        classes=_classes(bib),
        series=numbered_series(bib.series, marked) if bib.series else (),
        programme=programme(bib),
    )


def _numbers(bib: Bib, scheme: str) -> tuple[str, ...]:
    return tuple(sorted(bib.numbers(scheme))) if bib.identifiers else ()


def _classes(bib: Bib) -> tuple[str, ...]:
    return tuple(sorted({one.number for one in bib.classes if one.scheme == "ddc" and one.number[:3].isdecimal()}))


def _belied(codes: tuple[str, ...], title: Words, marked: bool) -> bool:
    """Tell whether the title is plainly in another language than the record says."""
    if "vie" not in codes:
        return is_marked(title)
    foreign = sum([parse(bare) is None for _, bare in title])
    return not marked and len(title) > 1 and 2 * foreign >= len(title)


def number(found: Profile) -> int:
    """Name a profile by its content: 63 bits, the same on every machine; equal profiles have equal numbers."""
    return int.from_bytes(blake2b(_ENCODER.encode(found), digest_size=8).digest(), "big") >> 1
