"""Which crosswalks there are: from which schema to which, and the function that walks.

In: names of schemas: `marc21` (a `MarcRecord`), `bib` (the record of the house), `oai_dc` and `mods` (XML), and what
managers of references read. Out: the function. Reading ones (`-> bib`) give the `Bib` and its issues, writing ones
(`bib ->`) what they are named after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from schemas.crosswalks import (
    bib_bibtex,
    bib_csl,
    bib_csv,
    bib_dc,
    bib_endnote,
    bib_marc21,
    bib_mods,
    bib_ris,
    dc_bib,
    marc21_bib,
)
from schemas.errors import CrosswalkError


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """One direction between two schemas."""

    source: str
    target: str
    walk: Callable[..., Any]


CROSSWALKS: Final = (
    Crosswalk("marc21", "bib", marc21_bib.bib),
    Crosswalk("oai_dc", "bib", dc_bib.bib),
    Crosswalk("bib", "marc21", bib_marc21.marc21),
    Crosswalk("bib", "oai_dc", bib_dc.oai_dc),
    Crosswalk("bib", "mods", bib_mods.mods),
    Crosswalk("bib", "ris", bib_ris.ris),
    Crosswalk("bib", "bibtex", bib_bibtex.bibtex),
    Crosswalk("bib", "endnote", bib_endnote.endnote),
    Crosswalk("bib", "csl", bib_csl.csl),
    Crosswalk("bib", "csv", bib_csv.line),
)


def crosswalk(source: str, target: str) -> Crosswalk:
    """Give the crosswalk from one schema to another; raises `CrosswalkError` naming those that exist."""
    for one in CROSSWALKS:
        if (one.source, one.target) == (source, target):
            return one
    known = ", ".join(f"{one.source} to {one.target}" for one in CROSSWALKS)
    message = f"there is no crosswalk from '{source}' to '{target}'; there are {known}"
    raise CrosswalkError("format-unsupported", message, source)
