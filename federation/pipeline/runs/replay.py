"""A run made again from the answers that were kept: through today's parser and stages, without the network.

In: the number of a run. Out: its pages as if the source gave them once more. What a later run has changed meanwhile is
left alone; nothing is concluded from what is missing, and the next harvest starts where it would have. Answers are kept
for the days of the option `keep_pages` and make room at the start of a run; files are their own original.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from federation.errors import Inconsistent, UsageError
from federation.pipeline.workplace import Workplace
from federation.store import Database, Session, pages
from federation.store.raws import Received, Visit
from federation.store.sources import SourceRow
from harvesters import read_again
from harvesters.base import Ending, Page, SourceSpec, Window
from harvesters.errors import HarvestError
from harvesters.options import Option, whole

KEEP_PAGES: Final = Option(
    "keep_pages",
    "14",
    "days for which answers of a server (OAI-PMH, SRU, Z39.50) are kept for `harvest replay`; 0: none",
    0,
    3650,
)
#: pages that could not be read and that the message tells of one by one
_TOLD: Final = 5


def source_of(place: Workplace, run_id: int) -> str:
    """Give the source of a run that can be replayed; raises `NotFound` without the run, `UsageError` without pages."""
    with place.database.read() as session:
        code = pages.source_of(session, run_id)
        if not pages.numbers(session, run_id):
            message = (
                f"no answers of this run of {code} are kept: those of servers are, and for the days of the "
                "source's option keep_pages; `lienthong harvest run` fetches anew"
            )
            raise UsageError("no-pages", message, f"run {run_id}")
    return code


def make_room(session: Session, source: SourceRow, now: datetime) -> bool:
    """Remove the answers of a source that are older than its days; says whether those of a run that begins are kept."""
    days = whole(KEEP_PAGES, source.options)
    pages.drop(session, source.id, now - timedelta(days=days))
    return days > 0


def not_newer(session: Session, visit: Visit, received: Sequence[Received]) -> list[Received]:
    """Leave out the records that a later run than the replayed one has changed."""
    names = [record.local_id for record in received]
    later = pages.changed_since(session, visit.source_id, names, visit.replays)
    return [record for record in received if record.local_id not in later]


class Replay:
    """Gives the kept pages of a run, as a harvester does."""

    def __init__(self, database: Database, spec: SourceSpec, run_id: int) -> None:
        self._database = database
        self._spec = spec
        self._run = run_id

    def pages(self, _window: Window, _resume: str = "") -> Iterator[Page]:
        """Yield the pages in their order; one that cannot be read is told in the ending."""
        with self._database.read() as session:
            numbers = pages.numbers(session, self._run)
        faults: list[str] = []
        for number in numbers:
            page, fault = self._page(number)
            faults += [fault] if fault else []
            yield replace(page, ending=self._ending(number, faults)) if number == numbers[-1] else page

    def _ending(self, count: int, faults: list[str]) -> Ending:
        more = [f"and {len(faults) - _TOLD} more pages"] if len(faults) > _TOLD else []
        said = (f"run {self._run} read again from {count} kept pages", *faults[:_TOLD], *more)
        return Ending("partial" if faults else "success", message="; ".join(said))

    def _page(self, number: int) -> tuple[Page, str]:
        try:
            with self._database.read() as session:
                kept = pages.one(session, self._run, number)
            if kept is None:
                return Page(()), f"page {number} was removed meanwhile"
            page = read_again(self._spec, kept.answer, number)
        except (HarvestError, Inconsistent) as error:
            return Page(()), str(error)
        return page, page.fault
