"""YAZ judges: its client talks to our server, our client to its server, and what its two ends say is read whole."""

import random
from collections.abc import Iterator
from functools import partial

import pytest

from schemas.errors import DecodeError
from schemas.z3950 import codec, oid
from schemas.z3950.ber import Limits
from schemas.z3950.browsing import (
    DeleteRequest,
    DeleteStatus,
    ScanRequest,
    ScanResponse,
    SortRequest,
    SortResponse,
    SortSpec,
)
from schemas.z3950.connection import Connection
from schemas.z3950.external import External
from schemas.z3950.framing import Framer
from schemas.z3950.primitives import Oid
from schemas.z3950.records import Element, GenericRecord, OpacRecord, SutrsRecord
from schemas.z3950.retrieval import PresentRequest, PresentResponse, SearchRequest, SearchResponse, Segment
from schemas.z3950.rpn import Attribute, Operand, Operator, Proximity, ResultSetOperand, RpnQuery
from schemas.z3950.session import (
    Close,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    InitResponse,
    Option,
)
from schemas.z3950.values import Diagnostic
from tests.schemas.z3950.fuzz import changed
from tests.schemas.z3950.shelf import OPTIONS, TITLES, ask, marc, shelf
from tests.support.z3950 import Talk, recorder, yaz_client, yaz_server, zebra_server, zoomsh

TITLE = (Attribute(None, 1, 4),)


@pytest.fixture(scope="module")
def ours() -> Iterator[int]:
    """Our server."""
    with shelf() as port:
        yield port


@pytest.fixture(scope="module")
def theirs() -> Iterator[int]:
    """YAZ's server."""
    with yaz_server() as port:
        yield port


@pytest.fixture(scope="module")
def zebra() -> Iterator[int]:
    """Zebra's server, with three books without tone marks."""
    with zebra_server(b"".join(map(marc, ("Truyen Kieu", "De men", "So do")))) as port:
        yield port


# --- their client, our server -----------------------------------------------------------------------------------------


def test_yaz_client_searches_and_shows_a_marc_record(ours: int) -> None:
    said = yaz_client(ours, 'find @attr 1=4 "mèn"', "show 1", "close")
    assert "Connection accepted by v3 target." in said
    assert "Name   : Kệ sách" in said
    assert "Number of hits: 1, setno 1" in said
    assert "[Default]Record type: USmarc" in said
    assert "245 10 $a Dế mèn phiêu lưu ký" in said
    assert "Reason: finished, message: Tạm biệt" in said


def test_zoomsh_searches_and_shows_a_record(ours: int) -> None:
    said = zoomsh(f"connect 127.0.0.1:{ours}", "search Kiều", "show 0 1")
    assert "1 hits" in said
    assert "245 10 $a Truyện Kiều" in said


@pytest.mark.parametrize(
    ("syntax", "words"),
    [
        ("opac", ["localLocation: Kho A", "callNumber: 895.9221 NG-D", "availableNow: 1", "itemId: B1", "onHold: 0"]),
        ("grs-1", ["(4,1)", "(2,1) Số đỏ", "(2,4) 1820"]),
        ("sutrs", ["Record type: SUTRS", "Title: S"]),
        ("xml", ["<title>Số đỏ</title>"]),
        ("unimarc", ["[239] Record syntax not supported -- v2 addinfo '1.2.840.10003.5.1'"]),
    ],
)
def test_yaz_client_reads_records_of_every_syntax(ours: int, syntax: str, words: list[str]) -> None:
    said = yaz_client(ours, 'find "Số"', f"format {syntax}", "show 1")
    assert not [word for word in words if word not in said], said


def test_yaz_client_combines_sorts_scans_and_deletes(ours: int) -> None:
    said = yaz_client(
        ours, "find @or d @or k đ", "find @and @set 1 @or uy đ", "sort 1=4 d", "format sutrs", "show 1+2",
        "scan @attr 1=4 a", "setnames", "delete 2", "find @attr 1=4 nothing",
    )  # fmt: skip
    assert "Number of hits: 3, setno 1" in said
    assert "Number of hits: 2, setno 2" in said
    assert "Received SortResponse: status=success" in said
    assert said.index("Title: Truy") < said.index("Title: S")
    assert "3 entries, position=1\n* Dế mèn phiêu lưu ký (1)" in said
    assert "Got deleteResultSetResponse status=0" in said


def test_yaz_client_gets_records_along_with_the_answer(ours: int) -> None:
    said = yaz_client(ours, "ssub 5", "lslb 10", "find Kiều")
    assert "records returned: 1" in said
    assert "245 10 $a Truyện Kiều" in said


def test_yaz_client_agrees_on_utf_8(ours: int) -> None:
    said = yaz_client(ours, "negcharset utf-8", f"open tcp:127.0.0.1:{ours}")
    assert "Accepted character set : UTF-8" in said


def test_yaz_client_is_told_what_is_wrong(ours: int) -> None:
    said = yaz_client(ours, "base khác", "find x", "base Default", "find Kiều", "show 7", "update insert 1 <a/>")
    assert "[235] Database does not exist -- v3 addinfo 'khác'" in said
    assert "[13] Present request out of range" in said


def test_yaz_client_is_turned_away_with_the_wrong_name(ours: int) -> None:
    assert "Connection rejected by v3 target." in yaz_client(ours, options=("-u", "no/entry"))


def test_a_message_too_big_is_answered_with_a_close_that_yaz_client_shows(ours: int) -> None:
    said = yaz_client(ours, f'find "{"x" * 5_000}"')
    assert "Reason: resources" in said
    assert "4,096" in said


# --- our client, our server and theirs --------------------------------------------------------------------------------

HELLO = InitRequest(options=OPTIONS)
SYNTAXES = (oid.USMARC, oid.OPAC, oid.SUTRS, oid.GRS_1)


def search(query: RpnQuery, **more: object) -> SearchRequest:
    return SearchRequest(query=query, databases=("Default",), **more)  # type: ignore[arg-type]


def test_our_client_and_our_server_understand_each_other(ours: int) -> None:
    every = search(RpnQuery(Operand(TITLE, "")), result_set="1")
    update = ExtendedServicesRequest(function=1, package_type=Oid("1.2.840.10003.9.5.1.1"), wait_action=1)
    said = ask(
        ours, HELLO, every, SortRequest(keys=(SortSpec("title"),), inputs=("1",), output="1"),
        PresentRequest(start=1, count=3, result_set="1", max_segment_count=9), update,
        DeleteRequest(names=("1", "2")), PresentRequest(start=1, count=1, result_set="1"), Close(),
    )  # fmt: skip
    init, found, ordered, *parts, refused, deleted, gone, farewell = said
    assert init.options == OPTIONS
    assert (found.count, ordered) == (3, SortResponse())
    assert [type(part) for part in parts] == [Segment, Segment, PresentResponse]
    assert [part.records[0].record.content for part in parts] == [marc(title) for title in sorted(TITLES)]
    assert (refused.status, refused.diagnostics[0].condition) == (3, 221)
    assert [one.status for one in deleted.sets] == [DeleteStatus.SUCCESS, DeleteStatus.DID_NOT_EXIST]
    assert gone.diagnostics == (Diagnostic(30, "1"),)
    assert isinstance(farewell, Close)


def test_our_client_gets_what_it_wants_of_yaz_ztest(theirs: int) -> None:
    near = Operator(Proximity(3, True, 2, 2), Operand((), b"a"), Operand((), b"b"))
    said = ask(
        theirs, HELLO, search(RpnQuery(Operand(TITLE, b"computer")), result_set="1"),
        *(PresentRequest(start=1, count=1, result_set="1", syntax=syntax) for syntax in SYNTAXES),
        search(RpnQuery(near, type=101)), SortRequest(keys=(SortSpec("title"),), inputs=("1",), output="1"), Close(),
    )  # fmt: skip
    init, found, marc, opac, text, generic, _, ordered, farewell = said
    assert isinstance(init, InitResponse)
    assert Option.SCAN in init.options
    assert found.count > 0
    assert b"How to program a computer" in marc.records[0].record.content
    assert isinstance(codec.read_record(text.records[0].record), SutrsRecord)
    holdings = codec.read_record(opac.records[0].record)
    assert isinstance(holdings, OpacRecord)
    assert isinstance(holdings.bibliographic, External)
    assert holdings.holdings[0].call_number == "MLCM 89/00602 (N)"  # type: ignore[index, union-attr]
    assert isinstance(codec.read_record(generic.records[0].record), GenericRecord)
    assert isinstance(ordered, SortResponse)
    assert isinstance(farewell, Close)


def test_our_client_gets_what_it_wants_of_zebra(zebra: int) -> None:
    word = (Attribute(None, 1, 4), Attribute(None, 4, 2))
    said = ask(
        zebra, HELLO, search(RpnQuery(Operand(word, b"de")), result_set="1"), search(RpnQuery(Operand(word, b"so"))),
        ScanRequest(start=Operand(word, b"a"), databases=("Default",), count=4, attribute_set=oid.BIB_1, position=1),
        *(PresentRequest(start=1, count=1, syntax=syntax) for syntax in (oid.USMARC, oid.GRS_1, oid.SUTRS)),
        ScanRequest(start=Operand((Attribute(None, 1, 7777),), b"a"), databases=("Default",), count=4), Close(),
    )  # fmt: skip
    _, _, found, scanned, marc, generic, text, unscanned, _ = said
    assert found.count == 1
    assert isinstance(scanned, ScanResponse)
    assert [(entry.term, entry.occurrences) for entry in scanned.entries][:2] == [(b"de", 1), (b"do", 1)]  # type: ignore[union-attr]
    assert marc.records[0].record.content.endswith(b"So do\x1e\x1d")
    tree = codec.read_record(generic.records[0].record)
    assert isinstance(tree, GenericRecord)
    assert "So do" in str(tree)
    assert isinstance(codec.read_record(text.records[0].record), SutrsRecord)
    assert unscanned.diagnostics[0].condition in (114, 121)


# --- both ends theirs -------------------------------------------------------------------------------------------------

LINES = """options
find @attr 1=4 computer
show 1+3
format sutrs
show 1
format opac
show 1
format grs-1
show 1
format xml
elements F
show 1+2
schema 1.2.840.10003.13.2
show 1
scan @attr 1=4 word
sort 1=4 ia
sort+ 1=4 d 1=1003 ia
find @and @attr 1=4 @attr 4=1 a @or b @not c d
find @prox 0 3 1 2 k 2 a b
find @set 2
find @attr 1=4 @term string xyz
find @attr 1=4 @term numeric 7
find @attr exp1 1=1 a
find @attr 1=@nhan a
refid abc
show 1+10
ssub 3
lslb 4
find a
delete 2
querytype cql
find dc.title=x
querytype prefix
itemorder 1 1
close""".splitlines()
ZEBRA_LINES = """scan @attr 1=4 @attr 4=2 a
scansize 2
scanpos 2
scan @attr 1=4 @attr 4=2 kieu
find @attr 1=4 @attr 4=2 so
format grs-1
show 1
format sutrs
show 1
find @attr 1=7777 x
find @attr 7=1 @attr 1=4 0 @or truyen so
show 9
close""".splitlines()


@pytest.fixture(scope="module")
def talks(theirs: int, zebra: int) -> list[Talk]:
    """What yaz-client and zoomsh say to yaz-ztest and Zebra, and they to them."""
    with recorder(zebra) as behind:
        yaz_client(behind.port, *ZEBRA_LINES)
    with recorder(theirs) as proxy:
        yaz_client(proxy.port, *LINES, options=("-u", "user/pass"))
        yaz_client(proxy.port, "negcharset utf-8", f"open tcp:127.0.0.1:{proxy.port}", "find x", "close")
        zoomsh(f"connect 127.0.0.1:{proxy.port}", "set preferredRecordSyntax usmarc", "search @attr 1=4 a", "show 0 2")
    return [*proxy.talks, *behind.talks]


def frames(data: bytes) -> list[bytes]:
    framer = Framer(Limits())
    framer.feed(data)
    found = list(iter(partial(framer.take), None))
    assert len(framer) == 0
    return found


def test_everything_that_yaz_says_is_read_and_written_to_an_equal_value(talks: list[Talk]) -> None:
    kinds = set()
    for frame in (frame for talk in talks for data in (talk.origin, talk.target) for frame in frames(bytes(data))):
        message = codec.decode(frame)
        assert codec.decode(codec.encode(message)) == message
        kinds.add(type(message))
    assert len(kinds) >= 14, kinds
    assert {ExtendedServicesRequest, ExtendedServicesResponse} <= kinds


def test_the_records_of_yaz_are_read_and_written_to_an_equal_value(talks: list[Talk]) -> None:
    read = []
    for frame in (frame for talk in talks for frame in frames(bytes(talk.target))):
        message = codec.decode(frame)
        for named in message.records if isinstance(message, PresentResponse | SearchResponse) else ():
            if isinstance(named.record, External) and named.record.form == "element":
                record = codec.read_record(named.record)
                assert codec.read_record(codec.write_record(record)) == record
                read.append(record)
    assert {type(record) for record in read} == {SutrsRecord, OpacRecord, GenericRecord}
    generic = next(record for record in read if isinstance(record, GenericRecord))
    assert any(isinstance(element, Element) for element in generic.elements)


def test_what_yaz_says_broken_in_any_way_ends_as_declared(talks: list[Talk]) -> None:
    chance, said = random.Random(1), {frame for talk in talks for frame in frames(bytes(talk.origin + talk.target))}
    refused = 0
    for frame in sorted(said):
        for _ in range(60):
            try:
                message = codec.decode(changed(frame, chance))
            except DecodeError:
                refused += 1
            else:
                assert codec.decode(codec.encode(message)) == message
    assert refused > len(said) * 30


def test_the_charset_that_yaz_client_proposes_is_read(talks: list[Talk]) -> None:
    from schemas.z3950 import charsets

    proposals = []
    for talk in talks:
        hello = codec.decode(frames(bytes(talk.origin))[0])
        assert isinstance(hello, InitRequest)
        proposals.append(codec.read_negotiation(hello.other_info))
    sets = [one.charsets for one in proposals if isinstance(one, charsets.CharsetProposal)]
    assert ["utf-8"] in [[charsets.name(charset) for charset in found or ()] for found in sets]


def test_a_connection_follows_what_yaz_says_from_both_ends(talks: list[Talk]) -> None:
    """Each end is fed what it would have heard; what it would have said itself is said with the same messages."""
    talk = talks[0]
    origin, target = Connection("origin"), Connection("target")
    said = {"origin": frames(bytes(talk.origin)), "target": frames(bytes(talk.target))}
    for asked, answered in zip(said["origin"], said["target"], strict=True):
        target.receive(asked)
        assert target.next_event() == codec.decode(asked)
        origin.send(codec.decode(asked))
        origin.receive(answered)
        assert origin.next_event() == codec.decode(answered)
        target.send(codec.decode(answered))
    assert origin.state == target.state == "closed"


def test_queries_of_yaz_mean_what_was_typed(talks: list[Talk]) -> None:
    requests = [codec.decode(frame) for frame in frames(bytes(talks[0].origin))]
    roots = [one.query.root for one in requests if isinstance(one, SearchRequest) and isinstance(one.query, RpnQuery)]
    assert roots[0] == Operand(TITLE, b"computer")
    assert roots[2] == Operator(Proximity(3, True, 2, 2, exclusion=False), Operand((), b"a"), Operand((), b"b"))
    assert roots[3] == ResultSetOperand("2")
    assert roots[4] == Operand(TITLE, "xyz")
    assert roots[5] == Operand(TITLE, 7)
    assert roots[6] == Operand((Attribute("1.2.840.10003.3.2", 1, 1),), b"a")
