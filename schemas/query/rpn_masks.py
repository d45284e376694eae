"""Truncation of Bib-1: where letters of a term were left out, as one form for all its ways to say so.

In: a term and its truncation attribute. Out: a `Masked` text, in which * stands for any letters and ? for one.
101: # is any letters. 102: a regular expression, of which . .* .+ and \\ are read. 104: # is one letter and ? any
(Z39.58). What a tree cannot say (a list of letters, "at most three") is a `QuerySyntaxError`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from schemas.errors import QuerySyntaxError

MOST_SIGNS: Final = 16
_NONE, _RIGHT, _LEFT, _BOTH, _HASH, _REGULAR, _CCL = 100, 1, 2, 3, 101, 102, 104
_BLANK: Final = " "
_YEAR: Final = re.compile(r"[0-9]{1,4}")
_SPAN: Final = re.compile(r"[0-9]{4}-[0-9]{4}|[0-9]{4}-|-[0-9]{4}")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_EXPRESSION: Final = re.compile(r"\\(.)|(\.\*)|(\.\+)|(\.)|([\[\](){}|+*?^$\\])|([^\\.\[\](){}|+*?^$]+)", re.DOTALL)
_BOUNDED: Final = re.compile(r"\?[0-9]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A term: the text between its outer signs, whether any letters may stand `left` and `right` of it, and whether
    there are signs `inside`.
    """

    text: str
    left: bool = False
    right: bool = False
    inside: bool = False

    @property
    def begun(self) -> bool:
        """Whether it is the beginning of something and nothing more."""
        return self.right and not (self.left or self.inside)

    @property
    def signs(self) -> bool:
        """Whether it has any sign."""
        return self.left or self.right or self.inside

    @property
    def signed(self) -> str:
        """The text with its signs."""
        return "*" * self.left + self.text + "*" * self.right


def read(term: str, truncation: int) -> Masked:
    """Read a term by its truncation attribute."""
    found = list(_PARTS[truncation](term))
    parts = [part for place, part in enumerate(found) if part != ("*", "") or part not in found[place - 1 : place]]
    signs = sum(bool(sign) for sign, _ in parts)
    if signs > MOST_SIGNS:
        raise QuerySyntaxError("rpn-too-many-signs", f"a term may have {MOST_SIGNS} signs at most", term)
    # Beside signs a literal * or ? must not become one; it is no letter of any word, like a blank.
    literals = str.maketrans(dict.fromkeys("*?", _BLANK)) if signs else {}
    left = len(parts) > 1 and parts[0][0] == "*"
    right = len(parts) > 1 + left and parts[-1][0] == "*"
    middle = parts[left : len(parts) - right]
    text = "".join(sign or letters.translate(literals) for sign, letters in middle).strip()
    if not any(letter.isalnum() for letter in text):
        raise QuerySyntaxError("rpn-term", "the term has neither letters nor digits", term)
    return Masked(text, left, right, any(sign for sign, _ in middle))


def is_number(text: str, year: bool, spans: bool) -> bool:
    """Tell whether a text is a number that can be asked for, or a span of years where there may be one."""
    return bool((_YEAR if year else _NUMBER).fullmatch(text) or (year and spans and _SPAN.fullmatch(text)))


# --- parts: (sign, "") or ("", letters) -------------------------------------------------------------------------------

_Part = tuple[str, str]


def _whole(term: str) -> Iterator[_Part]:
    yield "", term


def _right(term: str) -> Iterator[_Part]:
    yield from (("", term), ("*", ""))


def _left(term: str) -> Iterator[_Part]:
    yield from (("*", ""), ("", term))


def _both(term: str) -> Iterator[_Part]:
    yield from (("*", ""), ("", term), ("*", ""))


def _hash(term: str) -> Iterator[_Part]:
    return _by_signs(term, {"#": "*"})


def _ccl(term: str) -> Iterator[_Part]:
    if _BOUNDED.search(term):
        raise QuerySyntaxError("rpn-truncation", "? with a number of letters is not supported", f"104: {term}")
    return _by_signs(term, {"#": "?", "?": "*"})


def _by_signs(term: str, signs: dict[str, str]) -> Iterator[_Part]:
    for piece in re.split(f"([{''.join(signs)}])", term):
        if piece:
            yield (signs[piece], "") if piece in signs else ("", piece)


def _regular(term: str) -> Iterator[_Part]:
    for escaped, any_number, some, one, other, letters in _EXPRESSION.findall(term):
        if other:
            raise QuerySyntaxError("rpn-truncation", f"{other} in an expression is not supported", f"102: {term}")
        if some:
            yield "?", ""
        yield ("*", "") if any_number or some else ("?", "") if one else ("", escaped or letters)


_PARTS: Final[dict[int, Callable[[str], Iterator[_Part]]]] = {
    _NONE: _whole,
    _RIGHT: _right,
    _LEFT: _left,
    _BOTH: _both,
    _HASH: _hash,
    _REGULAR: _regular,
    _CCL: _ccl,
}
