"""Rows 8 and 9: what it costs to wait for the clock with 300 sources, and to harvest a source that has nothing new.

In: `Grounds`. Out: `Row`s. CPU is what the system counted for the process, in nanoseconds, its threads included; the
start of Python, once per scheduler, is no part of it.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from federation import clock
from federation.index import open_engine
from federation.jobs import runs
from federation.pipeline.workplace import Workplace
from federation.store import Database, members, queue, sources
from federation.store.sources import NewSource
from tests.bench import homes, servers
from tests.bench.grounds import Grounds
from tests.bench.homes import MEMBER, Home
from tests.bench.report import Row, Target
from tests.bench.sample import Sample
from tests.bench.timing import middle
from tests.support.records import iso2709, record

SOURCES = 300
#: seconds until a scheduler that has just begun is at rest
_REST = 3.0
_RECORDS = 24
_NOTHING_NEW = Target(200, at_most=True)


def idle(grounds: Grounds) -> Iterator[Row]:
    """Give row 8: CPU of `lienthong serve scheduler` with 300 hourly schedules, none of them due meanwhile."""
    home = homes.new(grounds.place())
    with _opened(home) as place:
        _add_hourly(place)
    process = home.begin("serve", "scheduler")
    try:
        time.sleep(_REST)
        before, begun = _cpu(process.pid), time.monotonic()
        time.sleep(grounds.plan.idle_seconds)
        spent, lasted = _cpu(process.pid) - before, time.monotonic() - begun
    finally:
        process.terminate()
        _, told = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "lienthong serve scheduler", stderr=told)
    share = 100 * spent / lasted
    note = f"{spent * 1000:.1f} ms in {lasted:.0f} s: {spent / lasted * 86_400:.0f} s a day"
    yield Row(8, f"scheduler idle, {SOURCES} sources", share, "% of a core", note=note)


def _add_hourly(place: Workplace) -> None:
    """Add sources whose next time is half an hour away."""
    far = clock.now() + timedelta(minutes=30)
    with place.database.write() as session:
        member = members.one(session, MEMBER).id
        for number in range(SOURCES):
            source = NewSource(f"s{number}", "files", "/none", schedule=f"{far.minute} * * * *")
            sources.add(session, member, source, clock.now())


def _cpu(pid: int) -> float:
    """Give the seconds of CPU of a process (sched-stats of every thread; the first figure is time on a core)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def nothing_new(grounds: Grounds) -> Iterator[Row]:
    """Give row 9: CPU of one run from the queue of an OAI-PMH source that has nothing new, the stages included."""
    path = grounds.place()
    sample = Sample(iso2709(path.with_suffix(".mrc"), map(record, range(_RECORDS))), _RECORDS, "made")
    served = homes.filled(grounds.place(), sample).home
    with servers.ours(served) as port, _opened(homes.new(path)) as place:
        _add_oai(place, port)
        if _run(place) != _RECORDS:
            raise RuntimeError("the first harvest did not bring the records of the sample")
        figures = [_milliseconds(place) for _ in range(grounds.plan.runs * 4)]
    yield Row(
        9,
        "a run with nothing new: CPU",
        middle(figures),
        "ms",
        target=_NOTHING_NEW,
        runs={"ours": figures},
        note=f"{len(figures)} runs by OAI-PMH over loopback; the greatest {max(figures):.0f} ms",
    )


def _add_oai(place: Workplace, port: int) -> None:
    url, options = f"http://127.0.0.1:{port}/oai", {"allow_private": "true", "per_minute": "60000"}
    with place.database.write() as session:
        source = NewSource("own", "oaipmh", url, prefix="marc21", options=options)
        sources.add(session, members.one(session, MEMBER).id, source, clock.now())


def _milliseconds(place: Workplace) -> float:
    begun = time.process_time()
    _run(place)
    return (time.process_time() - begun) * 1000


def _run(place: Workplace) -> int:
    """Queue a run and do it as the scheduler does; gives what it added."""
    with place.database.write() as session:
        queue.ask(session, sources.one(session, "own").id, "harvest", "schedule", clock.now())
        asked = queue.unended(session)[0]
        queue.start(session, asked.id, clock.now())
    report = runs.run(place, asked, lambda *_: None)
    with place.database.write() as session:
        queue.end(session, asked.id, clock.now())
    if report.status != "success":
        raise RuntimeError(f"a run ended {report.status}: {report.message}")
    return report.counts["added"]


@contextmanager
def _opened(home: Home) -> Iterator[Workplace]:
    settings = home.settings
    database, index = Database(settings.database_url), open_engine(settings.index_url)
    try:
        yield Workplace(database, index, settings)
    finally:
        index.close()
        database.close()
