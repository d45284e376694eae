"""Named repairs: each does one thing, says so once, and is never needed twice."""

from unicodedata import normalize

import pytest
from hypothesis import given

from schemas.issues import CODES
from schemas.marc import delimited
from schemas.marc.clean import clean
from schemas.marc.leader import legal, settled
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, Subfield, data_field
from tests.schemas.marc.samples import NASTY, TAGS, records

TITLE = data_field("245", "10", ("a", "Tiểu thuyết"))


def cleaned(*fields: Field, leader: str = BLANK_LEADER) -> tuple[tuple[Field, ...], list[str]]:
    record, issues = clean(MarcRecord(leader, (TITLE, *fields)))
    assert len({found.code for found in issues}) == len(issues)
    return tuple(field for field in record.fields if field != TITLE), [found.code for found in issues]


def test_a_good_record_is_given_back_as_it_is() -> None:
    record = MarcRecord(BLANK_LEADER, (Field("001", "1"), Field("008", "x" + " " * 39), TITLE))
    result, issues = clean(record)
    assert result == record
    assert issues == ()


@pytest.mark.pathology(24, "a tag that is none is mended, or its field is left out, with an issue")
@pytest.mark.parametrize(
    ("field", "expected", "codes"),
    [
        (data_field("500", "  ", ("a", "Tie\u0302\u0309u")), data_field("500", "  ", ("a", "Tiểu")), ["text-not-nfc"]),
        (
            data_field("500", "  ", ("a", "a\x01b\x9f")),
            data_field("500", "  ", ("a", "ab")),
            ["text-control-characters"],
        ),
        (data_field("500", "  ", ("a", "a \r\n b")), data_field("500", "  ", ("a", "a b")), ["text-line-breaks"]),
        (data_field("500", "  ", ("a", "a   b")), data_field("500", "  ", ("a", "a b")), ["text-line-breaks"]),
        (data_field("010", "  ", ("a", "   77  1")), data_field("010", "  ", ("a", "   77  1")), []),
        (data_field("773", "  ", ("w", "(DLC)   7")), data_field("773", "  ", ("w", "(DLC)   7")), []),
        (Field("008", "a\n" + "b" * 38), Field("008", "a " + "b" * 38), ["text-control-characters"]),
        (Field("001", "12\n"), Field("001", "12"), ["text-control-characters"]),
        (Field("001", "  \x1fa12"), Field("001", "12"), ["subfield-invalid"]),
        (data_field("500", "#|", ("a", "x")), data_field("500", "  ", ("a", "x")), ["indicator-invalid"]),
        (data_field("500", "", ("a", "x")), data_field("500", "  ", ("a", "x")), ["indicator-invalid"]),
        (data_field("500", "1", ("a", "x")), data_field("500", "1 ", ("a", "x")), ["indicator-invalid"]),
        (data_field("24", "  ", ("a", "x")), data_field("024", "  ", ("a", "x")), ["tag-mended"]),
        (data_field(" 24", "  ", ("a", "x")), data_field("024", "  ", ("a", "x")), ["tag-mended"]),
        (data_field("9aB", "  ", ("a", "x")), data_field("9AB", "  ", ("a", "x")), ["tag-mended"]),
        (Field("1", "77"), Field("001", "77"), ["tag-mended"]),
        (
            data_field("500", "10 text", ("b", "x")),
            data_field("500", "10", ("a", "text"), ("b", "x")),
            ["indicator-invalid", "subfield-invalid"],
        ),
        (
            Field("500", "", "No codes"),
            data_field("500", "  ", ("a", "No codes")),
            ["indicator-invalid", "subfield-invalid"],
        ),
        (data_field("500", "  ", ("á", "ctive")), data_field("500", "  ", ("a", "ctive")), ["subfield-invalid"]),
        (data_field("500", "  ", ("a", "x"), (" ", "y")), data_field("500", "  ", ("a", "x y")), ["subfield-invalid"]),
        (
            data_field("500", "  ", ("ỷ", "x"), ("a", "y")),
            data_field("500", "  ", ("y", "x"), ("a", "y")),
            ["subfield-invalid"],
        ),
        (data_field("500", "  ", ("字", "x")), data_field("500", "  ", ("a", "字x")), ["subfield-invalid"]),
        (data_field("500", "  ", ("a", "x\x1fby")), data_field("500", "  ", ("a", "x"), ("b", "y")), []),
    ],
)
def test_each_repair_has_its_name(field: Field, expected: Field, codes: list[str]) -> None:
    fields, found = cleaned(field)
    assert fields == (expected,)
    assert sorted(set(found) - {"fields-out-of-order"}) == sorted(codes)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (data_field("24?", "  ", ("a", "x")), "tag-invalid"),
        (data_field("000", "  ", ("a", "x")), "tag-invalid"),
        (data_field("", "  ", ("a", "x")), "tag-invalid"),
        (data_field("2456", "  ", ("a", "x")), "tag-invalid"),
        (Field("001", " "), "field-empty"),
        (Field("500", "", "  ", (Subfield("a", ""), Subfield("b", " "))), "field-empty"),
        (Field("500", "", "10"), "field-empty"),
    ],
)
def test_what_cannot_be_kept_goes_with_an_issue(field: Field, code: str) -> None:
    assert cleaned(field) == ((), [code])


def test_a_dropped_field_is_shown_in_its_issue() -> None:
    issues = clean(MarcRecord(BLANK_LEADER, (TITLE, data_field("?!", "  ", ("a", "lost text")))))[1]
    assert "lost text" in issues[0].message


def test_one_issue_names_all_the_fields() -> None:
    fields = [data_field(tag, "  ", ("a", "a\x01")) for tag in ("500", "520", "500")]
    issues = clean(MarcRecord(BLANK_LEADER, (TITLE, *fields)))[1]
    assert [(found.code, found.where) for found in issues] == [("text-control-characters", "500,520")]


def test_control_fields_behind_data_fields_move_to_the_front() -> None:
    record, issues = clean(MarcRecord(BLANK_LEADER, (TITLE, Field("001", "1"))))
    assert [field.tag for field in record.fields] == ["001", "245"]
    assert [found.code for found in issues] == ["fields-out-of-order"]


def test_empty_subfields_beside_others_stay() -> None:
    field = Field("500", "", "  ", (Subfield("a", "x"), Subfield("b", "")))
    assert cleaned(field) == ((field,), [])


@pytest.mark.parametrize(
    ("leader", "expected", "where"),
    [
        ("01234cam  2200265 a 4500", "00000cam a2200000 a 4500", ""),
        ("", BLANK_LEADER.replace("4500", "4500"), "LDR/05,06,07,10,11,20,21,22,23"),
        ("01234xxm a2200265 a 4500", "00000xxm a2200000 a 4500", ""),
        ("01234?1? a2200265?a 4500", "00000nam a2200000 a 4500", "LDR/05,06,07,17"),
        ("01234nz  a2200265n  4500", "00000nz  a2200000n  4500", ""),
        ("01234nam a2200265   45\x920", "00000nam a2200000   4500", "LDR/22"),
        ("01234nam a2200265   450 ", "00000nam a2200000   4500", "LDR/23"),
    ],
)
def test_leader_positions_without_a_legal_value_get_a_default(leader: str, expected: str, where: str) -> None:
    assert legal(leader) == (expected, where)


def test_the_transport_positions_of_the_leader_are_settled() -> None:
    assert settled("00714cam  2200205 a 4500, and more") == "00000cam a2200000 a 4500"


@pytest.mark.parametrize(
    ("kind", "length", "warned"), [("a", 40, 0), ("a", 39, 1), ("y", 32, 0), ("w", 14, 0), ("z", 40, 0), ("x", 40, 1)]
)
def test_the_length_of_008_depends_on_the_kind_of_record(kind: str, length: int, warned: int) -> None:
    leader = BLANK_LEADER[:6] + kind + BLANK_LEADER[7:]
    issues = clean(MarcRecord(leader, (Field("008", "x" * length), TITLE)))[1]
    assert [found.code for found in issues] == ["field-008-length"] * warned


def test_a_missing_title_is_a_warning_for_bibliographic_records_only() -> None:
    codes = {
        kind: [found.code for found in clean(MarcRecord(f"00000n{kind}  a2200000   4500", (Field("001", "1"),)))[1]]
        for kind in "az"
    }
    assert "title-missing" in codes["a"]
    assert "title-missing" not in codes["z"]


@given(records(NASTY, TAGS))
def test_cleaning_twice_changes_nothing_more(record: MarcRecord) -> None:
    once, issues = clean(record)
    twice, more = clean(once)
    assert twice == once
    assert {found.severity for found in more} <= {"warning"}
    assert {found.code for found in (*issues, *more)} <= CODES.keys()
    assert all((found.where + found.message).isprintable() for found in issues)


@given(records(NASTY, TAGS))
def test_a_cleaned_record_carries_its_text_or_none(record: MarcRecord) -> None:
    kept, _ = clean(record)
    assert kept.text in ("", delimited.joined(kept))
    assert tuple(map(delimited.parted, kept.text.split("\x1e")[1:])) == (kept.fields if kept.text else ())


def test_what_is_repaired_in_the_whole_text_is_repaired_as_field_by_field() -> None:
    decomposed = normalize("NFD", "Tiếng Việt")
    fields = (Field("001", " 1 "), TITLE, data_field("500", "  ", ("a", f"{decomposed}  x"), ("w", "(a)  b")))
    whole, found = clean(MarcRecord(BLANK_LEADER, fields))
    one_by_one, others = clean(MarcRecord(BLANK_LEADER, (*fields[1:], fields[0])))
    assert whole == one_by_one
    assert whole.fields[2] == data_field("500", "  ", ("a", "Tiếng Việt x"), ("w", "(a)  b"))
    assert {(each.code, each.where) for each in found} == {("text-not-nfc", "500"), ("text-line-breaks", "500")}
    assert set(found) < set(others)


def test_a_mark_that_begins_a_value_does_not_swallow_the_code_before_it() -> None:
    record, _ = clean(MarcRecord(BLANK_LEADER, (TITLE, data_field("500", "  ", ("a", "\u0301b")))))
    assert record.fields[1] == data_field("500", "  ", ("a", "\u0301b"))
