"""The types of `asn1.json` as readers and writers of BER.

In: the JSON that hat-asn1's compiler made of the `.asn` texts, and `Binding`s from the names of types to our values.
Out: a `Kind` for every name, which reads a `Node` into a value and writes a value to bytes. An unbound SEQUENCE is a
dict, a CHOICE a pair of name and value, a SEQUENCE OF a tuple. Unknown elements at the end of a SEQUENCE are skipped.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from schemas.errors import DecodeError, EncodeError
from schemas.z3950 import primitives
from schemas.z3950.ber import CONTEXT, DEFAULT_LIMITS, UNIVERSAL, Node, element, fault, parse, pieces
from schemas.z3950.external import External, read_external, write_external

_SEQUENCE: Final = UNIVERSAL | 16
_OCTETS: Final = UNIVERSAL | 4
_CLASSES: Final = {"UNIVERSAL": UNIVERSAL, "CONTEXT_SPECIFIC": CONTEXT}


@dataclass(frozen=True, slots=True)
class Binding:
    """What stands for a type in Python: how to make it of what was read, and what to write of it."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


class Kind(ABC):
    """A type; `tags`: what an element of it may begin with (None: anything)."""

    @property
    @abstractmethod
    def tags(self) -> frozenset[int] | None:
        """Give the tags an element of this type begins with."""

    @abstractmethod
    def read(self, node: Node) -> Any:
        """Read an element, whatever its tag is; raises `DecodeError`."""

    @abstractmethod
    def write(self, value: Any, tag: int | None = None) -> bytes:
        """Write an element, under another tag when one is given."""

    def fits(self, node: Node) -> bool:
        """Say whether an element may be of this type."""
        return self.tags is None or node.tag in self.tags


@dataclass(frozen=True)
class _Plain(Kind):
    """A primitive type."""

    tag: int
    reader: Callable[[memoryview], Any]
    writer: Callable[[Any], bytes]

    @cached_property
    def tags(self) -> frozenset[int]:
        return frozenset([self.tag])

    def read(self, node: Node) -> Any:
        if node.constructed:
            raise fault("a list where one value belongs")
        return self.reader(node.content)

    def write(self, value: Any, tag: int | None = None) -> bytes:
        return element(self.tag if tag is None else tag, self.writer(value))


@dataclass(frozen=True)
class _Text(_Plain):
    """Octets or text, which BER lets a peer send in pieces."""

    def read(self, node: Node) -> Any:
        return self.reader(memoryview(b"".join(pieces(node))) if node.constructed else node.content)


class _Anything(Kind):
    """ANY: the bytes of an element as they are."""

    tags = None

    def read(self, node: Node) -> bytes:
        return bytes(node.raw)

    def write(self, value: Any, tag: int | None = None) -> bytes:  # noqa: ARG002 - it brings its own tag
        return bytes(parse(value, DEFAULT_LIMITS).raw)


class _Externals(Kind):
    """EXTERNAL: something of a type that it names itself."""

    tags = frozenset([UNIVERSAL | 8])

    def read(self, node: Node) -> External:
        return read_external(node)

    def write(self, value: Any, tag: int | None = None) -> bytes:
        return element(UNIVERSAL | 8 if tag is None else tag, write_external(value), True)


@dataclass(frozen=True)
class _Tagged(Kind):
    """A type under a tag, in place of its own (implicit) or around it."""

    tag: int
    kind: Kind
    implicit: bool

    @cached_property
    def tags(self) -> frozenset[int]:
        return frozenset([self.tag])

    @cached_property
    def replaces(self) -> bool:
        """A CHOICE and an ANY have no tag that could be replaced (X.680, 31.2.7)."""
        return self.implicit and not isinstance(resolved(self.kind), _Choice | _Anything)

    def read(self, node: Node) -> Any:
        if self.replaces:
            return self.kind.read(node)
        if len(node.inside) != 1 or not self.kind.fits(node.inside[0]):
            raise fault("not what belongs under this tag")
        return self.kind.read(node.inside[0])

    def write(self, value: Any, tag: int | None = None) -> bytes:
        outer = self.tag if tag is None else tag
        return self.kind.write(value, outer) if self.replaces else element(outer, self.kind.write(value), True)


@dataclass(frozen=True)
class _Field:
    """A component of a SEQUENCE."""

    name: str
    kind: Kind
    optional: bool


@dataclass(frozen=True)
class _Sequence(Kind):
    """A SEQUENCE: a mapping from names to values, what is optional and absent left out."""

    fields: tuple[_Field, ...]
    tags = frozenset([_SEQUENCE])

    def read(self, node: Node) -> Any:
        if not node.constructed:
            raise fault("one value where a list belongs")
        found: dict[str, Any] = {}
        inside, at, count = node.inside, 0, len(node.inside)
        for field in self.fields:
            if at < count and field.kind.fits(inside[at]):
                found[field.name] = _named(field.name, field.kind, inside[at])
                at += 1
            elif not field.optional:
                raise fault("is missing", field.name)
        return found

    def write(self, value: Any, tag: int | None = None) -> bytes:
        parts = []
        for field in self.fields:
            inner = value.get(field.name)
            # None is a value only where something must stand: the null term of a query.
            if inner is not None or not field.optional:
                parts.append(_written(field, inner))
        return element(_SEQUENCE if tag is None else tag, b"".join(parts), True)


def _named(name: str, kind: Kind, node: Node) -> Any:
    try:
        return kind.read(node)
    except DecodeError as error:
        raise fault(error.message, f"{name}.{error.where}".rstrip(".")) from None


def _written(field: _Field, value: Any) -> bytes:
    try:
        return field.kind.write(value)
    except EncodeError as error:
        raise EncodeError(error.code, error.message, f"{field.name}.{error.where}".rstrip(".")) from None
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise EncodeError("z3950-value", f"cannot be written: {type(value).__name__}, {error}", field.name) from error


@dataclass(frozen=True)
class _SequenceOf(Kind):
    """A SEQUENCE OF: a tuple."""

    kind: Kind
    tags = frozenset([_SEQUENCE])

    def read(self, node: Node) -> Any:
        if not node.constructed:
            raise fault("one value where a list belongs")
        if not all(map(self.kind.fits, node.inside)):
            raise fault("an element of another type in a list")
        return tuple(map(self.kind.read, node.inside))

    def write(self, value: Any, tag: int | None = None) -> bytes:
        return element(_SEQUENCE if tag is None else tag, b"".join(map(self.kind.write, value)), True)


@dataclass(frozen=True)
class _Choice(Kind):
    """A CHOICE: a pair of name and value."""

    choices: Mapping[str, Kind]

    @cached_property
    def tags(self) -> frozenset[int]:
        return frozenset(self._by_tag)

    @cached_property
    def _by_tag(self) -> Mapping[int, tuple[str, Kind]]:
        return {tag: (name, kind) for name, kind in self.choices.items() for tag in kind.tags or ()}

    def read(self, node: Node) -> Any:
        found = self._by_tag.get(node.tag)
        if found is None:
            raise fault("none of the things that may stand here")
        return found[0], _named(*found, node)

    def write(self, value: Any, tag: int | None = None) -> bytes:  # noqa: ARG002 - what is chosen has the tag
        name, inner = value
        return self.choices[name].write(inner)


@dataclass(frozen=True, eq=False, repr=False)
class _Named(Kind):
    """A type by its name: what it is, and what stands for it in Python."""

    name: str
    types: Mapping[str, Kind]
    bindings: Mapping[str, Binding]

    @cached_property
    def kind(self) -> Kind:
        """Give the type that has this name."""
        return self.types[self.name]

    @cached_property
    def binding(self) -> Binding | None:
        """Give what stands for it."""
        return self.bindings.get(self.name)

    @property
    def tags(self) -> frozenset[int] | None:
        return self.kind.tags

    def read(self, node: Node) -> Any:
        value = self.kind.read(node)
        if self.binding is None:
            return value
        try:
            return self.binding.read(value)
        except ValueError as error:
            raise fault(str(error)) from None

    def write(self, value: Any, tag: int | None = None) -> bytes:
        return self.kind.write(value if self.binding is None else self.binding.write(value), tag)


def resolved(kind: Kind) -> Kind:
    """Give what a name stands for in the end."""
    while isinstance(kind, _Named):
        kind = kind.kind
    return kind


# --- from JSON --------------------------------------------------------------------------------------------------------

_TEXT_TAGS: Final = {"GeneralString": 27, "VisibleString": 26}


def load(json: list[Any], bindings: Mapping[str, Binding]) -> Mapping[str, Kind]:
    """Make the types of the compiled JSON, each reachable by its name."""
    types: dict[str, Kind] = {}
    for (_, _, name), definition in json:
        types[name] = _kind(definition, types, bindings)
    return {name: _Named(name, types, bindings) for name in types}


def _kind(json: list[Any], types: Mapping[str, Kind], bindings: Mapping[str, Binding]) -> Kind:
    what = json[0]
    if what == "TypeRef":
        return _Named(json[2], types, bindings)
    if what == "PrefixedType":
        return _Tagged(_CLASSES[json[2]] | json[3], _kind(json[1], types, bindings), json[4])
    if what == "SequenceType":
        return _Sequence(tuple(_Field(name, _kind(of, types, bindings), optional) for name, of, optional in json[1]))
    if what == "SequenceOfType":
        return _SequenceOf(_kind(json[1], types, bindings))
    if what == "ChoiceType":
        return _Choice({name: _kind(of, types, bindings) for name, of in json[1]})
    return _simple(what, json[1] if len(json) > 1 else "")


def _simple(what: str, variant: str) -> Kind:
    if what == "StringType" and variant == "GeneralizedTime":
        return _Text(UNIVERSAL | 24, lambda content: primitives.Time(primitives.read_text(content)), str.encode)
    if what == "StringType":
        return _Text(UNIVERSAL | _TEXT_TAGS[variant], primitives.read_text, str.encode)
    kinds: dict[str, Kind] = {
        "IntegerType": _Plain(UNIVERSAL | 2, primitives.read_integer, primitives.write_integer),
        # Any byte but 0 is true; YAZ sends 1, and shows another one as a number.
        "BooleanType": _Plain(UNIVERSAL | 1, _read_boolean, lambda value: b"\x01" if value else b"\x00"),
        "BitStringType": _Plain(UNIVERSAL | 3, primitives.read_bits, primitives.write_bits),
        "OctetStringType": _Text(_OCTETS, bytes, bytes),
        "NullType": _Plain(UNIVERSAL | 5, lambda _: None, lambda _: b""),
        "ObjectIdentifierType": _Plain(UNIVERSAL | 6, primitives.read_oid, primitives.write_oid),
        "ExternalType": _Externals(),
        "EntityType": _Anything(),
    }
    return kinds[what]


def _read_boolean(content: memoryview) -> bool:
    if len(content) != 1:
        raise fault("a truth value that is none")
    return content[0] != 0
