"""The index on disk: made when asked, rebuilt beside the old one, and clear about what is wrong with it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from federation.errors import Inconsistent, SettingsError, Unavailable
from federation.index import open_engine
from federation.index.engine import Document, Engine, Question
from federation.index.tantivy import TantivyEngine
from schemas.query.tree import Everything
from tests.federation.index.shelf import book, everything, found


def _code(engine: Engine) -> str:
    with pytest.raises(Unavailable) as caught:
        engine.search(Question(Everything()))
    return caught.value.code


def test_opening_makes_nothing_and_says_what_is_missing(folder: Path) -> None:
    engine = open_engine(f"tantivy:{folder}")
    assert _code(engine) == "index-missing"
    with pytest.raises(Unavailable):
        engine.publish([book(1)], [])
    assert not folder.exists()


def test_an_engine_opened_too_early_serves_when_the_index_is_made(folder: Path) -> None:
    early = open_engine(f"tantivy:{folder}")
    assert _code(early) == "index-missing"
    open_engine(f"tantivy:{folder}", create=True)
    assert early.count() == 0


def test_making_it_again_keeps_what_is_there(engine: Engine, folder: Path) -> None:
    engine.publish([book(1)], [])
    assert open_engine(f"tantivy:{folder}", create=True).count() == 1


@pytest.mark.parametrize("url", ["", "tantivy:", "opensearch+http://localhost/x", "/folder"])
def test_an_address_of_nothing_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        open_engine(url)


def test_an_index_of_another_layout_says_so_until_it_is_rebuilt(engine: Engine, folder: Path) -> None:
    engine.publish([book(1)], [])
    pointer = folder / "current"
    pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"layout": "0-old"}))
    assert _code(engine) == "index-outdated"
    with pytest.raises(Unavailable):
        engine.publish([book(2)], [])
    assert engine.rebuild([book(3)]) == 1
    assert everything(engine) == (3,)


@pytest.mark.parametrize("name", ["current", "meta.json", "*.term", "*.fast", "*.store"])
@pytest.mark.parametrize("content", [b"", b"\x00" * 900, b'{"a": 1}'])
def test_a_damaged_index_says_so_until_it_is_rebuilt(engine: Engine, folder: Path, name: str, content: bytes) -> None:
    engine.publish([book(1, "Mắt biếc")], [])
    engine.close()
    (file,) = folder.rglob(name)
    file.unlink()
    file.write_bytes(content)
    assert _code(engine) == "index-corrupt"
    with pytest.raises(Unavailable) as caught:
        engine.publish([book(2)], [])
    assert str(folder) in str(caught.value)
    assert "lienthong index rebuild" in caught.value.message
    engine.rebuild([book(1, "Mắt biếc")])
    assert found(engine, "biec") == (1,)


def test_a_lost_generation_is_a_damaged_index(engine: Engine, folder: Path) -> None:
    (generation,) = folder.glob("g*")
    shutil.rmtree(generation)
    assert _code(engine) == "index-corrupt"


def test_the_old_index_serves_while_the_new_one_is_made(engine: Engine, folder: Path) -> None:
    engine.publish([book(1), book(2)], [])
    reader = open_engine(f"tantivy:{folder}")
    seen: list[int] = []

    def documents() -> Iterator[Document]:
        for number in (5, 6, 7):
            seen.append(reader.count())
            yield book(number)

    assert engine.rebuild(documents()) == 3
    assert seen == [2, 2, 2]
    assert everything(reader) == (5, 6, 7)
    assert len(list(folder.glob("g*"))) == 1


def test_a_rebuild_that_fails_leaves_the_old_index_and_nothing_else(engine: Engine, folder: Path) -> None:
    engine.publish([book(1)], [])
    with pytest.raises(Inconsistent):
        engine.rebuild([book(2), book(2)])
    assert everything(engine) == (1,)
    assert len(list(folder.glob("g*"))) == 1


def test_a_walk_through_the_entries_goes_on_through_a_rebuild(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.index.tantivy._CHUNK", 2)
    engine.publish([book(number) for number in range(1, 8)], [])
    entries = engine.entries()
    assert next(entries) == (1, 1)
    engine.rebuild([])
    assert [number for number, _ in entries] == list(range(2, 8))


def test_a_publish_that_fails_leaves_no_trace(engine: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield book(1)
        raise OSError("the store went away")

    with pytest.raises(OSError, match="went away"):
        engine.publish(documents(), [])
    assert engine.count() == 0
    engine.publish([book(2)], [])
    assert everything(engine) == (2,)


def test_each_commit_of_one_writer_stands_by_itself(engine: Engine) -> None:
    def documents() -> Iterator[Document]:
        yield book(3, version=9)
        yield book(7)
        raise OSError("the store went away")

    with engine.writing() as writer:
        writer.publish([book(3, version=1), book(2, version=1)], [])
        assert list(engine.entries()) == [(2, 1), (3, 1)]
        with pytest.raises(OSError, match="went away"):
            writer.publish(documents(), [2])
        assert list(engine.entries()) == [(2, 1), (3, 1)]
        writer.publish([book(7, version=2), book(7, version=3), book(2, version=4), book(5, version=5)], [3])
    assert list(engine.entries()) == [(2, 4), (5, 5), (7, 3)]


def test_what_an_earlier_writer_put_in_is_replaced(engine: Engine) -> None:
    engine.publish([book(number, version=1) for number in range(1, 40)], [])
    engine.publish([book(number, version=2) for number in range(20, 60)], [1])
    assert list(engine.entries()) == [(number, 1 if number < 20 else 2) for number in range(2, 60)]


def test_clearing_takes_everything_out(engine: Engine) -> None:
    engine.publish([book(1)], [])
    engine.clear()
    assert engine.count() == 0
    assert list(engine.entries()) == []


def test_a_second_writer_in_the_same_process_waits_its_turn(engine: Engine, folder: Path) -> None:
    other = TantivyEngine(folder, patience=0)

    def documents() -> Iterator[Document]:
        with pytest.raises(Unavailable) as caught:
            other.publish([book(2)], [])
        assert caught.value.code == "index-busy"
        yield book(1)

    engine.publish(documents(), [])
    other.publish([book(2)], [])
    assert everything(engine) == (1, 2)


def test_threads_search_while_one_writes(engine: Engine) -> None:
    engine.publish([book(1, "Toán")], [])
    faults: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(30):
                assert found(engine, "toan")[0] == 1
        except BaseException as error:
            faults.append(error)

    threads = [Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 8):
        engine.publish([book(number, "Toán")], [])
    for thread in threads:
        thread.join()
    assert not faults
    assert len(found(engine, "toan")) == 7
