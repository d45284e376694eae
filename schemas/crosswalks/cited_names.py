"""The names of a heading as a citation needs them: taken apart where a comma says how, whole where none does.

In: an `Agent`. Out: `Name`s, and the role that stood behind a name. Libraries write several names into one heading
("Lê Văn Tư, Lê Tùng Vân"), roles ("Thiên Kim biên dịch"), titles and fuller forms in brackets; the name of a Vietnamese
person is never cut. AACR2, chapter 22; RDA, chapter 9.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from schemas.bib import Agent
from schemas.maps.tables import plain
from schemas.vietnamese.evidence import is_syllable
from schemas.vietnamese.names import natural

_BRACKETS: Final = re.compile(r"\s*[(\[][^()\[\]]*(?:[)\]]|$)")
#: "and others", however it is written: dots and what follows them
_OTHERS: Final = re.compile(r"[\s,;]*(?:\.{2,}|…).*")
#: "With: ", "Tham gia: " before a list
_LABEL: Final = re.compile(r"^\D{1,24}:\s+")
_AND: Final = re.compile(r"\s+(?:và|and|&)\s+")
#: given names before an initial: this name is not inverted
_DIRECT: Final = re.compile(r"[^\W\d]\S*\s+(?:[^\W\d]\.\s*)+[^\W\d]{2,}")
_SUFFIXES: Final = frozenset(("jr", "sr", "ii", "iii", "iv"))
#: what somebody was, not called: "Louis XVIII, roi de France" (but "Ellington, Duke")
_TITLE: Final = re.compile(r"(?:pope|saint|sainte|vua)\b|\w+\s+(?:of|von)\s|(?:roi|reine|rei|rey)\s+d", re.IGNORECASE)


class Name(msgspec.Struct, frozen=True):
    """Who made it: a family name and the rest of a name that was written so, or a name that is `whole`.

    `suffix` is what follows a name ("Jr."); `body`: no person.
    """

    whole: str = ""
    family: str = ""
    given: str = ""
    suffix: str = ""
    body: bool = False

    @property
    def inverted(self) -> str:
        """The name as it stands in an alphabetical list."""
        return self.whole or ", ".join(text for text in (self.family, self.given, self.suffix) if text)

    @property
    def spoken(self) -> str:
        """The name as it is said."""
        return self.whole or " ".join(text for text in (self.given, self.family, self.suffix) if text)


def names(agent: Agent, roles: Collection[str], local: bool = False) -> Iterator[tuple[Name, str]]:
    """Yield each name of a heading and the role behind it (empty: none); `roles` are the plain words for roles.

    `local`: the record is of a Vietnamese book, whose catalogues seldom invert a foreign name.
    """
    if agent.kind != "person":
        yield Name(whole=agent.name, body=True), ""
        return
    bare = _OTHERS.sub("", _BRACKETS.sub("", agent.name)).strip(" ,;") or agent.name
    pieces = [_without_role(piece, roles) for piece in _pieces(_LABEL.sub("", bare))]
    said = [(name, role) for name, role in pieces if name]
    # A role that stands alone, or behind the last of several, is that of all.
    shared = next((role for name, role in pieces if not name), "") or (pieces[-1][1] if pieces else "")
    for name in _taken_apart([name for name, _ in said] or [bare], local):
        own = next((role for text, role in said if text == name.whole), "")
        yield name, own or shared


def _pieces(heading: str) -> list[str]:
    """Cut at commas; what only follows a name stays with it."""
    found: list[str] = []
    for piece in (text.strip() for text in heading.split(",")):
        if found and len(found[-1].split()) > 1 and plain(piece) in _SUFFIXES and len(found) != 2:
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
    return found


def _without_role(piece: str, roles: Collection[str]) -> tuple[str, str]:
    """Take a role from the end of a piece: words in small letters, which no name ends with."""
    if plain(piece) in roles:
        return "", piece
    words = piece.split()
    start = next((at for at in range(1, len(words)) if plain(" ".join(words[at:])) in roles), len(words))
    tail = words[start:]
    return (" ".join(words[:start]), " ".join(tail)) if all(word.islower() for word in tail) else (piece, "")


def _taken_apart(pieces: list[str], local: bool) -> Iterator[Name]:
    if len(pieces) == 1 or _several(pieces, local):
        for piece in pieces:
            yield from (Name(whole=text) for text in _joined_by_and(piece))
        return
    family, given, *more = pieces
    suffix = next((text for text in more if plain(text) in _SUFFIXES), "")
    if _TITLE.match(given):
        yield Name(whole=family)
    elif _vietnamese(family, given):
        yield Name(whole=natural(f"{family} {given}"))
    else:
        yield Name(family=family, given=given, suffix=suffix)


def _joined_by_and(piece: str) -> list[str]:
    found = _AND.split(piece)
    return found if all(len(text.split()) > 1 for text in found) else [piece]


def _several(pieces: list[str], local: bool) -> bool:
    """Tell whether each piece is a name: an inverted name has one piece of one word, or one that is no name."""
    words = [piece.split() for piece in pieces]
    if min(map(len, words)) < 2:
        return False
    if all(map(_syllables, words)) or (len(pieces) == 2 and _DIRECT.match(pieces[0])):
        return True
    named = all(each[0][:1].isupper() and each[-1][:1].isupper() for each in words)
    marked = [each for each in words if _syllables(each) and not "".join(each).isascii()]
    return named and (local or len(pieces) > 2 or len(marked) == len(words))


def _syllables(words: list[str]) -> bool:
    return all(map(is_syllable, words))


def _vietnamese(family: str, given: str) -> bool:
    """Tell whether an inverted name is Vietnamese: the family's is known, and something is spelt as only they do."""
    known = natural(f"{family}, {given}") != f"{family}, {given}"
    spelt = _syllables(f"{family} {given}".split())
    return (known and (spelt or not family.isascii())) or (spelt and not f"{family}{given}".isascii())
