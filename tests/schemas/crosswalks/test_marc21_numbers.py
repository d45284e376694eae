"""Numbers: ISBN, ISSN, LCCN, OCLC, DOI and class numbers as they are found in records."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import isbn as stdnum_isbn

from schemas.bib import Classification, Identifier
from schemas.crosswalks.marc21_bib import bib
from schemas.crosswalks.marc21_numbers import doi, isbn, issn, lccn
from tests.schemas.crosswalks.build import read, record

ISBNS = {
    "9786041234563": ("9786041234563", "", False),
    "9786041234567": ("9786041234567", "", True),
    "9786041234567.0": ("9786041234567", "", True),
    "978-604-1-23456-7": ("9786041234567", "", True),
    "978 604 1 23456 7": ("9786041234567", "", True),
    "978–604–1–23456–7": ("9786041234567", "", True),
    "ISBN 978-604-1-23456-7": ("9786041234567", "", True),
    "ISBN-13: 9786041234567": ("9786041234567", "", True),
    "ISBN: 096742951X": ("9780967429519", "", True),
    "096742951X (alk. paper)": ("9780967429519", "alk. paper", True),
    "096742951x": ("9780967429519", "", True),
    "1584980087 (pbk. : acid-free paper) :": ("9781584980087", "pbk. : acid-free paper", True),
    "9786041234567 (T.1) : 45000đ": ("9786041234567", "T.1", True),
    "9786041234567 (bộ) (bìa cứng)": ("9786041234567", "bộ; bìa cứng", True),
    "9786041234567 : 45000đ": ("9786041234567", "45000đ", True),
    "0967429511": ("0967429511", "", False),
    "9.78604E+12": ("9.78604E+12", "", False),
    "3": ("3", "", False),
    "0000012": ("0000012", "", False),
    "000001234": ("000001234", "", False),
    "8936046617891": ("8936046617891", "", False),
}


@pytest.mark.parametrize(("text", "expected"), ISBNS.items())
def test_an_isbn_is_read_as_people_write_it(text, expected):
    value, qualifier, valid = expected
    assert isbn(text) == Identifier("isbn", value, qualifier, valid)


@pytest.mark.parametrize("text", ["(pbk.)", "", "bìa mềm"])
def test_a_text_without_digits_is_no_isbn_at_all(text):
    assert isbn(text) is None


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"(97[89])?[0-9]{9}[0-9X]", fullmatch=True) | st.sampled_from([n for n in ISBNS if n.isalnum()]))
def test_the_checksum_agrees_with_python_stdnum(text):
    found = isbn(text)
    assert found
    assert found.valid == (len(text) in (10, 13) and stdnum_isbn.is_valid(text))
    assert not found.valid or found.value == stdnum_isbn.to_isbn13(text)


def test_every_check_digit_of_a_number_but_one_is_wrong():
    for stem in ("978604123456", "096742951", "979100000000"):
        ends = [end for end in "0123456789X" if (found := isbn(stem + end)) and found.valid]
        assert len(ends) == 1
        assert stdnum_isbn.is_valid(stem + ends[0])


def test_a_bare_row_number_is_kept_as_invalid_and_earns_an_issue():
    found, issues = bib(record("020 __ $a3"))
    assert found.identifiers == (Identifier("isbn", "3", valid=False),)
    assert [(issue.code, issue.where) for issue in issues] == [("isbn-invalid", "020$a")]


def test_the_qualifier_of_020_q_wins_and_loses_its_brackets():
    found = read("020 __ $a9786041234567$q(bìa mềm)$q(T.1)")
    assert found.identifiers == (Identifier("isbn", "9786041234567", "bìa mềm; T.1"),)


def test_a_number_the_library_itself_calls_wrong_is_kept_without_an_issue():
    found, issues = bib(record("020 __ $z9786041234567", "022 __ $y0866-7353"))
    assert [(one.scheme, one.valid) for one in found.identifiers] == [("isbn", False), ("issn", False)]
    assert not issues


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("0317-8471", "0317-8471", True),
        ("03178471", "0317-8471", True),
        ("ISSN 1050-124x", "1050-124X", True),
        ("0317-8472", "0317-8472", False),
        ("chưa có", "chưa có", False),
    ],
)
def test_an_issn_is_checked(text, value, valid):
    assert issn(text) == Identifier("issn", value, "", valid)


def test_a_wrong_issn_earns_an_issue_and_the_linking_issn_is_read():
    found, issues = bib(record("022 0_ $a0317-8472$l0317-8471"))
    assert found.numbers("issn") == ("0317-8471",)
    assert [issue.code for issue in issues] == ["issn-invalid"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("   00103636 ", "00103636"),
        ("  2001-627090", "2001627090"),
        ("85-2 ", "85000002"),
        ("n  85153773 //r", "n85153773"),
    ],
)
def test_an_lccn_is_normalised(text, expected):
    assert lccn(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "035 __ $a(OCoLC)ocm00012345",
        "035 __ $a(OCoLC)12345",
        "001 ocm00012345 ",
        "035 __ $a(OCoLC)on0000012345",
    ],
)
def test_oclc_numbers_are_found_wherever_they_stand(line):
    assert read(line).numbers("oclc") == ("12345",)


def test_the_control_number_of_an_oclc_record_is_its_oclc_number():
    found = read("001 00012345", "003 OCoLC")
    assert found.numbers("oclc") == ("12345",)
    assert (found.control_number, found.control_agency) == ("00012345", "OCoLC")


def test_numbers_of_other_systems_are_local():
    assert read("035 __ $a(VN-QNg)000123").identifiers == (Identifier("local", "(VN-QNg)000123"),)


@pytest.mark.parametrize("text", ["10.1000/ABC.1", "doi:10.1000/abc.1", "https://doi.org/10.1000/abc.1."])
def test_a_doi_is_read_from_what_surrounds_it(text):
    assert doi(text) == "10.1000/abc.1"
    assert read(f"024 7_ $a{text}$2doi").numbers("doi") == ("10.1000/abc.1",)


@pytest.mark.parametrize(
    ("line", "scheme", "number"),
    [
        ("082 04 $a895.922/134$223", "ddc", "895.922134"),
        ("082 __ $a001.42 / V500", "ddc", "001.42"),
        ("082 __ $a338.7'61", "ddc", "338.761"),
        ("082 __ $a[Fic]", "ddc", "[Fic]"),
        ("050 00 $aPL4378.6$b.N426 2001", "lcc", "PL4378.6"),
        ("080 __ $a82-1", "udc", "82-1"),
        ("084 __ $aV23$2BBK", "bbk", "V23"),
        ("084 __ $aV23", "other", "V23"),
    ],
)
def test_class_numbers_are_read_with_their_scheme(line, scheme, number):
    assert read(line).classes == (Classification(scheme, number),)
