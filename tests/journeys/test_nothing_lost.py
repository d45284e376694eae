"""Nothing lost: every file of real records goes in, and every byte of it can be found again.

For each file: what was seen is what was kept and what was put aside with a reason; the raw records, with separators
and repetitions, are the whole file byte for byte; status and check agree; a second import changes nothing.
`pytest -s` prints a row for each file.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from federation.cli.imports import own_source
from federation.pipeline import check as checking
from federation.pipeline.runs.harvest import Order, Report, harvest, settle
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store.compress import expand
from federation.store.models import Raw, RecordIssue, Source
from schemas.issues import CODES
from tests.support.house import add_member, catalogue, house

pytestmark = pytest.mark.slow

_LINES = "one field a line, a format for eyes: neither ISO 2709 nor MARCXML"
_TEXT = "lines of text without any record"
#: what is no file of records, and why
NO_RECORDS = {
    "broken/pymarc-tests__test_marc8.txt": _TEXT,
    "broken/pymarc-tests__test_utf8.txt": _TEXT,
    "broken/recordmanager__Base_utils_LineBasedMarcFormatter_bad.txt": _LINES,
    **{f"holdings-authority/dnb__minna{form}.txt": _LINES for form in ("", "-nfc", "-nfd", "-nfkc", "-nfkd")},
    "usgpo/VERSIONS.tsv": "a table of where the files come from",
}
_STATED = re.compile(r"^\| `([^`/*]+)[^|]*\|[^|]*\| ([0-9,]+)(?: \([^|]*)? \|", re.MULTILINE)
_PLACE = re.compile(r"(.+) record [0-9]+, byte ([0-9]+)")
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>(?=<)")
_ELEMENT = re.compile(rb"<(?:\w+:)?record[\s>].*?</(?:\w+:)?record\s*>", re.DOTALL)
_FIELDS = re.compile(rb"<(?:\w+:)?(?:leader|controlfield|datafield)[\s>]")
_SEPARATORS = re.compile(rb"(?:[\x00\t\n\r \x1a\x1d]|\xef\xbb\xbf)+")


@dataclass(repr=False)
class Fate:
    """What became of one file."""

    raws: dict[int, bytes] = field(default_factory=dict)
    aside: Counter[str] = field(default_factory=Counter)
    repaired: int = 0
    repeated: int = 0

    @property
    def seen(self) -> int:
        return len(self.raws) + self.repeated

    @property
    def unreadable(self) -> int:
        return self.aside.total() - self.aside["not-bibliographic"]


@dataclass(repr=False)
class Imported:
    """The catalogue of all files: for each member its files, how its import went, and what became of each."""

    place: Workplace
    files: dict[str, list[Path]]
    reports: dict[str, Report]
    fates: dict[str, dict[str, Fate]]

    def rows(self) -> Iterator[tuple[str, Path, Fate]]:
        for member, files in self.files.items():
            for path in files:
                yield member, path, self.fates[member][path.name]


def members(folder: Path) -> dict[str, list[Path]]:
    """One member for each folder, one for each stack of the Vietnamese university."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        shown = path.relative_to(folder)
        if str(shown) not in NO_RECORDS:
            whole = path.name.split(".")[0] if shown.parts[0] in ("bk-vietnam", path.name) else shown.parts[0]
            found.setdefault(whole, []).append(path)
    return found


def bring(place: Workplace, files: dict[str, list[Path]]) -> dict[str, Report]:
    """Do for all members what the command `import` does for one."""
    runs = {}
    for member, paths in files.items():
        order = Order(full=True, url="\n".join(map(str, paths)), options={"complete": "false"})
        runs[member] = harvest(place, own_source(place, member, {}), order).run
    walk(place)
    return {member: settle(place, run) for member, run in runs.items()}


def fates(place: Workplace, member: str) -> dict[str, Fate]:
    """Read back what is kept of each file of a member."""
    found: dict[str, Fate] = {}
    with place.database.read() as session:
        mine = select(Raw.id, Raw.place, Raw.content, Raw.rejected).join(Source).where(Source.code == f"{member}-files")
        told = select(RecordIssue.raw_id, RecordIssue.code, RecordIssue.severity).join(Raw).join(Source)
        said: dict[int, list[tuple[str, str]]] = {}
        for raw_id, code, severity in session.execute(told.where(Source.code == f"{member}-files")):
            said.setdefault(raw_id, []).append((code, severity))
        for raw_id, where, content, rejected in session.execute(mine.order_by(Raw.id)):
            name, offset = _PLACE.fullmatch(where).groups()  # type: ignore[union-attr]
            fate, issues = found.setdefault(name, Fate()), said.get(raw_id, [])
            fate.raws[int(offset)] = expand(content)
            reasons = [code for code, severity in issues if severity == "rejected"]
            assert bool(reasons) == rejected, (where, issues)
            fate.aside.update(reasons[:1])
            fate.repaired += not rejected and any(severity == "repaired" for _, severity in issues)
    return found


@pytest.fixture(scope="module")
def imported(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    files = members(shared_data / "marc")
    with house(tmp_path_factory.mktemp("home")) as place:
        for member in files:
            add_member(place, member)
        reports = bring(place, files)
        found = {member: {path.name: Fate() for path in files[member]} | fates(place, member) for member in files}
        imported = Imported(place, files, reports, found)
        for member, path, fate in imported.rows():
            known = {content for each in found[member].values() for content in each.raws.values()}
            fate.repeated = repetitions(path, fate, known)
        yield imported


def repetitions(path: Path, fate: Fate, known: set[bytes]) -> int:
    """Walk a file from its first byte to its last: raw records, separators, and records that are kept already."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    at = repeated = 0
    for offset, raw in sorted(fate.raws.items()):
        bare = raw if content.startswith(raw, offset) else _DECLARATION.sub(b"", raw, 1)
        assert content.startswith(bare, offset), f"{path.name}: the record at byte {offset} is not as received"
        repeated += _between(content[at:offset], known, f"{path.name} byte {at}")
        at = offset + len(bare)
    return repeated + _between(content[at:], known, f"{path.name} byte {at}")


def _between(gap: bytes, known: set[bytes], where: str) -> int:
    """Count the records in bytes of which nothing was kept; each must be kept already, and all else say nothing."""
    if gap.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or _ELEMENT.search(gap):
        elements = _ELEMENT.findall(gap)
        assert all(element in known for element in elements), where
        assert not _FIELDS.search(_ELEMENT.sub(b"", gap)), where
        return len(elements)
    at = count = 0
    while at < len(gap):
        if skipped := _SEPARATORS.match(gap, at):
            at = skipped.end()
            continue
        end = gap.find(b"\x1d", at) + 1
        assert gap[at:end] in known, f"{where}: lost {gap[at : at + 60]!r}"
        at, count = end, count + 1
    return count


def test_every_file_goes_in_and_what_is_seen_is_kept_or_put_aside_with_a_reason(imported: Imported) -> None:
    print()
    print(f"{'file':62} {'seen':>6} {'kept':>6} {'again':>5} {'aside':>5} {'mended':>6}  reasons")
    for _, path, fate in imported.rows():
        shown = f"{path.parent.name}/{path.name}".removeprefix("marc/")[:62]
        kept = len(fate.raws) - fate.aside.total()
        numbers = f"{fate.seen:6} {kept:6} {fate.repeated:5} {fate.aside.total():5} {fate.repaired:6}"
        print(f"{shown:62} {numbers}  {', '.join(f'{code} {n}' for code, n in fate.aside.items())}")
        assert fate.seen, path
        assert all(CODES[code][0] == "rejected" for code in fate.aside)
        assert all(fate.raws.values()), "a record that is put aside keeps its bytes"


def test_the_counts_of_each_import_are_those_of_its_files(imported: Imported) -> None:
    for member, report in imported.reports.items():
        counts, mine = report.counts, imported.fates[member].values()
        assert counts["seen"] == counts["added"] + counts["changed"] + counts["unchanged"] + counts["deleted"], member
        assert counts["seen"] == sum(fate.seen for fate in mine), member
        assert counts["added"] == sum(len(fate.raws) for fate in mine), member
        assert counts["rejected"] == sum(fate.aside.total() for fate in mine), member
        assert report.status == "success", report.message
        assert {path.name for path in imported.files[member]} == set(imported.fates[member])


def test_no_fewer_records_are_read_than_the_table_of_the_files_states(imported: Imported, shared_data: Path) -> None:
    table = (shared_data / "README.md").read_text("utf-8").partition("## marc/")[2].partition("\n## ")[0]
    stated = {name: int(count.replace(",", "")) for name, count in _STATED.findall(table)}
    assert len(stated) == 9
    read: Counter[str] = Counter()
    for _, path, fate in imported.rows():
        read[path.relative_to(shared_data / "marc").parts[0]] += fate.seen - fate.unreadable
    assert {name: read[name] for name, count in stated.items() if read[name] < count} == {}


def test_status_and_check_agree(imported: Imported) -> None:
    assert checking.check(imported.place) == []
    found = checking.status(imported.place)
    every = [fate for each in imported.fates.values() for fate in each.values()]
    assert found["raw"] == sum(len(fate.raws) for fate in every)
    assert found["rejected"] == sum(fate.aside.total() for fate in every)
    assert found["raw"] == found["bibs"] + found["rejected"]
    assert found["clusters"] == found["unions"] == found["indexed"]
    assert found["members"] == found["sources"] == len(imported.files)
    assert (found["raw_deleted"], found["tombstones"], set(found["pending"].values())) == (0, 0, {0})


def test_a_second_import_of_everything_changes_nothing(imported: Imported) -> None:
    before = {one.id: one.datestamp for one in catalogue(imported.place).every()}
    for member, report in bring(imported.place, imported.files).items():
        assert report.counts["unchanged"] == report.counts["seen"] == imported.reports[member].counts["seen"]
    assert {one.id: one.datestamp for one in catalogue(imported.place).every()} == before
    assert checking.check(imported.place) == []


def test_what_is_no_file_of_records_is_refused_by_name(imported: Imported, shared_data: Path) -> None:
    for name in NO_RECORDS:
        order = Order(full=True, url=str(shared_data / "marc" / name))
        report = harvest(imported.place, own_source(imported.place, "broken", {}), order)
        assert (report.status, report.counts["seen"]) == ("failed", 0)
        assert Path(name).name in report.message
