"""Freed memory goes back to the system, and a C library without such calls is no trouble."""

import subprocess
import sys

import pytest

from federation import memory

#: frees 200 MB, in pieces between which a few stay, and prints how much is left before and after
_SCATTERED = """
from federation.memory import give_memory_back
def kilobytes():
    with open("/proc/self/smaps_rollup") as told:
        return sum(int(line.split()[1]) for line in told if line.startswith("Pss_Anon"))
pieces = [bytes(100_000) for _ in range(2000)]
kept = pieces[::50]
del pieces
before = kilobytes()
give_memory_back()
print(before, kilobytes())
"""


def test_freed_memory_goes_back_to_the_system() -> None:
    told = subprocess.run([sys.executable, "-c", _SCATTERED], capture_output=True, text=True, check=True).stdout
    before, after = map(int, told.split())
    assert after < before / 2


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    memory.give_memory_back()
    memory.keep_memory()
