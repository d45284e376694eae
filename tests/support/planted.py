"""The database of a catalogue that was just made, copied: hundreds of tests begin with one, and making it takes long.

In: the address of a database that is empty (SQLite: not there yet). Out: the database at the newest revision and with
the seeds. That the migrations lead there, on both dialects, is shown by the tests of the store.
"""

import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from federation.store import Database, members, migrate, seeds

_NAME = "planted"


def plant(url: str) -> None:
    """Copy a made catalogue to this address; what is there already is brought to the newest revision and stays."""
    address = make_url(url)
    lite = address.get_backend_name() == "sqlite"
    if not (_put if lite else _cloned)(address):
        _make(url)


def _make(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    with database.write() as session:
        members.plant(session, seeds.admin_units(), seeds.library_kinds(), seeds.former_districts())
    database.close()


def _put(address: URL) -> bool:
    path = Path(address.database or "")
    if path.exists():
        return False
    path.write_bytes(_file())
    return True


@cache
def _file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.db")
        _make(f"sqlite:///{path}")
        # the last connection that closes brings the log into the file
        assert not path.with_name("made.db-wal").exists()
        return path.read_bytes()


def _cloned(address: URL) -> bool:
    with _line(address) as line:
        if line.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
            return False
    _pattern(address.set(database="postgres"))
    with _line(address.set(database="postgres")) as line:
        line.execute(f'DROP DATABASE "{address.database}"')  # type: ignore[arg-type]
        line.execute(f'CREATE DATABASE "{address.database}" TEMPLATE {_NAME}')  # type: ignore[arg-type]
    return True


@cache
def _pattern(server: URL) -> None:
    with _line(server) as line:
        line.execute(f"CREATE DATABASE {_NAME} TEMPLATE template0 ENCODING 'UTF8'")  # type: ignore[arg-type]
    _make(server.set(database=_NAME).render_as_string(hide_password=False))


def _line(address: URL) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=address.host, port=address.port, user=address.username, dbname=address.database, autocommit=True
    )
