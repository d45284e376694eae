"""Somebody else's CQL parser (PyPI cql-parser) takes queries apart as ours does; where not, the reason is given.

Both trees are held against each other as XCQL. Known differences, none of them about what a query means:
- A term by itself has the relation `=` there (CQL 1.2, note 1) and `scr` in our XCQL (CQL 1.1): the standard leaves to
  the server what it is.
- A quotation mark in a term has lost its backslash there; here terms stay as they were typed until they are read.
- Sort keys stand outside the tree here, and are compared by themselves.
"""

import re
import xml.etree.ElementTree as ET

import cql
import pytest

from federation.sru.xcql import xcql
from schemas.errors import QuerySyntaxError
from schemas.query.cql_syntax import parse, write

QUERIES = (
    "dinosaur",
    '"complete dinosaur"',
    "title = dinosaur",
    'dc.title = "kẻ trộm sách"',
    "dc.title any fish",
    "dc.title any fish or dc.creator any sanderson",
    "dc.title any fish sortBy dc.date/sort.ascending",
    "dc.title any fish sortby dc.date dc.title/sort.descending/ignoreCase",
    '> dc = "info:srw/context-sets/1/dc-v1.1" dc.title any fish',
    '> "info:srw/context-sets/1/dc-v1.1" title any fish',
    '> a = "http://a.example/" > b = "http://b.example/" a.x = 1 and b.y = 2',
    "a and b",
    "and",
    "a AND b OR c NOT d",
    "a and (b or c)",
    "(a or b) and (c or d)",
    "((a))",
    "a or b and c or d",
    "dc.date >= 1990 and dc.date <= 1999",
    "dc.date < 1990",
    "dc.date <> 1990",
    "dc.title == x",
    'dc.date within "2002 2005"',
    "dc.title adj a",
    'dc.title all/relevant/cql.stem "a b"',
    "title =/rel.algorithm=cori a",
    "title any/rel.combine=sum a",
    "a prox b",
    "a prox/distance<=5/unit=word/unordered b",
    "a prox/unit=sentence b",
    "a and/rel.combine=sum b",
    "dino*",
    '"dino?aur"',
    '"^cat says \\"meow\\""',
    "title = c\\*t",
    '"a \\\\ b"',
    "a.b.c = d",
    "title=x",
    "title<x",
    "  title  =  x  ",
    "Đinh.Đề = đường",
    "中文 and 書",
)
WRONG = ("", "a and", "a b", "(a", "a)", "title =", "= a", "a prox/ b", "a sortBy", "> a = b", "a =/ b", '"a')


def _simple(element: ET.Element) -> list[object]:
    """Give names and texts of an element and what is in it, in the one way that both can be read."""
    name, children = element.tag.rpartition("}")[2], list(element)
    inner = [found for child in children if child.tag not in ("prefixes", "sortKeys") for found in _simple(child)]
    assigned = [found for child in children if child.tag == "prefixes" for found in _simple(child)]
    text = (element.text or "").strip()
    if name == "searchClause" and not any(child.tag == "index" for child in children):
        inner = [("index", "cql.serverChoice"), ("relation", [("value", "=")]), *inner]
    if name == "name" and not text:
        return []
    if name == "boolean":
        inner = [("value", str(children[0].text).lower()), *inner[1:]]
    return [*assigned, (name, inner if children else text)]


def _theirs(text: str) -> list[object]:
    return _simple(ET.fromstring(re.sub(r' xmlns="[^"]*"', "", cql.parse(text).toXCQLString())))


def _ours(text: str) -> list[object]:
    written = f"<operand>{xcql(parse(text).node)}</operand>".replace(">scr<", ">=<").replace("\\&quot;", "&quot;")
    *assigned, (_, inner) = _simple(ET.fromstring(written))
    return [*assigned, *inner]


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_has_the_same_structure(text: str) -> None:
    # Prefixes stand beside the clause here, as in xcql.xsd, and within it there: `_simple` takes them out.
    assert _ours(text) == _theirs(text)


@pytest.mark.parametrize("text", QUERIES)
def test_what_we_write_they_read_alike(text: str) -> None:
    assert _theirs(write(parse(text))) == _theirs(text)


@pytest.mark.parametrize("text", [text for text in QUERIES if "sort" in text.lower()])
def test_sort_keys_are_the_same(text: str) -> None:
    theirs = [
        (str(key.index), [str(each.name) for each in key.modifiers or ()]) for key in cql.parse(text).root.sortSpecs
    ]
    assert theirs == [(key.index, [each.name for each in key.modifiers]) for key in parse(text).sort]


@pytest.mark.parametrize("text", WRONG)
def test_what_one_refuses_the_other_refuses(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(text)
    with pytest.raises((cql.CQLParserError, cql.CQLLexerError)):
        cql.parse(text)
        raise cql.CQLParserError  # an empty text is None there
