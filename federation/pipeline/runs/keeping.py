"""What a run brings, page by page: each is kept in one transaction with how far the run came.

In: a `Run` and its pages. Out: raw records, and `Gathered`: what is to be known of all pages together when the run is
concluded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from federation import clock
from federation.pipeline.runs import losses, replay, vanished
from federation.pipeline.runs.holding import Hold
from federation.pipeline.runs.naming import Naming
from federation.pipeline.runs.opening import Run
from federation.pipeline.stages import own
from federation.pipeline.stages.thinkers import WORTH_PROCESSES, get_ready
from federation.pipeline.workplace import Workplace
from federation.store import absences, pages, raws, sources
from federation.store.raws import Received
from harvesters.base import Ending, Harvested, Page


@dataclass
class Gathered:
    """What a run gathers on its way; `seen`, kept where it may be a whole look, are hashes of local ids.

    `awaits`: some records of the source are absent, and each that comes is told to be there again. `strangers` are ids
    of withdrawn records that came with other works.
    """

    place: Workplace
    run: Run
    hold: Hold
    naming: Naming
    awaits: bool
    seen: set[int] = field(default_factory=set)
    records: int = 0
    changed: int = 0
    strangers: int = 0
    ending: Ending | None = None

    def keep(self, page: Page) -> None:
        """Keep a page, all of it or nothing; raises `Stopped` when the source is no longer ours."""
        received = distinct(self.naming.named(own.marked(page.records, self.place.settings)))
        counts = self._written(page, received)
        if self.run.looks:
            self.seen.update(hash(record.local_id) for record in received if not record.deleted)
        self.records += len(page.records)
        self.strangers += counts["strangers"]
        self._expect(self.changed + counts["added"] + counts["changed"])
        self.ending = page.ending or self.ending

    def _written(self, page: Page, received: Sequence[Received]) -> dict[str, int]:
        visit = self.run.visit
        with self.place.database.write() as session:
            self.hold.keep(session)
            if self.run.keeps and page.answer:
                pages.keep(session, visit.run_id, page.answer, page.fault, clock.now())
            if visit.replays:
                received = replay.not_newer(session, visit, received)
            counts = raws.keep(session, visit, received, losses.alike)
            if self.awaits:
                absences.came(session, visit.source_id, [record.local_id for record in received])
            counts["unchanged"] += len(page.records) - len(received)
            counts |= {"seen": len(page.records), "pages": 1, "bytes": page.bytes}
            sources.record_page(session, visit.run_id, counts, page.resume)
        return counts

    def _expect(self, changed: int) -> None:
        if self.changed < WORTH_PROCESSES <= changed:
            get_ready()  # the stages will want other processes: let them load while we fetch
        self.changed = changed


def gathering(place: Workplace, run: Run, hold: Hold) -> Gathered:
    """Begin to gather what a run brings; raises `SourceRefused` when its records cannot be named."""
    return Gathered(place, run, hold, Naming(run.source.options), vanished.awaits(place, run.source))


def distinct(records: Iterable[Harvested]) -> list[Received]:
    """Give one record per local id, the last one where a source says an id twice on a page, in the sets of both."""
    found: dict[str, Received] = {}
    for record in records:
        before = found.get(record.local_id)
        sets = {*record.sets, *(before.sets.split() if before else ())}
        found[record.local_id] = Received(
            record.local_id,
            record.content,
            record.syntax,
            printable(record.where),
            record.datestamp,
            record.deleted,
            " ".join(record.findings),
            " ".join(sorted(sets)),
        )
    return list(found.values())


def printable(text: str) -> str:
    """Give the text without what no database takes: NUL, and the surrogates that stand for bytes of file names."""
    return text.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
