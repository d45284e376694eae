"""One name for a publisher or place, whatever stands in 260."""

import pytest

from schemas.maps import place, publisher


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Nxb. Kim Đồng,", "Kim Đồng"),
        ("Kim Đồng", "Kim Đồng"),
        ("NXB.Trẻ", "Trẻ"),
        ("N.X.B Giáo dục", "Giáo dục Việt Nam"),
        ("GD", "Giáo dục Việt Nam"),
        ("Nhà xuất bản Giáo dục Việt Nam ;", "Giáo dục Việt Nam"),
        ("Nha ̀xuất bản Khoa học xã hội,", "Khoa học Xã hội"),
        ("Nhà xuá̂t bản tỏ̂ng hợp Nghĩa Bình :", "Nghĩa Bình"),
        ("KH&KT", "Khoa học và Kỹ thuật"),
        ("Khoa học kĩ thuật", "Khoa học và Kỹ thuật"),
        ("CTQG", "Chính trị Quốc gia Sự thật"),
        ("Sự thật", "Sự thật"),
        ("Nhà XB Văn hoá - Thông tin", "Văn hóa - Thông tin"),
        ("Nxb ĐHQG TP.HCM", "Đại học Quốc gia Thành phố Hồ Chí Minh"),
        ("Oxford University Press,", "Oxford University Press"),
        ("Nxb. Chưa Từng Biết.", "Chưa Từng Biết"),
        ("[Trần Xuân Dũng]", "Trần Xuân Dũng"),
        ("[s.n.],", ""),
        ("K.nxb", ""),
        ("Nxb.", ""),
        ("Nhà xuất bản", ""),
        ("", ""),
    ],
)
def test_a_publisher_has_one_name(stated: str, name: str) -> None:
    assert publisher(stated) == name


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("H. :", "Hà Nội"),
        ("[Hà Nội?] :", "Hà Nội"),
        ("Hanoi", "Hà Nội"),
        ("TP. Hồ Chí Minh :", "Thành phố Hồ Chí Minh"),
        ("T.P. Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Tp.HCM", "Thành phố Hồ Chí Minh"),
        ("TP.Huế", "Huế"),
        ("S.", "Sài Gòn"),
        ("Sài-gòn", "Sài Gòn"),
        ("tỉnh Quảng Ngãi", "Quảng Ngãi"),
        ("Qui Nhơn", "Quy Nhơn"),
        ("М.", "Moskva"),
        ("Vīangchan :", "Viêng Chăn"),
        ("北京", "Bắc Kinh"),
        ("Cambridge, Mass. :", "Cambridge, Mass."),
        ("Cambridge :", "Cambridge"),
        ("Monterey Park, CA :", "Monterey Park, CA"),
        ("Washington, D.C. :", "Washington, D.C."),
        ("Thủ Đức.", "Thủ Đức"),
        ("[S.l.] :", ""),
        ("K.đ", ""),
        ("", ""),
        (" : ", ""),
    ],
)
def test_a_place_has_one_name(stated: str, name: str) -> None:
    assert place(stated) == name


def test_the_name_of_the_table_is_its_own_name() -> None:
    for name in ("Hà Nội", "Thành phố Hồ Chí Minh", "Sài Gòn - Chợ Lớn", "Washington, D.C."):
        assert place(name) == name
    for name in ("Giáo dục Việt Nam", "Tài nguyên - Môi trường và Bản đồ Việt Nam", "Trẻ"):
        assert publisher(name) == name
