"""Dictionary order: hand-written lists in the order of Vietnamese dictionaries, and what holds for any text."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vietnamese.fold import tokens
from schemas.vietnamese.order import order_key

LISTS = {
    "tones": [
        "ba",
        "bà",
        "bả",
        "bã",
        "bá",
        "bạ",
        "bac",
        "bác",
        "bạc",
        "bách",
        "ban",
        "bàn",
        "bản",
        "bán",
        "bạn",
        "bang",
        "bát",
    ],
    "letters": ["ca", "că", "câ", "cơ", "cu", "cư", "da", "đa", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"],
    "foreign letters": ["e", "ê", "fa", "ga", "hi", "i", "ja", "ka", "va", "wa", "xa", "y", "za"],
    "syllable by syllable": ["ba", "ba bể", "ba tơ", "bả sơn", "bá a", "ban a", "băn khoăn", "bâng khuâng"],
    "quality before tone": ["la", "lả", "lạ", "lam", "lắc", "lăm", "lâm", "lấm", "le"],
    "onsets": ["cá", "chá", "cô", "cơm", "ga", "gà", "ghe", "gì", "già"],
    "d and đ": ["da", "dân ca", "dương", "đa", "đàn", "đường"],
    "numbers": ["Toán 1", "Toán 2", "Toán 9", "Toán 10", "Toán 10A", "Toán 11", "Toán cao cấp"],
    "digits first": ["", "1 + 1", "20 truyện", "100 truyện", "1.000 truyện", "A", "Ă", "Z", "Ω", "Я", "漢"],
    "creators": [
        "Nguyễn",
        "Nguyễn An",
        "Nguyễn, Công Hoan",
        "Nguyễn Du",
        "Nguyễn Đình Thi",
        "Nguyễn Nhật Ánh",
        "Nguyện",
    ],
    "places": ["Ba Tơ", "Bà Rịa", "Bình Sơn", "Đà Nẵng", "Đức Phổ", "Hà Nội", "Lý Sơn", "Mộ Đức", "Quảng Ngãi"],
    "marks of others": ["cote", "coter", "cotes", "côte"],
    "leading zeros": ["7", "07", "007", "8"],
}
PAIRS = [pair for words in LISTS.values() for pair in pairwise(words)]
texts = st.text() | st.text(alphabet="aăâàáạbdđeêơơ̆oøœuư ð0127 -", max_size=12)


def test_the_lists_hold_enough_pairs() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_first_comes_before_the_second(first: str, second: str) -> None:
    assert order_key(first) < order_key(second)


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_a_list_sorts_as_written(words: list[str]) -> None:
    assert sorted(Random(1).sample(words, len(words)), key=order_key) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hoà Bình", "hòa bình"), ("Nguyễn, Du", "Nguyễn Du"), ("«Truyện Kiều»", "Truyện Kiều"), ("ĐÀ NẴNG", "Ðà Nẵng")],
)
def test_case_signs_and_the_place_of_the_tone_do_not_count(one: str, other: str) -> None:
    assert order_key(one) == order_key(other)


@given(texts, texts)
def test_keys_are_equal_exactly_when_the_words_are(one: str, other: str) -> None:
    same_words = [token.toned for token in tokens(one)] == [token.toned for token in tokens(other)]
    assert (order_key(one) == order_key(other)) == same_words


@given(texts, texts)
def test_a_text_comes_before_a_longer_one_that_begins_with_it(text: str, more: str) -> None:
    assert order_key(text) <= order_key(f"{text} {more}")


@given(texts, texts, texts)
def test_a_word_after_does_not_change_the_order_of_different_words(first: str, second: str, after: str) -> None:
    if order_key(first) < order_key(second) and not order_key(second).startswith(order_key(first)):
        assert order_key(f"{first} {after}") < order_key(f"{second} {after}")


def test_a_very_long_text_has_a_key() -> None:
    assert order_key("a" * 10_000) < order_key("a" * 10_001)
    assert order_key("9" * 10_000) < order_key("1" + "0" * 10_000)
