"""The whole road on both dialects: records in, one catalogue, and nothing moves that did not change."""

import gzip
from pathlib import Path

import pytest

from federation.catalogue.records import UnionRecord
from federation.index.engine import Question
from federation.pipeline import check as checking
from federation.pipeline.workplace import Workplace
from federation.store import traces
from schemas.query import box
from tests.support.house import add_files, add_member, bring, catalogue, step_through
from tests.support.records import iso2709, marcxml, record


def at_rest(place: Workplace) -> dict[str, int]:
    """The counts, after making sure that everything agrees with everything."""
    assert checking.check(place) == []
    found = checking.status(place)
    assert not any(found["pending"].values())
    assert found["raw"] == found["bibs"] + found["rejected"]
    assert found["unions"] == found["indexed"] == found["clusters"]
    return found


def stamps(place: Workplace) -> dict[int, object]:
    return {one.id: one.datestamp for one in catalogue(place).every()}


def only(place: Workplace, query: str) -> UnionRecord:
    answer = catalogue(place).search(Question(box.parse(query)))
    assert answer.total == 1, [str(hit.bib.title) for hit in answer.hits]
    found = catalogue(place).fetch(answer.hits[0].id)
    assert found
    return found


def test_two_libraries_with_the_same_book_are_one_record_with_two_holdings(place: Workplace, tmp_path: Path) -> None:
    for code, where in (("a", "Kho A"), ("b", "Kho B")):
        path = iso2709(tmp_path / f"{code}.mrc", [record(n, location=where) for n in range(3)])
        report = bring(place, add_files(place, add_member(place, code), f"{code}-files", path))
        assert (report.status, report.counts["added"], report.counts["rejected"]) == ("success", 3, 0)
    counts = at_rest(place)
    assert (counts["raw"], counts["unions"], counts["tombstones"]) == (6, 3, 0)
    found = only(place, f"isbn:{record(1).first('020').get('a')}")  # type: ignore[union-attr]
    assert [(held.member_code, held.location, held.call_number) for held in found.holdings] == [
        ("a", "Kho A", "895.922 1"),
        ("b", "Kho B", "895.922 1"),
    ]
    assert found.marcxml.count('tag="852"') == 2
    assert f'<controlfield tag="001">{found.id}</controlfield>' in found.marcxml
    assert {"member:a", "member:b", "kind:public", "type:book"} <= set(found.sets)


def test_a_second_harvest_of_the_same_writes_nothing_and_moves_no_datestamp(place: Workplace, tmp_path: Path) -> None:
    code = add_files(place, add_member(place, "a"), "files", iso2709(tmp_path / "a.mrc", map(record, range(20))))
    bring(place, code)
    before = stamps(place)
    report = bring(place, code)
    assert report.counts["unchanged"] == report.counts["seen"] == 20
    assert report.counts["added"] == report.counts["changed"] == 0
    assert stamps(place) == before
    assert step_through(place) == {"normalise": 0, "cluster": 0, "merge": 0, "publish": 0}


def test_one_changed_record_moves_one_datestamp(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from federation import clock

    path = tmp_path / "a.mrc"
    code = add_files(place, add_member(place, "a"), "files", iso2709(path, map(record, range(20))))
    bring(place, code)
    before, later = stamps(place), clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    iso2709(path, [*map(record, range(19)), record(19, title="Đất rừng phương Nam")])
    report = bring(place, code)
    assert (report.counts["changed"], report.counts["unchanged"]) == (1, 19)
    moved = {union for union, stamp in stamps(place).items() if stamp != before[union]}
    assert moved == {only(place, "dat rung phuong nam").id}
    at_rest(place)


def test_what_a_complete_file_no_longer_has_becomes_a_tombstone(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    code = add_files(place, add_member(place, "a"), "files", iso2709(path, map(record, range(5))), complete="true")
    bring(place, code)
    iso2709(path, map(record, range(4)))
    assert bring(place, code).counts["deleted"] == 1
    counts = at_rest(place)
    assert (counts["raw"], counts["raw_deleted"], counts["unions"], counts["tombstones"]) == (4, 1, 4, 1)
    assert catalogue(place).search(Question(box.parse(f'"{4}"'))).total == 0


def test_a_library_that_gives_its_copy_up_leaves_the_record_and_its_set(place: Workplace, tmp_path: Path) -> None:
    paths = {code: iso2709(tmp_path / f"{code}.mrc", [record(1), record(2)]) for code in "ab"}
    for code, path in paths.items():
        bring(place, add_files(place, add_member(place, code), code, path, complete="true"))
    iso2709(paths["b"], [record(2)])
    bring(place, "b")
    at_rest(place)
    gone = only(place, f"isbn:{record(1).first('020').get('a')}")  # type: ignore[union-attr]
    assert [held.member_code for held in gone.holdings] == ["a"]
    assert "member:b" not in gone.sets


def test_records_that_become_equal_merge_and_part_again_with_their_lineage(place: Workplace, tmp_path: Path) -> None:
    paths = {code: tmp_path / f"{code}.mrc" for code in "ab"}
    iso2709(paths["a"], [record(1)])
    iso2709(paths["b"], [record(1, title="Nhan đề khác")])
    for code, path in paths.items():
        bring(place, add_files(place, add_member(place, code), code, path))
    first, second = (one.id for one in catalogue(place).every())
    iso2709(paths["b"], [record(1)])
    bring(place, "b")
    at_rest(place)
    assert [one.id for one in catalogue(place).every()] == [first]
    buried = catalogue(place).fetch(second)
    assert buried
    assert (buried.deleted, buried.successor_id) == (True, first)
    iso2709(paths["b"], [record(1, title="Nhan đề khác")])
    bring(place, "b")
    at_rest(place)
    third = max(one.id for one in catalogue(place).every())
    assert third not in (first, second)
    with place.database.read() as session:
        assert traces.lineage(session, third) == [f"split from {first}"]


def test_a_broken_record_is_put_aside_with_its_reason_and_its_bytes(place: Workplace, tmp_path: Path) -> None:
    path = iso2709(tmp_path / "a.mrc", [record(1)])
    path.write_bytes(
        path.read_bytes() + b"00042nam this is no record at all\x1d" + path.read_bytes().replace(b"t000001", b"t000002")
    )
    report = bring(place, add_files(place, add_member(place, "a"), "files", path))
    assert (report.counts["seen"], report.counts["rejected"]) == (3, 1)
    counts = at_rest(place)
    assert (counts["raw"], counts["bibs"], counts["rejected"]) == (3, 2, 1)


def test_a_record_that_becomes_unreadable_leaves_the_catalogue_and_comes_back(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    code = add_files(place, add_member(place, "a"), "files", iso2709(path, [record(1, local_id="x1")]))
    bring(place, code)
    good = path.read_bytes()
    path.write_bytes(good[:24].replace(b"nam", b"nz ") + good[24:])  # an authority record under the same number
    bring(place, code)
    counts = at_rest(place)
    assert (counts["bibs"], counts["rejected"], counts["tombstones"]) == (0, 1, 1)
    path.write_bytes(good)
    bring(place, code)
    assert at_rest(place)["bibs"] == 1


def test_marcxml_in_a_compressed_file_gives_the_same_catalogue(place: Workplace, tmp_path: Path) -> None:
    plain = marcxml(tmp_path / "a.xml", map(record, range(7)))
    packed = tmp_path / "b.xml.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    for code, path in (("a", plain), ("b", packed)):
        bring(place, add_files(place, add_member(place, code), code, path))
    assert at_rest(place)["unions"] == 7


def test_new_rules_make_a_stage_do_everything_again_and_move_nothing_that_stays_equal(
    place: Workplace, tmp_path: Path
) -> None:
    from sqlalchemy import update

    from federation.store.models import StageRules

    code = add_files(place, add_member(place, "a"), "files", iso2709(tmp_path / "a.mrc", map(record, range(9))))
    bring(place, code)
    before = stamps(place)
    with place.database.write() as session:
        session.execute(update(StageRules).values(rules="of long ago"))
    assert step_through(place) == {"normalise": 9, "cluster": 9, "merge": 9, "publish": 9}
    assert stamps(place) == before
    at_rest(place)


def test_check_names_what_does_not_agree(place: Workplace, tmp_path: Path) -> None:
    from sqlalchemy import update

    from federation.store.models import Bib, Raw

    code = add_files(place, add_member(place, "a"), "files", iso2709(tmp_path / "a.mrc", map(record, range(4))))
    bring(place, code)
    with place.database.write() as session:
        session.execute(update(Raw).where(Raw.id == 1).values(content_hash=b"other"))
        session.execute(update(Bib).where(Bib.id == 2).values(cluster_id=None))
    place.index.publish([], [3])
    assert {fault.code for fault in checking.check(place)} >= {"bib-stale", "bib-without-cluster", "index-missing"}
