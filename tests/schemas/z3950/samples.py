"""One message of every kind, with as much in it as there can be, and records of every syntax."""

from schemas.z3950 import codec, oid
from schemas.z3950.browsing import (
    DatabaseSortKey,
    DeleteRequest,
    DeleteResponse,
    DeleteStatus,
    ScanRequest,
    ScanResponse,
    ScanStatus,
    SetStatus,
    SortAttributes,
    SortRequest,
    SortResponse,
    SortSpec,
    SortStatus,
    TermInfo,
)
from schemas.z3950.charsets import AgreedBefore, CharsetChoice, CharsetProposal, Iso2022, Iso10646
from schemas.z3950.codec import Apdu
from schemas.z3950.external import External
from schemas.z3950.primitives import Oid, Time
from schemas.z3950.records import Absent, Circulation, Element, GenericRecord, Holding, OpacRecord, SutrsRecord, Volume
from schemas.z3950.retrieval import (
    Composition,
    DatabaseElements,
    DatabaseSpecification,
    Fragment,
    NamedRecord,
    PresentRequest,
    PresentResponse,
    PresentStatus,
    Range,
    ResultSetStatus,
    SearchRequest,
    SearchResponse,
    Segment,
    Specification,
)
from schemas.z3950.rpn import (
    Attribute,
    ComplexValue,
    Operand,
    Operator,
    OtherQuery,
    Proximity,
    ResultSetOperand,
    RpnQuery,
    Term,
)
from schemas.z3950.session import (
    AccessControlRequest,
    AccessControlResponse,
    Anonymous,
    Close,
    CloseReason,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    IdPass,
    InitRequest,
    InitResponse,
    Option,
    ResourceControlRequest,
    ResourceControlResponse,
    ResourceReportRequest,
    ResourceReportResponse,
    TriggerResourceControlRequest,
)
from schemas.z3950.values import Diagnostic, InfoCategory, IntUnit, OtherInfo, Unit

MARC = External(oid.USMARC, b"00044nam a2200037   4500001000200000\x1e1\x1e\x1d")
TEXT = External(oid.SUTRS, b"\x1b\x02Vi", "element")
NUMBERED = External("", b"\x00\x01", "bits", indirect=7)
INFO = (
    OtherInfo("chữ", InfoCategory(1, Oid("1.2.840.10003.10.3"))),
    OtherInfo(b"\xff\x00", InfoCategory(-5)),
    OtherInfo(TEXT),
    OtherInfo(Oid("1.2.840.10003.10.1")),
)
TERMS: tuple[Term, ...] = (
    b"Truy\xe1\xbb\x87n",
    "Kiều",
    -1820,
    Oid("2.100.3"),
    Time("20261127050000Z"),
    MARC,
    IntUnit(3, Unit("SI", "length", 5, -2)),
    None,
)
TITLE = Attribute(None, 1, 4)
LISTED = Attribute(oid.BIB_1, 4, ComplexValue(("phrase", 6), (1, 2)))


def operand(term: Term) -> Operand:
    return Operand((TITLE, LISTED), term)


NEAR = Operator(Proximity(3, True, 2, 2, exclusion=False), operand(b"a"), operand(b"b"))
TREE = Operator("and", Operator("or", NEAR, ResultSetOperand("1")), Operator("and-not", operand(b"c"), operand("d")))
SPECIFIC = Specification(Oid("1.2.840.10003.13.2"), External("1.2.840.10003.11.1", b"\x30\x00", "element"))
DIAGNOSTICS = (Diagnostic(114, "1=1999"), External("1.2.840.10003.4.2", b"\x30\x00", "element"))

MESSAGES: tuple[Apdu, ...] = (
    InitRequest(),
    InitRequest(
        versions=frozenset({2, 3}),
        options=frozenset(Option),
        authentication=IdPass("g", "người", "mật khẩu"),
        implementation_id="1",
        implementation_name="Liên thông",
        implementation_version="0.1",
        user_information=TEXT,
        other_info=(*INFO, codec.write_negotiation(CharsetProposal())),
        reference_id=b"\x00\x01",
    ),
    InitRequest(authentication="user/password"),
    InitRequest(authentication=Anonymous()),
    InitRequest(authentication=MARC, options=frozenset(), versions=frozenset()),
    InitResponse(accepted=False, other_info=INFO, preferred_message_size=2**40, exceptional_record_size=0),
    SearchRequest(query=RpnQuery(operand(b"x")), databases=("union", "Thư viện")),
    SearchRequest(
        query=RpnQuery(TREE, type=101),
        databases=("a", "b"),
        result_set="kết quả",
        replace=False,
        small_set_elements="F",
        medium_set_elements=(DatabaseElements("a", "B"), DatabaseElements("b", "F")),
        syntax=oid.USMARC,
        additional_search_info=INFO,
        other_info=INFO,
        reference_id=b"",
    ),
    *(SearchRequest(query=RpnQuery(operand(term)), databases=()) for term in TERMS),
    SearchRequest(query=RpnQuery(ResultSetOperand("1", (TITLE,)), type=101), databases=("a",)),
    SearchRequest(query=RpnQuery(Operator(Proximity(1, False, 6, 9, True), NEAR, NEAR)), databases=("a",)),
    SearchRequest(query=OtherQuery(2, b"find x"), databases=("a",)),
    SearchRequest(query=OtherQuery(0, b"\x04\x01x"), databases=("a",)),
    SearchRequest(query=OtherQuery(104, External(oid.CQL, b"\x1b\x01x", "element")), databases=("a",)),
    SearchResponse(count=0),
    SearchResponse(count=-1, success=False, result_set_status=ResultSetStatus.NONE, diagnostics=DIAGNOSTICS[:1]),
    SearchResponse(count=3, present_status=PresentStatus.PARTIAL_2, returned=1, records=(NamedRecord(MARC, "a"),)),
    SearchResponse(count=3, diagnostics=DIAGNOSTICS, additional_search_info=INFO, other_info=INFO),
    PresentRequest(start=1, count=10),
    PresentRequest(
        start=2**31,
        count=0,
        ranges=(Range(1, 2), Range(5, 1)),
        composition=Composition(
            False,
            Specification("info:srw/schema/1/marcxml-v1.1", "F"),
            (DatabaseSpecification("a", SPECIFIC), DatabaseSpecification("b", Specification())),
            (oid.XML, oid.USMARC),
        ),
        syntax=oid.XML,
        max_segment_count=4,
        max_record_size=5,
        max_segment_size=6,
        other_info=INFO,
    ),
    PresentRequest(start=1, count=1, composition="B"),
    PresentRequest(start=1, count=1, composition=(DatabaseElements("a", "B"),)),
    PresentResponse(),
    PresentResponse(status=PresentStatus.FAILURE, diagnostics=(Diagnostic(13, "sai rồi"),)),
    PresentResponse(
        returned=4,
        next_position=5,
        records=(
            NamedRecord(MARC, "union"),
            NamedRecord(Diagnostic(238), "union", True),
            NamedRecord(DIAGNOSTICS[1], None, True),
            NamedRecord(TEXT),
            NamedRecord(NUMBERED),
        ),
        other_info=INFO,
    ),
    Segment(returned=1, records=(NamedRecord(Fragment("starting", b"xx")), NamedRecord(Fragment("final", MARC)))),
    DeleteRequest(names=("1", "2"), other_info=INFO),
    DeleteRequest(),
    DeleteResponse(
        status=DeleteStatus.NOT_ALL_OF_LIST,
        sets=(SetStatus("1", DeleteStatus.SUCCESS), SetStatus("2", DeleteStatus.IN_USE)),
        not_deleted=1,
        bulk_sets=(SetStatus("3", DeleteStatus.NO_BULK_DELETE),),
        message="còn một",
    ),
    ScanRequest(start=operand(b"a"), databases=("a",), count=20),
    ScanRequest(
        start=operand(None), databases=(), count=1, attribute_set=oid.BIB_1, step=0, position=5, other_info=INFO
    ),
    ScanResponse(),
    ScanResponse(
        status=ScanStatus.PARTIAL_5,
        returned=3,
        entries=(
            TermInfo(b"a", 3),
            TermInfo("b", 0, "B", (TITLE, LISTED), (operand(b"c"), operand(1)), INFO),
            Diagnostic(240),
        ),
        diagnostics=DIAGNOSTICS,
        position=2,
        step=0,
        attribute_set=oid.BIB_1,
    ),
    SortRequest(keys=(SortSpec("title"), SortSpec(SPECIFIC, 1, 0, "abort")), inputs=("1", "2"), output="3"),
    SortRequest(
        keys=(
            SortSpec(SortAttributes(oid.BIB_1, (TITLE,)), 4, 1, b"\xff"),
            SortSpec((DatabaseSortKey("a", "x"), DatabaseSortKey("b", SPECIFIC)), missing="null"),
        )
    ),
    SortResponse(),
    SortResponse(status=SortStatus.FAILURE, result_set_status=3, diagnostics=DIAGNOSTICS, count=5),
    AccessControlRequest(challenge=b"?"),
    AccessControlRequest(challenge=TEXT, other_info=INFO),
    AccessControlResponse(answer=b"!"),
    AccessControlResponse(diagnostic=Diagnostic(1010)),
    ResourceControlRequest(response_required=True, suspended=False, report=TEXT, partial_results=3, triggered=True),
    ResourceControlResponse(go_on=False, result_set_wanted=True),
    TriggerResourceControlRequest(action=3, report_format=Oid("1.2.840.10003.7.1"), result_set_wanted=False),
    ResourceReportRequest(operation=b"1", report_format=Oid("1.2.840.10003.7.1")),
    ResourceReportResponse(status=0, report=TEXT),
    ExtendedServicesRequest(
        function=1,
        package_type=Oid("1.2.840.10003.9.5.1.1"),
        package_name="gói",
        user_id="u",
        retention_time=IntUnit(1, Unit()),
        description="x",
        parameters=TEXT,
        wait_action=1,
        elements="F",
    ),
    ExtendedServicesResponse(status=3, diagnostics=DIAGNOSTICS, task_package=TEXT),
    Close(),
    Close(reason=CloseReason.RESOURCES, message="quá lớn", resource_report=TEXT, reference_id=b"9"),
)

RECORDS: tuple[codec.AsnRecord, ...] = (
    SutrsRecord("Nhan đề: Truyện Kiều\n"),
    OpacRecord(),
    OpacRecord(
        MARC,
        (
            Holding(
                local_location="Kho A",
                call_number="895.9221",
                public_note="đọc tại chỗ",
                volumes=(Volume("t.1", "1998"), Volume(enum_and_chron="t.2")),
                circulation=(Circulation(True, item_id="B1"), Circulation(False, "20261201", on_hold=True)),
            ),
            MARC,
        ),
    ),
    GenericRecord(
        (
            Element(1, (Element(1, "Truyện Kiều", 2, 1), Element("năm", 1820)), 4),
            *(Element(number, content) for number, content in enumerate((b"\x00", True, -7, Oid("1.2.3"), MARC))),
            *(Element(9, content) for content in (Time("20261127050000Z"), IntUnit(1), Absent("empty"), ())),
        )
    ),
)

NEGOTIATIONS: tuple[codec.Negotiation, ...] = (
    CharsetProposal(),
    CharsetProposal(
        (Iso2022(b"\xa1\x00"), Iso10646(oid.PREFIX), ("1.2.3",), MARC, AgreedBefore()), ("vie", "eng"), True
    ),
    CharsetProposal(None),
    CharsetChoice(),
    CharsetChoice(Iso10646(collections="1.0.10646.1.3.0"), "vie", False),
)
