"""The bench itself, on a handful of records: every row is measured and kept; no figure is judged."""

import gzip
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import datasette_peer, librarians, memory, phone, plan, report, sample, servers, timing, zebra
from tests.bench.__main__ import MEASURES, measure
from tests.bench.plan import Plan, PlanError
from tests.bench.report import Row, Target
from tests.support.peers import missing
from tests.support.records import iso2709, record

TINY = Plan(records=24, runs=1, queries=6, pages=1, large_records=40, idle_seconds=3.0)


@pytest.fixture
def peers() -> None:
    """What the rows compare with must be installed, or half of the bench would not be tried."""
    if not zebra.there():
        missing(f"not installed: {zebra.NEEDED}")
    if not servers.peer_there():
        missing(f"not installed: {servers.NEEDED}")
    if not datasette_peer.there():
        missing(f"not installed: {datasette_peer.NEEDED}")
    if not phone.there():
        missing(f"not installed: {phone.NEEDED}")


@pytest.mark.slow
def test_every_row_is_measured_against_its_peer_and_kept(tmp_path: Path, peers: None) -> None:
    asked = replace(TINY, data=tmp_path / "none", result=tmp_path / "bench.json")
    rows = measure(asked)
    kept = json.loads(asked.result.read_text())
    assert {row.number for row in rows} == set(plan.ROWS) == set(MEASURES)
    assert [row["name"] for row in kept["rows"]] == [row.name for row in rows]
    assert kept["machine"]["cores"] == os.cpu_count()
    assert all(row.value > 0 for row in rows)
    assert {row.peer for row in rows if row.target and row.ratio} == {
        *("zebraidx", "oai-repo parsed", "first page", "Sickle", "oaipmh-scythe", "zebrasrv", "Datasette"),
    }
    assert not list(tmp_path.glob("lienthong-bench-*"))


def test_waiting_for_the_clock_and_finding_nothing_new_are_measured(tmp_path: Path) -> None:
    asked = replace(TINY, rows=(8, 9), data=tmp_path / "none", result=tmp_path / "bench.json")
    rows = measure(asked)
    assert [row.name for row in rows] == ["scheduler idle, 300 sources", "a run with nothing new: CPU"]
    assert 0 < rows[0].value < 100
    assert len(rows[1].runs["ours"]) == 4


def test_librarians_ask_both_servers_the_same_and_each_round_others(tmp_path: Path) -> None:
    made = sample.small(replace(TINY, records=60, data=tmp_path / "none"), tmp_path)
    first, again, other = (librarians.queries(made, 5, turn) for turn in (0, 0, 1))
    assert first == again != other
    assert set(map(len, first.values())) == {5}
    assert len(librarians.cql(made, 5)) == 5


def test_the_large_file_is_imported_beside_the_small_one(tmp_path: Path) -> None:
    large = iso2709(tmp_path / "large.mrc", map(record, range(60)))
    asked = replace(TINY, rows=(2, 5), data=tmp_path / "none", result=tmp_path / "bench.json", large=large)
    rows = measure(asked)
    assert [row.name for row in rows if row.number == 5] == ["disk, 24 records", "disk, 40 records"]
    limited = [row.name for row in rows if row.target]
    assert limited == ["memory of the import, 40 records"]


def test_a_sample_is_the_first_records_to_the_byte(tmp_path: Path) -> None:
    content = iso2709(tmp_path / "all.mrc", map(record, range(9))).read_bytes()
    for wanted in (1, 4, 9, 20):
        made = sample.first(io.BytesIO(content), wanted, tmp_path / "some.mrc", "a test")
        pieces = content.split(b"\x1d")[: min(wanted, 9)]
        assert made.records == len(pieces)
        assert made.path.read_bytes() == b"".join(piece + b"\x1d" for piece in pieces)


def test_real_records_are_taken_where_they_are_at_hand(tmp_path: Path) -> None:
    packed = tmp_path / "marc" / "lc-books-10000.mrc.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(iso2709(tmp_path / "all.mrc", map(record, range(9))).read_bytes()))
    made = sample.small(replace(TINY, records=5, data=tmp_path), tmp_path)
    assert (made.records, made.origin) == (5, "lc-books-10000.mrc.gz, the first 5")


def test_queries_are_words_of_titles_and_always_the_same(tmp_path: Path) -> None:
    made = sample.small(replace(TINY, data=tmp_path / "none"), tmp_path)
    asked = sample.queries(made, 50)
    titles = [record(number).fields[4].subfields[0].value.lower() for number in range(TINY.records)]
    assert asked == sample.queries(made, 50)
    assert all(any(query.lower() in title for title in titles) for query in asked)


def test_memory_counts_a_child_of_a_child() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert len(memory.family(process.pid)) == 2
        both = memory.used(process.pid)
        process.communicate(b"\n")
    assert both.total > both.anonymous > 1
    assert memory.used(process.pid).total == 0


def test_a_slow_round_does_not_move_the_ratio() -> None:
    assert timing.middle_ratio([10, 1, 10], [5, 0.5, 4]) == 2
    assert timing.slow_end(range(1, 101)) == 95
    assert timing.slow_end([7]) == 7


def test_a_target_is_of_the_ratio_and_unknown_without_the_peer() -> None:
    assert Row(1, "x", 5, "s", "peer", 10, 0.5, Target(0.25)).met
    assert Row(4, "x", 5, "s", "peer", 10, 1.3, Target(1.2, at_most=True)).met is False
    assert Row(1, "x", 5, "s", "not installed: peer", target=Target(0.25)).met is None
    assert Row(2, "x", 301, "MB", target=Target(300, at_most=True)).met is False


def test_the_table_says_what_was_missed() -> None:
    rows = [Row(1, "import", 700, "records/s", "zebraidx", 3500, 0.2, Target(0.25, goal=1))]
    assert report.table(rows).splitlines()[1].split() == (
        ["1", "import", "700", "records/s", "zebraidx", "3,500", "0.20", "≥", "0.25,", "goal", "1", "no"]
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BENCH_ROWS", "1,99"),
        ("BENCH_ROWS", "first"),
        ("BENCH_RUNS", "0"),
        ("BENCH_RECORDS", "-1"),
        ("BENCH_LARGE", "/none"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(PlanError, match=f"{name}={value}"):
        plan.read({name: value})


def test_rows_are_chosen_by_number() -> None:
    assert plan.read({"BENCH_ROWS": "3, 1"}).rows == (1, 3)
    assert plan.read({}).rows == plan.ROWS


def test_the_reference_page_explains_every_row_and_setting() -> None:
    page = (plan.ROOT / "docs" / "reference" / "bench.md").read_text("utf-8")
    settings = ("BENCH_LARGE", "BENCH_ROWS", "BENCH_RUNS", "BENCH_RECORDS", "LIENTHONG_TEST_DATA")
    assert not [name for name in settings if f"`{name}`" not in page and f"`{name}=" not in page]
    assert not [number for number in plan.ROWS if f"\n| {number} |" not in page]
