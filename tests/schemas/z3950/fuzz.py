"""Throws broken messages at both ends for a while: `python -m tests.schemas.z3950.fuzz SECONDS [SEED]`.

In: the sample messages, changed by chance. Out: how many were tried, how each ended, the slowest and the memory; exit 1
when anything but a declared error escapes, a message takes more than a second of work, or memory grows beyond its cap.
"""

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from schemas.errors import DecodeError, SchemaError
from schemas.z3950 import codec
from schemas.z3950.ber import Limits
from schemas.z3950.browsing import ScanRequest
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.session import InitRequest, InitResponse
from tests.schemas.z3950.samples import MESSAGES, NEGOTIATIONS, RECORDS

SEEDS: Final = tuple(codec.encode(message) for message in MESSAGES)
INSIDE: Final = tuple(codec.write_record(record) for record in RECORDS)
PROPOSALS: Final = tuple(codec.write_negotiation(one) for one in NEGOTIATIONS)
QUESTIONS: Final = tuple(one for one in MESSAGES if isinstance(one, SearchRequest | PresentRequest | ScanRequest))
#: bytes that mean something: tags, lengths, marks
LOADED: Final = (0x00, 0x01, 0x1F, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0x9F, 0xA0, 0xBF, 0xFF)
LIMITS: Final = Limits(message=200_000, depth=40, elements=20_000, waiting=400_000)
SLOWEST_SECONDS: Final = 1.0
MEMORY: Final = 512 * 1024 * 1024


def changed(data: bytes, chance: random.Random) -> bytes:
    """Give bytes with a few changes in them."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(CHANGES)(found, chance)
    return bytes(found)


def _set(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice((*LOADED, chance.randrange(256)))


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 2, 5, 1_000))]


def _insert(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    piece = bytes(chance.choice(LOADED) for _ in range(chance.choice((1, 2, 4))))
    data[at:at] = piece * chance.choice((1, 1, 9, 2_000))


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    piece = data[at : at + chance.randrange(1, 40)]
    data[at:at] = piece * chance.choice((1, 2, 500))


def _splice(data: bytearray, chance: random.Random) -> None:
    other, at = chance.choice(SEEDS), chance.randrange(len(data) + 1)
    data[at:] = other[chance.randrange(len(other)) :]


def _wrap(data: bytearray, chance: random.Random) -> None:
    depth, tag = chance.choice((1, 3, 50, 2_000)), chance.choice((b"\x30", b"\xa1", b"\xa0", b"\xbf\x66"))
    data[:] = (tag + b"\x80") * depth + bytes(data) + b"\x00\x00" * depth


CHANGES: Final[tuple[Callable[[bytearray, random.Random], None], ...]] = (
    *(_set, _set, _set, _flip, _flip, _cut, _insert, _repeat, _splice, _wrap),
)


def to_a_server(chance: random.Random) -> str:
    """Let a server that has been greeted hear something broken."""
    target = Connection("target", LIMITS)
    target.receive(codec.encode(InitRequest()))
    target.next_event()
    target.send(InitResponse())
    return _heard(target, changed(chance.choice(SEEDS), chance), chance)


def to_a_client(chance: random.Random) -> str:
    """Let a client that has greeted, and perhaps asked, hear something broken."""
    origin = Connection("origin", LIMITS)
    origin.send(InitRequest())
    if chance.random() < 0.8:
        origin.receive(codec.encode(InitResponse()))
        origin.next_event()
        origin.send(chance.choice(QUESTIONS))
    return _heard(origin, changed(chance.choice(SEEDS), chance), chance)


def _heard(end: Connection, data: bytes, chance: random.Random) -> str:
    size, events = chance.choice((1, 7, len(data) or 1)), 0
    if len(data) > 5_000:
        size = max(size, 100)
    try:
        for at in range(0, len(data), size):
            end.receive(data[at : at + size])
            while (event := end.next_event()) is not None:
                events += 1
                _same(event)
        end.receive_end()
    except PeerFault as fault:
        end.send(fault.close)
        return fault.reason.name.lower()
    return f"{min(events, 2)} heard"


def _same(event: Any) -> None:
    """What was understood can be said again, and means the same."""
    assert codec.decode(codec.encode(event)) == event


def a_record(chance: random.Random) -> str:
    """Read a broken record or negotiation."""
    external = chance.choice((*INSIDE, *(one.information for one in PROPOSALS)))
    assert isinstance(external, External)
    broken = External(external.syntax, changed(external.content, chance), external.form)
    try:
        if external in INSIDE:
            record = codec.read_record(broken, LIMITS)
            assert codec.read_record(codec.write_record(record)) == record
        else:
            codec.read_negotiation((type(PROPOSALS[0])(broken),), LIMITS)
    except DecodeError:
        return "no record"
    return "record"


WAYS: Final = (to_a_server, to_a_server, to_a_client, a_record)


def run(seconds: float, seed: int) -> tuple[Counter[str], float]:
    """Try until the time is over; give how often each ending came and the slowest of all in seconds."""
    endings: Counter[str] = Counter()
    slowest, end, number = 0.0, time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        chance = random.Random(f"{seed}:{number}")
        way, start = chance.choice(WAYS), time.thread_time()
        try:
            ending = way(chance)
        except SchemaError as error:
            raise AssertionError(f"seed {seed}, number {number}: {type(error).__name__} is not for this") from error
        except Exception as error:
            raise AssertionError(f"seed {seed}, number {number}: {type(error).__name__} escaped") from error
        endings[f"{way.__name__}: {ending}"] += 1
        slowest = max(slowest, time.thread_time() - start)
    return endings, slowest


def main() -> int:
    """Run for as long as the command line says and print what came of it."""
    seconds, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    endings, slowest = run(seconds, seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"seed {seed}: {endings.total():,} tries in {seconds:.0f} s")
    print(f"slowest {slowest * 1000:.0f} ms, peak {peak:.0f} MB")
    for ending, count in sorted(endings.items()):
        print(f"  {count:>9,}  {ending}")
    return int(slowest > SLOWEST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
