"""The judgement on a list while it is walked: does it go on, is it at its end, or does it go round?

In: each page's records and token. Out: the `Page` to keep with what resumes after it, and the `Ending`. An end is
believed when the list closes itself; the number a server promises (completeListSize) can cast doubt, it proves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from harvesters.base import Ending, Harvested, Page, Window
from harvesters.oaipmh import skew
from harvesters.oaipmh.drift import Drift
from harvesters.oaipmh.progress import Mark, Progress, mark, moment, next_from
from harvesters.oaipmh.skew import Clocks
from harvesters.quirks import TOKEN_ON_LAST_PAGE

#: so many pages in a row without one new identifier are no longer taken for records that changed meanwhile
_STALE_PAGES: Final = 3
#: broken pages that the message of a run tells of one by one
_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Manner:
    """How a source is to be treated: `overlap` of two harvests, and how many empty pages in a row are borne."""

    overlap: timedelta
    empty_pages: int


@dataclass
class Walk:
    """What is remembered from page to page: about 100 bytes for each identifier seen, so that circles are noticed."""

    manner: Manner
    window: Window
    progress: Progress
    #: behind the page that was kept last, in this run or in the one that this one goes on with
    mark: Mark | None = None
    notes: list[str] = field(default_factory=list)
    begun: datetime = field(default_factory=lambda: skew.now())  # noqa: PLW0108  (found when it is called: tests set it)
    drift: Drift = field(default_factory=Drift)
    clocks: Clocks = field(default_factory=Clocks)
    #: what came is all that was asked for, as far as a list can show it; a token that died is another matter
    sound: bool = False
    broke_off: bool = False
    #: one window of several: what the clocks say is told in the end, once
    part: bool = False
    _known: dict[int, int] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _stale: int = 0
    _empty: int = 0
    _repeated: int = 0
    _rescues: int = 0

    def look(self, root: Any, answered: str, records: tuple[Harvested, ...]) -> None:
        """Compare an answer with what was asked and with the time."""
        self.drift.look(root, records)
        self.clocks.look(answered, (record.datestamp for record in records))

    def take(self, records: tuple[Harvested, ...], size: int, token: Any) -> Page:
        """Judge a page of `size` bytes with the token that stood on it (None: no such element); give it to be kept."""
        if self.progress.token:
            self._tokens.add(self.progress.token)
        fresh, moved = self._remember(records)
        text, before = token.token if token is not None else "", self.progress
        self.progress = replace(
            self.progress,
            token=text,
            pages=self.progress.pages + 1,
            received=self.progress.received + fresh,
            promised=_promised(token, self.progress.promised),
        )
        self.mark = mark(before, self.progress, (record.local_id for record in records))
        ending = self._end(closed=token is not None) if not text else None
        if ending is None and (doubt := self._doubt(records, fresh, moved, text)):
            ending = self._partial(doubt)
        return Page(records, "" if ending else self.mark.text(), size, self.progress.promised, ending)

    def rescued(self, lost: int, note: str) -> None:
        """Remember that the page to be taken was broken, and how many of its records could not be read."""
        found = self.progress
        self.progress = replace(found, broken=found.broken + 1, lost=found.lost + lost)
        self._rescues += 1
        if self._rescues <= _TOLD:
            self.notes.append(note)

    def broken_off(self, records: tuple[Harvested, ...], size: int, reason: str) -> Page:
        """End the list before a broken page that does not say how it goes on; a later run asks for that page again."""
        self._remember(records)
        resume = self.mark.text() if self.mark else ""
        return Page(records, resume, size, self.progress.promised, self._partial(reason))

    def _remember(self, records: Iterable[Harvested]) -> tuple[int, int]:
        fresh = moved = 0
        for record in records:
            name, stamp = hash(record.local_id), hash((record.datestamp, record.deleted))
            before = self._known.get(name)
            fresh += before is None
            moved += before is not None and before != stamp
            self._repeated += before is not None
            self._known[name] = stamp
        return fresh, moved

    def _doubt(self, records: tuple[Harvested, ...], fresh: int, moved: int, token: str) -> str:
        """Say why the list cannot be followed any further, or nothing."""
        self._empty = 0 if records else self._empty + 1
        self._stale = self._stale + 1 if records and not fresh else 0
        if token in self._tokens:
            return f"the token goes round: {token[:80]!r} was given before"
        if (records and not fresh and not moved) or self._stale >= _STALE_PAGES:
            return "the token goes round: a page brought only records that had come before"
        if self._empty > self.manner.empty_pages:
            return f"{self._empty} pages in a row had a token and no records"
        return ""

    @property
    def has_all_promised(self) -> bool:
        """Whether as many records came as the server promised."""
        return self.progress.promised is not None and self.progress.received >= self.progress.promised

    def begin_again(self, note: str) -> None:
        """Forget how far the walk had come; what was kept will come again and change nothing."""
        self.progress, self.mark = Progress(self.progress.question, self.progress.prefix), None
        self.notes.append(note)

    def ended_by(self, error: str) -> Page:
        """End the list whose last token was answered with an error: at its end when as many came as were promised."""
        promised = self.progress.promised
        if self.has_all_promised:
            self.notes.append(f"the last token led to {error} ({TOKEN_ON_LAST_PAGE.name})")
            return Page((), expected=promised, ending=self._end(closed=True))
        self.broke_off = True
        came = f"{self.progress.received} of {promised if promised is not None else 'an unknown number of'} records"
        hint = "" if self.part else "; with the option window=auto such a list is asked for in parts"
        return Page((), expected=promised, ending=self._partial(f"a token led to {error} after {came}{hint}"))

    def nothing(self) -> Page:
        """End a list to which no record belongs. An empty answer is never proof that everything is gone: not whole."""
        self.sound = True
        message = self._message("no records match")
        return Page((), expected=0, ending=Ending("success", False, self.next_from(), message))

    @property
    def origin(self) -> datetime:
        """When the list was first answered, by the clock that is behind."""
        return min(moment(self.progress.began) or self.begun, self.begun)

    def next_from(self) -> datetime:
        """Give where the next harvest starts; when two clocks disagree, the one that is behind loses nothing."""
        return next_from(self.origin, self.manner.overlap + self.clocks.widening, self.progress.days)

    def _partial(self, reason: str) -> Ending:
        return Ending("partial", False, None, self._message(reason))

    def _end(self, closed: bool) -> Ending:
        promised, received = self.progress.promised, self.progress.received
        if self.progress.lost:
            return self._partial(f"{self.progress.lost} records of broken pages could not be read")
        if promised is None or received >= promised:
            self.sound = not self.drift.drifted
            everything = self.sound and self.window == Window() and received > 0 and not self.progress.broken
            return Ending("success", everything, self.next_from(), self._message())
        short = f"the server promised {promised} records and sent {received}"
        if closed:
            return Ending("success", False, self.next_from(), self._message(short))
        # Two signs that something is missing: fewer than promised, and no empty token that closes the list (3.5).
        return self._partial(f"{short}; the last page does not close the list")

    def _message(self, *reasons: str) -> str:
        again = f"{self._repeated} records came more than once, the last counts" if self._repeated else ""
        more = f"and {self._rescues - _TOLD} more pages were broken" if self._rescues > _TOLD else ""
        clocks = () if self.part else self.clocks.notes()
        return "; ".join(filter(None, (*reasons, *self.notes, more, *self.drift.notes(), *clocks, again)))


def _promised(token: Any, before: int | None) -> int | None:
    stated = (token.complete_list_size or "").strip() if token is not None else ""
    return int(stated) if stated.isdecimal() else before
