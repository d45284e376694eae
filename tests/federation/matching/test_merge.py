"""The union record: what is added and what is not, its order, and that nobody's turn to come counts."""

import re
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.matching.merge import Member, MergedRecord, Origin, merge, ranked
from federation.matching.senses import said
from federation.matching.uniting import TREATMENTS
from schemas.bib import Holding
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import MarcRecord
from tests.federation.matching.union import F008, member, shown

FULL = member(
    "a",
    F008,
    "020 __ $a9780306406157",
    "082 04 $a895.9223",
    "100 1_ $aNguyễn, Nhật Ánh,$d1955-",
    "245 10 $aMắt biếc :$btruyện dài /$cNguyễn Nhật Ánh",
    "260 __ $aH. :$bTrẻ,$c2019",
    "500 __ $aTái bản nhiều lần",
    "650 _4 $aVăn học thiếu nhi$zViệt Nam",
    "650 _4 $aTruyện",
    "700 0_ $aĐỗ Hoàng Tường,$eminh hoạ",
    "952 __ $aTV$p1",
)


def record_of(union: MergedRecord) -> MarcRecord:
    return decode_xml(union.marcxml.encode()).record


def united(*lines: str, tags: str = "") -> list[str]:
    """Give what a second, poorer record with these lines adds to FULL."""
    other = member("b", "245 10 $aMắt biếc", *lines)
    assert [one.code for one, _, _ in ranked([other, FULL])] == ["a", "b"]
    fields = record_of(merge(7, "r", [other, FULL])).fields
    added = [field for field in fields if field.get("9") == "b"]
    return shown(added, *(tags.split() or {field.tag for field in added}))


def test_the_union_record_bears_our_number_and_name() -> None:
    made = record_of(merge(7, "lienthong.example", [FULL, member("b")]))
    assert (made.control("001"), made.control("003")) == ("7", "lienthong.example")


@pytest.mark.parametrize(
    "line",
    [
        "020 __ $a0306406152 (pbk.)",
        "082 04 $a895.9/223$223",
        "100 0_ $aNguyễn Nhật Ánh",
        "700 0_ $aĐỗ, Hoàng Tường",
        "500 __ $aTái bản nhiều lần.",
        "500 __ $aTÁI BẢN",
        "650 _4 $aVăn học thiếu nhi -- Việt Nam",
        "653 __ $aTruyện",
        "245 10 $aMat biec : truyen dai",
        "246 3_ $aMắt biếc.",
        "020 __ $a17",
        "020 __ $z9780306406157",
        "500 __ $aBản của thư viện bị rách$5b",
        "541 __ $aÔng Trần Văn Tặng biếu",
        "583 __ $aĐóng lại bìa$kNguyễn Thị Kho",
        "590 __ $aNội bộ",
        "090 __ $a895.9",
        "856 40 $yKhông có địa chỉ",
        "880 1_ $6100-01$a阮",
        "040 __ $aVN",
    ],
)
def test_what_is_said_already_or_means_nothing_to_others_is_not_added(line: str) -> None:
    assert united(line) == []


@pytest.mark.parametrize(
    ("line", "added"),
    [
        ("020 __ $a9786041140530", "020 __ $a9786041140530$9b"),
        ("035 __ $a(OCoLC)12345", "035 __ $a(OCoLC)12345$9b"),
        ("080 __ $a82-93", "080 __ $a82-93$9b"),
        ("100 1_ $aTrần, Dịch", "700 1_ $aTrần, Dịch$9b"),
        ("110 2_ $aHội Nhà văn", "710 2_ $aHội Nhà văn$9b"),
        ("700 1_ $aNguyễn, Nhật Ánh,$d1990-", "700 1_ $aNguyễn, Nhật Ánh,$d1990-$9b"),
        ("245 10 $aMắt biếc :$btiểu thuyết /$cNguyễn", "246 3_ $aMắt biếc :$btiểu thuyết /$9b"),
        ("246 1_ $iNhan đề bìa:$aMắt biếc ơi", "246 1_ $iNhan đề bìa:$aMắt biếc ơi$9b"),
        ("300 __ $a298 tr.", "300 __ $a298 tr.$9b"),
        ("250 __ $aIn lần thứ 40", "250 __ $aIn lần thứ 40$9b"),
        ("490 0_ $aTủ sách Tuổi xanh ;$v4", "490 0_ $aTủ sách Tuổi xanh ;$v4$9b"),
        ("505 0_ $aChương 1 -- Chương 2", "505 0_ $aChương 1 -- Chương 2$9b"),
        ("520 __ $aChuyện của Ngạn", "520 __ $aChuyện của Ngạn$9b"),
        ("650 _4 $aTruyền", "650 _4 $aTruyền$9b"),
        ("653 __ $aTruyện$aLàng Đo Đo", "653 __ $aLàng Đo Đo$9b"),
        ("700 1_ $6880-02$aLê, Dịch$0(x)1", "700 1_ $aLê, Dịch$0(x)1$9b"),
        ("856 40 $uhttps://example.vn/1", "856 40 $uhttps://example.vn/1$9b"),
    ],
)
def test_what_is_new_is_added_with_its_origin(line: str, added: str) -> None:
    assert united(line) == [added]


@pytest.mark.parametrize("line", ["260 __ $aHCM :$bTrẻ,$c2020", "264 _1 $aHCM :$bTrẻ,$c2020"])
def test_what_a_publication_has_once_is_the_bases(line: str) -> None:
    assert united(line) == []


def test_a_number_of_a_system_in_9_is_not_taken_for_an_origin() -> None:
    koha = member("k", "245 10 $aMắt biếc", "650 _4 $aBiển$94711", "655 _4 $94712")
    alone = merge(1, "r", [koha])
    assert "4711" not in alone.marcxml
    assert shown(record_of(alone).fields, "650", "655") == ["650 _4 $aBiển"]
    assert shown(record_of(merge(1, "r", [koha, FULL])).fields, "650")[-1] == "650 _4 $aBiển$9k"


def test_notes_subjects_and_names_keep_the_order_of_their_cataloguer() -> None:
    base = member("a", "650 _4 $aHai", "600 14 $aMột", "653 __ $aBa", *(f"500 __ $aGhi chú {n}" for n in range(9)))
    made = record_of(merge(1, "r", [base, member("b", "600 14 $aBốn")]))
    assert [field.get("a") for field in made.of("600", "650", "653")] == ["Hai", "Một", "Ba", "Bốn"]


def test_tags_stand_in_order() -> None:
    made = record_of(
        merge(1, "r", [FULL, member("b", "010 __ $a   00369139 ", "300 __ $a9 tr.", "856 40 $uhttp://a.vn/b")])
    )
    blocks = [field.tag[0] if field.tag[0] in "567" else field.tag for field in made.fields]
    assert blocks[-2:] == ["852", "852"]
    assert blocks[:-2] == sorted(blocks[:-2])


def test_ties_are_broken_by_code_and_local_id() -> None:
    alike = [
        member("b", "245 10 $aA", local_id="1"),
        member("a", "245 10 $aA", local_id="2"),
        member("a", "245 10 $aA"),
    ]
    for turn in permutations(alike):
        assert [(one.code, one.local_id) for one, _, _ in ranked(turn)] == [("a", "2"), ("a", "a-1"), ("b", "1")]


def test_the_origins_name_every_record_and_every_field_that_was_added() -> None:
    union = merge(1, "r", [FULL, member("b", "245 10 $aMắt biếc", "300 __ $a9 tr.", local_id="x")])
    assert union.origins == (Origin("a", "a-1"), Origin("b", "x"), Origin("b", "x", "300"))


def test_two_records_of_one_library_both_stand_with_their_ids() -> None:
    held = (Holding("Kho đọc", "895", 2),)
    twice = [member("a", local_id="x1", holdings=held), member("a", local_id="x2", holdings=held)]
    assert shown(record_of(merge(1, "r", twice)).fields, "852") == [
        "852 __ $aa$bKho đọc$h895$9copies=2$9local-id=x1$9as-of=2026-11-22",
        "852 __ $aa$bKho đọc$h895$9copies=2$9local-id=x2$9as-of=2026-11-22",
    ]


# --- properties -------------------------------------------------------------------------------------------------------

LINES = [
    F008,
    "008 200101s9999    xx             000 0 und d",
    "010 __ $a   00369139 ",
    "020 __ $a9780306406157",
    "020 __ $a0306406152",
    "020 __ $a9786041140530",
    "041 1_ $avie$hfre",
    "082 04 $a895.9223",
    "100 1_ $aNguyễn, Nhật Ánh",
    "100 0_ $aTrần Văn B",
    "245 10 $aMắt biếc",
    "245 10 $aMắt biếc :$btruyện dài",
    "245 10 $aMat biec",
    "250 __ $aIn lần 2",
    "260 __ $aH. :$bTrẻ,$c2019",
    "300 __ $a298 tr.",
    "490 0_ $aTủ sách",
    "500 __ $aTái bản",
    "500 __ $aTái bản nhiều lần",
    "520 __ $aTóm tắt",
    "650 _4 $aTruyện",
    "653 __ $aTruyện$aBiển",
    "650 _4 $aTruyền",
    "700 0_ $aNguyễn Nhật Ánh",
    "700 1_ $aLê, C,$d1950-",
    "700 1_ $aLê, C",
    "856 40 $uhttp://a.vn/b",
    "952 __ $aTV$p1$qNguyễn Mượn",
]
MEMBERS = st.lists(
    st.builds(
        lambda code, number, lines, copies: member(
            code, *sorted(lines), local_id=number, holdings=(Holding("Kho", "8", copies),)
        ),
        st.sampled_from("abc"),
        st.sampled_from("123"),
        st.lists(
            st.sampled_from(LINES), unique_by=lambda line: line[:3] if line[:3] in ("008", "245", "100") else line
        ),
        st.integers(0, 3),
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(MEMBERS, st.randoms())
def test_the_union_record_does_not_depend_on_the_order_of_its_members(members: list[Member], dice: object) -> None:
    turned = list(members)
    dice.shuffle(turned)  # type: ignore[attr-defined]
    assert merge(1, "r", turned) == merge(1, "r", members)


@settings(max_examples=150, deadline=None)
@given(MEMBERS)
def test_nothing_is_added_twice_and_all_of_it_was_said_by_somebody(members: list[Member]) -> None:
    fields = record_of(merge(1, "r", members)).fields
    theirs = {
        one for each in members for field in decode_xml(each.marcxml.encode()).record.fields for one in said(field)
    }
    added = [field for field in fields if field.get("9") and field.tag != "852" and field.tag[0] in "0678"]
    base = [field for field in fields if not field.get("9") and field.tag != "852"]
    there = {one for field in base for one in said(field)}
    for field in added:
        new = said(field)
        assert set(new) <= theirs
        assert not set(new) <= there
        there.update(new)


@settings(max_examples=150, deadline=None)
@given(MEMBERS)
def test_to_merge_what_was_merged_changes_nothing(members: list[Member]) -> None:
    union = merge(1, "r", members)
    again = Member("a", "u", union.marcxml, (), date(2026, 11, 22))
    plain = re.sub('<subfield code="9">[^<]*</subfield>|<datafield tag="852".*?</datafield>', "", union.marcxml)
    once = merge(1, "r", [again]).marcxml
    twice = merge(1, "r", [again, again]).marcxml
    assert re.sub('<datafield tag="852".*?</datafield>', "", once) == plain
    assert re.sub('<datafield tag="852".*?</datafield>', "", twice) == plain


def test_every_tag_is_treated_in_one_way() -> None:
    tags = [tag for each in TREATMENTS for tag in each.tags.split()]
    assert len(tags) == len(set(tags))
