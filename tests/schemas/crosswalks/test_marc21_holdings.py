"""Holdings: 852, Koha 952 and what a source's mapping names; and nothing of the people who borrow."""

from datetime import date

import pytest

from schemas.bib import Holding
from schemas.crosswalks.marc21_bib import bib
from schemas.crosswalks.marc21_holdings import (
    DEFAULT,
    RESTRICTED,
    FieldMapping,
    HoldingsMapping,
    holdings,
    mapping,
    union_852,
)
from schemas.errors import CrosswalkError
from schemas.marc.record import MarcRecord
from tests.schemas.crosswalks.build import record


def held(*lines, rules=DEFAULT):
    return holdings(record(*lines), rules)


def test_koha_items_of_one_place_and_call_number_are_counted_together():
    found = held(
        "952 __ $aTVQN$bTVQN$cKho đọc$o895.9 TH$p0001$t1",
        "952 __ $aTVQN$bTVQN$cKho đọc$o895.9 TH$p0002$t2",
        "952 __ $aTVQN$cKho mượn$o895.9 TH$p0003$zRách bìa",
    )
    assert found == (Holding("TVQN / Kho đọc", "895.9 TH", 2), Holding("TVQN / Kho mượn", "895.9 TH", 1, "Rách bìa"))


def test_a_restricted_piece_has_a_note_instead_of_its_shelf():
    assert held("952 __ $aTVQN$cKho kín$o895.9 TH$p0001$5RESTRICTED", "952 __ $aTVQN$cKho đọc$o895.9 TH$p0002$50") == (
        Holding("", "", 1, RESTRICTED),
        Holding("TVQN / Kho đọc", "895.9 TH", 1),
    )
    local = mapping("999,location=l,call_number=a,barcode=i,restricted=r")
    assert held("999 __ $lKho kín$aA1$i7$r1", rules=local) == (Holding("", "", 1, RESTRICTED),)


def test_an_item_without_a_barcode_is_still_one_copy():
    assert held("952 __ $bCS1$o001.42") == (Holding("CS1", "001.42", 1),)


def test_an_852_gives_place_call_number_and_copies_by_its_barcodes():
    found = held(
        "852 8_ $aVN-QNg$bKho đọc$cTầng 2$kQNg$h895.9223$iT450$pVN.01$zChỉ đọc tại chỗ", "852 __ $bKho mượn$jA12"
    )
    assert found == (
        Holding("Kho đọc / Tầng 2", "QNg 895.9223 T450", 1, "Chỉ đọc tại chỗ"),
        Holding("Kho mượn", "A12", 0),
    )


def test_one_place_told_by_two_tags_is_one_holding_with_the_greater_count():
    found = held("852 __ $bKho đọc$h895", "952 __ $cKho đọc$o895$p1", "952 __ $cKho đọc$o895$p2")
    assert found == (Holding("Kho đọc", "895", 2),)


def test_a_field_that_says_nothing_of_a_holding_gives_none():
    assert held("852 __ $aVN-QNg", "852 __ $xnội bộ") == ()


def test_what_a_system_keeps_of_borrowers_never_comes_in():
    people = "$qonloan 2026-12-01$mNguyễn Văn Mượn$v150000$xnội bộ: bạn đọc làm rách$9991$r2026-11-01$s2026-10-02$l12"
    found, _ = bib(record(f"952 __ $aTVQN$o895$p0001{people}", "852 __ $bKho$xMượn bởi Trần Thị B$dcũ$qrách"))
    assert found.holdings == (Holding("TVQN", "895", 1), Holding("Kho"))
    assert "Mượn" not in repr(found)
    assert "Trần" not in repr(found)


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("VN.1234-1240", 7),
        ("VN.1234-VN.1240", 7),
        ("VN.1234-40", 7),
        ("VN.1234, VN.1236 ; VN.1240", 3),
        ("VN.1234-1240; VN.2000", 8),
        ("(3): VN.01234-01236", 3),
        ("VN.1234-1200", 1),
        ("VN.1234-9999", 1),
        ("2019-2021", 1),
        ("0000004802", 1),
        ("M" * 5000 + "1234-1235", 1),
    ],
)
def test_registration_numbers_may_be_ranges_and_lists(text, copies):
    rules = mapping("852,location=b,barcode=j")
    assert held(f"852 __ $bKho$j{text}", rules=rules) == (Holding("Kho", "", copies),)


def test_a_mapping_reads_the_fields_of_another_system():
    rules = mapping("holdings=999,location=ml,call_number=a,barcode=i,note=n")
    found = held(
        "999 __ $aGV1619 .R6 1984$wLC$i1-3003$lLOST$mALDERMAN$tBOOK",
        "999 __ $aGV1619 .R6 1984$wLC$iX001019384$lLOST$mALDERMAN$tBOOK",
        "952 __ $a not mapped$p1",
        rules=rules,
    )
    assert found == (Holding("ALDERMAN / LOST", "GV1619 .R6 1984", 2),)


def test_a_mapping_may_name_a_number_of_copies_and_alternatives():
    rules = mapping("909, location=a|b c, call_number=k, copies=n; 910,location=a")
    assert rules == HoldingsMapping(
        (
            FieldMapping("909", ("ab", "c"), "k", copies="n"),
            FieldMapping("910", ("a",), item=True),
        )
    )
    found = held("909 __ $bTrường$cLớp 5$kT5$n12 bản", "909 __ $aKho$kT6$nmột", "910 __ $aKho lưu", rules=rules)
    assert found == (Holding("Trường / Lớp 5", "T5", 12), Holding("Kho", "T6", 0), Holding("Kho lưu", "", 1))


@pytest.mark.parametrize("text", ["", "  ", "default", "holdings="])
def test_no_mapping_is_the_default(text):
    assert mapping(text) is DEFAULT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("99,location=l", "'99' is no tag"),
        ("001,location=l", "'001' is no tag"),
        ("999", "it names no subfield"),
        ("999,shelf=l", "'shelf' is none of location, call_number, barcode, copies, note"),
        ("999,location", "'location=' names no subfield codes"),
        ("999,location=L$", "'location=L$' names no subfield codes"),
        ("999,location=a,location=b", "'location' is given twice"),
        ("999,location=a;999,location=b", "names a tag twice"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong_and_how_to_write_it(text, said):
    with pytest.raises(CrosswalkError) as raised:
        mapping(text)
    assert said in raised.value.message
    assert "999,location=l,call_number=a,barcode=i,note=n" in raised.value.message
    assert raised.value.where == "option holdings"


@pytest.mark.parametrize(
    "holding",
    [
        Holding("TVQN / Kho đọc", "895.9 TH", 12, "Chỉ đọc tại chỗ"),
        Holding("Kho đọc"),
        Holding("", "895.9", 0),
        Holding("", "", 3),
    ],
)
def test_a_holding_written_into_the_union_record_reads_back_the_same(holding):
    field = union_852("qng-tinh", holding, "oai:tv:12", date(2026, 11, 22))
    assert holdings(MarcRecord("", (field,))) == (holding,)


def test_the_union_852_stays_inside_what_marc_21_defines():
    field = union_852("qng-tinh", Holding("Kho đọc", "895.9", 3, "Tại chỗ"), "oai:tv:12", date(2026, 11, 22))
    assert field.tag == "852"
    assert field.subfields == (
        ("a", "qng-tinh"),
        ("b", "Kho đọc"),
        ("h", "895.9"),
        ("z", "Tại chỗ"),
        ("9", "copies=3"),
        ("9", "local-id=oai:tv:12"),
        ("9", "as-of=2026-11-22"),
    )


def test_copies_with_their_own_numbers_stand_at_one_call_number():
    found = held(
        "952 __ $cKho$o895.1 T4 c.1$p1", "952 __ $cKho$o895.1 T4, Copy 2$p2", "952 __ $ckho $o895.1 T4 bản 3$p3"
    )
    assert found == (Holding("Kho", "895.1 T4", 3),)


def test_a_copy_without_call_number_counts_with_the_only_one_of_its_place():
    assert held("952 __ $cKho$p1", "952 __ $cKho$o895$p2") == (Holding("Kho", "895", 2),)
    apart = held("952 __ $cKho$p1", "952 __ $cKho$o895$p2", "952 __ $cKho$o896$p3")
    assert apart == (Holding("Kho", "", 1), Holding("Kho", "895", 1), Holding("Kho", "896", 1))


def test_an_item_that_stands_twice_in_a_record_is_one_copy():
    assert held("952 __ $cKho$o895$p1", "952 __ $cKho$o895$p1") == (Holding("Kho", "895", 1),)
    assert held("952 __ $cKho$o895", "952 __ $cKho$o895") == (Holding("Kho", "895", 2),)


def test_withdrawn_and_lost_copies_are_not_held():
    found = held("952 __ $00$10$cKho$o895$p1", "952 __ $01$cKho$o895$p2", "952 __ $12$cKho$o895$p3")
    assert found == (Holding("Kho", "895", 1),)


def test_an_inventory_number_may_be_a_range_where_there_is_no_barcode():
    assert held("952 __ $cKho$iVN.1234-1240") == (Holding("Kho", "", 7),)


def test_items_of_an_852_are_counted_with_the_field_they_are_linked_to():
    found = held(
        "852 __ $81$bKho đọc$h895",
        "852 __ $82$bKho mượn$h895",
        "876 __ $81.1$pVN.1$jLoaned",
        "876 __ $81.2$pVN.2-VN.3",
        "876 __ $82.1$a7",
        "876 __ $89.1$pVN.9",
        "877 __ $81.1$pPhụ lục",
    )
    assert found == (Holding("Kho đọc", "895", 2), Holding("Kho mượn", "895", 1))


def test_items_without_a_link_belong_to_the_only_852():
    assert held("852 __ $bKho$pVN.1", "876 __ $pVN.1", "876 __ $pVN.2") == (Holding("Kho", "", 2),)


@pytest.mark.parametrize(
    "note",
    ["Đang mượn: Lê A", "người mượn Lê A", "Hạn trả 1/12", "Số thẻ 12", "On loan", "due back 1 Dec", "Patron: X"],
)
def test_a_note_of_a_loan_is_dropped(note):
    assert held(f"852 __ $bKho$z{note}$zRách bìa") == (Holding("Kho", "", 0, "Rách bìa"),)


@pytest.mark.parametrize("note", ["Không cho mượn", "Mượn tại chỗ", "Phòng mượn tầng 2", "Bạn đọc tự chọn"])
def test_a_note_on_how_a_copy_is_used_stays(note):
    assert held(f"852 __ $bKho$z{note}") == (Holding("Kho", "", 0, note),)


@pytest.mark.parametrize("text", ["952,note=m", "952,location=c,barcode=q", "952,note=zx", "852,note=x"])
def test_a_mapping_that_names_loans_is_refused(text):
    with pytest.raises(CrosswalkError) as raised:
        mapping(text)
    assert "Library Law" in raised.value.message
