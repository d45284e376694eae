"""Queries as Z39.50 carries them: type 1 and type 101 (RPN), a tree of operands and operators; others unread.

In: the CHOICE Query. Out: `RpnQuery` or `OtherQuery`; and back. What the attributes mean is said elsewhere: see
`attributes` for their names and `schemas.query` for what the catalogue makes of them. Z39.50-1995, 3.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.primitives import Oid, Time
from schemas.z3950.values import NULL, IntUnit, struct, union

BIB1: Final = "1.2.840.10003.3.1"

#: `general` is bytes (in the charset of the peer), `characterString` str; None is the null term
Term: TypeAlias = bytes | str | int | Oid | Time | External | IntUnit | None


@dataclass(frozen=True, slots=True)
class ComplexValue:
    """The value of an attribute that is a list, in order of preference."""

    list: tuple[str | int, ...]
    semantic_action: tuple[int, ...] | None = None


class Attribute(NamedTuple):
    """One attribute; `set` None: of the set that the query names."""

    set: str | None
    type: int
    value: int | ComplexValue


@dataclass(frozen=True, slots=True)
class Operand:
    """A term and how to look for it."""

    attributes: tuple[Attribute, ...]
    term: Term


@dataclass(frozen=True, slots=True)
class ResultSetOperand:
    """What an earlier search found; `attributes` (type 101 only) restrict it."""

    name: str
    attributes: tuple[Attribute, ...] | None = None


@dataclass(frozen=True, slots=True)
class Proximity:
    """Both sides near to each other. `relation` 1-6: < <= = >= > <>; `unit` 1 character, 2 word, 3 sentence, …."""

    distance: int
    ordered: bool
    relation: int
    unit: int
    private_unit: bool = False
    exclusion: bool | None = None


Boolean = Literal["and", "or", "and-not"]


@dataclass(frozen=True, slots=True)
class Operator:
    """Two sides and what joins them."""

    operator: Boolean | Proximity
    left: "Rpn"
    right: "Rpn"


Rpn: TypeAlias = Operand | ResultSetOperand | Operator


@dataclass(frozen=True, slots=True)
class RpnQuery:
    """A query of type 1 or 101."""

    root: Rpn
    attribute_set: str = BIB1
    type: Literal[1, 101] = 1


@dataclass(frozen=True, slots=True)
class OtherQuery:
    """A query of another type: 0 private, 2 ISO 8777, 100 Z39.58, 102 ranked list, 104 external (CQL)."""

    type: int
    query: bytes | External


Query: TypeAlias = RpnQuery | OtherQuery


# --- bindings ---------------------------------------------------------------------------------------------------------


def _read_query(found: tuple[str, Any]) -> Query:
    kind = int(found[0].removeprefix("type-"))
    if isinstance(found[1], bytes | External):
        return OtherQuery(kind, found[1])
    return RpnQuery(found[1]["rpn"], found[1]["attributeSet"], 101 if kind == 101 else 1)


def _write_query(query: Any) -> tuple[str, Any]:
    name = f"type-{query.type}"
    if isinstance(query, RpnQuery):
        return name, {"attributeSet": query.attribute_set, "rpn": query.root}
    return name, query.query


def _read_rpn(found: tuple[str, Any]) -> Rpn:
    name, value = found
    if name == "op":
        return _read_operand(value)
    return Operator(value["op"], value["rpn1"], value["rpn2"])


def _read_operand(found: tuple[str, Any]) -> Rpn:
    name, value = found
    if name == "resultSet":
        return ResultSetOperand(value)
    if name == "resultAttr":
        return ResultSetOperand(value["resultSet"], value["attributes"])
    operand: Operand = value
    return operand


def _write_rpn(node: Any) -> tuple[str, Any]:
    if isinstance(node, Operator):
        return "rpnRpnOp", {"rpn1": node.left, "rpn2": node.right, "op": node.operator}
    if isinstance(node, ResultSetOperand) and node.attributes is None:
        return "op", ("resultSet", node.name)
    if isinstance(node, ResultSetOperand):
        return "op", ("resultAttr", {"resultSet": node.name, "attributes": node.attributes})
    return "op", ("attrTerm", node)


def _read_operator(found: tuple[str, Any]) -> Boolean | Proximity:
    name, value = found
    return value if name == "prox" else name  # type: ignore[return-value]


def _write_operator(operator: Any) -> tuple[str, Any]:
    return ("prox", operator) if isinstance(operator, Proximity) else (operator, None)


def _read_proximity(found: Mapping[str, Any]) -> Proximity:
    unit, code = found["proximityUnitCode"]
    return Proximity(
        found["distance"], found["ordered"], found["relationType"], code, unit == "private", found.get("exclusion")
    )


def _write_proximity(value: Proximity) -> Mapping[str, Any]:
    return {
        "exclusion": value.exclusion,
        "distance": value.distance,
        "ordered": value.ordered,
        "relationType": value.relation,
        "proximityUnitCode": ("private" if value.private_unit else "known", value.unit),
    }


def _read_attribute(found: Mapping[str, Any]) -> Attribute:
    return Attribute(found.get("attributeSet"), found["attributeType"], found["attributeValue"])


def _write_attribute(value: Attribute) -> Mapping[str, Any]:
    return {"attributeSet": value.set, "attributeType": value.type, "attributeValue": value.value}


BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "Query": Binding(_read_query, _write_query),
        "RPNStructure": Binding(_read_rpn, _write_rpn),
        "AttributesPlusTerm": struct(Operand),
        "Term": union(
            general=bytes,
            numeric=int,
            oid=Oid,
            dateTime=Time,
            characterString=str,
            external=External,
            integerAndUnit=IntUnit,
            null=NULL,
        ),
        "Operator": Binding(_read_operator, _write_operator),
        "ProximityOperator": Binding(_read_proximity, _write_proximity),
        "AttributeElement": Binding(_read_attribute, _write_attribute),
        "AttributeValue": union(numeric=int, complex=ComplexValue),
        "ComplexAttribute": struct(ComplexValue),
    }
)
