"""What two fields say alike, however they are written; and what only looks alike."""

import pytest

from federation.matching.senses import said
from tests.schemas.crosswalks.build import field

ALIKE = [
    ("punctuation and case", "650 _4 $aVăn học, Việt Nam.", "650 _4 $aVĂN HỌC VIỆT NAM"),
    ("place of the tone mark", "650 _4 $aHoà bình", "650 _4 $aHòa bình"),
    ("i and y", "500 __ $aKỹ thuật, địa lý", "500 __ $aKĩ thuật, địa lí"),
    ("ending period", "500 __ $aCó tài liệu tham khảo.", "500 __ $aCó tài liệu tham khảo"),
    ("ISBN of 10 and 13 digits", "020 __ $a0-306-40615-2 (bìa mềm)", "020 __ $a9780306406157$c85000đ"),
    ("ISSN", "022 0_ $a0378-5955", "022 __ $a03785955"),
    ("OCLC number", "035 __ $a(OCoLC)ocm00012345", "035 __ $a(OCoLC)12345"),
    ("DOI", "024 7_ $a10.1000/ABC$2doi", "024 7_ $ahttps://doi.org/10.1000/abc$2doi"),
    ("comma in a name", "100 1_ $aNguyễn, Nhật Ánh", "700 0_ $aNguyễn Nhật Ánh,$etác giả"),
    ("turned name", "100 1_ $aPhillipps, Karen.", "700 0_ $aKaren Phillipps"),
    ("publisher", "710 2_ $aNhà xuất bản Kim Đồng", "710 2_ $aNxb. Kim Đồng."),
    ("publisher shortened", "710 2_ $aNXB GD", "710 2_ $aNhà xuất bản Giáo dục Việt Nam"),
    ("publisher in a note", "500 __ $aBìa ghi: Nxb. Trẻ", "500 __ $aBìa ghi : Nhà xuất bản Trẻ"),
    ("marks of segmentation", "082 04 $a895.9/223$223", "082 14 $a895.9223"),
    ("list of subjects", "650 _0 $aBirds$zVietnam.", "650 _4 $aBirds -- Vietnam"),
    ("keyword and subject", "653 __ $aThơ", "650 _4 $aThơ"),
    ("address", "856 40 $uhttp://www.example.vn/a/", "856 41 $uhttps://example.vn/a$yBản số"),
    ("ISBD in a title", "246 3_ $aMắt biếc :$btruyện dài", "740 0_ $aMắt biếc. $btruyện dài /"),
]
APART = [
    ("tones", "650 _4 $aBàn về thơ", "650 _4 $aBán vé thơ"),
    ("tones of a name", "700 0_ $aTrần Hưng", "700 0_ $aTrần Hùng"),
    ("subdivision", "650 _4 $aVăn học$zViệt Nam", "650 _4 $aVăn học Việt Nam"),
    ("genre and subject", "655 _4 $aThơ", "650 _4 $aThơ"),
    ("class of another scheme", "082 04 $a895", "080 __ $a895"),
    ("university and its press", "710 2_ $aĐại học Sư phạm", "710 2_ $aNxb. Đại học Sư phạm"),
    ("name and its work", "700 1_ $aNam Cao", "700 1_ $aNam Cao.$tChí Phèo"),
    ("address", "856 40 $uhttp://example.vn/a", "856 40 $uhttp://example.vn/b"),
    ("number of the part", "246 3_ $aToán.$nTập 1", "246 3_ $aToán.$nTập 2"),
]


@pytest.mark.parametrize(("what", "left", "right"), ALIKE, ids=[row[0] for row in ALIKE])
def test_two_ways_to_say_one_thing_are_one(what: str, left: str, right: str) -> None:
    assert set(said(field(left))) & set(said(field(right)))


@pytest.mark.parametrize(("what", "left", "right"), APART, ids=[row[0] for row in APART])
def test_two_things_stay_two(what: str, left: str, right: str) -> None:
    assert not set(said(field(left))) & set(said(field(right)))


@pytest.mark.parametrize("line", ["020 __ $a3", "020 __ $c85000đ", "500 __ $a...", "856 40 $yBản số", "653 __ $a ; "])
def test_a_field_without_anything_to_compare_says_nothing(line: str) -> None:
    assert said(field(line)) == []
