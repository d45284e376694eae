import pytest

from schemas.vietnamese.names import given_first, natural
from schemas.vietnamese.order import order_key


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Nguyễn, Nhật Ánh", "Nguyễn Nhật Ánh"),
        ("Nguyễn Nhật Ánh", "Nguyễn Nhật Ánh"),
        ("Tran, Van A", "Tran Van A"),
        ("Smith, John", "Smith, John"),
        ("", ""),
    ],
)
def test_a_comma_after_a_vietnamese_family_name_is_foreign(heading: str, name: str) -> None:
    assert natural(heading) == name


@pytest.mark.parametrize(
    ("heading", "filed"),
    [
        ("Nguyễn Nhật Ánh", "Ánh Nguyễn Nhật"),
        ("Nguyễn, Nhật Ánh", "Ánh Nguyễn Nhật"),
        ("NGUYỄN NHẬT ÁNH", "ÁNH NGUYỄN NHẬT"),
        ("nguyễn nhật ánh", "ánh nguyễn nhật"),
        ("Lưu Minh Trị chủ biên", "Trị Lưu Minh chủ biên"),
        ("Hồ Chí Minh", "Minh Hồ Chí"),
        ("Đặng Thai Mai", "Mai Đặng Thai"),
        ("Nguyễn", "Nguyễn"),
        ("Nam Cao", "Nam Cao"),
        ("Nguyễn dịch", "Nguyễn dịch"),
        ("Twain, Mark", "Twain, Mark"),
        ("Trần Hưng, Lê Lợi", "Trần Hưng, Lê Lợi"),
        ("曹雪芹", "曹雪芹"),
        ("", ""),
    ],
)
def test_a_vietnamese_is_called_by_the_last_word(heading: str, filed: str) -> None:
    assert given_first(heading) == filed


def test_people_stand_as_in_a_list_of_a_class() -> None:
    people = ["Trần Văn An", "Nguyễn Thị Ân", "Lê Văn Đạt", "Nguyễn Thị Dung", "Phạm An", "Bùi Văn Ấn", "Twain, Mark"]
    expected = ["Phạm An", "Trần Văn An", "Nguyễn Thị Ân", "Bùi Văn Ấn", "Nguyễn Thị Dung", "Lê Văn Đạt", "Twain, Mark"]
    assert sorted(people, key=lambda one: order_key(given_first(one))) == expected
