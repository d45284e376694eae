"""Several processes on one index: readers see a commit at once; a writer may be killed at any moment."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from federation.errors import Unavailable
from federation.index.engine import Engine
from federation.index.tantivy import TantivyEngine
from tests.conftest import ROOT
from tests.federation.index.shelf import book, everything

_BEGIN = """
import sys
from pathlib import Path
from federation.index.tantivy import TantivyEngine
from tests.federation.index.shelf import book, everything
engine = TantivyEngine(Path(sys.argv[1]))
def say(what):
    print(what, flush=True)
def hear():
    return sys.stdin.readline()
"""
_READER = "say(engine.count())\nwhile hear(): say(len(everything(engine)))"
_HOLDER = """
def documents():
    yield book(50)
    say("writing")
    hear()
engine.publish(documents(), [])
"""
_WRITER = """
say("begun")
number = 0
while True:
    engine.publish([book(number + place, "Mắt biếc " * 5) for place in range(20)], [])
    number += 20
    say(number)
"""
_REBUILDER = """
def documents():
    for number in range(100, 200):
        if number == 150:
            say("half")
            hear()
        yield book(number)
engine.rebuild(documents())
"""


@contextmanager
def process(script: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a script on the index in another process, and kill it at the end."""
    command = [sys.executable, "-c", _BEGIN + script, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        try:
            yield running
        finally:
            running.kill()


def _told(running: subprocess.Popen[str]) -> str:
    assert running.stdout
    return running.stdout.readline().strip()


def _ask(running: subprocess.Popen[str]) -> str:
    assert running.stdin
    running.stdin.write("\n")
    running.stdin.flush()
    return _told(running)


def test_the_next_search_of_another_process_sees_a_publish(engine: Engine, folder: Path) -> None:
    with process(_READER, folder) as reader:
        assert _told(reader) == "0"
        for number in (1, 2, 3):
            engine.publish([book(number)], [])
            assert _ask(reader) == str(number)
        engine.rebuild([book(9)])
        assert _ask(reader) == "1"


def test_a_second_writer_is_told_who_writes_and_a_killed_one_gives_way(engine: Engine, folder: Path) -> None:
    engine.publish([book(1)], [])
    impatient = TantivyEngine(folder, patience=0)
    with process(_HOLDER, folder) as writer:
        assert _told(writer) == "writing"
        with pytest.raises(Unavailable) as caught:
            impatient.publish([book(2)], [])
        assert caught.value.code == "index-busy"
        assert f"process {writer.pid} " in caught.value.message
        assert everything(engine) == (1,)
        writer.kill()
        writer.wait()
        impatient.publish([book(2)], [])
    assert everything(engine) == (1, 2)


@pytest.mark.parametrize("batches", [0, 1, 3, 6, 12])
def test_a_writer_killed_at_any_moment_leaves_whole_batches(engine: Engine, folder: Path, batches: int) -> None:
    with process(_WRITER, folder) as writer:
        for _ in range(batches + 1):
            last = _told(writer)
    done = 0 if last == "begun" else int(last)
    count = engine.count()
    assert count >= done
    assert count % 20 == 0
    assert everything(engine) == tuple(range(count))
    engine.publish([book(9_999)], [])
    assert engine.count() == count + 1


def test_a_rebuild_that_was_killed_changes_nothing_and_leaves_nothing_behind(engine: Engine, folder: Path) -> None:
    engine.publish([book(1)], [])
    with process(_REBUILDER, folder) as writer:
        assert _told(writer) == "half"
    assert everything(engine) == (1,)
    assert engine.rebuild([book(2)]) == 1
    assert everything(engine) == (2,)
    assert len(list(folder.glob("g*"))) == 1
