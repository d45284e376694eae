"""What is to be measured: read from the environment, all problems told together.

In: environment variables `BENCH_*` and `LIENTHONG_TEST_DATA`. Out: one frozen `Plan`, or `PlanError` naming what is
wrong and what to do. Reading a plan touches no file but to see whether it is there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: the rows there are, by number
ROWS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
LARGE_RECORDS = 150_000


class PlanError(Exception):
    """The bench was asked for something it cannot do."""


@dataclass(frozen=True)
class Plan:
    """What to measure. `large` is the file of `BENCH_LARGE`; `data` the folder of real records."""

    rows: tuple[int, ...] = ROWS
    records: int = 10_000
    runs: int = 5
    queries: int = 200
    pages: int = 30
    idle_seconds: float = 30.0
    data: Path = ROOT.parent / "shared" / "data"
    large: Path | None = None
    large_records: int = LARGE_RECORDS
    result: Path = ROOT / "bench.json"


def read(environment: Mapping[str, str] | None = None) -> Plan:
    """Read the plan; raises `PlanError`."""
    environment = os.environ if environment is None else environment
    large = environment.get("BENCH_LARGE")
    if large and not Path(large).is_file():
        raise PlanError(f"BENCH_LARGE={large} is no file; docs/reference/bench.md tells how to get it")
    return Plan(
        rows=_rows(environment.get("BENCH_ROWS", "")),
        records=_count(environment, "BENCH_RECORDS", Plan.records),
        runs=_count(environment, "BENCH_RUNS", Plan.runs),
        data=Path(environment.get("LIENTHONG_TEST_DATA") or Plan.data),
        large=Path(large) if large else None,
    )


def _rows(text: str) -> tuple[int, ...]:
    if not text:
        return ROWS
    wanted = [part.strip() for part in text.split(",")]
    unknown = [part for part in wanted if part not in map(str, ROWS)]
    if unknown:
        raise PlanError(f"BENCH_ROWS={text}: no row {', '.join(unknown)}; there are {', '.join(map(str, ROWS))}")
    return tuple(row for row in ROWS if str(row) in wanted)


def _count(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and int(text)):
        raise PlanError(f"{name}={text}: must be a whole number, 1 or more")
    return int(text)
