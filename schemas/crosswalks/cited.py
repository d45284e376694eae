"""A publication as those who cite it see it: who, what, when, where, and nothing that only libraries need.

In: a `Bib` and its permalink. Out: a `Cited`, of which RIS, BibTeX, EndNote,
CSL and the citations are made. Names of Vietnamese people stay whole: cut at the last blank they would be other names.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from schemas.bib import Agent, Bib, Title
from schemas.crosswalks.cited_host import Within, within
from schemas.crosswalks.cited_names import Name, names
from schemas.maps.languages import language_tag
from schemas.maps.tables import Row, parts, plain, rows
from schemas.vietnamese.evidence import is_syllable

_HERE: Final = "schemas.crosswalks"
Part = Literal["author", "editor", "translator", "illustrator"]
Target = Literal["csl", "ris", "bibtex", "endnote", "schema_org"]

#: what romanised words may begin with: ayn, alif, soft signs
_ROMANISED: Final = frozenset("ʻʼʹʺʿʾ")
_WORD: Final = re.compile(r"\w+")
_PAGES: Final = re.compile(r"(\d{1,5})\s*(?:tr\b|trang\b|pages?\b|pp?\b)", re.IGNORECASE)


class Cited(msgspec.Struct, frozen=True):
    """One publication as it is cited; empty where the record does not say.

    Of an article or a chapter `host` is what it stands in; volume, issue, pages and numbers are those of its place.
    """

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
    host: str = ""
    issue: str = ""
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

    @property
    def journal(self) -> str:
        """The journal an article stands in."""
        return self.host if self.material != "chapter" else ""

    @property
    def book(self) -> str:
        """The book a chapter stands in."""
        return self.host if self.material == "chapter" else ""

    @property
    def first_page(self) -> str:
        """The page it begins on; of a publication by itself the number of its pages."""
        return self.pages.partition("-")[0]

    @property
    def last_page(self) -> str:
        """The page it ends on."""
        return self.pages.partition("-")[2]

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
    # A track or a plate is cited by itself: styles know no album for it.
    place = within(bib) if bib.material == "article" else Within()
    series = bib.series[0] if bib.series and not place.title else None
    return Cited(
        material="chapter" if place.book else bib.material,
        title=said(bib.title),
        authors=people["author"],
        editors=people["editor"],
        translators=people["translator"],
        illustrators=people["illustrator"],
        edition=bib.edition.statement,
        place=bib.publication.place,
        publisher=bib.publication.publisher,
        year=str(bib.publication.year) if bib.publication.year else bib.publication.date or place.year,
        volume=place.volume or bib.title.number,
        host=place.title,
        issue=place.issue,
        series=series.title if series else "",
        series_volume=series.volume if series else "",
        pages=place.pages if place.title else _pages(bib.extent),
        isbns=_distinct((*bib.numbers("isbn"), place.isbn)),
        issns=_distinct((*bib.numbers("issn"), place.issn)),
        doi=next(iter(bib.numbers("doi")), ""),
        language=language_tag(bib.languages[0]) if bib.languages else "",
        abstract=bib.summary,
        keywords=_distinct(tuple(subject.heading for subject in bib.subjects if subject.heading)),
        call_number=next((one.number for one in bib.classes if one.scheme == "ddc"), ""),
        notes=bib.notes,
        address=address,
    )


def _pages(extent: str) -> str:
    found = _PAGES.search(extent)
    return found[1] if found else ""


def said(title: Title) -> str:
    """Write a title as it is cited: without blanks before its marks."""
    numbered = ". ".join(text for text in (title.main, title.number, title.part) if text)
    return f"{numbered}: {title.remainder}" if title.remainder else numbered


def is_vietnamese(languages: Sequence[str], title: str) -> bool:
    """Tell whether a publication is in Vietnamese.

    Many a record does not say; the words of its title that have marks do, when all of them are Vietnamese.
    """
    said = [code for code in languages[:1] if code != "und"]
    marked = [word for word in _WORD.findall(title) if not word.isascii()]
    return said[0] in ("vie", "vi") if said else bool(marked) and all(map(is_syllable, marked))


def one_line(text: str) -> str:
    """Give a text without line breaks and control characters: formats of one line a value would take them for ends."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _by_part(bib: Bib) -> dict[Part, tuple[Name, ...]]:
    found: dict[Part, dict[Name, None]] = {"author": {}, "editor": {}, "translator": {}, "illustrator": {}}
    local = is_vietnamese(bib.languages, bib.title.main)
    for agent in bib.agents:
        for name, role in _named(agent, local):
            part = part_of(agent.role or role) or _part_without_role(agent, role)
            if part:
                found[part][name] = None
    if not found["author"] and not found["editor"]:  # a body named beside nobody is responsible
        nameless = (agent for agent in bib.agents if not agent.role)
        found["author"] = {name: None for agent in nameless for name, role in _named(agent, local) if not role}
    twice = any(_is_latin(str(title)) != _is_latin(str(bib.title)) for title in bib.other_titles)
    return {part: _in_one_script(tuple(several)) if twice else tuple(several) for part, several in found.items()}


def _in_one_script(several: tuple[Name, ...]) -> tuple[Name, ...]:
    """Give each once where as many are told in letters of Latin as in others: 880 says them a second time."""
    latin = tuple(name for name in several if _is_latin(name.inverted))
    others = tuple(name for name in several if name not in latin)
    return several if len(latin) != len(others) else latin if several[:1] == latin[:1] else others


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return not letters or "LATIN" in unicodedata.name(letters[0], "LATIN") or letters[0] in _ROMANISED


def _named(agent: Agent, local: bool) -> Iterator[tuple[Name, str]]:
    return names(agent, _role_words(), local) if agent.name else iter(())


def part_of(role: str) -> Part | None:
    """Tell what somebody did by the first word of a role that is known; None when none is."""
    known = (_parts().get(plain(word)) for word in re.split(r"[,;&/]", role) if word.strip())
    return next((part for part in known if part), None)


def _part_without_role(agent: Agent, role: str) -> Part | None:
    wrote = agent.main or (agent.kind == "person" and not agent.role.strip() and not role)
    return "author" if wrote else None


@cache
def _role_words() -> frozenset[str]:
    return frozenset(plain(word) for row in rows("cited_roles", _HERE) for word in parts(row["words"]))


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
    return tuple(dict.fromkeys(filter(None, values)))
