"""VIQR: Vietnamese in ASCII, its marks written behind the letters (Vie^.t Nam). RFC 1456.

In: a text. Out: the text read as VIQR, and how much speaks for that. Full stops, question marks and apostrophes are
marks only where a syllable comes of it; what decides is the signs that no other text puts behind a vowel (^ ( + ~ `).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from schemas.vietnamese.evidence import is_syllable

_FOR, _AGAINST = 3.0, -3.0
_WORD: Final = re.compile(r"[A-Za-z](?:[A-Za-z]|[\^(+*'`?~.])*")
_STRONG: Final = re.compile(r"[AEOaeo]\^|[Aa]\(|[OUou][+*]|[AEIOUYaeiouy][`~]")
_LETTER: Final = re.compile(r"(?P<vowel>[AEIOUYaeiouy])(?P<form>[\^(+*])?(?P<tone>['`?~.])?|(?P<bar>[Dd][Dd])")
_VOWELS: Final = re.compile("[AEIOUYaeiouy]")
_FORMS: Final = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES: Final = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_ESCAPED: Final = re.compile(r"\\([.?'`^~(+*\\])")
_PUNCTUATION: Final = ".?'("


def may_be(text: str) -> bool:
    """Tell, fast, whether a sign is there that nearly every text in VIQR has behind a vowel, and others seldom."""
    signs = "^" in text or "`" in text or "+" in text or "~" in text
    return signs and _STRONG.search(text) is not None


def weight(text: str) -> float:
    """Say how much speaks for VIQR, as logarithm of odds."""
    return sum(_FOR if _word(word) != word else _AGAINST for word in _WORD.findall(text) if _STRONG.search(word))


def read(text: str) -> str:
    """Read a text in VIQR, word by word; words that are no syllables then stay."""
    read = _WORD.sub(lambda found: _fully(found[0]), text)
    return _ESCAPED.sub(r"\1", read) if "\\" in read else read


def _fully(word: str) -> str:
    """Read a word, also one that is no syllable when it has the signs of no other text (be^to^ng), or is short for
    several (DDHQG).
    """
    if "DD" in word and not _VOWELS.search(word):
        return word.replace("DD", "Đ")
    read = _word(word)
    if read != word or not _STRONG.search(word):
        return read
    head = word.rstrip(_PUNCTUATION)
    whole = unicodedata.normalize("NFC", _LETTER.sub(_letter, head))
    return whole + word[len(head) :] if whole.isalpha() else word


@lru_cache(maxsize=8_192)
def _word(word: str) -> str:
    if len(word) == 2 and word[1] == ".":
        # An initial (E. Baird) is more likely than a word of one letter.
        return word
    for cut in range(3):
        head, tail = word[: len(word) - cut], word[len(word) - cut :]
        if tail.strip(_PUNCTUATION):
            break
        read = unicodedata.normalize("NFC", _LETTER.sub(_letter, head))
        if read.isalpha() and is_syllable(read):
            return read + tail
    return word


def _letter(found: re.Match[str]) -> str:
    if found["bar"]:
        return "Đ" if found["bar"][0] == "D" else "đ"
    form, tone = found["form"] or "", found["tone"] or ""
    return found["vowel"] + _FORMS.get(form, "") + _TONES.get(tone, "")
