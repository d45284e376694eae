"""The labelled pairs are sound: they are the yardstick for matching, so nothing measures them but this and people."""

import re
from collections import Counter
from pathlib import Path

import pytest

from schemas.bib import Bib
from schemas.crosswalks import marc21_bib
from schemas.issues import Issue
from schemas.marc.clean import clean
from schemas.marc.record import MarcRecord
from tests.tables.pairs import FOLDER, LABELS, Pair, Written, bib, pairs, written

_LEAST_PER_KIND = 8
_LEAST_COUNTED = 400
_NOT_REPEATED = ("100 110 111 130", "245", "250", "260", "300", "008")


@pytest.fixture(scope="module")
def every() -> list[Written]:
    return list(written())


@pytest.fixture(scope="module")
def made() -> list[Pair]:
    return list(pairs())


def _issues(record: MarcRecord) -> list[Issue]:
    cleaned, found = clean(record)
    return [*found, *marc21_bib.bib(cleaned)[1]]


def _stated(pair: Pair, value: str) -> set[object]:
    def said(one: Bib) -> object:
        return one.publication.year if value == "year" else getattr(one, value)

    return {each for each in (said(pair.left), said(pair.right)) if each}


def test_every_pair_has_an_id_of_its_own(every: list[Written]) -> None:
    assert [one for one, count in Counter(pair.id for pair in every).items() if count > 1] == []


def test_labels_are_known_and_each_says_why(every: list[Written]) -> None:
    assert {pair.label for pair in every} == set(LABELS)
    assert [pair.id for pair in every if len(pair.why) < 5] == []


def test_there_are_enough_pairs_and_neither_answer_can_be_guessed(every: list[Written]) -> None:
    counted = [pair for pair in every if pair.label != "unsure"]
    assert len(counted) >= _LEAST_COUNTED
    assert 0.35 < sum(pair.label == "duplicate" for pair in counted) / len(counted) < 0.65
    assert min(Counter(pair.label for pair in every).values()) >= 10


def test_every_class_of_the_guide_has_enough_pairs_and_every_pair_a_class_of_the_guide(every: list[Written]) -> None:
    guide = (FOLDER.parent / "README.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \| .+ \|$", guide, re.MULTILINE)) - set(LABELS)
    counts = Counter(pair.kind for pair in every)
    assert set(counts) == explained
    assert {kind: count for kind, count in counts.items() if count < _LEAST_PER_KIND} == {}


def test_numbers_are_valid_and_records_sound_except_where_the_pair_says_so(every: list[Written]) -> None:
    found = {pair.id: {issue.code for side in (pair.left, pair.right) for issue in _issues(side)} for pair in every}
    assert found == {pair.id: pair.issues for pair in every}


def test_records_have_one_title_and_no_field_twice_that_cannot_be_repeated(every: list[Written]) -> None:
    for pair in every:
        for side in (pair.left, pair.right):
            assert len(list(side.of("245"))) == 1, pair.id
            for tags in _NOT_REPEATED:
                assert len(list(side.of(*tags.split()))) <= 1, (pair.id, tags)


def test_no_pair_asks_whether_a_record_is_itself(every: list[Written]) -> None:
    assert [pair.id for pair in every if pair.label != "unsure" and bib(pair.left) == bib(pair.right)] == []


def test_no_pair_is_asked_twice(made: list[Pair]) -> None:
    sides = Counter(frozenset((repr(pair.left), repr(pair.right))) for pair in made)
    assert max(sides.values()) == 1


def test_a_duplicate_states_no_two_years_media_or_levels(made: list[Pair]) -> None:
    for pair in made:
        if pair.label == "duplicate":
            for value in ("year", "material", "level"):
                assert len(_stated(pair, value)) <= 1, (pair.id, value)


def test_an_other_year_states_two_years(made: list[Pair]) -> None:
    assert [pair.id for pair in made if pair.label == "other-year" and len(_stated(pair, "year")) != 2] == []


@pytest.mark.parametrize(
    "text",
    [
        "@ volume-1 same: no such head? it has one, but see below\n< 245 Toán 6",
        "@ volume-1 duplicate:\n= 245 $a Toán 6",
        "@ volume-1 duplicate: side missing\n245 $a Toán 6",
        "@ volume-1 duplicate: tag missing\n= $a Toán 6",
        "@ volume-1 duplicate: coded text too long\n= 008 s2015 vie",
    ],
)
def test_a_line_that_is_no_notation_is_told_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "slips.txt").write_text(f"# a comment\n{text}\n", "utf-8")
    with pytest.raises(ValueError, match=r"slips\.txt:2: "):
        list(written(tmp_path))


def test_a_line_belongs_to_the_left_the_right_or_both(tmp_path: Path) -> None:
    text = "@ volume-1 other-volume: why\n= 008 s2015 vm vie o\n= 100 $a Tô Hoài\n< 245 $a A $n T.1\n> NFD\n> 245 $a Bò"
    (tmp_path / "one.txt").write_text(text, "utf-8")
    (pair,) = written(tmp_path)
    assert (pair.id, pair.kind, pair.label, pair.why) == ("volume-1", "volume", "other-volume", "why")
    assert [[field.tag for field in side.fields] for side in (pair.left, pair.right)] == [["008", "100", "245"]] * 2
    assert len(pair.left.control("008")) == 40
    assert (bib(pair.left).material, bib(pair.left).languages, bib(pair.left).title.number) == (
        "ebook",
        ("vie",),
        "T.1",
    )
    assert next(pair.right.of("245")).get("a") == "Bo\u0300"
