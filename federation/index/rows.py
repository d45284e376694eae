"""What tantivy keeps of a document: the fields of the index, and documents written into them.

In: a `Document`. Out: a tantivy document. Plain values of text field x go to `plain_x`, where tantivy takes them apart
itself: that is much cheaper. All others go to `marked_x`, each word at one position twice: folded, and toned behind
`TONED`. Every value stands between its anchors. Code field x is `code_x`; `by_*` are sort keys no two documents share.
"""

import zlib
from functools import lru_cache
from typing import Final

import tantivy

from federation.errors import Inconsistent
from federation.index import analysis
from federation.index.document import CODES, TEXTS
from federation.index.engine import Document
from schemas.vietnamese.fold import Token, tokens

#: raise it when the same document would be written otherwise; fields count by themselves
_FORMAT: Final = 1
#: stands before toned words, so that "ma" as typed is not the folded form of "má"
TONED: Final = "="
_WORDS: Final = "words"
_EXACT: Final = "exact"
_BETWEEN: Final = f" {analysis.END} {analysis.START} "
#: sorts behind every key: what has no title or creator comes last
_LAST: Final = "\U0010ffff"
#: ids stay below it, so that year and id make one number
_IDS: Final = 1 << 44
_TEXTS: Final = frozenset(TEXTS)
_CODES: Final = frozenset(CODES)
_NO_YEAR: Final = 9_999


def layout() -> str:
    """Name the format of the index that this software reads and writes."""
    return f"{_FORMAT}-{zlib.crc32(repr((TEXTS, CODES)).encode()):08x}"


def schema() -> tantivy.Schema:
    """Make the schema of the index."""
    builder = tantivy.SchemaBuilder()
    for field in TEXTS:
        for kept in (f"plain_{field}", f"marked_{field}"):
            builder.add_text_field(kept, tokenizer_name=_WORDS, index_option="position")
    for field in CODES:
        builder.add_text_field(f"code_{field}", fast=True, tokenizer_name=_EXACT, index_option="basic")
    for field in ("by_title", "by_creator"):
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in ("by_newest", "by_oldest", "version"):
        builder.add_unsigned_field(field, fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    # Signed: tantivy takes documents out by a term of this type only.
    builder.add_integer_field("id", indexed=True, fast=True)
    return builder.build()


def words() -> tantivy.TextAnalyzer:
    """Give the analyser of plain values: runs of letters and digits, in lower case."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase()).build()


def exact() -> tantivy.TextAnalyzer:
    """Give the analyser of codes: the whole value, in lower case."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.lowercase()).build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Give an opened index its analysers, which are not stored with it: facets show values as they were written."""
    index.register_tokenizer(_WORDS, words())
    index.register_tokenizer(_EXACT, exact())
    index.register_fast_field_tokenizer(_EXACT, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build())
    return index


def row(document: Document) -> tantivy.Document:
    """Write a document for tantivy; raises `Inconsistent` for what it has no field for."""
    if not (document.texts.keys() <= _TEXTS and document.codes.keys() <= _CODES and 0 <= document.id < _IDS):
        raise Inconsistent(
            "document-field", "has a field or a number the index does not know", f"document {document.id}"
        )
    made = tantivy.Document()
    for field, values in document.texts.items():
        _add_texts(made, field, values)
    for field, values in document.codes.items():
        for value in values:
            made.add_text(f"code_{field}", value)
    made.add_integer("id", document.id)
    made.add_unsigned("version", document.version)
    if document.year:
        made.add_unsigned("year", document.year)
    _add_sort_keys(made, document)
    return made


def _add_texts(made: tantivy.Document, field: str, values: tuple[str, ...]) -> None:
    plain = [value for value in values if analysis.plain(value)]
    if plain:
        made.add_text(f"plain_{field}", f"{analysis.START} {_BETWEEN.join(plain)} {analysis.END}")
    if len(plain) < len(values):
        for value in values:
            if not analysis.plain(value):
                made.add_pre_tokenized_text(f"marked_{field}", _stacked(value))


def _stacked(value: str) -> tantivy.PreTokenizedString:
    words = tokens(value)
    stack = list(_anchor(analysis.START, 0)) if words else []
    for place, word in enumerate(words, 1):
        stack += _at(word, place)
    stack += _anchor(analysis.END, len(words) + 1) if words else ()
    return tantivy.PreTokenizedString("", stack)


@lru_cache(maxsize=65_536)
def _at(word: Token, place: int) -> tuple[tantivy.Token, tantivy.Token]:
    return tantivy.Token(word.folded, place, 0, 0), tantivy.Token(TONED + word.toned, place, 0, 0)


@lru_cache(maxsize=1_024)
def _anchor(sign: str, place: int) -> tuple[tantivy.Token]:
    return (tantivy.Token(sign, place, 0, 0),)


def _add_sort_keys(made: tantivy.Document, document: Document) -> None:
    number = f"\0{document.id:016x}"
    # The bytes of a key become the characters of the same number: their order in UTF-8 is the order of the bytes.
    made.add_text("by_title", (document.sort_title.decode("latin-1") or _LAST) + number)
    made.add_text("by_creator", (document.sort_creator.decode("latin-1") or _LAST) + number)
    made.add_unsigned("by_newest", document.year * _IDS + _IDS - 1 - document.id)
    made.add_unsigned("by_oldest", (document.year or _NO_YEAR) * _IDS + document.id)
