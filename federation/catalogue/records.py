"""What the catalogue gives the doors: records, lines of lists, hits. Values only.

In: rows of the store. Out: frozen values; the texts of a `Change` are unfolded only when they are asked for, or those
of a page together, since a list shows one form of a record or none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from federation.errors import Inconsistent
from federation.store.changes import ChangeRow, ChangesWindow
from federation.store.compress import expand, expand_all
from federation.store.unions import HeldBy, Origin, UnionRow
from schemas.bib import Bib, load

__all__ = [
    "Answer",
    "Change",
    "Changes",
    "ChangesWindow",
    "Described",
    "HeldBy",
    "Hit",
    "Names",
    "Origin",
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
    """One record of a result: its description and the codes of the members that hold it."""

    id: int
    bib: Bib
    members: tuple[str, ...]
    datestamp: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question found: how many in all, the hits of this page in order, the facets."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]


class Change:
    """One line of a list of changes. `sets` of a line that is deleted in a set's list is that set alone.

    `origins` and `holdings` are filled when the list was asked for with them.
    """

    __slots__ = (
        *("id", "datestamp", "deleted", "sets", "identifier", "origins", "holdings"),
        *("_stored", "_content", "_names"),
    )

    def __init__(self, row: ChangeRow, names: Names, set_spec: str) -> None:
        self.id, self.datestamp, self.deleted, self.sets, self._stored = row
        if set_spec and self.deleted:
            self.sets = (set_spec,)
        self.identifier = names.identifier(self.id)
        self.origins: tuple[Origin, ...] = ()
        self.holdings: tuple[HeldBy, ...] = ()
        self._content: bytes | memoryview = b""
        self._names = names

    @property
    def address(self) -> str:
        """The permalink."""
        return self._names.address(self.id)

    @property
    def content(self) -> bytes | memoryview:
        """The stored form that the window asked for, unfolded; raises `Inconsistent` when it is missing or damaged."""
        return self._content or unfolded(self._stored, self.id)

    #: the exported MARCXML (of a window with contents `marcxml`)
    exported = content

    @property
    def bib(self) -> Bib:
        """The merged record (of a window with contents `content`)."""
        return load(bytes(self.content))


def unfold(page: Iterable[Change]) -> None:
    """Unfold the live lines of a page together. Where that cannot be, each is unfolded when it is asked for, and says
    for itself that it is damaged.
    """
    live = [change for change in page if not change.deleted]
    for change, content in zip(live, expand_all([change._stored for change in live]) or (), strict=False):
        change._content = content


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of a list of changes, and whether more follow."""

    page: tuple[Change, ...]
    more: bool


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
