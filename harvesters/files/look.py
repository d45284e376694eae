"""A look at the files of a source before they are imported: which there are, of what kind, how records are named.

In: a source of the kind `files`. Out: `Seen`; nothing is kept. Only the first file is read to its end, and of it no
more than `MOST` records; of the others the beginning is looked at. No file at all raises `HarvestError`.
"""

from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from harvesters.base import Harvested, SourceSpec
from harvesters.errors import HarvestError
from harvesters.files.harvester import FILE_BYTES, ID
from harvesters.files.ids import Ids
from harvesters.files.paths import Found, find
from harvesters.files.reading import Reading
from harvesters.options import text, whole
from schemas.errors import DecodeError
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.spec import values

MOST: Final = 100_000
_SAMPLE: Final = 100
_FILES: Final = 50
#: fields in which systems keep the number of a record that has no 001
_NUMBERS: Final = ("035a", "952p", "090a", "900a", "901a", "907a", "999c", "010a")


@dataclass(frozen=True, slots=True)
class FileSeen:
    """One file: its name, its bytes as they lie, and its syntax or what is wrong with it."""

    name: str
    bytes: int
    syntax: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: `files` are the first of `count`; records, repeated and unnamed are of the first readable one."""

    files: tuple[FileSeen, ...] = ()
    count: int = 0
    bytes: int = 0
    first: str = ""
    total: int = 0
    cut: bool = False
    unnamed: int = 0
    repeated: int = 0
    records: tuple[Harvested, ...] = ()
    id_field: str = ""
    damage: str = ""
    fault: str = ""


def look(spec: SourceSpec) -> Seen:
    """Look at the files of a source; raises `HarvestError` when there is none."""
    found = find(spec.url)
    cap = whole(FILE_BYTES, spec.options)
    files = tuple(_file(file, cap) for file in found[:_FILES])
    size = sum(file.path.stat().st_size for file in found if file.path.exists())
    readable = next((file for file, seen in zip(found, files, strict=False) if not seen.fault), None)
    if readable is None:
        return Seen(files, len(found), size, fault=f"no file can be read: {files[0].name}: {files[0].fault}")
    return _read(readable, spec, cap, Seen(files, len(found), size, readable.name))


def _file(file: Found, cap: int) -> FileSeen:
    size = file.path.stat().st_size if file.path.exists() else 0
    try:
        with Reading(file, cap) as reading:
            first = next(iter(reading.pieces()), None)
            fault = str(reading.fault.message) if reading.fault else "" if first else "there is no record in it"
            return FileSeen(file.name, size, first[1] if first else "unknown", "" if first else fault)
    except HarvestError as error:
        return FileSeen(file.name, size, "unknown", error.message)


def _read(file: Found, spec: SourceSpec, cap: int, seen: Seen) -> Seen:
    ids, total, unnamed, repeated = Ids(text(ID, spec.options)), 0, 0, 0
    sample: list[Harvested] = []
    with Reading(file, cap) as reading:
        for piece, syntax in islice(reading.pieces(), MOST):
            named = ids.name(piece.content, syntax)
            total += 1
            unnamed += "id-missing" in named.findings
            repeated += named.repeated or "id-repeated" in named.findings
            if len(sample) < _SAMPLE:
                where = f"{file.name} record {piece.number}, byte {piece.offset}"
                sample.append(Harvested(named.local_id, piece.content, syntax, where, findings=named.findings))
        fault = reading.fault.message if reading.fault else ""
    field = _id_field(sample) if unnamed * 2 > total else ""
    return replace(
        seen,
        total=total,
        cut=total == MOST,
        unnamed=unnamed,
        repeated=repeated,
        records=tuple(sample),
        id_field=field,
        fault="" if total else fault,
        damage=fault,
    )


def _id_field(sample: list[Harvested]) -> str:
    """Give the first field that has another value in every record of the sample."""
    for field in _NUMBERS:
        found = [_value(record, field) for record in sample]
        if all(found) and len(set(found)) == len(found):
            return field
    return ""


def _value(record: Harvested, field: str) -> str:
    try:
        read = (decode_xml if record.syntax == "marcxml" else decode)(record.content).record
    except DecodeError:
        return ""
    return next((value.strip() for value in values(read, field) if value.strip()), "")
