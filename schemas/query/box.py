"""The language of the search box: what readers type without having learned it.

In: any text. Out: a query tree. Nothing a reader types is wrong, it is read plainly; errors are for what is too long.
- words must all occur, in any order: `lịch sử quảng ngãi`; `toan*`: a word that begins so
- `"trường sa"`: words side by side; quotes of any shape; one that is not closed ends with the text
- `-word`, `-"a phrase"`, `-author:name`: must not occur
- `OR`, `HOẶC` (capitals) part the text into alternatives; `AND`, `VÀ` between words change nothing
- `title:kiều`, `nhan-de:`, `tác-giả:"nguyễn du"` and the other prefixes of the access points, for the word or phrase
  that touches the colon; any other word before a colon is a word
- `year:2005`, `year:2000-2010`, `năm:2000-`, `year:>=2000`, `year:199*`
- an ISBN, with or without hyphens, asks for that number
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from typing import Final, cast

from stdnum import isbn

from schemas.errors import QuerySyntaxError
from schemas.query.access_points import AccessPoint, by_name, by_prefix, code
from schemas.query.tree import And, Everything, Node, Not, Or, Relation, Term
from schemas.vietnamese.fold import tokens

MOST_CHARACTERS: Final = 1_000
MOST_TERMS: Final = 64

_QUOTES: Final = '"“”„‟«»'
_BLANK: Final = re.compile(r"\s*")
_MINUS: Final = re.compile(r"(?<!\S)-(?=\S)")
# No blank after the colon: "The library: a history" is a title, not a question about a library.
_PREFIX: Final = re.compile(rf"([^\W\d_][^\s:{_QUOTES}]*):(?=\S)")
_PHRASE: Final = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)(?:[{_QUOTES}]|$)(\*?)")
_WORD: Final = re.compile(rf"[^\s{_QUOTES}]+")
_ALTERNATIVES: Final = ("OR", "HOẶC")
_CONJUNCTIONS: Final = ("AND", "VÀ")
_ISBN: Final = re.compile(r"(?:isbn(?:-1[03])?[:\s]*)?([0-9][0-9\s\u2010-\u2013-]{8,20}[0-9Xx])", re.IGNORECASE)
_HYPHENS: Final = re.compile(r"[\s\u2010-\u2013-]+")
_YEAR: Final = re.compile(r"(<=|>=|<|>|)([0-9]{1,4})")
_SPAN: Final = re.compile(r"([0-9]{1,4})?(?:[-\u2013]|\.\.)([0-9]{1,4})?")
_ID: Final = re.compile(r"[0-9]{1,18}")
_DECADE: Final = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing typed: where it begins, and what was said of it."""

    text: str
    point: AccessPoint | None = None
    quoted: bool = False
    truncated: bool = False
    negative: bool = False
    start: int = 0

    @property
    def plain(self) -> bool:
        return self.point is None and not (self.negative or self.quoted or self.truncated)


def parse(text: str) -> Node:
    """Read what was typed; an empty box asks for everything. Raises `QuerySyntaxError` only for what is too long."""
    if len(text) > MOST_CHARACTERS:
        message = f"the query has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read: shorten it"
        raise QuerySyntaxError("query-too-long", message, str(MOST_CHARACTERS))
    text = unicodedata.normalize("NFC", text)
    number = _isbn(text)
    if number:
        return _isbn_term(number)
    pieces = [piece for piece in _pieces(text) if tokens(piece.text)]
    _check_count(pieces)
    groups = [_group(group) for group in _alternatives(pieces)]
    return reduce(Or, groups) if groups else Everything()


def _pieces(text: str) -> Iterator[_Piece]:
    place = 0
    while (place := _after_blanks(text, place)) < len(text):
        piece, place = _piece(text, place)
        yield piece


def _after_blanks(text: str, place: int) -> int:
    blanks = _BLANK.match(text, place)
    return blanks.end() if blanks else place


def _piece(text: str, start: int) -> tuple[_Piece, int]:
    """Read what begins at `start`, which is no blank; give it and where it ends."""
    negative = _MINUS.match(text, start) is not None
    begin = start + negative
    prefix = _PREFIX.match(text, begin)
    point = by_prefix(prefix[1]) if prefix else None
    piece, end = _value(text, prefix.end() if prefix and point else begin, point)
    if point and not _readable(piece, point):
        piece = _Piece(text[begin:end])
    return replace(piece, start=start, negative=negative), end


def _value(text: str, place: int, point: AccessPoint | None) -> tuple[_Piece, int]:
    phrase = _PHRASE.match(text, place)
    if phrase:
        return _Piece(phrase[1].strip(), point, quoted=True, truncated=bool(phrase[2])), phrase.end()
    word = _WORD.match(text, place)
    end = word.end() if word else len(text)
    typed = text[place:end]
    point = point or (by_name("isbn") if _isbn(typed) else None)
    return _Piece(typed.rstrip("*"), point, truncated=typed.endswith("*")), end


def _readable(piece: _Piece, point: AccessPoint) -> bool:
    if point.kind == "year":
        return _years(piece.text, piece.truncated) is not None
    return point.name != "id" or (_ID.fullmatch(piece.text) is not None and not piece.truncated)


def _check_count(pieces: list[_Piece]) -> None:
    count = 0
    for piece in pieces:
        count += len(tokens(piece.text))
        if count > MOST_TERMS:
            message = f"the query has more than {MOST_TERMS} words; leave out those that matter least"
            raise QuerySyntaxError("query-too-many-terms", message, str(piece.start))


def _alternatives(pieces: list[_Piece]) -> list[list[_Piece]]:
    groups: list[list[_Piece]] = [[]]
    for place, piece in enumerate(pieces):
        between = piece.plain and groups[-1] and place < len(pieces) - 1
        if between and piece.text in _ALTERNATIVES:
            groups.append([])
        elif not (between and piece.text in _CONJUNCTIONS):
            groups[-1].append(piece)
    return [group for group in groups if group]


def _group(pieces: list[_Piece]) -> Node:
    """Join what must occur, then take away what must not."""
    wanted: list[Node] = []
    for plain, run in groupby([piece for piece in pieces if not piece.negative], key=lambda piece: piece.plain):
        together = list(run)
        if plain:
            wanted.append(Term("any", " ".join(piece.text for piece in together)))
        else:
            wanted += map(_node, together)
    unwanted = [_node(piece) for piece in pieces if piece.negative]
    return reduce(Not, unwanted, reduce(And, wanted) if wanted else Everything())


def _node(piece: _Piece) -> Node:
    point = piece.point
    if point is None or point.kind == "text":
        name = point.name if point else "any"
        return Term(name, piece.text, "phrase" if piece.quoted else "words", truncated=piece.truncated)
    if point.kind == "year":
        return _years(piece.text, piece.truncated) or Everything()
    value = (_isbn(piece.text) if point.name == "isbn" else "") or code(point, piece.text)
    return Term(point.name, value, "begins" if piece.truncated else "whole")


def _years(text: str, truncated: bool) -> Node | None:
    """Read a year, the beginning of one, a bound or a span; None when it is none of these."""
    if truncated:
        return Term("year", text, truncated=True) if _DECADE.fullmatch(text) else None
    if one := _YEAR.fullmatch(text):
        return Term("year", one[2], "whole", cast(Relation, one[1] or "="))
    span = _SPAN.fullmatch(text)
    years = sorted((year for year in span.groups() if year), key=int) if span else []
    if len(years) == 2:
        return And(Term("year", years[0], "whole", ">="), Term("year", years[1], "whole", "<="))
    if not span or not years:
        return None
    return Term("year", years[0], "whole", ">=" if span[1] else "<=")


def _isbn(text: str) -> str:
    """Give the 13 digits of an ISBN that is the whole text, or an empty string."""
    found = _ISBN.fullmatch(text.strip())
    digits = _HYPHENS.sub("", found[1]).upper() if found else ""
    return str(isbn.to_isbn13(digits)) if digits and isbn.is_valid(digits) else ""


def _isbn_term(number: str) -> Term:
    return Term("isbn", number, "whole")
