"""Three demonstration libraries written to a folder: one behind OAI-PMH, one as MARC-8 files, one as MARCXML.

In: an empty folder. Out: `Libraries`: who they are and where their records lie; the same bytes in every run.
`serve_oai` starts the server of the provincial library, `advance` makes the state of its second harvest: records
withdrawn, changed, new. Broken on purpose: in ducpho one record cut off, one with a wrong length, one in UTF-8 that
says MARC-8; in thcs one with decomposed letters. All three libraries and their holdings are invented.
"""

import json
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from federation.cli.demo import holdings
from federation.cli.demo.cataloguing import Entry, describe
from federation.cli.demo.habits import DUCPHO, THCS, TINH, Habits
from federation.cli.demo.marc8 import iso2709
from federation.cli.demo.titles import Book, books
from federation.errors import Unavailable
from federation.store.members import Contact
from schemas.marc import write
from schemas.marc.record import Field, MarcRecord

_FIRST: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
_PER_FILE: Final = 80
#: What the server, a process of its own, reads in its folder.
_OAI_RECORDS: Final = "records.jsonl"
_OAI_SERVER: Final = Path(__file__).with_name("oai_server.py")
_COLLECTION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
#: Places in the list of ducpho, counted from 0: cut off, wrong length, UTF-8 without saying so.
_CUT_OFF, _WRONG_LENGTH, _UNLABELLED = 100, 30, 60
#: Place in the list of thcs whose letters are decomposed.
_DECOMPOSED: Final = 25


@dataclass(frozen=True, slots=True)
class DemoMember:
    """One library as `members add` and `sources add` take it; `options` are those of its source."""

    code: str
    name: str
    kind: str
    area: str
    level: str
    source_kind: str
    contact: Contact
    options: tuple[tuple[str, str], ...] = ()


#: its server is on this machine, so nobody minds how fast it is asked
_OWN: Final = (("allow_private", "true"), ("per_minute", "60000"))


def _made_up(number: int, hours: str) -> Contact:
    # A telephone number that no network has; the other lines say themselves that they are made up.
    return Contact(
        address=f"Số {number}, đường Trình Diễn (địa chỉ trình diễn)",
        phone=f"0000 000 00{number}",
        hours=f"{hours}\n(giờ trình diễn)",
    )


MEMBERS: Final = (
    DemoMember(
        "tinh",
        "Thư viện tỉnh (trình diễn)",
        "public",
        "51",
        "province",
        "oaipmh",
        _made_up(1, "Thứ 2 – Thứ 6: 7:30–17:00"),
        _OWN,
    ),
    DemoMember(
        "ducpho",
        "Thư viện Đức Phổ, trước là thư viện thị xã (trình diễn)",
        "public",
        "21439",
        "commune",
        "files",
        _made_up(2, "Thứ 3 – Chủ nhật: 8:00–17:00"),
    ),
    DemoMember(
        "thcs",
        "Thư viện trường trung học cơ sở (trình diễn)",
        "school",
        "21028",
        "school",
        "files",
        _made_up(3, "Giờ ra chơi và sau giờ học"),
    ),
)


@dataclass(frozen=True, slots=True)
class Libraries:
    """Where the records lie: folder of the OAI server, folder of MARC files, MARCXML file; and how many are whole."""

    oai_folder: Path
    marc_folder: Path
    marcxml_file: Path
    counts: dict[str, int]
    broken: int = 1


def prepare(folder: Path) -> Libraries:
    """Write the first state of all three libraries below `folder`."""
    made = Libraries(folder / "tinh", folder / "ducpho", folder / "thcs" / "thcs.xml", {})
    for place in (made.oai_folder, made.marc_folder, made.marcxml_file.parent):
        place.mkdir(parents=True, exist_ok=True)
    first = [row for row in _oai_rows() if row["later"] != "new"]
    _replace(made.oai_folder / _OAI_RECORDS, _lines(first))
    ducpho = _records(DUCPHO, holdings.of_ducpho, "dp{:04}")
    _write_marc(made.marc_folder, ducpho)
    thcs = _records(THCS, holdings.of_thcs, "{}")
    _replace(made.marcxml_file, _collection(thcs).encode())
    return replace(made, counts={"tinh": len(first), "ducpho": len(ducpho) - made.broken, "thcs": len(thcs)})


def advance(libraries: Libraries, now: datetime) -> Counter[str]:
    """Make the provincial library's second state, dated `now`; tells how many were withdrawn, changed and new."""
    rows = _oai_rows()
    for row in rows:
        if row["later"]:
            row["datestamp"] = _stamp(now)
            row["deleted"] = row["later"] == "withdrawn"
        if row["later"] == "changed":
            row["marcxml"] = row["marcxml"].replace("Kho mượn", "Kho mượn tầng 2")
    _replace(libraries.oai_folder / _OAI_RECORDS, _lines(rows))
    return Counter(row["later"] for row in rows if row["later"])


def serve_oai(libraries: Libraries, port: int) -> "subprocess.Popen[str]":
    """Start the provincial library's OAI-PMH server; returns when it listens, raises `Unavailable` when it cannot.

    Stop it by closing its standard input, or with `terminate()`; it also ends when this process does.
    """
    if find_spec("oaipmh") is None:
        raise Unavailable("demo-library", "the package oaipmh is missing; pip install 'lienthong[demo]'", "demo server")
    command = [sys.executable, "-P", str(_OAI_SERVER), str(libraries.oai_folder), str(port)]
    process = subprocess.Popen(  # noqa: S603  (our own file and two arguments of ours)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    told = process.stdout.readline() if process.stdout else ""
    if not told.startswith("ready "):
        process.communicate()
        raise Unavailable("demo-library", told.strip() or "the server ended at once", "demo server")
    return process


def oai_url(port: int) -> str:
    """Give the base URL of the server that `serve_oai` started on `port`."""
    return f"http://127.0.0.1:{port}/oai"


def _held_by(habits: Habits) -> tuple[Book, ...]:
    return tuple(book for book in books() if habits.letter in book.held)


def _records(
    habits: Habits, copies: Callable[[tuple[Book, ...]], list[tuple[Field, ...]]], number: str
) -> list[MarcRecord]:
    """Describe every book of one library, numbered from 1."""
    held = _held_by(habits)
    times = Counter(book.isbn for book in books() if book.isbn)
    return [
        describe(Entry(book, number.format(place), stock, of_set=times[book.isbn] > 1), habits)
        for place, (book, stock) in enumerate(zip(held, copies(held), strict=True), start=1)
    ]


def _oai_rows() -> list[dict[str, Any]]:
    """Give every record of the provincial library as a line of its server's file, in the state before any change."""
    rows = []
    described = zip(_held_by(TINH), _records(TINH, holdings.of_tinh, "TVT{:06}"), strict=True)
    for minute, (book, record) in enumerate(described):
        rows.append(
            {
                "id": f"oai:tinh.lienthong.example:{record.control('001')}",
                "datestamp": _stamp(_FIRST + timedelta(minutes=minute)),
                "sets": ["sach" if book.material == "book" else "khac"],
                "deleted": False,
                "later": book.later,
                "dc": _dublin_core(book),
                "marcxml": write.marcxml(record),
            }
        )
    return rows


def _dublin_core(book: Book) -> dict[str, list[str]]:
    stated = {
        "title": [f"{book.title} : {book.remainder}" if book.remainder else book.title],
        "creator": [book.author or book.corporate],
        "subject": [" -- ".join(parts) for parts in book.subjects],
        "publisher": [book.publisher],
        "contributor": [name for name, _ in book.others],
        "date": [book.year],
        "identifier": [f"ISBN {book.isbn}" if book.isbn else ""],
        "language": [book.language],
    }
    return {name: [value for value in values if value] for name, values in stated.items()}


def _write_marc(folder: Path, records: list[MarcRecord]) -> None:
    pieces = [_piece(place, record) for place, record in enumerate(records)]
    for start in range(0, len(pieces), _PER_FILE):
        _replace(folder / f"sach-{start // _PER_FILE + 1}.mrc", b"".join(pieces[start : start + _PER_FILE]))


def _piece(place: int, record: MarcRecord) -> bytes:
    """Write one record of ducpho; three of them are broken in ways seen in real files."""
    content = iso2709(record)
    if place == _CUT_OFF:
        return content[:60] + b"\x1d"
    if place == _WRONG_LENGTH:
        return b"00999" + content[5:]
    if place == _UNLABELLED:
        unlabelled = write.marc(record)
        return unlabelled[:9] + b" " + unlabelled[10:]
    return content


def _collection(records: Iterable[MarcRecord]) -> str:
    texts = [write.marcxml(record) for record in records]
    texts[_DECOMPOSED] = unicodedata.normalize("NFD", texts[_DECOMPOSED])
    return _COLLECTION + "\n".join(texts) + "\n</collection>\n"


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    fresh = file.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(file)
