"""The fuzzer for some seconds: that it runs, that it finds what is there, and that nothing is there."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz import __main__ as fuzz
from tests.fuzz import targets
from tests.support.peers import missing


@pytest.fixture
def atheris() -> None:
    """There are wheels of it for Linux only."""
    if find_spec("atheris") is None:
        missing("not installed: atheris (PyPI)")


def test_every_target_is_run_and_has_beginnings_that_it_takes() -> None:
    assert tuple(targets.TARGETS) == fuzz._NAMES
    for name, target in targets.TARGETS.items():
        made = tuple(targets.seeds(name))
        assert made
        for seed in made:
            target(seed)


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_nothing_is_found_in_some_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.run(7 * 1.5, fuzz._NAMES, tmp_path), capsys.readouterr().out
    assert capsys.readouterr().out.count("nothing found") == len(fuzz._NAMES)


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_what_is_not_declared_is_found_and_kept(tmp_path: Path) -> None:
    program = (
        "import sys; from tests.fuzz import __main__ as fuzz, targets\n"
        "def bad(data): assert len(data) < 3, 'not declared'\n"
        "object.__setattr__(targets, 'TARGETS', {**targets.TARGETS, 'term': bad})\n"
        f"fuzz.fuzz('term', [{str(tmp_path)!r}, '-runs=1000', '-artifact_prefix={tmp_path}/found-'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=fuzz.ROOT, timeout=60, check=False)
    assert done.returncode
    assert b"not declared" in done.stdout + done.stderr
    assert list(tmp_path.glob("found-crash-*"))
