"""The description of a record as the API says it: the internal record with the names of its parts.

In: a `Bib`. Out: a `Description`. Inside the house parts are lists without names, which are short and quick to read; a
program of somebody else needs the names. What the record does not state is empty, a year 0.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from schemas.bib import Bib


class Name(msgspec.Struct, frozen=True):
    """A title: proper, remainder, number and name of the part, statement of responsibility."""

    main: str
    remainder: str
    number: str
    part: str
    responsibility: str


class Agent(msgspec.Struct, frozen=True):
    """Who made it; `main`: the main entry."""

    name: str
    kind: Annotated[str, Meta(description="person, corporate or meeting")]
    role: str
    dates: str
    main: bool


class Identifier(msgspec.Struct, frozen=True):
    """A number of a scheme (isbn, issn, lccn, oclc, doi, local); `valid`: its check digit is right."""

    scheme: str
    value: str
    qualifier: str
    valid: bool


class Subject(msgspec.Struct, frozen=True):
    """A subject heading."""

    heading: str
    kind: Annotated[str, Meta(description="topic, place, person, corporate, title, genre or keyword")]
    scheme: str


class Classification(msgspec.Struct, frozen=True):
    """A class number: ddc, lcc, udc, bbk or another scheme."""

    scheme: str
    number: str


class Edition(msgspec.Struct, frozen=True):
    """An edition statement."""

    statement: str


class Publication(msgspec.Struct, frozen=True):
    """Where, by whom and when, as stated; `year` as a number."""

    place: str
    publisher: str
    date: str
    year: int
    country: Annotated[str, Meta(description="MARC code")]


class Series(msgspec.Struct, frozen=True):
    """A series statement."""

    title: str
    volume: str
    issn: str


class Link(msgspec.Struct, frozen=True):
    """An electronic location; the address is as libraries sent it."""

    url: str
    text: str


class Host(msgspec.Struct, frozen=True):
    """What it is a part of: title, where in it, numbers of it as libraries stated them; empty for a book by itself."""

    title: str
    part: str
    numbers: tuple[str, ...]


class Description(msgspec.Struct, frozen=True):
    """One publication."""

    title: Name
    material: str
    level: Annotated[str, Meta(description="MARC 21 leader/07")]
    languages: tuple[str, ...]
    original_languages: tuple[str, ...]
    other_titles: tuple[Name, ...]
    agents: tuple[Agent, ...]
    identifiers: tuple[Identifier, ...]
    subjects: tuple[Subject, ...]
    classes: tuple[Classification, ...]
    edition: Edition
    publication: Publication
    extent: str
    dimensions: str
    series: tuple[Series, ...]
    summary: str
    contents: str
    notes: tuple[str, ...]
    links: tuple[Link, ...]
    carriers: tuple[str, ...]
    content_types: Annotated[tuple[str, ...], Meta(description="codes of RDA, where the material does not say it")]
    host: Host


def described(bib: Bib) -> Description:
    """Give the description of a record."""
    return msgspec.convert(bib, Description, from_attributes=True)
