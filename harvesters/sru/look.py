"""A look at an SRU server before it is harvested: what its Explain record says, and what it really does.

In: a source. Out: `Seen`, from at most some twenty requests; nothing is kept. A server that is not there, or answers
with something else than SRU, raises `HarvestError`; whatever else goes wrong is part of what is seen (`notes`, and
`fault` when no record could be had).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from harvesters.base import SourceSpec
from harvesters.errors import Diagnosed, HarvestError, SourceRefused
from harvesters.result import Taken
from harvesters.searched import Searched, capped
from harvesters.sru.client import BEYOND, TOO_MANY, Response, SruClient
from harvesters.sru.explain import Schema
from harvesters.sru.profile import profile
from harvesters.sru.taking import taken
from harvesters.timed import HASTE, TimedHttp

#: requests that one look may make
MOST: Final = 20
_SAMPLE: Final = 10
#: indexes by which results can be divided or changes asked for, the best first, with the way to divide
_DIVIDING: Final = (
    ("rec.id", "keys:rec.id"),
    ("rec.identifier", "keys:rec.identifier"),
    ("dc.date", "years:dc.date"),
    ("bath.controlnumber", "keys:bath.controlnumber"),
)
_CHANGES: Final = ("rec.lastmodificationdate", "rec.lastmodified", "dc.modified", "dcterms.modified", "rec.changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Searched):
    """What was seen of a server of SRU."""

    title: str = ""
    version: str = ""
    asked_version: str = ""
    schemas: tuple[Schema, ...] = ()
    chosen: str = ""
    indexes: tuple[str, ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()
    encoding: str = ""
    tells_next: bool | None = None


def look(spec: SourceSpec, contact: str = "") -> Seen:
    """Look at the server of a source; raises `HarvestError` when there is none, or none of SRU."""
    with TimedHttp({**HASTE, **spec.options}, contact, spec.shared, MOST) as connection:
        looking = _Looking(SruClient(spec.url, connection, profile(spec.options)))
        found = looking.all()
        return replace(
            found,
            latency=connection.latency,
            requests=len(connection.times),
            notes=tuple(looking.notes),
        )


@dataclass
class _Looking:
    client: SruClient
    notes: list[str] = field(default_factory=list)

    def all(self) -> Seen:
        found = self._explained()
        try:
            response = self.client.search(self._query, 1)
        except Diagnosed as error:
            return replace(found, fault=f"no record could be had: {error.message}")
        found = self._first(found, response)
        if not found.records:
            return replace(found, fault="no record came: nothing can be said of this server")
        found = self._second(found)
        return self._indexes(capped(found, self._gives, self.notes))

    @property
    def _query(self) -> str:
        return self.client.profile.query

    def _explained(self) -> Seen:
        offered = self.client.explained()
        if offered.fault:
            self.notes.append(f"Explain: {offered.fault}")
        try:
            self.client.agree()
        except SourceRefused as error:
            self.notes.append(error.message)
            self.client.schemas = [offered.schemas[0].asked]
        return Seen(
            title=offered.title,
            version=offered.version,
            schemas=offered.schemas,
            indexes=offered.indexes,
            defaults=offered.defaults,
        )

    def _first(self, found: Seen, response: Response) -> Seen:
        read = self._read(response, 1)
        return replace(
            found,
            chosen=self.client.schemas[0],
            asked_version=self.client.version,
            hits=response.said.hits,
            records=read.records[:_SAMPLE],
            withheld=read.lost,
            page_size=read.count,
            page_bytes=len(response.content),
            encoding=response.root.getroottree().docinfo.encoding or "UTF-8",
            tells_next=response.said.next is not None if (response.said.hits or 0) > read.count else None,
        )

    def _read(self, response: Response, number: int) -> Taken:
        read = taken(response, number, self.client.profile.names)
        if read.fault:
            self.notes.append(f"page {number} is broken: {read.fault}")
        return read

    def _second(self, found: Seen) -> Seen:
        """Look whether the next page brings other records, and the same number of them in all."""
        if (found.hits or 0) <= found.page_size:
            return found
        try:
            response = self.client.search(self._query, found.page_size + 1)
        except HarvestError as error:
            self.notes.append(f"the second page cannot be had: {error.message}")
            return found
        names = {record.local_id for record in self._read(response, 2).records}
        if names and names <= {record.local_id for record in found.records}:
            self.notes.append("the second page brings the records of the first again: startRecord is not minded")
        if response.said.hits != found.hits:
            self.notes.append(f"numberOfRecords changes from page to page ({found.hits}, then {response.said.hits})")
        return found

    def _gives(self, place: int) -> bool:
        try:
            return bool(self._read(self.client.search(self._query, place, 1), 3).count)
        except Diagnosed as error:
            if error.number not in (BEYOND, TOO_MANY):
                self.notes.append(f"record {place}: {error.message}")
            return False
        except HarvestError as error:
            self.notes.append(f"record {place}: {error.message}")
            return False

    def _indexes(self, found: Seen) -> Seen:
        """Try the indexes that help to divide, and to ask for changes."""
        known = {index.lower(): index for index in found.indexes}
        divides = (way for name, way in _DIVIDING if name in known and self._takes(known[name], "0", found.hits))
        # A day before any catalogue: an index that holds days finds what changed since.
        changes = (known[name] for name in _CHANGES if name in known and self._takes(known[name], "1900-01-01", None))
        return replace(found, dividing=_next(divides) if found.cap is not None else "", changes=_next(changes))

    def _takes(self, index: str, term: str, hits: int | None) -> bool:
        try:
            said = self.client.search(f'({self._query}) and {index} >= "{term}"', 1, 1).said.hits
        except HarvestError:
            return False
        return bool(said) and (hits is None or said == hits)


def _next(found: Iterator[str]) -> str:
    return next(found, "")
