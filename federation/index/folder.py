"""The folder of a tantivy index: generations side by side, a pointer to the one in use, a lock for the one writer.

In: a folder. Out: `current` (JSON: which generation `g1`, `g2`, … is read, and its layout) is replaced in one step, so
a rebuild never disturbs readers. The lock is held by the operating system and ends with its process, however that ends.
"""

import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from federation import clock
from federation.errors import Unavailable

_POINTER: Final = "current"
_LOCK: Final = "writer.lock"
_PAUSE: Final = 0.05


class Folder:
    """One index on disk. `layout` names the form this software writes; an index in another must be rebuilt."""

    def __init__(self, root: Path, layout: str) -> None:
        self.root = root
        self.pointer = root / _POINTER
        self._layout = layout

    def current(self) -> Path:
        """Give the generation in use; raise `Unavailable` when there is none or it has another format."""
        try:
            stated = json.loads(self.pointer.read_bytes())
            layout, generation = str(stated["layout"]), self.root / str(stated["generation"])
        except FileNotFoundError:
            raise Unavailable(
                "index-missing", "there is no search index yet; run `lienthong init`", str(self.root)
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self.corrupt(f"{_POINTER} cannot be read ({error})") from error
        if layout != self._layout:
            raise Unavailable(
                "index-outdated",
                f"the search index has layout {layout}, needed is {self._layout}; run `lienthong index rebuild`",
                str(self.root),
            )
        return generation

    def corrupt(self, what: str) -> Unavailable:
        """Give the error for an index that cannot be read."""
        return Unavailable("index-corrupt", f"{what}; run `lienthong index rebuild`", str(self.root))

    def exists(self) -> bool:
        """Tell whether any index, readable or not, is here."""
        return self.pointer.exists()

    def begin(self) -> Path:
        """Make the folder of the next generation, empty."""
        numbers = [int(path.name[1:]) for path in self.root.glob("g*") if path.name[1:].isdigit()]
        generation = self.root / f"g{max(numbers, default=0) + 1}"
        generation.mkdir(parents=True)
        return generation

    def switch(self, generation: Path) -> None:
        """Point all readers to a generation, in one step that survives a power cut, and drop the others."""
        draft = self.root / f"{_POINTER}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"layout": self._layout, "generation": generation.name}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.pointer)
        _sync(self.root)
        self.sweep(generation)

    def abandon(self, generation: Path) -> None:
        """Drop a generation that was never finished."""
        shutil.rmtree(generation, ignore_errors=True)

    def sweep(self, kept: Path) -> None:
        """Drop the generations that nobody opens any more; who reads one of them keeps its open files."""
        for path in self.root.glob("g*"):
            if path.name[1:].isdigit() and path != kept:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """Hold the lock; wait up to `patience` seconds for it, then raise `Unavailable` naming who holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        file = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._lock(file, patience)
            os.ftruncate(file, 0)
            os.pwrite(file, _holder().encode(), 0)
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
            os.close(file)

    def _lock(self, file: int, patience: float) -> None:
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise self._busy(file) from None
                time.sleep(_PAUSE)
            else:
                return

    def _busy(self, file: int) -> Unavailable:
        holder = os.pread(file, 200, 0).decode("utf-8", "replace") or "another process"
        return Unavailable(
            "index-busy", f"{holder} is writing the search index; try again when it has ended", str(self.root)
        )


def _holder() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} (since {clock.iso(clock.now())})"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
