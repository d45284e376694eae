"""How texts become words of the index, and what a typed word may be: the same for every engine.

In: texts of documents and of queries. Out: masked words, numbers in the form the index keeps them, and whether a text
is so plain that splitting it at its signs gives its words. Words are the tokens of `schemas.vietnamese.fold`.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas.crosswalks import marc21_numbers
from schemas.vietnamese.fold import Token, tokens

#: stand before the first and after the last word of every value: "whole" and "begins" are phrases with them.
#: They are letters to every tokeniser, and never part of a word: `fold` takes them for marks of romanisation.
START: Final = "\u02bf"
END: Final = "\u02be"

_MASKED: Final = re.compile(r"(?:[^\W_]|[*?\u0300-\u036f])+")
_LITERAL: Final = re.compile(r"[*?]|[^*?]+")
#: 1.234, C# and C++ are one word each
_SPECIAL: Final = re.compile(r"[.,#+](?:(?<=[0-9][.,])[0-9]{3}(?![0-9])|(?<=#)|(?<=\+)\+)")
_WORD: Final = re.compile(r"[0-9A-Za-z]")


class Mask(NamedTuple):
    """One masked word, toned and folded: literals and the signs `*` (any letters) and `?` (one letter) in turn."""

    toned: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether any word will do."""
        return bool(self.folded) and set(self.folded) == {"*"}


def plain(text: str) -> bool:
    """Tell whether the words of a text are its runs of letters and digits (ASCII, no exception) and there is one."""
    return text.isascii() and not _SPECIAL.search(text) and (text[:1].isalnum() or bool(_WORD.search(text)))


def masks(text: str) -> list[Mask]:
    """Give the masked words of a text; one without any sign is a mask of one literal."""
    return [mask for run in _MASKED.findall(text) for mask in _masks_of(run)]


def _masks_of(run: str) -> Iterator[Mask]:
    toned: list[str] = []
    folded: list[str] = []
    for part in _LITERAL.findall(run):
        # A literal of several words (Chinese) begins a new mask with each further word.
        found = [Token(part, part)] if part in "*?" else tokens(part)
        for place, token in enumerate(found):
            if place:
                yield Mask(tuple(toned), tuple(folded))
                toned, folded = [], []
            toned.append(token.toned)
            folded.append(token.folded)
    if toned:
        yield Mask(tuple(toned), tuple(folded))


def number(scheme: str, text: str) -> str:
    """Give an ISBN as 13 digits and an ISSN as NNNN-NNNN when it is one, else the text without blanks around it."""
    read = {"isbn": marc21_numbers.isbn, "issn": marc21_numbers.issn}.get(scheme)
    identifier = read(text) if read else None
    return identifier.value if identifier else text.strip()


def numbers(text: str) -> dict[str, str]:
    """Give the ISBN and the ISSN that a text typed into the search box is, by scheme."""
    found = {"isbn": marc21_numbers.isbn(text), "issn": marc21_numbers.issn(text)}
    return {scheme: identifier.value for scheme, identifier in found.items() if identifier and identifier.valid}
