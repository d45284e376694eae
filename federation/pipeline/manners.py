"""How a run behaves towards the source's librarians: in its hours, one run at a host at a time, no secrets lost.

In: a source with its harvester's pages. Out: the same pages, ended early when the source's hours are over; the
`SourceSpec` with the secrets in the clear; and what the last run remembered, where that still holds.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from federation import clock, vault
from federation.errors import Unavailable
from federation.pipeline.stage import Workplace
from federation.store import Session, sources
from federation.store.sources import SourceRow
from harvesters.base import Ending, Page, SourceSpec
from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.hours import HOURS, LOCAL, next_opening, open_at
from harvesters.pace import hosts, turn

log = logging.getLogger(__name__)
#: who started a run that may go on at any hour
BY_HAND: Final = "operator"
#: seconds a run waits for the run of another source at the same host
PATIENCE: Final = 3600.0
_OVER: Final = "the hours of this source are over"


def shared(home: Path) -> str:
    """Give the folder where the processes of a house keep how fast each host was asked."""
    return str(home / "hosts")


def spec(place: Workplace, source: SourceRow) -> SourceSpec:
    """Give what a harvester has to know of a source; raises `SourceRefused` when its secrets cannot be read."""
    try:
        options = vault.unlock(place.settings.home, source.options, source.code)
    except Unavailable as error:
        raise SourceRefused(error.code, error.message, error.where) from error
    texts = (source.code, source.kind, source.url, source.prefix, source.set_spec)
    return SourceSpec(*texts, options, shared=shared(place.settings.home))


def recall(session: Session, source: SourceRow, last: Any, forget: bool) -> SourceRow:
    """Give the source with what it remembers, where the catalogue is as the run that said it left it; else without.

    Otherwise a file that changed and changed back would be taken for unchanged, with half of the change kept.
    """
    holds = not forget and last is not None and last.status in ("success", "failed")
    if source.remembered and not holds:
        sources.change(session, source.id, remembered="")
    return source if holds else replace(source, remembered="")


def close(session: Session, source: SourceRow, status: str, ending: Ending | None) -> None:
    """Keep what a run leaves for the next one, unless it stopped before its end."""
    if status != "failed":
        remembered = ending.remember if ending and status == "success" else ""
        sources.change(session, source.id, remembered=remembered)


@dataclass(frozen=True)
class Manners:
    """What a run keeps to: hours unless it was started by hand, and turns at the hosts it asks."""

    place: Workplace
    source: SourceRow
    trigger: str = BY_HAND
    patience: float = PATIENCE

    def pages(self, fetched: Iterable[Page], resume: str = "") -> Iterator[Page]:
        """Yield the pages as they come; the first one is asked for when the hours are open and the turn is ours, else
        `resume` is left for the next run.
        """
        hours = self.source.options.get(HOURS.name, "")
        if not open_at(hours, clock.now()):
            if self.trigger != BY_HAND:
                yield Page((), resume, ending=_ended(hours))
                return
            log.warning(
                "%s: is to be asked at %s only (Vietnam); asked now because you say so", self.source.code, hours
            )
        home = shared(self.place.settings.home)
        try:
            with turn(home, hosts(self.source.url), self.patience):
                yield from self._while_open(fetched, hours)
        except SourceUnavailable as error:
            if error.code != "host-busy":
                raise
            yield Page((), resume, ending=Ending("partial", message=str(error)))

    def _while_open(self, fetched: Iterable[Page], hours: str) -> Iterator[Page]:
        for page in fetched:
            over = self.trigger != BY_HAND and page.ending is None and not open_at(hours, clock.now())
            if over:
                yield replace(page, ending=_ended(hours))
                return
            yield page


def _ended(hours: str) -> Ending:
    opening: datetime = next_opening(hours, clock.now()).astimezone(LOCAL)
    return Ending("partial", message=f"{_OVER} ({hours}); they open again at {opening:%Y-%m-%d %H:%M} (Vietnam)")
