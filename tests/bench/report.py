"""The rows of the result, as a table to read and as JSON to keep.

In: `Row`s and the facts of the machine. Out: text, and a file. A target that is missed is said, never an error: time
on a shared machine proves nothing alone.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_HEADINGS = ("row", "what", "value", "peer", "ratio", "target", "met")


@dataclass(frozen=True)
class Target:
    """What is wanted: of the ratio where there is a peer, else of the value."""

    limit: float
    at_most: bool = False
    goal: float | None = None

    def met(self, figure: float) -> bool:
        """Tell whether a figure keeps to the limit."""
        return figure <= self.limit if self.at_most else figure >= self.limit

    def __str__(self) -> str:
        goal = "" if self.goal is None else f", goal {self.goal:g}"
        return f"{'≤' if self.at_most else '≥'} {self.limit:g}{goal}"


@dataclass(frozen=True)
class Row:
    """One line of the result. `runs` keeps every single figure that the value and the ratio were made of."""

    number: int
    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    target: Target | None = None
    runs: Mapping[str, Sequence[float]] = field(default_factory=dict)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Tell whether the target is met; None without a target, or without the peer that it speaks of."""
        if self.target is None or (self.peer and self.ratio is None):
            return None
        return self.target.met(self.value if self.ratio is None else self.ratio)


def figure(value: float | None) -> str:
    """Write a figure with about three digits that matter."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(rows: Iterable[Row]) -> str:
    """Write the rows as columns, and under them what is to be noted."""
    rows = list(rows)
    lines = [_HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    columns = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
    return "\n".join([*columns, "", *(_note(row) for row in rows if row.note)])


def _note(row: Row) -> str:
    return f"{row.number} {row.name}{f' / {row.peer}' if row.peer else ''}: {row.note}"


def _cells(row: Row) -> tuple[str, ...]:
    peer = f"{row.peer} {figure(row.peer_value)}".strip()
    met = {None: "", True: "yes", False: "no"}[row.met]
    value = f"{figure(row.value)} {row.unit}"
    return (str(row.number), row.name, value, peer, figure(row.ratio), str(row.target or ""), met)


def keep(path: Path, rows: Iterable[Row], facts: Mapping[str, Any]) -> None:
    """Write rows and facts to a JSON file."""
    kept = {**facts, "rows": [{**asdict(row), "met": row.met} for row in rows]}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
