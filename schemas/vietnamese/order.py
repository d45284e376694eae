"""Dictionary order of Vietnamese text: a key of bytes that sorts as a Vietnamese dictionary does.

In: any text (a title, a creator, a subject). Out: bytes; comparing two keys compares the texts. The rules, in order:
1. Word by word (a syllable is a word): ba bể, ba tơ, bả sơn, bá a. A text comes before a longer one that begins so.
2. Within a word by letters, the shorter word first: a ă â b c d đ e ê f g h i j k l m n o ô ơ p q r s t u ư v w x y z.
3. Then by tone: ngang, huyền, hỏi, ngã, sắc, nặng; then by marks of other languages, from the left.
4. Digits come before letters and count as numbers (Toán 9, Toán 10); other scripts follow z in the order of Unicode.
Case, punctuation and the place of the tone mark do not count: texts with the same toned tokens (`fold.tokens`) have
the same key, and no others have. Vietnamese has no leading articles; those of other languages are the caller's to cut.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase
from typing import Final

from schemas.vietnamese.fold import BASES, toned_words
from schemas.vietnamese.syllable import TONES

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTERS: Final = {letter: bytes((0x30 + place,)) for place, letter in enumerate(_ALPHABET)}
_PLAIN: Final = bytes.maketrans(ascii_lowercase.encode(), b"".join([_LETTERS[letter] for letter in ascii_lowercase]))
#: a text whose words are its runs of letters: all that is done to others can be left out
_NO_NUMBERS: Final = re.compile(r"[^0-9+#]*")
_LETTERS_OR_BLANKS: Final = bytes(
    _LETTERS[chr(code).lower()][0] if chr(code).isalpha() else ord(" ") for code in range(128)
).ljust(256)
_TONES: Final = {mark: bytes((3 + place,)) for place, mark in enumerate(TONES)}
_PARTS: Final = re.compile(r"[0-9]+|.", re.DOTALL)
# Bytes of a key, in the order they sort. _END is below whatever can follow, so that the shorter word comes first.
_END: Final = b"\x01"
_NO_MARKS: Final = _END + _END
_NEXT: Final = b"\x02"
_OTHER_MARK: Final = b"\x08"
_ZEROS: Final = b"\x09"
_OWN_FORM: Final = b"\x0a"
_NUMBER: Final = b"\x10"
_SIGN: Final = b"\x20"
_OTHER_SCRIPT: Final = b"\xf0"


def order_key(text: str) -> bytes:
    """Give the sort key of a text; keys cut to their first n bytes still sort rightly, apart from ties."""
    if text.isascii() and _NO_NUMBERS.fullmatch(text):
        words = text.encode().translate(_LETTERS_OR_BLANKS).split()
        return _NO_MARKS.join(words) + _NO_MARKS if words else b""
    return b"".join(
        [
            word.encode().translate(_PLAIN) + _NO_MARKS if word.isascii() and word.isalpha() else _word(word)
            for word in toned_words(text)
        ]
    )


@lru_cache(maxsize=8_192)
def _word(word: str) -> bytes:
    # Where nothing but letters stands, each is by itself what it is in the word.
    parts = [pair for letter in word for pair in _of_letter(letter)] if word.isalpha() else _pairs(word)
    letters = b"".join([letter for letter, _ in parts])
    # Unmarked letters at the end say nothing, so that ba has no tones at all and comes before bà.
    while parts and not parts[-1][1]:
        parts.pop()
    return letters + _END + b"".join([mark + _NEXT for _, mark in parts]) + _END


@lru_cache(maxsize=1_024)
def _of_letter(letter: str) -> list[tuple[bytes, bytes]]:
    return _pairs(letter)


def _pairs(word: str) -> list[tuple[bytes, bytes]]:
    """Give for each letter (or number) of a word its bytes, and those of its marks."""
    found: list[tuple[bytes, bytes]] = []
    for part, accents in _clusters(word):
        letter, form = _number(part) if part.isascii() and part.isdigit() else _letter(part)
        found.append((letter, form + b"".join([_mark(accent) for accent in accents])))
    return found


def _clusters(word: str) -> Iterator[tuple[str, str]]:
    """Yield letters of the alphabet (and runs of digits) with the marks that are not part of the letter."""
    base, accents = "", ""
    for part in _PARTS.findall(unicodedata.normalize("NFD", word)):
        if base and unicodedata.combining(part[0]):
            composed = unicodedata.normalize("NFC", base + part)
            if composed in _LETTERS:
                base = composed
            else:
                accents += part
            continue
        if base:
            yield base, accents
        base, accents = part, ""
    if base:
        yield base, accents


def _letter(letter: str) -> tuple[bytes, bytes]:
    known = _LETTERS.get(letter)
    if known:
        return known, b""
    if letter in BASES:
        return b"".join(_LETTERS[plain] for plain in BASES[letter]), _OWN_FORM + _code_point(letter)
    return (_SIGN if letter.isascii() else _OTHER_SCRIPT) + _code_point(letter), b""


def _number(digits: str) -> tuple[bytes, bytes]:
    # A number with more digits is greater; 007 is 7, with its zeros as a mark.
    significant = digits.lstrip("0")
    zeros = len(digits) - len(significant)
    primary = _NUMBER + len(significant).to_bytes(4, "big") + significant.encode()
    return primary, _ZEROS + zeros.to_bytes(4, "big") if zeros else b""


def _mark(mark: str) -> bytes:
    return _TONES.get(mark) or _OTHER_MARK + _code_point(mark)


def _code_point(letter: str) -> bytes:
    return ord(letter).to_bytes(3, "big")
