"""`lienthong clusters review`, `sample`, `diff`, `explain`: what a person is shown, asked, and told."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from federation.matching.compare import Verdict
from federation.matching.compare import compare as by_the_rules
from federation.matching.profile import Profile
from tests.federation.cli.conftest import Ended, Lienthong
from tests.support.records import iso2709, record


def not_sure(left: Profile, right: Profile) -> Verdict:
    """Rules that are in doubt about whatever they are not told to be equal."""
    found = by_the_rules(left, right)
    if left == right:
        return found
    return Verdict("unsure", 0.5, found.reasons)


@pytest.fixture
def two(lienthong: Lienthong, tmp_path: Path) -> Lienthong:
    """Members a and b: book 1 in both, and book 2 whose records differ a little and share an ISBN."""
    assert lienthong("members", "add", "b", "--name", "Thư viện B").code == 0
    for code, pages in (("a", 2), ("b", 3)):
        odd = record(2, year="2001", title=f"Làng tôi {pages}")
        assert lienthong("import", code, iso2709(tmp_path / f"{code}.mrc", [record(1), odd])).code == 0
    return lienthong


@pytest.fixture
def doubtful(two: Lienthong) -> Lienthong:
    """The same, clustered by rules that are in doubt."""
    with (
        patch("federation.pipeline.stages.judge.compare", not_sure),
        patch("federation.pipeline.stages.cluster.RULES", 1_000_000),
    ):
        assert two("run", "cluster").code == 0
    return two


def lines(ended: Ended) -> list[Any]:
    return [json.loads(line) for line in ended.text.splitlines()]


def typed(*answers: str) -> Any:
    waiting = iter(answers)
    return patch("click.prompt", lambda *_args, **_more: next(waiting))


def test_pairs_in_doubt_are_shown_side_by_side_with_what_speaks_for_and_against(doubtful: Lienthong) -> None:
    [pair] = lines(doubtful("clusters", "review", "--json"))
    assert (pair["left"]["record"], pair["right"]["record"]) in (("a:t000002", "b:t000002"), ("b:t000002", "a:t000002"))
    assert (pair["decision"], pair["left"]["title"][:8]) == ("unsure", "Làng tôi")
    shown = doubtful("clusters", "review").text
    assert "Làng tôi 2" in shown
    assert "Làng tôi 3" in shown
    assert shown.endswith("1 pairs\n")


def test_a_pair_that_was_answered_is_not_asked_again(doubtful: Lienthong) -> None:
    with typed("l"):
        assert doubtful("clusters", "review", "--answer").text.endswith("0 answered, 1 left\n")
    with typed("d"):
        assert "1 answered, 0 left" in doubtful("clusters", "review", "--answer", "--by", "Lan").text
    assert lines(doubtful("clusters", "review", "--json")) == []
    assert doubtful("clusters", "pins", "--json").json["said"] == "different"


def test_the_answers_to_a_weeks_sample_tell_how_often_the_rules_are_right(two: Lienthong) -> None:
    [pair] = lines(two("clusters", "sample", "--week", "2026-48", "--json"))
    assert {pair["left"]["record"], pair["right"]["record"]} == {"a:t000001", "b:t000001"}
    assert "nothing answered yet" in two("clusters", "sample", "--week", "2026-48").text
    with typed("s"):
        answered = two("clusters", "sample", "--week", "2026-48", "--answer").text
    assert answered.endswith("week 2026-48: 1 of 1 joined rightly (100.0%)\n")
    assert lines(two("clusters", "sample", "--week", "2026-48", "--json")) == []
    assert len(lines(two("clusters", "sample", "--week", "2026-49", "--json"))) == 1


def test_a_sample_that_shows_a_false_merge_parts_it(two: Lienthong) -> None:
    with typed("d"):
        answered = two("clusters", "sample", "--week", "2026-48", "--answer").text
    assert answered.endswith("week 2026-48: 0 of 1 joined rightly (0.0%)\n")
    ids = {two("records", "show", f"{code}:t000001", "--format", "json").json["id"] for code in "ab"}
    assert len(ids) == 2


@pytest.mark.parametrize("week", ["2026", "now", "2026-x"])
def test_a_week_is_written_as_year_and_number(two: Lienthong, week: str) -> None:
    ended = two("clusters", "sample", "--week", week)
    assert (ended.code, "is no week like 2026-48" in ended.errors) == (2, True)


def test_new_rules_are_shown_before_they_do_anything(two: Lienthong) -> None:
    same = two("clusters", "diff", "--json").json
    assert (same["stay"], same["merge"], same["split"], same["move"]) == (3, 0, 0, 0)
    never = Verdict("different", 0.0, ())
    with patch("federation.pipeline.stages.rederive.compare", lambda *_: never):
        other = two("clusters", "diff", "--json").json
        told = two("clusters", "diff").text
    assert (other["stay"], other["split"]) == (2, 1)
    assert other["samples"]["split"][0].startswith("from 1: b:t000001 ")
    assert told.startswith("stay 2, merge 0, split 1, move 0")
    assert two("clusters", "diff", "--json").json == same, "nothing was written"


def test_explain_tells_every_reason_and_what_a_person_said(two: Lienthong) -> None:
    told = two("clusters", "explain", "a:t000002", "b:t000002").text
    assert told.splitlines()[0].startswith("a:t000002 (union ")
    assert "title" in told
    assert "làng tôi" in told
    assert two("clusters", "pin", "same", "a:t000002", "b:t000002", "--by", "Lan").code == 0
    assert "Lan said on " in two("clusters", "explain", "a:t000002", "b:t000002").text
    assert "nothing to compare" in two("clusters", "explain", "a:t000001", "a:t000001").text
