"""The table of access points: unique names at every door, and what is found by them."""

import pytest

from federation.index.document import CODES, TEXTS
from schemas.query.access_points import access_points, by_bib1, by_cql, by_name, by_prefix, code


def found(point: object) -> str:
    return getattr(point, "name", "")


def test_every_name_index_number_and_prefix_means_one_access_point() -> None:
    for names in (
        [point.name for point in access_points()],
        [index.lower() for point in access_points() for index in point.cql],
        [number for point in access_points() for number in point.bib1],
        [prefix for point in access_points() for prefix in point.prefixes],
    ):
        assert len(names) == len(set(names))


def test_every_access_point_has_labels_a_cql_index_and_a_kind() -> None:
    for point in access_points():
        assert point.label("vi") == point.label_vi != ""
        assert point.label("en") == point.label_en != ""
        assert point.cql
        assert point.kind in ("text", "code", "year")


def test_every_access_point_is_a_field_of_the_index() -> None:
    for point in access_points():
        fields = {"text": TEXTS, "code": (*CODES, "id"), "year": ("year",)}[point.kind]
        assert point.field in fields


@pytest.mark.parametrize(
    ("index", "name"),
    [
        ("dc.title", "title"),
        ("DC.Title", "title"),
        ("title", "title"),
        ("cql.serverChoice", "any"),
        ("cql.anywhere", "any"),
        ("dc.contributor", "creator"),
        ("bath.personalName", "creator"),
        ("creator", "creator"),
        ("dc.date", "year"),
        ("rec.identifier", "id"),
        ("rec.id", "id"),
        ("lienthong.member", "member"),
        ("bath.isbn", "isbn"),
        ("note", "note"),
        ("dc.nothing", ""),
        ("", ""),
    ],
)
def test_a_cql_index_is_found(index: str, name: str) -> None:
    assert found(by_cql(index)) == name


@pytest.mark.parametrize(
    ("use", "name"),
    [
        *((use, "creator") for use in (1, 2, 3, 1002, 1003)),
        *(
            (4, "title"),
            (5, "series"),
            (7, "isbn"),
            (8, "issn"),
            (12, "id"),
            (13, "class"),
            (16, "class"),
            (20, "class"),
        ),
        *((21, "subject"), (30, "year"), (31, "year"), (54, "language"), (59, "place"), (62, "note"), (63, "note")),
        *((1007, "any"), (1010, "any"), (1016, "any"), (1035, "any"), (1018, "publisher"), (1031, "material")),
        *((99, ""), (1011, ""), (-1, "")),
    ],
)
def test_a_bib1_use_attribute_is_found(use: int, name: str) -> None:
    assert found(by_bib1(use)) == name


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("title", "title"),
        ("Nhan-đề", "title"),
        ("nhan_de", "title"),
        ("tácgiả", "creator"),
        ("AUTHOR", "creator"),
        ("foo", ""),
    ],
)
def test_a_prefix_is_found_without_tones_case_or_hyphens(prefix: str, name: str) -> None:
    assert found(by_prefix(prefix)) == name


def test_codes_are_read_from_names() -> None:
    language, material, member = by_name("language"), by_name("material"), by_name("member")
    assert language and material and member
    assert code(language, "Tiếng Anh") == "eng"
    assert code(language, "klingonese") == "klingonese"
    assert code(material, "Sách") == "book"
    assert code(member, " QNG ") == "QNG"
