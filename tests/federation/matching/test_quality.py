"""The score that chooses the base record: every line of its table, and what must not count."""

import pytest

from federation.matching.quality import FEATURES, score
from schemas.marc.record import MarcRecord
from tests.federation.matching.union import F008
from tests.schemas.crosswalks.build import record

PLAIN = ("245 10 $aNhan de",)
#: feature -> lines that earn it once more than PLAIN does
EARNED = {
    "marks": ("245 10 $aNhan đề",),
    "broken": ("245 10 $aNh?n de",),
    "capitals": ("245 10 $aNHAN DE",),
    "fields": (*PLAIN, "500 __ $aGhi chu"),
    "subjects": (*PLAIN, "650 _4 $aVan hoc"),
    "class": (*PLAIN, "082 04 $a895"),
    "number": (*PLAIN, "020 __ $a9780306406157"),
    "coded": (*PLAIN, F008),
    "contents": (*PLAIN, "520 __ $aTom tat"),
    "extent": (*PLAIN, "300 __ $a120 tr."),
    "publisher": (*PLAIN, "260 __ $aH. :$bKim Dong"),
    "names": (*PLAIN, "700 1_ $aTran, Van,$d1950-"),
}


def points(record: MarcRecord, name: str) -> int:
    return dict(score(record).parts).get(name, 0)


def with_level(level: str) -> MarcRecord:
    return record(*PLAIN, leader=f"00000nam a2200000{level}  4500")


@pytest.mark.parametrize("name", EARNED)
def test_each_feature_gives_its_points(name: str) -> None:
    feature = next(each for each in FEATURES if each.name == name)
    times = 3 if name == "coded" else 1
    assert points(record(*EARNED[name]), name) - points(record(*PLAIN), name) == feature.points * times


@pytest.mark.parametrize(
    ("level", "full", "brief"), [(" ", 3, 0), ("1", 3, 0), ("7", 0, -3), ("8", 0, -3), ("u", 0, 0)]
)
def test_what_a_library_says_of_its_record_counts(level: str, full: int, brief: int) -> None:
    assert (points(with_level(level), "full"), points(with_level(level), "brief")) == (full, brief)


def test_every_feature_is_tried_here() -> None:
    assert {each.name for each in FEATURES} == {*EARNED, "full", "brief"}


def test_no_feature_counts_without_end() -> None:
    many = record(*PLAIN, *["500 __ $aGhi chu"] * 200, *["650 _4 $aVan hoc"] * 50)
    assert points(many, "fields") == 30
    assert points(many, "subjects") == 8


def test_copies_and_local_fields_give_nothing() -> None:
    local = [*["952 __ $aTV$p1"] * 40, "590 __ $aNoi bo", "541 __ $aTang", "090 __ $a895", "999 __ $aX"]
    assert score(record(*PLAIN, *local)) == score(record(*PLAIN))


def test_a_score_tells_its_parts() -> None:
    found = score(record(*EARNED["marks"]))
    assert found.total == sum(points for _, points in found.parts)
    assert str(found).startswith(f"{found.total} (marks +6, ")


@pytest.mark.parametrize(("template", "coded"), [("s9999    xx ", 0), ("s2019    xx ", 1), ("nuuuuuuuuvm ", 1)])
def test_a_template_of_008_states_nothing(template: str, coded: int) -> None:
    made = record(*PLAIN, f"008 200101{template}           000 0 und d")
    assert points(made, "coded") == coded
