"""A source without a network: gives what a test says, logs what a test says, ends as a test says.

In: records, log lines, a fault or an ending. Out: a harvester for `federation.pipeline.runs.harvest.open_source`.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from federation import clock
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.sources import NewSource
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from schemas.marc import write
from tests.support.house import add_member
from tests.support.records import record

log = logging.getLogger("harvesters.fake")


def received(number: int, title: str = "") -> Harvested:
    """A sound record `oai:x:NUMBER`; another title makes other bytes."""
    made = record(number, title=title) if title else record(number)
    return Harvested(f"oai:x:{number}", write.marc(made), "iso2709", f"page 1, {number}")


def broken(number: int) -> Harvested:
    """A record that nobody can read."""
    return Harvested(f"oai:x:{number}", b"00042nam no record\x1d", "iso2709", f"page 1, {number}")


def withdrawn(number: int) -> Harvested:
    """What a server says of a record it has no more."""
    return Harvested(f"oai:x:{number}", b"", "iso2709", deleted=True)


@dataclass
class FakeSource:
    """One page, then a fault or an ending; `speak` is called before the page, in the thread of the run."""

    records: tuple[Harvested, ...] = ()
    fault: BaseException | None = None
    ending: Ending = field(default_factory=Ending)
    speak: Callable[[SourceSpec], None] = field(default=lambda _spec: None)
    spec: SourceSpec | None = None
    windows: list[Window] = field(default_factory=list)

    def open(self, spec: SourceSpec, _contact: str = "") -> "FakeSource":
        self.spec = spec
        return self

    def pages(self, window: Window, _resume: str = "") -> Iterator[Page]:
        assert self.spec
        self.windows.append(window)
        self.speak(self.spec)
        if self.records:
            yield Page(self.records, "here", 100, len(self.records))
        if self.fault:
            raise self.fault
        yield Page((), ending=self.ending)


def put_in_place(monkeypatch: pytest.MonkeyPatch, source: FakeSource) -> FakeSource:
    """Let every run of the pipeline fetch from this source."""
    monkeypatch.setattr("federation.pipeline.runs.harvest.open_source", source.open)
    return source


def add_source(place: Workplace, code: str, schedule: str = "", **options: str) -> str:
    """Add a source to a member of its own, of the same code."""
    member = add_member(place, code)
    with place.database.write() as session:
        url = f"https://{code}.thuvien.example.vn/oai"
        sources.add(session, member, NewSource(code, "oaipmh", url, schedule=schedule, options=options), clock.now())
    return code
