"""Catalogues to measure: made before the clock starts, filled by the real command, looked at afterwards.

In: a `Sample` and a folder. Out: `Home`s and how long their import took. What is not timed is done without starting
the command, to keep the bench short.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from federation import clock, config
from federation.cli.house import make
from federation.config import Settings
from federation.index import open_engine
from federation.pipeline.check import status
from federation.pipeline.workplace import Workplace
from federation.store import Database, members
from federation.store.members import Placement
from tests.bench.memory import NOT_WATCHED, Memory, Watch
from tests.bench.plan import ROOT
from tests.bench.sample import Sample

MEMBER = "lc"
#: imported; imported with records put aside
_DONE = (0, 3)
_COMMAND = (sys.executable, "-c", "from federation.cli import main; main()")


@dataclass(frozen=True)
class Home:
    """A catalogue of its own with one member."""

    path: Path

    @property
    def settings(self) -> Settings:
        """Give its settings, whatever the environment says."""
        return config.read({"LIENTHONG_HOME": str(self.path)})

    def begin(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a command of Lienthong."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
        return subprocess.Popen(
            [*_COMMAND, *arguments],
            env={**kept, "LIENTHONG_HOME": str(self.path), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )


@dataclass(frozen=True)
class Imported:
    """A filled catalogue: the seconds its import took, how many of them after the index was complete, the peak of
    memory where it was watched, and the union records that came of it.
    """

    home: Home
    sample: Sample
    seconds: float
    shown: float
    unions: int
    memory: Memory = NOT_WATCHED

    @property
    def speed(self) -> float:
        """Give records of the file per second."""
        return self.sample.records / self.seconds


def new(path: Path) -> Home:
    """Make an empty catalogue with its member."""
    home = Home(path)
    make(home.settings)
    database = Database(home.settings.database_url)
    with database.write() as session:
        members.add(session, MEMBER, "Library of Congress", Placement("public"), clock.now())
    database.close()
    return home


def told(home: Home, *arguments: str, **environment: str) -> str:
    """Run a command to its end and give what it printed; raises when it fails."""
    process = home.begin(*arguments, **environment)
    said, complained = process.communicate()
    if process.returncode not in _DONE:
        raise RuntimeError(f"lienthong {' '.join(arguments)} ended with {process.returncode}: {complained[-2000:]}")
    return said


def filled(path: Path, sample: Sample) -> Imported:
    """Import a file into a new catalogue; the clock runs from starting the command to its end."""
    home = new(path)
    begun = time.perf_counter()
    return _ended(home, sample, _importing(home, sample), begun)


def watched(path: Path, sample: Sample) -> Imported:
    """The same, with an eye on the memory of the command and its children."""
    home = new(path)
    begun = time.perf_counter()
    process = _importing(home, sample)
    with Watch(process.pid) as watch:
        imported = _ended(home, sample, process, begun)
    return replace(imported, memory=watch.peak)


def _importing(home: Home, sample: Sample) -> "subprocess.Popen[str]":
    return home.begin("import", MEMBER, str(sample.path), "--json")


def _ended(home: Home, sample: Sample, process: "subprocess.Popen[str]", begun: float) -> Imported:
    said, told = process.communicate()
    seconds, now = time.perf_counter() - begun, time.time()
    if process.returncode not in _DONE:
        raise RuntimeError(f"lienthong import of {sample.path} ended with {process.returncode}: {told[-2000:]}")
    written = max(file.stat().st_mtime for file in (home.path / "index").rglob("*"))
    seen = json.loads(said)["seen"]
    if seen != sample.records:
        raise RuntimeError(f"{sample.path.name} has {sample.records} records, lienthong import saw {seen}")
    return Imported(home, sample, seconds, max(0.0, now - written), _searchable(home))


def _searchable(home: Home) -> int:
    """Count the union records; raises when one cannot be found yet."""
    database, index = Database(home.settings.database_url), open_engine(home.settings.index_url)
    try:
        counts = status(Workplace(database, index, home.settings))
    finally:
        index.close()
        database.close()
    if counts["unions"] != counts["indexed"] or any(counts["pending"].values()):
        raise RuntimeError(f"the import ended, but not all is searchable: {counts}")
    return int(counts["unions"])
