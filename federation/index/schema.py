"""The fields of the tantivy index and how each is taken apart; what they hold is written by `rows`.

In: nothing. Out: the schema, the analysers, and the name of the format, so that an index in another one is not read.
"""

import zlib
from typing import Final

import tantivy

from federation.index.document import CODES, COUNTED, HEADINGS, MANY, TEXTS

#: raise it when the same document would be written otherwise; fields count by themselves
_FORMAT: Final = 5
_PLAIN: Final = "words"
_MARKED: Final = "blanks"
_EXACT: Final = "exact"
_UNSEARCHED: Final = "unsearched"
_WHOLE: Final = "raw"


def layout() -> str:
    """Name the format of the index that this software reads and writes."""
    return f"{_FORMAT}-{zlib.crc32(repr((TEXTS, CODES, HEADINGS, MANY, COUNTED)).encode()):08x}"


def schema() -> tantivy.Schema:
    """Make the schema of the index."""
    builder = tantivy.SchemaBuilder()
    for field in TEXTS:
        builder.add_text_field(f"plain_{field}", tokenizer_name=_PLAIN, index_option="position")
        builder.add_text_field(f"marked_{field}", tokenizer_name=_MARKED, index_option="position")
    for field in CODES:
        if field in COUNTED:  # searched as headings
            builder.add_unsigned_field(f"count_{field}", fast=True)
            builder.add_text_field(f"spelt_{field}", tokenizer_name=_WHOLE, index_option="basic")
        else:
            builder.add_text_field(f"code_{field}", fast=True, tokenizer_name=_EXACT, index_option="basic")
    helping = [f"sample_{point}" for point in (*HEADINGS, *MANY)]
    for field in (*(f"browse_{point}" for point in HEADINGS), *helping, "letters", "lacks", "held"):
        builder.add_text_field(field, tokenizer_name=_WHOLE, index_option="basic")
    for field in ("by_title", "by_creator"):
        builder.add_text_field(field, fast=True, tokenizer_name=_UNSEARCHED, index_option="basic")
    for field in ("by_newest", "by_oldest", "version"):
        builder.add_unsigned_field(field, fast=True)
    builder.add_unsigned_field("year", indexed=True, fast=True)
    # Signed: tantivy takes documents out by a term of this type only.
    builder.add_integer_field("id", indexed=True, fast=True)
    return builder.build()


def words() -> tantivy.TextAnalyzer:
    """Give the analyser of plain values: runs of letters and digits, in lower case."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase()).build()


def blanks() -> tantivy.TextAnalyzer:
    """Give the analyser of marked values: what stands between blanks."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def exact() -> tantivy.TextAnalyzer:
    """Give the analyser of codes: the whole value, in lower case."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.lowercase()).build()


def _whole() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).build()


def _nothing() -> tantivy.TextAnalyzer:
    # Text fields always get a dictionary of terms; nobody searches sort keys, and an empty one costs nothing.
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(1)).build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """Give an opened index its analysers, which are not stored with it: facets show values as they were written."""
    for name, analyser in ((_PLAIN, words()), (_MARKED, blanks()), (_EXACT, exact()), (_UNSEARCHED, _nothing())):
        index.register_tokenizer(name, analyser)
    for name in (_EXACT, _UNSEARCHED):
        index.register_fast_field_tokenizer(name, _whole())
    return index
