"""A harvest walked window by window: one that is whole is done with, one whose list breaks off is cut in two.

In: how one window is walked. Out: `Page`s as of one list; each carries the `Course`, so that a later run goes on with
the window that was not finished, from its beginning. A window of a day that still breaks off is passed over, named, and
left to the next run; three of them in a row end the run, for then it is the server that is down.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from harvesters import windows
from harvesters.base import Ending, Page, Window
from harvesters.errors import HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.oaipmh import skew
from harvesters.oaipmh.client import PROTOCOL_ERRORS, OaiClient
from harvesters.oaipmh.progress import moment, next_from
from harvesters.oaipmh.walk import Walk
from harvesters.windows import Course, shown

log = logging.getLogger(__name__)
#: windows in a row that may be passed over
PATIENCE: Final = 3
_TOLD: Final = 10
#: a server that wants fewer requests is not helped by smaller windows
_THROTTLED: Final = "http-429"
_TOO_MUCH: Final = ("page-not-well-formed", "answer-empty", "answer-too-large")
_YEARS_BACK: Final = (1, 2, 4, 8, 16)


@dataclass
class Cutting:
    """One harvest in windows. `walk` makes the walk of a window, `listed` walks it; `any_until` asks the server whether
    it has records that old.
    """

    client: OaiClient
    size: str
    walk: Callable[[Window], Walk]
    listed: Callable[[Walk], Iterator[Page]]
    any_until: Callable[[datetime], bool]
    notes: list[str] = field(default_factory=list)
    halvings: int = 0
    failing: int = 0

    def planned(self, window: Window, question: str) -> Course:
        """Give the way through the window of the harvest, before its first part is cut off."""
        cuts = self.size != "auto" and window.from_ is None
        return Course(question, (window,), beginning=self._beginning() if cuts else None)

    def _opened(self, course: Course) -> Course:
        if not course.cutting:
            return course
        return course.parted(windows.cut(course.left[0], self.size, course.beginning, skew.now()))

    def _beginning(self) -> datetime | None:
        """Give when the source's records begin: as it says, or looked for when it cannot be believed."""
        claimed = self._claimed()
        if claimed and windows.OLDEST <= claimed <= skew.now() - timedelta(days=1):
            return claimed
        try:
            return self._looked_for()
        except (*PROTOCOL_ERRORS, HarvestError) as error:
            # Records may be listed all the same; if the server is down, the list will tell.
            log.info("%s: %s; where its records begin is not known", self.client.where, error)
            return None

    def _claimed(self) -> datetime | None:
        try:
            return moment(self.client.identified("earliestDatestamp"))
        except PROTOCOL_ERRORS:
            return None

    def _looked_for(self) -> datetime:
        for years in _YEARS_BACK:
            edge = skew.now() - timedelta(days=365 * years)
            if not self.any_until(edge):
                return edge
        return windows.OLDEST

    def pages(self, window: Window, course: Course) -> Iterator[Page]:
        """Yield the pages of all windows; raises `HarvestError` when there is no going on."""
        walk, held = self.walk(window), Page(())
        while course.left and self.failing < PATIENCE:
            course = self._opened(course)
            walk, fault, held = self.walk(course.left[0]), None, Page(())
            try:
                for page in self.listed(walk):
                    course = course if course.began else replace(course, began=walk.origin.isoformat())
                    if page.ending:
                        held = page
                    else:
                        yield replace(page, resume=course.text(), expected=None)
            except HarvestError as error:
                if not (self._breaks_off(error, walk) or (course.left[0] != window and _refused(error))):
                    raise
                fault = error
            course = self._judged(course, walk, held.ending, fault, window)
            if course.left and self.failing < PATIENCE and held.ending:
                yield replace(held, resume=course.text(), expected=None, ending=None)
        yield self._end(held, course, walk, window)

    def _breaks_off(self, error: HarvestError, walk: Walk) -> bool:
        if self.client.terms is None or error.code == _THROTTLED:
            return False
        midway = isinstance(error, SourceBroken) and walk.progress.pages > 0
        return isinstance(error, SourceUnavailable) or midway or error.code in _TOO_MUCH

    def _judged(
        self, course: Course, walk: Walk, ending: Ending | None, fault: HarvestError | None, window: Window
    ) -> Course:
        part = course.left[0]
        if course.cutting and part != window and (walk.drift.minds_no_dates or _refused(fault)):
            why = f"refuses the dates it is asked for ({fault})" if fault else "does not mind the dates it is asked for"
            self.notes.append(f"the server {why}, so all was taken as one list")
            return course.undivided(window)
        if ending and ending.status == "success":
            self.failing = 0
            if ending.message and walk.progress.pages:
                self.notes.append(f"window {shown(part)}: {ending.message}")
            return course.taken(walk.progress.received, walk.sound)
        reason = str(fault) if fault else ending.message if ending else "the list ended without a word"
        if course.cutting and (fault or walk.broke_off) and (parts := self._halves(course, part)):
            log.info("%s: window %s broke off (%s); cut in two", self.client.where, shown(part), reason)
            return course.parted(parts)
        self.failing += 1
        self.notes.append(f"window {shown(part)} was passed over: {reason}")
        return course.passed_over()

    def _halves(self, course: Course, part: Window) -> tuple[Window, ...]:
        beginning = course.beginning
        if part.from_ is None and beginning is None:
            with suppress(HarvestError):
                beginning = self._claimed()
        parts = windows.halved(part, beginning, skew.now())
        self.halvings += bool(parts)
        return parts

    def _end(self, held: Page, course: Course, walk: Walk, window: Window) -> Page:
        began = datetime.fromisoformat(course.began) if course.began else walk.origin
        since = next_from(began, walk.manner.overlap + walk.clocks.widening, walk.progress.days)
        if course.left or course.failed:
            resume = course.again(window, since).text()
            return replace(held, resume=resume, expected=None, ending=Ending("partial", message=self._message(walk)))
        whole = course.whole and course.received > 0 and window == Window()
        message = self._message(walk) or ("" if course.received else "no records match")
        return replace(held, resume="", expected=None, ending=Ending("success", whole, since, message))

    def _message(self, walk: Walk) -> str:
        halved = f"windows cut in two because their lists broke off: {self.halvings}" if self.halvings else ""
        more = f"and {len(self.notes) - _TOLD} more of the kind" if len(self.notes) > _TOLD else ""
        return "; ".join(filter(None, (*self.notes[:_TOLD], more, halved, *walk.clocks.notes())))


def _refused(fault: HarvestError | None) -> bool:
    """Whether the server refuses a request as such: with dates, it may be the dates (dataverse issue 11020)."""
    return isinstance(fault, SourceRefused) and (fault.code == "oai-refused" or fault.code.startswith("http-4"))
