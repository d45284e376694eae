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
from pathlib import Path

import pytest

from federation.store import Database, stages
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


def prepared(home: Path) -> None:
    done(home, "init")
    for code in "ab":
        done(home, "members", "add", code, "--name", f"Thư viện {code}", "--kind", "public")


def outcome(home: Path) -> tuple[dict[str, object], Counter[str]]:
    """The counts, and every union record without the numbers that were minted and the times."""
    assert json.loads(done(home, "check", "--json")) == {"ok": True, "faults": []}
    counts = json.loads(done(home, "status", "--json"))
    rows = (json.loads(line) for line in done(home, "export", "--format", "jsonl").splitlines())
    records = done(home, "export", "--format", "marcxml")
    bodies = re.sub(r'<controlfield tag="001">\d+</controlfield>', "", records).split("<record ")[1:]
    bodies += [json.dumps([row["title"], row["members"], row["holdings"]], ensure_ascii=False) for row in rows]
    return counts, Counter(bodies)


def where(home: Path) -> str:
    """Name the first place on the road that still has work: where the kill met the process."""
    database = Database(f"sqlite:///{home / 'lienthong.db'}")
    with database.read() as session:
        waiting = [stage for stage in PLACES[1:] if stages.waiting(session, stage)]
    database.close()
    return waiting[0] if waiting else "fetch"


@pytest.mark.slow
def test_fifty_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    dice = random.Random(9)
    first = iso2709(tmp_path / "a.mrc", map(record, range(RECORDS)))
    second = iso2709(tmp_path / "b.mrc", (record(n, location="Kho B") for n in range(RECORDS // 2, RECORDS)))
    fresh, calm = tmp_path / "fresh", tmp_path / "calm"
    prepared(fresh)
    shutil.copytree(fresh, calm)
    begun = time.monotonic()
    for member, file in (("a", first), ("b", second)):
        done(calm, "import", member, str(file))
    length = (time.monotonic() - begun) / 2
    undisturbed = outcome(calm)
    met: Counter[str] = Counter()
    kills = 0
    while kills < KILLS:
        home = tmp_path / f"rough-{kills}"
        shutil.copytree(fresh, home)
        for member, file in (("a", first), ("b", second)):
            for _ in range(KILLS_EACH):
                process = lienthong(home, "import", member, str(file))
                time.sleep(dice.uniform(0.2, 1.0) * length)
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    kills += 1
                process.communicate()
                met[where(home)] += 1
            done(home, "import", member, str(file))
        assert outcome(home) == undisturbed
    print(f"\n{kills} kills, met at: {dict(met)}")


@pytest.mark.slow
@pytest.mark.parametrize("stage", PLACES[1:])
def test_a_kill_inside_each_stage_is_mended_by_the_next_run(stage: str, tmp_path: Path) -> None:
    """Each stage is stopped by a kill right after its first transaction, which no random kill can promise to meet."""
    file = iso2709(tmp_path / "a.mrc", map(record, range(RECORDS)))
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    for home in (calm, rough):
        prepared(home)
    done(calm, "import", "a", str(file))
    program = (
        "import os, signal\n"
        "from federation.pipeline import stage\n"
        "begun = stage.run\n"
        "def run(place, one, thinkers, progress=stage.silent):\n"
        f"    die = (lambda *told: os.kill(os.getpid(), signal.SIGKILL)) if one.name == {stage!r} else progress\n"
        "    return begun(place, one, thinkers, die)\n"
        "from federation.pipeline import walk\n"
        "walk.run = run\n"
        "from federation.cli import main\n"
        f"import sys; sys.argv = ['lienthong', 'import', 'a', {str(file)!r}]\n"
        "main()\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LIENTHONG_HOME": str(rough)},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert json.loads(done(rough, "check", "--json"))["ok"]
    done(rough, "run")
    assert outcome(rough) == outcome(calm)
