"""Languages, countries and material types: codes from what records say, and labels for readers."""

import pytest

from schemas.maps import country_name, language, language_name, material, material_codes, material_label, material_type


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("vie", "vie"),
        ("vi", "vie"),
        ("VI", "vie"),
        ("vi-VN", "vie"),
        ("Tiếng Việt", "vie"),
        ("tieng viet", "vie"),
        ("Vietnamese", "vie"),
        ("en", "eng"),
        ("en_US", "eng"),
        ("Anh", "eng"),
        ("fra", "fre"),
        ("zho", "chi"),
        ("Tiếng Trung", "chi"),
        ("ga", "gle"),
        ("scr", "hrv"),
        ("cam", "khm"),
        ("Hrê", "mkh"),
        ("tiếng Ba Na", "mkh"),
        ("Xơ Đăng", "mkh"),
        ("Ê Đê", "cmc"),
        ("Tày", "tai"),
        ("H'Mông", "hmn"),
        ("Engineering", ""),
        ("", ""),
        ("???", ""),
    ],
)
def test_what_a_record_says_leads_to_the_marc_code(said: str, code: str) -> None:
    assert language(said) == code


def test_a_language_has_a_name_for_readers() -> None:
    assert language_name("vie") == "Tiếng Việt"
    assert language_name("vie", "en") == "Vietnamese"
    assert language_name("qqq") == "qqq"


def test_a_country_code_is_read_padded_or_not() -> None:
    assert country_name("vm ") == country_name("vm") == "Việt Nam"
    assert country_name("enk", "en") == "England"
    assert country_name("nyu", "en") == "New York (State)"
    assert country_name("vs ") == "Nam Việt Nam"
    assert country_name("q9") == "q9"


@pytest.mark.parametrize(
    ("leader06", "leader07", "form", "code"),
    [
        ("a", "m", " ", "book"),
        ("a", "m", "o", "ebook"),
        ("a", "c", "s", "ebook"),
        ("a", "s", " ", "serial"),
        ("a", "i", "o", "eserial"),
        ("a", "b", " ", "article"),
        ("a", "a", "o", "article"),
        ("a", "m", "f", "braille"),
        ("c", "m", "f", "braille"),
        ("a", "s", "b", "microform"),
        ("t", "m", " ", "manuscript"),
        ("c", "m", " ", "score"),
        ("d", "m", " ", "score"),
        ("e", "s", "o", "map"),
        ("g", "m", " ", "video"),
        ("i", "m", " ", "spoken"),
        ("j", "m", " ", "music"),
        ("k", "m", " ", "image"),
        ("m", "m", " ", "computer"),
        ("o", "m", " ", "kit"),
        ("p", "c", " ", "archive"),
        ("r", "m", " ", "object"),
        (" ", "m", " ", "book"),
        ("", "", "", "book"),
        ("#", "s", "", "serial"),
        ("-", "-", "-", "book"),
    ],
)
def test_the_leader_decides_the_material(leader06: str, leader07: str, form: str, code: str) -> None:
    assert material_type(leader06, leader07, form) == code


def test_every_material_has_labels_and_is_found_by_them() -> None:
    assert {"thesis", "standard"} <= set(material_codes())
    for code in material_codes():
        assert material_label(code, "vi") != code
        assert (
            material(code)
            == material(material_label(code, "vi"))
            == material(material_label(code, "en").upper())
            == code
        )
    assert material("") == material("xyz") == ""
    assert material_label("xyz") == "xyz"
