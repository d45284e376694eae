"""Clients that mean no good, or know no better: whatever they do, the door goes on serving the others."""

import logging
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from federation.pipeline.workplace import Workplace
from federation.z3950.answer import Session
from federation.z3950.limits import Limits
from schemas.z3950 import codec, oid
from schemas.z3950.ber import DEFAULT_LIMITS
from schemas.z3950.connection import PeerFault
from schemas.z3950.framing import Framer
from schemas.z3950.retrieval import PresentRequest, SearchRequest, Segment
from schemas.z3950.rpn import Attribute, Operand, RpnQuery
from schemas.z3950.session import Close, CloseReason
from tests.federation.z3950.conftest import BOOKS
from tests.schemas.z3950.fuzz import SEEDS, changed
from tests.support.z3950_door import Client, Open, client, end_of, greeting, opened

ALL = SearchRequest(query=RpnQuery(Operand((Attribute(None, 2, 103),), "")), databases=("union",))
HASTY = Limits(opening=0.6, message=0.6, idle=1.2, writing=0.6, drain=2.0)


def serves(port: int) -> None:
    with client(port) as honest:
        assert honest.ask(ALL)[0].count == BOOKS
        assert honest.ask(PresentRequest(start=1, count=3))[0].returned == 3


def memory() -> int:
    """Give the bytes this process has, the server's among them."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def line(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=15)


@pytest.fixture(scope="module")
def hasty(place: Workplace) -> Iterator[Open]:
    """A door that does not wait long."""
    with opened(place, HASTY) as made:
        yield made


def messages(data: bytes) -> list[object]:
    """Read all that a server said."""
    framer = Framer(DEFAULT_LIMITS)
    framer.feed(data)
    return list(map(codec.decode, iter(framer.take, None)))  # type: ignore[arg-type]


def farewell(data: bytes) -> Close:
    """Give the Close that is the last of what a server said."""
    said = messages(data)[-1]
    assert isinstance(said, Close)
    return said


# --- slow ones --------------------------------------------------------------------------------------------------------


def test_who_says_nothing_is_hung_up_on(hasty: Open) -> None:
    with line(hasty.port) as silent:
        assert end_of(silent) == b""
    serves(hasty.port)


def test_half_an_init_is_hung_up_on(hasty: Open) -> None:
    with line(hasty.port) as half:
        half.sendall(greeting()[:20])
        assert end_of(half) == b""


def test_a_message_in_drops_is_hung_up_on_however_often_a_drop_comes(hasty: Open) -> None:
    with line(hasty.port) as slow:
        slow.sendall(greeting())
        data, begun = codec.encode(ALL), time.monotonic()
        with pytest.raises(OSError):
            for byte in data * 9:
                slow.sendall(bytes([byte]))
                time.sleep(0.05)
    assert time.monotonic() - begun < 5
    serves(hasty.port)


def test_a_session_that_is_silent_is_told_why_it_ends(hasty: Open) -> None:
    with line(hasty.port) as idle:
        idle.sendall(greeting())
        assert farewell(end_of(idle)).reason == CloseReason.LACK_OF_ACTIVITY


def test_who_does_not_take_the_answers_is_hung_up_on(hasty: Open) -> None:
    with line(hasty.port) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        deaf.sendall(greeting() + codec.encode(ALL))
        present = codec.encode(PresentRequest(start=1, count=BOOKS, syntax=oid.XML))
        with pytest.raises(OSError):
            for _ in range(150):
                deaf.sendall(present * 500)
                time.sleep(0.05)
    serves(hasty.port)


# --- large ones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"\xb6\x84\x06\x40\x00\x00" + b"x" * 64,  # 100 MB are said to come
        b"\xb6\x88" + b"\x7f" * 8,
        b"\xb6\x80" + b"\x30\x80" * 30_000,  # a nesting bomb
        b"\xb6\x82\xff\xf0" + b"\x30\x00" * 32_760,  # thousands of elements
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        bytes(range(256)) * 8,
    ],
    ids=["100 MB", "exabytes", "nesting", "elements", "HTTP", "TLS", "bytes"],
)
def test_what_is_no_message_ends_the_session_at_once(running: Open, data: bytes) -> None:
    before = memory()
    with line(running.port) as bad:
        bad.sendall(greeting())
        bad.recv(65_536)
        bad.sendall(data)
        assert farewell(end_of(bad)).reason in (CloseReason.PROTOCOL_ERROR, CloseReason.RESOURCES)
    assert memory() - before < 20_000_000
    serves(running.port)


def test_a_query_of_thousands_of_operands_is_not_read(running: Open) -> None:
    node = RpnQuery(Operand(tuple(Attribute(None, 1, 4) for _ in range(2_000)), "x"))
    with line(running.port) as bad:
        bad.sendall(greeting() + codec.encode(SearchRequest(query=node, databases=("union",))))
        assert farewell(end_of(bad)).reason == CloseReason.RESOURCES
    serves(running.port)


def test_result_sets_do_not_grow_without_end(running: Open) -> None:
    before = memory()
    with client(running.port) as greedy:
        made = [greedy.ask(replace(ALL, result_set=f"s{number}"))[0] for number in range(300)]
    assert sum(each.success for each in made) == 20
    assert {each.diagnostics[0].condition for each in made if not each.success} == {112}
    assert memory() - before < 20_000_000
    serves(running.port)


# --- many -------------------------------------------------------------------------------------------------------------


def test_a_thousand_connections_that_say_nothing_keep_nobody_out(place: Workplace) -> None:
    with opened(place, Limits(sessions=100, sessions_of_address=5_000)) as crowded, ExitStack() as stack:
        before = memory()
        for _ in range(1_000):
            stack.enter_context(line(crowded.port))
        serves(crowded.port)
        assert len(crowded.server.crowd.guests) <= 100
        assert memory() - before < 60_000_000


def test_an_address_with_too_many_sessions_is_turned_away(place: Workplace) -> None:
    with opened(place, Limits(sessions_of_address=3)) as strict, ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(client(strict.port))
        with line(strict.port) as more:
            assert end_of(more) == b""
    assert not strict.server.crowd.guests


def test_who_says_everything_at_once_is_answered_in_order(running: Open) -> None:
    asked = (ALL, PresentRequest(start=1, count=2), ALL, PresentRequest(start=1, count=1), Close())
    with line(running.port) as hasty:
        hasty.sendall(greeting() + b"".join(map(codec.encode, asked)))
        names = [type(each).__name__ for each in messages(end_of(hasty))]
    assert names == ["InitResponse", *["SearchResponse", "PresentResponse"] * 2, "Close"]


def test_broken_messages_for_some_seconds_harm_nobody(running: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "federation.z3950")  # pytest keeps each line with the fault and all it holds
    chance, end, tried, before = random.Random(5), time.monotonic() + 8, 0, memory()
    while time.monotonic() < end:
        with line(running.port) as bad:
            bad.settimeout(2)
            try:
                bad.sendall(greeting() + changed(chance.choice(SEEDS), chance)[:60_000])
                bad.shutdown(socket.SHUT_WR)
                end_of(bad)
            except OSError:
                pass
        tried += 1
    serves(running.port)
    assert tried > 50
    assert memory() - before < 100_000_000  # threads and caches come to be; 66,000 such clients took no more


def test_a_fault_of_ours_ends_its_session_and_no_other(running: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Session.answer

    def faulty(session: Session, request: object) -> list[object]:
        return [Segment(returned=0, records=())] if isinstance(request, SearchRequest) else answered(session, request)

    with monkeypatch.context() as patched, line(running.port) as unlucky:
        patched.setattr(Session, "answer", faulty)
        unlucky.sendall(greeting() + codec.encode(ALL))
        assert farewell(end_of(unlucky)).reason == CloseReason.SYSTEM_PROBLEM
    serves(running.port)


# --- all at once ------------------------------------------------------------------------------------------------------


BAD = (
    greeting()[:20],  # half an Init, and nothing more
    greeting() + codec.encode(ALL)[:9],  # half a search
    greeting() + b"\xb6\x84\x06\x40\x00\x00" + b"x" * 64,  # 100 MB are said to come
    greeting() + b"\xb6\x80" + b"\x30\x80" * 30_000,
    greeting() + codec.encode(replace(ALL, result_set="s")) * 40,
    b"",
)


def attack(port: int, over: Event, chance: random.Random) -> None:
    """Come in again and again with something bad, and stay a while."""
    held: list[socket.socket] = []
    while not over.is_set():
        try:
            held.append(line(port))
            held[-1].sendall(chance.choice(BAD))
        except OSError:
            pass
        if len(held) > 12:
            held.pop(0).close()
    for each in held:
        each.close()


def test_sixteen_sessions_are_served_while_others_attack(place: Workplace) -> None:
    limits = Limits(sessions=200, sessions_of_address=5_000, searches=0, records=0, opening=1.0, message=1.0)
    before, over = memory(), Event()
    with opened(place, limits) as door, ExitStack() as stack:
        sessions = [stack.enter_context(client(door.port)) for _ in range(16)]
        attackers = [Thread(target=attack, args=(door.port, over, random.Random(seed))) for seed in range(4)]
        for attacker in attackers:
            attacker.start()
        slowest, end = 0.0, time.monotonic() + 4
        try:
            while time.monotonic() < end:
                for each in sessions:
                    begun = time.monotonic()
                    assert each.ask(ALL)[0].count == BOOKS
                    assert each.ask(PresentRequest(start=1, count=3))[0].returned == 3
                    slowest = max(slowest, time.monotonic() - begun)
        finally:
            over.set()
            for attacker in attackers:
                attacker.join(20)
        assert slowest < 3
        assert memory() - before < 100_000_000


def test_fifty_sessions_that_use_up_their_result_sets_leave_room_for_others(place: Workplace) -> None:
    with opened(place, Limits(sessions_of_address=100, searches=0)) as door, ExitStack() as stack:
        before = memory()
        for _ in range(50):
            greedy = stack.enter_context(client(door.port))
            made = [greedy.ask(replace(ALL, result_set=f"s{number}"))[0] for number in range(22)]
            assert [each.success for each in made] == [True] * 20 + [False] * 2
        serves(door.port)
        assert memory() - before < 30_000_000


def test_a_thousand_connections_with_half_a_message_keep_nobody_out(place: Workplace) -> None:
    limits = Limits(sessions=300, sessions_of_address=5_000, opening=2.0, message=2.0)
    with opened(place, limits) as crowded, ExitStack() as stack:
        before = memory()
        for _ in range(1_000):
            half = stack.enter_context(line(crowded.port))
            with suppress(OSError):
                half.sendall(greeting()[:-3])
        serves(crowded.port)
        assert len(crowded.server.crowd.guests) <= 300
        assert memory() - before < 60_000_000
        end = time.monotonic() + 15
        while len(crowded.server.crowd.guests) > 1:  # what never becomes whole is not waited for
            assert time.monotonic() < end
            time.sleep(0.1)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_a_door_that_closes_says_goodbye_and_ends_what_is_under_way(place: Workplace) -> None:
    with opened(place) as going:
        idle, told = Client(going.port), list[object]()
        stranger = line(going.port)
        while len(going.server.crowd.guests) < 2:
            time.sleep(0.01)
        begun = time.monotonic()
        closing = Thread(target=going.close)
        closing.start()
        try:
            while idle.hear(told):
                pass
        except PeerFault:
            pass
        closing.join(10)
        assert isinstance(told[0], Close)
        assert told[0].reason == CloseReason.SHUTDOWN
        assert end_of(stranger) == b""
        assert time.monotonic() - begun < 5
        with pytest.raises(OSError):
            line(going.port)
