"""How a run behaves towards the source's librarians: in its hours, one run at a host at a time, no secrets lost.

In: a source with its harvester's pages. Out: the same pages, ended early when the source's hours are over; the
`SourceSpec` with the secrets in the clear; and what the last run remembered, where that still holds.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from federation import clock, vault
from federation.errors import Unavailable
from federation.pipeline.runs.order import BY_HAND
from federation.pipeline.workplace import Workplace
from federation.store import Session, sources
from federation.store.sources import SourceRow
from harvesters.base import Ending, Page, SourceSpec
from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.hours import HOURS, LOCAL, next_opening, open_at
from harvesters.pace import hosts, turn

log = logging.getLogger(__name__)
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


@contextmanager
def turns(place: Workplace, source: SourceRow, waits: bool) -> Iterator[None]:
    """Hold the turn at the hosts of a source: one run asks a host at a time. Who does not wait for it (a run from the
    queue, which is tried again) gets `Unavailable` at once.
    """
    with ExitStack() as held:
        try:
            held.enter_context(turn(shared(place.settings.home), hosts(source.url), PATIENCE if waits else 0))
        except SourceUnavailable as error:
            code = "busy" if error.code == "host-busy" else error.code
            raise Unavailable(code, error.message, error.where) from error
        yield


def in_hours(source: SourceRow, trigger: str, fetched: Iterable[Page], resume: str = "") -> Iterator[Page]:
    """Yield the pages as they come, while the hours of the source last; `resume` is left where they have not begun."""
    hours = source.options.get(HOURS.name, "")
    if trigger == BY_HAND:
        if not open_at(hours, clock.now()):
            log.warning("%s: is to be asked at %s only (Vietnam); asked now because you say so", source.code, hours)
        yield from fetched
        return
    if not open_at(hours, clock.now()):
        yield Page((), resume, ending=_ended(hours))
        return
    for page in fetched:
        if page.ending is None and not open_at(hours, clock.now()):
            yield replace(page, ending=_ended(hours))
            return
        yield page


def closed_until(source: SourceRow, now: datetime) -> datetime | None:
    """Give when the hours of a source begin, None while they last. Hours that are none are told by the run itself."""
    try:
        opening = next_opening(source.options.get(HOURS.name, ""), now)
    except SourceRefused:
        return None
    return opening if opening > now else None


def _ended(hours: str) -> Ending:
    opening: datetime = next_opening(hours, clock.now()).astimezone(LOCAL)
    return Ending("partial", message=f"{_OVER} ({hours}); they open again at {opening:%Y-%m-%d %H:%M} (Vietnam)")
