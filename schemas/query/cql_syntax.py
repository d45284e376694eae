"""CQL 1.2 as it is written: text into a tree of clauses, and back.

In: text. Out: a `Query` of clauses, booleans, prefix maps and sort keys, with nothing decided about what any name in it
means (`cql` does that); `write` gives text of which `parse` makes an equal tree. Terms and names are kept as they stand
between quotes, so that an escaped sign stays told from a masking one. Grammar: SRU/CQL specification, version 1.2
(Library of Congress, 2008), its ABNF; booleans bind alike and to the left. Limits: characters, nesting, booleans.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from schemas.errors import QuerySyntaxError

MOST_CHARACTERS: Final = 8_000
MOST_NESTED: Final = 32
MOST_BOOLEANS: Final = 256

BOOLEANS: Final = ("and", "or", "not", "prox")
_SORT_BY: Final = "sortby"
_RESERVED: Final = (*BOOLEANS, _SORT_BY)
#: possessive, so that a text without its closing quote is given up at once
_TOKEN: Final = re.compile(r'\s*+(?:("(?:[^"\\]|\\.)*+")|(==|<=|>=|<>|[=<>/()])|([^\s"=<>/()]++)|(\S))', re.DOTALL)
_BARE: Final = re.compile(r'[^\s"=<>/()\\]+')


@dataclass(frozen=True, slots=True)
class Modifier:
    """`/name` or `/name=value` after a relation, a boolean or a sort key."""

    name: str
    comparison: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How index and term stand to each other: a sign or a name, with modifiers."""

    name: str
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One search clause; `index` and `relation` are None for a term that stands alone."""

    term: str
    index: str | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Boolean:
    """Two queries joined by `and`, `or`, `not` or `prox`."""

    operator: str
    left: "Node"
    right: "Node"
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefixed:
    """A query within which a prefix (empty: names without one) stands for a context set."""

    prefix: str
    uri: str
    query: "Node"


Node: TypeAlias = Clause | Boolean | Prefixed


@dataclass(frozen=True, slots=True)
class SortKey:
    """What to sort by."""

    index: str
    modifiers: tuple[Modifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query."""

    node: Node
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    """A `sign`, a `quoted` text without its quotes, a bare `word`, or the `end`; `start` counts from 0."""

    kind: str
    text: str
    start: int

    @property
    def name(self) -> bool:
        return self.kind in ("quoted", "word")

    def reserved(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words


def parse(text: str) -> Query:
    """Read a query; raises `QuerySyntaxError` with the position of what could not be read."""
    if len(text) > MOST_CHARACTERS:
        message = f"the query has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read: shorten it"
        raise QuerySyntaxError("query-too-long", message, str(MOST_CHARACTERS))
    reader = _Reader(list(_tokens(text)))
    node = reader.query(0)
    keys = tuple(reader.sort_keys()) if reader.ahead.reserved(_SORT_BY) else ()
    if reader.ahead.kind != "end":
        raise reader.wrong("the end of the query, or and, or, not, prox, sortBy")
    return Query(node, keys)


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while found := _TOKEN.match(text, place):
        quoted, sign, word, other = found.groups()
        start, place = found.end() - len(found[0].lstrip()), found.end()
        if other:
            raise QuerySyntaxError("cql-quotes", "a quotation mark is opened here and never closed", str(start))
        if word and _open_escape(word):
            raise QuerySyntaxError("cql-escape", "a \\ stands before nothing here", str(place - 1))
        yield _Token(
            "quoted" if quoted else "sign" if sign else "word", quoted[1:-1] if quoted else sign or word, start
        )
    yield _Token("end", "", len(text))


def _open_escape(word: str) -> bool:
    return (len(word) - len(word.rstrip("\\"))) % 2 == 1


class _Reader:
    """Reads a grammar of one sign ahead, by recursive descent."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._booleans = 0

    @property
    def ahead(self) -> _Token:
        return self._tokens[self._place]

    def wrong(self, wanted: str) -> QuerySyntaxError:
        found = f"{self.ahead.text!r}" if self.ahead.kind != "end" else "the query ends"
        return QuerySyntaxError("cql-syntax", f"here should be {wanted}, but {found}", str(self.ahead.start))

    def query(self, depth: int) -> Node:
        """Read prefix assignments and what they stand before."""
        if depth > MOST_NESTED:
            raise QuerySyntaxError("query-too-deep", f"nested more than {MOST_NESTED} times", str(self.ahead.start))
        if not self._is_sign(">"):
            return self._scoped(depth)
        self._next()
        prefix, uri = "", self._name("a prefix or the address of a context set")
        if self._is_sign("="):
            self._next()
            prefix, uri = uri, self._name("the address of a context set")
        return Prefixed(prefix, uri, self.query(depth + 1))

    def sort_keys(self) -> Iterator[SortKey]:
        """Read what follows `sortBy`, which is ahead."""
        self._next()
        yield SortKey(self._name("an index to sort by"), self._modifiers())
        while self.ahead.name:
            yield SortKey(self._next().text, self._modifiers())

    def _scoped(self, depth: int) -> Node:
        node = self._clause(depth)
        while self.ahead.reserved(*BOOLEANS):
            self._booleans += 1
            if self._booleans > MOST_BOOLEANS:
                message = f"the query joins more than {MOST_BOOLEANS} clauses"
                raise QuerySyntaxError("cql-too-many-booleans", message, str(self.ahead.start))
            operator, modifiers = self._next().text.lower(), self._modifiers()
            node = Boolean(operator, node, self._clause(depth), modifiers)
        return node

    def _clause(self, depth: int) -> Node:
        if self._is_sign("("):
            self._next()
            inner = self.query(depth + 1)
            if not self._is_sign(")"):
                raise self.wrong("a closing bracket")
            self._next()
            return inner
        first = self._name("a word, a quoted text or an opening bracket")
        relation = self._relation()
        return Clause(first) if relation is None else Clause(self._name("a search term"), first, relation)

    def _relation(self) -> Relation | None:
        if self.ahead.kind == "sign":
            if self.ahead.text in ("/", "(", ")"):
                return None
        elif self.ahead.kind != "word" or self.ahead.reserved(*_RESERVED):
            return None
        return Relation(self._next().text, self._modifiers())

    def _modifiers(self) -> tuple[Modifier, ...]:
        found = []
        while self._is_sign("/"):
            self._next()
            name, comparison, value = self._name("the name of a modifier"), "", ""
            if self.ahead.kind == "sign" and self.ahead.text not in ("/", "(", ")"):
                comparison, value = self._next().text, self._name("the value of the modifier")
            found.append(Modifier(name, comparison, value))
        return tuple(found)

    def _name(self, wanted: str) -> str:
        if not self.ahead.name:
            raise self.wrong(wanted)
        return self._next().text

    def _is_sign(self, sign: str) -> bool:
        return self.ahead.kind == "sign" and self.ahead.text == sign

    def _next(self) -> _Token:
        token = self.ahead
        self._place += 1
        return token


def write(query: Query) -> str:
    """Give a query as text, with as few quotes and brackets as it needs."""
    keys = "".join(f" {_name(key.index)}{_modifiers(key.modifiers)}" for key in query.sort)
    return _node(query.node) + (f" sortBy{keys}" if keys else "")


def _node(node: Node) -> str:
    match node:
        case Clause(term, None, _):
            return _name(term)
        case Clause(term, index, relation):
            stated = f"{relation.name}{_modifiers(relation.modifiers)}" if relation else "="
            return f"{_name(index or '')} {stated} {_name(term)}"
        case Prefixed(prefix, uri, inner):
            assigned = f"{_name(prefix)} = {_name(uri)}" if prefix else _name(uri)
            return f"> {assigned} {_node(inner)}"
        case Boolean(operator, left, right, modifiers):
            # A prefix reaches to the end of its brackets, so on the left side it needs some of its own.
            before = f"({_node(left)})" if isinstance(left, Prefixed) else _node(left)
            after = _node(right) if isinstance(right, Clause) else f"({_node(right)})"
            return f"{before} {operator}{_modifiers(modifiers)} {after}"


def _modifiers(modifiers: tuple[Modifier, ...]) -> str:
    return "".join(
        f"/{_name(modifier.name)}{modifier.comparison}{_name(modifier.value) if modifier.comparison else ''}"
        for modifier in modifiers
    )


def _name(text: str) -> str:
    bare = _BARE.fullmatch(text) and text.lower() not in _RESERVED
    return text if bare else f'"{text}"'
