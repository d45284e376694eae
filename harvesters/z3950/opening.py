"""How a session with a target begins: what we say, and what the target says of itself.

In: the settings of a source, whether a charset is negotiated, the answer. Out: an InitRequest; a `Greeting`, or the
`HarvestError` that tells why the target does not begin. Z39.50-1995 3.2.1; charsets by the negotiation definition 3.
"""

from dataclasses import dataclass, replace
from importlib import metadata
from typing import Final

from harvesters.errors import HarvestError, SourceRefused
from harvesters.z3950.faults import diagnosed
from harvesters.z3950.settings import Settings
from schemas.errors import DecodeError
from schemas.query.charset_names import charset
from schemas.z3950 import charsets, codec
from schemas.z3950.charsets import CharsetChoice, CharsetProposal
from schemas.z3950.connection import Connection
from schemas.z3950.session import InitRequest, InitResponse, Option

#: bytes of the answers that we like best; larger ones come in several
_PREFERRED: Final = 1 << 20
_OPTIONS: Final = frozenset({Option.SEARCH, Option.PRESENT, Option.SCAN, Option.SORT, Option.NAMED_RESULT_SETS})
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a target says of itself when a session begins; `charset` is empty where nothing was agreed on."""

    name: str = ""
    version: str = ""
    protocol: int = 3
    options: frozenset[Option] = frozenset()
    charset: str = ""
    message_size: int = 0


def request(given: Settings, negotiates: bool) -> InitRequest:
    """Give what we begin with."""
    try:
        version = metadata.version("lienthong")
    except metadata.PackageNotFoundError:
        version = "0"
    plain = InitRequest(
        options=_OPTIONS,
        preferred_message_size=min(_PREFERRED, given.bytes),
        exceptional_record_size=given.bytes,
        authentication=given.login,
        implementation_id="Lienthong",
        implementation_name="Lienthong",
        implementation_version=version,
    )
    if not negotiates:
        return plain
    # Records are wanted as they are: a target that takes its UTF-8 for Latin-1 would encode it once more.
    offer = codec.write_negotiation(CharsetProposal(records_too=False))
    return replace(plain, options=_OPTIONS | {Option.NEGOTIATION}, other_info=(offer,))


def greeting(answer: InitResponse, connection: Connection, negotiates: bool) -> Greeting:
    """Give what a target that begins says of itself; version and options are those that both know."""
    return Greeting(
        name=_words(answer.implementation_name),
        version=_words(answer.implementation_version),
        protocol=connection.version,
        options=connection.options,
        charset=_agreed(answer) if negotiates else "",
        message_size=answer.preferred_message_size,
    )


def refused(answer: InitResponse, where: str) -> HarvestError:
    """Give why a target does not begin."""
    told = codec.read_refusal(answer.user_information)
    if told is not None:
        return diagnosed((told,), where)
    words = _words(answer.user_information.content.decode("latin-1")) if answer.user_information else ""
    hint = "; it may want a user and a password" + (f" ({words})" if words else "")
    return SourceRefused("z3950-init", f"the target does not begin a session with us{hint}", where)


def _agreed(answer: InitResponse) -> str:
    try:
        chosen = codec.read_negotiation(answer.other_info)
    except DecodeError:
        return ""
    return charset(charsets.name(chosen.charset)) or "" if isinstance(chosen, CharsetChoice) else ""


def _words(text: str | None) -> str:
    return "".join(each if each.isprintable() else " " for each in text or "").strip()[:_LONGEST]
