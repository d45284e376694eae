"""What the catalogue gives the doors: records, lines of lists, hits. Values only.

In: rows of the store. Out: frozen values; the texts of a `Change` are unfolded only when they are asked for, since most
lists show one form of a record and some show none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from federation.errors import Inconsistent
from federation.store.changes import ChangeRow, ChangesWindow
from federation.store.compress import expand
from federation.store.unions import HeldBy, Origin, UnionRow
from schemas.bib import Bib, load

__all__ = ["Answer", "Change", "Changes", "ChangesWindow", "Described", "HeldBy", "Hit", "Origin", "UnionRecord"]


class Described(Protocol):
    """What every writer of a format may rely on: number, exported MARCXML, internal record."""

    @property
    def id(self) -> int:
        """The number of the union record."""
        ...

    @property
    def marcxml(self) -> str:
        """The exported `<record xmlns="http://www.loc.gov/MARC21/slim">` element."""
        ...

    @property
    def bib(self) -> Bib:
        """The merged record."""
        ...


@dataclass(frozen=True, slots=True)
class UnionRecord:
    """A union record whole: description, holdings, and the records as received it is made of (`sources`).

    A tombstone (`deleted`) keeps the description it last had, and names its successor after a merge.
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
    """One line of a list of changes. `sets` of a line that is deleted in a set's list is that set alone."""

    def __init__(self, row: ChangeRow, sets: tuple[str, ...], origins: tuple[Origin, ...] = ()) -> None:
        self.id = row.id
        self.datestamp = row.datestamp
        self.deleted = row.deleted
        self.sets = sets
        self.origins = origins
        self._stored = row.stored

    @cached_property
    def content(self) -> bytes:
        """The stored form that the window asked for, unfolded; raises `Inconsistent` when it is missing or damaged."""
        return unfolded(self._stored, self.id)

    @property
    def marcxml(self) -> str:
        """The exported MARCXML (of a window with contents `marcxml`)."""
        return self.content.decode()

    @cached_property
    def bib(self) -> Bib:
        """The merged record (of a window with contents `content`)."""
        return load(self.content)


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


def whole(row: UnionRow, holdings: tuple[HeldBy, ...], sources: tuple[Origin, ...]) -> UnionRecord:
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
    )
