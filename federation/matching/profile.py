"""What matching knows of a bib: the values that are compared, made ready once, so that a pair costs little.

In: a `Bib`. Out: a `Profile` and its number. Two bibs with equal profiles are one to the rules: keys and verdicts
belong to profiles, so that three hundred schools with one record cost one comparison.
"""

from hashlib import blake2b
from typing import Final

import msgspec

from schemas.bib import Bib

_ENCODER: Final = msgspec.json.Encoder()


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """The values that decide, as the rules read them; empty means "not stated"."""

    title: str
    series_volumes: tuple[str, ...] = ()
    edition: str = ""
    year: int = 0
    material: str = ""
    level: str = ""
    languages: tuple[str, ...] = ()
    standard_numbers: tuple[str, ...] = ()


def profile(bib: Bib) -> Profile:
    """Give what the rules compare of a bib."""
    return Profile(
        title=str(bib.title),
        series_volumes=tuple(series.volume for series in bib.series),
        edition=bib.edition.statement,
        year=bib.publication.year,
        material=bib.material,
        level=bib.level,
        languages=tuple(sorted(bib.languages)),
        standard_numbers=tuple(f"{scheme}:{n}" for scheme in ("isbn", "issn") for n in sorted(bib.numbers(scheme))),
    )


def number(found: Profile) -> int:
    """Name a profile by its content: 63 bits, the same on every machine; equal profiles have equal numbers."""
    return int.from_bytes(blake2b(_ENCODER.encode(found), digest_size=8).digest(), "big") >> 1
