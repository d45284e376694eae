"""The attributes of Bib-1 on one operand: what is asked of which access point, and how.

In: an operand. Out: a node of the query tree. Use goes by the table of access points, none is `any`; the others become
match, masks and truncation. Without a structure all words are asked for, in any order, as in the search box. What is
not supported, or not with the others, is a `QuerySyntaxError`.
ATR.1 of Z39.50-1995; truncation 101-104 as YAZ and Zebra read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, cast

from stdnum import isbn, issn

from schemas.errors import QuerySyntaxError
from schemas.query import rpn_masks
from schemas.query.access_points import AccessPoint, by_bib1, by_name, code
from schemas.query.charset_names import UTF_8
from schemas.query.rpn_charset import text
from schemas.query.rpn_masks import Masked
from schemas.query.tree import Everything, Match, Node, Not, Relation, Term
from schemas.z3950 import attributes as bib1
from schemas.z3950.rpn import BIB1, Attribute, Operand

MOST_CHARACTERS: Final = 1_000
#: what is supported of each type but use, the first being what is meant when nothing is said
VALUES: Final[Mapping[int, tuple[int, ...]]] = MappingProxyType(
    {
        bib1.RELATION: (3, 1, 2, 4, 5, 6, 102, 103),
        bib1.POSITION: (3, 1, 2),
        bib1.STRUCTURE: (0, 1, 2, 3, 4, 5, 6, 101, 105, 106, 107),
        bib1.TRUNCATION: (100, 1, 2, 3, 101, 102, 104),
        bib1.COMPLETENESS: (1, 2, 3),
    }
)
_EQUAL, _NOT_EQUAL, _RELEVANT, _ALWAYS = 3, 6, 102, 103
_NONE, _PHRASE, _WORD, _KEY, _YEAR, _DATE, _LIST, _NAME, _FREE, _DOCUMENT, _LOCAL = VALUES[bib1.STRUCTURE]
_WHOLE_TERM, _RIGHT, _LEFT, _BOTH = 100, 1, 2, 3
_RELATIONS: Final[Mapping[int, Relation]] = MappingProxyType({1: "<", 2: "<=", 3: "=", 4: ">=", 5: ">", 102: "="})
_MATCHES: Final[Mapping[int, Match]] = MappingProxyType({_PHRASE: "phrase", _KEY: "phrase", _NAME: "phrase"})
#: words without an order have no place and fill no field
_LOOSE: Final = (_LIST, _FREE, _DOCUMENT)
#: of which access points every record has something
_OF_ALL: Final = ("any", "title", "id")
_CODE_STRUCTURES: Final = (_NONE, _PHRASE, _WORD, _KEY, _LIST, _LOCAL)


@dataclass(frozen=True, slots=True)
class How:
    """The attributes of an operand by type; use 0: none was said."""

    use: int = 0
    relation: int = _EQUAL
    position: int = 3
    structure: int = _NONE
    truncation: int = _WHOLE_TERM
    completeness: int = 1

    @property
    def first(self) -> bool:
        """Whether the term must stand first."""
        return self.position != 3

    @property
    def complete(self) -> bool:
        """Whether the term must be all there is."""
        return self.completeness != 1


def node(operand: Operand, attribute_set: str = BIB1, charset: str = UTF_8) -> Node:
    """Say what an operand asks; raises `QuerySyntaxError`."""
    how = read(operand.attributes, attribute_set)
    point = access_point(how)
    if how.relation == _ALWAYS:
        if point.name not in _OF_ALL:
            raise _combination(point, "relation 103 is for all records", bib1.RELATION, _ALWAYS)
        return Everything()
    asked = _text(operand, charset)
    if how.relation == _NOT_EQUAL:
        return Not(Everything(), _asked(point, replace(how, relation=_EQUAL), asked))
    return _asked(point, how, asked)


def read(attributes: tuple[Attribute, ...], attribute_set: str = BIB1) -> How:
    """Read a list of attributes, each type once; raises `QuerySyntaxError` for what is not supported."""
    found: dict[str, int] = {}
    for attribute in attributes:
        name = bib1.TYPES.get(attribute.type, "") if (attribute.set or attribute_set) == BIB1 else None
        if name is None:
            oid = attribute.set or attribute_set
            raise QuerySyntaxError("rpn-attribute-set", f"the attribute set {oid} is not known here", oid)
        if not name:
            where = str(attribute.type)
            raise QuerySyntaxError("rpn-attribute-type", f"attributes of type {where} are not known here", where)
        if not isinstance(attribute.value, int):
            raise QuerySyntaxError("rpn-attribute-list", f"the {name} attribute is a list of values", name)
        if name in found:
            raise QuerySyntaxError("rpn-combination", f"the {name} attribute stands twice", name)
        found[name] = _supported(attribute.type, attribute.value)
    return How(**found)


def access_point(how: How) -> AccessPoint:
    """Give the access point of a use attribute; `any` when there is none."""
    return cast(AccessPoint, by_bib1(how.use) if how.use else by_name("any"))


def _supported(kind: int, value: int) -> int:
    known = by_bib1(value) is not None if kind == bib1.USE else value in VALUES[kind] and value != _NONE
    if not known:
        message = f"{bib1.name(kind, value)} is not supported"
        raise QuerySyntaxError(f"rpn-{bib1.TYPES[kind]}", message, str(value))
    return value


def _text(operand: Operand, charset: str) -> str:
    asked = text(operand.term, charset).strip()
    if not asked:
        raise QuerySyntaxError("rpn-term", "the term is empty; relation 103 asks for all records", "")
    if len(asked) > MOST_CHARACTERS:
        message = f"a term has at most {MOST_CHARACTERS:,} characters"
        raise QuerySyntaxError("query-too-long", message, str(MOST_CHARACTERS))
    return asked


def _asked(point: AccessPoint, how: How, asked: str) -> Term:
    if point.field in ("year", "id"):
        return _number(point, how, asked)
    if how.relation not in (_EQUAL, _RELEVANT):
        raise _combination(point, "only numbers are compared", bib1.RELATION, how.relation)
    masked = rpn_masks.read(asked, how.truncation)
    return _code(point, how, masked) if point.kind == "code" else _words(point, how, masked)


# --- words ------------------------------------------------------------------------------------------------------------


def _words(point: AccessPoint, how: How, masked: Masked) -> Term:
    match = _match(point, how)
    if match == "whole" and (masked.left or masked.right):
        # All there is, but for what may stand before or behind it.
        match = "begins" if not masked.left else "phrase" if masked.right else "ends"
    if masked.begun:
        return Term(point.name, masked.text, match, truncated=True)
    return Term(point.name, masked.signed, match, masked=masked.signs)


def _match(point: AccessPoint, how: How) -> Match:
    numbered = how.structure in (_YEAR, _LOCAL) and point.name == "any"
    if how.structure == _DATE or (how.structure in (_YEAR, _LOCAL) and not numbered):
        raise _combination(point, "is a text", bib1.STRUCTURE, how.structure)
    if how.structure in _LOOSE and how.complete:
        raise _combination(point, "is a list of words", bib1.COMPLETENESS, how.completeness)
    if how.structure in _LOOSE and how.first:
        raise _combination(point, "is a list of words", bib1.POSITION, how.position)
    if how.complete:
        return "whole"
    return "begins" if how.first else _MATCHES.get(how.structure, "words")


# --- codes and numbers ------------------------------------------------------------------------------------------------


def _code(point: AccessPoint, how: How, masked: Masked) -> Term:
    if how.structure not in _CODE_STRUCTURES:
        raise _combination(point, "is a code", bib1.STRUCTURE, how.structure)
    if masked.begun and (number := _standard_number(point, masked.text)):
        return Term(point.name, number, "whole")
    if masked.begun:
        return Term(point.name, masked.text, "begins")
    if masked.left and not masked.right and not masked.inside:
        return Term(point.name, masked.text, "ends")
    if masked.signs:
        return Term(point.name, masked.signed, "whole", masked=True)
    return Term(point.name, code(point, masked.text), "whole")


def _standard_number(point: AccessPoint, asked: str) -> str:
    """Give a number that is whole already, as it is kept: there is nothing to cut off at its end."""
    if point.name == "isbn" and isbn.is_valid(asked):
        return str(isbn.to_isbn13(isbn.compact(asked)))
    return str(issn.format(asked)) if point.name == "issn" and issn.is_valid(asked) else ""


def _number(point: AccessPoint, how: How, asked: str) -> Term:
    structures = (*_CODE_STRUCTURES, _YEAR, _DATE) if point.field == "year" else _CODE_STRUCTURES
    if how.structure not in structures:
        raise _combination(point, "is a number", bib1.STRUCTURE, how.structure)
    begun = how.truncation == _RIGHT and point.field == "year" and how.relation in (_EQUAL, _RELEVANT)
    if how.truncation != _WHOLE_TERM and not begun:
        raise _combination(point, "is a number", bib1.TRUNCATION, how.truncation)
    relation = _RELATIONS[how.relation]
    if not rpn_masks.is_number(asked, point.field == "year", relation == "=" and not begun):
        what = "a year (2012) or a span (1990-1999)" if point.field == "year" else "a number"
        raise QuerySyntaxError("query-number", f"{asked} is not {what}", asked)
    if begun and len(asked) < 4:
        return Term(point.name, asked, truncated=True)
    return Term(point.name, asked, "whole", relation)


def _combination(point: AccessPoint, why: str, kind: int, value: int) -> QuerySyntaxError:
    message = f"{bib1.name(kind, value)} cannot be asked of {point.name}: {why}"
    return QuerySyntaxError("rpn-combination", message, f"{bib1.TYPES[kind]} {value} with {point.name}")
