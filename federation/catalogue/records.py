"""What the catalogue gives the doors: records, lines of lists, hits. Values only.

In: rows of the store. Out: frozen values. A page of a list is columns, and shows one form of its records or none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from federation.errors import Inconsistent
from federation.store.changes import ChangeRows, ChangesWindow
from federation.store.compress import expand
from federation.store.unions import HeldBy, Origin, UnionRow
from schemas.bib import Bib, load

__all__ = [
    "Answer",
    "Change",
    "Changes",
    "ChangesWindow",
    "Described",
    "Heading",
    "HeldBy",
    "Hit",
    "Names",
    "Origin",
    "Retrieved",
    "Scan",
    "UnionRecord",
]


class Described(Protocol):
    """What every writer of a format may rely on: number, OAI identifier, permalink, MARCXML, internal record."""

    @property
    def id(self) -> int:
        """The number of the union record."""
        ...

    @property
    def identifier(self) -> str:
        """The OAI identifier."""
        ...

    @property
    def address(self) -> str:
        """The permalink."""
        ...

    @property
    def exported(self) -> bytes | memoryview:
        """The exported `<record xmlns="http://www.loc.gov/MARC21/slim">` element, in UTF-8."""
        ...

    @property
    def bib(self) -> Bib:
        """The merged record."""
        ...

    @property
    def holdings(self) -> tuple[HeldBy, ...]:
        """Who holds it."""
        ...


@dataclass(frozen=True, slots=True)
class UnionRecord:
    """A union record whole: description, holdings, and the records as received it is made of (`sources`).

    A tombstone (`deleted`) keeps the description it last had, and names its successor after a merge. `identifier` is
    the OAI identifier, `address` the permalink.
    """

    id: int
    group_id: int
    datestamp: datetime
    deleted: bool
    successor_id: int | None
    sets: tuple[str, ...]
    bib: Bib
    marcxml: str
    holdings: tuple[HeldBy, ...]
    sources: tuple[Origin, ...]
    created_at: datetime
    identifier: str = ""
    address: str = ""

    @property
    def exported(self) -> bytes:
        """The MARCXML in UTF-8."""
        return self.marcxml.encode()

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Those of the sources that are OAI-PMH, as a line of a list has them."""
        return tuple(origin for origin in self.sources if origin.kind == "oaipmh")


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of records are made of: the domain part of OAI identifiers, and the public address."""

    repository_id: str
    public_url: str

    def identifier(self, union_id: int) -> str:
        """Give the OAI identifier of a record."""
        return f"oai:{self.repository_id}:{union_id}"

    def address(self, union_id: int) -> str:
        """Give the permalink of a record."""
        return f"{self.public_url}/record/{union_id}"


@dataclass(frozen=True, slots=True)
class Hit:
    """One record of a result: its description, the codes of the members that hold it, and the day the latest of them
    said so.
    """

    id: int
    bib: Bib
    members: tuple[str, ...]
    datestamp: datetime
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found: how many in all, the hits of this page in order, the facets."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a question found, as whole records in order; a record that has just gone leaves its place empty."""

    total: int
    records: tuple[UnionRecord | None, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of an access point: `value` as it is written and can be searched, the number of records that have it,
    and for codes what they stand for (`label`).
    """

    value: str
    count: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The headings around a place, all in ascending order: the last ones before it, and the first ones from it on.

    `exact`: the first one from the place on is the very term that was asked for. Fewer than were asked for is all there
    are on that side.
    """

    before: tuple[Heading, ...]
    after: tuple[Heading, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of a list of changes, column by column, and whether more lines follow it.

    A page is told as a whole wherever that can be: hundreds of lines have little to tell each. Those who need a line by
    itself get it as a `Change`. `contents` are the stored forms that the window asked for, unfolded, and empty where
    that could not be done together; `origins` and `holdings` of live lines are there when they were asked for.
    """

    rows: ChangeRows
    more: bool
    names: Names
    contents: Sequence[memoryview] = ()
    origins: Mapping[int, tuple[Origin, ...]] = field(default_factory=dict)
    holdings: Mapping[int, tuple[HeldBy, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.rows.ids)

    def __iter__(self) -> "Iterator[Change]":
        """Yield the lines in order."""
        return (Change(self, place) for place in range(len(self)))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a page, by its place."""

    page: Changes
    place: int

    @property
    def id(self) -> int:
        """The number of the union record."""
        return self.page.rows.ids[self.place]

    @property
    def datestamp(self) -> datetime:
        """When it last changed for those who read this list."""
        return self.page.rows.datestamps[self.place]

    @property
    def deleted(self) -> bool:
        """Whether it is a tombstone, or has left the set that is listed."""
        return self.page.rows.deleted[self.place]

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets it is in; of a line that is deleted in a set's list that set alone."""
        return self.page.rows.sets[self.place]

    @property
    def identifier(self) -> str:
        """The OAI identifier."""
        return self.page.names.identifier(self.id)

    @property
    def address(self) -> str:
        """The permalink."""
        return self.page.names.address(self.id)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The records as received by OAI-PMH that it is made of."""
        return self.page.origins.get(self.id, ())

    @property
    def holdings(self) -> tuple[HeldBy, ...]:
        """Who holds it."""
        return self.page.holdings.get(self.id, ())

    @property
    def content(self) -> bytes | memoryview:
        """The stored form that the window asked for, unfolded; raises `Inconsistent` when it is missing or damaged."""
        contents = self.page.contents
        return contents[self.place] if contents else unfolded(self.page.rows.stored[self.place], self.id)

    #: the exported MARCXML (of a window with contents `marcxml`)
    exported = content

    @property
    def bib(self) -> Bib:
        """The merged record (of a window with contents `content`)."""
        return load(bytes(self.content))


def unfolded(stored: bytes, union_id: int) -> bytes:
    """Unfold stored bytes; raises `Inconsistent` naming the record when they are missing or damaged."""
    try:
        return expand(stored)
    except Exception as error:  # zstandard's own error, or an unknown dictionary number
        raise Inconsistent(
            "record-damaged", f"stored bytes cannot be unfolded: {error}", f"record {union_id}"
        ) from error


def whole(row: UnionRow, names: Names, holdings: tuple[HeldBy, ...], sources: tuple[Origin, ...]) -> UnionRecord:
    """Make the record that doors show from its stored row."""
    return UnionRecord(
        id=row.id,
        group_id=row.group_id,
        datestamp=row.datestamp,
        deleted=row.deleted,
        successor_id=row.successor_id,
        sets=row.sets,
        bib=load(unfolded(row.content, row.id)),
        marcxml=unfolded(row.marcxml, row.id).decode(),
        holdings=holdings,
        sources=sources,
        created_at=row.created_at,
        identifier=names.identifier(row.id),
        address=names.address(row.id),
    )
