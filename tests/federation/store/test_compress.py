"""Stored records: unfolded as they were folded, by any thread, for as long as there are catalogues."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

import pytest
import zstandard

from federation.store import compress
from federation.store.compress import MOST_TOGETHER, expand, expand_all, squeeze


def test_threads_do_not_get_each_others_bytes() -> None:
    texts = [f"<record>{number} {'Quảng Ngãi ' * (number % 400)}</record>".encode() for number in range(4000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: expand(squeeze(text)), texts)) == texts


def test_a_dictionary_never_changes() -> None:
    """Every record in every catalogue was written with one; a better one gets the next number."""
    assert blake2b(compress._dictionary_1(), digest_size=8).hexdigest() == "060a229ba20fb73a"
    assert blake2b(compress._TABLES_2, digest_size=8).hexdigest() == "904516801cbc2ca3"


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_stored_with_an_older_dictionary_is_read(number: int) -> None:
    text = b"<record>" + "Dế mèn phiêu lưu ký".encode() * 40
    coder = zstandard.ZstdCompressor(dict_data=compress._dictionary(number), write_dict_id=False, write_checksum=True)
    stored = bytes((number,)) + coder.compress(text)
    assert expand(stored) == text
    assert expand_all([stored, stored]) == [text, text]


def test_what_is_read_often_is_a_little_longer_and_the_same() -> None:
    words = (f"Quyển {number * number} kể chuyện năm {1900 + number * 7 % 97}" for number in range(40))
    text = f"<record>{'; '.join(words)}</record>".encode()
    usual, often = squeeze(text), squeeze(text, often=True)
    assert expand(usual) == expand(often) == text
    assert expand_all([usual, often]) == [text, text]
    assert len(usual) < len(often) < len(text)


def test_damaged_bytes_are_refused() -> None:
    stored = bytearray(squeeze("Dế mèn phiêu lưu ký".encode() * 40))
    stored[-6] ^= 1
    with pytest.raises(zstandard.ZstdError):
        expand(bytes(stored))


def test_many_are_unfolded_together_by_any_thread() -> None:
    texts = [f"<record>{number} {'Quảng Ngãi ' * (number % 400)}</record>".encode() for number in range(1200)]
    stored = [squeeze(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: expand_all(stored), range(8))) == [texts] * 8


def test_what_cannot_be_unfolded_together_is_left_to_be_taken_one_by_one() -> None:
    sound, long = squeeze(b"<record/>" * 40), squeeze(bytes(MOST_TOGETHER // 2))
    changed = bytearray(sound)
    changed[-1] ^= 1
    for other in (bytes(changed), b"\x01broken", b"\x01", b"", b"\xff" + sound[1:]):
        assert expand_all([sound, other, sound]) is None
    assert expand_all([]) is None
    assert expand_all([long, sound]) is not None
    assert expand_all([long, long, sound]) is None
