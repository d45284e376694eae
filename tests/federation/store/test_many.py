"""Rows written many at once are what SQLAlchemy would have written, on both dialects."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, update

from federation.store import Database, clusters
from federation.store.base import table
from federation.store.many import if_unchanged, insert_columns, insert_rows, update_rows
from federation.store.models import Member, Union, UnionHolding
from tests.support.house import add_member, house

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    with house(tmp_path / "home", database_url) as place:
        add_member(place, "first")
        yield place.database


def members(database: Database) -> dict[str, tuple[str, datetime]]:
    with database.read() as session:
        return {row.code: (row.name, row.created_at) for row in session.scalars(select(Member))}


def test_times_of_any_zone_are_written_as_utc(database: Database) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=7)))
    with database.write() as session:
        rows = [{"code": code, "name": "Tên", "created_at": at} for code, at in (("a", NOON), ("b", local))]
        insert_rows(session, Member, rows)
        with pytest.raises(ValueError, match="without zone"):
            insert_rows(session, Member, [{"code": "c", "name": "", "created_at": NOON.replace(tzinfo=None)}])
    found = members(database)
    assert found["a"] == found["b"] == ("Tên", NOON)
    assert "c" not in found


def test_an_update_takes_its_values_from_each_row_and_its_constants_from_itself(database: Database) -> None:
    columns = table(Member).c
    statement = update(table(Member)).where(columns.code == bindparam("key")).values(name=bindparam("to"))
    with database.write() as session:
        rows = [{"code": code, "name": code, "created_at": NOON} for code in "abc"]
        insert_rows(session, Member, rows)
        update_rows(session, statement, [{"key": "a", "to": "A"}, {"key": "b", "to": "B' --"}])
        update_rows(session, statement.values(created_at=NOON + timedelta(1)), [{"key": "c", "to": "C"}])
    found = members(database)
    assert [found[code] for code in "abc"] == [("A", NOON), ("B' --", NOON), ("C", NOON + timedelta(1))]


def test_rows_given_column_by_column_are_the_same_rows(database: Database) -> None:
    with database.write() as session:
        columns = {"created_at": [NOON, NOON + timedelta(1)], "code": ["a", "b"], "name": ["A", "B"]}
        insert_columns(session, Member, columns)
        insert_columns(session, Member, {"code": [], "name": [], "created_at": []})
    found = members(database)
    assert (found["a"], found["b"]) == (("A", NOON), ("B", NOON + timedelta(1)))


def test_lists_days_bytes_and_nothing_come_back_as_they_were(database: Database) -> None:
    with database.write() as session:
        (number,) = clusters.mint(session, [None])
        provenance = [["first", "đ1", "245"], []]
        row = {
            **{"id": number, "datestamp": NOON, "created_at": NOON, "deleted": False, "successor_id": None},
            **{"group_id": number, "sets": "", "marcxml": b"\x00\xff", "content": b"", "content_hash": b"h"},
            **{"provenance": provenance, "rules": 1, "indexed_hash": None, "pending": True},
        }
        insert_rows(session, Union, [row])
        held = {"union_id": number, "member_id": 1, "bib_id": 1, "local_id": "1", "location": "", "call_number": ""}
        insert_rows(session, UnionHolding, [{**held, "copies": 1, "note": "", "as_of": NOON.date()}])
    with database.read() as session:
        found = session.scalars(select(Union)).one()
        assert (found.provenance, found.marcxml, found.indexed_hash, found.pending) == (
            provenance,
            b"\x00\xff",
            None,
            True,
        )
        assert session.scalars(select(UnionHolding.as_of)).one() == NOON.date()


def test_what_changed_meanwhile_keeps_its_mark(database: Database) -> None:
    with database.write() as session:
        ids = clusters.mint(session, [None] * 3)
        common = {
            "datestamp": NOON,
            "created_at": NOON,
            "successor_id": None,
            "sets": "",
            "marcxml": b"",
            "content": b"",
        }
        common |= {"provenance": [], "rules": 1, "indexed_hash": None, "pending": True, "deleted": False}
        insert_rows(session, Union, [{**common, "id": one, "group_id": one, "content_hash": b"new"} for one in ids])
        seen = zip(ids, (b"new", b"old", b"new"), (False, False, True), strict=True)
        rows = [{"key": one, "hash": content_hash, "gone": gone} for one, content_hash, gone in seen]
        update_rows(session, if_unchanged(Union).values(pending=False), rows)
    with database.read() as session:
        assert list(session.scalars(select(Union.pending).order_by(Union.id))) == [False, True, True]
