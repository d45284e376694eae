"""The soak: twenty sources at once, most of them hostile, harvested by the scheduler, which is killed again and again.

`SOAK_SECONDS=600 pytest -s tests/journeys/test_soak.py` is the long one; without it, a short one. Then every sound
record is in the catalogue exactly once, no run ended badly without a reason, `check` is ok, and memory stayed flat.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from federation import clock
from federation.store import Database, queue, sources
from tests.support.farm import Farm, farm
from tests.support.peers import free_port

SECONDS = float(os.environ.get("SOAK_SECONDS", "40"))
#: kills come in the first part; then one scheduler lives long enough for its memory to be looked at
KILLING = min(100.0, SECONDS * 0.6)
#: seconds of life after which a process has loaded what it needs
GROWN = 120.0
#: sources that are looked at again and again must be asked fast
OPTIONS = ("allow_private=true", "backoff=0.05", "retries=2", "timeout=5", "per_minute=6000")
#: habits that no repeat of a request can hide
TOLD = frozenset(("portal", "torn", "expired", "circling"))


def done(home: Path, *arguments: str, codes: tuple[int, ...] = (0, 3)) -> str:
    """Run a command to its end and give what it printed."""
    command = [sys.executable, "-c", "from federation.cli import main; main()", *arguments]
    process = subprocess.run(
        command,
        env={**os.environ, "LIENTHONG_HOME": str(home)},
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert process.returncode in codes, f"{arguments}: {process.stdout}{process.stderr}"
    return process.stdout


@dataclass
class House:
    """A home that is served, and the processes that serve it."""

    home: Path
    database: Database
    server: "subprocess.Popen[str]"
    kills: int = 0
    sizes: list[tuple[float, int, float]] = field(default_factory=list)

    def scheduler(self) -> int | None:
        """The process of the scheduler, while there is one."""
        for child in _children(self.server.pid):
            if b"scheduler" in _read(Path(f"/proc/{child}/cmdline")):
                return child
        return None

    def ask(self, codes: list[str]) -> None:
        """Queue a run for each source that has none waiting."""
        with self.database.write() as session:
            waiting = {row.source for row in queue.unended(session)}
            for code in codes:
                if code not in waiting:
                    queue.ask(session, sources.one(session, code).id, "harvest", "operator", clock.now())

    def kill(self) -> None:
        """Kill the scheduler as hard as can be."""
        if child := self.scheduler():
            os.kill(child, signal.SIGKILL)
            self.kills += 1

    def measure(self, now: float) -> None:
        """Note process, age and megabytes of the scheduler."""
        if child := self.scheduler():
            pages = _read(Path(f"/proc/{child}/statm")).split()
            if pages:
                self.sizes.append((now, child, int(pages[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6))


def _children(process: int) -> list[int]:
    return [int(child) for child in _read(Path(f"/proc/{process}/task/{process}/children")).split()]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def prepared(home: Path, ground: Farm) -> None:
    done(home, "init")
    for number in range(4):
        done(home, "members", "add", f"m{number}", "--name", f"Thư viện {number}", "--kind", "public")
    lines = []
    for number, plot in enumerate(ground.plots):
        options = ", ".join(f'{name} = "{value}"' for name, _, value in (option.partition("=") for option in OPTIONS))
        lines += [f"[{plot.code}]", f'member = "m{number % 4}"', 'kind = "oaipmh"', f'url = "{plot.server.url}"']
        lines += ['prefix = "marc21"', f"options = {{ {options} }}"]
    (home / "sources.toml").write_text("\n".join(lines), encoding="utf-8")
    done(home, "sources", "apply", str(home / "sources.toml"))


@contextmanager
def served(home: Path) -> Iterator[House]:
    binds = {f"LIENTHONG_{door}_BIND": f"127.0.0.1:{free_port()}" for door in ("WEB", "Z3950")}
    settings = {**binds, "LIENTHONG_RUNS_AT_ONCE": "6"}
    command = [sys.executable, "-c", "from federation.cli import main; main()", "serve"]
    with (home / "served.log").open("w") as log:
        server = subprocess.Popen(
            command, env={**os.environ, **settings, "LIENTHONG_HOME": str(home)}, text=True, stdout=log, stderr=log
        )
    database = Database(f"sqlite:///{home / 'lienthong.db'}")
    try:
        yield House(home, database, server)
    finally:
        database.close()
        server.terminate()
        begun = time.monotonic()
        assert server.wait(30) == 0
        assert time.monotonic() - begun < 11, "stopping took more than the ten seconds promised"


def until(seconds: float, reached: Callable[[], bool]) -> bool:
    """Wait until something is so; False when it was not so in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if reached():
            return True
        time.sleep(0.3)
    return False


def soaked(house: House, ground: Farm, dice: random.Random) -> None:
    """Ask, kill and measure until the time is over."""
    begun, next_kill = time.monotonic(), 8.0
    while (now := time.monotonic() - begun) < SECONDS:
        house.ask([plot.code for plot in ground.plots])
        if next_kill <= now < KILLING:
            house.kill()
            next_kill = now + dice.uniform(6, 14)
        house.measure(now)
        time.sleep(1)


def calmed(house: House, ground: Farm) -> None:
    """End the habits and let every source be harvested once more."""
    ground.calm.set()
    codes = [plot.code for plot in ground.plots]
    with house.database.read() as session:
        before = {code: (sources.last_run(session, code_id(house, code)) or _NoRun).id for code in codes}

    def all_again() -> bool:
        house.ask([code for code in codes if not fresh(code)])
        return all(map(fresh, codes))

    def fresh(code: str) -> bool:
        with house.database.read() as session:
            last = sources.last_run(session, code_id(house, code))
            return last is not None and last.id > before[code] and last.status in ("success", "partial")

    assert until(240, all_again), [code for code in codes if not fresh(code)]
    assert until(120, lambda: not json.loads(done(house.home, "harvest", "queue", "--json"))["queue"])


class _NoRun:
    id = 0


def code_id(house: House, code: str) -> int:
    with house.database.read() as session:
        return sources.one(session, code).id


def held(home: Path) -> Counter[str]:
    """What the catalogue has: its live records."""
    rows = (json.loads(line) for line in done(home, "export", "--format", "jsonl").splitlines())
    return Counter(member["local_id"] for row in rows if not row["deleted"] for member in row["members"])


def histories(home: Path, most: int = 10_000) -> dict[str, list[tuple[str, str]]]:
    """Status and message of the runs of each source."""
    found: dict[str, list[tuple[str, str]]] = {}
    for run in json.loads(done(home, "harvest", "history", "--json", "--limit", str(most))):
        found.setdefault(run["source"], []).append((run["status"], run["message"]))
    return found


def flat(sizes: list[tuple[float, int, float]]) -> tuple[float, float] | None:
    """The memory of the last scheduler when it was grown, and at the end; None when it did not live long enough."""
    last = [(at, size) for at, process, size in sizes if process == sizes[-1][1]]
    grown = [size for at, size in last if at - last[0][0] >= GROWN]
    return (grown[0], sum(grown[-10:]) / len(grown[-10:])) if len(grown) > 60 else None


@pytest.mark.slow
def test_hostile_sources_and_kills_lose_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with farm(seed=20) as ground:
        home.mkdir()
        prepared(home, ground)
        with served(home) as house:
            assert until(30, lambda: house.scheduler() is not None)
            soaked(house, ground, random.Random(4))
            calmed(house, ground)
        every, told = held(home), histories(home)
        for plot in ground.plots:
            mine = Counter({name: count for name, count in every.items() if name.startswith(f"oai:{plot.code}:")})
            history = told[plot.code]
            assert mine == Counter(plot.expected), (plot.code, plot.habit, plot.expected - mine.keys())
            assert all(message for status, message in history if status != "success"), (plot.code, history)
            if plot.habit in TOLD and plot.struck:
                assert any(status != "success" or message for status, message in history), (plot.code, plot.habit)
        assert json.loads(done(home, "check", "--json")) == {"ok": True, "faults": []}
    struck = {plot.habit: len(plot.struck) for plot in ground.plots if plot.habit}
    print(f"\n{SECONDS:.0f} s, {sum(map(len, told.values()))} runs, {house.kills} kills, answers spoilt: {struck}")
    assert house.kills >= 2
    if memory := flat(house.sizes):
        print(f"memory of the scheduler: {memory[0]:.0f} MB grown, {memory[1]:.0f} MB at the end")
        assert memory[1] <= 1.2 * memory[0]
