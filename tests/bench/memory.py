"""How much memory a process and all its children use together, while they run.

In: the number of a process. Out: the peak of the sum of their proportional set sizes (PSS: what is shared is counted
once), read from /proc/*/smaps_rollup five times a second. A peak shorter than a fifth of a second can be missed.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

INTERVAL_SECONDS = 0.2
_PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """Megabytes (1,000,000 bytes): all that is mapped, and of it what no file backs."""

    total: float = 0.0
    anonymous: float = 0.0

    def or_more(self, other: "Memory") -> "Memory":
        """Give the larger of both, each figure for itself."""
        return Memory(max(self.total, other.total), max(self.anonymous, other.anonymous))


NOT_WATCHED = Memory()


class Watch:
    """Samples a process tree from entering the block to leaving it."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.peak = Memory()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self.peak = self.peak.or_more(used(self.process))
            if self._over.wait(INTERVAL_SECONDS):
                return


def used(process: int) -> Memory:
    """Give what a process and its descendants use now; nothing when it has ended."""
    found = [_of_one(each) for each in family(process)]
    return Memory(sum(each.total for each in found), sum(each.anonymous for each in found))


def family(process: int) -> list[int]:
    """Give a process and all its descendants."""
    members = [process]
    for member in members:
        for children in _PROC.glob(f"{member}/task/*/children"):
            members += map(int, _text(children).split())
    return members


def _of_one(process: int) -> Memory:
    lines = (line.split() for line in _text(_PROC / str(process) / "smaps_rollup").splitlines()[1:])
    kilobytes = {words[0]: int(words[1]) for words in lines}
    return Memory(kilobytes.get("Pss:", 0) * 1024 / 1e6, kilobytes.get("Pss_Anon:", 0) * 1024 / 1e6)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it ended in the meantime
        return ""
