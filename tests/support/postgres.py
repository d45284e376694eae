"""A PostgreSQL server for tests: Debian's binaries, a temporary folder, a free loopback port, stopped at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support.peers import free_port, missing

#: nothing has to outlive a test; and of hundreds of databases that nobody comes back to, none has to be swept
_HASTY = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off"


@dataclass
class Cluster:
    """A running server; every call of `new_database` gives the address of an empty database."""

    port: int
    made: list[str] = field(default_factory=list)

    def new_database(self) -> str:
        """Make a database and give its SQLAlchemy address."""
        name = f"t{os.getpid()}_{len(self.made)}"
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")  # type: ignore[arg-type]
        self.made.append(name)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"


def _binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else missing("PostgreSQL server is not installed (Debian package postgresql)")


def _as_server_user(command: list[str]) -> list[str]:
    # initdb and postgres refuse to run as root.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def start() -> Iterator[Cluster]:
    """Run a server until the block ends."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="lienthong-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    port = free_port()
    data = str(folder / "data")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 {_HASTY}"
    control = [str(binaries / "pg_ctl"), "-D", data, "-w"]
    try:
        make = [str(binaries / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(_as_server_user(make), check=True, capture_output=True, cwd="/")
        run = [*control, "-o", options, "-l", str(folder / "log"), "start"]
        subprocess.run(_as_server_user(run), check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield Cluster(port)
    finally:
        subprocess.run(
            _as_server_user([*control, "-m", "immediate", "stop"]), capture_output=True, cwd="/", check=False
        )
        # Hundreds of databases are a hundred thousand files and more: nobody has to wait until they are gone.
        gone = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.Popen(["rm", "-rf", str(folder)], start_new_session=True, **gone)  # type: ignore[call-overload]
