"""The tables hold together: no code twice, no name for two things, nothing empty that is shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.maps.tables import by_code, by_name, label, name_key, parts, plain, rows


@pytest.mark.parametrize("name", ["languages", "countries"])
def test_a_code_stands_once(name: str) -> None:
    codes = [row["code"] for row in rows(name)]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes)


@pytest.mark.parametrize("name", ["languages", "countries", "material_types"])
def test_every_code_has_an_english_name(name: str) -> None:
    assert all(row["en"].strip() == row["en"] != "" for row in rows(name))


@pytest.mark.parametrize("name", ["publishers", "places"])
def test_a_name_leads_to_one_thing(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for row in rows(name):
        for alias in (row["name"], *parts(row["aliases"])):
            owners.setdefault(name_key(alias), set()).add(row["name"])
    assert {alias: names for alias, names in owners.items() if len(names) > 1} == {}
    assert "" not in owners


def test_the_tables_are_of_the_size_they_claim() -> None:
    assert len(rows("languages")) > 480
    assert sum(1 for row in rows("languages") if row["vi"]) > 150
    assert len(rows("countries")) > 350
    assert len(rows("publishers")) > 100
    assert len(rows("places")) > 100


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        rows("places")[0]["name"] = "x"  # type: ignore[index]
    with pytest.raises(TypeError):
        by_name("places")["x"] = "y"  # type: ignore[index]


def test_a_label_falls_back_to_english_and_then_to_the_code() -> None:
    assert label("languages", "vie", "vi") == "Tiếng Việt"
    assert by_code("countries")["abc"]["vi"] == ""
    assert label("countries", "abc", "vi") == by_code("countries")["abc"]["en"] == "Alberta"
    assert label("languages", "???", "vi") == "???"


def test_every_language_has_a_name_in_vietnamese() -> None:
    assert [row["code"] for row in rows("languages") if not row["vi"]] == []


def test_plain_names_have_no_case_marks_or_signs() -> None:
    assert plain("  Tp. HỒ CHÍ-MINH ") == "tp ho chi minh"
    assert plain("Nhà xuá̂t bản Ðà Nẵng") == plain("Nhà xuất bản Đà Nẵng")
    assert plain("北京") == "北京"


@given(st.text() | st.text(alphabet="aBđĐðếỀ \u0301\u034f.,-ß1²", max_size=20))
def test_a_plain_name_is_its_letters_and_digits_without_marks(text: str) -> None:
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d").replace("ð", "d")
    kept = [letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter)]
    assert plain(text) == " ".join("".join(kept).split())
