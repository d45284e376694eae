"""Words typed for a keyboard program that was not on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vietnamese.fold import folded
from schemas.vietnamese.syllable import parse
from schemas.vietnamese.typing import meant


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        *[("truyeenj", "truyện"), ("truyeen", "truyên"), ("kieeuf", "kiều"), ("vieejt", "việt"), ("dduowngf", "đường")],
        *[("nguoiwf", "người"), ("nguwowif", "người"), ("truwowngf", "trường"), ("tuwf", "từ"), ("ddi", "đi")],
        *[("tieengs", "tiếng"), ("hoas", "hóa"), ("thuyr", "thủy"), ("quangr", "quảng"), ("did", "đi")],
        *[("truyen6", "truyên"), ("truye65n", "truyện"), ("kie62u", "kiều"), ("kieu62", "kiều"), ("d9i", "đi")],
        *[("d9uong72", "đường"), ("nguoi72", "người"), ("tu72", "từ"), ("va8n", "văn"), ("TOAN1", "toán")],
    ],
)
def test_telex_and_vni_keys_are_read_wherever_they_stand(typed: str, word: str) -> None:
    assert meant(typed) == word


@pytest.mark.parametrize("word", ["history", "books", "mathematics", "nam", "linh", "truyện", "1234", "x1", "", "c++"])
def test_other_words_stay_as_they_are(word: str) -> None:
    assert meant(word) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz123456789", max_size=9))
def test_what_comes_out_is_a_syllable_of_the_letters_that_were_typed(word: str) -> None:
    found = meant(word)
    if found is not None:
        assert parse(found) is not None
        assert set(folded(found)) <= set(word) | {"u"}
