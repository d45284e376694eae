import pytest

from federation.store.members import Contact, MemberRow
from federation.web.labels import Labels
from federation.web.members.answer import groups, map_address, snippet
from federation.web.members.request import grouping
from tests.support.languages import ENGLISH, VIETNAMESE

LABELS = Labels(ENGLISH, kinds={"school": "School library"})
MEMBERS = (
    MemberRow(1, "c", "Đức Phổ", "school", "2", "commune", "Sa Huỳnh"),
    MemberRow(2, "b", "Dung Quất", "school", "1", "school", "Ba Tơ"),
    MemberRow(3, "a", "Ấn Trà", "public", "1", "commune", "Ba Tơ"),
    MemberRow(4, "x", "Xa xôi"),
)


def test_libraries_stand_in_the_order_of_the_dictionary_by_area_those_of_none_last() -> None:
    found = groups(MEMBERS, {"a": 7}, "area", LABELS)
    assert [(group.name, [entry.code for entry in group.entries]) for group in found] == [
        ("Ba Tơ", ["a", "b"]),
        ("Sa Huỳnh", ["c"]),
        ("", ["x"]),
    ]
    assert found[0].entries[0].titles == 7


@pytest.mark.parametrize(
    ("by", "names"), [("kind", {"School library", "public", ""}), ("level", {"Commune", "School", ""})]
)
def test_libraries_are_grouped_by_kind_and_level_in_words(by: str, names: set[str]) -> None:
    assert {group.name for group in groups(MEMBERS, {}, grouping(by), LABELS)} == names


def test_levels_go_from_the_province_down_and_unknown_ones_stand_behind() -> None:
    levels = ("school", "commune", "province", "somewhere", "", "district")
    members = [MemberRow(number, f"m{number}", "A", "public", level=level) for number, level in enumerate(levels)]
    names = [group.name for group in groups(members, {}, "level", Labels(VIETNAMESE))]
    assert names == ["Cấp tỉnh", "Cấp huyện (trước 7/2025)", "Cấp xã", "Trường học", "somewhere", ""]


def test_an_unknown_grouping_is_the_first() -> None:
    assert grouping("colour") == "area"


def test_a_map_needs_both_degrees() -> None:
    assert map_address(Contact(latitude=15.1)) == ""
    assert map_address(Contact(latitude=15.1205, longitude=108.7923)) == (
        "https://www.openstreetmap.org/?mlat=15.12050&mlon=108.79230#map=17/15.12050/108.79230"
    )


def test_a_snippet_is_a_plain_form_whatever_the_name() -> None:
    text = snippet(MemberRow(1, "a", "A<b> & B"), "https://l.example", "Tìm")
    assert 'action="https://l.example/search"' in text
    assert 'accept-charset="utf-8"' in text
    assert 'name="f.member" value="a"' in text
    assert "A&lt;b&gt; &amp; B" in text
    assert "<script" not in text
