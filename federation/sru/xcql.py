"""CQL as XML: XCQL 1.1, with which an SRU server says how it understood a query.

In: the tree of `cql_syntax`. Out: XML of the namespace http://www.loc.gov/zing/cql/xcql/, whose elements bear the
prefix that is given. Source: xcql.xsd, 2004.
"""

from typing import Final

from schemas.crosswalks.xml_text import escaped
from schemas.query.cql_syntax import Boolean, Clause, Modifier, Node, Prefixed, Relation

#: what stands for an index and a relation that were not written
_SERVER_CHOICE: Final = "cql.serverChoice"
_BY_ITSELF: Final = Relation("scr")


def xcql(node: Node, prefix: str = "") -> str:
    """Write a tree as the content of an operand."""
    assigned: list[str] = []
    while isinstance(node, Prefixed):
        assigned.append(_element(prefix, "prefix", _text(prefix, name=node.prefix, identifier=node.uri)))
        node = node.query
    prefixes = _element(prefix, "prefixes", "".join(assigned)) if assigned else ""
    if isinstance(node, Clause):
        return prefixes + _element(prefix, "searchClause", clause(node, prefix))
    return prefixes + _element(prefix, "triple", _triple(node, prefix))


def clause(node: Node, prefix: str = "") -> str:
    """Write the content of a search clause; nothing for what is none."""
    while isinstance(node, Prefixed):
        node = node.query
    if not isinstance(node, Clause):
        return ""
    relation = node.relation or _BY_ITSELF
    stated = _text(prefix, value=relation.name) + _modifiers(prefix, relation.modifiers)
    index = _text(prefix, index=_SERVER_CHOICE if node.index is None else node.index)
    return index + _element(prefix, "relation", stated) + _text(prefix, term=node.term)


def _triple(node: Boolean, prefix: str) -> str:
    stated = _text(prefix, value=node.operator) + _modifiers(prefix, node.modifiers)
    return (
        _element(prefix, "boolean", stated)
        + _element(prefix, "leftOperand", xcql(node.left, prefix))
        + _element(prefix, "rightOperand", xcql(node.right, prefix))
    )


def _modifiers(prefix: str, modifiers: tuple[Modifier, ...]) -> str:
    written = "".join(_element(prefix, "modifier", _modifier(prefix, each)) for each in modifiers)
    return _element(prefix, "modifiers", written) if written else ""


def _modifier(prefix: str, modifier: Modifier) -> str:
    stated = _text(prefix, type=modifier.name)
    return stated + (_text(prefix, comparison=modifier.comparison, value=modifier.value) if modifier.comparison else "")


def _text(prefix: str, **texts: str) -> str:
    return "".join(_element(prefix, name, escaped(text)) for name, text in texts.items())


def _element(prefix: str, name: str, content: str) -> str:
    return f"<{prefix}{name}>{content}</{prefix}{name}>"
