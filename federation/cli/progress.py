"""How long work shows itself: a bar on a terminal, one line a minute where there is none.

In: counts of records. Out: text on standard error, so that results on standard output stay clean.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

EVERY_SECONDS: Final = 60.0


class Showing:
    """Shows the progress of several named pieces of work, each with a count and perhaps a total."""

    def __init__(self, bar: Progress | None, now: Callable[[], float] = time.monotonic) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._now = now
        self._begun: dict[str, float] = {}
        self._told = now()

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Say that `done` of `total` records of this work are done."""
        if self._bar:
            if name not in self._tasks:
                self._tasks[name] = self._bar.add_task(name, total=total)
            self._bar.update(self._tasks[name], completed=done, total=total)
            return
        now = self._now()
        begun = self._begun.setdefault(name, self._told if not self._begun else now)
        if now - self._told >= EVERY_SECONDS:
            self._told = now
            print(self._line(name, done, total, now - begun), file=sys.stderr, flush=True)  # noqa: T201

    def _line(self, name: str, done: int, total: int | None, seconds: float) -> str:
        rate = done / seconds
        left = f", {_shown((total - done) / rate)} left" if total and rate and total > done else ""
        return f"{name}: {done} records{f' of {total}' if total else ''}, {rate:.0f}/s{left}"


def _shown(seconds: float) -> str:
    return f"about {seconds / 60:.0f} min" if seconds >= 60 else "less than a minute"


@contextmanager
def showing() -> Iterator[Showing]:
    """Show progress until the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Showing(None)
        return
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield Showing(bar)
