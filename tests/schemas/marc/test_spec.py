"""Field specs: which values of a record a short text names."""

import pytest

from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field
from schemas.marc.spec import first, linked_tag, values

RECORD = MarcRecord(
    BLANK_LEADER,
    (
        Field("001", "qn1"),
        Field("008", "240101s2024    vm            000 0 vie d"),
        data_field("020", "  ", ("a", "111"), ("q", "bìa cứng"), ("a", "222")),
        data_field("245", "10", ("6", "880-01"), ("a", "Toán"), ("n", "Tập 1"), ("a", "lại")),
        data_field("246", "3 ", ("a", "Math")),
        data_field("600", "14", ("a", "A")),
        data_field("650", " 4", ("a", "B"), ("x", "C")),
        data_field("880", "10", ("6", "245-01/$1"), ("a", "數學")),
        data_field("880", " 4", ("6", "650-00/$1"), ("a", "乙")),
    ),
)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("001", ["qn1"]),
        ("008/35-37", ["vie"]),
        ("008/6", ["s"]),
        ("020a", ["111", "222"]),
        ("020aq", ["111 bìa cứng 222"]),
        ("245an", ["Toán Tập 1 lại"]),
        ("245", ["Toán Tập 1 lại"]),
        ("24Xa", ["Toán", "lại", "Math"]),
        ("6..a", ["A", "B"]),
        ("6XX|*4|", ["A", "B C"]),
        ("650| 4|x", ["C"]),
        ("650|1*|x", []),
        ("246a:245n", ["Math", "Tập 1"]),
        ("999a", []),
    ],
)
def test_a_spec_names_values(spec: str, expected: list[str]) -> None:
    assert values(RECORD, spec) == expected


def test_linked_fields_follow_the_fields_they_belong_to() -> None:
    assert values(RECORD, "245an", linked=True) == ["Toán Tập 1 lại", "數學"]
    assert values(RECORD, "6XXa", linked=True) == ["A", "B", "乙"]
    assert values(RECORD, "246a", linked=True) == ["Math"]


def test_the_tag_an_880_stands_for() -> None:
    assert [linked_tag(field) for field in RECORD.of("880")] == ["245", "650"]
    assert linked_tag(data_field("880", "  ", ("a", "no link"))) == ""


def test_the_first_value_or_none() -> None:
    assert first(RECORD, "020a") == "111"
    assert first(RECORD, "999a") == ""


@pytest.mark.parametrize("spec", ["", "24", "245|1|a", "008/", "245 a", "245a:"])
def test_what_is_no_spec_is_refused_with_its_text(spec: str) -> None:
    with pytest.raises(ValueError, match="not a field spec"):
        values(RECORD, spec)
