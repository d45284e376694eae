"""`lienthong clusters pin`, `unpin`, `split`, `pins`: what a person says of records is done, and can be undone."""

from pathlib import Path

import pytest

from tests.federation.cli.conftest import Lienthong
from tests.support.records import iso2709, record


@pytest.fixture
def three(lienthong: Lienthong, tmp_path: Path) -> Lienthong:
    """Members a, b and c with the same book 1; a and b also have book 2 and book 3 each."""
    for code in ("b", "c"):
        assert lienthong("members", "add", code, "--name", f"Thư viện {code}").code == 0
    for code, numbers in (("a", (1, 2)), ("b", (1, 3)), ("c", (1,))):
        file = iso2709(tmp_path / f"{code}.mrc", [record(number) for number in numbers])
        assert lienthong("import", code, file).code == 0
    assert groups(lienthong) == [["a:t000001", "b:t000001", "c:t000001"], ["a:t000002"], ["b:t000003"]]
    return lienthong


def groups(lienthong: Lienthong) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for name in ("a:t000001", "b:t000001", "c:t000001", "a:t000002", "b:t000003"):
        shown = lienthong("records", "show", name, "--format", "json")
        assert shown.code == 0, shown.errors
        found.setdefault(shown.json["id"], []).append(name)
    return list(found.values())


def test_records_that_a_person_calls_the_same_stand_together_until_it_is_taken_back(three: Lienthong) -> None:
    ended = three("clusters", "pin", "same", "a:t000002", "b:t000003", "--by", "Lan")
    assert ended.code == 0, ended.errors
    left, right = ended.text.splitlines()
    assert left.split(" is in ")[1] == right.split(" is in ")[1]
    assert groups(three)[1:] == [["a:t000002", "b:t000003"]]
    listed = three("clusters", "pins", "--json").json
    assert (listed["left"], listed["right"], listed["said"], listed["by"]) == ("a:t000002", "b:t000003", "same", "Lan")
    assert three("clusters", "unpin", "b:t000003", "a:t000002").code == 0
    assert groups(three)[1:] == [["a:t000002"], ["b:t000003"]]
    assert three("clusters", "pins").text == "0 pins\n"
    assert three("check", "--json").json["ok"]


def test_a_record_can_be_pulled_out_of_its_union_record(three: Lienthong) -> None:
    assert three("clusters", "split", "b:t000001").code == 0
    assert groups(three)[:2] == [["a:t000001", "c:t000001"], ["b:t000001"]]
    # It outlives an import of the same records.
    assert three("run").code == 0
    assert groups(three)[:2] == [["a:t000001", "c:t000001"], ["b:t000001"]]


def test_a_union_record_can_be_taken_apart_and_put_together_by_its_numbers(three: Lienthong) -> None:
    union = three("records", "show", "a:t000001", "--format", "json").json["id"]
    assert three("clusters", "split", union).code == 0
    assert groups(three)[:3] == [["a:t000001"], ["b:t000001"], ["c:t000001"]]
    again = three("clusters", "split", "b:t000001")
    assert (again.code, "stands alone already" in again.errors) == (2, True)


def test_different_by_numbers_keeps_all_of_one_apart_from_all_of_the_other(three: Lienthong) -> None:
    numbers = [three("records", "show", name, "--format", "json").json["id"] for name in ("a:t000001", "a:t000002")]
    assert three("clusters", "pin", "different", *numbers).code == 0
    assert three("clusters", "pins").text.endswith("3 pins\n")


def test_a_contradiction_is_refused_with_what_was_said_before(three: Lienthong) -> None:
    assert three("clusters", "pin", "same", "a:t000001", "b:t000001").code == 0
    assert three("clusters", "pin", "same", "b:t000001", "c:t000001").code == 0
    refused = three("clusters", "pin", "different", "a:t000001", "c:t000001")
    assert refused.code == 2
    assert "a:t000001 and b:t000001 are same; b:t000001 and c:t000001 are same" in refused.errors
    assert three("clusters", "pins").text.endswith("2 pins\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("pin", "same", "a:t000001", "a:t000001"), 2, "one and the same record"),
        (("pin", "same", "a:nobody", "a:t000001"), 1, "a:nobody: is no record"),
        (("pin", "perhaps", "a:t000001", "b:t000001"), 2, "perhaps"),
        (("unpin", "a:t000001", "a:t000002"), 1, "nothing was said of them"),
        (("split", "a:t000002"), 2, "stands alone already"),
    ],
)
def test_what_cannot_be_is_told(three: Lienthong, arguments: tuple[str, ...], code: int, told: str) -> None:
    ended = three("clusters", *arguments)
    assert (ended.code, told in ended.errors) == (code, True), ended.errors
