"""Persons and bodies who made a book, and how much two sets of names have in common.

In: the agents of a bib and its statement of responsibility. Out: names as sorted words without roles, titles and
commas, so that `Nguyễn, Nhật Ánh` is `Nguyễn Nhật Ánh` and `Knod, Edward M.` is `Edward M. Knod`; and for two records
how far they agree, in bits. A word counts as much as it is rare (table `name_words`): Nguyễn says little.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from federation.matching.titles import Words, words
from schemas.bib import Agent
from schemas.maps.tables import plain, rows
from schemas.vietnamese.fold import folded

Name = tuple[str, ...]
#: several names in one heading, as lists write them
_BETWEEN: Final = re.compile(r"[,;&/\n]|\s[-–—]\s|\s(?:và|and|with|với)\s", re.IGNORECASE)
_NOBODY: Final = frozenset(
    "nhieu tac gia|tap the tac gia|nhieu nguoi|khong ro|khong ro tac gia|khuyet danh|vo danh|nhom tac gia|tac gia|"
    "anonymous|various|various authors|unknown|n a|nhieu nguoi dich|nhieu nguoi soan|dang cap nhat".split("|")
)
#: degrees, roles and what follows a name: they are no part of it
_NO_NAME: Final = frozenset(
    "gs pgs ts ths tskh ks kts bs cn dr prof mr mrs ms phd sir jr sr ed eds cb chb bd et al by dich bien soan chu hieu "
    "tuyen the of".split()
)
#: what a word weighs that the table does not know: one in 180 or rarer
_RARE: Final = 7.5
_INITIAL: Final = 1.0
#: below this a name is too common to be a sign of one person
LEAST: Final = 3.0


def names(agents: Iterable[Agent]) -> tuple[Name, ...]:
    """Give the names, each once, as sorted words."""
    found = [name for agent in agents for name in _of_heading(agent.name, agent.kind)]
    return tuple(sorted(set(found)))


@lru_cache(maxsize=8_192)
def _of_heading(heading: str, kind: str) -> tuple[Name, ...]:
    if plain(heading) in _NOBODY:
        return ()
    if kind != "person":
        return _once([_name(heading, own_words=False)])
    pieces = [piece for piece in _BETWEEN.split(" ".join(heading.split())) if piece.strip()]
    # Nguyễn, Nhật Ánh and Knod, Edward M. are one name; David A. Patterson, John L. Hennessy are two.
    one = len(pieces) == 2 and "," in heading and min(_length(piece) for piece in pieces) < 2
    return _once([_name(piece) for piece in ([heading] if one else pieces)])


def _once(found: Iterable[Name]) -> tuple[Name, ...]:
    return tuple(dict.fromkeys(name for name in found if name and " ".join(name) not in _NOBODY))


def _length(piece: str) -> int:
    return len([word for word in piece.split() if plain(word) not in _NO_NAME])


def _name(text: str, own_words: bool = True) -> Name:
    """Give the words of a name; in a person's, words in small letters are roles and particles (chủ biên, van der)."""
    if own_words and not text.islower():
        text = " ".join([word for word in text.replace("(", " ").split() if not word[0].islower()])
    return tuple(sorted([toned for toned, bare in words(text) if bare not in _NO_NAME]))


def without_tones(found: Sequence[Name]) -> tuple[Name, ...]:
    """Give the names folded, for a record whose partner writes no tones."""
    return tuple(_folded(name) for name in found)


@lru_cache(maxsize=8_192)
def _folded(name: Name) -> Name:
    return tuple(sorted(map(folded, name)))


def said(responsibility: Words) -> tuple[str, ...]:
    """Give the words of a statement of responsibility, each once, with and without tones."""
    return tuple(sorted({word for pair in responsibility for word in pair}))


@cache
def _bits() -> Mapping[str, float]:
    found: dict[str, float] = {}
    for row in rows("name_words"):
        for word in (row["word"], folded(row["word"])):
            found[word] = min(float(row["bits"]), found.get(word, _RARE))
    return MappingProxyType(found)


@lru_cache(maxsize=16_384)
def rarity(word: str) -> float:
    """Give how much one word of a name says, in bits; an initial says little."""
    return _bits().get(word, _INITIAL if len(word) == 1 else _RARE)


def shared(left: Sequence[Name], right: Sequence[Name]) -> float:
    """Give how far the best pair of names agrees, in bits; 0 where nobody is in both."""
    for name in left:
        if name in right:
            bits = sum(map(rarity, name))
            if bits >= LEAST:
                return bits
    return max((_alike(one, other) for one in left for other in right), default=0.0)


def _alike(one: Name, other: Name) -> float:
    """Compare two names: every word of the shorter must be in the longer, initials standing for words."""
    short, long = sorted((one, other), key=len)
    if not any(word in long for word in short):
        return 0.0
    left = list(long)
    bits = 0.0
    initials = []
    for word in short:
        if word in left:
            left.remove(word)
            bits += rarity(word)
        else:
            initials.append(word)
    for word in initials:
        match = next((full for full in left if _stands_for(word, full)), None)
        if match is None:
            return _surname(short, long)
        left.remove(match)
        bits += _INITIAL
    return bits


def _stands_for(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def _surname(short: Name, long: Name) -> float:
    """Give what a rare word in common says where the others differ: Bud Bates and Regis J. Bates."""
    common = [rarity(word) for word in short if word in long]
    return max(common) / 2 if common and max(common) >= _RARE else 0.0


def named_in(names_of_one: Iterable[Name], text: Sequence[str]) -> float:
    """Give how far a name of one record is told in the other's statement of responsibility, in bits."""
    best = 0.0
    for name in names_of_one:
        long = [word for word in name if len(word) > 1]
        if long and all(word in text for word in long):
            best = max(best, sum(map(rarity, long)))
    return best
