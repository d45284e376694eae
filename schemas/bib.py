"""The bibliographic record inside the house: one shape, whatever schema a library sent.

In: values found by a crosswalk. Out: frozen values that matching compares, the index takes apart and doors render.
Names follow MARC 21 and RDA; empty text means "not stated"; years are of the Gregorian calendar.
`dump` and `load` carry a `Bib` to and from compact JSON bytes; `replace` gives a value with other fields.
The values are msgspec's, not dataclasses: every record is made, written and read several times on its way.
"""

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

__all__ = [
    "Agent",
    "AgentKind",
    "Bib",
    "Classification",
    "Edition",
    "Holding",
    "Host",
    "Identifier",
    "Link",
    "Publication",
    "Series",
    "Subject",
    "Title",
    "dump",
    "load",
    "replace",
]

AgentKind = Literal["person", "corporate", "meeting"]


class Title(msgspec.Struct, frozen=True, array_like=True):
    """A title without ISBD punctuation: proper, remainder, number and name of the part (245 $a $b $n $p, $c)."""

    main: str
    remainder: str = ""
    number: str = ""
    part: str = ""
    responsibility: str = ""

    def __str__(self) -> str:
        numbered = ". ".join(text for text in (self.main, self.number, self.part) if text)
        return f"{numbered} : {self.remainder}" if self.remainder else numbered


class Agent(msgspec.Struct, frozen=True, array_like=True):
    """Who made it (1XX, 7XX): heading without role and ending punctuation; `role` as stated; `main` for 1XX."""

    name: str
    kind: AgentKind = "person"
    role: str = ""
    dates: str = ""
    main: bool = False


class Identifier(msgspec.Struct, frozen=True, array_like=True):
    """A number: scheme `isbn`, `issn`, `lccn`, `oclc`, `doi`, `local`; value normalised when `valid`.

    A valid ISBN is 13 digits; a valid ISSN is NNNN-NNNN. `qualifier` is what stood in brackets or 020 $q.
    """

    scheme: str
    value: str
    qualifier: str = ""
    valid: bool = True


class Subject(msgspec.Struct, frozen=True, array_like=True):
    """A subject heading (6XX), joined by " -- "; `kind`: topic, place, person, corporate, title, genre or keyword."""

    heading: str
    kind: str = "topic"
    scheme: str = ""


class Classification(msgspec.Struct, frozen=True, array_like=True):
    """A class number: scheme `ddc`, `lcc`, `udc`, `bbk` or what $2 says."""

    scheme: str
    number: str


class Edition(msgspec.Struct, frozen=True, array_like=True):
    """Edition statement (250), without its ending punctuation."""

    statement: str


class Publication(msgspec.Struct, frozen=True, array_like=True):
    """Where, by whom, when (260, 264 _1, 008): texts as stated, `year` the first four digits that are a year, or 0."""

    place: str = ""
    publisher: str = ""
    date: str = ""
    year: int = 0
    country: str = ""


class Series(msgspec.Struct, frozen=True, array_like=True):
    """A series statement (490, 440, 830) with its volume as stated."""

    title: str
    volume: str = ""
    issn: str = ""


class Host(msgspec.Struct, frozen=True, array_like=True):
    """What it is a part of (773): title, where in it ("Số 3 (2009)"), numbers: $w as stated, "(ISSN) …", "(ISBN) …".

    A control number without the code of its agency is of the agency of the record.
    """

    title: str = ""
    part: str = ""
    numbers: tuple[str, ...] = ()


class Link(msgspec.Struct, frozen=True, array_like=True):
    """An electronic location (856): address and the text to show."""

    url: str
    text: str = ""


class Holding(msgspec.Struct, frozen=True, array_like=True):
    """What one library has of it at one place: location, call number, number of copies (0: not stated), note."""

    location: str = ""
    call_number: str = ""
    copies: int = 0
    note: str = ""


class Bib(msgspec.Struct, frozen=True, omit_defaults=True):
    """One publication as one library describes it; `material` and `languages` are codes of `schemas.maps`.

    `carriers` are what it is on, where coded data say so: "disc cd", "tape", "video dvd", "access online".
    `content_types` are codes of RDA (336) where they are others than the material says: still image in a book.
    """

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
    carriers: tuple[str, ...] = ()
    content_types: tuple[str, ...] = ()
    host: Host = Host()

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


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Bib)


def dump(bib: Bib) -> bytes:
    """Write a `Bib` as compact JSON; `load(dump(bib)) == bib`."""
    return _ENCODER.encode(bib)


def load(content: bytes) -> Bib:
    """Read what `dump` wrote."""
    return _DECODER.decode(content)
