"""What the API says: every shape of `/api/v1`, from which both the JSON and the schemas of the OpenAPI document are
made.

In: nothing. Out: msgspec structs; a field's description is what a reader of the document sees. Fields are added, never
renamed or taken away within a version. Times are RFC 3339 in UTC, years of the Gregorian calendar; what is not known is
null, and what there is none of is an empty list.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from federation.api.description import Description

Id = Annotated[int, Meta(ge=1, description="Number of the union record; never used again.")]
Identifier = Annotated[str, Meta(description="OAI identifier.")]
Address = Annotated[str, Meta(description="Permalink for readers; outlives re-harvest and merge.")]
Datestamp = Annotated[str, Meta(description="When what is exported of it last changed.")]
Code = Annotated[str, Meta(description="Code of a library; permanent.")]
Cursor = Annotated[str | None, Meta(description="Give it as `cursor` to go on; null at the end.")]
Count = Annotated[int, Meta(ge=0)]


class Hit(msgspec.Struct, frozen=True):
    """A record as a line of a result."""

    id: Id
    oai: Identifier
    address: Address
    datestamp: Datestamp
    title: str
    author: str
    year: int | None
    publisher: str
    edition: str
    material: Annotated[str, Meta(description="Code of the type of material.")]
    languages: Annotated[tuple[str, ...], Meta(description="MARC codes.")]
    isbns: Annotated[tuple[str, ...], Meta(description="Valid ones, 13 digits.")]
    members: Annotated[tuple[str, ...], Meta(description="Codes of the libraries that hold it.")]


class Value(msgspec.Struct, frozen=True):
    """A value of a facet: what to give as `f.<facet>`, how many records have it, what it is called."""

    value: str
    count: Count
    label: str


class Records(msgspec.Struct, frozen=True):
    """A page of a result; facets are counted for the first page only, over all filters but their own."""

    total: Count
    hits: tuple[Hit, ...]
    facets: Annotated[dict[str, tuple[Value, ...]], Meta(description="Facet → its commonest values.")]
    next: Cursor


class Held(msgspec.Struct, frozen=True):
    """What one library holds of a record at one place; `copies` is null where it is not stated."""

    member: Code
    name: str
    local_id: Annotated[str, Meta(description="The library's own number of the record.")]
    location: str
    call_number: str
    copies: int | None
    note: str
    as_of: Annotated[str, Meta(description="Day on which the library last said so.")]


class Part(msgspec.Struct, frozen=True):
    """A library's own record that the union record is made of."""

    member: Code
    local_id: str


class Download(msgspec.Struct, frozen=True):
    """The record in another format."""

    format: str
    type: str
    address: str


class Record(msgspec.Struct, frozen=True):
    """A record whole: description, holdings, what it is made of, where to get it in other formats."""

    id: Id
    oai: Identifier
    address: Address
    datestamp: Datestamp
    group: Annotated[int, Meta(description="The same for all printings and editions of a work.")]
    sets: Annotated[tuple[str, ...], Meta(description="OAI-PMH sets it is in.")]
    title: str
    author: str
    year: int | None
    members: tuple[Part, ...]
    holdings: tuple[Held, ...]
    formats: tuple[Download, ...]
    record: Description


class District(msgspec.Struct, frozen=True):
    """A district of old: of the level that ended on 30 June 2025."""

    code: str
    name: str


class Library(msgspec.Struct, frozen=True):
    """A library of the catalogue as it stands today."""

    code: Code
    name: str
    page: Annotated[str, Meta(description="Its own page in the catalogue.")]
    kind: str
    kind_name: str
    area: Annotated[str, Meta(description="Code of its administrative unit, or empty.")]
    area_name: str
    level: str
    districts: Annotated[
        tuple[District, ...],
        Meta(description="Where readers knew it before July 2025; two when its unit was made of two."),
    ]
    address: Annotated[str, Meta(description="Where it is; like all that follows empty where nobody said.")]
    phone: str
    email: str
    website: str
    hours: str
    latitude: float | None
    longitude: float | None
    titles: Annotated[int, Meta(ge=0, description="Union records it holds.")]
    set: Annotated[str, Meta(description="OAI-PMH set of what it holds.")]


class Libraries(msgspec.Struct, frozen=True):
    """All libraries, by code."""

    total: Count
    libraries: tuple[Library, ...]


class Title(msgspec.Struct, frozen=True):
    """A record and who holds it; `asked` are the numbers of the question that it answers."""

    id: Id
    oai: Identifier
    address: Address
    asked: tuple[str, ...]
    title: str
    isbns: tuple[str, ...]
    holdings: tuple[Held, ...]


class Holdings(msgspec.Struct, frozen=True):
    """Who holds what was asked for; `unknown` are the numbers that no library's record has."""

    titles: tuple[Title, ...]
    unknown: tuple[str, ...]


class Change(msgspec.Struct, frozen=True):
    """A record that changed. Deleted: it is no more (`successor`: the one it was merged into), or it left the set."""

    id: Id
    oai: Identifier
    address: Address
    datestamp: Datestamp
    deleted: bool
    successor: int | None
    sets: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """Changes in the order they came. `until`: complete up to here, not including it."""

    changes: tuple[Change, ...]
    more: Annotated[bool, Meta(description="Whether there is more now.")]
    next: Annotated[str, Meta(description="Give it as `cursor` to go on: at once while there is more, else some day.")]
    until: Annotated[str, Meta(description="The next `since` of who keeps times and no cursors.")]


class Beginning(msgspec.Struct, frozen=True):
    """Where to begin: the parts of the API, each with its address."""

    name: str
    version: str
    document: str
    addresses: dict[str, str]


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why there is no answer (RFC 9457). `code` is stable; `parameter` is the one that is wrong."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=300, le=599)]
    detail: str
    code: str
    parameter: str = ""
    successor: int | None = None
    address: str = ""


#: any answer but a problem
Said = Records | Record | Library | Libraries | Holdings | Changes | Beginning
#: every shape, for the document
SHAPES: tuple[Any, ...] = (Beginning, Records, Record, Libraries, Library, Holdings, Changes, Problem)
