"""The project's own labelled pairs: two records as libraries write them, and whether they are one publication.

In: the files of `labelled/`, whose notation README.md explains. Out: `Pair`s whose records walked the same way as those
of a library: cleaned, then through the crosswalk. A line that is no part of the notation is an error that names it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unicodedata import normalize

from schemas.bib import Bib
from schemas.crosswalks import marc21_bib
from schemas.marc.clean import clean
from schemas.marc.record import Field, MarcRecord, data_field

FOLDER: Final = Path(__file__).parent / "labelled"
LABELS: Final = ("duplicate", "other-edition", "other-year", "other-volume", "other-work", "unsure")
_HEAD: Final = re.compile(r"@ (?P<kind>[a-z0-9-]+)-(?P<number>[0-9]+) (?P<label>[a-z-]+): (?P<why>.+)")
_LINE: Final = re.compile(r"(?P<side>[=<>]) (?P<tag>LDR|NFD|[0-9]{3})(?: (?P<indicators>[0-9_]{2}))?(?: (?P<rest>.+))?")
_CODED: Final = re.compile(
    r"(?P<date>[a-z](?:[0-9u]{4}){1,2}) (?P<country>[a-z]{2,3}) (?P<language>[a-z]{3})(?P<form> [a-z])?"
)
_SUBFIELDS: Final = re.compile(r"\$([a-z0-9]) (.+?)(?= \$[a-z0-9] |$)")
_INDICATORS: Final = {"100": "1 ", "700": "1 ", "245": "10", "264": " 1", "856": "40"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the class of difficulty they stand for, and what a cataloguer says of them."""

    id: str
    kind: str
    label: str
    left: Bib
    right: Bib
    why: str


@dataclass(frozen=True, slots=True)
class Written:
    """A pair as it stands in the file: the two records in MARC, and the issues that are meant."""

    id: str
    kind: str
    label: str
    left: MarcRecord
    right: MarcRecord
    why: str
    issues: frozenset[str]


def pairs() -> Iterator[Pair]:
    """Give every pair, the unsure ones too, in the order of the files."""
    for one in written():
        yield Pair(one.id, one.kind, one.label, bib(one.left), bib(one.right), one.why)


def written(folder: Path = FOLDER) -> Iterator[Written]:
    """Give every pair of the files as MARC."""
    for path in sorted(folder.glob("*.txt")):
        for place, block in _blocks(path):
            yield _pair(place, block)


def bib(record: MarcRecord) -> Bib:
    """Give the record as the catalogue keeps it."""
    return marc21_bib.bib(clean(record)[0])[0]


def _blocks(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Give the lines of each pair with the place where it begins; `#` opens a comment line."""
    block: list[str] = []
    place = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("@") and block:
            yield place, block
            block = []
        if line.startswith("@"):
            place = f"{path.name}:{number}"
        if line.strip() and not line.startswith("#"):
            block.append(line)
    if block:
        yield place, block


def _pair(place: str, block: list[str]) -> Written:
    head = _HEAD.fullmatch(block[0])
    if head is None:
        raise ValueError(f"{place}: not '@ kind-number label: why': {block[0]!r}")
    meant = {line[2:] for line in block[1:] if line.startswith("! ")}
    lines = [_line(place, line) for line in block[1:] if not line.startswith("! ")]
    kind, number, label, why = head.groups()
    left, right = _record(place, lines, "=<"), _record(place, lines, "=>")
    return Written(f"{kind}-{number}", kind, label, left, right, why, frozenset(meant))


def _line(place: str, line: str) -> re.Match[str]:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"{place}: not '<, > or =, tag, indicators, $a text': {line!r}")
    return match


def _record(place: str, lines: list[re.Match[str]], sides: str) -> MarcRecord:
    mine = [line for line in lines if line["side"] in sides]
    form = "NFD" if any(line["tag"] == "NFD" for line in mine) else "NFC"
    kind = next((line["rest"] for line in mine if line["tag"] == "LDR"), "nam")
    fields = [_field(place, line, form) for line in mine if line["tag"] not in ("NFD", "LDR")]
    # The lines of a pair stand in the order in which they are best read, those of a record by their tags.
    return MarcRecord(f"00000{kind} a2200000   4500", tuple(sorted(fields, key=lambda field: field.tag)))


def _field(place: str, line: re.Match[str], form: str) -> Field:
    tag, rest = line["tag"], line["rest"] or ""
    if tag.startswith("00"):
        return Field(tag, _coded(place, rest) if tag == "008" else rest)
    found = _SUBFIELDS.findall(rest)
    if " ".join(f"${code} {value}" for code, value in found) != rest:
        raise ValueError(f"{place}: subfields are written '$a text $b text': {rest!r}")
    indicators = (line["indicators"] or _INDICATORS.get(tag, "  ")).replace("_", " ")
    return data_field(tag, indicators, *((code, _text(value, form)) for code, value in found))


def _text(value: str, form: str) -> str:
    return normalize("NFD", value) if form == "NFD" else value


def _coded(place: str, text: str) -> str:
    """Give the 40 characters of 008 that `s2015 vm vie` stands for: date, country, language, form of item."""
    match = _CODED.fullmatch(text)
    if match is None:
        raise ValueError(f"{place}: 008 is written 's2015 vm vie' or with a form 's2015 vm vie o': {text!r}")
    date, country = match["date"].ljust(9), match["country"].ljust(3)
    form = (match["form"] or " |").strip()
    return f"260101{date}{country}|||||{form}|||||||||||{match['language']} d"
