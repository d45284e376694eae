"""Words, masks and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.index import analysis, rows, schema
from federation.index.analysis import END, START, Mask
from schemas.vietnamese.fold import tokens

texts = st.text(alphabet=st.characters(max_codepoint=127)) | st.text(alphabet="aB1.,#+- '", max_size=20)


@given(texts)
def test_tantivy_takes_plain_texts_apart_as_we_do(text: str) -> None:
    if analysis.plain(text):
        assert schema.words().analyze(text) == [token.folded for token in tokens(text)]
        assert all(token.folded == token.toned for token in tokens(text))


@given(st.text() | st.lists(st.sampled_from(["Mắt", "hoà", "C++", "中文", "\u2260", "é́́"])).map(" ".join))
def test_tantivy_takes_marked_texts_apart_as_we_do(text: str) -> None:
    words = [form for token in tokens(text) for form in (token.folded, rows.TONED + token.toned)]
    assert schema.blanks().analyze(rows.marked(text)) == ([START, *words, END] if words else [])


@pytest.mark.parametrize("text", ["C++", "c#", "1.234", "dài 12,345 trang", "đá", "", "...", "Ⅳ"])
def test_what_is_not_plain(text: str) -> None:
    assert not analysis.plain(text)


@pytest.mark.parametrize("text", ["a", "Toan 4", "l'ete", "p. 12", "1.23"])
def test_what_is_plain(text: str) -> None:
    assert analysis.plain(text)


@given(st.text())
def test_anchors_are_never_part_of_a_word(text: str) -> None:
    assert not any(anchor in token for token in tokens(f"{START}{text}{END}") for anchor in (START, END))


def test_anchors_are_words_to_tantivy() -> None:
    assert schema.words().analyze(f"{START} Ab {END}") == [START, "ab", END]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mắ?", [Mask(("mắ", "?"), ("ma", "?"))]),
        ("m*t b?", [Mask(("m", "*", "t"), ("m", "*", "t")), Mask(("b", "?"), ("b", "?"))]),
        ("Đá", [Mask(("đá",), ("da",))]),
        ("l'é*", [Mask(("l",), ("l",)), Mask(("é", "*"), ("e", "*"))]),
        ("中国*", [Mask(("中",), ("中",)), Mask(("国", "*"), ("国", "*"))]),
        ("*", [Mask(("*",), ("*",))]),
        ("", []),
        ("!", []),
    ],
)
def test_masked_words(text: str, expected: list[Mask]) -> None:
    assert analysis.masks(text) == expected


@pytest.mark.parametrize(
    ("scheme", "text", "expected"),
    [
        ("isbn", "604-1-00001-9", "9786041000018"),
        ("isbn", "ISBN 978-604-1-00001-8 (bìa mềm)", "9786041000018"),
        ("isbn", " 604-1-X ", "604-1-X"),
        ("issn", "08667411", "0866-7411"),
        ("class", " 895.9 ", "895.9"),
        ("isbn", "", ""),
    ],
)
def test_numbers_as_the_index_keeps_them(scheme: str, text: str, expected: str) -> None:
    assert analysis.number(scheme, text) == expected


def test_only_a_valid_number_is_one_in_the_search_box() -> None:
    assert analysis.numbers("604-1-00001-9") == {"isbn": "9786041000018"}
    assert analysis.numbers("mắt biếc 2012") == {}
