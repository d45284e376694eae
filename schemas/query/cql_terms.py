"""What stands in a CQL term: its letters, the masking signs `*` and `?`, and the anchors `^` at its ends.

In: a term as written between its quotes, where a backslash takes a sign its meaning. Out: a `Signed` text that query
trees can hold; `escaped` goes the other way. Source: CQL 1.2, "Context Set cql", masking and anchoring.
"""

import re
from dataclasses import dataclass
from typing import Final

from schemas.errors import QuerySyntaxError

MOST_SIGNS: Final = 16
_SIGNS: Final = "*?^"
_PART: Final = re.compile(r"\\(.)|([*?^])|([^\\*?^]+)", re.DOTALL)
_ESCAPED: Final = re.compile(r'[*?^"\\]')
_BLANK: Final = " "


@dataclass(frozen=True, slots=True)
class Signed:
    """The text of a term: `masked` when * and ? in it are signs, `begun` when its only one was a * at the end (it is
    taken off), `first` and `last` when it was anchored there.
    """

    text: str
    masked: bool = False
    begun: bool = False
    first: bool = False
    last: bool = False


def read(term: str, unmasked: bool = False) -> Signed:
    """Read a term; raises `QuerySyntaxError` for a sign where none may be. `unmasked`: no sign has a meaning."""
    if unmasked:
        return Signed(re.sub(r"\\(.)", r"\1", term, flags=re.DOTALL))
    parts = list(_parts(term))
    first, last = _anchor(parts, 0), _anchor(parts, -1)
    if any(sign == "^" for sign, _ in parts):
        message = "^ ties a term to the beginning or the end of a value; inside it write \\^"
        raise QuerySyntaxError("cql-anchor", message, term)
    if sum(bool(sign) for sign, _ in parts) > MOST_SIGNS:
        raise QuerySyntaxError("cql-too-many-signs", f"a term may have {MOST_SIGNS} signs * and ? at most", term)
    begun = len(parts) > 1 and parts[-1][0] == "*" and not any(sign for sign, _ in parts[:-1])
    if begun:
        parts.pop()
    masked = any(sign for sign, _ in parts)
    # Beside real signs a literal one must not become one; it is no letter of any word, like a blank.
    literals = str.maketrans(dict.fromkeys("*?", _BLANK)) if masked else {}
    return Signed("".join(sign or text.translate(literals) for sign, text in parts), masked, begun, first, last)


def _parts(term: str) -> list[tuple[str, str]]:
    """Give signs and texts in their order: ("*", "") or ("", "text")."""
    found: list[tuple[str, str]] = []
    for escape, sign, text in _PART.findall(term):
        if escape and not _ESCAPED.fullmatch(escape):
            message = f'\\{escape} has no meaning; a backslash stands before * ? ^ " or another backslash'
            raise QuerySyntaxError("cql-escape", message, term)
        found.append((sign, escape or text))
    return found


def _anchor(parts: list[tuple[str, str]], place: int) -> bool:
    if parts and parts[place][0] == "^":
        del parts[place]
        return True
    return False


def escaped(text: str, masked: bool = False) -> str:
    """Write a text so that `read` gives it back; the signs of a `masked` one stay signs."""
    kept = "*?" if masked else ""
    return _ESCAPED.sub(lambda found: found[0] if found[0] in kept else f"\\{found[0]}", text)
