"""Resumption tokens: they say what was put in, and nothing else is believed."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import seal as secret
from federation.errors import Unavailable
from federation.oaipmh.tokens import Position, TokenError, seal, unseal

NOW = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
KEY = b"k" * 32
POSITION = Position(
    verb="ListRecords",
    prefix="marc21",
    set_spec="member:tvt",
    from_=datetime(2026, 1, 1, tzinfo=UTC),
    until=None,
    horizon=NOW,
    last=(datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), 12345),
    cursor=200,
    size=4711,
    expires=NOW + timedelta(days=7),
)
moments = st.integers(-62_000_000_000, 253_000_000_000).map(lambda epoch: datetime.fromtimestamp(epoch, UTC))


def test_a_token_says_what_was_put_in():
    assert unseal(seal(POSITION, KEY), KEY, NOW) == POSITION


@given(from_=st.none() | moments, until=st.none() | moments, stamp=moments, number=st.integers(1, 2**63 - 1))
def test_any_position_comes_back(from_, until, stamp, number):
    position = replace(POSITION, from_=from_, until=until, last=(stamp, number))
    assert unseal(seal(position, KEY), KEY, NOW) == position


def test_a_token_needs_no_encoding_in_an_address():
    assert set(seal(POSITION, KEY)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_token_of_another_key_is_refused():
    with pytest.raises(TokenError, match="another repository"):
        unseal(seal(POSITION, b"x" * 32), KEY, NOW)


def test_an_expired_token_is_refused_and_one_in_its_last_second_is_not():
    token = seal(POSITION, KEY)
    assert unseal(token, KEY, POSITION.expires)
    with pytest.raises(TokenError, match="expired"):
        unseal(token, KEY, POSITION.expires + timedelta(seconds=1))


@given(place=st.integers(0, 400), letter=st.characters(min_codepoint=32, max_codepoint=126))
def test_no_altered_token_is_believed(place: int, letter: str):
    token = seal(POSITION, KEY)
    place %= len(token)
    altered = token[:place] + letter + token[place + 1 :]
    try:
        assert unseal(altered, KEY, NOW) == POSITION  # the same letter, or bits that base64 does not use
    except TokenError:
        assert altered != token


@given(st.text(max_size=80))
def test_any_text_is_refused(text: str):
    with pytest.raises(TokenError):
        unseal(text, KEY, NOW)


@given(st.binary(max_size=80))
def test_any_bytes_are_refused(content: bytes):
    with pytest.raises(TokenError):
        unseal(base64.urlsafe_b64encode(content).rstrip(b"=").decode(), KEY, NOW)


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path):
    home = tmp_path / "new"
    first = secret.key(home)
    assert len(first) == 32
    assert secret.key(home) == first
    assert (home / secret.NAME).stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir()] == [secret.NAME]


def test_a_damaged_or_unreachable_key_says_what_to_do(tmp_path: Path):
    (tmp_path / secret.NAME).write_bytes(b"short")
    with pytest.raises(Unavailable, match="delete it"):
        secret.key(tmp_path)
    with pytest.raises(Unavailable, match="writable"):
        secret.key(tmp_path / secret.NAME / "below")
