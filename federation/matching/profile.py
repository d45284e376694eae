"""What matching knows of a bib: the values that are compared, made ready once, so that a pair costs little.

In: a `Bib`. Out: a `Profile` and its number. Two bibs with equal profiles are one to the rules: keys and verdicts
belong to profiles, so that three hundred schools with one record cost one comparison.
"""

from hashlib import blake2b
from typing import Final

import msgspec

from federation.matching.imprint import extent, isbns, places, printing, publishers, standards
from federation.matching.names import Name, names, said, without_tones
from federation.matching.titles import Words, Wording, is_marked, wording, words
from federation.matching.volumes import numbered_series, programme
from schemas.bib import Bib
from schemas.vietnamese.syllable import parse

_ENCODER: Final = msgspec.json.Encoder()


class Profile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The values that decide, as the rules read them; empty means "not stated".

    `marked`: the record writes Vietnamese tones. `untoned` are the names without them. `standards` are numbers of
    standards (TCVN 7064), `programme` the textbook series, `series` numbered series as "title|volume".
    """

    title: Wording
    marked: bool = False
    names: tuple[Name, ...] = ()
    untoned: tuple[Name, ...] = ()
    said: tuple[str, ...] = ()
    year: int = 0
    edition: str = ""
    printing: str = ""
    edition_words: tuple[str, ...] = ()
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
    classes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    programme: str = ""


def profile(bib: Bib) -> Profile:
    """Give what the rules compare of a bib."""
    title = bib.title
    front, stated = words(title.main), words(title.responsibility) if title.responsibility else []
    made_by = names(bib.agents)
    marked = is_marked(front) or is_marked(stated) or is_marked(words(f"{title.remainder} {title.part}"))
    marked = marked or any(not word.isascii() for name in made_by for word in name)
    edition = words(bib.edition.statement) if bib.edition.statement else []
    number, printed, other = printing(edition, marked)
    numbers, standard_year = standards(title.main, bib.agents)
    read = wording(title, edition, marked)
    pages, volumes = extent(bib.extent)
    publication = bib.publication
    return Profile(
        title=read,
        marked=marked,
        names=made_by,
        untoned=without_tones(made_by),
        said=said(stated),
        year=publication.year or standard_year,
        edition=number,
        printing=printed,
        edition_words=other,
        publishers=publishers(publication.publisher) if publication.publisher else (),
        places=places(publication.place),
        pages=pages,
        volumes=volumes,
        isbns=isbns(bib),
        issns=_numbers(bib, "issn"),
        lccns=_numbers(bib, "lccn"),
        oclcs=_numbers(bib, "oclc"),
        standards=numbers,
        material=bib.material,
        level=bib.level,
        languages=_credible(bib.languages, front, marked),
        classes=tuple(sorted({one.number for one in bib.classes if one.scheme == "ddc" and one.number[:3].isdecimal()})),
        series=numbered_series(bib.series, marked),
        programme=programme(bib),
    )


def _numbers(bib: Bib, scheme: str) -> tuple[str, ...]:
    return tuple(sorted(bib.numbers(scheme)))


def _credible(codes: tuple[str, ...], title: Words, marked: bool) -> tuple[str, ...]:
    """Give the languages unless the title belies them: old systems write one code into every record they make."""
    if not codes or "vie" in codes and marked:
        return tuple(sorted(codes))
    if "vie" not in codes:
        return () if is_marked(title) else tuple(sorted(codes))
    foreign = sum(1 for _, bare in title if parse(bare) is None)
    return tuple(sorted(codes)) if 2 * foreign < len(title) or len(title) < 2 else ()


def number(found: Profile) -> int:
    """Name a profile by its content: 63 bits, the same on every machine; equal profiles have equal numbers."""
    return int.from_bytes(blake2b(_ENCODER.encode(found), digest_size=8).digest(), "big") >> 1
