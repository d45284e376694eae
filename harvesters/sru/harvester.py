"""The SRU harvester: one result from its first record to its last, or its parts where the server caps results.

In: a source and a window. Out: `Page`s, each a point from which to go on; the last one says how it ended. A run is a
success when it is proven whole: as many different records as the server told, and of parts as many as of the whole.
Without an index of changes everything is read each time; what is unchanged costs nothing further on.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from harvesters import parts
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError
from harvesters.http import Http, limits
from harvesters.parts import UNTOLD, Axis, Course, Integers, Keys, Part, Terms
from harvesters.sru import query as cql
from harvesters.sru.asking import Asking, PassedOver
from harvesters.sru.client import BEYOND, TERMS_END, TOO_MANY, Diagnosed, Response, SruClient
from harvesters.sru.profile import PARTS, Profile, profile
from harvesters.sru.walk import Walk

log = logging.getLogger(__name__)
_TOLD: Final = 10


class SruHarvester:
    """Harvests one SRU source; checks its options when it is made."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:
        self._spec = spec
        self._contact = contact
        self._profile = profile(spec.options)
        limits(spec.options)

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield the pages of the window, going on after `resume`; raises `HarvestError`."""
        with Http(self._spec.options, self._contact, self._spec.shared) as connection:
            client = SruClient(self._spec.url, connection, self._profile)
            client.agree()
            asked = question(self._spec, self._profile, window)
            course, place = parts.read(resume, asked) or (Course(asked, cap=self._profile.cap), None)
            yield from Harvest(client, self._profile, window, resumed=bool(resume)).pages(course, place)


def question(spec: SourceSpec, chosen: Profile, window: Window) -> str:
    """Name what is asked of whom; places in a result answer this question and no other."""
    asked = [spec.url, *map(str, (chosen.query, chosen.sort, chosen.division, chosen.changed)), str(window)]
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Harvest:
    """One run: its results, and what is known of all of them together."""

    client: SruClient
    profile: Profile
    window: Window
    resumed: bool = False
    began: datetime | None = None
    broken: int = 0
    pages_so_far: int = 0
    notes: list[str] = field(default_factory=list)
    everything: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.asking = Asking(self.client)

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
            if course.received >= self.profile.most:
                course = replace(course, left=())
            if course.left:
                yield replace(held, resume=course.text())
                held, course = Page(()), self._opened(course)
        yield replace(held, ending=self._ending(course))

    def _walk(self, place: dict[str, Any] | None) -> Walk:
        walk = Walk(self.profile.names, self.client.size, pages=self.pages_so_far)
        if place:
            walk.start, walk.before, walk.hits = place["start"], place["before"], place["hits"]
            walk.pages = place["pages"]
            walk.most, walk.least = walk.hits or 0, walk.hits
        return walk

    def _walked(self, walk: Walk, course: Course, place: dict[str, Any] | None) -> Iterator[Page]:
        """Yield the pages of one result; the last one, when `walk.over` is set, may be empty."""
        query = self._query(course.left[0])
        tail = place["tail"] if place else []
        aside: list[Harvested] = []
        while not walk.over:
            try:
                page = self._page(walk, query, tail)
            except PassedOver as error:
                aside.append(walk.passed_over(error.message))
                page = Page(()) if walk.over else None
                if walk.over and not (walk.place and self.asking.is_alive(query, walk.place["start"])):
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

    def _page(self, walk: Walk, query: str, tail: list[str]) -> Page | None:
        """Give the next page; None when the result has to be begun again. Raises `HarvestError`."""
        try:
            response = self.asking.asked(query, walk.start)
        except Diagnosed as error:
            if error.number == BEYOND:
                walk.refused()
            elif error.number == TOO_MANY:
                walk.over, walk.reason, walk.hits = "capped", error.message, UNTOLD
            else:
                raise
            return Page(())
        except PassedOver:
            raise
        except HarvestError as error:
            raise type(error)(error.code, f"page {walk.pages + 1}: {error.message}", error.where) from None
        self.began = self.began or _answered(response)
        walk.size = self.asking.size
        if tail and walk.has_moved(response, tail):
            self.notes.append("the result had moved since the last run, so it was read from its beginning")
            walk.start, walk.before = 1, 0
            return None
        return walk.take(response)

    def _stop_at_most(self, walk: Walk, course: Course) -> None:
        if course.received + walk.received >= self.profile.most and walk.over != "done":
            walk.over = "stopped"
            walk.reason = f"{self.profile.most} records came, which is the most that the option max_records allows"

    def _judged(self, course: Course, walk: Walk) -> Course:
        self.broken += walk.broken
        self.notes += walk.notes
        part, hits = course.left[0], walk.hits or 0
        if walk.over == "capped":
            cap = UNTOLD if hits >= UNTOLD else walk.start - 1
            divided = parts.opened(course.capped(cap, hits), self._axis(), self._count)
            if not divided.left or divided.left[0] != part:
                log.info("%s: %s; dividing %s", self.client.where, walk.reason, self._shown(part))
                return divided
            hint = "" if self.profile.division else f"; the option {PARTS.name} divides such a result"
            return course.lacking(self._told(course, f"{walk.reason}{hint}"), walk.received)
        if walk.doubt:
            return course.lacking(self._told(course, walk.doubt), walk.received)
        return course.done(hits, walk.received)

    def _told(self, course: Course, reason: str) -> str:
        return f"{self._shown(course.left[0])}: {reason}" if course.divided else reason

    def _shown(self, part: Part) -> str:
        return cql.shown(part, self.profile.division.index if self.profile.division else "")

    def _opened(self, course: Course) -> Course:
        return parts.opened(course, self._axis(), self._count)

    def _query(self, part: Part) -> str:
        changes = ""
        if self.profile.changed:
            changes = cql.changed(self.profile.changed, self.window, self.profile.changed_form)
        query = cql.narrowed(self.profile.query, changes)
        return cql.part(query, self.profile.division.index, part) if self.profile.division else query

    def _count(self, part: Part) -> int:
        try:
            hits = self.client.search(self._query(part), 1, 1).said.hits
        except Diagnosed as error:
            if error.number not in (BEYOND, TOO_MANY):
                raise
            return 0 if error.number == BEYOND else UNTOLD
        return UNTOLD if hits is None else hits

    def _axis(self) -> Axis | None:
        division = self.profile.division
        if division is None:
            return None
        if division.way == "scan":
            return Terms(self._scanned)
        return Keys() if division.way == "keys" else Integers(*division.span)

    def _scanned(self, start: str) -> Iterator[tuple[str, int]]:
        """Yield the terms of the index from one on, page by page."""
        index, last = self.profile.division.index if self.profile.division else "", ""
        while True:
            try:
                terms = self.client.scan(index, last or start)
            except Diagnosed as error:
                if error.number == TERMS_END:
                    return
                raise
            # A scan begins with the term it is asked for.
            fresh = terms[1:] if last and terms and terms[0][0] == last else terms
            yield from fresh
            if not fresh or fresh[-1][0] == last:
                return
            last = fresh[-1][0]

    def _ending(self, course: Course) -> Ending:
        doubts = course.doubts()
        # Records that came in two parts are no proof of others; behind a crash nobody knows which came twice.
        if course.covers and course.divided and not self.resumed and len(self.everything) != course.total:
            doubts.append(f"the parts have {course.taken} records, of which {len(self.everything)} are different")
        proven = course.covers and not doubts
        whole = proven and self.window == Window() and course.taken > 0 and not self.broken
        return Ending(
            "success" if proven else "partial",
            whole,
            self._next_from() if proven and self.profile.changed else None,
            self._message(doubts, course),
        )

    def _message(self, doubts: list[str], course: Course) -> str:
        more = [f"and {len(self.notes) - _TOLD} more of the kind"] if len(self.notes) > _TOLD else []
        ignored = self.window != Window() and not self.profile.changed
        told = ["the source has no index of changes (option changed_index), so everything was read"] if ignored else []
        nothing = ["no records match"] if not course.taken and not doubts else []
        return "; ".join((*doubts, *self.notes[:_TOLD], *more, *told, *nothing))

    def _next_from(self) -> datetime:
        """Give where the next harvest starts: an index of changes has days, so the first one is asked whole."""
        since = (self.began or _now()) - self.profile.overlap
        return since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _answered(response: Response) -> datetime:
    """Give when the answer was given, by the clock that is behind."""
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return _now()
    return min(_now(), theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
