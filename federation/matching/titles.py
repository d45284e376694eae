"""Titles as matching reads them: words, numbers, parts, and what a subtitle says of the kind of book.

In: a `Title` of a bib. Out: a `Wording`. Vietnamese syllables keep their tones (in their canonical place, i for y),
all other words lose their marks: Mössbauer and Mossbauer are one word, Bàn and Bán are two. The title proper ends at
the first mark of ISBD, also where a list typed the whole title into one cell. Tables: `book_kinds`, `genres`,
`generic_titles`.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import msgspec

from federation.matching.numbers import Numbered, Words, counted, read
from federation.matching.spellings import spelt_alike
from federation.matching.wording import Phrases, bare_text, toned_text, words
from schemas.bib import Title
from schemas.maps.tables import parts, rows

#: where a title proper ends; behind a dot only after a word that is no abbreviation
_END: Final = re.compile(r":\s|:$|;\s|\s[:/=–—-]\s|\s?[(\[]|=|(?<=[^\W\d_]{4})\.\s")
_SHORTEST: Final = 3
#: one of these is where a title proper ends; most titles have none of them
_MARK: Final = re.compile(r"[:;/=–—(\[.-]")
#: tokens in which a list glued two parts together: T.03Q.1
_GLUED: Final = re.compile(r"(?<=\d)(?=[TQPVtqpv]\.?\s?\d)")
#: what a title may begin with or not: English articles, Vietnamese words for "the" of many
_ARTICLES: Final = frozenset(("the", "a", "an", "các", "những"))
#: how laws and agencies may end, or not
_STATE: Final = ("của nước cộng hòa xã hội chủ nghĩa việt nam", "nước cộng hòa xã hội chủ nghĩa việt nam")
#: words that a journal's title may begin with or not
_JOURNAL: Final = ("tap chi", "bao", "ban tin", "tap san")

_STATE_FORM: Final = re.compile(r"\A(?:peoples|democratic|federal|islamic|socialist)*(?:republic|kingdom|state)of")

_NOTHING: Final = Numbered((), (), (), ())


class Wording(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A title taken apart.

    `proper` (title proper) and `whole` (with the rest, without the genre at its end) are words without numbers;
    `bare_proper` and `bare_whole` are the same without marks and blanks. `rest` are the bare words behind the title
    proper, `name` those of the part, which `whole` has, too; `common`: so many letters at the beginning say nothing.
    """

    proper: str
    whole: str
    bare_proper: str
    bare_whole: str
    rest: tuple[str, ...] = ()
    genre: str = ""
    name: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    rest_numbers: tuple[str, ...] = ()
    common: int = 0
    law: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether it is only what many titles begin with, or the name of a country: Tuyển tập, Japan."""
        told = self.rest or self.name or self.parts or self.numbers
        return self.common >= len(self.bare_proper) and not told

    @property
    def letters(self) -> frozenset[str]:
        """The letters of sections that have a name, too: Series A, Morphology."""
        return frozenset([part for part in self.parts if len(part) == 1 and part.isalpha()] if self.name else ())

    @property
    def shown(self) -> str:
        """The words as they are compared, the genre last."""
        return f"{self.whole} {self.genre}".strip()


def wording(title: Title, front: Words, back: Words, marked: bool) -> Wording:
    """Read a title, its words parted into `front` (title proper) and `back` (what follows it)."""
    head, rest = read(front, marked), read(back, marked) if back else _NOTHING
    if not head.words:
        # 1984, 2666: titles that are nothing but a number
        head = Numbered(tuple(front), (), (), ())
    numbered, named = _part(title, marked) if title.number or title.part else ((), ())
    proper = toned_text(head.words)
    if proper.endswith(_STATE):
        head, proper = _without_state(head, proper)
    bare = bare_text(head.words, "")
    more, genre = _without_genre(rest.words) if back else ((), ())
    common, law = _beginning(bare)
    return Wording(
        proper,
        f"{proper} {toned_text((*more, *named))}" if more or named else proper,
        bare,
        bare + bare_text((*more, *named), "") if more or named else bare,
        tuple([word for _, word in more]),
        bare_text(genre) if genre else "",
        tuple([word for _, word in named]),
        numbered + tuple([part for part in head.parts + rest.parts if part not in numbered]),
        _sorted(head.grades + head.others + rest.grades),
        rest.others,
        common,
        law,
    )


def _sorted(numbers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(numbers))) if len(numbers) > 1 else numbers


def parted(title: Title, serial: bool) -> tuple[Words, Words]:
    """Give the words of the title proper, and those of what follows it."""
    main, tail = divided(title.main)
    front = spelt_alike(words(main))
    if len(front) > 1 and front[0][0] in _ARTICLES:
        front = front[1:]
    back = spelt_alike(words(f"{tail} {title.remainder}")) if tail or title.remainder else ()
    return (without_journal(front) if serial else front), back


def divided(main: str) -> tuple[str, str]:
    """Part the title proper from what follows it in one text."""
    found = _END.search(main, _SHORTEST) if _MARK.search(main) else None
    return (main[: found.start()], main[found.end() :]) if found else (main, "")


def _without_state(head: Numbered, proper: str) -> tuple[Numbered, str]:
    """Leave out "của nước Cộng hòa xã hội chủ nghĩa Việt Nam" behind what it is the law of."""
    shorter = next(proper.removesuffix(ending).rstrip() for ending in _STATE if proper.endswith(ending))
    return (head._replace(words=head.words[: len(shorter.split())]), shorter) if shorter else (head, proper)


def without_journal(front: Words) -> Words:
    """Leave out "Tạp chí" or "Báo" before the name of a journal."""
    for count in (2, 1):
        if bare_text(front[:count]) in _JOURNAL and len(front) > count:
            return front[count:]
    return front


def _without_genre(rest: tuple[tuple[str, str], ...]) -> tuple[Words, Words]:
    """Part the genre at the end of a subtitle (tiểu thuyết, truyện tranh) from the rest of it."""
    known, longest, last = _genres()
    if not rest or rest[-1][1] not in last:
        return rest, ()
    for count in range(min(longest, len(rest)), 0, -1):
        if bare_text(rest[-count:]) in known:
            return rest[:-count], rest[-count:]
    return rest, ()


@cache
def _genres() -> tuple[frozenset[str], int, frozenset[str]]:
    """Give the genres in bare words, how many words the longest has, and with which words they end."""
    found = [words(row["name"]) for row in rows("genres")]
    return frozenset(map(bare_text, found)), max(map(len, found)), frozenset(name[-1][1] for name in found)


@cache
def _countries() -> frozenset[str]:
    """Give the names of countries without blanks: a title that is nothing else says nothing."""
    names = [row[lang].partition("(")[0] for row in rows("countries") for lang in ("vi", "en") if row[lang]]
    return frozenset(bare_text(words(name), "") for name in names)


@cache
def _beginnings() -> tuple[re.Pattern[str], Mapping[str, bool]]:
    found = {bare_text(words(row["begins"]), ""): row["law"] == "yes" for row in rows("generic_titles")}
    return re.compile("|".join(sorted(found, key=len, reverse=True))), MappingProxyType(found)


def _beginning(bare: str) -> tuple[int, bool]:
    state = _STATE_FORM.match(bare) if "of" in bare else None
    if (bare[state.end() :] if state else bare) in _countries():
        return len(bare), False
    pattern, laws = _beginnings()
    found = pattern.match(bare)
    return (found.end(), laws[found[0]]) if found else (0, False)


def _part(title: Title, marked: bool) -> tuple[tuple[str, ...], Words]:
    """Give the numbers and the words of the part ($n, $p)."""
    stated = words(_GLUED.sub(" ", title.number))
    found = read(stated, marked)
    numbers = found.parts + found.grades + found.others
    if not numbers:
        # V.A is no five.
        said = stated[1:] if len(stated) > 1 and len(stated[0][1]) == 1 else stated
        numbers = tuple(filter(None, [counted(*word, marked) for word in said]))
    if not numbers and stated and len(stated[-1][1]) == 1:
        numbers = (stated[-1][1],)  # V.A, Quyển B
    named = [word for word in found.words if len(word[1]) > 1] if not numbers else []
    below = read(spelt_alike(words(title.part)), marked) if title.part else _NOTHING
    return (*numbers, *below.parts), [*named, *below.words, *((number, number) for number in below.others)]


def kinds(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Give the kinds of book that bare words name (table `book_kinds`): teacher's book, workbook, answers."""
    found = _kinds().named_in(texts)
    return tuple(sorted(set(found))) if found else ()


@cache
def _kinds() -> Phrases:
    return Phrases((name, row["code"]) for row in rows("book_kinds") for name in parts(row["names"]))


@cache
def silent_kinds() -> frozenset[str]:
    """Give the kinds that many libraries leave unsaid."""
    return frozenset(row["code"] for row in rows("book_kinds") if row["silent"])
