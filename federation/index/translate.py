"""Query trees into queries of tantivy.

In: a tree and filters. Out: a tantivy query that matches exactly what the tree means, or a `QuerySyntaxError`. Words of
`words` may stand in any values of the field (for `any`: in any fields); phrase, whole, begins and ends are about one
value. A bare word matches with and without marks. A text without words matches nothing. Codes match as wholes,
whatever their case, unless begun or masked. Years take relations, and with "=" also 199*, 1990-1999 and 1990-.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import tantivy
from tantivy import FieldType, Query

from federation.index import analysis
from federation.index.analysis import END, START, Mask
from federation.index.counts import Narrowing
from federation.index.document import CODES, HEADINGS, TEXTS, TREES, heading_key, name
from federation.index.ranking import held, lifted, lifts
from federation.index.rows import ascending
from federation.index.wording import ANY_LETTER, GAP, Lexicon, both, condition, either, matching
from schemas.errors import QuerySyntaxError
from schemas.query.access_points import AccessPoint, by_name, code
from schemas.query.tree import And, Match, Near, Node, Not, Or, Relation, Term
from schemas.vietnamese.fold import tokens

#: callers cap what they read long before; these keep the engine whole whoever calls
MOST_NESTED: Final = 64
MOST_WORDS: Final = 2_000
MOST_BETWEEN: Final = 20

#: fields that hold one number each
_NUMBERS: Final = ("year", "id")
_SIGNS: Final = re.compile(r"([*?])")
_YEAR: Final = re.compile(r"[0-9]{1,4}")
_BEGUN: Final = re.compile(r"([0-9]{1,3})[?*]+")
_DECADE: Final = re.compile(r"([0-9]{0,3}0)s?")
_SPAN: Final = re.compile(r"([0-9]{1,4})?\s*[-\u2013]\s*([0-9]{1,4})?")
_LAST_YEAR: Final = 9_999
_ID: Final = re.compile(r"[0-9]{1,18}")
_LAST_ID: Final = 10**18


@dataclass(frozen=True)
class Asked:
    """A translated query. `scored`: its hits have ranks; `broad`: its patterns may match too many words."""

    query: Query
    scored: bool
    broad: bool
    lifts: Callable[[], Sequence[Query]]

    @cached_property
    def ranked(self) -> Query:
        """The query with what puts its hits in order, made when somebody looks at them: most only count."""
        return lifted(self.query, self.lifts()) if self.scored else self.query


@dataclass(slots=True)
class Translation:
    """One query being translated. `scored`: its hits have ranks; `broad`: its patterns may match too many words."""

    lexicon: Lexicon
    exact: Callable[[str], str]
    words: int = 0
    scored: bool = False
    broad: bool = False

    @property
    def schema(self) -> tantivy.Schema:
        """The fields of the index."""
        return self.lexicon.schema

    def query(self, node: Node, depth: int = 0) -> Query:
        """Translate a tree; raises `QuerySyntaxError` for what has no meaning or is too large."""
        if depth > MOST_NESTED:
            raise QuerySyntaxError("query-too-deep", f"the query is nested more than {MOST_NESTED} times")
        match node:
            case Term():
                return self._term(node)
            case Near():
                return self._near(node)
            case Or():
                return either([self.query(part, depth + 1) for part in _alternatives(node)])
            case And() | Not():
                wanted, unwanted = _conditions(node)
                return both(
                    [self.query(each, depth + 1) for each in wanted], [self.query(each, depth + 1) for each in unwanted]
                )
        return Query.const_score_query(Query.all_query(), 0.0)

    def asked(self, node: Node) -> Asked:
        """Translate a tree; raises as `query`."""
        query = self.query(node)
        return Asked(query, self.scored, self.broad, lambda: self._lifts(node))

    def _lifts(self, node: Node) -> Sequence[Query]:
        """Give lifts for the words that all hits have."""
        wanted, _ = _conditions(node)
        terms = [each for each in wanted if isinstance(each, Term) and _plain_words(each)]
        added = [lift for term in terms for lift in self._lifts_of(term)]
        return [*added, *held(self.schema)] if added else ()

    def _lifts_of(self, term: Term) -> list[Query]:
        point, words = by_name(term.access_point), _words(term)
        return lifts(self.lexicon, point.field, words) if point and point.kind == "text" and words else []

    def narrowing(self, field: str, values: tuple[str, ...]) -> Narrowing:
        """Match documents that have any of these values, all together and each by itself."""
        return Narrowing(self.filter(field, values), {value: self.filter(field, (value,)) for value in values})

    def filter(self, field: str, values: tuple[str, ...]) -> Query:
        """Match documents that have any of these values; ranks stay as they are."""
        if field in ("year", "decade"):
            read = _span if field == "year" else _decade
            spans = [span for value in values if (span := read(value))]
            found = [self._between("year", *span) for span in spans]
        elif field in (*CODES, *HEADINGS):
            found = [self._equal(field, value) for value in values]
        elif field in TREES:
            found = [self._equal(*_node(field, value)) for value in values]
        else:
            raise QuerySyntaxError("filter-unknown", "there is no such filter", field)
        return Query.const_score_query(either(found), 0.0)

    def _term(self, term: Term) -> Query:
        self._count(1)
        point = by_name(term.access_point)
        if point is None:
            raise QuerySyntaxError("access-point-unknown", "there is no such access point", term.access_point)
        if point.field in _NUMBERS:
            return self._number(point.field, term)
        if term.relation != "=":
            raise QuerySyntaxError("query-relation", f"{term.relation} can be asked of years only", term.access_point)
        if point.kind == "code":
            return Query.const_score_query(self._code(point, term), 1.0)
        found = self._text(TEXTS if point.field == "any" else (point.field,), term)
        return self._or_number(term, found) if point.field == "any" else found

    def _near(self, near: Near) -> Query:
        point = by_name(near.left.access_point)
        if near.left.access_point != near.right.access_point or point is None or point.kind != "text":
            raise QuerySyntaxError("query-near", "two words can be near each other in one text only", "")
        if not 1 <= near.distance <= MOST_BETWEEN:
            raise QuerySyntaxError("query-distance", f"a distance is 1 to {MOST_BETWEEN} words", str(near.distance))
        left, right = (_words(replace(term, match="phrase")) for term in (near.left, near.right))
        self._count((len(left) + len(right)) * near.distance)
        if not left or not right:
            return Query.empty_query()
        self.scored = True
        toned = near.left.toned or near.right.toned
        fields = TEXTS if point.field == "any" else (point.field,)
        sides = [(left, right)] if near.ordered else [(left, right), (right, left)]
        return either(
            [
                condition(self.lexicon, fields, [*first, *[GAP] * between, *second], toned)
                for first, second in sides
                for between in range(near.distance)
            ]
        )

    def _text(self, fields: tuple[str, ...], term: Term) -> Query:
        words = _words(term)
        self._count(len(words))
        if not words:
            return Query.empty_query()
        self.scored = True
        self.broad = self.broad or term.masked or term.truncated
        if term.match == "words":
            closed = [word for word in words if not word.open] or [_ANCHORS["start"]]
            return both([condition(self.lexicon, fields, (word,), term.toned) for word in dict.fromkeys(closed)])
        return condition(self.lexicon, fields, words, term.toned)

    def _or_number(self, term: Term, found: Query) -> Query:
        """Let a typed ISBN or ISSN find its record, however it was typed."""
        if term.masked or term.truncated:
            return found
        numbers = [self._equal(scheme, value) for scheme, value in analysis.numbers(term.text).items()]
        return either([found, *(Query.const_score_query(number, 1.0) for number in numbers)])

    def _code(self, point: AccessPoint, term: Term) -> Query:
        before = ["*"] if term.match == "ends" else []
        after = ["*"] if term.truncated or term.match == "begins" else []
        if not (term.masked or before or after):
            return self._equal(point.field, code(point, term.text))
        text = term.text.strip()
        if not text:
            return Query.empty_query()
        parts = _SIGNS.split(text) if term.masked else [text]
        lowered = [self.exact(part) for part in parts if part]
        return matching(self.lexicon, f"code_{point.field}", [*before, *lowered, *after], ANY_LETTER)

    def _equal(self, field: str, text: str) -> Query:
        if field in HEADINGS:  # a facet counts each way of writing a name by itself, and its filter finds them all
            key = heading_key(name(text) if field == "creator" else text)
            return Query.term_query(self.schema, f"browse_{field}", ascending(key)) if key else Query.empty_query()
        value = self.exact(analysis.number(field, text))
        return Query.term_query(self.schema, f"code_{field}", value) if value else Query.empty_query()

    def _number(self, field: str, term: Term) -> Query:
        text = term.text.strip()
        if field == "year" and term.relation == "=":
            begun = term.truncated or term.match == "begins"
            span = _span(f"{text}*" if begun and len(text) < 4 else text)
        else:
            span = _compared(int(text), term.relation) if (_YEAR if field == "year" else _ID).fullmatch(text) else None
        if span is None:
            what = "a year (2012), a beginning (199*) or a span (1990-1999)" if field == "year" else "a number"
            raise QuerySyntaxError("query-number", f"{term.text!r} is not {what}", term.access_point)
        return Query.const_score_query(self._between(field, *span), 0.0)

    def _between(self, field: str, low: int, high: int) -> Query:
        if low > high:
            return Query.empty_query()
        kind = FieldType.Integer if field == "id" else FieldType.Unsigned
        return Query.range_query(self.schema, field, kind, low, high)

    def _count(self, words: int) -> None:
        self.words += words
        if self.words > MOST_WORDS:
            raise QuerySyntaxError("query-too-long", f"the query has more than {MOST_WORDS} words")


def _plain_words(term: Term) -> bool:
    return term.match in ("words", "phrase") and not term.masked and not term.truncated


_AT_THE_START: Final[tuple[Match, ...]] = ("whole", "begins")
_AT_THE_END: Final[tuple[Match, ...]] = ("whole", "ends")
_ANCHORS: Final = {"start": Mask((START,), (START,)), "end": Mask((END,), (END,))}


def _words(term: Term) -> list[Mask]:
    """Give what a term asks as masks, between the anchors it needs."""
    if term.masked:
        found = analysis.masks(term.text)
    else:
        found = [Mask((word.toned,), (word.folded,)) for word in tokens(term.text)]
    if found and term.truncated:
        found[-1] = Mask((*found[-1].toned, "*"), (*found[-1].folded, "*"))
    if found and term.match in _AT_THE_START:
        found.insert(0, _ANCHORS["start"])
    if found and term.match in _AT_THE_END:
        found.append(_ANCHORS["end"])
    return found


def _alternatives(node: Node) -> Iterator[Node]:
    """Walk a chain of `Or` without recursion: a list of a thousand ids is not deep."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Or(left, right):
                waiting += [right, left]
            case other:
                yield other


def _conditions(node: Node) -> tuple[list[Node], list[Node]]:
    """Take a chain of `And` and `Not` apart into what is wanted and what is not."""
    wanted: list[Node] = []
    unwanted: list[Node] = []
    waiting = [node]
    while waiting:
        match waiting.pop():
            case And(left, right):
                waiting += [right, left]
            case Not(left, right):
                waiting.append(left)
                unwanted.append(right)
            case other:
                wanted.append(other)
    return wanted, unwanted


def _node(tree: str, value: str) -> tuple[str, str]:
    """Read a node of a tree, `field:value`; without a field of the tree it is a leaf."""
    field, colon, rest = value.partition(":")
    return (field, rest) if colon and field in TREES[tree] else (TREES[tree][-1], value)


def _span(text: str) -> tuple[int, int] | None:
    """Read a year, the beginning of one, or a span of years, as first and last year."""
    text = text.strip()
    if _YEAR.fullmatch(text):
        return int(text), int(text)
    if begun := _BEGUN.fullmatch(text):
        return int(begun[1].ljust(4, "0")), int(begun[1].ljust(4, "9"))
    span = _SPAN.fullmatch(text)
    if span and (span[1] or span[2]):
        return int(span[1] or 0), int(span[2] or _LAST_YEAR)
    return None


def _decade(text: str) -> tuple[int, int] | None:
    decade = _DECADE.fullmatch(text)
    return (int(decade[1]), int(decade[1]) + 9) if decade else None


def _compared(value: int, relation: Relation) -> tuple[int, int]:
    spans = {
        "<": (0, value - 1),
        "<=": (0, value),
        "=": (value, value),
        ">=": (value, _LAST_ID),
        ">": (value + 1, _LAST_ID),
    }
    return spans[relation]
