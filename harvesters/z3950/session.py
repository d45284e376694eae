"""A session that outlives its connection: what a target forgets or breaks off is asked for again.

In: a `Client`, and in which ways records are wanted. Out: records of a query from a place on, and how many the target
says that there are. A connection that is lost is opened again, a result set that is gone is searched for again; a
syntax or element set that the target does not know is replaced by the next one; what may pass is waited for.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import tenacity

from harvesters.errors import Diagnosed, HarvestError, SourceUnavailable
from harvesters.limits import Limits
from harvesters.result import TooMany
from harvesters.z3950.client import Client, Found, Presented, Scanned, Wanted
from harvesters.z3950.faults import BEYOND, DELETED_SET, NO_SET, TOO_MANY
from harvesters.z3950.profile import Index
from schemas.z3950.browsing import SortAttributes, SortSpec
from schemas.z3950.rpn import BIB1, Operand, Rpn

log = logging.getLogger(__name__)
#: terms asked for at once
_TERMS: Final = 100
#: how often a question is asked when the session was lost over it
_AGAIN: Final = 2
#: the target does not know this syntax, these elements, or not both together
_NOT_SO: Final = frozenset({22, 24, 25, 26, 106, 227, 238, 239, 244, 1066, 1069, 1070, 1071})
_LOST: Final = frozenset({"answer-cut", "z3950-closed", "timeout", "no-connection", "answer-too-slow"})
#: what a smaller page may help against, and what concerns a record where it is the only one of its page
_OF_RECORDS: Final = frozenset(
    (
        *(f"z3950-{number}" for number in (1, 14, 15, 16, 17, 100, 103, 104, 227, 238, 242, 1026, 1028, 1070)),
        *("answer-too-large", "not-z3950", "answer-cut", "z3950-closed", "answer-too-slow"),
    )
)
_OF_SIZE: Final = frozenset(f"z3950-{number}" for number in (BEYOND, *TOO_MANY))
_Given = TypeVar("_Given")


@dataclass
class Session:
    """What is asked of one target, and what it gave; `found` is of the last search."""

    client: Client
    limits: Limits
    wanted: tuple[Wanted, ...]
    size: int
    sort: Index = ()
    found: Found = field(default_factory=lambda: Found(0))
    sleep: Callable[[float], None] = time.sleep
    _query: Rpn | None = None
    _given: bool = False

    @property
    def of_records(self) -> frozenset[str]:
        """Codes of errors that one record of a page may be the reason of."""
        return _OF_RECORDS

    @property
    def of_size(self) -> frozenset[str]:
        """Codes of errors that the size of a page may be the reason of."""
        return _OF_SIZE

    def find(self, query: Rpn) -> Found:
        """Search, unless this is what was searched for last; raises `HarvestError`, of a result that is too large for
        the target `TooMany`.
        """
        if self._query != query or not self.client.is_open:
            self._persistently(lambda: self._searched(query))
        return self.found

    def search(self, query: Rpn, start: int, most: int) -> Presented:
        """Fetch records of a query from a place on; none at a place behind the last one. Raises `HarvestError`."""
        return self._persistently(lambda: self._presented(query, start, most))

    def terms(self, start: Operand) -> tuple[Scanned, ...]:
        """Give terms of an index from one on; raises `HarvestError`."""
        return self._persistently(lambda: self.client.scan(start, _TERMS))

    def open(self) -> None:
        """Open the session where it is not open; raises `HarvestError`."""
        if self.client.is_open:
            return
        self._query = None
        patience = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.limits.retries + 1),
            wait=tenacity.wait_exponential(self.limits.backoff, max=self.limits.longest),
            retry=tenacity.retry_if_exception_type(SourceUnavailable),
            sleep=self.sleep,
            reraise=True,
        )
        patience(self.client.open)

    def _reopen(self) -> None:
        try:
            self.open()
        except HarvestError as error:
            if error.code not in _OF_RECORDS:
                raise
            # No record is the reason of it: smaller pages would be asked for in vain.
            raise type(error)("no-session", error.message, error.where) from None

    def _persistently(self, ask: Callable[[], _Given]) -> _Given:
        """Ask once more where the session or the result set was lost, and wait for what may pass."""
        lost = waited = 0
        while True:
            self._reopen()
            try:
                return ask()
            except HarvestError as error:
                forgotten = isinstance(error, Diagnosed) and error.number in (NO_SET, DELETED_SET)
                if forgotten or (isinstance(error, SourceUnavailable) and error.code in _LOST):
                    lost += 1
                elif isinstance(error, SourceUnavailable):
                    waited += 1
                if not lost + waited or lost >= _AGAIN or waited > self.limits.retries:
                    raise
                log.info("%s: %s; asking again", self.client.where, error.message)
                self._query = None
                self.sleep(min(self.limits.longest, self.limits.backoff * 2**waited))

    def _searched(self, query: Rpn) -> None:
        self._query = None
        try:
            self.found = self.client.search(query)
        except Diagnosed as error:
            if error.number in TOO_MANY:
                raise TooMany("too-many", error.message, error.where) from None
            raise
        if self.found.number in TOO_MANY:
            raise TooMany("too-many", self.found.doubt, self.client.where)
        if self.sort and self.found.hits:
            self.client.sort((SortSpec(SortAttributes(BIB1, self.sort)),))
        self._query = query

    def _presented(self, query: Rpn, start: int, most: int) -> Presented:
        if self._query != query:
            self._searched(query)
        # A range that goes beyond the last record is refused whole.
        count = min(most, self.found.hits - start + 1)
        if count < 1:
            return Presented((), b"")
        while True:
            try:
                given = self.client.present(start, count, self.wanted[0])
            except Diagnosed as error:
                if error.number not in _NOT_SO or self._given or len(self.wanted) == 1:
                    raise
                log.info("%s: %s; asking in another way", self.client.where, error.message)
                self.wanted = self.wanted[1:]
            else:
                self._given = self._given or bool(given.records)
                return given
