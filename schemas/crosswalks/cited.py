"""A publication as those who cite it see it: who, what, when, where, and nothing that only libraries need.

In: a `Bib` and its permalink. Out: a `Cited`, of which RIS, BibTeX, EndNote,
CSL and the citations are made. Names of Vietnamese people stay whole: cut at the last blank they would be other names.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from schemas.bib import Agent, Bib, Title
from schemas.maps.languages import language_tag
from schemas.maps.tables import Row, parts, plain, rows
from schemas.vietnamese.names import natural

_HERE: Final = "schemas.crosswalks"
Part = Literal["author", "editor", "translator", "illustrator"]
Target = Literal["csl", "ris", "bibtex", "endnote", "schema_org"]

_PAGES: Final = re.compile(r"(\d{1,5})\s*(?:tr\b|trang\b|pages?\b|pp?\b)", re.IGNORECASE)


class Name(msgspec.Struct, frozen=True):
    """Who made it: a family name and the rest of a name that was written so, or a name that is `whole`."""

    whole: str = ""
    family: str = ""
    given: str = ""

    @property
    def inverted(self) -> str:
        """The name as it stands in an alphabetical list."""
        return self.whole or f"{self.family}, {self.given}"

    @property
    def spoken(self) -> str:
        """The name as it is said."""
        return self.whole or f"{self.given} {self.family}"


class Cited(msgspec.Struct, frozen=True):
    """One publication as it is cited; empty where the record does not say."""

    material: str
    title: str
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    illustrators: tuple[Name, ...] = ()
    edition: str = ""
    place: str = ""
    publisher: str = ""
    year: str = ""
    volume: str = ""
    series: str = ""
    series_volume: str = ""
    pages: str = ""
    isbns: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    doi: str = ""
    language: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    call_number: str = ""
    notes: tuple[str, ...] = ()
    address: str = ""

    def kind(self, target: Target) -> str:
        """Give the kind of publication in the words of a format."""
        row = _kinds().get(self.material) or _kinds()["book"]
        return row[target]


def tagged(found: Cited, tags: Sequence[tuple[str, str]], written: Callable[[Name], str]) -> Iterator[tuple[str, str]]:
    """Yield tag and text, in the order of `tags` (tag, field of `Cited`), one for each value that is stated; names as
    they are `written`.
    """
    for tag, part in tags:
        value = getattr(found, part)
        for each in (value,) if isinstance(value, str) else value:
            if text := one_line(each if isinstance(each, str) else written(each)):
                yield tag, text


def cited(bib: Bib, address: str = "") -> Cited:
    """Take from a record what a citation needs; `address` is the permalink of the record."""
    people = _by_part(bib)
    series = bib.series[0] if bib.series else None
    pages = _PAGES.search(bib.extent)
    return Cited(
        material=bib.material,
        title=said(bib.title),
        authors=people["author"],
        editors=people["editor"],
        translators=people["translator"],
        illustrators=people["illustrator"],
        edition=bib.edition.statement,
        place=bib.publication.place,
        publisher=bib.publication.publisher,
        year=str(bib.publication.year) if bib.publication.year else bib.publication.date,
        volume=bib.title.number,
        series=series.title if series else "",
        series_volume=series.volume if series else "",
        pages=pages[1] if pages else "",
        isbns=_distinct(bib.numbers("isbn")),
        issns=_distinct(bib.numbers("issn")),
        doi=next(iter(bib.numbers("doi")), ""),
        language=language_tag(bib.languages[0]) if bib.languages else "",
        abstract=bib.summary,
        keywords=_distinct(tuple(subject.heading for subject in bib.subjects if subject.heading)),
        call_number=next((one.number for one in bib.classes if one.scheme == "ddc"), ""),
        notes=bib.notes,
        address=address,
    )


def said(title: Title) -> str:
    """Write a title as it is cited: without blanks before its marks."""
    numbered = ". ".join(text for text in (title.main, title.number, title.part) if text)
    return f"{numbered}: {title.remainder}" if title.remainder else numbered


def name(agent: Agent) -> Name:
    """Take the name of a person apart where a comma says how; what has none, and names of bodies, are whole."""
    heading = natural(agent.name)
    family, comma, given = heading.partition(",")
    if agent.kind != "person" or not comma or not given.strip() or not family.strip():
        return Name(whole=heading)
    return Name(family=family.strip(), given=given.strip())


def one_line(text: str) -> str:
    """Give a text without line breaks and control characters: formats of one line a value would take them for ends."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _by_part(bib: Bib) -> dict[Part, tuple[Name, ...]]:
    found: dict[Part, dict[Name, None]] = {"author": {}, "editor": {}, "translator": {}, "illustrator": {}}
    for agent in bib.agents:
        part = _part(agent)
        if part and agent.name:
            found[part][name(agent)] = None
    if not found["author"] and not found["editor"]:  # a body named beside nobody is responsible
        found["author"] = dict.fromkeys(name(agent) for agent in bib.agents if agent.name and not agent.role)
    return {part: tuple(names) for part, names in found.items()}


def _part(agent: Agent) -> Part | None:
    """Tell what somebody did, by the first word of the role that is known; without a role: wrote it."""
    known = (_parts().get(plain(word)) for word in re.split(r"[,;&/]", agent.role) if word.strip())
    found = next((part for part in known if part), None)
    wrote = agent.main or (agent.kind == "person" and not agent.role.strip())
    return found or ("author" if wrote else None)


@cache
def _parts() -> Mapping[str, Part]:
    found: dict[str, Part] = {}
    for row in rows("cited_roles", _HERE):
        for part in ("author", "editor", "translator", "illustrator"):
            if row["role"] == part:
                found.update(dict.fromkeys(map(plain, parts(row["words"])), part))
    return MappingProxyType(found)


@cache
def _kinds() -> Mapping[str, Row]:
    return MappingProxyType({row["code"]: row for row in rows("material_types", _HERE)})


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
