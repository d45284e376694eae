"""Killed at random points of import and of every stage, at least fifty times: nothing is torn, the end is that of an
undisturbed run.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from federation.store import Database, stages
from tests.federation.cli.conftest import command
from tests.support.records import iso2709, record

KILLS = 50
#: kills of one import before it is let through
KILLS_EACH = 8
RECORDS = 1600
#: stages a kill must have met over the whole test
PLACES = ("fetch", "normalise", "cluster", "merge", "publish")


def lienthong(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command in a process group of its own, as an operator would."""
    environment = {**os.environ, "LIENTHONG_HOME": str(home)}
    command = [sys.executable, "-c", "from federation.cli import main; main()", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, text=True, start_new_session=True, **pipes)  # type: ignore[call-overload, no-any-return]


def done(home: Path, *arguments: str) -> str:
    """Run the command to its end and give what it printed."""
    process = lienthong(home, *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, f"{arguments}: {out}{err}"
    return out


def told(home: Path, *arguments: str) -> str:
    """Give what the command prints, without a process of its own: nothing of it is killed."""
    ended = command(home)(*arguments)
    assert ended.code == 0, f"{arguments}: {ended.text}{ended.errors}"
    return ended.text


def outcome(home: Path) -> tuple[dict[str, object], Counter[str]]:
    """The counts, and every union record without the numbers that were minted and the times."""
    assert json.loads(told(home, "check", "--json")) == {"ok": True, "faults": []}
    counts = json.loads(told(home, "status", "--json"))
    rows = (json.loads(line) for line in told(home, "export", "--format", "jsonl").splitlines())
    records = told(home, "export", "--format", "marcxml")
    bodies = re.sub(r'<controlfield tag="001">\d+</controlfield>', "", records).split("<record ")[1:]
    bodies += [json.dumps([row["title"], row["members"], row["holdings"]], ensure_ascii=False) for row in rows]
    return counts, Counter(bodies)


@dataclass(frozen=True)
class Calm:
    """A home with two members, the file of the first, and where it was imported undisturbed: how it ended, how long."""

    fresh: Path
    file: Path
    home: Path
    outcome: tuple[dict[str, object], Counter[str]]
    seconds: float


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    folder = tmp_path_factory.mktemp("calm")
    fresh, home = folder / "fresh", folder / "home"
    file = iso2709(folder / "a.mrc", map(record, range(RECORDS)))
    told(fresh, "init")
    for code in "ab":
        told(fresh, "members", "add", code, "--name", f"Thư viện {code}", "--kind", "public")
    shutil.copytree(fresh, home)
    begun = time.monotonic()
    done(home, "import", "a", str(file))
    seconds = time.monotonic() - begun
    return Calm(fresh, file, home, outcome(home), seconds)


def where(home: Path) -> str:
    """Name the first place on the road that still has work: where the kill met the process."""
    database = Database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        waiting = [stage for stage in PLACES[1:] if stages.waiting(session, stage)]
    database.close()
    return waiting[0] if waiting else "fetch"


@pytest.mark.slow
def test_fifty_kills_leave_what_an_undisturbed_run_leaves(calm: Calm, tmp_path: Path) -> None:
    dice = random.Random(9)
    second = iso2709(tmp_path / "b.mrc", (record(n, location="Kho B") for n in range(RECORDS // 2, RECORDS)))
    both = tmp_path / "calm"
    shutil.copytree(calm.home, both)
    begun = time.monotonic()
    done(both, "import", "b", str(second))
    length = (calm.seconds + time.monotonic() - begun) / 2
    undisturbed = outcome(both)
    met: Counter[str] = Counter()
    kills = 0
    while kills < KILLS:
        home = tmp_path / f"rough-{kills}"
        shutil.copytree(calm.fresh, home)
        for member, file in (("a", calm.file), ("b", second)):
            within = length
            for _ in range(KILLS_EACH):
                process = lienthong(home, "import", member, str(file))
                try:
                    process.communicate(timeout=dice.uniform(0.2, 1.0) * within)
                    within *= 0.7  # it ended: most was done already, and the rest takes less time
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    kills += 1
                    process.communicate()
                met[where(home)] += 1
            done(home, "import", member, str(file))
        assert outcome(home) == undisturbed
    print(f"\n{kills} kills of imports of {length:.1f} s, met at: {dict(met)}")


@pytest.mark.slow
@pytest.mark.parametrize("stage", PLACES[1:])
def test_a_kill_inside_each_stage_is_mended_by_the_next_run(stage: str, calm: Calm, tmp_path: Path) -> None:
    """Each stage is stopped by a kill right after its first transaction, which no random kill can promise to meet."""
    rough = tmp_path / "rough"
    shutil.copytree(calm.fresh, rough)
    program = (
        "import os, signal\n"
        "from federation.pipeline.stages import stage\n"
        "begun = stage.run\n"
        "def run(place, one, thinkers, progress=stage.silent):\n"
        f"    die = (lambda *told: os.kill(os.getpid(), signal.SIGKILL)) if one.name == {stage!r} else progress\n"
        "    return begun(place, one, thinkers, die)\n"
        "from federation.pipeline.stages import walk\n"
        "walk.run = run\n"
        "from federation.cli import main\n"
        f"import sys; sys.argv = ['lienthong', 'import', 'a', {str(calm.file)!r}]\n"
        "main()\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LIENTHONG_HOME": str(rough)},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert json.loads(told(rough, "check", "--json"))["ok"]
    done(rough, "run")
    assert outcome(rough) == calm.outcome
