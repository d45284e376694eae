"""What comes first: lifts that put found records in the order a librarian expects. They find nothing by themselves.

In: the words of a term and the field it asks. Out: queries that add to the rank of what they match, each a fixed
amount. The order: the whole title, words side by side in a title or at its beginning, a creator by name, then by the
weights of fields (title, creator, subject); what many libraries hold goes before what few do when all else is equal.
What each rule is worth is measured by `make accuracy`; lifts for subjects, and for words anywhere in a title, made the
order worse.
"""

from collections.abc import Sequence
from typing import Final

import tantivy
from tantivy import Occur, Query

from federation.index.analysis import END, START, Mask
from federation.index.engine import HELD
from federation.index.wording import Lexicon, either, run_of

#: rule -> what it adds to a rank; weights and frequencies of a condition add some tens
LIFTS: Final = {
    "title-whole": 300.0,
    "title-begins": 70.0,
    "title-phrase": 120.0,
    "creator-whole": 40.0,
    "creator-phrase": 60.0,
    "held": 6.0,
}
_FEWEST_SIDE_BY_SIDE: Final = 2
_START: Final = Mask((START,), (START,))
_END: Final = Mask((END,), (END,))
Words = Sequence[Mask]


def lifts(lexicon: Lexicon, field: str, words: Words) -> list[Query]:
    """Give the lifts of words that are asked of a field (`any`: of all)."""
    asked = ("title", "creator") if field == "any" else (field,)
    found: list[Query] = []
    if "title" in asked:
        found += _title(lexicon, words)
    if "creator" in asked:
        # Readers write "John Updike", headings "Updike, John".
        orders = [words, [words[-1], *words[:-1]]] if len(words) > 1 else [words]
        found.append(_lift(lexicon, "creator-whole", [[_START, *each, _END] for each in orders]))
        # A single word is a name where a heading begins with it; elsewhere it may be any syllable.
        found.append(_lift(lexicon, "creator-phrase", orders if len(words) > 1 else [[_START, *words]]))
    return found


def held(schema: tantivy.Schema) -> list[Query]:
    """Give the lifts of what several libraries hold."""
    return [
        Query.const_score_query(Query.term_query(schema, "held", str(libraries)), LIFTS["held"]) for libraries in HELD
    ]


def lifted(query: Query, added: Sequence[Query]) -> Query:
    """Give a query that finds the same, with lifts."""
    return Query.boolean_query([(Occur.Must, query), *((Occur.Should, each) for each in added)]) if added else query


def _title(lexicon: Lexicon, words: Words) -> list[Query]:
    found = [
        _lift(lexicon, "title-whole", [[_START, *words, _END]]),
        _lift(lexicon, "title-begins", [[_START, *words]]),
    ]
    if len(words) >= _FEWEST_SIDE_BY_SIDE:
        found.append(_lift(lexicon, "title-phrase", [words]))
    return found


def _lift(lexicon: Lexicon, rule: str, runs: Sequence[Words]) -> Query:
    field = rule.partition("-")[0]
    matched = either([query for words in runs for query in _runs(lexicon, field, words)])
    return Query.const_score_query(matched, LIFTS[rule])


def _runs(lexicon: Lexicon, field: str, words: Words) -> list[Query]:
    return [run_of(lexicon, f"{kind}_{field}", [word.folded for word in words]) for kind in ("plain", "marked")]
