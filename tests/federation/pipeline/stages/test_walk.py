"""Work side by side: what a harvest brought is worked on while it still fetches; neither side can hurt the other."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from federation import clock
from federation.index.engine import Document, Row, Writer
from federation.pipeline import check as checking
from federation.pipeline.runs.harvest import Order, Report, harvest
from federation.pipeline.stages import publish
from federation.pipeline.stages.walk import walk, walk_beside
from federation.pipeline.workplace import Workplace
from federation.store import stages, stamps
from federation.store.models import Stamping
from tests.support.house import add_files, add_member
from tests.support.records import iso2709, record

#: enough for processes of their own, and two batches of a stage
RECORDS = 1600
#: what a stage waits for before it follows
ENOUGH = 1200


@pytest.fixture(autouse=True)
def _follows_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "federation.pipeline.stages.walk._ENOUGH", dict.fromkeys(("normalise", "cluster", "publish"), ENOUGH)
    )


def waiting(place: Workplace, stage: str) -> int:
    with place.database.read() as session:
        return stages.waiting(session, stage)


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        time.sleep(0.05)


def fetching(place: Workplace, tmp_path: Path, records: int = RECORDS) -> Callable[[], Report]:
    path = iso2709(tmp_path / "many.mrc", map(record, range(records)))
    code = add_files(place, add_member(place, "a"), "many", path)
    return lambda: harvest(place, code, Order(full=True))


def test_what_came_is_normalised_and_clustered_while_the_harvest_goes_on(place: Workplace, tmp_path: Path) -> None:
    fetch = fetching(place, tmp_path)

    def slow() -> Report:
        report = fetch()
        until(lambda: waiting(place, "merge") == RECORDS)
        assert waiting(place, "normalise") == waiting(place, "cluster") == 0
        return report

    assert walk_beside(place, slow).counts["added"] == RECORDS
    assert checking.check(place) == []
    assert checking.status(place)["indexed"] == RECORDS


def test_a_harvest_that_breaks_stops_the_work_beside_it_and_says_why(place: Workplace, tmp_path: Path) -> None:
    fetch = fetching(place, tmp_path)

    def broken() -> Report:
        fetch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk_beside(place, broken)
    walk(place)
    assert checking.check(place) == []
    assert checking.status(place)["indexed"] == RECORDS


def test_a_harvest_does_not_wait_for_another_process_that_runs_stages(place: Workplace, tmp_path: Path) -> None:
    fetch = fetching(place, tmp_path)

    def beside_another() -> Report:
        with place.database.alone():
            report = fetch()
            time.sleep(0.5)
            assert waiting(place, "normalise") == RECORDS
        return report

    walk_beside(place, beside_another)
    assert checking.check(place) == []
    assert checking.status(place)["indexed"] == RECORDS


def test_what_fails_beside_a_harvest_is_told_and_what_was_fetched_stays(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = fetching(place, tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("federation.pipeline.stages.cluster.judge", full)
    with pytest.raises(OSError, match="No space"):
        walk_beside(place, fetch)
    monkeypatch.undo()
    assert checking.status(place)["raw"] == RECORDS
    walk(place)
    assert checking.check(place) == []


def test_on_return_the_doors_show_what_was_done(place: Workplace, tmp_path: Path) -> None:
    walk_beside(place, fetching(place, tmp_path, 3))
    with place.database.read() as session:
        last = session.execute(select(Stamping.last_stamp)).scalar_one()
        assert last is not None
        assert stamps.horizon(session, clock.now()) > last


class Counted:
    """A writer that notes how many documents each commit had."""

    def __init__(self, writer: Writer, pieces: list[int]) -> None:
        self.writer, self.pieces = writer, pieces

    def publish(self, documents: Iterable[Document | Row], removed: Iterable[int]) -> None:
        rows = list(documents)
        self.pieces.append(len(rows))
        self.writer.publish(rows, removed)


def test_batches_are_published_together(place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetching(place, tmp_path, 260)()
    monkeypatch.setattr(publish, "BATCH", 10)
    monkeypatch.setattr(publish, "TOGETHER", 7)
    walk(place, ("normalise", "cluster", "merge"))
    pieces: list[int] = []
    opened = place.index.writing

    @contextmanager
    def watched() -> Iterator[Writer]:
        with opened() as writer:
            yield Counted(writer, pieces)

    monkeypatch.setattr(place.index, "writing", watched)
    walk(place, ("publish",))
    assert pieces == [70, 70, 70, 50]
    assert checking.check(place) == []
