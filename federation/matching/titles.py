"""Titles as matching reads them: words, numbers, parts, and what kind of book a subtitle says it is.

In: a `Title` of a bib. Out: a `Wording`. Vietnamese syllables keep their tones (in their canonical place, i for y),
all other words lose their marks: Mössbauer and Mossbauer are one word, Bàn and Bán are two. The title proper ends at
the first mark of ISBD, also where a list typed the whole title into one cell.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

import msgspec

from federation.matching.numbers import Numbered, counted, read
from schemas.bib import Title
from schemas.maps.tables import parts, rows
from schemas.vietnamese.fold import Token, tokens
from schemas.vietnamese.syllable import parse, with_i

#: where a title proper ends; behind a dot only after a word that is no abbreviation
_END: Final = re.compile(r":\s|:$|;\s|\s[:/=–—-]\s|\s?[(\[]|=|(?<=[^\W\d_]{4})\.\s")
_SHORTEST: Final = 3
Words = Sequence[tuple[str, str]]


class Wording(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A title taken apart.

    `proper` (title proper) and `whole` (with the rest) are words without numbers; `bare_proper` and `bare_whole` are
    the same without marks and blanks. `rest` are the words behind the title proper, `name` those of the part.
    """

    proper: str
    whole: str
    bare_proper: str
    bare_whole: str
    rest: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    rest_numbers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    generic: bool = False

    @property
    def shown(self) -> str:
        """The words as they are compared, the part last."""
        return " ".join((self.whole, *self.name))


def words(text: str) -> list[tuple[str, str]]:
    """Give the words of a text, each as it is compared (toned if it is Vietnamese) and folded."""
    return [_word(token) for token in tokens(text)]


@lru_cache(maxsize=16_384)
def _word(token: Token) -> tuple[str, str]:
    bare = with_i(token.folded)
    if token.toned.isascii() or parse(token.toned) is None:
        return bare, bare
    return with_i(token.toned), bare


def is_marked(found: Words) -> bool:
    """Tell whether a text writes Vietnamese tones or letters."""
    return any(toned != bare for toned, bare in found)


def wording(title: Title, edition: Words, marked: bool) -> Wording:
    """Read a title; `edition` are the words of the edition statement, which may tell the kind of book, too."""
    main, tail = divided(title.main)
    front = words(main)
    back = words(f"{tail} {title.remainder}") if tail or title.remainder else []
    head, rest = read(front, marked), read(back, marked)
    if not head.words:
        # 1984, 2666: titles that are nothing but a number
        head = Numbered(tuple(front), (), (), ())
    numbered, named = _part(title, marked)
    proper, bare = _joined(head)
    more, bare_more = _joined(rest)
    return Wording(
        proper,
        f"{proper} {more}" if more else proper,
        bare,
        bare + bare_more,
        tuple(word for word, _ in rest.words),
        named,
        tuple(dict.fromkeys((*numbered, *head.parts, *rest.parts))),
        tuple(sorted({*head.grades, *head.others, *rest.grades})),
        rest.others,
        kinds([*front, *back, *edition]),
        bare.startswith(_generic()),
    )


@cache
def _generic() -> tuple[str, ...]:
    return tuple("".join(bare for _, bare in words(row["begins"])) for row in rows("generic_titles"))


def divided(main: str) -> tuple[str, str]:
    """Part the title proper from what follows it in one text."""
    found = _END.search(main, _SHORTEST)
    return (main[: found.start()], main[found.end() :]) if found else (main, "")


def _joined(found: Numbered) -> tuple[str, str]:
    return " ".join([word for word, _ in found.words]), "".join([bare for _, bare in found.words])


def _part(title: Title, marked: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the numbers and the words of the part ($n, $p)."""
    if not title.number and not title.part:
        return (), ()
    stated = words(title.number)
    found = read(stated, marked)
    numbers = found.parts + found.grades + found.others
    if not numbers:
        numbers = tuple(filter(None, (counted(*word, marked) for word in stated)))
    named = [word for word, bare in found.words if len(bare) > 1] if not numbers else []
    below = read(words(title.part), marked)
    return (*numbers, *below.parts), (*named, *(word for word, _ in below.words), *below.others)


def kinds(found: Words) -> tuple[str, ...]:
    """Give the kinds of book that the words name (table `book_kinds`): teacher's book, workbook, answers."""
    text = " ".join([bare for _, bare in found])
    pattern, codes = _kinds()
    said = {codes[name] for name in pattern.findall(text)} - {""}
    return tuple(sorted(said)) if said else ()


@cache
def _kinds() -> tuple[re.Pattern[str], Mapping[str, str]]:
    names = {
        " ".join(bare for _, bare in words(name)): row["code"]
        for row in rows("book_kinds")
        for name in parts(row["names"])
    }
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), MappingProxyType(names)
