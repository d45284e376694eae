"""Files as one union catalogue: whole by all counts, and told so that a person can look at it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.accuracy import __main__ as command
from tests.accuracy import union
from tests.support.records import iso2709, record

#: branches that hold copies of the same books, and one of standards
BRANCHES = ("bckh-cs2", "bckh-ngoai-van-cs2", "tt-bckh-noi-van-cs1", "tieu-chuan-ky-thuat-cs2")


def test_what_two_members_hold_is_one_union_record_and_every_record_stands_in_one(tmp_path: Path) -> None:
    files = [iso2709(tmp_path / "a.mrc", map(record, range(3))), iso2709(tmp_path / "b.mrc", map(record, range(1, 5)))]
    made = union.unite(files, tmp_path / "home")
    assert made.wrong == []
    assert made.records == 7
    assert made.sizes == {1: 3, 2: 2}


def test_what_does_not_add_up_is_told(tmp_path: Path) -> None:
    union.unite([iso2709(tmp_path / "a.mrc", map(record, range(3)))], tmp_path / "home")
    assert union.looked_at(tmp_path / "home", 4).wrong == ["`records ids` tells of 3 records, not of 4"]


def test_the_command_prints_figures_and_samples(tmp_path: Path) -> None:
    path = iso2709(tmp_path / "a.mrc", map(record, range(2)))
    ran = CliRunner().invoke(command.main, ["union", str(path), "--home", str(tmp_path / "home")])
    assert ran.exit_code == 0
    assert "2 records, 2 union records (0 rows saved)" in ran.output
    assert "wrong: 0" in ran.output


@pytest.mark.slow
def test_branches_of_a_real_library_are_one_catalogue_without_a_false_count(tmp_path: Path, shared_data: Path) -> None:
    files = [shared_data / "marc" / "bk-vietnam" / f"{name}.mrc.gz" for name in BRANCHES]
    made = union.unite(files, tmp_path / "home", "952,location=c,barcode=p")
    assert made.wrong == []
    assert made.records == 260
    assert sum(size * count for size, count in made.sizes.items()) == made.records
    assert max(made.sizes) <= len(BRANCHES)
