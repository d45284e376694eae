"""Where the tone mark of a syllable stands, and what is no syllable."""

import pytest

from schemas.vietnamese.syllable import TONES, Syllable, canonical, is_spelt, parse, spell, with_i

ACUTE = TONES[3]
GRAVE = TONES[0]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("nghiêng", ("ngh", "iêng", "")),
        ("gì", ("g", "i", GRAVE)),
        ("gìn", ("g", "in", GRAVE)),
        ("già", ("gi", "a", GRAVE)),
        ("giếng", ("g", "iêng", ACUTE)),
        ("quý", ("qu", "y", ACUTE)),
        ("quốc", ("qu", "ôc", ACUTE)),
        ("yến", ("", "yên", ACUTE)),
        ("khuya", ("kh", "uya", "")),
        ("ðá", ("đ", "a", ACUTE)),
    ],
)
def test_a_syllable_has_onset_rime_and_tone(word: str, parts: tuple[str, str, str]) -> None:
    assert parse(word) == Syllable(*parts)


@pytest.mark.parametrize(
    "word",
    ["", "school", "été", "déjà", "señor", "pơlê", "bơhnar", "tat́̀", "123", "mất̀", "ñan", "\u0301a", "tòt", "país", "q"],
)
def test_other_words_are_no_syllables(word: str) -> None:
    assert parse(word) is None
    assert canonical(word) == word


@pytest.mark.parametrize(
    ("typed", "canon"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("thủy", "thủy"),
        ("uỷ", "ủy"),
        ("hòan", "hoàn"),
        ("khỏang", "khoảng"),
        ("qúy", "quý"),
        ("qúa", "quá"),
        ("gìa", "già"),
        ("gíup", "giúp"),
        ("cuả", "của"),
        ("mià", "mìa"),
        ("ngừơi", "người"),
        ("tíêng", "tiếng"),
        ("tuýên", "tuyến"),
        ("khuỷu", "khuỷu"),
        ("ngòăn", "ngoằn"),
        ("xóong", "xoóng"),
        ("ðình", "đình"),
        ("ðài", "đài"),
    ],
)
def test_a_misplaced_tone_mark_goes_to_its_place(typed: str, canon: str) -> None:
    assert canonical(typed) == canon
    assert canonical(canon) == canon


@pytest.mark.parametrize("word", ["noé", "più", "caí", "baú", "là", "né", "voilà", "tué", "loué", "è"])
def test_words_of_other_languages_that_look_alike_stay(word: str) -> None:
    assert canonical(word) == word


def test_spelling_a_syllable_is_the_inverse_of_parsing_it() -> None:
    for word in ("nghiêng", "hòa", "quý", "giếng", "đường", "ưu", "ữu", "xoèn", "quạnh"):
        syllable = parse(word)
        assert syllable is not None
        assert spell(syllable) == word


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("ký", "kí"),
        ("mỹ", "mĩ"),
        ("ly", "li"),
        ("quý", "quí"),
        ("quy", "qui"),
        ("quýt", "quít"),
        ("quỳnh", "quình"),
        ("thúy", "thúy"),
        ("huy", "huy"),
        ("quyển", "quyển"),
        ("y", "y"),
        ("ý", "ý"),
        ("yến", "yến"),
        ("sky", "sky"),
        ("kí", "kí"),
    ],
)
def test_y_after_a_consonant_is_i(word: str, key: str) -> None:
    assert with_i(word) == key


@pytest.mark.parametrize(
    "word", ["nghiêng", "ghế", "kỹ", "ký", "cuốn", "gì", "giếng", "quốc", "người", "là", "đã", "ương"]
)
def test_a_syllable_is_well_spelt(word: str) -> None:
    assert is_spelt(word)


@pytest.mark.parametrize("word", ["cê", "kông", "ngê", "ngha", "gê", "tôc", "lươt", "héi", "été", "vò0", "", "école"])
def test_what_no_vietnamese_writes_is_not_well_spelt(word: str) -> None:
    assert not is_spelt(word)
