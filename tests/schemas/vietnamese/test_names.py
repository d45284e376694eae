import pytest

from schemas.vietnamese.names import natural


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
