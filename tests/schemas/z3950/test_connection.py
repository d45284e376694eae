"""Who may say what when, at both ends; whose fault it is when somebody does not keep to it."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import LocalViolation, RemoteViolation
from schemas.z3950 import codec
from schemas.z3950.ber import Limits
from schemas.z3950.browsing import DeleteResponse, ScanRequest, ScanResponse, SortRequest, SortResponse, SortSpec
from schemas.z3950.connection import OPERATIONS, TABLE, Connection, PeerFault, Role, State
from schemas.z3950.retrieval import NamedRecord, PresentRequest, PresentResponse, SearchRequest, SearchResponse, Segment
from schemas.z3950.rpn import Operand, RpnQuery
from schemas.z3950.session import (
    AccessControlRequest,
    AccessControlResponse,
    Close,
    CloseReason,
    InitRequest,
    InitResponse,
    Option,
    ResourceControlRequest,
    ResourceControlResponse,
    TriggerResourceControlRequest,
)
from tests.schemas.z3950.samples import MARC, MESSAGES

FIND = SearchRequest(query=RpnQuery(Operand((), b"x")), databases=("a",))
SHOW = PresentRequest(start=1, count=2)
FOUND = SearchResponse(count=2)


class Pair:
    """A client and a server that hear each other."""

    def __init__(self, **limits: int) -> None:
        self.origin = Connection("origin")
        self.target = Connection("target", Limits(**limits))

    def say(self, role: Role, message: codec.Apdu) -> codec.Apdu | None:
        """Let one end say a message, and give what the other end hears."""
        speaker, hearer = (self.origin, self.target) if role == "origin" else (self.target, self.origin)
        hearer.receive(speaker.send(message))
        return hearer.next_event()

    def talk(self, *messages: tuple[Role, codec.Apdu]) -> "Pair":
        for role, message in messages:
            assert self.say(role, message) is not None
        return self


def opened(**limits: int) -> Pair:
    return Pair(**limits).talk(("origin", InitRequest()), ("target", InitResponse()))


def searching() -> Pair:
    return opened().talk(("origin", FIND))


def test_a_session_from_hello_to_farewell() -> None:
    pair = searching().talk(
        ("target", FOUND),
        ("origin", SHOW),
        ("target", Segment(returned=1, records=(NamedRecord(MARC),))),
        ("target", PresentResponse(returned=2, records=(NamedRecord(MARC),))),
        ("origin", Close()),
        ("target", Close()),
    )
    assert (pair.origin.state, pair.target.state) == ("closed", "closed")


def test_both_ends_agree_on_the_highest_version_and_the_options_of_both() -> None:
    wanted = frozenset({Option.SEARCH, Option.SCAN, Option.CONCURRENT_OPERATIONS})
    offered = frozenset({Option.SEARCH, Option.SCAN, Option.SORT})
    pair = Pair().talk(
        ("origin", InitRequest(versions=frozenset({1, 2, 3, 4}), options=wanted)),
        ("target", InitResponse(versions=frozenset({1, 2}), options=offered)),
    )
    for end in (pair.origin, pair.target):
        assert (end.version, end.options, end.state) == (2, frozenset({Option.SEARCH, Option.SCAN}), "idle")


def test_a_client_that_is_not_welcome_is_out() -> None:
    pair = Pair().talk(("origin", InitRequest()), ("target", InitResponse(accepted=False)))
    assert (pair.origin.state, pair.target.state) == ("closed", "closed")
    with pytest.raises(LocalViolation):
        pair.origin.send(FIND)


def test_an_answer_carries_the_reference_id_of_its_request() -> None:
    pair = opened()
    pair.say("origin", SearchRequest(query=FIND.query, databases=("a",), reference_id=b"\x00\x07"))
    heard = pair.say("target", FOUND)
    assert isinstance(heard, SearchResponse)
    assert heard.reference_id == b"\x00\x07"
    pair.say("origin", SHOW)
    assert pair.say("target", PresentResponse()) == PresentResponse()


def test_proof_and_cost_can_be_asked_for_in_the_middle_of_an_operation() -> None:
    pair = searching().talk(
        ("target", AccessControlRequest(challenge=b"?")),
        ("origin", AccessControlResponse(answer=b"!")),
        ("target", ResourceControlRequest(response_required=True)),
        ("origin", ResourceControlResponse(go_on=True)),
        ("origin", TriggerResourceControlRequest(action=3)),
        ("target", FOUND),
    )
    assert pair.origin.state == pair.target.state == "idle"


def test_a_request_that_comes_too_soon_waits_for_the_answer_to_the_last_one() -> None:
    pair = opened()
    target, early = pair.target, codec.encode(SHOW)
    target.receive(codec.encode(FIND) + early + early)
    assert target.next_event() == FIND
    assert target.next_event() is None
    target.send(FOUND)
    assert target.next_event() == SHOW
    assert target.next_event() is None
    target.send(PresentResponse())
    assert target.next_event() == SHOW


def test_a_client_may_say_everything_at_once() -> None:
    target, heard = Connection("target"), []
    target.receive(b"".join(map(codec.encode, (InitRequest(), FIND, SHOW))))
    for answer in (InitResponse(), FOUND, PresentResponse()):
        heard.append(target.next_event())
        assert target.next_event() is None
        target.send(answer)
    assert heard == [InitRequest(), FIND, SHOW]


def test_a_farewell_is_heard_while_an_answer_is_made() -> None:
    target = searching().target
    target.receive(codec.encode(Close()))
    assert target.next_event() == Close()
    with pytest.raises(LocalViolation):
        target.send(FOUND)
    target.send(Close())
    assert target.state == "closed"


def test_a_farewell_is_no_answer_and_carries_no_reference_id() -> None:
    pair = opened()
    pair.say("origin", SearchRequest(query=FIND.query, databases=("a",), reference_id=b"7"))
    assert pair.say("target", Close(reason=CloseReason.SHUTDOWN)) == Close(reason=CloseReason.SHUTDOWN)


def test_a_peer_cannot_make_us_keep_requests_without_end() -> None:
    target = opened(waiting=1_000, message=500).target
    target.receive(codec.encode(FIND))
    assert target.next_event() == FIND
    with pytest.raises(PeerFault) as caught:
        for _ in range(100):
            target.receive(codec.encode(SHOW))
            target.next_event()
    assert caught.value.reason is CloseReason.RESOURCES


def test_what_was_on_its_way_when_we_said_close_is_passed_over() -> None:
    pair = searching()
    late = pair.target.send(FOUND)
    farewell = pair.origin.send(Close())
    pair.origin.receive(late)
    assert pair.origin.next_event() is None
    pair.target.receive(farewell)
    assert isinstance(pair.target.next_event(), Close)
    pair.origin.receive(pair.target.send(Close()))
    assert isinstance(pair.origin.next_event(), Close)
    assert pair.origin.state == pair.target.state == "closed"


def test_two_farewells_that_cross_end_the_session_at_both_ends() -> None:
    pair = opened()
    ours, theirs = pair.origin.send(Close()), pair.target.send(Close(reason=CloseReason.SHUTDOWN))
    pair.origin.receive(theirs)
    pair.target.receive(ours)
    assert pair.origin.next_event() == Close(reason=CloseReason.SHUTDOWN)
    assert pair.target.next_event() == Close()
    assert pair.origin.state == pair.target.state == "closed"


def states() -> Iterable[tuple[State, Connection, Connection]]:
    """Give both ends in every state they can be in together."""
    yield "new", *_ends(Pair())
    yield "initialising", *_ends(Pair().talk(("origin", InitRequest())))
    yield "idle", *_ends(opened())
    yield "busy", *_ends(searching())
    yield "origin closing", *_ends(opened().talk(("origin", Close())))
    yield "target closing", *_ends(opened().talk(("target", Close())))
    yield "closed", *_ends(opened().talk(("origin", Close()), ("target", Close())))


def _ends(pair: Pair) -> tuple[Connection, Connection]:
    return pair.origin, pair.target


@pytest.mark.parametrize(
    "message", {type(message): message for message in MESSAGES}.values(), ids=lambda m: type(m).__name__
)
def test_what_the_table_does_not_allow_is_not_said_and_nothing_changes(message: codec.Apdu) -> None:
    for state, *ends in states():
        for end in ends:
            awaited = state != "busy" or type(message) not in (*OPERATIONS.values(), Segment)
            allowed = (state, end.role, type(message)) in TABLE and (awaited or type(message) is SearchResponse)
            if allowed:
                end.send(message)
                continue
            with pytest.raises(LocalViolation, match=type(message).__name__):
                end.send(message)
            assert end.state == state


@pytest.mark.parametrize(
    ("state", "answer"),
    [("busy", ScanResponse()), ("busy", Segment(returned=0, records=())), ("idle", FOUND), ("new", InitResponse())],
    ids=str,
)
def test_an_answer_to_what_was_not_asked_is_the_peers_fault(state: State, answer: codec.Apdu) -> None:
    origin = next(end for found, end, _ in states() if found == state)
    origin.receive(codec.encode(answer))
    with pytest.raises(PeerFault) as caught:
        origin.next_event()
    assert caught.value.reason is CloseReason.PROTOCOL_ERROR
    assert type(answer).__name__ in caught.value.message


def test_a_client_that_does_not_introduce_itself_is_told_so() -> None:
    target = Connection("target")
    target.receive(codec.encode(FIND))
    with pytest.raises(PeerFault, match="SearchRequest does not belong here: the session is new"):
        target.next_event()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", CloseReason.PROTOCOL_ERROR),
        (b"\xbf\x7f\x00", CloseReason.PROTOCOL_ERROR),
        (b"\xb4\x00", CloseReason.PROTOCOL_ERROR),
        (b"\xb4\x84\x7f\xff\xff\xff", CloseReason.RESOURCES),
        (b"\xb4\x80" + b"\x30\x80" * 100, CloseReason.RESOURCES),
    ],
    ids=["http", "unknown message", "empty init", "two gigabytes", "deep"],
)
def test_garbage_is_the_peers_fault_and_the_error_carries_the_close_to_send(data: bytes, reason: CloseReason) -> None:
    target, client = Connection("target"), Connection("origin")
    target.receive(data)
    with pytest.raises(RemoteViolation) as caught:
        target.next_event()
    assert isinstance(caught.value, PeerFault)
    assert target.state == "failed"
    client.receive(target.send(caught.value.close))
    heard = client.next_event()
    assert isinstance(heard, Close)
    assert (heard.reason, target.state) == (reason, "closed")
    assert heard.message


def test_after_a_fault_nothing_more_is_heard_and_only_close_is_said() -> None:
    target = Connection("target")
    target.receive(b"\x00")
    with pytest.raises(PeerFault):
        target.next_event()
    target.receive(codec.encode(InitRequest()))
    assert target.next_event() is None
    with pytest.raises(LocalViolation):
        target.send(InitResponse())


def test_a_message_that_is_not_all_there_is_waited_for() -> None:
    target, frame = Connection("target"), codec.encode(InitRequest())
    for byte in frame[:-1]:
        target.receive(bytes([byte]))
        assert target.next_event() is None
    target.receive(frame[-1:])
    assert target.next_event() == InitRequest()


def test_an_end_inside_a_message_is_the_peers_fault() -> None:
    target = Connection("target")
    target.receive(codec.encode(InitRequest())[:-1])
    assert target.next_event() is None
    with pytest.raises(PeerFault, match="inside a message") as caught:
        target.receive_end()
    assert caught.value.reason is CloseReason.PEER_ABORT


def test_an_end_before_the_answer_is_the_servers_fault_and_a_client_may_just_go() -> None:
    pair = searching()
    with pytest.raises(PeerFault, match="before the answer"):
        pair.origin.receive_end()
    pair.target.receive_end()
    assert pair.target.state == "closed"
    pair.target.receive_end()


def test_the_table_leads_from_hello_to_farewell_and_nowhere_else() -> None:
    reached, new = {"new"}, {"new"}
    while new:
        new = {after for (state, _, _), after in TABLE.items() if state in new} - reached
        reached |= new
    assert reached == {"new", "initialising", "idle", "busy", "origin closing", "target closing", "closed"}
    assert {type(message) for message in MESSAGES} == {message for _, _, message in TABLE}


CONVERSATION: list[tuple[Role, Any]] = [
    ("origin", InitRequest()),
    ("target", InitResponse()),
    ("origin", FIND),
    ("target", FOUND),
    ("origin", SHOW),
    ("target", Segment(returned=1, records=(NamedRecord(MARC),))),
    ("target", PresentResponse(returned=2, records=(NamedRecord(MARC),))),
    ("origin", ScanRequest(start=Operand((), b"x"), databases=("a",), count=3)),
    ("target", ScanResponse()),
    ("origin", SortRequest(keys=(SortSpec("title"),))),
    ("target", SortResponse()),
    ("origin", Close()),
    ("target", Close()),
]


@settings(max_examples=40)
@given(st.integers(1, 50))
def test_a_conversation_is_heard_the_same_in_pieces_of_any_size(size: int) -> None:
    ends = {"origin": Connection("origin"), "target": Connection("target")}
    for role, message in CONVERSATION:
        hearer, heard = ends["target" if role == "origin" else "origin"], []
        data = ends[role].send(message)
        for at in range(0, len(data), size):
            hearer.receive(data[at : at + size])
            heard += [event] if (event := hearer.next_event()) else []
        assert heard == [message]


def test_deleting_is_answered_by_nothing_else() -> None:
    with pytest.raises(LocalViolation):
        searching().target.send(DeleteResponse())
