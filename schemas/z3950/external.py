"""EXTERNAL: a value that names its own type, as records and negotiations are carried (X.690, 8.18).

In: an element, or an `External`. Out: the other. Octets (a MARC record) and the bytes of an element (a SUTRS, OPAC or
GRS-1 record) are kept as they came; `form` says which of the two they are.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from schemas.errors import EncodeError
from schemas.z3950.ber import CONTEXT, UNIVERSAL, Node, element, fault, pieces
from schemas.z3950.primitives import Oid, read_integer, read_oid, write_integer, write_oid

#: element: the bytes of one BER element; octets: anything; bits: a bit string with its leading byte
Form = Literal["element", "octets", "bits"]
_FORMS: Final[tuple[Form, ...]] = ("element", "octets", "bits")
_OID, _INTEGER, _DESCRIPTOR = UNIVERSAL | 6, UNIVERSAL | 2, UNIVERSAL | 7


@dataclass(frozen=True, slots=True)
class External:
    """Content of the type `syntax` (an object identifier; empty when only the number `indirect` was sent)."""

    syntax: str
    content: bytes
    form: Form = "octets"
    indirect: int | None = None


def read_external(node: Node) -> External:
    """Read an EXTERNAL, whatever its tag."""
    syntax, indirect = Oid(), None
    for inner in node.inside[:-1]:
        if inner.tag == _OID:
            syntax = read_oid(inner.content)
        elif inner.tag == _INTEGER:
            indirect = read_integer(inner.content)
        elif inner.tag != _DESCRIPTOR:
            raise fault("an EXTERNAL with something strange in it")
    if not node.inside or not CONTEXT <= node.inside[-1].tag < CONTEXT + len(_FORMS):
        raise fault("an EXTERNAL without content")
    return External(syntax, *_content(node.inside[-1]), indirect)


def _content(node: Node) -> tuple[bytes, Form]:
    form = _FORMS[node.tag - CONTEXT]
    if form != "element":
        return b"".join(pieces(node)), form
    if len(node.inside) != 1:
        raise fault("an EXTERNAL must hold one element")
    return bytes(node.inside[0].raw), form


def write_external(value: Any) -> bytes:
    """Write the content of an EXTERNAL."""
    if not isinstance(value, External):
        raise EncodeError("z3950-value", f"{type(value).__name__} where an External belongs")
    syntax = element(_OID, write_oid(value.syntax)) if value.syntax else b""
    indirect = b"" if value.indirect is None else element(_INTEGER, write_integer(value.indirect))
    tag = CONTEXT + _FORMS.index(value.form)
    return b"".join((syntax, indirect, element(tag, value.content, value.form == "element")))
