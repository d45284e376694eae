"""`lienthong dumps`: made by hand, and listed."""

from pathlib import Path

import pytest

from tests.federation.cli.conftest import Lienthong, command
from tests.support.records import iso2709, record


@pytest.fixture
def empty(tmp_path: Path) -> Lienthong:
    """A home that was never made; open data goes by datestamps."""
    return command(tmp_path / "home", waits=True)


def test_open_data_is_made_and_listed(lienthong: Lienthong, tmp_path: Path) -> None:
    assert "no open data yet" in lienthong("dumps", "list").text
    lienthong("import", "a", iso2709(tmp_path / "a.mrc", map(record, range(5))))
    made = lienthong("dumps", "make")
    assert made.code == 0
    assert made.text.startswith("5 records, as of ")
    assert lienthong("dumps", "list").text == made.text
    listed = lienthong("dumps", "list", "--json").json
    assert [file["name"] for file in listed["files"]] == ["union.mrc.gz", "union.marcxml.gz", "union.jsonl.gz"]
    assert lienthong("dumps", "make").text == "Nothing has changed since the open data was made.\n"
    assert lienthong("dumps", "make", "--force").text.startswith("5 records")
