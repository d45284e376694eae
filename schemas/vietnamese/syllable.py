"""The Vietnamese syllable: an onset, a rime and one tone, and where its tone mark stands.

In: one word, lower case, NFC. Out: its parts, or None when it is no Vietnamese syllable; that is how English, French,
Hrê, Ba Na and Xơ Đăng words stay as they are. The canonical place of the tone mark is that of dictionaries (hòa, khỏe,
thúy; but hoàn, quý, già, của); i and y after a consonant (kí, ký) are two spellings of one syllable.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

#: grave (huyền), hook above (hỏi), tilde (ngã), acute (sắc), dot below (nặng), in the order of the dictionary
TONES: Final = "\u0300\u0309\u0303\u0301\u0323"

#: longest first, so that "ngh" is not read as "n"; "gi" before "g", which is tried when no rime is left
_ONSETS: Final = (
    *("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""),
)
#: nucleus -> the endings it takes ("-" is none)
_ENDINGS: Final = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u",
    "i": "- ch m n nh p t u",
    "o": "- c i m n ng p t",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- c i m n ng p t",
    "ư": "- c i m n ng t u",
    "y": "- ch n nh t",
    "ia": "-",
    "iê": "c m n ng p t u",
    "yê": "m n ng t u",
    "ua": "-",
    "uô": "c i m n ng t",
    "ưa": "-",
    "ươ": "c i m n ng p t u",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": "- m n o t",
    "oo": "c ng",
    "uâ": "n ng t y",
    "uê": "- ch n nh",
    "uơ": "-",
    "uy": "- ch n nh p t u",
    "uyê": "n t",
    "uya": "-",
}
#: rimes that end in a gliding vowel: no spelling puts the tone on the glide, but other languages do (più, caí, baú)
_GLIDING: Final = frozenset(("ai", "ao", "au", "ay", "âu", "ây", "eo", "êu", "iu", "oi", "ôi", "ơi", "ui", "ưi", "ưu"))
#: rimes whose tone mark stands on either letter in everyday spelling; onsets that never take them (Noé is a name)
_WAVERING: Final = frozenset(("oa", "oe", "uy"))
_LABIAL: Final = frozenset(("b", "m", "n", "p", "ph", "v"))
_STOPS: Final = ("c", "ch", "p", "t")
_STOP_TONES: Final = ("", "\u0301", "\u0323")
#: two spellings of one sound: these stand before e, ê, i and y, those before all other vowels
_BEFORE_FRONT: Final = ("k", "gh", "ngh")
_BEFORE_BACK: Final = ("c", "g", "ng")
_FRONT: Final = ("e", "ê", "i", "y")
_VOWELS: Final = frozenset("aăâeêioôơuưy")
_PLAIN_VOWELS: Final = "aeiouy"
_QUALITIES: Final = "ăâêôơư"
#: breve, circumflex, horn
_QUALITY_MARKS: Final = "\u0306\u0302\u031b"
_Y: Final = frozenset("yỳỷỹýỵ")
#: what every syllable looks like, with its marks in any form; most words of other languages do not
_SHAPE: Final = re.compile(
    "[bcdđðɖghklmnpqrstvx]*["
    + "".join(sorted({unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *TONES)}))
    + TONES + _QUALITY_MARKS + "]+[cghmnpt]*"
)  # fmt: skip


class Syllable(NamedTuple):
    """A syllable without its tone in `onset` and `rime`; `tone` is a combining mark of `TONES`, or empty (ngang)."""

    onset: str
    rime: str
    tone: str


@cache
def _rimes() -> Mapping[str, int]:
    """Give each rime with the position of the letter that carries the tone."""
    return MappingProxyType(
        {
            rime: _tone_place(rime)
            for nucleus, endings in _ENDINGS.items()
            for rime in (nucleus + ending.strip("-") for ending in endings.split())
        }
    )


def _tone_place(rime: str) -> int:
    qualities = [place for place, letter in enumerate(rime) if letter in _QUALITIES]
    vowels = [place for place, letter in enumerate(rime) if letter in _VOWELS]
    if rime == "ưu":
        return 0
    if qualities:
        return qualities[-1]
    if len(vowels) == 1:
        return vowels[0]
    closed = len(vowels) < len(rime)
    return vowels[1] if closed or len(vowels) == 3 else vowels[0]


def parse(word: str) -> Syllable | None:
    """Take a word apart, wherever its tone mark stands; None when it is not a Vietnamese syllable.

    An eth (ð) or African d (ɖ) at the beginning stands for đ, as in many old files.
    """
    if not _SHAPE.fullmatch(word):
        return None
    if word[:1] in ("ð", "ɖ"):
        word = "đ" + word[1:]
    bare, tone = _without_tone(word)
    if bare is None:
        return None
    for onset in _ONSETS:
        rime = bare[len(onset) :]
        if bare.startswith(onset) and rime in _rimes():
            return Syllable(onset, rime, tone) if _sayable(rime, tone) else None
    return None


def is_spelt(word: str) -> bool:
    """Tell whether a word, in lower case, is a syllable as it is written: c before a, k before i, no ngê, no tôc."""
    syllable = parse(word)
    if syllable is None:
        return False
    onset, rime, tone = syllable
    if onset in _BEFORE_FRONT:
        fits = rime[:1] in _FRONT
    else:
        fits = onset not in _BEFORE_BACK or rime[:1] not in _FRONT or (onset == "g" and rime[:1] == "i")
    return fits and not (tone == "" and rime.endswith(_STOPS) and rime[:1] not in _PLAIN_VOWELS)


def _without_tone(word: str) -> tuple[str | None, str]:
    """Give a word without its tone, and the tone; None for marks that are no tone: a second one, or ñ."""
    decomposed = unicodedata.normalize("NFD", word)
    places = [place for place, letter in enumerate(decomposed) if letter in TONES]
    if not places:
        return word, ""
    before, tone, after = decomposed[: places[0]], decomposed[places[0]], decomposed[places[0] + 1 :]
    base = before.rstrip(_QUALITY_MARKS)[-1:]
    if len(places) > 1 or base not in _PLAIN_VOWELS or not base:
        return None, ""
    return unicodedata.normalize("NFC", before + after), tone


def _sayable(rime: str, tone: str) -> bool:
    return not rime.endswith(_STOPS) or tone in _STOP_TONES


def spell(syllable: Syllable) -> str:
    """Write a syllable with the tone mark at its canonical place."""
    onset, rime, tone = syllable
    after = _rimes()[rime] + 1
    return unicodedata.normalize("NFC", onset + rime[:after] + tone + rime[after:])


def canonical(word: str) -> str:
    """Put the tone mark of a word at its canonical place; a word that is no Vietnamese syllable stays as it is."""
    syllable = parse(word)
    if syllable is None:
        return word
    foreign = syllable.rime in _WAVERING and syllable.onset in _LABIAL
    if foreign or syllable.rime in _GLIDING:
        return "đ" + word[1:] if syllable.onset == "đ" else word
    return spell(syllable)


def with_i(word: str) -> str:
    """Spell the y after a consonant as i: ký -> kí, quý -> quí, quýt -> quít; other words stay."""
    if _Y.isdisjoint(word):
        return word
    syllable = parse(word)
    if syllable is None or not syllable.onset or not syllable.rime.startswith("y") or syllable.rime.startswith("yê"):
        return word
    if syllable.rime != "y" and syllable.onset != "qu":
        return word
    return spell(syllable._replace(rime="i" + syllable.rime[1:]))
