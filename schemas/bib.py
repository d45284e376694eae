"""The bibliographic record inside the house: one shape, whatever schema a library sent.

In: values found by a crosswalk. Out: frozen values that matching compares, the index takes apart and doors render.
Names follow MARC 21 and RDA; empty text means "not stated"; years are of the Gregorian calendar.
`dump` and `load` carry a `Bib` to and from compact JSON bytes; what has its default value is left out.
"""

import json
from dataclasses import MISSING, dataclass, fields
from typing import Any, Literal

AgentKind = Literal["person", "corporate", "meeting"]


@dataclass(frozen=True, slots=True)
class Title:
    """A title without ISBD punctuation: proper, remainder, number and name of the part (245 $a $b $n $p, $c)."""

    main: str
    remainder: str = ""
    number: str = ""
    part: str = ""
    responsibility: str = ""

    def __str__(self) -> str:
        numbered = ". ".join(text for text in (self.main, self.number, self.part) if text)
        return f"{numbered} : {self.remainder}" if self.remainder else numbered


@dataclass(frozen=True, slots=True)
class Agent:
    """Who made it (1XX, 7XX): heading without role and ending punctuation; `role` as stated; `main` for 1XX."""

    name: str
    kind: AgentKind = "person"
    role: str = ""
    dates: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number: scheme `isbn`, `issn`, `lccn`, `oclc`, `doi`, `local`; value normalised when `valid`.

    A valid ISBN is 13 digits; a valid ISSN is NNNN-NNNN. `qualifier` is what stood in brackets or 020 $q.
    """

    scheme: str
    value: str
    qualifier: str = ""
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject heading (6XX): its parts joined by " -- "; `kind` topic, place, person, corporate, title, genre, keyword."""

    heading: str
    kind: str = "topic"
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """A class number: scheme `ddc`, `lcc`, `udc`, `bbk` or what $2 says."""

    scheme: str
    number: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Edition statement (250), without its ending punctuation."""

    statement: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Where, by whom, when (260, 264 _1, 008): texts as stated, `year` the first four digits that are a year, or 0."""

    place: str = ""
    publisher: str = ""
    date: str = ""
    year: int = 0
    country: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A series statement (490, 440, 830) with its volume as stated."""

    title: str
    volume: str = ""
    issn: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An electronic location (856): address and the text to show."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """What one library has of it at one place: location, call number, number of copies (0: not stated), note."""

    location: str = ""
    call_number: str = ""
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bib:
    """One publication as one library describes it. `material` and `languages` are codes of the tables in `schemas.maps`."""

    title: Title
    material: str = "book"
    level: str = "m"
    languages: tuple[str, ...] = ()
    original_languages: tuple[str, ...] = ()
    other_titles: tuple[Title, ...] = ()
    agents: tuple[Agent, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    subjects: tuple[Subject, ...] = ()
    classes: tuple[Classification, ...] = ()
    edition: Edition = Edition("")
    publication: Publication = Publication()
    extent: str = ""
    dimensions: str = ""
    series: tuple[Series, ...] = ()
    summary: str = ""
    contents: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    holdings: tuple[Holding, ...] = ()
    control_number: str = ""
    control_agency: str = ""

    @property
    def creator(self) -> str:
        """The main entry, else the first agent, else an empty string."""
        for agent in self.agents:
            if agent.main:
                return agent.name
        return self.agents[0].name if self.agents else ""

    def numbers(self, scheme: str) -> tuple[str, ...]:
        """Give the valid identifiers of one scheme."""
        return tuple(i.value for i in self.identifiers if i.scheme == scheme and i.valid)


_SHAPES: dict[str, type] = {
    "title": Title,
    "other_titles": Title,
    "agents": Agent,
    "identifiers": Identifier,
    "subjects": Subject,
    "classes": Classification,
    "edition": Edition,
    "publication": Publication,
    "series": Series,
    "links": Link,
    "holdings": Holding,
}
_DEFAULTS = {field.name: field.default for field in fields(Bib) if field.default is not MISSING}
_FIELDS = {shape: tuple((field.name, field.default) for field in fields(shape)) for shape in set(_SHAPES.values())}


def _flat(value: Any) -> Any:
    shape = _FIELDS.get(type(value))
    if shape is None:
        return value
    row = [getattr(value, name) for name, _ in shape]
    while len(row) > 1 and row[-1] == shape[len(row) - 1][1]:
        row.pop()
    return row


def dump(bib: Bib) -> bytes:
    """Write a `Bib` as compact JSON; `load(dump(bib)) == bib`."""
    out: dict[str, Any] = {}
    for field in fields(bib):
        value = getattr(bib, field.name)
        if value == _DEFAULTS.get(field.name, MISSING):
            continue
        out[field.name] = [_flat(item) for item in value] if isinstance(value, tuple) else _flat(value)
    return json.dumps(out, ensure_ascii=False, separators=(",", ":")).encode()


def load(content: bytes) -> Bib:
    """Read what `dump` wrote."""
    values: dict[str, Any] = {}
    for name, value in json.loads(content).items():
        shape = _SHAPES.get(name)
        if isinstance(_DEFAULTS.get(name), tuple):
            values[name] = tuple(shape(*row) for row in value) if shape else tuple(value)
        else:
            values[name] = shape(*value) if shape else value
    return Bib(**values)
