"""One run over a server that searches (SRU, Z39.50): a result from its first record to its last, or its parts.

In: `Results`, who asks the server in its protocol, and a `Plan`. Out: `Page`s, each a point from which to go on; the
last one says how it ended. A run is a success when it is proven whole: as many different records as the server told,
and of parts as many as of the whole. Without an index of changes everything is read each time.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from harvesters import parts
from harvesters.asking import PassedOver
from harvesters.base import Ending, Harvested, Page, Window
from harvesters.errors import HarvestError
from harvesters.parts import UNTOLD, Axis, Course, Part
from harvesters.result import Beyond, Taken, TooMany, Walk
from harvesters.searching import PARTS

log = logging.getLogger(__name__)
_TOLD: Final = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes: the window, whether the server has an index of changes, how far a next harvest reaches back
    (`overlap`), the records after which the run ends, how many the server gives of one result (`cap`, 0: unknown), and
    whether one that is capped can be divided.
    """

    window: Window
    changes: bool
    overlap: timedelta
    most: int
    cap: int
    divides: bool


class Results(Protocol):
    """Asks a server in its protocol."""

    @property
    def where(self) -> str:
        """Name the server."""
        ...

    @property
    def size(self) -> int:
        """How many records are asked for at once now."""
        ...

    @property
    def axis(self) -> Axis | None:
        """Along what results are divided."""
        ...

    @property
    def doubts(self) -> list[str]:
        """Say why nothing may be concluded from what is missing, although all that the server told came."""
        ...

    def page(self, part: Part, start: int, number: int) -> Taken:
        """Fetch the page `number` from a place on; raises `Beyond`, `TooMany`, `PassedOver`, other `HarvestError`."""
        ...

    def is_alive(self, part: Part, start: int) -> bool:
        """Whether a record that came before can still be had."""
        ...

    def count(self, part: Part) -> int:
        """Give how many records a part has, `parts.UNTOLD` where the server does not say."""
        ...

    def shown(self, part: Part) -> str:
        """Name a part for people."""
        ...

    def answered(self) -> datetime:
        """Give when the last answer was given, by the clock that is behind."""
        ...


def harvested(results: Results, plan: Plan, asked: str, resume: str) -> Iterator[Page]:
    """Yield the pages of a run, going on after `resume` where that answers what is `asked`; raises `HarvestError`."""
    course, place = parts.read(resume, asked) or (Course(asked, cap=plan.cap), None)
    yield from Run(results, plan, resumed=bool(resume)).pages(course, place)


@dataclass
class Run:
    """One run: its results, and what is known of all of them together."""

    results: Results
    plan: Plan
    resumed: bool = False
    began: datetime | None = None
    broken: int = 0
    pages_so_far: int = 0
    notes: list[str] = field(default_factory=list)
    everything: set[int] = field(default_factory=set)

    def pages(self, course: Course, place: dict[str, Any] | None) -> Iterator[Page]:
        """Yield the pages of all results."""
        if place is None:
            course = self._opened(course)
        held = Page(())
        while course.left:
            walk = self._walk(place)
            for page in self._walked(walk, course, place):
                if walk.over:
                    held = page
                else:
                    yield replace(page, resume=course.text(walk.place))
            place = None
            course = self._judged(course, walk)
            if course.received >= self.plan.most:
                course = replace(course, left=())
            if course.left:
                yield replace(held, resume=course.text())
                held, course = Page(()), self._opened(course)
        yield replace(held, ending=self._ending(course))

    def _walk(self, place: dict[str, Any] | None) -> Walk:
        walk = Walk(self.results.size, pages=self.pages_so_far)
        if place:
            walk.start, walk.before, walk.hits = place["start"], place["before"], place["hits"]
            walk.pages = place["pages"]
            walk.most, walk.least = walk.hits or 0, walk.hits
        return walk

    def _walked(self, walk: Walk, course: Course, place: dict[str, Any] | None) -> Iterator[Page]:
        """Yield the pages of one result; the last one, when `walk.over` is set, may be empty."""
        part = course.left[0]
        tail = place["tail"] if place else []
        aside: list[Harvested] = []
        while not walk.over:
            try:
                page = self._page(walk, part, tail)
            except PassedOver as error:
                aside.append(walk.passed_over(error.message))
                page = Page(()) if walk.over else None
                if walk.over and not (walk.place and self.results.is_alive(part, walk.place["start"])):
                    raise error.cause from None
            tail = []
            if page is None:
                continue
            # Kept only with what follows: behind them may be nothing but a server that is down.
            page, aside = replace(page, records=(*aside, *page.records)), []
            if course.divided:
                self.everything.update(hash(record.local_id) for record in page.records)
            self._stop_at_most(walk, course)
            yield page
        self.pages_so_far = walk.pages

    def _page(self, walk: Walk, part: Part, tail: list[str]) -> Page | None:
        """Give the next page; None when the result has to be begun again. Raises `HarvestError`."""
        try:
            found = self.results.page(part, walk.start, walk.pages + 1)
        except Beyond:
            walk.refused()
            return Page(())
        except TooMany as error:
            walk.over, walk.reason, walk.hits = "capped", error.message, UNTOLD
            return Page(())
        except PassedOver:
            raise
        except HarvestError as error:
            raise type(error)(error.code, f"page {walk.pages + 1}: {error.message}", error.where) from None
        self.began = self.began or self.results.answered()
        walk.size = self.results.size
        if tail and walk.has_moved(found, tail):
            self.notes.append("the result had moved since the last run, so it was read from its beginning")
            walk.start, walk.before = 1, 0
            return None
        return walk.take(found)

    def _stop_at_most(self, walk: Walk, course: Course) -> None:
        if course.received + walk.received >= self.plan.most and walk.over != "done":
            walk.over = "stopped"
            walk.reason = f"{self.plan.most} records came, which is the most that the option max_records allows"

    def _judged(self, course: Course, walk: Walk) -> Course:
        self.broken += walk.broken
        self.notes += walk.notes
        part, hits = course.left[0], walk.hits or 0
        if walk.over == "capped":
            cap = UNTOLD if hits >= UNTOLD else walk.start - 1
            divided = parts.opened(course.capped(cap, hits), self.results.axis, self.results.count)
            if not divided.left or divided.left[0] != part:
                log.info("%s: %s; dividing %s", self.results.where, walk.reason, self.results.shown(part))
                return divided
            hint = "" if self.plan.divides else f"; the option {PARTS.name} divides such a result"
            return course.lacking(self._told(course, f"{walk.reason}{hint}"), walk.received)
        if walk.doubt:
            return course.lacking(self._told(course, walk.doubt), walk.received)
        return course.done(hits, walk.received)

    def _told(self, course: Course, reason: str) -> str:
        return f"{self.results.shown(course.left[0])}: {reason}" if course.divided else reason

    def _opened(self, course: Course) -> Course:
        return parts.opened(course, self.results.axis, self.results.count)

    def _ending(self, course: Course) -> Ending:
        doubts = course.doubts()
        # Records that came in two parts are no proof of others; behind a crash nobody knows which came twice.
        if course.covers and course.divided and not self.resumed and len(self.everything) != course.total:
            doubts.append(f"the parts have {course.taken} records, of which {len(self.everything)} are different")
        proven = course.covers and not doubts
        reserved = self.results.doubts
        whole = proven and self.plan.window == Window() and course.taken > 0 and not self.broken and not reserved
        return Ending(
            "success" if proven else "partial",
            whole,
            self._next_from() if proven and self.plan.changes else None,
            self._message([*doubts, *reserved], course),
        )

    def _message(self, doubts: list[str], course: Course) -> str:
        more = [f"and {len(self.notes) - _TOLD} more of the kind"] if len(self.notes) > _TOLD else []
        ignored = self.plan.window != Window() and not self.plan.changes
        told = ["the source has no index of changes (option changed_index), so everything was read"] if ignored else []
        nothing = ["no records match"] if not course.taken and not doubts else []
        return "; ".join((*doubts, *self.notes[:_TOLD], *more, *told, *nothing))

    def _next_from(self) -> datetime:
        """Give where the next harvest starts: an index of changes has days, so the first one is asked whole."""
        since = (self.began or datetime.now(UTC)) - self.plan.overlap
        return since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
