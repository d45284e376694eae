"""Resumption tokens: where a list stands, signed, so that nothing has to be remembered here.

In: a `Position` and a key. Out: text that is safe in a URL without encoding, and back. A token holds the whole request,
the horizon of the list (its responseDate), the position of the last record, and when it expires; only the holder of the
key can make one (HMAC-SHA-256, 128 bits of it). Asking again with the same token goes on from the same place (OAI-PMH
2.0, section 3.5).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from federation import seal as seals

_VERSION: Final = 1


class TokenError(Exception):
    """A token that is not ours, was altered, or has expired; the text tells which."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list stands: what was asked, its horizon, the last record given, how many were given, of how many."""

    verb: str
    prefix: str
    set_spec: str
    from_: datetime | None
    until: datetime | None
    horizon: datetime
    last: tuple[datetime, int]
    cursor: int
    size: int
    expires: datetime


def seal(position: Position, key: bytes) -> str:
    """Write a position as a token."""
    moments = (position.from_, position.until, position.horizon, position.last[0], position.expires)
    values = [
        *(_VERSION, position.verb, position.prefix, position.set_spec, *(_epoch(moment) for moment in moments)),
        *(position.last[1], position.cursor, position.size),
    ]
    return seals.seal(msgspec.json.encode(values), key)


def unseal(text: str, key: bytes, now: datetime) -> Position:
    """Read a token; raises `TokenError`."""
    try:
        content = seals.unseal(text, key)
    except ValueError:
        raise TokenError("this is no resumption token of this repository") from None
    if content is None:
        raise TokenError("this resumption token was altered, or made by another repository")
    return _position(msgspec.json.decode(content), now)


def _position(values: list[Any], now: datetime) -> Position:
    if values[0] != _VERSION:
        raise TokenError("this resumption token was made by another version; begin the list again")
    verb, prefix, set_spec, *moments, number, cursor, size = values[1:]
    from_, until, horizon, stamp, expires = (None if moment is None else _moment(moment) for moment in moments)
    if not (horizon and stamp and expires) or expires < now:
        raise TokenError("this resumption token has expired; begin the list again")
    return Position(verb, prefix, set_spec, from_, until, horizon, (stamp, number), cursor, size, expires)


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
