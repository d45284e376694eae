"""`make fuzz SECONDS=600`: each target in a process of its own, under atheris (libFuzzer), guided by coverage.

In: the seconds for all targets together, and names of targets; or the name of one and options of libFuzzer, which is
how a process of it is begun. Out: a line for each target; exit 1 when one found something: an error that is not
declared, an input that takes longer than `SLOWEST_SECONDS`, memory beyond `MOST_MEGABYTES`. The input is kept.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: of processor time for one input
SLOWEST_SECONDS = 1.0
#: on the clock for one input, however busy the machine: a process that takes longer hangs
HANGING_SECONDS = 25
MOST_MEGABYTES = 700
LONGEST_INPUT = 20_000
_UNDER_TEST = ["schemas.z3950", "schemas.query", "schemas.errors", "federation.z3950.haste"]
_NAMES = ("server", "client", "message", "record", "cql_query", "search_box", "term")


def fuzz(name: str, options: Sequence[str]) -> None:
    """Be the process of one target; does not come back."""
    import atheris

    with atheris.instrument_imports(include=_UNDER_TEST, enable_loader_override=False):
        from tests.fuzz import targets

    def timed(data: bytes) -> None:
        begun = time.thread_time()
        targets.TARGETS[name](data)
        took = time.thread_time() - begun
        assert took < SLOWEST_SECONDS, f"{took:.1f} s for {len(data)} bytes"

    folder = Path(options[0])
    for number, seed in enumerate(targets.seeds(name)):
        (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup([name, *options], timed)
    atheris.Fuzz()


def run(seconds: float, names: Sequence[str], finds: Path) -> bool:
    """Fuzz each target for its share of the time; tells whether nothing was found."""
    found = [not _fuzzed(name, seconds / len(names), finds) for name in names]
    return not any(found)


def _fuzzed(name: str, seconds: float, finds: Path) -> bool:
    finds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        options = (
            *(corpus, "-print_final_stats=1", f"-max_total_time={max(1, round(seconds))}"),
            *(f"-timeout={HANGING_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}", f"-max_len={LONGEST_INPUT}"),
            f"-artifact_prefix={finds}/{name}-",
        )
        # The kernel counts the memory of who begins a process as having been its own; a shell between has little.
        command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-m", "tests.fuzz", name, *options]
        done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False)
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    print(f"{name:10} {_figures(said)}  {'nothing found' if not done.returncode else 'FOUND'}", flush=True)
    if done.returncode:
        print("\n".join(said.splitlines()[-60:]), flush=True)
    return not done.returncode


def _figures(said: str) -> str:
    runs = re.findall(r"stat::number_of_executed_units:\s+(\d+)", said)
    memory = re.findall(r"stat::peak_rss_mb:\s+(\d+)", said)
    ways = re.findall(r"\bcov: (\d+)", said)
    tried, branches, most = (int(found[-1]) if found else 0 for found in (runs, ways, memory))
    return f"{tried:>10,} inputs, {branches:>5} branches, {most} MB"


def main() -> int:
    """Read the command line."""
    first = sys.argv[1]
    if first in _NAMES:
        fuzz(first, sys.argv[2:])
    finds = Path(tempfile.gettempdir()) / "lienthong-fuzz"
    return 0 if run(float(first), sys.argv[2:] or _NAMES, finds) else 1


if __name__ == "__main__":
    sys.exit(main())
