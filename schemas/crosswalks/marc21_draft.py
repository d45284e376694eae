"""The bibliographic record while its MARC fields are still being read.

In: what the handlers of the modules `marc21_*` found, field by field. Out: lists that `marc21_bib` turns into one
`Bib`. It exists so that a record is walked through once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.bib import Agent, Classification, Host, Identifier, Link, Publication, Series, Subject, Title
from schemas.issues import Issue
from schemas.marc.record import Subfield

NOTHING: Final = Publication()
NO_HOST: Final = Host()


@dataclass(slots=True)
class Draft:
    """What was found so far. `rank` tells how good `publication` is: only a better field replaces it."""

    title: Title | None = None
    other_titles: list[Title] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    classes: list[Classification] = field(default_factory=list)
    edition: str = ""
    publication: Publication = NOTHING
    rank: int = 0
    extent: str = ""
    dimensions: str = ""
    series: list[Series] = field(default_factory=list)
    volume: str = ""
    summary: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    originals: list[str] = field(default_factory=list)
    control_number: str = ""
    control_agency: str = ""
    form007: str = ""
    form008: str = ""
    carrier: str = ""
    carriers: list[str] = field(default_factory=list)
    daisy: bool = False
    contained: list[str] = field(default_factory=list)
    host: Host = NO_HOST
    thesis: bool = False
    issues: list[Issue] = field(default_factory=list)


def by_code(subfields: Sequence[Subfield]) -> dict[str, list[str]]:
    """Give the values of a field by subfield code: one walk where several codes are wanted."""
    found: dict[str, list[str]] = {}
    for code, value in subfields:
        if code in found:
            found[code].append(value)
        else:
            found[code] = [value]
    return found
