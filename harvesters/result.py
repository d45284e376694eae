"""The judgement on one result while it is walked: does it go on, is it at its end, is it cut off, does it go round?

In: what each answer brought (`Taken`), of SRU or Z39.50. Out: the `Page` to keep and what resumes after it. Places are
counted by what came: neither nextRecordPosition nor the number of hits is believed, but an end is proven only when as
many different records came as the server told, each time it told.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from zlib import crc32

from harvesters.base import Harvested, Page
from harvesters.errors import SourceRefused
from schemas.issues import BROKEN

#: identifiers of a page by which it is known again
_TAIL: Final = 50
_TOLD: Final = 5


class Beyond(SourceRefused):
    """The server says that a place is out of the range of its result."""


class TooMany(SourceRefused):
    """The server gives nothing of a result because it has too many records."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read in an answer: `count` places of the result it fills, of which so many are `lost`; what the server
    tells of the whole result (`hits`) and the next place (None where it does not); `answer` is what it sent, `fault`
    why that was no sound page.
    """

    records: tuple[Harvested, ...]
    count: int
    lost: int = 0
    fault: str = ""
    hits: int | None = None
    next: int | None = None
    answer: bytes = b""


@dataclass
class Walk:
    """What is remembered from page to page, about 100 bytes for each record, so that circles are noticed.

    `over` says how it ended: `done`; `capped`: the server gives no more of so many; `stopped`: it cannot be followed.
    """

    size: int
    pages: int = 0
    start: int = 1
    before: int = 0
    hits: int | None = None
    least: int | None = None
    most: int = 0
    lost: int = 0
    broken: int = 0
    over: Literal["", "done", "capped", "stopped"] = ""
    reason: str = ""
    place: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    @property
    def received(self) -> int:
        """How many different records came."""
        return self.before + len(self.seen)

    def take(self, found: Taken) -> Page:
        """Judge what an answer brought, and give it to be kept."""
        began, had = self.start, self.received
        self._tell(found.hits)
        fresh = self._remember(found)
        self._judge(found, fresh)
        tail = [_fingerprint(record.local_id) for record in found.records[-_TAIL:]]
        self.place = {"start": began, "before": had, "pages": self.pages, "tail": tail, "hits": self.hits}
        self.pages += 1
        return Page(
            found.records,
            bytes=len(found.answer),
            expected=self.hits,
            answer=found.answer,
            fault=found.fault,
        )

    def has_moved(self, found: Taken, tail: list[str]) -> bool:
        """Whether the page that was kept last, asked for again, has none of the records it ended with."""
        names = (record.local_id for record in found.records)
        return bool(tail) and not set(tail).intersection(map(_fingerprint, names))

    def passed_over(self, reason: str) -> Harvested:
        """Put the one record at the present place aside, which cannot be had."""
        self.lost += 1
        name = f"sha256:{hashlib.sha256(f'{self.start} {reason}'.encode()).hexdigest()[:32]}"
        where = f"page {self.pages + 1}, place {self.start}: {reason}"
        self.start += 1
        if self.hits is not None and self.start > self.most:
            self.over = "done"
        return Harvested(name, reason.encode(), "unknown", where, findings=(BROKEN,))

    def refused(self) -> None:
        """End the result at a place that the server says is out of its range; the first of none is."""
        if self.start == 1:
            self._tell(self.hits or 0)
        self.beyond()

    def beyond(self) -> None:
        """End the result at a place at which there is nothing."""
        if not self.hits or self.start > self.hits:
            self.over = "done"
        elif self.start > 1:
            self.over = "capped"
            self.reason = f"the server tells {self.hits} records and gives {self.start - 1} of them"
        else:
            self.over, self.reason = "stopped", f"the server tells {self.hits} records and gives none of them"

    def _tell(self, hits: int | None) -> None:
        if hits is not None:
            self.hits, self.most = hits, max(self.most, hits)
            self.least = hits if self.least is None else min(self.least, hits)

    def _remember(self, found: Taken) -> int:
        had = len(self.seen)
        self.seen.update(hash(record.local_id) for record in found.records)
        self.lost += found.lost
        self.broken += bool(found.fault)
        if found.fault and self.broken <= _TOLD:
            lost = f", {found.lost} could not be read" if found.lost else ""
            self.notes.append(f"page {self.pages + 1}: {found.fault}; its records were rescued{lost}")
        return len(self.seen) - had

    def _judge(self, found: Taken, fresh: int) -> None:
        if not found.count:
            self.beyond()
            return
        self.start += found.count
        if found.records and not fresh:
            self.over = "stopped"
            self.reason = (
                "a page brought only records that came before: the server does not mind the place it is asked for"
            )
        elif self._is_last(found.count, found.next):
            self.over = "done"

    def _is_last(self, count: int, following: int | None) -> bool:
        if self.hits is None:
            return following is None and count < self.size
        # A number that changes on the way is none to end at while the server still names a next place.
        return self.start > self.most and (following is None or self.least == self.most or following < self.start)

    @property
    def doubt(self) -> str:
        """Say why it is not proven that all records of the result came, or nothing."""
        if self.over != "done":
            return self.reason
        if self.lost:
            return f"{self.lost} records were withheld or could not be read"
        if self.hits is None:
            return "the server does not say how many records there are"
        told = f"{self.hits}" if self.least in (None, self.most) else f"{self.least} to {self.most}, page by page"
        if self.received != self.hits or self.received != self.most:
            return f"the server tells {told} records, and {self.received} different ones came"
        return ""


def _fingerprint(name: str) -> str:
    return f"{crc32(name.encode('utf-8', 'replace')):08x}"
