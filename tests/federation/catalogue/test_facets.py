"""The table of facets and what values are called."""

import pytest

from federation.catalogue.facets import FACETS, Called, by_name, value_label
from federation.index.document import CODES, TREES
from schemas.maps import ddc
from schemas.maps.tables import rows
from tests.support.languages import ENGLISH, VIETNAMESE

CALLED = Called({"tvt": "Thư viện tỉnh"}, {"51": "Tỉnh Quảng Ngãi"}, {"public": ("Công cộng", "Public")})


def test_every_facet_has_a_field_that_the_index_counts_and_a_name_of_its_own() -> None:
    assert {facet.field for facet in FACETS} <= {*CODES, *TREES, "year", "decade"}
    assert len({facet.name for facet in FACETS}) == len(FACETS)
    assert all(facet.label(VIETNAMESE) and facet.label(ENGLISH) for facet in FACETS)
    assert by_name("nothing") is None


@pytest.mark.parametrize(
    ("facet", "value", "vi", "en"),
    [
        ("place", "area:51", "Tỉnh Quảng Ngãi", "Tỉnh Quảng Ngãi"),
        ("place", "level:51/province", "Cấp tỉnh", "Province"),
        ("place", "level:51/hamlet", "hamlet", "hamlet"),
        ("place", "member:tvt", "Thư viện tỉnh", "Thư viện tỉnh"),
        ("place", "tvt", "Thư viện tỉnh", "Thư viện tỉnh"),
        ("kind", "public", "Công cộng", "Public"),
        ("ddc", "8", "800 Văn học", "800 Literature"),
        ("ddc", "51", "510 Toán học", "510 Mathematics"),
        ("grade", "5", "Lớp 5", "Grade 5"),
        ("programme", "canh-dieu", "Cánh Diều", "Cánh Diều"),
        ("collection", "diachi", "Địa chí", "Local history"),
        ("decade", "1990", "1990–1999", "1990–1999"),
        ("creator", "Tố Hữu", "Tố Hữu", "Tố Hữu"),
        ("kind", "unheard-of", "unheard-of", "unheard-of"),
    ],
)
def test_values_are_called_in_words(facet: str, value: str, vi: str, en: str) -> None:
    found = [value_label(facet, value, language, CALLED) for language in (VIETNAMESE, ENGLISH)]
    assert found == [vi, en]


def test_every_dewey_division_has_a_caption_and_a_parent() -> None:
    codes = [row["code"] for row in rows("ddc")]
    assert len(codes) == 110
    assert all(ddc.parent(code) in ("", *codes) for code in codes)
    assert value_label("ddc", "x", VIETNAMESE, CALLED) == "x"
