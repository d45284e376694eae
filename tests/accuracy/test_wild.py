"""The search for harm: records met by keys, judged once, grouped; with rules made for the purpose."""

import gzip
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from federation.matching.compare import Decision, Verdict
from federation.matching.keys import MOST_SHARING
from federation.matching.profile import Profile, profile
from schemas.bib import Bib, Title
from tests.accuracy import __main__ as command
from tests.accuracy import wild_report
from tests.accuracy.wild import Findings, Rules, search
from tests.accuracy.wild_catalogue import Catalogue, gather
from tests.support.records import iso2709, marcxml, record


def catalogue(*titles: str) -> Catalogue:
    profiles = [profile(Bib(Title(title))) for title in titles]
    return Catalogue(profiles, list(titles), [[f"made:{number}"] for number in range(len(titles))])


def rules(made: Catalogue) -> Rules:
    """Titles that begin alike meet. Those whose lengths are one apart are the same, two forbid each other, three are
    related, four unsure.
    """
    titles = dict(zip(made.profiles, made.said, strict=True))

    def judge(left: Profile, right: Profile) -> Verdict:
        apart = abs(len(titles[left]) - len(titles[right]))
        decision: Decision = "same" if apart <= 1 else "unsure" if apart == 4 else "different"
        return Verdict(decision, 0.5, (), vetoed=apart == 2, related=apart == 3)

    return Rules(lambda one: tuple({titles[one][:1]} - {""}), judge)


def searched(*titles: str) -> Findings:
    made = catalogue(*titles)
    return search(made, rules=rules(made))


def test_records_are_read_packed_or_not_in_both_syntaxes_and_equal_ones_kept_once(tmp_path: Path) -> None:
    plain = iso2709(tmp_path / "a.mrc", map(record, range(3)))
    packed = tmp_path / "b.xml.gz"
    packed.write_bytes(gzip.compress(marcxml(tmp_path / "b.xml", map(record, range(1, 5))).read_bytes()))
    found = gather([plain, packed])
    assert (found.records, len(found.profiles), found.unread) == (7, 5, 0)
    assert found.places[1] == ["a:2", "b:1"]


def test_what_is_no_record_is_counted_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(b"no record at all\x1d" + iso2709(tmp_path / "b.mrc", [record(1)]).read_bytes())
    found = gather([path])
    assert (found.records, found.unread) == (1, 1)


def test_every_pair_that_shares_a_key_is_judged_once() -> None:
    found = searched("a", "aa", "aaaa", "aaaaa", "b", "")
    assert found.candidates == [3, 3, 3, 3, 0, 0]
    assert found.samples.counts == {"same": 2, "unsure": 1, "related": 2, "different": 1}
    assert found.without_key == 1
    assert found.sizes == {"a": 4, "b": 1}


def test_groups_are_what_is_connected() -> None:
    found = searched("a", "aa", "aaaa", "aaaaa", "b")
    assert found.unions == [[0, 1], [2, 3]]
    assert found.titles == [[0, 1, 2, 3]]


def test_a_chain_that_joins_what_forbids_each_other_is_told() -> None:
    found = searched("a", "aa", "aaa")
    assert [(met.left, met.right) for met in found.broken] == [(0, 2)]


def test_a_chain_that_groups_what_is_not_related_is_told() -> None:
    found = searched("a", "aaaa", "aaaaaaa")
    assert found.titles == [[0, 1, 2]]
    assert [(met.left, met.right) for met in found.strained] == [(0, 2)]


def test_a_key_that_too_many_carry_brings_nobody_together() -> None:
    assert sum(searched(*("a" * number for number in range(1, MOST_SHARING + 1))).candidates) > 0
    assert sum(searched(*("a" * number for number in range(1, MOST_SHARING + 2))).candidates) == 0


def test_samples_are_few_and_drawn_from_all() -> None:
    many = catalogue(*("a" * number for number in range(1, 60)))
    once, again = (search(many, most=5, seed=seed, rules=rules(many)).samples for seed in (1, 2))
    assert len(once.kept["same"]) == len(again.kept["same"]) == 5
    assert once.kept["same"] != again.kept["same"]
    assert once.counts["same"] == 58


def test_records_with_equal_profiles_that_stay_apart_are_told() -> None:
    made = Catalogue(catalogue("a").profiles, ["a"], [["made:1", "made:2"]])
    never = replace(rules(made), compare=lambda _left, _right: Verdict("unsure", 0.0, ()))
    assert search(made, rules=never).apart == [0]
    assert search(made, rules=rules(made)).apart == []


def test_the_report_names_groups_and_samples() -> None:
    made = catalogue("aaa tập một", "aaa tập một.")
    text = "\n".join(wild_report.lines(made, search(made, rules=rules(made))))
    assert "pairs: 1 same, 0 related, 0 unsure, 0 different" in text
    assert text.count("aaa tập một") >= 4
    assert "[made:1]" in text


def test_the_command_reads_files(tmp_path: Path) -> None:
    path = iso2709(tmp_path / "a.mrc", [record(1), record(2)])
    ran = CliRunner().invoke(command.main, ["wild", str(path)])
    assert ran.exit_code == 0
    assert "2 records read" in ran.output
