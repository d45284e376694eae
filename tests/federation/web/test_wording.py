import pytest

from federation.web.wording import dialled, imprint
from schemas.bib import Publication


@pytest.mark.parametrize(
    ("publication", "text"),
    [
        (Publication("Hà Nội", "Kim Đồng", "1999"), "Hà Nội : Kim Đồng, 1999"),
        (Publication(publisher="Kim Đồng"), "Kim Đồng"),
        (Publication(year=2001), "2001"),
        (Publication(), ""),
    ],
)
def test_the_imprint_leaves_out_what_is_not_stated(publication: Publication, text: str) -> None:
    assert imprint(publication) == text


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("0255 3822 000", "02553822000"),
        ("(0255) 3.822.000, máy lẻ 12", "02553822000"),
        ("+84 255 3822-000", "+842553822000"),
        ("028 3864 7256 (máy lẻ 5419)", "02838647256"),
        ("0255 3822 000 / 0905 123 456", "02553822000"),
        ("0255 3822 000/0905 123 456", "02553822000"),
        ("ĐT: 0255 3822 000 - 0905 123 456", "02553822000"),
        ("ĐT: 0255.3822000; 0905123456", "02553822000"),
        ("hỏi thủ thư", ""),
        ("12", ""),
    ],
)
def test_a_telephone_dials_the_first_number_of_a_text(phone: str, number: str) -> None:
    assert dialled(phone) == number
