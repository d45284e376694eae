"""What a harvester asked: the arguments of one request, checked against its verb.

In: the query string or the body of a POST, as bytes. Out: an `Asked`, or `Refused` with every fault found at once and
the arguments an answer may echo (OAI-PMH 2.0, sections 3.1.1, 3.3, 3.6 and 4). What is checked here needs no catalogue:
names, repetitions, syntax, sizes, dates.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn
from urllib.parse import parse_qsl

#: limits that no honest harvester meets: bytes of all arguments, number of them, characters of one
MOST_BYTES: Final = 16 * 1024
MOST_ARGUMENTS: Final = 32
MOST_CHARACTERS: Final = 2048

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_PREFIX: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_SET: Final = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
#: RFC 3986 characters; an identifier with others is nobody's and cannot be echoed as the schema's anyURI
_URI: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of an answer: a code of section 3.6 and what to tell."""

    code: str
    message: str


class Refused(Exception):
    """The request is answered with errors.

    `horizon` is the responseDate it is true for: "nothing changed" holds only up to the moment that was looked at, and
    a harvester goes on from what the answer says.
    """

    def __init__(self, faults: Iterable[Fault], horizon: datetime | None = None) -> None:
        self.faults = tuple(faults)
        self.horizon = horizon
        super().__init__("; ".join(f"{fault.code}: {fault.message}" for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that follows the grammar. `until` is the last second asked for, also when a day was named."""

    verb: str
    identifier: str = ""
    prefix: str = ""
    set_spec: str = ""
    from_: datetime | None = None
    until: datetime | None = None
    token: str | None = None
    echo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Grammar:
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    exclusive: str = ""


_LIST: Final = _Grammar(("metadataPrefix",), ("from", "until", "set"), "resumptionToken")
VERBS: Final[Mapping[str, _Grammar]] = {
    "Identify": _Grammar(),
    "ListMetadataFormats": _Grammar(optional=("identifier",)),
    "ListSets": _Grammar(exclusive="resumptionToken"),
    "GetRecord": _Grammar(("identifier", "metadataPrefix")),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}


def read(*texts: bytes) -> Asked:
    """Read a request from its query string and its form body; raises `Refused`."""
    pairs = [pair for text in texts for pair in _pairs(text)]
    if len(pairs) > MOST_ARGUMENTS:
        _refuse("badArgument", f"{len(pairs)} arguments; at most {MOST_ARGUMENTS} are read")
    verb = _verb([value for name, value in pairs if name == "verb"])
    arguments = {name: value for name, value in pairs if name != "verb"}
    if faults := [*_misfits(VERBS[verb], pairs), *_malformed(arguments)]:
        raise Refused(faults)
    try:
        from_, until = _window(arguments)
    except ValueError as error:
        _refuse("badArgument", str(error))
    return Asked(
        verb,
        identifier=arguments.get("identifier", ""),
        prefix=arguments.get("metadataPrefix", ""),
        set_spec=arguments.get("set", ""),
        from_=from_,
        until=until,
        token=arguments.get("resumptionToken"),
        echo={"verb": verb, **{name: value for name, value in arguments.items() if _echoes(name, value)}},
    )


def _refuse(code: str, message: str) -> NoReturn:
    raise Refused([Fault(code, message)])


def _pairs(text: bytes) -> list[tuple[str, str]]:
    if len(text) > MOST_BYTES:
        _refuse("badArgument", f"the arguments are longer than {MOST_BYTES} bytes")
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        _refuse("badArgument", "the arguments are not percent-encoded UTF-8")


def _verb(values: list[str]) -> str:
    if not values:
        _refuse("badVerb", f"no verb; it must be one of {', '.join(VERBS)}")
    if len(values) > 1:
        _refuse("badVerb", "the verb is repeated")
    if values[0] not in VERBS:
        _refuse("badVerb", f"{shown(values[0])} is no verb; it must be one of {', '.join(VERBS)}")
    return values[0]


def _misfits(grammar: _Grammar, pairs: list[tuple[str, str]]) -> list[Fault]:
    counts = Counter(name for name, _ in pairs if name != "verb")
    legal = {*grammar.required, *grammar.optional, grammar.exclusive} - {""}
    faults = [f"{shown(name)} is no argument of this verb" for name in counts if name not in legal]
    faults += [f"{name} is given {count} times" for name, count in counts.items() if count > 1 and name in legal]
    if grammar.exclusive in counts:
        others = sorted(legal & set(counts) - {grammar.exclusive})
        faults += [f"{name} cannot be given together with {grammar.exclusive}" for name in others]
    else:
        faults += [f"{name} is missing" for name in grammar.required if name not in counts]
    return [Fault("badArgument", message) for message in faults]


def _malformed(arguments: Mapping[str, str]) -> list[Fault]:
    faults = []
    for name, value in arguments.items():
        pattern = {"metadataPrefix": _PREFIX, "set": _SET}.get(name)
        if name == "resumptionToken":  # whatever it is, it is the token that is wrong then
            continue
        if len(value) > MOST_CHARACTERS:
            faults.append(f"{shown(name)} is longer than {MOST_CHARACTERS} characters")
        elif not value:
            faults.append(f"{shown(name)} is empty")
        elif pattern and not pattern.fullmatch(value):
            faults.append(f"{name} is {shown(value)}: only letters, digits and -_.!~*'() are legal")
    return [Fault("badArgument", message) for message in faults]


def _window(arguments: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    from_, until = arguments.get("from"), arguments.get("until")
    start, _ = _moment("from", from_) if from_ else (None, None)
    _, end = _moment("until", until) if until else (None, None)
    if from_ and until and len(from_) != len(until):
        raise ValueError("from and until have different granularity")
    if start and end and start > end:
        raise ValueError("from is after until")
    return start, end


def _moment(name: str, text: str) -> tuple[datetime, datetime]:
    """Give the first and the last second that a date names."""
    try:
        if _DAY.fullmatch(text):
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            return day, day + timedelta(hours=23, minutes=59, seconds=59)
        if _SECOND.fullmatch(text):
            second = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return second, second
    except ValueError:
        pass
    raise ValueError(f"{name} is {shown(text)}: it must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")


def _echoes(name: str, value: str) -> bool:
    return not _NOT_XML.search(value) and (name != "identifier" or bool(_URI.fullmatch(value)))


def shown(text: str) -> str:
    """Quote what was received, short and in characters that XML has."""
    return repr(_NOT_XML.sub("\ufffd", text[:80] + ("…" if len(text) > 80 else "")))
