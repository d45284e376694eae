"""A look at a target before it is harvested: what it says when a session begins, and what it really does.

In: a source. Out: `Seen`, from at most some forty questions; nothing is kept. A target that is not there, lets nobody
in, or does not speak Z39.50 raises `HarvestError`; whatever else goes wrong is part of what is seen (`notes`, and
`fault` when no record could be had).
"""

import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Final

from harvesters.asking import Asking
from harvesters.base import SourceSpec
from harvesters.errors import HarvestError, SourceRefused
from harvesters.result import Taken, TooMany
from harvesters.searched import Searched, capped
from harvesters.timed import HASTE
from harvesters.z3950 import address, query
from harvesters.z3950.client import Client, Presented, Wanted
from harvesters.z3950.everything import agreed
from harvesters.z3950.profile import CHANGED, Index, Profile, index, profile
from harvesters.z3950.received import payload
from harvesters.z3950.session import Session
from harvesters.z3950.settings import settings
from harvesters.z3950.taking import taken
from harvesters.z3950.wire import Answer
from schemas.z3950 import oid
from schemas.z3950.rpn import Rpn

#: questions that one look may ask
MOST: Final = 40
_SAMPLE: Final = 10
#: indexes by which results can be divided or changes asked for, the best first: control number, date, days of change
_DIVIDING: Final = ("keys:1=12", "keys:1=12,4=3", "years:1=31", "years:1=31,4=4", "years:1=30")
_CHANGES: Final = ("1=1012", "1=1012,4=100", "1=1011")
#: a term before all and behind all that such an index holds
_EDGES: Final = {"keys": ("0", "zzzz"), "years": ("0", "9999"), "days": ("19000101", "99991231")}
_SYNTAXES: Final = (Wanted(oid.USMARC), Wanted(oid.OPAC), Wanted(oid.XML), Wanted(oid.XML, "marcxml"))


@dataclass(frozen=True, slots=True)
class Syntax:
    """A record syntax, the element set it was asked for with, and what came (`iso2709`, `marcxml`)."""

    name: str
    elements: str
    came: str
    holdings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Searched):
    """What was seen of a target of Z39.50."""

    name: str = ""
    version: str = ""
    protocol: int = 3
    services: tuple[str, ...] = ()
    charset: str = ""
    query: str = ""
    syntaxes: tuple[Syntax, ...] = ()
    asked: Wanted = _SYNTAXES[0]


def look(spec: SourceSpec) -> Seen:
    """Look at the target of a source; raises `HarvestError` when there is none, or none of Z39.50."""
    options = {**HASTE, **spec.options}
    chosen = profile(options)
    with closing(_Timed(address.read(spec.url), options, spec.shared)) as client:
        session = Session(client, settings(options).limits, chosen.wanted, chosen.page_size, chosen.sort)
        session.open()
        looking = _Looking(session, chosen)
        found = looking.all()
        times = client.times
        return replace(found, latency=statistics.median(times), requests=len(times), notes=tuple(looking.notes))


class _Timed(Client):
    """Counts its questions and takes their time."""

    def __init__(self, where: address.Address, options: Mapping[str, str], folder: str) -> None:
        super().__init__(where, options, folder)
        self.times: list[float] = []

    def _ask(self, request: Any) -> Answer:
        if len(self.times) >= MOST:
            raise SourceRefused("looked-enough", f"{MOST} questions are enough for a look", "")
        begun = time.monotonic()
        try:
            return super()._ask(request)
        finally:
            self.times.append(time.monotonic() - begun)


@dataclass
class _Looking:
    session: Session
    profile: Profile
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asking: Asking[Rpn, Presented] = Asking(self.session)

    def all(self) -> Seen:
        found = self._greeted()
        try:
            everything = agreed(self.session, self.profile.queries)
            asked = everything.rpn(self.session.client.term)
            found = self._first(replace(found, query=everything.text), asked)
        except HarvestError as error:
            return replace(found, fault=f"no record could be had: {error.message}")
        if not found.records:
            return replace(found, fault="no record came: nothing can be said of this target")
        self._second(found, asked)
        found = capped(found, lambda place: self._gives(asked, place), self.notes)
        found = self._indexes(found, asked)
        return replace(found, syntaxes=tuple(self._syntaxes(asked)))

    def _greeted(self) -> Seen:
        said = self.session.client.greeting
        services = tuple(option.name.lower().replace("_", " ") for option in sorted(said.options))
        return Seen(
            name=said.name,
            version=said.version,
            protocol=said.protocol,
            services=services,
            charset=said.charset,
        )

    def _first(self, found: Seen, asked: Rpn) -> Seen:
        try:
            hits = self.session.find(asked).hits
        except TooMany as error:
            return replace(found, fault=error.message, cap=0)
        if self.session.found.doubt:
            self.notes.append(f"search: {self.session.found.doubt}")
        given = self.asking.asked(asked, 1)
        read = self._read(given, 1)
        return replace(
            found,
            hits=hits,
            asked=self.session.wanted[0],
            records=read.records[:_SAMPLE],
            withheld=read.lost,
            page_size=read.count,
            page_bytes=len(given.content),
        )

    def _read(self, given: Presented, number: int) -> Taken:
        return taken(given.records, number, self.profile.names, self.session.client.limits)

    def _second(self, found: Seen, asked: Rpn) -> None:
        """Look whether the next page brings other records."""
        if (found.hits or 0) <= found.page_size:
            return
        try:
            given = self.asking.asked(asked, found.page_size + 1)
        except HarvestError as error:
            self.notes.append(f"the second page cannot be had: {error.message}")
            return
        names = {record.local_id for record in self._read(given, 2).records}
        if names and names <= {record.local_id for record in found.records}:
            self.notes.append("the second page brings the records of the first again: the place is not minded")
        if self.session.found.hits != found.hits:
            self.notes.append(f"the number of hits changes ({found.hits}, then {self.session.found.hits})")

    def _gives(self, asked: Rpn, place: int) -> bool:
        try:
            return bool(self.session.search(asked, place, 1).records)
        except HarvestError as error:
            self.notes.append(f"record {place}: {error.message}")
            return False

    def _indexes(self, found: Seen, asked: Rpn) -> Seen:
        """Try the indexes that help to divide, and to ask for changes."""
        divides = (way for way in _DIVIDING if self._divides(way, asked, found.hits or 0))
        changes = (name for name in _CHANGES if self._minds(_index(name), "days", asked))
        return replace(
            found, dividing=next(divides, "") if found.cap is not None else "", changes=next(iter(changes), "")
        )

    def _divides(self, way: str, asked: Rpn, hits: int) -> bool:
        kind, _, name = way.partition(":")
        low, _ = _EDGES[kind]
        every = self._hits(query.both(asked, query.compared(_index(name), query.FROM, self._term(low))))
        return every == hits and self._minds(_index(name), kind, asked)

    def _minds(self, by: Index, kind: str, asked: Rpn) -> bool:
        """Whether an index finds something behind its beginning, and nothing behind its end."""
        low, high = (query.compared(by, query.FROM, self._term(edge)) for edge in _EDGES[kind])
        return bool(self._hits(query.both(asked, low))) and self._hits(query.both(asked, high)) == 0

    def _hits(self, asked: Rpn) -> int | None:
        try:
            return self.session.find(asked).hits
        except HarvestError:
            return None

    def _term(self, text: str) -> bytes:
        return self.session.client.term(text)

    def _syntaxes(self, asked: Rpn) -> Iterator[Syntax]:
        """Ask for the first record in other syntaxes, of each in the first way that brings MARC."""
        brought: set[str] = set()
        for wanted in _SYNTAXES:
            if wanted.syntax in brought:
                continue
            for found in self._as(wanted, asked):
                brought.add(wanted.syntax)
                yield found

    def _as(self, wanted: Wanted, asked: Rpn) -> Iterable[Syntax]:
        try:
            self.session.find(asked)
            records = self.session.client.present(1, 1, wanted).records
        except HarvestError:
            return
        for each in map(payload, records):
            if not each.fault:
                yield Syntax(oid.label(wanted.syntax), wanted.elements, each.syntax, len(each.holdings))


def _index(text: str) -> Index:
    return index(text, CHANGED)
