"""Negotiation of character set and language: what a client proposes and a server chooses (charset-neg-3).

In: the other information of an Init message. Out: `CharsetProposal` or `CharsetChoice`, None when there is none; and
the other information to send. Hardly anyone negotiates; whoever does asks for UTF-8, or names a set of old.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from schemas.z3950.external import External
from schemas.z3950.kinds import Binding
from schemas.z3950.values import NULL, struct, union

#: forms of ISO 10646 by the last number of 1.0.10646.1.0.n
_FORMS: Final[Mapping[str, str]] = MappingProxyType({"2": "ucs-2", "4": "ucs-4", "5": "utf-16", "8": "utf-8"})
_FORM_PREFIX: Final = "1.0.10646.1.0."


@dataclass(frozen=True, slots=True)
class Iso10646:
    """A form of Unicode."""

    encoding: str = f"{_FORM_PREFIX}8"
    collections: str | None = None


@dataclass(frozen=True, slots=True)
class Iso2022:
    """Sets of ISO 2022 (Latin-1 is asked for so); kept as it came."""

    element: bytes


@dataclass(frozen=True, slots=True)
class AgreedBefore:
    """A private set that both sides know of."""


#: the private ones are object identifiers, or an External whose octets are a name
Charset: TypeAlias = Iso10646 | Iso2022 | tuple[str, ...] | External | AgreedBefore


@dataclass(frozen=True, slots=True)
class CharsetProposal:
    """What a client can speak, what it likes best first; languages in three letters.

    `records_too`: records shall come in the chosen set as well, not names and messages only.
    """

    charsets: tuple[Charset, ...] | None = (Iso10646(),)
    languages: tuple[str, ...] | None = None
    records_too: bool | None = None


@dataclass(frozen=True, slots=True)
class CharsetChoice:
    """What a server chose; `charset` None: nothing was proposed that it speaks."""

    charset: Charset | None = Iso10646()
    language: str | None = None
    records_too: bool | None = None


def name(charset: Charset | None) -> str:
    """Give the common name of a set: `utf-8`; empty when it has none that we know."""
    if isinstance(charset, Iso10646) and charset.encoding.startswith(_FORM_PREFIX):
        return _FORMS.get(charset.encoding.removeprefix(_FORM_PREFIX), "")
    if isinstance(charset, External) and charset.form == "octets":
        return charset.content.decode("ascii", "replace").strip().lower()
    return ""


# --- bindings ---------------------------------------------------------------------------------------------------------

_AGREED: Final = AgreedBefore()


def _read_charset(found: tuple[str, Any]) -> Charset | None:
    charset: Charset | None = Iso2022(found[1]) if found[0] == "iso2022" else found[1]
    return charset


def _write_charset(value: Any) -> tuple[str, Any]:
    if isinstance(value, Iso2022):
        return "iso2022", value.element
    if isinstance(value, Iso10646):
        return "iso10646", value
    return ("none", None) if value is None else ("private", value)


def _read_private(found: tuple[str, Any]) -> Any:
    return _AGREED if found[0] == "previouslyAgreedUpon" else found[1]


def _write_private(value: Any) -> tuple[str, Any]:
    if isinstance(value, AgreedBefore):
        return "previouslyAgreedUpon", None
    return _PRIVATE.write(value)  # type: ignore[no-any-return]


_PRIVATE: Final = union(viaOid=tuple, externallySpecified=External, none=NULL)

BINDINGS: Final[Mapping[str, Binding]] = MappingProxyType(
    {
        "CharSetandLanguageNegotiation": union(proposal=CharsetProposal, response=CharsetChoice),
        "OriginProposal": struct(
            CharsetProposal,
            charsets="proposedCharSets",
            languages="proposedlanguages",
            records_too="recordsInSelectedCharSets",
        ),
        "TargetResponse": struct(
            CharsetChoice,
            charset="selectedCharSets",
            language="selectedLanguage",
            records_too="recordsInSelectedCharSets",
        ),
        "ProposedCharset": Binding(_read_charset, _write_charset),
        "SelectedCharset": Binding(_read_charset, _write_charset),
        "PrivateCharacterSet": Binding(_read_private, _write_private),
        "Iso10646": struct(Iso10646, encoding="encodingLevel"),
    }
)
