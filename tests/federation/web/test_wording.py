import pytest

from federation.web.wording import imprint
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
