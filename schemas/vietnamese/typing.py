"""Words typed for a Vietnamese keyboard that was not on: Telex (truyeenj, kieeuf) and VNI (truye65n, kie62u).

In: one word. Out: the syllable that was meant, or None when the keys make none; ordinary words of other languages
stay as they are, for hardly one of them is a syllable when its s, f, r, x, j and doubled letters are read as marks.
Marks may be typed anywhere after the letter they belong to, as all keyboard programs allow.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from schemas.vietnamese.syllable import parse, spell

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TELEX_TONES: Final = {"f": _GRAVE, "r": _HOOK, "x": _TILDE, "s": _ACUTE, "j": _DOT}
_VNI_TONES: Final = {"2": _GRAVE, "3": _HOOK, "4": _TILDE, "1": _ACUTE, "5": _DOT}
_CIRCUMFLEX: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORN: Final = {"o": "ơ", "u": "ư"}
_TELEX: Final = re.compile(r"[a-z]{2,10}")
_VNI: Final = re.compile(r"(?=.*[1-9])[a-z][a-z1-9]{1,10}")
_FIRST_VOWEL: Final = re.compile("[aeiouy]")
_ADJACENT: Final = re.compile(r"([aeo])([a-z]*)\1")


def meant(word: str) -> str | None:
    """Give the syllable that was typed in Telex or VNI; None when the word is none, or needs no reading."""
    word = word.lower()
    if _VNI.fullmatch(word):
        return _vni(word)
    return _telex(word) if _TELEX.fullmatch(word) else None


def _telex(word: str) -> str | None:
    first = _FIRST_VOWEL.search(word)
    if first is None:
        return None
    start = first.start()
    keys = [key for key in word[start:] if key in _TELEX_TONES]
    tone = keys[-1] if keys else ""
    letters = word
    if tone:
        at = word.rindex(tone)
        letters = word[:at] + word[at + 1 :]
    for text, mark in ((letters, _TELEX_TONES.get(tone, "")), (word, "")):
        if (found := _syllable(_telex_letters(text), mark)) and found != word:
            return found
    return None


def _telex_letters(text: str) -> str:
    if text.startswith("dd"):
        text = "đ" + text[2:]
    elif text.startswith("d") and text.endswith("d") and len(text) > 1:
        text = "đ" + text[1:-1]
    text = _ADJACENT.sub(lambda found: _CIRCUMFLEX[found[1]] + found[2], text, count=1)
    return _with_hooks(text.replace("uwow", "uow").replace("w", "", 1), "auo") if "w" in text else text


def _vni(word: str) -> str | None:
    letters = "".join(letter for letter in word if not letter.isdigit())
    keys = [key for key in word if key.isdigit()]
    marks = "".join(_VNI_TONES[key] for key in keys if key in _VNI_TONES)
    if "9" in keys:
        letters = letters.replace("d", "đ", 1)
    if "6" in keys:
        letters = _last(letters, _CIRCUMFLEX)
    if "7" in keys:
        letters = _with_hooks(letters, "uo")
    if "8" in keys:
        letters = _last(letters, {"a": "ă"})
    return _syllable(letters, marks) if len(marks) <= 1 else None


def _with_hooks(letters: str, on: str) -> str:
    """Put the horn on u and o, both when they stand together, or the breve on a; alone it is ư."""
    if "uo" in letters:
        return letters.replace("uo", "ươ", 1)
    known = {**_HORN, "a": "ă"}
    found = _last(letters, {letter: known[letter] for letter in on})
    return found if found != letters else letters + "ư"


def _last(letters: str, marked: Mapping[str, str]) -> str:
    """Mark the last letter that takes the mark; in a falling pair (ua, ưa, oa) that is still the one typed."""
    for at in reversed(range(len(letters))):
        if letters[at] in marked:
            return letters[:at] + marked[letters[at]] + letters[at + 1 :]
    return letters


def _syllable(letters: str, mark: str) -> str | None:
    vowels = [at for at, letter in enumerate(letters) if unicodedata.normalize("NFD", letter)[0] in "aeiouy"]
    if not vowels:
        return None
    at = vowels[-1] + 1
    syllable = parse(unicodedata.normalize("NFC", letters[:at] + mark + letters[at:]))
    return spell(syllable) if syllable else None
