"""The measure itself: figures of hand-made verdicts, what counts as a fall, labels that are doubted, the sets."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from federation.matching.compare import Decision, Reason, Verdict
from federation.matching.profile import profile
from schemas.bib import Agent, Bib, Identifier, Publication, Title
from tests.accuracy import __main__ as command
from tests.accuracy import baseline, doubts, figures, measure, peers, report, sets
from tests.accuracy.doubts import Doubt
from tests.accuracy.figures import Figures, Result
from tests.accuracy.judge import Judged
from tests.accuracy.pairs import LABELS, LabelledSet, Missing, Pair

BOOK = Bib(Title("Mắt biếc", "truyện dài"), agents=(Agent("Nguyễn Nhật Ánh", main=True),))
BOOK_1990 = Bib(BOOK.title, agents=BOOK.agents, publication=Publication(date="1990", year=1990))


def pair(label: str, number: str = "1", right: Bib = BOOK, kind: str = "") -> Pair:
    return Pair(number, label, BOOK, right, kind)


def judged(label: str, decision: Decision, related: bool = False, shared: bool = True, kind: str = "") -> Judged:
    reasons = (Reason("title", 1, "a", "a"), Reason("year", -1, "1990", "1991"), Reason("year", -1, "", ""))
    verdict = Verdict(decision, 0.5, reasons, related=related)
    return Judged(
        pair(label, kind=kind), profile(BOOK), profile(BOOK), frozenset({"key"}) if shared else frozenset(), verdict
    )


def result(name: str = "set", held: bool = True, **counts: int) -> Result:
    of = Figures(**{"pairs": 100, "duplicates": 50, "found": 40, "false_merges": 1, **counts})
    return Result(name, held, of, of, (), {}, {}, dict.fromkeys(peers.PEERS, of))


# --- figures ----------------------------------------------------------------------------------------------------------


def test_precision_recall_and_f_are_those_of_the_books() -> None:
    of = Figures(pairs=20, duplicates=10, found=6, false_merges=2)
    assert (of.precision, of.recall) == (0.75, 0.6)
    assert of.f == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert Figures(duplicates=3).precision == 1, "who merges nothing merges nothing wrongly"
    assert Figures(duplicates=3).f == 0


def test_a_duplicate_is_found_only_with_a_shared_key() -> None:
    found, unmet = judged("duplicate", "same"), judged("duplicate", "same", shared=False)
    assert (found.failure, unmet.failure) == ("", "miss")
    assert unmet.failure_class == "miss: no shared key"


def test_a_wrong_merge_counts_even_where_no_key_would_bring_the_two_together() -> None:
    assert judged("other-year", "same", shared=False).failure == "false-merge"


@pytest.mark.parametrize(
    ("label", "decision", "related", "failure"),
    [
        ("duplicate", "same", False, ""),
        ("duplicate", "unsure", True, "miss"),
        ("other-year", "different", True, ""),
        ("other-edition", "same", True, "false-merge"),
        ("not-same", "different", True, ""),
        ("other-volume", "different", False, ""),
        ("other-volume", "different", True, "false-relation"),
        ("other-work", "unsure", True, "false-relation"),
        ("distinct", "same", False, "false-merge"),
        ("unsure", "same", True, ""),
    ],
)
def test_what_each_label_demands(label: str, decision: Decision, related: bool, failure: str) -> None:
    assert judged(label, decision, related).failure == failure


def test_a_failure_says_what_it_lies_at() -> None:
    assert judged("duplicate", "unsure").failure_class == "miss: unsure, year"
    assert judged("other-year", "same", kind="reprint").failure_class == "false-merge: other-year / reprint"
    many = [judged("duplicate", "unsure"), judged("duplicate", "unsure"), judged("distinct", "same")]
    assert figures.failure_classes(many) == {"miss: unsure, year": 2, "false-merge: distinct": 1}


def test_unsure_pairs_are_not_counted_and_related_ones_are() -> None:
    of = figures.figures(
        [judged("unsure", "same"), judged("other-year", "different", True), judged("duplicate", "same")]
    )
    assert of == Figures(pairs=2, duplicates=1, found=1, related=1)


def test_right_answers_are_counted_per_class() -> None:
    many = [judged("duplicate", "same", kind="tones"), judged("duplicate", "unsure", kind="tones")]
    assert figures.right_per_kind([*many, judged("duplicate", "same")]) == {"tones": (1, 2)}


def test_another_rule_is_measured_on_the_same_pairs() -> None:
    pairs = [pair("duplicate", "1"), pair("other-year", "2", BOOK_1990), pair("unsure", "3"), pair("distinct", "4")]
    assert figures.of_peer(pairs, peers.title_year_author) == Figures(3, 1, 1, 1)


# --- others' rules ----------------------------------------------------------------------------------------------------


def test_gold_rush_reads_what_came_as_fields() -> None:
    assert peers.gold_rush(pair("duplicate"))
    assert not peers.gold_rush(pair("distinct", right=Bib(Title("Cho tôi xin một vé đi tuổi thơ"))))


def test_an_isbn_that_is_none_is_not_shared() -> None:
    good, bad = (Bib(BOOK.title, identifiers=(Identifier("isbn", "9786049990045", valid=it),)) for it in (True, False))
    assert peers.shared_isbn(Pair("1", "duplicate", good, good))
    assert not peers.shared_isbn(Pair("1", "duplicate", bad, bad))


# --- the baseline -----------------------------------------------------------------------------------------------------


def kept(*results: Result) -> dict[str, object]:
    return baseline.renewed({"rules": 0, "sets": {}}, results, [one.name for one in results])


def test_the_same_figures_are_no_fall() -> None:
    assert baseline.falls([result()], kept(result())) == []


def test_any_fall_of_precision_fails() -> None:
    assert "precision fell" in baseline.falls([result(false_merges=2)], kept(result()))[0]


def test_recall_may_fall_by_one_point_and_no_more() -> None:
    before = result(duplicates=1000, found=800, false_merges=0)
    assert baseline.falls([result(duplicates=1000, found=790, false_merges=0)], kept(before)) == []
    assert "recall fell" in baseline.falls([result(duplicates=1000, found=789, false_merges=0)], kept(before))[0]


def test_one_more_false_relation_fails() -> None:
    assert "false relations rose from 0 to 1" in baseline.falls([result(false_relations=1)], kept(result()))[0]


def test_better_figures_are_no_fall() -> None:
    assert baseline.falls([result(found=45, false_merges=0)], kept(result())) == []


def test_a_set_for_information_holds_nothing() -> None:
    assert baseline.falls([result(held=False, false_merges=20)], kept(result(held=False))) == []


def test_a_set_that_nobody_kept_figures_of_is_told() -> None:
    assert "--renew" in baseline.falls([result("new")], kept(result()))[0]


def test_renewing_keeps_what_was_not_measured() -> None:
    both = kept(result("one"), result("two"))
    again = baseline.renewed(both, [result("two", found=41)], ["one", "two"])
    assert list(again["sets"]) == ["one", "two"]
    assert again["sets"]["one"] == both["sets"]["one"]  # type: ignore[index]
    assert again["sets"]["two"]["figures"]["found"] == 41


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    assert baseline.read(tmp_path / "none.json") == {"rules": 0, "sets": {}}
    figures = kept(result())
    baseline.keep(tmp_path / "some.json", figures)
    assert baseline.read(tmp_path / "some.json") == figures


# --- doubted labels ---------------------------------------------------------------------------------------------------

TWO = LabelledSet("two", (pair("duplicate", "1"), pair("other-volume", "2", BOOK_1990)))
WRONG = Doubt("two", "2", "other-volume", "other-year", "both are volume 1")


def test_a_doubted_label_leaves_the_figures_and_stays_in_those_as_given() -> None:
    measured, left = measure.measured(TWO, [WRONG, replace(WRONG, set="other")])
    assert (measured.figures.pairs, measured.as_given.pairs) == (1, 2)
    assert measured.doubts == (WRONG,)
    assert [one.pair.number for one in left] == ["1"]
    assert all(of.pairs == 1 for of in measured.peers.values())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pair": "9"}, "there is no pair 9"),
        ({"label": "duplicate"}, "labelled other-volume, not duplicate"),
        ({"right": "maybe"}, "no such label: maybe"),
        ({"reason": ""}, "needs a reason"),
    ],
)
def test_a_doubt_that_does_not_fit_its_set_is_refused(changes: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        doubts.of(TWO, [replace(WRONG, **changes)])


def test_no_label_is_doubted_twice() -> None:
    table = doubts.read()
    assert table
    assert len({(doubt.set, doubt.pair) for doubt in table}) == len(table)
    assert {doubt.set for doubt in table} <= set(sets.NAMES)


# --- sets -------------------------------------------------------------------------------------------------------------


def test_every_shared_set_is_read_whole_with_labels_that_mean_something(shared_data: Path) -> None:
    read = {found.name: found for found in sets.read(shared_data) if isinstance(found, LabelledSet)}
    sizes = {name: len(found.pairs) for name, found in read.items()}
    assert (
        sizes.items()
        >= {
            "bk-branches": 2596,
            "bk-two-exports": 400,
            "bk-vs-lc": 506,
            "cross-source-by-number": 129,
            "princeton-training": 97,
            "melinda-match-validator-fixtures": 88,
        }.items()
    )
    assert {one.label for found in read.values() for one in found.pairs} <= LABELS
    assert [name for name, found in read.items() if not found.held] == ["articles-haematology", "articles-respiratory"]
    for found in read.values():
        doubts.of(found, doubts.read())


def test_a_sample_of_articles_is_always_the_same(shared_data: Path) -> None:
    once, again = (next(iter(sets.read(shared_data, ["articles-haematology"]))) for _ in range(2))
    assert once == again


def test_without_the_folder_only_our_own_pairs_are_left(tmp_path: Path) -> None:
    found = list(sets.read(tmp_path, ["bk-branches", "bk-vs-lc"]))
    assert [type(one) for one in found] == [Missing, Missing]
    assert "LIENTHONG_TEST_DATA" in found[0].reason  # type: ignore[union-attr]


# --- command and page -------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_could_not_measure(tmp_path: Path) -> None:
    asked = ["--set", "bk-branches", "--result", str(tmp_path / "accuracy.json")]
    ran = CliRunner().invoke(command.main, asked, env={"LIENTHONG_TEST_DATA": str(tmp_path)})
    assert ran.exit_code == 0
    assert "Not measured: bk-branches" in ran.output
    assert baseline.read(tmp_path / "accuracy.json")["sets"] == {}


def test_a_failure_is_shown_with_both_records_and_the_reasons(shared_data: Path) -> None:
    asked = ["--show", "doubts", "bk-vs-lc"]
    ran = CliRunner().invoke(command.main, asked, env={"LIENTHONG_TEST_DATA": str(shared_data)})
    assert ran.exit_code == 0
    assert "electronic edition" in ran.output


def test_the_page_has_the_figures_that_are_kept() -> None:
    page = report.PAGE.read_text("utf-8")
    assert page == report.rendered(page, baseline.read()), "run `python -m tests.accuracy --renew --write-docs`"


def test_the_page_names_every_set_and_label() -> None:
    page = report.PAGE.read_text("utf-8")
    assert not [name for name in (*sets.NAMES, *LABELS) if f"`{name}`" not in page]


def test_a_bar_in_a_class_does_not_break_a_table() -> None:
    odd = kept(replace(result(), failures={"miss: a|b": 1}))
    assert "miss: a\\|b" in report.markdown(odd)
    assert "miss: a|b" in report.text(odd)
