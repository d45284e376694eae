"""The judged searches: the arithmetic, the judgements, and that no figure fell."""

import json
import math
from pathlib import Path

import pytest

from schemas.bib import Agent, Bib, Subject, Title
from tests.accuracy import relevance
from tests.accuracy.relevance_judge import Judgement, grades, judgements
from tests.accuracy.relevance_shelf import Shelf, gather

SHELF = Shelf(
    [
        Bib(Title("Kinh tế vĩ mô"), agents=(Agent("Mankiw, N. Gregory"),)),
        Bib(Title("Kinh tế vi mô"), subjects=(Subject("Kinh tế học"),)),
        Bib(Title("Bài tập kinh tế vi mô")),
    ],
    [{"a": None, "b": None}, {"a": None}, {"a": None}],
)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (("main=kinh te vi mo", "main~kinh te vi mo", ""), {1: 3, 2: 3, 3: 2}),
        (("!main=kinh tế vi mô", "", "main*mô vi"), {2: 3, 1: 1, 3: 1}),
        (("main^kinh & held>1", "creator~gregory | subject=kinh te hoc", ""), {1: 3, 2: 2}),
    ],
)
def test_conditions_tell_records_by_what_they_say(conditions: tuple[str, ...], expected: dict[int, int]) -> None:
    assert grades(Judgement("q", "k", conditions), SHELF) == expected


def test_a_condition_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="is no condition"):
        grades(Judgement("q", "k", ("title:x", "", "")), SHELF)


def test_figures_are_those_of_the_textbook() -> None:
    known = {1: 3, 2: 2, 3: 1}
    assert relevance.reciprocal((9, 1, 2), known) == 1 / 2
    assert relevance.reciprocal((9, 2), known) == 0
    assert relevance.gain((1, 2, 3), known) == 1
    ideal = 7 + 3 / math.log2(3) + 1 / 2
    assert relevance.gain((2, 9, 1), known) == pytest.approx((3 + 7 / 2) / ideal)


def test_a_fall_of_more_than_half_a_point_is_told() -> None:
    kept = {"all": {"queries": 2, "mrr": 0.9, "ndcg10": 0.9}}
    assert relevance.fallen({"all": {"queries": 2, "mrr": 0.896, "ndcg10": 0.89}}, kept) == [
        "all: ndcg10 fell from 0.9000 to 0.8900"
    ]


def test_there_are_enough_judged_searches_each_once() -> None:
    queries = [judgement.query for judgement in judgements()]
    assert len(queries) == len(set(queries)) >= 60


def test_the_order_of_hits_is_as_right_as_it_was(shared_data: Path, tmp_path: Path) -> None:
    shelf = gather(shared_data)
    scores = list(relevance.scored(shelf.engine(tmp_path / "index"), shelf))
    assert relevance.fallen(relevance.figures(scores), json.loads(relevance.BASELINE.read_text("utf-8"))) == []
