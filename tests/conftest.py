"""Fixtures shared by all tests: the folder of real records, peers that must be installed, databases."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.support.hostile_oai import Hostile, items, serving
from tests.support.hostile_sru import HostileSru, books
from tests.support.hostile_z3950 import HostileZ3950, hostile
from tests.support.peers import missing
from tests.support.postgres import Cluster, start

ROOT = Path(__file__).parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what a test printed or logged fit to be sent by one process of the tests to another."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture
def young() -> Iterator[None]:
    """What other tests have left in this process is no concern of its garbage collector, as in a process of its own."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records (LIENTHONG_TEST_DATA, else ../shared/data); skips with a reason without it."""
    folder = Path(os.environ.get("LIENTHONG_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "README.md").is_file():
        missing(f"the folder of real records is not at {folder} (set LIENTHONG_TEST_DATA)", data=True)
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of its own, in a temporary folder, on a free loopback port."""
    with start() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once for each dialect."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'lienthong.db'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database()


@pytest.fixture
def server() -> Iterator[Hostile]:
    """An OAI-PMH server with seven records, honest until a test spoils its answers."""
    with serving(Hostile(items(7))) as running:
        yield running


@pytest.fixture
def sru() -> Iterator[HostileSru]:
    """An SRU server with seven records, honest until a test spoils its answers."""
    with serving(HostileSru(books(7))) as running:
        yield running


@pytest.fixture
def z3950() -> Iterator[HostileZ3950]:
    """A target of Z39.50 with seven records, honest until a test spoils its answers."""
    with hostile(HostileZ3950(books(7))) as running:
        yield running
