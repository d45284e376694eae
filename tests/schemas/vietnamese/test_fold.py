"""Toned and folded tokens: what is equal, what stays apart, and that folding is stable for any text."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vietnamese.fold import folded, folded_key, key, tokens, toned, toned_words

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
texts = st.text() | st.text(
    alphabet=VIETNAMESE + VIETNAMESE.upper() + " .,-'+#019ÐðƀŏĕĬ\u0300\u0301\u0323", max_size=40
)


def split(text: str) -> list[str]:
    return [token.folded for token in tokens(text)]


@pytest.fixture(scope="module")
def titles(shared_data: Path) -> list[str]:
    lines = (shared_data / "vietnamese-encodings" / "titles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@given(texts)
def test_folding_is_stable(text: str) -> None:
    assert toned(toned(text)) == toned(text)
    assert folded(folded(text)) == folded(text)
    assert folded(toned(text)) == folded(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)) | texts)
def test_words_of_one_kind_of_text_are_told_as_those_of_any_other(text: str) -> None:
    assert toned_words(text) == [token.toned for token in tokens(text)]
    assert [*toned_words(text), "ế"] == toned_words(f"{text} ế")


@pytest.mark.pathology(23, "text is kept composed; search and match keys are the same for both")
@given(texts)
def test_decomposed_text_gives_what_composed_text_gives(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert toned(composed) == toned(decomposed)
    assert folded(composed) == folded(decomposed)
    assert tokens(composed) == tokens(decomposed)


@given(texts)
def test_tokens_are_the_words_of_the_toned_text(text: str) -> None:
    found = tokens(text)
    assert tokens(toned(text)) == found
    assert all(token.toned and token.folded == folded(token.toned) for token in found)


@given(texts)
def test_keys_are_stable(text: str) -> None:
    assert key(key(text)) == key(text)
    assert folded_key(key(text)) == folded_key(text)
    assert folded_key(folded_key(text)) == folded_key(text)


def test_real_titles_keep_their_tones_and_fold_to_plain_letters(titles: list[str]) -> None:
    for title in titles:
        assert toned(unicodedata.normalize("NFD", title)) == toned(title)
        assert folded(unicodedata.normalize("NFD", title)) == folded(title)
        assert [token.folded for token in tokens(title)] == [token.folded for token in tokens(folded(title))]
        assert not [letter for letter in folded(title) if letter.isalpha() and not letter.isascii()]


def test_few_real_titles_need_their_tone_marks_moved(titles: list[str]) -> None:
    moved = [title for title in titles if toned(title) != unicodedata.normalize("NFC", title).casefold()]
    assert 0 < len(moved) < 10


@pytest.mark.pathology(23, "tone marks are moved to their place in keys alone; the record keeps its spelling")
@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Thuý Kiều", "THÚY KIỀU"),
        ("qúy", "Quý"),
        ("Ðà Nẵng", "Đà Nẵng"),
        ("giai đọan", "giai đoạn"),
    ],
)
def test_two_spellings_of_one_text_are_equal_toned(typed: str, other: str) -> None:
    assert toned(typed) == toned(other)


@pytest.mark.parametrize("text", ["Bàn về thơ", "Bán vé thơ", "Bạn vẽ thỏ"])
def test_tones_keep_texts_apart_until_they_are_folded(text: str) -> None:
    assert folded(text) == "ban ve tho"
    assert len({toned(text) for text in ("Bàn về thơ", "Bán vé thơ", "Bạn vẽ thỏ")}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "the quick brown fox jumps over the lazy dog",
        "à la recherche du temps perdu, où l'été est né déjà : voilà noé",
        "où sont les neiges d’antan",
        "straße grüße",
        "pơlê tơdroăng xơ đăng; ƀok kei dei, tơdrong",
        "hrê: ca dua ha rê, ha ngày xưa",
        "čư̆ mgar, ea súp, ƀuôn ma thuột",
        "più caffè, città del vaticano",
        "el niño y la mañana del país",
    ],
)
def test_other_languages_pass_untouched(text: str) -> None:
    assert toned(text) == unicodedata.normalize("NFC", text).casefold()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TP.HCM", ["tp", "hcm"]),
        ("Việt-Nam", ["viet", "nam"]),
        ("l'été, d’Artagnan", ["l", "ete", "d", "artagnan"]),
        ("1.234.567 câu", ["1234567", "cau"]),
        ("1,000 words", ["1000", "words"]),
        ("Web 2.0, ngày 30.4.1975", ["web", "2", "0", "ngay", "30", "4", "1975"]),
        ("1234.567", ["1234", "567"]),
        ("C++ và C#, F#", ["c++", "va", "c#", "f#"]),
        ("Lập trình C", ["lap", "trinh", "c"]),
        ("số #12 +84", ["so", "12", "84"]),
        ("lớp 10A1", ["lop", "10a1"]),
        ("Qurʼān, Tolʹstoĭ", ["quran", "tolstoi"]),
        ("図書館の本", ["図", "書", "館", "の", "本"]),
        ("도서관", ["도", "서", "관"]),
        ("ספר הזהר", ["ספר", "הזהר"]),
        ("كِتَابٌ", ["كتاب"]),
        ("Война и мир", ["воина", "и", "мир"]),
        ("हिन्दी साहित्य", ["हिन्दी", "साहित्य"]),
        ("ภาษาไทย", ["ภาษาไทย"]),
        ("٣ کتاب", ["3", "کتاب"]),
        ("Øystein Łódź Œuvre Ærø", ["oystein", "lodz", "oeuvre", "aero"]),
        ("soft\u00adhyphen, zero\u200bwidth", ["softhyphen", "zero", "width"]),
        ("  … — !?", []),
        ("", []),
        ("snake_case a/b&c", ["snake", "case", "a", "b", "c"]),
        ("\u0301a", ["a"]),
    ],
)
def test_how_a_text_falls_into_words(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kỹ sư", "Kĩ sư"),
        ("Lý thuyết", "Lí thuyết"),
        ("hoà", "hòa"),
        ("Mỹ-thuật", "mĩ thuật"),
        ("Quy Nhơn", "Qui Nhơn"),
    ],
)
def test_keys_do_not_tell_i_from_y(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert folded_key(one) == folded_key(other) == folded_key(folded(other))


def test_i_and_y_stay_apart_outside_keys() -> None:
    assert toned("Mỹ") != toned("Mĩ")
    assert key("tai") != key("tay")
    assert key("thúi") != key("thúy")
    assert key("y tế") != key("i tế")


def test_toned_keeps_the_signs_and_tokens_do_not() -> None:
    assert toned("Hoà: «Bình»!") == "hòa: «bình»!"
    assert folded("Hoà: «Bình»!") == "hoa: «binh»!"
    assert [token.toned for token in tokens("Hoà: «Bình»!")] == ["hòa", "bình"]
