"""Every real file: each piece is read or refused with a reason, and what was read is written, read and valid again."""

import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from lxml import etree
from pymarc import MARCReader

from schemas.errors import DecodeError, EncodeError
from schemas.issues import CODES
from schemas.marc.clean import clean
from schemas.marc.identity import control_number
from schemas.marc.marcxml import decode_xml, split_xml
from schemas.marc.piece import Decoded, Piece
from schemas.marc.read import decode, split
from schemas.marc.record import Field, MarcRecord
from schemas.marc.write import collection, marc, marcxml
from tests.schemas.marc.samples import opened, real_files

pytestmark = pytest.mark.slow

#: folder or file -> records that pymarc reads, as the table of the real records states; we must read as many or more.
STATED = {
    "lc-books-10000.mrc.gz": 10_000,
    "lc-vietnamese.mrc": 95,
    "bk-vietnam": 26_835,
    "usgpo": 12_647,
    "evergreen": 3_721,
    "uva_001_2000.marc8.mrc.gz": 2_000,
    "scripts-880": 65,
    "holdings-authority": 85,
    "broken": 486,
}
#: What is refused in all the files: a record without fields and three files that are XML but hold no MARC record.
REFUSED = {
    "pymarc-tests__bad_records.mrc": {"structure-unreadable": 1},
    "reservoir__bad-marcxml.xml": {"not-marc": 1},
    "reservoir__bad.xml": {"not-marc": 1},
    "reservoir__small-bad-entities.xml": {"not-marc": 1},
}


@dataclass
class Seen:
    """What came of one file; the records packed, since fifty thousand of them as objects slow everything down."""

    pieces: int = 0
    packed: list[bytes] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def records(self, step: int = 1) -> Iterator[MarcRecord]:
        return map(pickle.loads, self.packed[::step])


def read(path: Path, cut: Callable[..., Iterator[Piece]], decoder: Callable[[bytes], Decoded]) -> Seen:
    seen = Seen()
    for piece in cut(opened(path)):
        seen.pieces += 1
        try:
            seen.packed.append(pickle.dumps(clean(decoder(piece.content).record)[0]))
        except DecodeError as error:
            assert CODES[error.code][0] == "rejected"
            seen.refused[error.code] += 1
    assert seen.pieces == len(seen.packed) + seen.refused.total()
    return seen


@pytest.fixture(scope="module")
def everything(shared_data: Path) -> dict[Path, Seen]:
    seen = {path: read(path, split, decode) for path in real_files(shared_data, xml=False)}
    return seen | {path: read(path, split_xml, decode_xml) for path in real_files(shared_data, xml=True)}


@pytest.fixture(scope="module")
def slim(shared_data: Path) -> Any:
    return etree.XMLSchema(etree.parse(shared_data / "xsd" / "marc" / "MARC21slim.xsd"))


def test_no_file_gives_fewer_records_than_stated(shared_data: Path, everything: dict[Path, Seen]) -> None:
    found: Counter[str] = Counter()
    for path, seen in everything.items():
        found[path.relative_to(shared_data / "marc").parts[0]] += len(seen.packed)
    assert found.keys() == STATED.keys()
    assert {name: found[name] for name, stated in STATED.items() if found[name] < stated} == {}


def test_only_what_holds_no_record_is_refused(everything: dict[Path, Seen]) -> None:
    assert {path.name: dict(seen.refused) for path, seen in everything.items() if seen.refused} == REFUSED


def test_writing_and_reading_again_changes_nothing(everything: dict[Path, Seen]) -> None:
    unwritable = 0
    for seen in everything.values():
        for record in seen.records(step=1 + len(seen.packed) // 500):
            assert decode_xml(marcxml(record).encode()).record == record
            try:
                again = decode(marc(record))
            except EncodeError as error:
                assert error.code in {"record-too-long", "field-too-long"}
                unwritable += 1
                continue
            assert again.record == record
            assert again.issues == ()
    assert unwritable <= 10


def test_marcxml_of_every_file_is_valid_and_reads_the_same(everything: dict[Path, Seen], slim: Any) -> None:
    sample = [record for seen in everything.values() for record in islice(seen.records(), 25)]
    file = "".join(collection(sample)).encode()
    slim.assertValid(etree.fromstring(file, etree.XMLParser(huge_tree=True)))
    again = [decode_xml(etree.tostring(element)).record for element in etree.fromstring(file)]
    assert again == sample


def test_the_quick_way_to_the_number_agrees_with_the_record(everything: dict[Path, Seen]) -> None:
    for path in everything:
        is_xml = ".xml" in path.name
        cut, decoder, syntax = (split_xml, decode_xml, "marcxml") if is_xml else (split, decode, "iso2709")
        for piece, _ in zip(cut(opened(path)), range(50), strict=False):
            try:
                record = clean(decoder(piece.content).record)[0]
            except DecodeError:
                assert control_number(piece.content, syntax) == ("", "")
                continue
            expected = (record.control("001").strip(), record.control("003").strip())
            assert control_number(piece.content, syntax) == expected


PAIRS = [
    ("2019-03-22__nistir_1443_marc8__d3e7a4d9", "2019-03-22__nistir_1443_utf8__7135216c"),
    ("2020-10-07__nbs_monograph_marc8__4a20976e", "2020-10-07__nbs_monograph_utf8__5fb59e1c"),
    ("2022-09-19__lclawlib_records_1672_marc8__44664220", "2022-09-19__lclawlib_records_1672_utf8__dd1f27bb"),
    ("2019-07-05__basic_coll_el_marc8__203b3850", "2019-07-05__basic_coll_el_utf8__7986a5d0"),
]


def by_number(records: Iterable[MarcRecord]) -> dict[str, Counter[Field]]:
    """The fields of each record; both ways of Unicode to write the ligature of transliterated Russian made one."""

    def told(one: Field) -> Field:
        values = (
            sub._replace(value=sub.value.replace("\ufe20", "\u0361").replace("\ufe21", "")) for sub in one.subfields
        )
        return one._replace(subfields=tuple(values))

    return {record.control("001"): Counter(map(told, record.fields)) for record in records}


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_set_published_in_marc8_and_in_utf8_reads_the_same(
    shared_data: Path, everything: dict[Path, Seen], old: str, new: str
) -> None:
    """Of all fields 99.99 %, and of those with letters beyond ASCII 95 %, are equal; the rest are typing errors."""
    folder = shared_data / "marc" / "usgpo"
    ours = by_number(everything[folder / f"{old}.mrc.gz"].records())
    theirs = by_number(everything[folder / f"{new}.mrc.gz"].records())
    assert ours.keys() == theirs.keys()
    fields = sum(found.total() for found in ours.values())
    differing = [one for number, found in ours.items() for one in (found - theirs[number]).elements()]
    beyond = sum(not str(one).isascii() for found in ours.values() for one in found.elements())
    assert len(differing) <= fields * 0.0001
    assert sum(not str(one).isascii() for one in differing) <= beyond * 0.05


@pytest.mark.parametrize("name", ["lc-books-10000.mrc.gz", "uva_001_2000.marc8.mrc.gz", "evergreen/lul_fre_500.mrc.gz"])
def test_sound_records_read_as_pymarc_reads_them(shared_data: Path, name: str) -> None:
    """The same tags, indicators, codes and text; only where a byte is no MARC-8 pymarc has a blank and we U+FFFD."""
    theirs = MARCReader(opened(shared_data / "marc" / name), hide_utf8_warnings=True)
    for piece, their, _ in zip(split(opened(shared_data / "marc" / name)), theirs, range(500), strict=False):
        decoded = decode(piece.content)
        if their is None or any(found.code.startswith("encoding-") for found in decoded.issues):
            continue
        assert [one.tag for one in decoded.record.fields] == [one.tag for one in their.fields]
        for ours, other in zip(decoded.record.fields, their.fields, strict=True):
            if ours.subfields:
                assert ours.indicators == "".join(other.indicators)
                said = [(code, _plain(value)) for code, value in ours.subfields]
                assert said == [(sub.code, _plain(sub.value)) for sub in other.subfields]
            else:
                assert _plain(ours.value) == _plain(other.data)


def _plain(text: str) -> str:
    return normalize("NFC", re.sub("[\x00-\x1f\x7f-\x9f]", "", text))
