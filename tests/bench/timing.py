"""How figures are taken: two sides in turn, the middle of several runs, the slow end of many requests.

In: things to run. Out: what they gave, in order. Taking turns lets both sides meet the same hours of the machine.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Given = TypeVar("Given")


def in_turn(sides: Sequence[Callable[[], Given]], runs: int) -> list[list[Given]]:
    """Run A B A B …; gives for each side what its runs gave."""
    rounds = [[side() for side in sides] for _ in range(runs)]
    return [list(each) for each in zip(*rounds, strict=True)]


def seconds(work: Callable[[], object]) -> float:
    """Give how long something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def middle(figures: Iterable[float]) -> float:
    """Give the median."""
    return statistics.median(figures)


def middle_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Give the median of the ratios of each round: what slowed a whole round falls out."""
    return middle(mine / other for mine, other in zip(ours, theirs, strict=True))


def slow_end(figures: Sequence[float]) -> float:
    """Give the 95th percentile."""
    return sorted(figures)[max(0, -(-len(figures) * 95 // 100) - 1)]
