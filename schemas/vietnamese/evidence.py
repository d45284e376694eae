"""What one word of byte text says for and against each way to read it.

In: a word (`codes.bytewise`). Out: for each reading its text and its weight, a logarithm of odds against text of
another language as it stands. A reading is Vietnamese when it is a well spelt syllable in the case of a word; it weighs
more when the word as it stands is like none of any language (NguyÔn, c¸c, Vieät). The weights were set on real titles.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

from schemas.vietnamese import codes
from schemas.vietnamese.syllable import is_spelt

#: text as it stands, and UTF-8 that was read as Windows-1252 (or 1258) and encoded again
AS_IT_STANDS: Final = "unicode"
TWICE: Final = "utf-8 twice"
READINGS: Final = (AS_IT_STANDS, *codes.NAMES, TWICE)

_SURE, _PAIRED, _LIKELY, _STANDING, _NONE = 4.5, 3.0, 1.5, 2.0, -3.0
#: of a word that is French or Spanish when it is read so (JosÐ) and nothing as it stands
_FOREIGN: Final = -1.0
#: of one of the syllables that every catalogue has
_COMMON: Final = 1.5
#: of one byte of a whole UTF-8 sequence
_BYTE: Final = 2.5
#: quotation marks, dashes and dots of Windows: punctuation, where they are not capitals of an old code
_PUNCTUATION: Final = re.compile("[\x82\x84\x85\x8b\x91-\x97\x9b]+")
_SIGNS: Final = re.compile("[\x80-\x89\x8b\x91-\x99\x9b\xa0-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7]+")
#: a sign between letters or where words do not end or begin with one; a capital behind a small letter
_ODD: Final = re.compile(
    "[A-Za-z\x80-\xff][\x01-\x06\x11-\x19\x80-\x90\x98-\xbf\xd7\xf7][A-Za-z\xc0-\xff]|[a-z\xdf-\xff][\xc0-\xde]|[A-Z][\xc0-\xde][a-z]"
    "|[A-Za-z][\xa1-\xac\xb0\xb1\xb5-\xbe\xd7\xf7]\\Z|\\A[\xa1-\xa9\xac-\xae\xb6\xb8\xb9][A-Za-z\xb5-\xff]"
)
#: a vowel and a mark of VNI, which other languages have seldom; Vietnamese itself has oà, oá, oã
_PAIR: Final = re.compile(
    "[AEOUYaeouy\xd4\xd6\xf4\xf6][\xcf\xd5\xd8\xd9\xdb\xef\xf5\xf8\xf9\xfb]|[AEOaeo][\xc2\xc4\xc5\xe2\xe4\xe5]"
    "|[AEae][\xc0\xc1\xc3\xe0\xe1\xe3]|[Aa][\xc8-\xcb\xda\xdc\xe8-\xeb\xfa\xfc]"
)
_OTHER_1258: Final = {
    ord(letter): byte
    for byte in range(0x80, 0x100)
    if ord(letter := bytes([byte]).decode("cp1258", "ignore") or "\0") > 0xFF
}


class Reading(NamedTuple):
    """A word read in one way, and what that weighs."""

    text: str
    weight: float


@lru_cache(maxsize=4_096)
def readings(word: str) -> Mapping[str, Reading]:
    """Read a word in every way that changes it or keeps it; one with letters that are no bytes has few, and one of
    signs only weighs nothing.
    """
    whole = max(word) <= "\xff"
    found = {AS_IT_STANDS: _standing(word)}
    if whole:
        found |= {name: _legacy(word, name, found[AS_IT_STANDS]) for name in codes.NAMES}
    found[TWICE] = _twice(word)
    return MappingProxyType(found)


def _standing(word: str) -> Reading:
    parts = [part for part in _SIGNS.split(word) if part]
    marked = [part for part in parts if not part.isascii()]
    if _ODD.search(word):
        return Reading(codes.shown(word), _NONE)
    if len(word) == 1:
        return Reading(codes.shown(word), 0.0)
    right = bool(marked) and all(map(is_syllable, marked))
    weight = _STANDING + _COMMON * all(part.lower() in common() for part in marked) if right else _NONE
    return Reading(codes.shown(word), weight if marked else 0.0)


def _legacy(word: str, name: str, standing: Reading) -> Reading:
    text = codes.decode(word, name)
    if text == word:
        return standing
    if not any(map(str.isalpha, word)):
        return Reading(text if text.isalpha() else codes.shown(word), 0.0)
    if is_syllable(text):
        return Reading(text, _weight(word, text, name))
    parts = _PUNCTUATION.split(word)
    if len(parts) == 1:
        return Reading(text, _FOREIGN if _is_foreign(word, text, name) else _NONE)
    read = [
        _legacy(part, name, _standing(part)) if part and not part.isascii() else Reading(part, 0.0) for part in parts
    ]
    signs = map(codes.shown, _PUNCTUATION.findall(word))
    joined = "".join([piece for part, sign in zip(read, [*signs, ""], strict=True) for piece in (part.text, sign)])
    return Reading(joined, min([part.weight for part in read if part.weight] or [0.0]))


def _is_foreign(word: str, text: str, name: str) -> bool:
    return text.isalpha() and max(text) <= "\xff" and not _ODD.search(text) and _is_strange(word, name)


def _is_strange(word: str, name: str) -> bool:
    return _ODD.search(word) is not None or (name == codes.VNI and _PAIR.search(word) is not None)


def _weight(word: str, text: str, name: str) -> float:
    if len(word) == 1:
        return 0.0 if text.lower() in common() else _FOREIGN
    often = _COMMON * (text.lower() in common())
    if _ODD.search(word):
        return _SURE + often
    return (_PAIRED if name == codes.VNI and _PAIR.search(word) else _LIKELY) + often


def _twice(word: str) -> Reading:
    as_bytes = word if max(word) <= "\xff" else word.translate(_OTHER_1258)
    try:
        content = as_bytes.encode("latin-1")
        text = unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeError:
        return Reading(codes.shown(word), _NONE)
    return Reading(text, _BYTE * sum(byte > 0x7F for byte in content))


@cache
def common() -> frozenset[str]:
    """Give the marked syllables of function words, names and titles that come up again and again."""
    return frozenset(files("schemas.vietnamese").joinpath("common.txt").read_text("utf-8").split())


@lru_cache(maxsize=4_096)
def is_syllable(word: str) -> bool:
    """Tell whether a word in NFC is a Vietnamese syllable in small letters, in capitals, or with one capital."""
    cased = word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())
    return cased and is_spelt(word.lower())
