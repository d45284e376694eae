"""Unicode text to MARC-8 bytes, for peers that read nothing else; nothing is lost.

In: text. Out: bytes in ASCII and ANSEL, which hold all Vietnamese letters; marks stand before their letter. What these
two lack (other scripts too) is written `&#x4E2D;`. Standard: MARC 21 Specifications, Character Sets: MARC-8; "Lossless
technique for conversion of Unicode to MARC-8". `marc8.decode` gives the text back, composed.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Final
from unicodedata import combining, normalize

_ANSEL: Final = 0x45
#: ANSEL has these letters with their horn, and no horn by itself
_HORNED: Final = {"o\u031b": "ơ", "u\u031b": "ư", "O\u031b": "Ơ", "U\u031b": "Ư"}
_HORN: Final = re.compile("[oOuU]\u031b")
_HIGH: Final = re.compile("[^\x00-\x7f]+|.(?=[^\x00-\x7f])[^\x00-\x7f]*")


def encode(text: str) -> bytes:
    """Write a text in MARC-8."""
    if text.isascii():
        return text.encode("ascii")
    # Only letters that have marks, and what is no ASCII, need a look.
    decomposed = _HORN.sub(lambda found: _HORNED[found[0]], normalize("NFD", text))
    return _HIGH.sub(lambda found: _written(found[0]), decomposed).encode("latin-1")


@lru_cache(maxsize=16_384)
def _written(letters: str) -> str:
    table, done, letter, before, behind = _table(), [], "", "", ""
    for each in letters:
        if not combining(each):
            done.append(before + letter + behind)
            letter, before, behind = _letter(each), "", ""
        elif each in table:
            before += table[each]
        else:
            behind += _reference(each)
    return "".join([*done, before, letter, behind])


def _letter(letter: str) -> str:
    return letter if letter.isascii() else _table().get(letter) or _reference(letter)


def _reference(letter: str) -> str:
    return f"&#x{ord(letter):04X};"


@cache
def _table() -> Mapping[str, str]:
    # 5 MB that most processes never need: few peers are so old.
    codes = import_module("pymarc.marc8_mapping").CODESETS[_ANSEL]
    return {chr(found[0]): chr(code) for code, found in codes.items() if code > 0x7F}
