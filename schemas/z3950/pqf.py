"""Queries as people who know Z39.50 write them: PQF, the prefix notation of YAZ, read into RPN.

In: a text such as `@and @attr 1=4 "a title" @attr 1=31 1998`. Out: RPN; or a `QuerySyntaxError` with the position.
`@attr`, `@and`, `@or`, `@not`, `@set`; attributes of Bib-1, values that are words (`@attr 1=_ALLRECORDS`) too.
"""

import re
from collections.abc import Callable
from typing import Final

from schemas.errors import QuerySyntaxError
from schemas.z3950.rpn import Attribute, Boolean, ComplexValue, Operand, Operator, ResultSetOperand, Rpn, Term

_TOKEN: Final = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))')
_ATTRIBUTE: Final = re.compile(r"(\d{1,4})=(\S{1,100})")
_JOINS: Final[dict[str, Boolean]] = {"@and": "and", "@or": "or", "@not": "and-not"}
_DEEPEST: Final = 50


def read(text: str, term: Callable[[str], Term] = str.encode) -> Rpn:
    """Read a query; `term` makes terms of words, in the charset of the peer. Raises `QuerySyntaxError`."""
    reader = _Reader(text, term)
    root = reader.node(0)
    if reader.left:
        raise reader.fault("something stands behind the end of the query")
    return root


def attribute(text: str) -> Attribute:
    """Read one attribute, `1=4`; raises `QuerySyntaxError`."""
    found = _ATTRIBUTE.fullmatch(text)
    if not found:
        raise QuerySyntaxError("pqf", f"{text[:40]!r} is no attribute; write one such as 1=4", "0")
    value = found[2]
    return Attribute(None, int(found[1]), int(value) if value.isdecimal() else ComplexValue((value,)))


class _Reader:
    def __init__(self, text: str, term: Callable[[str], Term]) -> None:
        self._text = text.rstrip()
        self._at = 0
        self._term = term

    @property
    def left(self) -> bool:
        return self._at < len(self._text)

    def fault(self, message: str) -> QuerySyntaxError:
        return QuerySyntaxError("pqf", f"{message}, at letter {self._at + 1} of the PQF {self._text[:80]!r}", "")

    def node(self, depth: int) -> Rpn:
        if depth > _DEEPEST:
            raise self.fault("operators stand too deep inside one another")
        word, quoted = self._next()
        attributes: list[Attribute] = []
        while word == "@attr" and not quoted:
            attributes.append(self._attribute())
            word, quoted = self._next()
        if quoted or not word.startswith("@"):
            return Operand(tuple(attributes), self._term(word))
        if word == "@set" and not attributes:
            return ResultSetOperand(self._next()[0])
        if word in _JOINS and not attributes:
            return Operator(_JOINS[word], self.node(depth + 1), self.node(depth + 1))
        raise self.fault(f"{word} cannot stand here, or is not known")

    def _attribute(self) -> Attribute:
        word = self._next()[0]
        try:
            return attribute(word)
        except QuerySyntaxError as error:
            raise self.fault(error.message) from None

    def _next(self) -> tuple[str, bool]:
        found = _TOKEN.match(self._text, self._at)
        if not found:
            raise self.fault("a word is missing, or a quotation mark")
        self._at = found.end()
        quoted = found[1] is not None
        return re.sub(r"\\(.)", r"\1", found[1]) if quoted else found[2], quoted
