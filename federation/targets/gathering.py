"""The records of one target's result that somebody waits for: page by page, until enough came.

In: a `Server` (SRU, Z39.50), the ways in which the question can be put, the places that are wanted and the time. Out:
`Received`; raises `HarvestError`. A way of asking that is refused is followed by the next; a record that cannot be had
leaves its place; records that came are given even when the next page does not come.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from harvesters.asking import PassedOver
from harvesters.base import Harvested
from harvesters.errors import Diagnosed, HarvestError, SourceRefused
from harvesters.limits import ANSWER, BACKOFF, CONNECT, LONGEST, PER_MINUTE, RETRIES, TIMEOUT
from harvesters.options import whole
from harvesters.result import Beyond, Taken
from harvesters.searching import PAGE
from schemas.issues import BROKEN

#: seconds by which a connection outlives who waits, so that what is told is that it was late
_GRACE: Final = 1.0
#: requests a minute to a host, where nobody said less: a person is no harvest
_BRISK: Final = "600"
Query = TypeVar("Query")
Query_contra = TypeVar("Query_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Which records of a result are wanted: from a place on (the first is 1), so many, within so many seconds."""

    start: int
    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Received:
    """`records` stand in the order of the result, the first at the place that was asked for; `note` says what of them
    could not be had. `total` is None where the target does not say.
    """

    total: int | None
    records: tuple[Harvested, ...]
    note: str = ""


class Unspoken(SourceRefused):
    """The target does not know this way of asking; `cause` is its own error."""

    def __init__(self, cause: SourceRefused) -> None:
        super().__init__(cause.code, cause.message, cause.where)
        self.cause = cause


class Server(Protocol[Query_contra]):
    """Who is asked."""

    def page(self, query: Query_contra, start: int) -> Taken:
        """Fetch records from a place on; raises `HarvestError`, among them `Unspoken`, `Beyond` and `PassedOver`."""
        ...


@contextmanager
def told_apart(of_manner: Collection[int], beyond: int) -> Iterator[None]:
    """Raise a diagnostic as what it means here: `Unspoken` for those of the manner of asking, `Beyond` for that one."""
    try:
        yield
    except Diagnosed as error:
        if error.number in of_manner:
            raise Unspoken(error) from None
        if error.number == beyond:
            raise Beyond(error.code, error.message, error.where) from None
        raise


def hurried(options: Mapping[str, str], place: Place) -> dict[str, str]:
    """Give the options of a harvester for somebody who waits: nothing is repeated, nothing outlasts the time."""
    seconds = f"{min(place.seconds + _GRACE, CONNECT.high):g}"
    limits = {each.name: seconds for each in (CONNECT, TIMEOUT, ANSWER)}
    patience = {each.name: "0" for each in (RETRIES, BACKOFF, LONGEST)}
    page = {PAGE.name: str(min(place.most, whole(PAGE, options)))}
    return {PER_MINUTE.name: _BRISK, **options, **limits, **patience, **page}


def gathered(server: Server[Query], queries: Sequence[Query], place: Place) -> Received:
    """Ask the first of these queries that is understood, until so many records came; raises `HarvestError`."""
    for query in queries:
        try:
            return _Gathering(server, query, place).received()
        except Unspoken as error:
            refused = error.cause
    raise refused


@dataclass
class _Gathering(Generic[Query]):
    server: Server[Query]
    query: Query
    place: Place
    total: int | None = None
    note: str = ""
    found: list[Harvested] = field(default_factory=list)

    def received(self) -> Received:
        while len(self.found) < self.place.most and self._more():
            pass
        return Received(self.total, tuple(self.found[: self.place.most]), self.note)

    def _more(self) -> bool:
        """Fetch the next page; tells whether more may follow."""
        start = self.place.start + len(self.found)
        try:
            page = self.server.page(self.query, start)
        except PassedOver as error:
            self.found.append(Harvested("", b"", "unknown", error.message, findings=(BROKEN,)))
            return self.total is None or start < self.total
        except HarvestError as error:
            self._ended(error, start)
            return False
        self.total = self.total if page.hits is None else page.hits
        self.found += page.records
        return bool(page.records) and (self.total is None or start + len(page.records) <= self.total)

    def _ended(self, error: HarvestError, start: int) -> None:
        if isinstance(error, Beyond):
            self.total = 0 if self.total is None and start == 1 else self.total
            return
        # What was passed over just before the end was no fault of these records.
        while self.found and BROKEN in self.found[-1].findings:
            self.found.pop()
        if not self.found:
            raise error
        self.note = f"the records from place {self.place.start + len(self.found)} on did not come: {error.message}"
