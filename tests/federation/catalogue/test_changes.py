"""Lists of changes: keyset pages, windows, sets with their departures, horizons; on both dialects."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from federation.catalogue.records import ChangesWindow
from federation.errors import Inconsistent
from federation.store import stamps
from federation.store.changes import _queries
from federation.store.models import Union
from tests.support.catalogues import START, Shelf

TVT = ("member:tvt", "type:book")
LQD = ("member:lqd", "type:book")


def walked(shelf: Shelf, window: ChangesWindow) -> list[tuple[int, bool]]:
    """Read a list page by page; give (id, deleted) of every line."""
    lines: list[tuple[int, bool]] = []
    while True:
        changes = shelf.catalogue.changes(window)
        assert len(changes) <= window.limit
        lines += [(change.id, change.deleted) for change in changes]
        if not changes.more:
            return lines
        *_, last = changes
        window = ChangesWindow(
            window.set_spec, window.from_, window.until, (last.datestamp, last.id), window.limit, window.before
        )


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_any_size_give_every_record_once_in_order(shelf: Shelf, limit: int) -> None:
    for second in range(4):
        shelf.put({second * 10 + number: TVT for number in range(1, 5)})
        shelf.clock.step(1 if second != 2 else 0)
    expected = [second * 10 + number for second in range(4) for number in range(1, 5)]
    assert [number for number, _ in walked(shelf, ChangesWindow(limit=limit))] == expected
    assert [number for number, _ in walked(shelf, ChangesWindow("member:tvt", limit=limit))] == expected
    assert shelf.catalogue.count(ChangesWindow(limit=limit)) == len(expected)


def test_from_and_until_are_both_inclusive(shelf: Shelf) -> None:
    for number in (1, 2, 3):
        shelf.put({number: TVT})
        shelf.clock.step(1)
    second = START + timedelta(seconds=1)
    for set_spec in ("", "member:tvt"):
        assert walked(shelf, ChangesWindow(set_spec, from_=second, until=second)) == [(2, False)]
        assert shelf.catalogue.count(ChangesWindow(set_spec, from_=second)) == 2
        assert shelf.catalogue.count(ChangesWindow(set_spec, until=second)) == 2
        assert shelf.catalogue.count(ChangesWindow(set_spec, before=second)) == 1


def test_a_record_that_left_a_set_is_deleted_there_at_the_time_it_left(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: TVT})
    shelf.clock.step(10)
    left = shelf.put({1: LQD}, version=1)
    shelf.clock.step(10)
    later = shelf.put({1: LQD}, version=2)
    (two, one) = shelf.catalogue.changes(ChangesWindow("member:tvt"))
    assert (one.id, one.deleted, one.datestamp, one.sets) == (1, True, left, ("member:tvt",))
    assert (two.id, two.deleted, two.sets) == (2, False, TVT)
    (entered,) = shelf.catalogue.changes(ChangesWindow("member:lqd"))
    assert (entered.id, entered.deleted, entered.datestamp) == (1, False, later)
    assert walked(shelf, ChangesWindow()) == [(2, False), (1, False)]


def test_a_tombstone_stays_in_its_sets(shelf: Shelf) -> None:
    shelf.put({1: TVT})
    shelf.clock.step(10)
    died = shelf.bury({1: None})
    for set_spec in ("", "member:tvt", "type:book"):
        (change,) = shelf.catalogue.changes(ChangesWindow(set_spec))
        assert (change.id, change.deleted, change.datestamp) == (1, True, died)
        assert change.sets == ((set_spec,) if set_spec else TVT)
    assert walked(shelf, ChangesWindow("member:lqd")) == []


@pytest.mark.parametrize("set_spec", ["", "member:tvt"])
def test_the_rest_of_a_second_and_the_seconds_after_it_keep_their_datestamps(shelf: Shelf, set_spec: str) -> None:
    first = shelf.put({1: TVT, 2: TVT, 3: TVT})
    shelf.clock.step(1)
    second = shelf.put({4: TVT, 5: TVT})
    rows = shelf.catalogue.changes(ChangesWindow(set_spec, after=(first, 1))).rows
    assert list(zip(rows.ids, rows.datestamps, strict=True)) == [(2, first), (3, first), (4, second), (5, second)]


def test_a_page_is_unfolded_together_or_else_line_by_line(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: TVT, 3: TVT})
    shelf.bury({3: None})
    window = ChangesWindow(contents="marcxml")
    whole = shelf.catalogue.changes(window)
    assert [change.deleted for change in whole] == [False, False, True]
    assert [bytes(change.content) for change in whole] == list(map(bytes, whole.contents))
    with shelf.database.write() as session:
        session.execute(update(Union).where(Union.id == 2).values(marcxml=b"\x01broken"))
    broken = shelf.catalogue.changes(window)
    one, two, _ = broken
    assert (len(broken), len(broken.contents)) == (3, 0)
    assert one.content == whole.contents[0]
    with pytest.raises(Inconsistent, match="record 2"):
        _ = two.content


def test_only_the_form_asked_for_comes_along(shelf: Shelf) -> None:
    shelf.put({1: TVT})
    (change,) = shelf.catalogue.changes(ChangesWindow(contents="marcxml"))
    assert bytes(change.exported).startswith(b'<record xmlns="http://www.loc.gov/MARC21/slim">')
    assert (change.identifier, change.address) == ("oai:lienthong.example:1", "http://127.0.0.1:8080/record/1")
    (change,) = shelf.catalogue.changes(ChangesWindow(contents="content"))
    assert str(change.bib.title) == "Sông núi <nước> & Nam 1"
    (change,) = shelf.catalogue.changes(ChangesWindow())
    with pytest.raises(Inconsistent, match="record 1"):
        _ = change.content


def test_the_horizon_is_the_last_whole_second_without_an_open_promise(shelf: Shelf) -> None:
    shelf.clock.step(0.9)
    assert shelf.catalogue.horizon() == START
    shelf.clock.step(0.2)
    assert shelf.catalogue.horizon() == START + timedelta(seconds=1)
    with shelf.database.write() as session:
        stamps.open_window(session, shelf.clock())
    shelf.clock.step(100)
    assert shelf.catalogue.horizon() == START + timedelta(seconds=1)


def test_the_earliest_datestamp_knows_departures(shelf: Shelf) -> None:
    assert shelf.catalogue.earliest() is None
    shelf.put({1: TVT})
    left = shelf.clock.step(10)
    shelf.put({1: LQD}, 1)
    shelf.clock.step(10)
    shelf.put({1: LQD}, 2)
    assert shelf.catalogue.earliest() == left


def test_sets_are_those_with_records_and_those_of_all_members(shelf: Shelf) -> None:
    assert [line.spec for line in shelf.catalogue.sets()] == ["member:lqd", "member:tvt"]
    shelf.put({1: (*TVT, "kind:public", "collection:diachi")})
    names = {line.spec: line.name for line in shelf.catalogue.sets()}
    assert list(names) == ["collection:diachi", "kind:public", "member:lqd", "member:tvt", "type:book"]
    assert names["member:tvt"] == "Thư viện tvt"
    assert "Thư viện công cộng / Public library" in names["kind:public"]
    assert "Địa chí / Local history" in names["collection:diachi"]
    assert "Sách / Book" in names["type:book"]


def test_the_last_line_is_found_wherever_it_moved(shelf: Shelf) -> None:
    stamp = shelf.put({1: TVT, 2: TVT})
    shelf.clock.step(10)
    moved = shelf.put({2: LQD}, 1)
    position = (stamp, 2)
    (change,) = shelf.catalogue.standing(ChangesWindow(after=position, until=stamp, before=moved))
    assert (change.id, change.datestamp, change.deleted) == (2, moved, False)
    (change,) = shelf.catalogue.standing(ChangesWindow("member:tvt", after=position))
    assert (change.id, change.datestamp, change.deleted) == (2, moved, True)
    assert list(shelf.catalogue.standing(ChangesWindow())) == []


def test_a_page_is_one_or_two_seeks_however_far_the_list_went(shelf: Shelf) -> None:
    if shelf.database.dialect != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the table")
    for set_spec, index in (("", "ix_union_record_datestamp_id"), ("member:tvt", "ix_union_set_page")):
        window = ChangesWindow(set_spec, after=(START, 5), before=START, contents="marcxml")
        for query, values in _queries(window):
            made = query.params(values, wanted=3).compile(shelf.database.engine, compile_kwargs={"literal_binds": True})
            with shelf.database.read() as session:
                plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {made}")).all())
            assert index in plan
            assert "SCAN" not in plan
            assert "TEMP B-TREE" not in plan
