"""How a Z39.50 session begins: versions, options, sizes, charset and who is there.

In: an Init request, the door, and where it comes from. Out: the response, and what was `Agreed`; None when the client
is refused, and then the user information says why. Options are those that both sides have, and nothing is promised that
is not done. Z39.50-1995, 3.2.1; charset and language negotiation 3.
"""

from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from federation.errors import Unavailable
from federation.z3950 import clients, users
from federation.z3950.clients import UNICODE, Address, Speech
from federation.z3950.door import Door
from federation.z3950.limits import LEAST_MESSAGE, MESSAGE_OUT, RECORD_OUT
from federation.z3950.pack import Sizes
from schemas.errors import DecodeError
from schemas.z3950 import charsets, codec
from schemas.z3950.charsets import CharsetChoice, CharsetProposal
from schemas.z3950.session import InitRequest, InitResponse, Option
from schemas.z3950.values import Diagnostic, OtherInfo

NAME: Final = "Lienthong"
VERSIONS: Final = frozenset({1, 2, 3})
OPTIONS: Final = frozenset(
    {
        Option.SEARCH,
        Option.PRESENT,
        Option.DELETE_SET,
        Option.SCAN,
        Option.SORT,
        Option.SEGMENTATION_1,
        Option.NAMED_RESULT_SETS,
        Option.NEGOTIATION,
        Option.STRING_SCHEMA,
    }
)
_LANGUAGES: Final = {"vie": "vi", "vi": "vi", "eng": "en", "en": "en"}
_WRONG, _CANNOT_CHECK, _OUT_OF_RESOURCES, _NO_VERSION = 1011, 1014, 1018, 100


_LARGEST: Final = Sizes(MESSAGE_OUT, RECORD_OUT)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What holds for a session."""

    options: frozenset[Option] = OPTIONS
    sizes: Sizes = _LARGEST
    speech: Speech = UNICODE
    language: str = "vi"


def answer(request: InitRequest, door: Door, address: Address) -> tuple[InitResponse, Agreed | None]:
    """Let a client in, or not."""
    agreed, chosen = _negotiated(request, Agreed(sizes=_sizes(request), speech=clients.speech(door.rules, address)))
    if chosen is None:
        agreed = replace(agreed, options=agreed.options - {Option.NEGOTIATION})
    agreed = replace(agreed, options=agreed.options & request.options)
    fault = _fault(request, door, address)
    response = InitResponse(
        versions=request.versions & VERSIONS or VERSIONS,
        options=agreed.options,
        preferred_message_size=agreed.sizes.preferred,
        exceptional_record_size=agreed.sizes.exceptional,
        accepted=fault is None,
        implementation_id=NAME,
        implementation_name=f"{NAME} Z39.50",
        implementation_version=_version(),
        user_information=codec.write_refusal(fault) if fault else None,
        other_info=(chosen,) if chosen and not fault else None,
    )
    return response, None if fault else agreed


def _sizes(request: InitRequest) -> Sizes:
    preferred = min(max(request.preferred_message_size, LEAST_MESSAGE), MESSAGE_OUT)
    return Sizes(preferred, min(max(request.exceptional_record_size, preferred), RECORD_OUT))


def _fault(request: InitRequest, door: Door, address: Address) -> Diagnostic | None:
    if not request.versions & VERSIONS:
        return Diagnostic(_NO_VERSION, "versions 2 and 3 are spoken")
    if door.users.all_are_welcome:
        return None
    user, password = users.names(request.authentication)
    if door.is_counted(address) and (wait := door.wrong.wait(address)):
        return Diagnostic(_OUT_OF_RESOURCES, f"too many wrong passwords; try again in {wait} s")
    try:
        admitted = door.users.admits(user, password)
    except Unavailable:
        return Diagnostic(_CANNOT_CHECK)
    if not admitted:
        door.wrong.take(address)
    return None if admitted else Diagnostic(_WRONG, user[:100])


def _negotiated(request: InitRequest, agreed: Agreed) -> tuple[Agreed, OtherInfo | None]:
    """Choose what we speak of what a client proposes; None when it proposes nothing."""
    try:
        proposal = codec.read_negotiation(request.other_info)
    except DecodeError:
        return agreed, None
    if not isinstance(proposal, CharsetProposal):
        return agreed, None
    charset, speech = _charset(proposal, agreed.speech)
    language = next((each for each in proposal.languages or () if each.lower() in _LANGUAGES), None)
    chosen = CharsetChoice(charset, language, bool(proposal.records_too and charset is not None))
    spoken = _LANGUAGES[language.lower()] if language else agreed.language
    return replace(agreed, speech=speech, language=spoken), codec.write_negotiation(chosen)


def _charset(proposal: CharsetProposal, before: Speech) -> tuple[charsets.Charset | None, Speech]:
    for charset in proposal.charsets or ():
        speech = clients.of_name(charsets.name(charset))
        if speech:
            return charset, speech if proposal.records_too else replace(before, queries=speech.queries)
    return None, before


def _version() -> str:
    try:
        return version("lienthong")
    except PackageNotFoundError:
        return "0"
