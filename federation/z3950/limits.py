"""What one client, one address and all of them together may ask of the Z39.50 door.

In: the settings. Out: `Limits`, one frozen value that all parts of the door share. What an operator may want to change
is a setting; the rest is what no honest client comes near to.
"""

from dataclasses import dataclass
from typing import Final

from federation.config import Settings
from schemas.z3950 import ber

#: bytes of a message that we take, and that we send; of a record that is sent alone
MESSAGE_IN, MESSAGE_OUT, RECORD_OUT = 65_536, 1_048_576, 4_194_304
#: the least that a client may ask for: a diagnostic must fit
LEAST_MESSAGE: Final = 1_024
#: elements of one message that we take
ELEMENTS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers, each with its unit in the name or said here.

    `sessions` in all and `sessions_of_address`; `searches` and `records` a minute from one address, 0: any number;
    `result_sets` of a session. Seconds: `opening` until Init has come, `message` until a message is whole, `idle`
    between two messages, `writing` until a client has taken what was sent, `result_set` until an unused one is dropped,
    `drain` for what is under way when the door closes. `loopback`: whether the machine itself is held to the limits of
    an address.
    """

    sessions: int = 500
    sessions_of_address: int = 50
    searches: int = 600
    records: int = 30_000
    result_sets: int = 20
    opening: float = 15.0
    message: float = 30.0
    idle: float = 600.0
    writing: float = 30.0
    result_set: float = 1_800.0
    drain: float = 8.0
    loopback: bool = False


def read(settings: Settings) -> Limits:
    """Give the limits of these settings."""
    return Limits(
        sessions=int(settings.z3950_sessions),
        sessions_of_address=int(settings.z3950_sessions_per_address),
        searches=int(settings.z3950_searches_per_minute),
        records=int(settings.z3950_records_per_minute),
        idle=float(settings.z3950_idle_seconds),
    )


def of_messages() -> ber.Limits:
    """Give what a client may make the reader of messages keep."""
    return ber.Limits(message=MESSAGE_IN, elements=ELEMENTS, waiting=2 * MESSAGE_IN)
