"""Labelled sets of MARC records: made from catalogues, and the test records of the Finnish union catalogue.

In: the folder `dedup` of the real records. Out: `Pair`s. ISO 2709 walks the road of the pipeline: decoded, repaired,
taken through the crosswalk. The Finnish records are JSON; their "no" forbids a merge and says nothing of a group.
"""

import csv
import gzip
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from schemas.crosswalks import marc21_bib
from schemas.marc import clean
from schemas.marc.read import decode, split
from schemas.marc.record import Field, MarcRecord, Subfield
from tests.accuracy.pairs import Pair

NAMES: Final = ("bk-branches", "bk-two-exports", "bk-vs-lc", "cross-source-by-number")
MELINDA: Final = "melinda-match-validator-fixtures"
_JUDGED: Final = "test-fixtures_index_"
_LABELS: Final = {"merge": "duplicate", False: "not-same"}


def table(folder: Path, name: str) -> Iterator[Pair]:
    """Read a set of two files and a table of labels."""
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    sides = (_records(folder / f"{name}.{side}.mrc.gz") for side in ("left", "right"))
    for row, left, right in zip(rows, *sides, strict=True):
        yield _pair(row["n"], row["label"], (left, right), row.get("bytes", ""))


def melinda(folder: Path) -> Iterator[Pair]:
    """Read the tests of the Finnish match validator that end in a verdict."""
    files = _files(folder / f"{MELINDA}.tar.gz")
    for name in sorted(files):
        stem, said, _ = name.partition("_expectedResults.json")
        label = _LABELS.get(files[name].get("action")) if said and stem.startswith(_JUDGED) else None
        if label:
            left, right = (clean.clean(_record(files[f"{stem}_inputRecord{side}.json"]))[0] for side in "AB")
            message = str(files[name].get("message", ""))
            yield _pair(stem.removeprefix(_JUDGED), label, (left, right), message.partition(" (")[0])


def _pair(number: str, label: str, records: tuple[MarcRecord, MarcRecord], kind: str) -> Pair:
    left, right = (marc21_bib.bib(record)[0] for record in records)
    return Pair(number, label, left, right, kind, records=records)


def _records(path: Path) -> Iterator[MarcRecord]:
    with gzip.open(path) as stream:
        for piece in split(stream):
            decoded = decode(piece.content)
            yield clean.clean(decoded.record, decoded.text)[0]


def _files(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        opened = ((member.name, archive.extractfile(member)) for member in archive)
        return {Path(name).name: json.load(stream) for name, stream in opened if stream and name.endswith(".json")}


def _record(said: Mapping[str, Any]) -> MarcRecord:
    fields = (
        Field(
            one["tag"],
            one.get("value", ""),
            f"{one.get('ind1') or ' '}{one.get('ind2') or ' '}",
            tuple(Subfield(part["code"], part.get("value", "")) for part in one.get("subfields", ())),
        )
        for one in said["fields"]
    )
    return MarcRecord(said["leader"], tuple(fields))
