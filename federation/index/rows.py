"""What the index keeps of a document, as one text ready to be written: all thought about words is spent here. Pure.

In: a `Document`. Out: a `Row`, JSON with the fields of `federation.index.schema`. Plain values of text field x go to
`plain_x`, where the index takes them apart itself: that is much cheaper. All others go to `marked_x`, each word twice
side by side: folded, and toned behind `TONED`. Every value stands between its anchors, which are one word each. Code
field x is `code_x`; `by_*` are sort keys no two documents share, and `lacks` names those that are empty. `browse_x` are
headings, `count_x` their numbers and `spelt_x` how those are written; `sample_x` (of a few) and `letters` help
`federation.index.browse` to walk through them; `held` says that so many libraries or more hold it.
"""

import codecs
from collections.abc import Mapping
from typing import Final

import msgspec

from federation.errors import Inconsistent
from federation.index.analysis import END, START, plain
from federation.index.document import CODES, COUNTED, HEADINGS, MANY, TEXTS, facet_number, number_of_key
from federation.index.engine import HELD, Document, Row
from schemas.vietnamese.fold import tokens

#: stands before toned words, so that "ma" as typed is not the folded form of "má"
TONED: Final = "="
_BETWEEN: Final = f" {END} {START} "
#: below every character of a sort key
BEHIND_KEY: Final = "!"
#: The bytes of a sort key become ascending characters: their order in UTF-8 is the order of the bytes. JSON writes
#: all that occur often as they are.
ASCENDING: Final = "".join(chr(place) for place in range(0x23, 0x200) if place not in (0x5C, 0x7F))[:256]
_PLACES: Final = {letter: place for place, letter in enumerate(ASCENDING)}
#: sorts behind every key: what has no title or creator comes last
LAST: Final = "\U0010ffff"
#: ids stay below it, so that year and id make one number
_IDS: Final = 1 << 44
_TEXTS: Final = {field: (f"plain_{field}", f"marked_{field}") for field in TEXTS}
_NAMES: Final = frozenset(CODES)
_CODES: Final = {field: f"code_{field}" for field in CODES if field not in COUNTED}
_COUNTED: Final = {point: f"count_{point}" for point in COUNTED}
_SPELT: Final = {point: f"spelt_{point}" for point in COUNTED}
_HEADINGS: Final = {point: f"browse_{point}" for point in HEADINGS}
#: the headings of every so many-th document are in the sample too
_SAMPLED: Final = 128
#: hexadecimal digits of a heading's number
_HEX: Final = 12
_NO_YEAR: Final = 9_999
_JSON: Final = msgspec.json.Encoder()


def row(document: Document | Row) -> Row:
    """Give the row of a document, and a row as it is; raises `Inconsistent` for what the index has no field for."""
    if isinstance(document, Row):
        return document
    number, year = document.id, document.year
    known = document.texts.keys() <= _TEXTS.keys() and document.codes.keys() <= _NAMES
    if not (known and document.headings.keys() <= _HEADINGS.keys() and 0 <= number < _IDS):
        raise Inconsistent("document-field", "has a field or a number the index does not know", f"document {number}")
    made: dict[str, object] = {_CODES[field]: values for field, values in document.codes.items() if field in _CODES}
    for field, values in document.texts.items():
        _add_texts(made, field, values)
    for point, keys in document.headings.items():
        made[_HEADINGS[point]] = list(map(ascending, keys))
        if point in COUNTED:
            numbers = made[_COUNTED[point]] = list(map(number_of_key, keys))
            made[_SPELT[point]] = _spelt(numbers, document.codes.get(point, ()))
    if unusual := _unusual(document.codes):
        made["letters"] = unusual
    if not number % _SAMPLED:
        made |= _sample(document)
    made["id"], made["version"] = number, document.version
    if year:
        made["year"] = year
    made["by_title"] = _sort_key(document.sort_title, number)
    made["by_creator"] = _sort_key(document.sort_creator, number)
    if not (document.sort_title and document.sort_creator):
        empty = {"by_title": not document.sort_title, "by_creator": not document.sort_creator}
        made["lacks"] = [name for name, is_empty in empty.items() if is_empty]
    if (libraries := len(document.codes.get("member", ()))) > 1:
        made["held"] = [str(step) for step in HELD if step <= libraries]
    made["by_newest"] = year * _IDS + _IDS - 1 - number
    made["by_oldest"] = (year or _NO_YEAR) * _IDS + number
    return Row(number, _JSON.encode(made).decode())


def _add_texts(made: dict[str, object], field: str, values: tuple[str, ...]) -> None:
    simple: list[str] = []
    others: list[str] = []
    # Most fields are plain in all their values: then one look at all of them together is nearly enough.
    together = plain(" ".join(values))
    for value in values:
        if (together and value[:1].isalnum()) or plain(value):
            simple.append(value)
        elif stacked := marked(value):
            others.append(stacked)
    plain_field, marked_field = _TEXTS[field]
    if simple:
        made[plain_field] = f"{START} {_BETWEEN.join(simple)} {END}"
    if others:
        made[marked_field] = " ".join(others)


def _spelt(numbers: list[int], values: tuple[str, ...]) -> list[str]:
    # Mostly each value has a number of its own, in the same order.
    each = numbers if len(numbers) == len(values) else map(facet_number, values)
    return list(map(spelt, each, values))


def spelt(number: int, value: str) -> str:
    """Write the words behind a number as a term."""
    return f"{number:0{_HEX}x}{value}"


def marked(value: str) -> str:
    """Give the words of a value, each folded and then toned, between anchors and with blanks between; "" if none."""
    words = " ".join([f"{folded} {TONED}{toned}" for toned, folded in tokens(value)])
    return f"{START} {words} {END}" if words else ""


def ascending(key: bytes) -> str:
    """Write a key as a term."""
    return codecs.charmap_decode(key, "strict", ASCENDING)[0]


def descended(term: str) -> bytes:
    """Read a key back from its term."""
    return bytes(map(_PLACES.__getitem__, term))


def _sample(document: Document) -> dict[str, list[str]]:
    keys = {f"sample_{point}": list(map(ascending, keys)) for point, keys in document.headings.items()}
    codes = {f"sample_{point}": [value.lower() for value in document.codes.get(point, ())] for point in MANY}
    return keys | codes


def _unusual(codes: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Give the letters of codes that who walks through their dictionary letter by letter would not think of."""
    odd = [value for point in MANY for value in codes.get(point, ()) if not value.isascii()]
    return [lowered for value in odd for letter in value for lowered in letter.lower()] if odd else []


def _sort_key(key: bytes, number: int) -> str:
    return f"{ascending(key) or LAST}{BEHIND_KEY}{number:011x}"
