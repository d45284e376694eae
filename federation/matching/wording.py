"""The words of a text as matching compares them.

In: any text. Out: its words, each twice: as it is compared (a Vietnamese syllable with its tones, canonical and with i
for y; any other word without marks) and folded. Abbreviations of the table `abbreviations` are written out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import starmap
from operator import ne
from types import MappingProxyType

from federation.matching.numbers import Word, Words
from schemas.maps.tables import rows
from schemas.vietnamese.fold import Token, tokens, toned_words
from schemas.vietnamese.syllable import parse, with_i


def words(text: str) -> list[Word]:
    """Give the words of a text."""
    if text.isascii() and (written := plain_words(text)) is not None:
        return list(zip(written, written, strict=True))
    # No token reaches over a blank, and what stands between blanks comes again and again.
    found: list[Word] = []
    for chunk in text.split():
        found += _chunk_words(chunk)
    return found


def plain_words(text: str) -> list[str] | None:
    """Give the words of a text in ASCII, which are the same in both forms; None where one is an abbreviation."""
    written = toned_words(text)
    if not _abbreviations().keys().isdisjoint(written):
        return None
    if "y" in text or "Y" in text:
        return [_with_i(word) if "y" in word else word for word in written]
    return written


@lru_cache(maxsize=8_192)
def _with_i(word: str) -> str:
    return with_i(word)


@lru_cache(maxsize=65_536)
def _chunk_words(text: str) -> tuple[Word, ...]:
    """Give the words of a text without blanks."""
    found: list[Word] = []
    for token in tokens(text):
        written = _abbreviations().get(token.toned)
        found += [_word(each) for each in tokens(written)] if written else [_word(token)]
    return tuple(found)


def _word(token: Token) -> Word:
    bare = with_i(token.folded)
    if token.toned.isascii() or parse(token.toned) is None:
        return bare, bare
    return with_i(token.toned), bare


@cache
def _abbreviations() -> Mapping[str, str]:
    return MappingProxyType({row["short"]: row["words"] for row in rows("abbreviations")})


def is_marked(found: Words) -> bool:
    """Tell whether a text writes Vietnamese tones or letters."""
    return any(starmap(ne, found))


def toned_text(found: Iterable[Word], between: str = " ") -> str:
    """Join words as they are compared."""
    return between.join([toned for toned, _ in found])


def bare_text(found: Iterable[Word], between: str = " ") -> str:
    """Join words without marks."""
    return between.join([bare for _, bare in found])


class Phrases:
    """Phrases of a table, each with its code, that are looked for in bare words."""

    def __init__(self, codes: Iterable[tuple[str, str]]) -> None:
        self._codes = {bare_text(words(phrase)): code for phrase, code in codes}
        longest_first = sorted(self._codes, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
        self._by_longest: dict[str, list[frozenset[str]]] = {}
        for phrase in self._codes:
            found = phrase.split()
            self._by_longest.setdefault(max(found, key=len), []).append(frozenset(found))
        self._longest = frozenset(self._by_longest)

    def named_in(self, texts: Sequence[Sequence[str]]) -> list[str]:
        """Give the code of each phrase in texts, each given as its bare words, in order."""
        if all(map(self._longest.isdisjoint, texts)):  # true of most texts, and soon told
            return []
        told = frozenset(word for text in texts for word in text)
        if not any(phrase <= told for word in self._longest & told for phrase in self._by_longest[word]):
            return []
        return [self._codes[phrase] for phrase in self._pattern.findall(" | ".join(map(" ".join, texts)))]


def a_letter_apart(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for one letter: another one, missing, or typed twice."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(long) - len(short) > 1:
        return False
    same = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    return short[same:] == long[same + 1 :] or short[same + 1 :] == long[same + 1 :]
