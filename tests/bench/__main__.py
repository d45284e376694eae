"""`make bench`: measure, print a table, write bench.json.

In: the environment (`plan.py`). Out: exit 0 when everything was measured, whatever the figures; 2 when the bench was
asked for what cannot be; 1 when something under measurement failed.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import (
    machine,
    plan,
    report,
    rows_api,
    rows_clock,
    rows_harvest,
    rows_import,
    rows_librarians,
    rows_matching,
    rows_oai,
    rows_phone,
    rows_search,
)
from tests.bench.grounds import Grounds
from tests.bench.plan import Plan, PlanError
from tests.bench.report import Row

MEASURES: dict[int, Callable[[Grounds], Iterator[Row]]] = {
    1: rows_import.speed,
    2: rows_import.memory,
    3: rows_oai.speed,
    4: rows_oai.last_page,
    5: rows_import.disk,
    6: rows_search.search,
    7: rows_harvest.speed,
    8: rows_clock.idle,
    9: rows_clock.nothing_new,
    10: rows_matching.stages,
    11: rows_matching.comparisons,
    12: rows_matching.groups,
    13: rows_search.records,
    14: rows_api.api,
    15: rows_librarians.z3950,
    16: rows_librarians.memory,
    17: rows_librarians.sru,
    18: rows_phone.paints,
}


def main() -> int:
    """Measure what the environment asks for."""
    try:
        asked = plan.read()
    except PlanError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        rows = measure(asked)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"the bench ended early: {error}", file=sys.stderr)
        return 1
    print(report.table(rows))
    print(f"Written to {asked.result}")
    return 0


def measure(asked: Plan) -> list[Row]:
    """Measure the rows of a plan and keep them in its file."""
    rows: list[Row] = []
    facts = machine.facts()
    with _folder() as folder, ExitStack() as until_end:
        grounds = Grounds(asked, folder, until_end)
        for number in asked.rows:
            for row in MEASURES[number](grounds):
                rows.append(row)
                print(
                    f"row {row.number}: {row.name}: {report.figure(row.value)} {row.unit}", file=sys.stderr, flush=True
                )
    report.keep(asked.result, rows, {**facts, "plan": _plain(asked), "ended": machine.now()})
    return rows


def _plain(asked: Plan) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(asked).items()}


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lienthong-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
