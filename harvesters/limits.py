"""How long, how often and how much: the options that govern HTTP to one source, as values.

In: the options of a source. Out: `Limits`, or a `SourceRefused` that names the option that is wrong. It loads no HTTP
client, so that a source of files on this machine needs none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harvesters.login import PASSWORD, TOKEN, USER, login
from harvesters.options import Option, flag, number, text, whole
from harvesters.pins import CERTIFICATE, pin

ALLOW_PRIVATE: Final = Option("allow_private", "false", "allow loopback, private and link-local addresses")
CONNECT: Final = Option("connect_timeout", "15", "seconds to wait for a connection", 0.01, 600)
TIMEOUT: Final = Option("timeout", "180", "seconds to wait for the next byte of an answer", 0.01, 3600)
ANSWER: Final = Option("answer_timeout", "1800", "seconds one whole answer may take", 0.01, 86400)
RETRIES: Final = Option("retries", "5", "how often a request that failed is sent again", 0, 20)
BACKOFF: Final = Option("backoff", "2", "seconds before the first repeat; doubled for each further one", 0, 600)
LONGEST: Final = Option("longest_wait", "300", "seconds that we wait at most, whatever Retry-After says", 0, 86400)
BYTES: Final = Option(
    "max_bytes", str(64 << 20), "bytes one answer may have, before and after decompression", 1, 1 << 31
)
REDIRECTS: Final = Option("redirects", "5", "redirects followed for one request", 0, 20)
CONTACT: Final = Option("contact", "", "mail address that the source's operator can write to")
PER_MINUTE: Final = Option("per_minute", "60", "requests a minute to one host, of all its sources together", 1, 60_000)
OPTIONS: Final = (
    *(ALLOW_PRIVATE, CONNECT, TIMEOUT, ANSWER, RETRIES, BACKOFF, LONGEST, BYTES, REDIRECTS, CONTACT),
    *(PER_MINUTE, USER, PASSWORD, TOKEN, CERTIFICATE),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The options that govern HTTP as values; `login` is what proves who we are, `pin` the only certificate taken."""

    public_only: bool
    connect: float
    silence: float
    answer: float
    retries: int
    backoff: float
    longest: float
    bytes: int
    redirects: int
    per_minute: int
    contact: str
    login: str
    pin: str


def limits(given: Mapping[str, str]) -> Limits:
    """Read the options that govern HTTP."""
    return Limits(
        public_only=not flag(ALLOW_PRIVATE, given),
        connect=number(CONNECT, given),
        silence=number(TIMEOUT, given),
        answer=number(ANSWER, given),
        retries=whole(RETRIES, given),
        backoff=number(BACKOFF, given),
        longest=number(LONGEST, given),
        bytes=whole(BYTES, given),
        redirects=whole(REDIRECTS, given),
        per_minute=whole(PER_MINUTE, given),
        contact=text(CONTACT, given),
        login=login(given),
        pin=pin(given),
    )
