"""What the index keeps of a document, as one text ready to be written: all thought about words is spent here. Pure.

In: a `Document`. Out: a `Row`, JSON with the fields of `federation.index.schema`. Plain values of text field x go to
`plain_x`, where the index takes them apart itself: that is much cheaper. All others go to `marked_x`, each word twice
side by side: folded, and toned behind `TONED`. Every value stands between its anchors, which are one word each. Code
field x is `code_x`; `by_*` are sort keys no two documents share.
"""

import codecs
from typing import Final

import msgspec

from federation.errors import Inconsistent
from federation.index.analysis import END, START, plain
from federation.index.document import CODES, TEXTS
from federation.index.engine import Document, Row
from schemas.vietnamese.fold import tokens

#: stands before toned words, so that "ma" as typed is not the folded form of "má"
TONED: Final = "="
_BETWEEN: Final = f" {END} {START} "
#: below every character of a sort key
_BEHIND_KEY: Final = "!"
#: The bytes of a sort key become ascending characters: their order in UTF-8 is the order of the bytes. JSON writes
#: all that occur often as they are.
_ASCENDING: Final = "".join(chr(place) for place in range(0x23, 0x200) if place not in (0x5C, 0x7F))[:256]
#: sorts behind every key: what has no title or creator comes last
_LAST: Final = "\U0010ffff"
#: ids stay below it, so that year and id make one number
_IDS: Final = 1 << 44
_TEXTS: Final = {field: (f"plain_{field}", f"marked_{field}") for field in TEXTS}
_CODES: Final = {field: f"code_{field}" for field in CODES}
_NO_YEAR: Final = 9_999
_JSON: Final = msgspec.json.Encoder()


def row(document: Document | Row) -> Row:
    """Give the row of a document, and a row as it is; raises `Inconsistent` for what the index has no field for."""
    if isinstance(document, Row):
        return document
    number, year = document.id, document.year
    if not (document.texts.keys() <= _TEXTS.keys() and document.codes.keys() <= _CODES.keys() and 0 <= number < _IDS):
        raise Inconsistent("document-field", "has a field or a number the index does not know", f"document {number}")
    made: dict[str, object] = {_CODES[field]: values for field, values in document.codes.items()}
    for field, values in document.texts.items():
        _add_texts(made, field, values)
    made["id"], made["version"] = number, document.version
    if year:
        made["year"] = year
    made["by_title"] = _sort_key(document.sort_title, number)
    made["by_creator"] = _sort_key(document.sort_creator, number)
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


def marked(value: str) -> str:
    """Give the words of a value, each folded and then toned, between anchors and with blanks between; "" if none."""
    words = " ".join([f"{folded} {TONED}{toned}" for toned, folded in tokens(value)])
    return f"{START} {words} {END}" if words else ""


def _sort_key(key: bytes, number: int) -> str:
    return f"{codecs.charmap_decode(key, 'strict', _ASCENDING)[0] or _LAST}{_BEHIND_KEY}{number:011x}"
