"""Names of peoples and places that are written in several ways: Ba Na, Bana, Bahnar; Kon Tum, Kontum.

In: the words of a title. Out: the same words with every such name in its official form. Table: `spellings`, after the
list of the 54 peoples (decision 121-TCTK/PPCĐ of 1979) and the names of provinces and towns. Marks count, so that "xe
đang" stays what it is.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from federation.matching.numbers import Word, Words
from federation.matching.wording import is_marked, words
from schemas.maps.tables import parts, rows

_BARE: Final = itemgetter(1)


class _Spelling(NamedTuple):
    """A way to write a name, with its marks, and the words of the official form."""

    written: tuple[str, ...]
    meant: Words


class _Table(NamedTuple):
    """Spellings by their first word folded, the longest first; all first words, and all that are alone or the second of
    a name. Most texts have none of either, which is soon told.
    """

    spellings: Mapping[str, Sequence[_Spelling]]
    first: frozenset[str]
    other: frozenset[str]


def spelt_alike(found: Words) -> Words:
    """Write names that have several spellings in the official one."""
    table = _table()
    if table.first.isdisjoint(map(_BARE, found)) or table.other.isdisjoint(map(_BARE, found)):
        return found
    marked = is_marked(found)
    written: list[Word] = []
    at = 0
    while at < len(found):
        known = table.spellings.get(found[at][1], ())
        one = next((each for each in known if _stands(each, found[at : at + len(each.written)])), None)
        if one is None:
            written.append(found[at])
            at += 1
        else:
            # Where nothing else is marked, a mark would tell that the text is written with them.
            written += one.meant if marked else [(bare, bare) for _, bare in one.meant]
            at += len(one.written)
    return written


def _stands(one: _Spelling, here: Words) -> bool:
    return len(here) == len(one.written) and all(map(_is_written, here, one.written))


def _is_written(word: Word, toned: str) -> bool:
    return word[0] == toned


@cache
def _table() -> _Table:
    found: dict[str, list[_Spelling]] = {}
    other = set()
    for row in rows("spellings"):
        meant = words(row["name"])
        for text in parts(row["aliases"]):
            said = words(text)
            found.setdefault(said[0][1], []).append(_Spelling(tuple([toned for toned, _ in said]), meant))
            other.add(said[min(1, len(said) - 1)][1])
    longest_first = {first: sorted(each, key=lambda one: -len(one.written)) for first, each in found.items()}
    return _Table(MappingProxyType(longest_first), frozenset(found), frozenset(other))
