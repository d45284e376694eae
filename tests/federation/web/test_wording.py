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
    ("phone", "address"),
    [
        ("0255 3822 000", "tel:02553822000"),
        ("(0255) 3.822.000, máy lẻ 12", "tel:02553822000"),
        ("+84 255-3822-000", "tel:+842553822000"),
        ("ĐT: 0255 3822 000 - 0913 123 456", "tel:02553822000"),
        ("0255 3822 000/0913 123 456", "tel:02553822000"),
        ("hỏi cô Lan", ""),
        ("12", ""),
    ],
)
def test_a_telephone_dials_the_first_number_stated(phone: str, address: str) -> None:
    assert dialled(phone) == address
