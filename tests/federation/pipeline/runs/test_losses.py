"""The judgement on missing records: pure, so every case is one line."""

from datetime import UTC, datetime, timedelta

import pytest

from federation.pipeline.runs.losses import Circumstances, Habit, alike, allowed, essence, is_due, judge, pairs
from schemas.marc import write
from schemas.marc.record import Field, MarcRecord
from tests.support.records import record

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2)


def hours(count: float) -> datetime:
    return NOW - timedelta(hours=count)


@pytest.mark.parametrize(
    ("known", "guard", "most"),
    [(0, 0.05, 1), (1, 0.05, 1), (5, 0.05, 1), (39, 0.05, 1), (40, 0.05, 2), (1000, 0.05, 50), (1000, 0.0, 1),
     (1000, 1.0, 1000)],
)  # fmt: skip
def test_a_fraction_may_vanish_at_once_and_one_always(known: int, guard: float, most: int) -> None:
    assert allowed(known, guard) == most


@pytest.mark.parametrize(
    ("since", "withdrawn"),
    [(None, False), (hours(1), False), (hours(11.9), False), (hours(12), True), (LONG_AGO, True)],
)
def test_only_what_was_missed_twelve_hours_ago_is_withdrawn(since: datetime | None, withdrawn: bool) -> None:
    judged = judge({7: since}, Circumstances(NOW, 100, 0.05))
    assert (judged.withdraw, judged.held) == (frozenset({7} if withdrawn else ()), False)


def test_more_than_the_guard_allows_is_held_however_long_it_is_missed() -> None:
    missing = dict.fromkeys(range(6), LONG_AGO)
    assert judge(missing, Circumstances(NOW, 100, 0.05)).held
    assert not judge(missing, Circumstances(NOW, 120, 0.05)).held
    assert judge(missing, Circumstances(NOW, 100, 0.05, consent=True)).withdraw == frozenset()


def test_consent_needs_no_second_look_and_an_empty_source_no_arithmetic() -> None:
    assert judge({1: None}, Circumstances(NOW, 100, 0.05, consent=True)).withdraw == {1}
    assert judge({1: LONG_AGO}, Circumstances(NOW, 1, 1.0, consent=True, empty=True)).held
    assert not judge({}, Circumstances(NOW, 0, 0.05, empty=True)).held


@pytest.mark.parametrize(
    ("concluded", "begun", "missing", "days", "due"),
    [(29, None, None, 30, False), (30, None, None, 30, True), (400, None, None, 0, False), (400, 0.5, None, 30, False),
     (400, 1, None, 30, True), (1, 1, 0.5, 30, True), (1, 1, 0.4, 30, False), (0.9, 0.9, 5, 30, False),
     (1, 1, 5, 0, False)],
)  # fmt: skip
def test_when_a_source_is_looked_through(
    concluded: float, begun: float | None, missing: float | None, days: float, due: bool
) -> None:
    ago = [None if count is None else NOW - timedelta(days=count) for count in (concluded, begun, missing)]
    assert is_due(Habit(ago[0] or NOW, ago[1], ago[2]), days, NOW) is due


def test_pairs_are_one_to_one_or_not_at_all() -> None:
    old = {1: b"a", 2: b"b", 3: b"c", 4: b"c", 5: b"d"}
    new = {11: b"b", 12: b"a", 13: b"c", 14: b"d", 15: b"d"}
    assert pairs(old, new) == [(1, 12), (2, 11)]


def without_isbn(number: int, title: str) -> MarcRecord:
    made = record(number, title=title)
    return MarcRecord(made.leader, tuple(field for field in made.fields if field.tag != "020"))


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (record(1), record(1, title="Nhan đề khác hẳn"), True),
        (record(1), record(2), False),
        (record(1, title="Đất rừng"), record(2, title="Đất rừng"), False),
        (record(1, title="Đất rừng"), without_isbn(2, "ĐẤT  RỪNG"), True),
        (without_isbn(1, "Đất rừng"), without_isbn(2, "Truyện Kiều"), False),
    ],
)
def test_the_same_work_has_a_number_in_common_or_else_its_title(old: MarcRecord, new: MarcRecord, same: bool) -> None:
    assert alike("iso2709", write.marc(old), "marcxml", write.marcxml(new).encode()) is same


def test_what_cannot_be_read_is_no_other_work() -> None:
    assert alike("iso2709", b"00042nam no record at all\x1d", "iso2709", write.marc(record(1)))


def test_the_essence_of_a_record_leaves_out_its_own_numbers() -> None:
    plain = record(1, local_id="k1")
    moved = record(1, local_id="a-much-longer-number")
    moved = MarcRecord(moved.leader, (*moved.fields[:1], Field("005", "20260301120000.0"), *moved.fields[1:]))
    first = essence("iso2709", write.marc(plain), "oai:x:k1")
    assert essence("marcxml", write.marcxml(moved).encode(), "oai:y:1") == first
    assert essence("iso2709", write.marc(record(2)), "oai:x:k1") != first


def test_an_identifier_inside_the_record_does_not_count() -> None:
    def dc(identifier: str) -> bytes:
        return (
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Truyện Kiều</dc:title>'
            f"<dc:identifier>{identifier}</dc:identifier></oai_dc:dc>"
        ).encode()

    assert essence("oai_dc", dc("oai:a:1"), "oai:a:1") == essence("oai_dc", dc("oai:b:77"), "oai:b:77")
