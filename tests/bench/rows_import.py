"""Rows 1, 2 and 5: how fast a file becomes searchable, how much memory that takes, how much disk it stays on.

In: `Grounds`. Out: `Row`s. The import of the large file runs once, watched; that of the small one five times unwatched
for its speed, and once watched for its memory.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.bench import homes, zebra
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.report import Row, Target
from tests.bench.sample import Sample
from tests.bench.timing import in_turn, middle, middle_ratio

_SPEED = Target(0.25, goal=1)
_MEMORY = Target(300, at_most=True)


def speed(grounds: Grounds) -> Iterator[Row]:
    """Give row 1: records per second from starting the import until all can be found, against Zebra."""
    small = grounds.small

    def ours() -> float:
        imported = homes.filled(grounds.place(), small)
        shutil.rmtree(imported.home.path)
        waits.append(imported.shown)
        return imported.speed

    waits: list[float] = []
    sides = [ours, lambda: _theirs(grounds, small)] if zebra.there() else [ours]
    runs = in_turn(sides, grounds.plan.runs)
    took = small.records / middle(runs[0])
    note = f"{took:.1f} s, {middle(waits):.1f} of them after the last write of the index; {small.origin}"
    yield _speed_row(small, runs, note)
    if zebra.there():
        yield _stylesheet_row(grounds, runs[0])
    if grounds.large and grounds.large_home:
        sides_once = [[grounds.large_home.speed]]
        sides_once += [[_theirs(grounds, grounds.large)]] if zebra.there() else []
        yield _speed_row(
            grounds.large, sides_once, f"one run, {grounds.large_home.seconds:.0f} s; {grounds.large.origin}"
        )


def _theirs(grounds: Grounds, sample: Sample, kind: str = "grs") -> float:
    return sample.records / zebra.index(grounds.place(), sample, kind)


def _speed_row(sample: Sample, runs: list[list[float]], note: str) -> Row:
    name = f"import to searchable, {sample.records:,} records"
    if len(runs) == 1:
        lacking = f"not installed: {zebra.NEEDED}"
        return Row(1, name, middle(runs[0]), "records/s", lacking, None, None, _SPEED, {"ours": runs[0]}, note)
    mine, other = runs
    figures = {"ours": mine, "peer": other}
    ratio = middle_ratio(mine, other)
    return Row(1, name, middle(mine), "records/s", "zebraidx", middle(other), ratio, _SPEED, figures, note)


def _stylesheet_row(grounds: Grounds, ours: list[float]) -> Row:
    other = _theirs(grounds, grounds.small, "dom")
    figures = {"ours": ours, "peer": [other]}
    note = "for information: MARC to XML to a stylesheet, one run"
    name = f"import to searchable, {grounds.small.records:,} records"
    return Row(1, name, middle(ours), "records/s", "zebraidx dom", other, middle(ours) / other, None, figures, note)


def memory(grounds: Grounds) -> Iterator[Row]:
    """Give row 2: the peak of memory of the import and all its processes."""
    small, large = grounds.small_home, grounds.large_home
    yield _memory_row(small, None if large else _MEMORY)
    if large:
        yield _memory_row(large, _MEMORY)
        growth = large.memory.total / small.memory.total
        times = large.sample.records / small.sample.records
        yield Row(2, "growth of that peak", growth, "times", note=f"for {times:.0f} times as many records")


def _memory_row(imported: Imported, target: Target | None) -> Row:
    peak = imported.memory
    name = f"memory of the import, {imported.sample.records:,} records"
    figures = {"total": [peak.total], "anonymous": [peak.anonymous]}
    note = f"PSS of all its processes; {peak.anonymous:.0f} MB of it backed by no file"
    return Row(2, name, peak.total, "MB", target=target, runs=figures, note=note)


def disk(grounds: Grounds) -> Iterator[Row]:
    """Give row 5: bytes on disk for each record, against the bytes of its ISO 2709."""
    for imported in grounds.homes():
        database, index = _database_bytes(imported.home.path), _bytes_below(imported.home.path / "index")
        records = imported.sample.records
        kept, exchanged = (database + index) / records, imported.sample.bytes / records
        figures = {"database": [database / records], "index": [index / records]}
        note = f"database {database / records:,.0f}, index {index / records:,.0f}"
        name = f"disk, {records:,} records"
        yield Row(5, name, kept, "bytes/record", "ISO 2709", exchanged, kept / exchanged, None, figures, note)


def _database_bytes(home: Path) -> int:
    # What was written last may still stand in the log beside the database.
    with closing(sqlite3.connect(home / "lienthong.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return sum(file.stat().st_size for file in home.glob("lienthong.db*"))


def _bytes_below(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
