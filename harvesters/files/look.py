"""A look at the files of a source before they are imported: which there are, of what kind, how records are named.

In: a source of the kind `files`. Out: `Seen`; nothing is kept. Only the first file is read to its end, and of it no
more than `MOST` records; of the others, and of all that lie on a web server, the beginning is looked at. No file at all
raises `HarvestError`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Final, TypeVar

from harvesters.base import Harvested, SourceSpec
from harvesters.errors import HarvestError
from harvesters.files.harvester import FILE_BYTES, ID
from harvesters.files.ids import Ids
from harvesters.files.paths import Found, find, lines
from harvesters.files.reading import Reading
from harvesters.files.remote import Begun, begun
from harvesters.options import text, whole
from harvesters.pace import is_address
from schemas.errors import DecodeError
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.spec import values

MOST: Final = 100_000
T = TypeVar("T")
_SAMPLE: Final = 100
_FILES: Final = 50
#: files on web servers that are asked for
_ADDRESSES: Final = 10
#: fields in which systems keep the number of a record that has no 001
_NUMBERS: Final = ("035a", "952p", "090a", "900a", "901a", "907a", "999c", "010a")


@dataclass(frozen=True, slots=True)
class FileSeen:
    """One file: its name, its bytes as they lie (None: not told), and its syntax or what is wrong with it; `told` is
    what a web server says of it.
    """

    name: str
    bytes: int | None
    syntax: str
    fault: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


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


def look(spec: SourceSpec, contact: str = "") -> Seen:
    """Look at the files of a source; raises `HarvestError` when there is none."""
    asked = list(dict.fromkeys(lines(spec.url)))
    addresses = list(filter(is_address, asked))
    if not addresses:
        return _look(spec, spec.url, {})
    left = addresses[_ADDRESSES:]
    with begun(spec, addresses[:_ADDRESSES], contact) as beginnings:
        seen = _look(spec, "\n".join(line for line in asked if line not in left), beginnings)
    return replace(seen, count=seen.count + len(left))


def _look(spec: SourceSpec, asked: str, beginnings: Mapping[str, Begun]) -> Seen:
    found = find(asked, {address: each.file for address, each in beginnings.items()})
    cap = whole(FILE_BYTES, spec.options)
    remote = {each.file.path: each for each in beginnings.values()}
    files = tuple(_file(file, cap, remote.get(file.path)) for file in found[:_FILES])
    rest = sum(file.path.stat().st_size for file in found[_FILES:] if file.path.exists())
    size = rest + sum(each.bytes or 0 for each in files)
    readable = next((file for file, seen in zip(found, files, strict=False) if not seen.fault), None)
    if readable is None:
        return Seen(files, len(found), size, fault=f"no file can be read: {files[0].name}: {files[0].fault}")
    seen = Seen(files, len(found), size, readable.name)
    return _read(readable, spec, cap, replace(seen, cut=readable.path in remote and remote[readable.path].cut))


def _file(file: Found, cap: int, remote: Begun | None) -> FileSeen:
    size = remote.bytes if remote else file.path.stat().st_size if file.path.exists() else 0
    seen = FileSeen(file.name, size, "unknown", remote.fault if remote else "", remote.told if remote else {})
    if seen.fault:
        return seen
    try:
        with Reading(file, cap) as reading:
            first = next(iter(reading.pieces()), None)
            if first:
                return replace(seen, syntax=first[1])
            return replace(seen, fault=reading.fault.message if reading.fault else "there is no record in it")
    except HarvestError as error:
        return replace(seen, fault=error.message)


def _whole(pieces: Iterable[T], cut: bool) -> Iterator[T]:
    """Leave out the last piece of a file that is not there to its end."""
    yield from (piece for piece, _ in pairwise(pieces)) if cut else pieces


def _read(file: Found, spec: SourceSpec, cap: int, seen: Seen) -> Seen:
    ids, total, unnamed, repeated = Ids(text(ID, spec.options)), 0, 0, 0
    sample: list[Harvested] = []
    with Reading(file, cap) as reading:
        for piece, syntax in islice(_whole(reading.pieces(), seen.cut), MOST):
            named = ids.name(piece.content, syntax)
            total += 1
            unnamed += "id-missing" in named.findings
            repeated += named.repeated or "id-repeated" in named.findings
            if len(sample) < _SAMPLE:
                where = f"{file.name} record {piece.number}, byte {piece.offset}"
                sample.append(Harvested(named.local_id, piece.content, syntax, where, findings=named.findings))
        # A file that is not there to its end ends in the middle of something.
        fault = reading.fault.message if reading.fault and not seen.cut else ""
    named_by = _id_field(sample) if unnamed * 2 > total else ""
    return replace(
        seen,
        total=total,
        cut=seen.cut or total == MOST,
        unnamed=unnamed,
        repeated=repeated,
        records=tuple(sample),
        id_field=named_by,
        fault="" if total else fault or "no record ends in the beginning that was looked at",
        damage=fault,
    )


def _id_field(sample: list[Harvested]) -> str:
    """Give the first field that has another value in every record of the sample."""
    for name in _NUMBERS:
        found = [_value(record, name) for record in sample]
        if all(found) and len(set(found)) == len(found):
            return name
    return ""


def _value(record: Harvested, field: str) -> str:
    try:
        read = (decode_xml if record.syntax == "marcxml" else decode)(record.content).record
    except DecodeError:
        return ""
    return next((value.strip() for value in values(read, field) if value.strip()), "")
