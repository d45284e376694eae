"""How one target is spoken with: the options that govern the connection, read as values.

In: the options an operator typed. Out: `Settings`, or a `SourceRefused` that names the option that is wrong.
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harvesters import limits as http
from harvesters.errors import SourceRefused
from harvesters.limits import Limits
from harvesters.login import PASSWORD, USER
from harvesters.options import Option, flag, text, whole
from schemas.query.charset_names import UTF_8, charset
from schemas.z3950 import ber
from schemas.z3950.session import IdPass

GROUP: Final = Option("group", "", "group that a target wants beside user and password")
LOGIN: Final = Option("login", "fields", "how user and password are told: fields, or open (one text user/password)")
NEGOTIATE: Final = Option("negotiate", "true", "offer UTF-8 when the session is opened; false for targets that hang up")
LETTERS: Final = Option(
    "query_charset", "auto", "charset of the words in queries: utf-8, marc-8, latin-1, cp1258; auto: what is agreed on"
)
MESSAGE: Final = Option("max_bytes", str(16 << 20), "bytes one answer of the target may have", 10_000, 1 << 28)
OPTIONS: Final = (
    *(http.ALLOW_PRIVATE, http.CONNECT, http.TIMEOUT, http.ANSWER, http.RETRIES, http.BACKOFF, http.LONGEST),
    *(MESSAGE, http.PER_MINUTE, USER, PASSWORD, GROUP, LOGIN, NEGOTIATE, LETTERS),
)
_FORMS: Final = ("fields", "open")
_AUTO: Final = "auto"
#: elements of one message: fifty records with two hundred copies each
_ELEMENTS: Final = 250_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The options as values. `login` is what is told of us; `charset` is empty where the target has its say."""

    limits: Limits
    login: str | IdPass | None
    negotiates: bool
    charset: str
    bytes: int

    @property
    def ber(self) -> ber.Limits:
        """What a message may have."""
        return ber.Limits(message=self.bytes, elements=_ELEMENTS, waiting=2 * self.bytes)


def settings(given: Mapping[str, str]) -> Settings:
    """Read the options; raises `SourceRefused`."""
    return Settings(
        limits=http.limits({**given, MESSAGE.name: http.BYTES.default}),
        login=_login(given),
        negotiates=flag(NEGOTIATE, given),
        charset=_charset(text(LETTERS, given)),
        bytes=whole(MESSAGE, given),
    )


def _login(given: Mapping[str, str]) -> str | IdPass | None:
    user, password, group = (given.get(option.name, "") for option in (USER, PASSWORD, GROUP))
    form = text(LOGIN, given) or LOGIN.default
    if form not in _FORMS:
        raise SourceRefused("option-invalid", f"option {LOGIN.name} is {form!r}; write one of {', '.join(_FORMS)}")
    if given.get("token"):
        raise SourceRefused("option-invalid", "Z39.50 knows no token; give user and password")
    if form == "open" and user:
        return f"{user}/{password}"
    return IdPass(group or None, user or None, password or None) if user or group else None


def _charset(found: str) -> str:
    if found.lower() in ("", _AUTO):
        return ""
    known = charset(found)
    try:
        return known or codecs.lookup(found).name
    except LookupError:
        message = f"option {LETTERS.name} is {found!r}; write utf-8, marc-8, latin-1 or another charset"
        raise SourceRefused("option-invalid", message) from None


__all__ = ["OPTIONS", "UTF_8", "Settings", "settings"]
