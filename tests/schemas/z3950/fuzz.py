"""Throws broken messages at both ends for a while: `python -m tests.schemas.z3950.fuzz SECONDS [SEED]`.

In: the sample messages, changed by chance. Out: how many were tried, how each ended, the slowest and the memory; exit 1
when anything but a declared error escapes, a message takes longer than a second, or memory grows beyond its cap.
"""

import random
import resource
import sys
import time
from collections import Counter
from typing import Any, Final

from schemas.errors import DecodeError, SchemaError
from schemas.z3950 import codec
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from tests.schemas.z3950.samples import MESSAGES, NEGOTIATIONS, RECORDS

SEEDS: Final = tuple(codec.encode(message) for message in MESSAGES)
INSIDE: Final = tuple(codec.write_record(record) for record in RECORDS)
PROPOSALS: Final = tuple(codec.write_negotiation(one) for one in NEGOTIATIONS)
#: bytes that mean something: tags, lengths, marks
LOADED: Final = (0x00, 0x01, 0x1F, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0x9F, 0xA0, 0xBF, 0xFF)


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
        way, start = chance.choice(WAYS), time.perf_counter()
        try:
            ending = way(chance)
        except SchemaError as error:
            raise AssertionError(f"seed {seed}, number {number}: {type(error).__name__} is not for this") from error
        except Exception as error:
            raise AssertionError(f"seed {seed}, number {number}: {type(error).__name__} escaped") from error
        endings[f"{way.__name__}: {ending}"] += 1
        slowest = max(slowest, time.perf_counter() - start)
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
