"""The tables of numbers: what they are called, and that the numbers are those of the standard."""

import csv
import re
from pathlib import Path

from schemas.maps.tables import rows
from schemas.query.access_points import access_points
from schemas.z3950 import attributes, diagnostics, oid
from schemas.z3950.external import External
from schemas.z3950.values import Diagnostic


def numbers(path: Path) -> dict[int, str]:
    found = (re.match(r'\s*(\d+),\s*"(.*?)"', line) for line in path.read_text("utf-8").splitlines())
    return {int(match[1]): match[2] for match in found if match}


def test_every_diagnostic_has_a_number_of_the_standard(shared_data: Path) -> None:
    assert not set(diagnostics.messages()) - set(numbers(shared_data / "asn1" / "yaz" / "bib1.csv"))


def test_every_diagnostic_speaks_both_languages() -> None:
    assert not [number for number, message in diagnostics.messages().items() if not (message.en and message.vi)]


def test_every_attribute_has_a_number_of_the_standard(shared_data: Path) -> None:
    known, kind = set(), 0
    for line in (shared_data / "asn1" / "yaz" / "attset_bib1.csv").read_text("utf-8").splitlines():
        if found := re.match(r'"type", (\d)', line):
            kind = int(found[1])
        elif found := re.match(r"(?:\w+/)?(\d+),", line):
            known.add((kind, int(found[1])))
    # 104 is of the profiles (Z39.58 masks), and all servers know it; the list of the standard ends before it.
    assert set(attributes.names()) - known == {(attributes.TRUNCATION, 104)}


def test_every_object_identifier_is_that_of_the_standard(shared_data: Path) -> None:
    text = (shared_data / "asn1" / "yaz" / "oid.csv").read_text("utf-8").replace("Z3950_PREFIX", oid.PREFIX)
    known = {row[1].strip(): row[2].strip() for row in csv.reader(text.splitlines(), skipinitialspace=True)}
    assert not {row["oid"] for row in rows("oids", "schemas.z3950")} - set(known)


def test_the_constants_are_rows_of_the_table() -> None:
    table = {row["name"]: row["oid"] for row in rows("oids", "schemas.z3950")}
    constants = {name: value for name, value in vars(oid).items() if name.isupper() and name != "PREFIX"}
    assert len(constants) > 10
    assert constants == {name: table[name] for name in constants}


def test_every_access_point_that_bib_1_knows_has_a_name() -> None:
    used = {number for point in access_points() for number in point.bib1}
    assert used - {value for kind, value in attributes.names() if kind == attributes.USE} <= {1044, 1075, 1079}


def test_a_diagnostic_is_told_in_words() -> None:
    assert diagnostics.told(Diagnostic(235, "x")) == "235 There is no such database: x"
    assert diagnostics.told(Diagnostic(235), "vi") == "235 Không có cơ sở dữ liệu này"
    assert diagnostics.told(Diagnostic(9999, "x")) == "9999 Bib-1 diagnostics: x"
    assert diagnostics.told(Diagnostic(1, set="1.2.3")) == "1 1.2.3"
    assert diagnostics.told(External("1.2.840.10003.4.2", b"")) == "Diag-1"


def test_an_attribute_and_an_object_identifier_are_told_in_words() -> None:
    assert attributes.name(1, 4) == "use 4 (Title)"
    assert attributes.name(1, 9999) == "use 9999"
    assert attributes.name(9, 1) == "type 9 1"
    assert oid.label(oid.USMARC) == "MARC 21"
    assert oid.label("1.2.3") == "1.2.3"
    assert oid.of_class("record-syntax")[oid.SUTRS] == "SUTRS"
