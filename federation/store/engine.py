"""The database: opened once per process, the same on SQLite and PostgreSQL.

In: a database address. Out: a `Database` whose `read()` and `write()` give sessions. A write commits when its block
ends and takes nothing when it raises. SQLite runs in WAL mode, so readers never wait for the writer; a writer waits
for another one up to `BUSY_SECONDS`. `alone` lets one process at a time run the stages; the operating system (SQLite)
or the server (PostgreSQL) frees it when the process dies, however it dies.
"""

import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InternalError, ProgrammingError
from sqlalchemy.orm import Session

from federation.errors import Unavailable

BUSY_SECONDS: Final = 60
#: as much of the file as SQLite maps for those who only read; it reads the rest
MAPPED_BYTES: Final = 1 << 31
#: the two numbers under which PostgreSQL knows the right to run the stages
_STAGES: Final = {"house": 5145, "room": 0}
#: SQLSTATE undefined_table
_NO_TABLE: Final = "42P01"


class Database:
    """One database of one process. Not opened before the first session is asked for.

    `mapped` is for processes that only read: SQLite then reads through memory that the system shares among all of them.
    A disk that breaks while it is read ends such a process, where another one would get an error.
    """

    def __init__(self, url: str, mapped: bool = False) -> None:
        self.url = url
        self._file = make_url(url).database if url.startswith("sqlite") else None
        self._engine = _engine(url, mapped)
        # Threads of one process take turns here; asking SQLite again and again would waste their time.
        self._writing = threading.Lock()
        #: held from a promise to its stamp (`store.stamps`): one thread's stamp must not end another one's promise
        self.stamping = threading.Lock()
        self._glances = threading.local()
        self._glancing: list[sqlite3.Connection] = []

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, for migrations."""
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session in which every statement sees the same state; nothing is written."""
        engine = self._engine
        if self.dialect == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reached(self.url), Session(engine) as session:
            yield session  # closing it rolls back

    def glance(self) -> sqlite3.Connection | None:
        """Give SQLite's own connection of this thread, for single statements that read: a session takes five times as
        long to open as a few rows to be found by their keys. None where the database is another one.
        """
        if self._file is None:
            return None
        line: sqlite3.Connection | None = getattr(self._glances, "line", None)
        if line is None:
            with reached(self.url):
                opened = self._engine.raw_connection()
            line = self._glances.line = cast(sqlite3.Connection, opened.driver_connection)
            opened.detach()
            self._glancing.append(line)
        return line

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session that commits at the end of the block, and rolls back when it raises."""
        engine = self._engine.execution_options(lienthong_write=True)
        with self._writing, reached(self.url), Session(engine) as session, session.begin():
            yield session

    @contextmanager
    def alone(self, patience: float = 3600.0) -> Iterator[None]:
        """Hold the right to run the stages; waits up to `patience` seconds, then raises `Unavailable`."""
        holder = (
            _advisory(self._engine, patience)
            if self.dialect == "postgresql"
            else _file_lock(f"{self._file}.stages.lock", patience)
        )
        with holder:
            yield

    def close(self) -> None:
        """Give back all connections."""
        self._glances = threading.local()
        while self._glancing:
            self._glancing.pop().close()
        self._engine.dispose()


def _engine(url: str, mapped: bool) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, json_serializer=_json)
    # SQLAlchemy's own pool for files hands a connection from thread to thread, one at a time.
    connect = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect, json_serializer=_json)
    event.listen(engine, "connect", _prepare_sqlite)
    if mapped:
        event.listen(engine, "connect", _map_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # We say BEGIN ourselves: the driver would say it too late, after the first SELECT of a transaction.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "cache_size = -2000",
        "temp_store = MEMORY",
        # Copying the log into the database waits for the disk; 64 MB at a time is seldom enough.
        "wal_autocheckpoint = 16384",
        "journal_size_limit = 134217728",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _map_sqlite(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the write lock at once: taking it later fails when another writer came between.
    writes = connection.get_execution_options().get("lienthong_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reached(url: str) -> Iterator[None]:
    """Turn what the driver says of a database that is away, damaged or none at all into `Unavailable`."""
    try:
        yield
    except DatabaseError as error:
        # PostgreSQL takes a missing table for a fault of the statement; SQLite, like us, for one of the database.
        if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", "") != _NO_TABLE:
            raise
        if isinstance(error, (DataError, IntegrityError, InternalError)):
            raise
        where = make_url(url).render_as_string(hide_password=True)
        reason = " ".join(str(error.orig).split())
        hint = "is this the file, and may we write it?" if url.startswith("sqlite") else "is the server up?"
        raise Unavailable("database-unavailable", f"{reason}; was `lienthong init` run, and {hint}", where) from error


@contextmanager
def _file_lock(file: str, patience: float) -> Iterator[None]:
    with Path(file).open("w") as handle:
        _wait(lambda: _try_flock(handle), patience, file)
        yield


def _try_flock(handle: Any) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _advisory(engine: Engine, patience: float) -> Iterator[None]:
    with reached(str(engine.url)), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        ask = text("SELECT pg_try_advisory_lock(:house, :room)")
        _wait(lambda: bool(connection.execute(ask, _STAGES).scalar()), patience, "PostgreSQL")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:house, :room)"), _STAGES)


def _wait(attempt: Any, patience: float, where: str) -> None:
    end = time.monotonic() + patience
    while not attempt():
        if time.monotonic() > end:
            raise Unavailable("busy", "another process is at the same work; try again when it has ended", where)
        time.sleep(0.1)
