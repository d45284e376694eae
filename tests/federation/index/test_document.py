"""What a reader can search of a union record."""

from pathlib import Path

import pytest

from federation.index import schema
from federation.index.document import CODES, SORT_BYTES, TEXTS, Placement, document, name, version
from federation.index.engine import Engine, Question
from schemas.bib import Agent, Bib, Classification, Edition, Holding, Identifier, Publication, Series, Subject, Title
from schemas.query.access_points import access_points
from schemas.query.tree import Term
from schemas.vietnamese.order import order_key

HASH = bytes(range(1, 33))
FULL = Bib(
    title=Title(
        "Mắt biếc", remainder="truyện dài", number="T. 1", responsibility="Nguyễn Nhật Ánh ; minh hoạ: Đỗ Hoàng Tường"
    ),
    languages=("vie",),
    other_titles=(Title("Blue eyes"),),
    agents=(Agent("Nguyễn, Nhật Ánh", main=True), Agent("Đỗ Hoàng Tường", role="minh hoạ"), Agent("Nguyễn Nhật Ánh")),
    identifiers=(
        Identifier("isbn", "9786041000018"),
        Identifier("isbn", "604-1-X", valid=False),
        Identifier("doi", "10.1/x"),
    ),
    subjects=(Subject("Văn học Việt Nam -- Truyện"), Subject("Văn học Việt Nam -- Truyện", scheme="fast")),
    classes=(Classification("ddc", "895.922334"),),
    edition=Edition("Tái bản lần thứ 7"),
    publication=Publication("TP. Hồ Chí Minh", "Trẻ", "[2012?]", 2012),
    series=(Series("Tủ sách tuổi hồng", "3", "0866-7411"),),
    summary="Chuyện tình buồn",
    contents="Chương một",
    notes=("Sách có minh hoạ",),
    holdings=(Holding("Kho mượn", "895.9 M42"),),
)


def test_every_text_stands_in_its_field() -> None:
    texts = document(7, HASH, FULL, Placement()).texts
    assert texts == {
        "title": ("Mắt biếc T. 1 truyện dài", "Mắt biếc T. 1", "Mắt biếc", "Blue eyes"),
        "creator": ("Nguyễn, Nhật Ánh", "Đỗ Hoàng Tường", "Nguyễn Nhật Ánh", FULL.title.responsibility),
        "subject": ("Văn học Việt Nam -- Truyện",),
        "publisher": ("Trẻ",),
        "place": ("TP. Hồ Chí Minh",),
        "series": ("Tủ sách tuổi hồng 3",),
        "note": ("Chuyện tình buồn", "Chương một", "Sách có minh hoạ"),
        "any": (
            "Tái bản lần thứ 7",
            "[2012?]",
            "9786041000018",
            "604-1-X",
            "10.1/x",
            "895.922334",
            "0866-7411",
            "895.9 M42",
        ),
    }


def test_codes_are_what_facets_and_exact_searches_need() -> None:
    placement = Placement(("TVT", "A"), ("public",), ("51",), ("51/province",), ("diachi",), 12)
    assert document(7, HASH, FULL, placement).codes == {
        "isbn": ("9786041000018", "604-1-X"),
        "class": ("895.922334",),
        "language": ("vie",),
        "material": ("book",),
        "member": ("TVT", "A"),
        "kind": ("public",),
        "area": ("51",),
        "group": ("12",),
        "creator": ("Nguyễn Nhật Ánh", "Đỗ Hoàng Tường"),
        "subject": ("Văn học Việt Nam -- Truyện",),
        "level": ("51/province",),
        "collection": ("diachi",),
        "ddc": ("8", "89"),
    }


def test_number_version_year_and_sort_keys() -> None:
    made = document(7, HASH, FULL, Placement())
    assert (made.id, made.version, made.year) == (7, 0x0102030405060708, 2012)
    assert made.version == version(HASH)
    assert made.sort_title == order_key("Mắt biếc. T. 1 : truyện dài")
    assert made.sort_creator == order_key("Nguyễn Nhật Ánh")


def test_an_empty_record_has_a_document() -> None:
    made = document(1, HASH, Bib(Title("")), Placement())
    assert made.texts == {}
    assert made.codes == {"material": ("book",)}
    assert made.sort_title == b""


def test_sort_keys_are_cut() -> None:
    assert len(document(1, HASH, Bib(Title("dài " * 500)), Placement()).sort_title) == SORT_BYTES


def test_a_year_that_is_not_in_the_date_can_be_searched() -> None:
    assert document(1, HASH, Bib(Title("a"), publication=Publication(year=1999)), Placement()).texts["any"] == ("1999",)


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("Nguyễn, Nhật Ánh", "Nguyễn Nhật Ánh"),
        ("Nguyễn Nhật Ánh", "Nguyễn Nhật Ánh"),
        ("Nguyen, Nhat Anh", "Nguyen Nhat Anh"),
        ("NGUYỄN , Nhật Ánh", "NGUYỄN Nhật Ánh"),
        ("Twain, Mark", "Twain, Mark"),
        ("Trường Đại học Phạm Văn Đồng, Khoa Toán", "Trường Đại học Phạm Văn Đồng, Khoa Toán"),
        ("", ""),
    ],
)
def test_vietnamese_names_lose_the_comma(heading: str, form: str) -> None:
    assert name(heading) == form


def test_every_access_point_has_a_field() -> None:
    for point in access_points():
        fields = {"text": TEXTS, "code": (*CODES, "id"), "year": ("year",)}[point.kind]
        assert point.field in fields, point.name


def test_a_new_field_is_another_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schema.layout()
    monkeypatch.setattr(schema, "CODES", (*CODES, "colour"))
    assert schema.layout() != before


@pytest.mark.parametrize(
    ("point", "text"),
    [
        ("any", "tường minh hoạ biếc"),
        ("any", "tai ban lan thu 7"),
        ("any", "895.9 m42"),
        ("title", "mat biec t 1"),
        ("title", "Blue Eyes"),
        ("creator", "đỗ hoàng tường"),
        ("series", "tủ sách"),
        ("place", "hồ chí minh"),
        ("isbn", "604-1-00001-9"),
        ("class", "895.922334"),
    ],
)
def test_the_record_is_found_by(engine: Engine, point: str, text: str) -> None:
    engine.publish([document(7, HASH, FULL, Placement())], [])
    assert engine.search(Question(Term(point, text))).ids == (7,)


def test_real_records_are_found_by_their_titles(engine: Engine, shared_data: Path) -> None:
    from schemas.crosswalks.marc21_bib import bib
    from schemas.marc.read import decode, split
    from schemas.vietnamese.fold import tokens

    with (shared_data / "marc" / "lc-vietnamese.mrc").open("rb") as stream:
        bibs = [bib(decode(piece.content).record)[0] for piece in split(stream)]
    engine.publish((document(number, HASH, each, Placement()) for number, each in enumerate(bibs)), [])
    assert engine.count() == len(bibs) > 90
    for number, each in enumerate(bibs):
        bare = " ".join(token.folded for token in tokens(each.title.main))
        for text, toned in ((each.title.main, True), (bare, False)):
            term = Term("title", text, "begins", toned=toned)
            assert number in engine.search(Question(term, limit=100)).ids, each.title
