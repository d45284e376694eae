"""The parts of the Z39.50 door by themselves: sizes, result sets, counting, room, charsets, users, what is wanted."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import config
from federation.errors import SettingsError, Unavailable
from federation.index.engine import Found, Question
from federation.z3950 import clients, pack, users, wanted
from federation.z3950.clients import Speech
from federation.z3950.crowd import SILENT, Crowd, Guest
from federation.z3950.limits import Limits
from federation.z3950.meter import Meter
from federation.z3950.pack import OVERHEAD, Sizes
from federation.z3950.refusals import Refused, told
from federation.z3950.sets import BLOCK, MOST_BLOCKS, ResultSet, ResultSets
from schemas.errors import QuerySyntaxError
from schemas.query.tree import Everything
from schemas.z3950 import codec, oid
from schemas.z3950.external import External
from schemas.z3950.retrieval import (
    Composition,
    DatabaseElements,
    DatabaseSpecification,
    NamedRecord,
    PresentResponse,
    Segment,
    Specification,
)
from schemas.z3950.session import Anonymous, IdPass
from schemas.z3950.values import Diagnostic

#: on a busy machine these take long to make up
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


def refused(error: pytest.ExceptionInfo[Refused]) -> int:
    return error.value.diagnostic.condition


# --- sizes ------------------------------------------------------------------------------------------------------------


def of(size: int) -> NamedRecord:
    return NamedRecord(External(oid.USMARC, b"x" * size), "union")


def shape(records: tuple[NamedRecord, ...]) -> list[int | str]:
    return [
        f"{one.record.condition}" if isinstance(one.record, Diagnostic) else len(one.record.content)  # type: ignore[union-attr]
        for one in records
    ]


SIZES = Sizes(10_000, 30_000)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([1_000, 2_000, 3_000], [1_000, 2_000, 3_000]),
        ([6_000, 6_000, 6_000], [6_000]),
        ([20_000], [20_000]),
        ([20_000, 1_000], ["16", 1_000]),
        ([1_000, 40_000, 1_000], [1_000, "17", 1_000]),
        ([40_000], ["17"]),
        ([], []),
    ],
)
def test_a_message_holds_what_fits_and_says_what_does_not(sizes: list[int], shown: list[int | str]) -> None:
    assert shape(pack.message(map(of, sizes), len(sizes), SIZES)) == shown


def test_segments_hold_the_rest_and_no_record_is_made_that_is_not_sent() -> None:
    made: list[int] = []

    def records() -> list[NamedRecord]:
        return (made.append(size) or of(size) for size in [6_000] * 9)  # type: ignore[func-returns-value,return-value]

    assert [shape(one) for one in pack.segments(records(), 9, SIZES, 3)] == [[6_000]] * 3
    assert len(made) == 4


@UNHURRIED
@given(st.lists(st.integers(1, 40_000), max_size=12), st.integers(1_024, 30_000), st.integers(0, 20_000))
def test_no_message_is_larger_than_was_agreed(sizes: list[int], preferred: int, more: int) -> None:
    agreed = Sizes(preferred, preferred + more)
    segments = pack.segments(map(of, sizes), len(sizes), agreed, 99)
    for records in segments:
        message = PresentResponse(returned=len(records), records=records, reference_id=b"12345678")
        assert len(codec.encode(message)) <= (agreed.exceptional if len(sizes) == 1 else agreed.preferred)
        codec.encode(Segment(returned=len(records), records=records))
    assert sum(map(len, segments)) == len(sizes)


def test_what_stands_around_records_is_reckoned_with() -> None:
    assert len(codec.encode(PresentResponse(records=(of(10),)))) < OVERHEAD + 10


# --- result sets ------------------------------------------------------------------------------------------------------


class Index:
    """An index that can move on, and says what it was asked."""

    def __init__(self, count: int) -> None:
        self.ids = list(range(1, count + 1))
        self.asked: list[Question] = []

    def find(self, question: Question) -> Found:
        self.asked.append(question)
        return Found(len(self.ids), tuple(self.ids[question.start : question.start + question.limit]))


def test_a_set_asks_for_what_is_shown_and_for_nothing_else() -> None:
    index = Index(10_000)
    found = ResultSet(Everything(), 10_000, "union")
    assert list(found.numbers(4_999, 2, index.find)) == [5_000, 5_001]
    assert [(each.start, each.limit) for each in index.asked] == [(4_950, BLOCK), (5_000, BLOCK)]


def test_what_was_shown_at_a_position_stays_there_when_the_index_moves_on() -> None:
    index = Index(120)
    found = ResultSet(Everything(), 120, "union")
    before = list(found.numbers(0, 10, index.find))
    index.ids = [1_000, 1_001, *index.ids[:-40]]
    assert list(found.numbers(0, 10, index.find)) == before
    later = list(found.numbers(40, 80, index.find))
    assert later[:10] == list(range(41, 51))
    assert later[10:] == [*range(49, 81), *[None] * 38]


def test_a_set_forgets_the_oldest_positions_and_keeps_its_count() -> None:
    index = Index(BLOCK * (MOST_BLOCKS + 5))
    found = ResultSet(Everything(), len(index.ids), "union")
    assert list(found.numbers(0, len(index.ids), index.find)) == index.ids
    assert len(found.blocks) == MOST_BLOCKS


def test_a_set_in_an_order_of_its_own_is_a_list() -> None:
    found = ResultSet(Everything(), 3, "union", ids=(3, 1, 2))
    assert list(found.numbers(1, 9, Index(0).find)) == [1, 2]


def test_sets_are_few_and_dropped_when_nobody_uses_them() -> None:
    clock = Hand()
    sets = ResultSets(2, 60, clock)
    for name in ("a", "b"):
        sets.check(name, True, True)
        sets.put(name, ResultSet(Everything(), 1, "union"))
    with pytest.raises(Refused) as many:
        sets.check("c", True, True)
    sets.check("a", True, True)
    with pytest.raises(Refused) as there:
        sets.check("a", False, True)
    clock.moment = 50
    sets.get("a")
    clock.moment = 100
    with pytest.raises(Refused) as dropped:
        sets.get("b")
    with pytest.raises(Refused) as unknown:
        sets.get("c")
    assert [refused(each) for each in (many, there, dropped, unknown)] == [112, 21, 27, 30]
    assert (sets.names(), list(sets.nodes()), len(sets)) == (("a",), ["a"], 1)


@pytest.mark.parametrize(
    ("name", "named", "number"), [("x", False, 22), ("", True, 128), ("a\0", True, 128), ("x" * 200, True, 128)]
)
def test_a_name_that_is_none_is_refused(name: str, named: bool, number: int) -> None:
    with pytest.raises(Refused) as caught:
        ResultSets(9, 60).check(name, True, named)
    assert refused(caught) == number


# --- counting and room ------------------------------------------------------------------------------------------------


def test_a_meter_fills_evenly_and_tells_how_long_to_wait() -> None:
    clock = Hand()
    meter = Meter(60, clock)
    assert [meter.take("a") for _ in range(60)] == [0] * 60
    assert meter.take("a") == 1
    assert meter.take("b") == 0
    clock.moment = 10
    assert [meter.take("a", 10), meter.take("a", 30)] == [0, 30]
    assert Meter(0).take("a", 10**9) == 0


def test_who_asks_for_more_than_there_is_in_a_minute_waits_the_longer() -> None:
    clock = Hand()
    meter = Meter(60, clock)
    assert meter.take("a", 120) == 0
    assert meter.take("a") == 61


def test_a_meter_forgets_addresses_that_have_all_they_may() -> None:
    clock = Hand()
    meter = Meter(60, clock)
    for number in range(5_000):
        meter.take(number)
    clock.moment = 120
    meter.take("a")
    assert len(meter._buckets) < 2_000


def guest(address: str, gone: list[str], name: str = "", known: bool = False, busy: bool = False) -> Guest:
    return Guest(ip_address(address), lambda: gone.append(name), known=known, busy=busy)


def test_a_full_house_lets_go_who_never_said_anything_and_then_who_is_silent() -> None:
    clock, gone = Hand(), list[str]()
    crowd = Crowd(Limits(sessions=3), clock)
    for name, known in (("talker", True), ("stranger", False), ("worker", True)):
        assert crowd.enter(guest("192.0.2.1", gone, name, known, busy=name == "worker"))
        clock.moment += 1
    assert crowd.enter(guest("192.0.2.2", gone, "new", True))
    assert gone == ["stranger"]
    assert not crowd.enter(guest("192.0.2.3", gone, "too early", True))
    clock.moment += SILENT
    assert crowd.enter(guest("192.0.2.3", gone, "later", True))
    assert gone == ["stranger", "talker"]
    assert len(crowd.guests) == 3


def test_an_address_has_so_many_connections_and_this_machine_any_number() -> None:
    gone: list[str] = []
    crowd = Crowd(Limits(sessions_of_address=2))
    first = guest("192.0.2.1", gone)
    assert [crowd.enter(each) for each in (first, guest("192.0.2.1", gone), guest("192.0.2.1", gone))] == [
        True,
        True,
        False,
    ]
    crowd.go(first)
    crowd.go(first)
    assert crowd.enter(guest("192.0.2.1", gone))
    assert all(crowd.enter(guest("127.0.0.1", gone)) for _ in range(9))


# --- charsets and users -----------------------------------------------------------------------------------------------


def test_the_smallest_network_counts() -> None:
    rules = clients.read("10.0.0.0/8=marc-8 10.1.0.0/16=latin-1 10.1.2.3=cp1258/marc-8 2001:db8::/32=marc8/utf-8")
    told = {
        address: clients.speech(rules, clients.address(address))
        for address in ("10.9.9.9", "::ffff:10.1.9.9", "10.1.2.3", "2001:db8::1%eth0", "192.0.2.1")
    }
    assert list(told.values()) == [
        Speech("marc-8", "marc-8"),
        Speech("latin-1", "utf-8"),
        Speech("cp1258", "marc-8"),
        Speech("marc-8", "utf-8"),
        Speech("utf-8", "utf-8"),
    ]


@pytest.mark.parametrize(
    "rule", ["x=marc-8", "10.0.0.0/8", "10.0.0.0/8=klingon", "10.0.0.1/8=marc-8", "10.0.0.0/8=marc-8/latin-1"]
)
def test_a_rule_that_is_none_is_named_at_the_start(rule: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LIENTHONG_Z3950_CHARSETS"):
        config.read({"LIENTHONG_HOME": str(tmp_path), "LIENTHONG_Z3950_CHARSETS": rule})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSIONS", "0"),
        ("SESSIONS_PER_ADDRESS", "x"),
        ("SEARCHES_PER_MINUTE", "-1"),
        ("IDLE_SECONDS", "1"),
        ("USERS", "/none"),
    ],
)
def test_settings_that_cannot_be_are_named_at_the_start(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"LIENTHONG_Z3950_{name}"):
        config.read({"LIENTHONG_HOME": str(tmp_path), f"LIENTHONG_Z3950_{name}": value})


def test_users_are_those_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"# who\na:{users.hashed('pass')}\nbroken\nb:x\n")
    known = users.Users(str(file))
    assert known.admits("a", "pass")
    assert not any(
        known.admits(*pair) for pair in (("a", "Pass"), ("b", "x"), ("", ""), ("c", "pass"), ("a", "x" * 999))
    )
    file.write_text("")
    assert not known.admits("a", "pass")
    file.unlink()
    with pytest.raises(Unavailable):
        known.admits("a", "pass")
    assert users.Users("").admits("", "")


def test_users_say_who_they_are_in_every_form() -> None:
    forms = (
        "u/p",
        IdPass(user="u", password="p"),
        IdPass(group="u", password="p"),
        Anonymous(),
        None,
        External("1.2", b""),
    )
    assert [users.names(each) for each in forms] == [("u", "p"), ("u", "p"), ("u", "p"), ("", ""), ("", ""), ("", "")]


# --- what is wanted ---------------------------------------------------------------------------------------------------


def form_of(*given: object) -> tuple[str, str, bool]:
    found = wanted.read(*given, "union")  # type: ignore[arg-type]
    return oid.label(found.syntax), found.form.name if found.form else "", found.brief


def test_syntax_and_schema_say_what_is_wanted() -> None:
    mods = Composition(generic=Specification(schema="mods"), syntaxes=(oid.UNIMARC, oid.XML))
    of_database = DatabaseSpecification("UNION", Specification(elements="B"))
    assert form_of(None, None) == ("MARC 21", "marc", False)
    assert form_of(None, "B") == ("MARC 21", "marc", True)
    assert form_of(None, "mods") == ("XML", "mods", False)
    assert form_of(oid.XML, "f") == ("XML", "marcxml", False)
    assert form_of(oid.APPLICATION_XML, "DC") == ("application/xml", "oai_dc", False)
    assert form_of(oid.OPAC, None) == ("OPAC", "", False)
    assert form_of(None, mods) == ("XML", "mods", False)
    assert form_of(oid.SUTRS, Composition(by_database=(of_database,))) == ("SUTRS", "", True)
    assert form_of(None, (DatabaseElements("Union", "B"),)) == ("MARC 21", "marc", True)


@pytest.mark.parametrize(
    ("syntax", "composition", "number"),
    [
        (oid.UNIMARC, None, 239),
        (None, "G", 25),
        (oid.USMARC, "mods", 25),
        (None, (DatabaseElements("other", "B"),), 25),
        (oid.XML, Composition(generic=Specification(schema="nothing")), 1066),
        (oid.SUTRS, Composition(generic=Specification(schema="mods")), 227),
        (None, Composition(generic=Specification(elements=External("1.2", b""))), 244),
    ],
)
def test_what_there_is_not_is_refused(syntax: str | None, composition: object, number: int) -> None:
    with pytest.raises(Refused) as caught:
        wanted.read(syntax, composition, "union")  # type: ignore[arg-type]
    assert refused(caught) == number


def test_every_fault_is_told_as_a_diagnostic() -> None:
    faults = [
        Refused(13, "x"),
        QuerySyntaxError("rpn-use", "no", "9"),
        Unavailable("index-missing", "no"),
        KeyError("secret"),
    ]
    assert [(told(each).condition, told(each).add_info) for each in faults] == [
        (13, "x"),
        (114, "9"),
        (109, "index-missing"),
        (2, ""),
    ]
