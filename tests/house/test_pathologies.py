"""The table of pathologies is made from tests that exist, and a mark that says nothing useful is refused."""

from pathlib import Path

import pytest

from tests.house import pathologies
from tests.house.pathologies import OPEN, ROWS, Shown, shown, table_rows


def test_there_is_a_row_for_each_pathology() -> None:
    assert list(ROWS) == list(range(1, 39))
    assert len(set(ROWS.values())) == len(ROWS)


def test_what_is_claimed_is_shown_by_a_test() -> None:
    found = shown()
    names = {one.test for one in found}
    assert names, "no test is marked"
    for number, _, answer, tests in table_rows(found):
        assert (answer == OPEN) == (not tests), number
        assert tests.count("[") == len({(one.test, one.file) for one in found if one.number == int(number)})


def test_the_page_lists_what_is_open() -> None:
    rows = table_rows([Shown(3, "it ends.", "test_x", pathologies.ROOT / "tests" / "x.py", 1)])
    assert rows[0][2:] == (OPEN, "")
    assert rows[2][2:] == ("it ends", "[test_x](../../tests/x.py)")


def marked(folder: Path, text: str) -> list[Shown]:
    (folder / "test_x.py").write_text(text, "utf-8")
    return shown(folder)


def test_marks_are_read_wherever_they_stand_above_a_test(tmp_path: Path) -> None:
    found = marked(
        tmp_path,
        """
@pytest.mark.pathology(1, "one")
@pytest.mark.pathology(2, "two")
def test_a(): ...
class TestB:
    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.pathology(3, "three")), 2])
    async def test_b(self, x): ...
""",
    )
    assert [(one.number, one.answer, one.test) for one in found] == [
        (1, "one", "test_a"), (2, "two", "test_a"), (3, "three", "test_b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '@pytest.mark.pathology(99, "no such row")\ndef test_a(): ...',
        '@pytest.mark.pathology("1", "a text")\ndef test_a(): ...',
        "@pytest.mark.pathology(1)\ndef test_a(): ...",
        '@pytest.mark.pathology(1, "")\ndef test_a(): ...',
        f'@pytest.mark.pathology(1, "{"x" * 161}")\ndef test_a(): ...',
        '@pytest.mark.pathology(1, "a", "b")\ndef test_a(): ...',
        "@pytest.mark.pathology(1, SAID)\ndef test_a(): ...",
        '@pytest.mark.pathology(1, "above no test")\ndef helper(): ...',
        'pytestmark = pytest.mark.pathology(1, "of a whole file")\ndef test_a(): ...',
    ],
)
def test_a_mark_that_cannot_be_read_is_named_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"test_x\.py:1: "):
        marked(tmp_path, text)
