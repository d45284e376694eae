"""The database: both dialects, atomic writes, one process at the stages, a shape that migrations bring about."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from federation.errors import Unavailable
from federation.store import Database, migrate


def test_migrations_make_what_the_models_say(database_url: str) -> None:
    database = Database(database_url)
    assert migrate.revision(database) is None
    with pytest.raises(Unavailable, match="lienthong init"):
        migrate.require_current(database)
    migrate.upgrade(database)
    migrate.require_current(database)
    assert migrate.drift(database) == []
    migrate.upgrade(database)
    database.close()


def test_the_revisions_are_a_line_as_alembic_sees_it(tmp_path: Path) -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert [script.revision for script in scripts.walk_revisions()][::-1] == migrate.revisions()


def test_a_write_that_raises_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    migrate.upgrade(database)
    with pytest.raises(RuntimeError), database.write() as session:
        session.execute(text("INSERT INTO library_kind (code, name_vi, name_en) VALUES ('x', 'x', 'x')"))
        raise RuntimeError
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM library_kind")).scalar() == 0
    database.close()


def test_finding_waiting_work_does_not_walk_the_table(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    migrate.upgrade(database)
    for table in ("raw", "bib", "cluster", "union_record"):
        with database.read() as session:
            plan = session.execute(
                text(f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE pending = 1 ORDER BY id")
            ).all()
        assert f"ix_{table}_pending" in str(plan)
    database.close()


def test_only_one_process_at_a_time_runs_the_stages(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    with first.alone(), pytest.raises(Unavailable), second.alone(patience=0.2):
        pass
    with second.alone(patience=0.2):
        pass
    first.close()
    second.close()


def _hold(url: str, ready: "multiprocessing.synchronize.Event") -> None:
    with Database(url).alone():
        ready.set()
        signal.pause()


def test_a_killed_process_frees_the_stages(database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=_hold, args=(database_url, ready))
    process.start()
    assert ready.wait(20)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    with Database(database_url).alone(patience=10):
        pass


def test_a_database_that_is_not_there_is_told_with_what_to_do() -> None:
    database = Database("postgresql+psycopg://nobody:secret@127.0.0.1:9/none")
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1") as caught, database.read() as session:
        session.execute(text("SELECT 1"))
    assert "secret" not in str(caught.value)
