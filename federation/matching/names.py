"""Persons and bodies who made a book, and how much two sets of names have in common.

In: the agents of a bib and its statement of responsibility. Out: names as sorted words without roles, degrees and
commas, so that `Nguyễn, Nhật Ánh` is `Nguyễn Nhật Ánh` and `Knod, Edward M.` is `Edward M. Knod`; and for two records
how far they agree, in bits. A word counts as much as it is rare (table `name_words`): Nguyễn says little.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from federation.matching.imprint import STANDARD
from federation.matching.wording import a_letter_apart, plain_words, words
from schemas.bib import Agent
from schemas.maps.tables import rows
from schemas.vietnamese.fold import folded
from schemas.vietnamese.syllable import parse

Name = tuple[str, ...]
#: several names in one heading, as lists write them
_BETWEEN: Final = re.compile(r"[,;&/\n]|\s(?:[-–—]|và|and|with|với)\s", re.IGNORECASE)
#: where a heading has none of these, a comma is all that parts it, which is told in half the time
_MARKS: Final = frozenset(";&/\t\n-")
_NOBODIES: Final = """
nhiều tác giả|tập thể tác giả|nhiều người|không rõ|không rõ tác giả|khuyết danh|vô danh|nhóm tác giả|tác giả|anonymous|
various|various authors|unknown|n/a|nhiều người dịch|nhiều người soạn|đang cập nhật
"""
#: what stands where nobody is named, with tones and without
_NOBODY: Final = frozenset(form for text in _NOBODIES.replace("\n", "").split("|") for form in (text, folded(text)))
#: degrees, roles and what follows a name: they are no part of it
_TITLES: Final = """
gs pgs ts ths tskh ks kts bs cn dr prof mr mrs ms phd sir jr sr ed eds cb chb bd et al by dich bien soan chu hieu tuyen
the of ch b nguoi
"""
_NO_NAME: Final = frozenset(_TITLES.split())
#: bodies that lists and old catalogues enter among the persons
_BODY_WORDS: Final = """
bộ|trường|đại học|đh|khoa|viện|học viện|sở|cục|tổng cục|tổng công ty|công ty|ban|hội|ủy ban|uỷ ban|trung tâm|
tạp chí|nxb|nhà xuất bản|phòng|thư viện|cơ quan|tiếng nói|diễn đàn|đảng bộ|tỉnh ủy|tỉnh uỷ|
university|institute|ministry|department|society|association|company
"""
_BODY_BEGINS: Final = tuple(f"{word} " for word in _BODY_WORDS.replace("\n", "").split("|"))
_BODY_ENDS: Final = ("ltd", "inc", "corp", "university", "institute", "company", "co")
_LAST_WORD: Final = re.compile(rf"\b(?:{'|'.join(_BODY_ENDS)})\Z")
_TRANSLATOR: Final = re.compile(r"\b(?:trl|dịch(?: giả)?|translat\w+|tr)\b", re.IGNORECASE)
#: "Lý Lan dịch", "người dịch: Lý Lan", "translated by"
_TRANSLATED: Final = re.compile(r"\bdịch\b|\btransl")
_SEGMENT: Final = re.compile(r"\s*[;:]\s*|\s*,\s*(?=[^,;]*\b(?:hiệu đính|giới thiệu|minh họa|vẽ|chú thích)\b)")
_NOT_DONE_BY: Final = re.compile(r"\b(?:biên|phiên)\s+dịch\b|\bdịch (?:giả|từ)\b|translated from", re.IGNORECASE)
#: bodies that stand over so many books that they say little
_STATE: Final = ("viet nam", "bo giao duc dao tao", "bo giao duc va dao tao", "quoc hoi", "bo xay dung")
#: what a word weighs that the table does not know: one in 180 or rarer
_RARE: Final = 7.5
_INITIAL: Final = 1.0
_FAMILY: Final = 3.0
#: words of a name that is not only a family name
_FULL_NAME: Final = 3
#: beginnings of syllables that are one in the north, in the north and most cities, in the south
_SOUNDS: Final = (("l", "n"), ("s", "x"), ("ch", "tr"), ("d", "gi", "r"), ("d", "gi", "v"))
#: below this a name is too common to be a sign of one person
LEAST: Final = 3.0


class Makers(NamedTuple):
    """Who made a book: persons in the order of the record, bodies, and the persons who translated it."""

    persons: tuple[Name, ...]
    bodies: tuple[Name, ...]
    translators: tuple[Name, ...]


def makers(agents: Sequence[Agent], responsibility: str) -> Makers:
    """Read the agents; where there are none, the statement of responsibility."""
    persons: list[Name] = []
    bodies: list[Name] = []
    translators: list[Name] = []
    for agent in agents:
        if STANDARD.match(agent.name):
            continue
        if agent.kind != "person" or _is_body(agent.name):
            bodies += _of_body(agent.name)
        elif agent.role and _TRANSLATOR.search(agent.role):
            translators += of_heading(agent.name)
        else:
            persons += of_heading(agent.name)
    if responsibility and not persons and not bodies:
        persons = list(_authors(responsibility))
    if responsibility and _is_translated(responsibility):
        translators += _translators(responsibility)
    return Makers(_once(persons), _once(bodies), _once(translators))


def _once(names: list[Name]) -> tuple[Name, ...]:
    return tuple(dict.fromkeys(names)) if len(names) > 1 else tuple(names)


def _is_body(name: str) -> bool:
    lower = name.lower()
    if lower.startswith(_BODY_BEGINS):
        return True
    ended = lower.removesuffix(".")
    return ended.endswith(_BODY_ENDS) and _LAST_WORD.search(ended) is not None


def _is_translated(text: str) -> bool:
    # The pattern is slow, and most statements have neither of these.
    lower = text.lower()
    return ("transl" in lower or "dịch" in lower) and _TRANSLATED.search(lower) is not None


def _segments(responsibility: str) -> list[str]:
    return [segment for segment in _SEGMENT.split(responsibility) if segment.strip()]


@lru_cache(maxsize=2_048)
def _authors(responsibility: str) -> tuple[Name, ...]:
    """Give the names of authors in a statement of responsibility."""
    segments = _segments(responsibility)
    if not segments or _is_translated(segments[0]) or _is_body(segments[0].strip()):
        return ()
    return of_heading(segments[0])


@lru_cache(maxsize=2_048)
def _translators(responsibility: str) -> tuple[Name, ...]:
    """Give the names of translators in a statement of responsibility."""
    segments = _segments(responsibility)
    translators: list[Name] = []
    for at, segment in enumerate(segments):
        if _is_translated(segment) and not _NOT_DONE_BY.search(segment):
            translators += of_heading(segment)
            if not translators and at + 1 < len(segments):
                translators += of_heading(segments[at + 1])
    return tuple(name for name in translators if len(name) > 1)


@lru_cache(maxsize=8_192)
def of_heading(heading: str) -> tuple[Name, ...]:
    """Give the persons named in one heading."""
    if heading.casefold().strip(" .[]()") in _NOBODY:
        return ()
    lower = heading.islower()
    pieces = [_name(piece, lower) for piece in _pieces(heading)]
    # Nguyễn, Nhật Ánh and Knod, Edward M. are one name; David A. Patterson, John L. Hennessy are two.
    if len(pieces) == 2 and "," in heading and len(pieces[0]) * len(pieces[1]) < 2 * max(map(len, pieces)):
        family, given = pieces
        pieces = [tuple(sorted(family + given)) if family and given and ", " in heading else _name(heading, lower)]
    return tuple(filter(None, pieces))


def _pieces(heading: str) -> list[str]:
    if heading.isascii() and _MARKS.isdisjoint(heading):
        lower = heading.lower()
        if " and " not in lower and " with " not in lower:
            return heading.split(",")
    return _BETWEEN.split(heading)


@lru_cache(maxsize=4_096)
def _of_body(heading: str) -> tuple[Name, ...]:
    found = tuple(sorted({toned for toned, _ in words(heading.partition("(")[0])}))
    return (found,) if found else ()


def _name(text: str, lower: bool) -> Name:
    """Give the words of a name; words in small letters are roles and particles (chủ biên, van der)."""
    chunks = text.split()
    kept = text if lower else " ".join([chunk for chunk in chunks if not chunk[0].islower()])
    plain = plain_words(kept) if kept.isascii() else None
    if plain is not None and (found := [word for word in plain if word not in _NO_NAME]):
        return tuple(sorted(found))
    said = words(kept)
    found = [toned for toned, bare in said if bare not in _NO_NAME]
    if not found and len(chunks) >= _FULL_NAME and not lower and all(chunk[0].isupper() for chunk in chunks):
        found = [toned for toned, _ in said]  # Chu Thế Tuyên is a person
    return tuple(sorted(found))


def without_tones(found: Iterable[Name]) -> tuple[Name, ...]:
    """Give the names folded, for a record whose partner writes no tones."""
    return tuple([name if "".join(name).isascii() else _folded(name) for name in found])


@lru_cache(maxsize=8_192)
def _folded(name: Name) -> Name:
    return tuple(sorted(map(folded, name)))


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


@lru_cache(maxsize=8_192)
def weight_of(name: Name) -> float:
    """Give how much a whole name says, in bits."""
    return sum(map(rarity, name))


def shared(left: Sequence[Name], right: Sequence[Name]) -> float:
    """Give how far the best pair of names agrees, in bits; 0 where nobody is in both."""
    for name in left:
        if name in right and (bits := weight_of(name)) >= LEAST:
            return bits
    return max([_alike(one, other) for one in left for other in right], default=0.0)


def _alike(one: Name, other: Name) -> float:
    """Compare two names: every word of the shorter must be in the longer, initials standing for words."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    left = list(long)
    bits = 0.0
    initials = []
    for word in short:
        if word in left:
            left.remove(word)
            bits += rarity(word)
        else:
            initials.append(word)
    if not bits:
        return 0.0
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
    return _FAMILY if common and max(common) >= _RARE else 0.0


def slipped(left: Iterable[Name], right: Iterable[Name]) -> bool:
    """Tell whether two names are the same but for one word that is almost the same: Lập and Nập."""
    return any(_slipped(one, other) for one in left for other in right)


def _slipped(one: Name, other: Name) -> bool:
    mine, theirs = set(one) - set(other), set(other) - set(one)
    if len(one) != len(other) or len(one) < _FULL_NAME or len(mine) != 1 or len(theirs) != 1:
        return False
    return a_letter_apart(mine.pop(), theirs.pop())


def sound_alike(left: Iterable[Name], right: Iterable[Name]) -> bool:
    """Tell whether two names are the same but for the first sound of one word, which many do not tell apart."""
    return any(_slipped(one, other) and _one_sound(one, other) for one in left for other in right)


def _one_sound(one: Name, other: Name) -> bool:
    words = [(set(a) - set(b)).pop() for a, b in ((one, other), (other, one))]
    if any(word in _bits() for word in words):
        return False  # Chung and Trung: a name that many bear is no slip
    mine, theirs = map(parse, words)
    if mine is None or theirs is None or mine[1:] != theirs[1:]:
        return False
    return any(mine.onset in sounds and theirs.onset in sounds for sounds in _SOUNDS)


def named_in(names: Iterable[Name], text: Sequence[str]) -> float:
    """Give how far a name of one record is told in the other's statement of responsibility, in bits."""
    best = 0.0
    for name in names:
        long = [word for word in name if len(word) > 1]
        if long and all(word in text for word in long):
            best = max(best, sum(map(rarity, long)))
    return best


def is_foreign(names: Iterable[Name]) -> bool:
    """Tell whether no name has a word that is common in Vietnamese names."""
    return not any(word in _bits() and not word.isascii() for name in names for word in name)


def is_state(body: Name) -> bool:
    """Tell whether a body is the state or a ministry, which stands over thousands of books."""
    return _folded(body) in _states()


@cache
def _states() -> frozenset[Name]:
    return frozenset(tuple(sorted(set(text.split()))) for text in _STATE)


def bodies_agree(left: Iterable[Name], right: Iterable[Name]) -> Name:
    """Give the body that is in both, the words of one within those of the other; empty where none is."""
    for one in left:
        for other in right:
            short, long = (one, other) if len(one) <= len(other) else (other, one)
            if one == other or (len(short) > 1 and set(short) <= set(long)):
                return short
    return ()
