"""The OAI sets a reader can ask for, and what they are called.

In: the names of sets the store knows, its members and kinds of library. Out: `SetLine`s in order. A set's spec is
`<family>:<code>`, the code permanent and without any name in it; names are shown in Vietnamese and English.
Families: `member` a library, `kind` a kind of library, `type` a type of material, `collection` one across libraries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from federation.store.members import MemberRow

#: family -> how its sets are called, with the name of the one in place of {}
FAMILIES: Final[Mapping[str, str]] = {
    "member": "{}",
    "kind": "Loại thư viện / Kind of library: {}",
    "type": "Loại tài liệu / Type of material: {}",
    "collection": "Bộ sưu tập / Collection: {}",
}


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set: its permanent spec and its name for people."""

    spec: str
    name: str


def lines(
    known: Iterable[str], members: Iterable[MemberRow], names: Mapping[str, tuple[str, str]]
) -> tuple[SetLine, ...]:
    """Give every set: those known, one per member (even an empty one), each with its name.

    `names`: spec -> its Vietnamese and English name; a set without one is called by its code.
    """
    called = {f"member:{member.code}": member.name for member in members}
    return tuple(SetLine(spec, called.get(spec) or _name(spec, names)) for spec in sorted({*known, *called}))


def _name(spec: str, names: Mapping[str, tuple[str, str]]) -> str:
    family, _, code = spec.partition(":")
    vietnamese, english = names.get(spec, (code, code))
    return FAMILIES.get(family, "{}").format(vietnamese if vietnamese == english else f"{vietnamese} / {english}")
