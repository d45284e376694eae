"""A client of Z39.50: opens a session with a target, searches, scans, sorts, and fetches records.

In: an address (`address.read`), the options of a source, RPN from `schemas.z3950.rpn`. Out: numbers and records as they
came (`received.payload` unpacks them); else a `HarvestError`. Synchronous, one question at a time; use one client in
one thread. After an error other than `Diagnosed` the session is over: open another client. Z39.50-1995 (ISO 23950).

    with Client(address.read("z3950://z3950.loc.gov:7090/voyager"), {}) as client:
        found = client.search(Operand((Attribute(None, 1, 7),), client.term("9786041234567")))
        records = client.present(1, min(found.hits, 10), Wanted()).records
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from harvesters.errors import HarvestError, SourceBroken, SourceRefused
from harvesters.pace import Pace
from harvesters.z3950 import opening
from harvesters.z3950.address import Address
from harvesters.z3950.faults import diagnosed, number_of
from harvesters.z3950.opening import Greeting
from harvesters.z3950.settings import UTF_8, Settings, settings
from harvesters.z3950.wire import Answer, Wire
from schemas.marc import marc8, marc8_write
from schemas.query.charset_names import MARC_8
from schemas.z3950 import ber, oid
from schemas.z3950.browsing import ScanRequest, ScanStatus, SortRequest, SortSpec, SortStatus, TermInfo
from schemas.z3950.retrieval import NamedRecord, PresentRequest, PresentStatus, ResultSetStatus, SearchRequest
from schemas.z3950.rpn import BIB1, Operand, Rpn, RpnQuery
from schemas.z3950.session import InitResponse, Option

log = logging.getLogger(__name__)
_SET: Final = "default"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How records are wanted: record syntax (object identifier) and element set ("": none is named)."""

    syntax: str = oid.USMARC
    elements: str = "F"


@dataclass(frozen=True, slots=True)
class Found:
    """How many records a search found; `doubt`: what the target says beside (a part of the results, an estimate)."""

    hits: int
    doubt: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Presented:
    """Records in the order of the result set, at most as many as were asked for, and the bytes of the answer."""

    records: tuple[NamedRecord, ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Scanned:
    """A term of an index as it stands there, as text, and the records that have it (None: not told)."""

    term: str
    records: int | None


class Client:
    """A session with one target. Use it in a `with` block; `folder` is where the house keeps how fast a host is asked.

    Options are those of `settings.OPTIONS`: allow_private, connect_timeout, timeout, answer_timeout, max_bytes,
    per_minute, user, password, group, login, negotiate, query_charset.
    """

    def __init__(self, address: Address, options: Mapping[str, str], folder: str = "") -> None:
        self.address = address
        self.where = str(address)
        self.greeting = Greeting()
        self._settings: Settings = settings(options)
        self._pace = Pace(self._settings.limits.per_minute, folder)
        self._negotiates = self._settings.negotiates
        self._wire: Wire | None = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> Greeting:
        """Connect and begin a session, without a negotiation where the target hangs up at it; `HarvestError`."""
        self.close()
        try:
            return self._opened(self._negotiates)
        except HarvestError as error:
            if not self._negotiates or error.code not in ("answer-cut", "not-z3950", "z3950-closed"):
                raise
            log.info("%s: %s; beginning without a negotiation", self.where, error.message)
            greeting = self._opened(False)
            self._negotiates = False
            return greeting

    def close(self) -> None:
        """Say goodbye; a client that is closed may be opened again."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    @property
    def limits(self) -> ber.Limits:
        """What a message may have, and a record in it."""
        return self._settings.ber

    @property
    def is_open(self) -> bool:
        """Whether the session lasts."""
        return self._wire is not None

    def term(self, text: str) -> bytes:
        """Give a text as a term of a query, in the charset that this target reads."""
        if self.charset == MARC_8:
            return marc8_write.encode(text)
        try:
            return text.encode(self.charset)
        except UnicodeEncodeError:
            message = f"{text[:60]!r} cannot be written in {self.charset} (option query_charset)"
            raise SourceRefused("query-charset", message, self.where) from None

    @property
    def charset(self) -> str:
        """The charset of terms."""
        return self._settings.charset or self.greeting.charset or UTF_8

    def search(self, query: Rpn) -> Found:
        """Search; what is found is kept by the target until the next search. Raises `HarvestError`."""
        databases = self.address.databases
        answer = self._ask(SearchRequest(query=RpnQuery(query), databases=databases, result_set=_SET)).message
        if answer.count < 0:
            raise SourceBroken("z3950-count", f"the target says that it found {answer.count} records", self.where)
        partial = answer.result_set_status in (ResultSetStatus.SUBSET, ResultSetStatus.ESTIMATE)
        if not answer.success and not (partial and answer.count):
            raise diagnosed(answer.diagnostics, self.where)
        if answer.success and not answer.diagnostics:
            return Found(answer.count)
        number = number_of(answer.diagnostics[0]) if answer.diagnostics else 0
        return Found(answer.count, diagnosed(answer.diagnostics, self.where).message, number)

    def present(self, start: int, count: int, wanted: Wanted) -> Presented:
        """Fetch records of the last search from a place on (the first is 1); fewer may come than were asked for.

        A record that cannot be had is a diagnostic in its place; a refusal of all is raised as `Diagnosed`.
        """
        request = PresentRequest(
            start=start, count=count, result_set=_SET, composition=wanted.elements or None, syntax=wanted.syntax
        )
        answer = self._ask(request)
        parts = (*answer.segments, answer.message)
        records = tuple(record for part in parts for record in part.records)
        if not records and (answer.message.diagnostics or answer.message.status == PresentStatus.FAILURE):
            raise diagnosed(answer.message.diagnostics, self.where)
        return Presented(records[:count], answer.content)

    def scan(self, start: Operand, count: int) -> tuple[Scanned, ...]:
        """Give the terms of an index from one on, that one first where it is there; raises `HarvestError`."""
        if Option.SCAN not in self._wired.connection.options:
            raise SourceRefused("z3950-no-scan", "the target does not scan its indexes", self.where)
        request = ScanRequest(
            start=start, databases=self.address.databases, count=count, attribute_set=BIB1, position=1
        )
        answer = self._ask(request).message
        if answer.status == ScanStatus.FAILURE or (answer.diagnostics and not answer.entries):
            raise diagnosed(answer.diagnostics, self.where)
        # Some begin before the term, and say at which place it stands.
        before = max(0, (answer.position or 1) - 1)
        return tuple(self._scanned(entry) for entry in answer.entries[before:] if isinstance(entry, TermInfo))

    def sort(self, keys: tuple[SortSpec, ...]) -> None:
        """Sort what the last search found; raises `HarvestError`."""
        answer = self._ask(SortRequest(keys=keys, inputs=(_SET,), output=_SET)).message
        if answer.status != SortStatus.SUCCESS:
            raise diagnosed(answer.diagnostics, self.where)

    @property
    def _wired(self) -> Wire:
        if self._wire is None:
            raise SourceBroken("z3950-closed", "the session is over", self.where)
        return self._wire

    def _ask(self, request: Any) -> Answer:
        wire = self._wired
        self._pace.wait(f"{self.address.host}:{self.address.port}")
        try:
            return wire.ask(request)
        except HarvestError:
            self._wire = None
            raise

    def _opened(self, negotiates: bool) -> Greeting:
        self._wire = Wire(self.address, self._settings)
        answer: InitResponse = self._ask(opening.request(self._settings, negotiates)).message
        if not answer.accepted:
            self.close()
            raise opening.refused(answer, self.where)
        self.greeting = opening.greeting(answer, self._wired.connection, negotiates)
        return self.greeting

    def _scanned(self, entry: TermInfo) -> Scanned:
        term = entry.term
        if isinstance(term, bytes):
            text = marc8.decode(term)[0] if self.charset == MARC_8 else term.decode(self.charset, "replace")
        else:
            text = entry.display or "" if term is None else str(term)
        return Scanned(text, entry.occurrences)
