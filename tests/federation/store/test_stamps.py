"""Datestamps: whatever a writer and a reader do at the same time, from = last responseDate misses and repeats
nothing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.store import Database, migrate, stamps

START = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Database:
    database = Database(database_url)
    migrate.upgrade(database)
    return database


def test_an_open_promise_holds_the_horizon_back(database: Database) -> None:
    with database.write() as session:
        stamps.open_window(session, START)
    with database.read() as session:
        assert stamps.horizon(session, START + timedelta(seconds=30)) == START


def test_taking_a_stamp_ends_the_promise(database: Database) -> None:
    with database.write() as session:
        stamps.open_window(session, START)
    with database.write() as session:
        assert stamps.take(session, START + timedelta(seconds=5.7)) == START + timedelta(seconds=5)
    later = START + timedelta(seconds=30, microseconds=5)
    with database.read() as session:
        assert stamps.horizon(session, later) == START + timedelta(seconds=30)


def test_a_clock_that_went_back_does_not_take_stamps_back(database: Database) -> None:
    with database.write() as session:
        first = stamps.take(session, START)
        assert stamps.take(session, START - timedelta(hours=1)) == first


def test_a_dead_writers_promise_is_forgotten(database: Database) -> None:
    with database.write() as session:
        stamps.open_window(session, START)
    with database.write() as session:
        stamps.forget(session)
    with database.read() as session:
        assert stamps.horizon(session, START + timedelta(hours=1)) == START + timedelta(hours=1)


def test_the_wait_until_a_stamp_is_shown_is_at_most_a_second(database: Database) -> None:
    with database.read() as session:
        assert stamps.seconds_until_shown(session, START) == 0.0
    with database.write() as session:
        stamps.take(session, START + timedelta(milliseconds=400))
    with database.read() as session:
        assert stamps.seconds_until_shown(session, START + timedelta(milliseconds=400)) == pytest.approx(0.6)


steps = st.lists(
    st.tuples(st.sampled_from(["promise", "commit", "ask", "read", "die"]), st.floats(0, 2.5)), max_size=60
)


@settings(max_examples=300)
@given(steps)
def test_every_change_is_listed_exactly_once_whatever_the_interleaving(history: list[tuple[str, float]]) -> None:
    """A model of one writer and one reader, each step at its own time; the store's rules are those of `stamps`.

    Not the database: that each transaction sees whole commits is its promise, and what we build on it is checked here.
    """
    now, last = START, None
    promise: datetime | None = None
    asked: datetime | None = None
    written: list[datetime] = []
    listed: list[datetime] = []
    since = datetime.min.replace(tzinfo=UTC)
    for step, seconds in history:
        now += timedelta(seconds=seconds)
        if step == "promise" and promise is None:
            promise = now
        elif step == "commit" and promise is not None:
            stamp = max(now.replace(microsecond=0), last) if last else now.replace(microsecond=0)
            written.append(stamp)
            promise, last = None, stamp
        elif step == "die":
            promise = None
        elif step == "ask":
            asked = now
        elif step == "read" and asked is not None:
            horizon = min(asked, promise).replace(microsecond=0) if promise else asked.replace(microsecond=0)
            listed += [stamp for stamp in written if since <= stamp < horizon]
            since, asked = max(since, horizon), None
    listed += [stamp for stamp in written if stamp >= since]
    assert sorted(listed) == sorted(written)
