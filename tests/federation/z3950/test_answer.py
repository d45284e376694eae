"""A session without a socket: what is answered to messages that YAZ's tools do not send."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from federation.catalogue import catalogue as catalogue_module
from federation.catalogue import records
from federation.catalogue.catalogue import Catalogue
from federation.errors import Inconsistent
from federation.index import open_engine
from federation.pipeline.workplace import Workplace
from federation.z3950 import records as door_records
from federation.z3950.answer import Session
from federation.z3950.limits import LEAST_MESSAGE, Limits
from federation.z3950.records import Writing, named
from federation.z3950.wanted import Wanted, names, syntaxes
from schemas.query.access_points import access_points
from schemas.z3950 import codec, oid
from schemas.z3950.browsing import DeleteRequest, DeleteStatus, ScanRequest, SortAttributes, SortRequest, SortSpec
from schemas.z3950.charsets import CharsetChoice, CharsetProposal, Iso10646
from schemas.z3950.external import External
from schemas.z3950.records import OpacRecord
from schemas.z3950.retrieval import PresentRequest, PresentStatus, Range, SearchRequest
from schemas.z3950.rpn import BIB1, Attribute, Operand, ResultSetOperand, RpnQuery
from schemas.z3950.session import (
    ExtendedServicesRequest,
    InitRequest,
    Option,
    ResourceReportRequest,
    TriggerResourceControlRequest,
)
from schemas.z3950.values import Diagnostic
from tests.federation.z3950.conftest import BOOKS
from tests.support.z3950_door import EVERYTHING, door

ALL = Operand((Attribute(None, 2, 103),), "")
HERE = ip_address("192.0.2.1")


def greeted(place: Workplace, limits: Limits | None = None, **init: Any) -> Session:
    session = Session(door(place, limits), HERE)
    (response,) = session.answer(InitRequest(**{"options": EVERYTHING, **init}))
    assert response.accepted
    return session


def title(term: Any, *pairs: tuple[int, int]) -> Operand:
    return Operand(tuple(Attribute(None, *pair) for pair in ((1, 4), *pairs)), term)


def search(session: Session, operand: Any = ALL, **request: Any) -> Any:
    (response,) = session.answer(SearchRequest(**{"query": RpnQuery(operand), "databases": ("union",), **request}))
    return response


def present(session: Session, start: int, count: int, **request: Any) -> list[Any]:
    return session.answer(PresentRequest(start=start, count=count, **request))


def conditions(response: Any) -> list[int]:
    return [fault.condition for fault in response.diagnostics]


def test_options_are_those_of_both_and_no_more(place: Workplace) -> None:
    made = door(place)
    (response,) = Session(made, HERE).answer(InitRequest(options=EVERYTHING))
    assert not response.options & {
        Option.CONCURRENT_OPERATIONS,
        Option.EXTENDED_SERVICES,
        Option.RESOURCE_CONTROL,
        Option.ACCESS_CONTROL,
        Option.SEGMENTATION_2,
        Option.NEGOTIATION,  # nothing was proposed
        Option.DUPLICATE_DETECTION,
    }
    few = frozenset({Option.SEARCH, Option.CONCURRENT_OPERATIONS})
    (response,) = Session(made, HERE).answer(InitRequest(options=few, versions=frozenset({1, 2})))
    assert (response.options, response.versions) == ({Option.SEARCH}, {1, 2})


def test_a_client_of_no_version_of_ours_is_refused(place: Workplace) -> None:
    (response,) = Session(door(place), HERE).answer(InitRequest(versions=frozenset({4})))
    assert not response.accepted
    assert response.user_information is not None


def test_sizes_are_kept_within_ours(place: Workplace) -> None:
    def agreed(preferred: int, exceptional: int) -> tuple[int, int]:
        request = InitRequest(preferred_message_size=preferred, exceptional_record_size=exceptional)
        (response,) = Session(door(place), HERE).answer(request)
        return response.preferred_message_size, response.exceptional_record_size

    assert agreed(0, 0) == (LEAST_MESSAGE, LEAST_MESSAGE)
    assert agreed(20_000, 10_000) == (20_000, 20_000)
    assert agreed(1 << 40, 1 << 40) == (1_048_576, 4_194_304)


@pytest.mark.parametrize(
    ("proposed", "chosen"),
    [
        ((Iso10646(),), Iso10646()),
        ((Iso10646("1.0.10646.1.0.2"), Iso10646()), Iso10646()),
        ((External("1.2.3", b"MARC-8"),), External("1.2.3", b"MARC-8")),
        ((External("1.2.3", b"klingon"),), None),
        ((), None),
    ],
)
def test_the_first_charset_that_is_spoken_is_chosen(place: Workplace, proposed: Any, chosen: Any) -> None:
    proposal = codec.write_negotiation(CharsetProposal(proposed, ("fra", "eng"), True))
    (response,) = Session(door(place), HERE).answer(InitRequest(options=EVERYTHING, other_info=(proposal,)))
    assert codec.read_negotiation(response.other_info) == CharsetChoice(chosen, "eng", chosen is not None)
    assert Option.NEGOTIATION in response.options


def test_who_negotiates_marc_8_for_records_gets_them_so(place: Workplace) -> None:
    proposal = codec.write_negotiation(CharsetProposal((External("1.2.3", b"marc-8"),), None, True))
    session = greeted(place, other_info=(proposal,))
    assert search(session, title(b"ki\xe3\xe1eu", (6, 3))).count == 0
    assert search(session, title(b"truy\xf2\xe3en ki\xe3\xe1eu", (6, 3))).count == 1
    (response,) = present(session, 1, 1, syntax=oid.OPAC)
    opac = codec.read_record(response.records[0].record)
    assert isinstance(opac, OpacRecord)
    assert opac.bibliographic is not None
    assert opac.bibliographic.content[9:10] == b" "


def test_text_is_in_the_language_that_was_negotiated(place: Workplace) -> None:
    for languages, label in ((("eng",), "Title: "), (("vie",), "Nhan đề: "), (None, "Nhan đề: ")):
        session = greeted(place, other_info=(codec.write_negotiation(CharsetProposal(languages=languages)),))
        search(session, title("kiều"))
        (response,) = present(session, 1, 1, syntax=oid.SUTRS)
        assert label.encode() in response.records[0].record.content


def test_a_set_is_not_replaced_against_the_will_of_its_owner(place: Workplace) -> None:
    session = greeted(place)
    search(session, result_set="a")
    assert conditions(search(session, result_set="a", replace=False)) == [21]
    assert search(session, result_set="a").success


def test_sets_have_no_names_where_that_was_not_agreed_on(place: Workplace) -> None:
    session = greeted(place, options=frozenset({Option.SEARCH, Option.PRESENT}))
    assert conditions(search(session, result_set="a")) == [22]
    assert search(session).success


def test_sets_are_counted(place: Workplace) -> None:
    session = greeted(place, Limits(result_sets=3))
    told = [search(session, result_set=name) for name in "abcd"]
    assert [each.success for each in told] == [True, True, True, False]
    assert conditions(told[-1]) == [112]
    (response,) = session.answer(DeleteRequest(names=("a", "x")))
    assert [each.status for each in response.sets] == [DeleteStatus.SUCCESS, DeleteStatus.DID_NOT_EXIST]
    assert search(session, result_set="d").success
    session.answer(DeleteRequest())
    assert conditions(search(session, ResultSetOperand("d"))) == [30]


def test_a_failed_search_leaves_the_set_that_has_its_name(place: Workplace) -> None:
    session = greeted(place)
    search(session)
    assert not search(session, title("", (1, 9))).success
    assert present(session, 1, 1)[0].returned == 1


def test_records_that_do_not_fit_are_for_the_next_request(place: Workplace) -> None:
    session = greeted(
        place, preferred_message_size=3_000, exceptional_record_size=3_000, options=frozenset({Option.SEARCH})
    )
    search(session)
    (response,) = present(session, 1, BOOKS)
    assert response.status == PresentStatus.PARTIAL_2
    assert 0 < response.returned < BOOKS
    assert response.next_position == response.returned + 1
    assert len(codec.encode(response)) <= 3_000


def test_all_records_come_in_segments_where_that_was_agreed_on(place: Workplace) -> None:
    session = greeted(place, preferred_message_size=3_000)
    search(session)
    *segments, last = present(session, 1, BOOKS)
    assert len(segments) > 3
    assert (last.status, last.returned, last.next_position) == (PresentStatus.SUCCESS, BOOKS, 0)
    assert sum(each.returned for each in segments) + len(last.records) == BOOKS
    assert all(len(codec.encode(each)) <= 3_000 for each in (*segments, last))
    *segments, last = present(session, 1, BOOKS, max_segment_count=2)
    assert (len(segments), last.status) == (1, PresentStatus.PARTIAL_2)


def test_a_record_over_the_largest_size_is_a_diagnostic_in_its_place(place: Workplace) -> None:
    session = greeted(place)
    search(session)
    (response,) = present(session, 1, 2, max_segment_size=1, max_record_size=1, max_segment_count=1, syntax=oid.XML)
    assert [each.record.condition for each in response.records] == [17, 17]
    assert all(each.surrogate for each in response.records)


def test_piggy_backed_records_that_cannot_be_do_not_spoil_the_search(place: Workplace) -> None:
    response = search(greeted(place), title("kiều"), small_set_upper_bound=5, syntax=oid.UNIMARC)
    assert (response.success, response.count, response.returned) == (True, 2, 0)
    assert (response.present_status, conditions(response)) == (PresentStatus.FAILURE, [239])


def test_several_ranges_are_refused(place: Workplace) -> None:
    session = greeted(place)
    search(session)
    assert conditions(present(session, 1, 1, ranges=(Range(3, 1),))[0]) == [243]


def test_searches_and_records_of_a_minute_are_counted(place: Workplace) -> None:
    session = greeted(place, Limits(searches=3, records=5))
    assert [search(session).success for _ in range(4)] == [True, True, True, False]
    assert "3 a minute" in search(session).diagnostics[0].add_info
    assert present(session, 1, 5)[0].returned == 5
    assert conditions(present(session, 1, 1)[0]) == [2]


def test_wrong_passwords_of_a_minute_are_counted(place: Workplace, tmp_path: Any) -> None:
    (tmp_path / "users").write_text("")
    made = door(place, Limits(), z3950_users=str(tmp_path / "users"))
    told = [Session(made, HERE).answer(InitRequest(authentication="a/b"))[0] for _ in range(12)]
    assert not any(each.accepted for each in told)
    assert b"too many wrong passwords" in told[-1].user_information.content
    assert b"too many" not in told[0].user_information.content


def test_what_needs_no_answer_gets_none(place: Workplace) -> None:
    session = greeted(place)
    assert session.answer(TriggerResourceControlRequest(action=1)) == []
    assert session.answer(ResourceReportRequest())[0].status == 2
    (response,) = session.answer(ExtendedServicesRequest(function=1, package_type="1.2.840.10003.9.5", wait_action=1))  # type: ignore[arg-type]
    assert (response.status, response.diagnostics[0].condition) == (3, 221)


def sort(session: Session, *keys: SortSpec, **request: Any) -> list[int]:
    (response,) = session.answer(SortRequest(keys=keys, **request))
    return [fault.condition for fault in response.diagnostics or ()]


BY_TITLE = SortSpec("title")


def test_what_cannot_be_sorted_is_told(place: Workplace) -> None:
    session = greeted(place)
    search(session)
    assert sort(session) == [237]
    assert sort(session, BY_TITLE, inputs=()) == [208]
    assert sort(session, BY_TITLE, inputs=("x",)) == [30]
    assert sort(session, BY_TITLE, BY_TITLE) == [212]
    assert sort(session, *[BY_TITLE] * 5) == [211]
    assert sort(session, replace(BY_TITLE, relation=3)) == [214]
    assert sort(session, replace(BY_TITLE, case=7)) == [215]
    assert sort(session, replace(BY_TITLE, missing="abort")) == [213]
    assert sort(session, replace(BY_TITLE, key=())) == [210]
    assert sort(session, SortSpec("nothing")) == [207]
    assert sort(session, SortSpec("subject")) == [207]
    assert sort(session, SortSpec(SortAttributes(BIB1, (Attribute(None, 1, 21),)))) == [207]
    assert sort(session, BY_TITLE, output="sorted") == []


def test_sets_are_merged_by_sorting(place: Workplace) -> None:
    session = greeted(place)
    search(session, title("nôm"), result_set="a")
    search(session, title("rừng"), result_set="b")
    assert sort(session, SortSpec("date", relation=1), inputs=("a", "b"), output="c") == []
    assert present(session, 1, 2, result_set="c")[0].returned == 2
    assert sort(session, SortSpec("year"), BY_TITLE, inputs=("a", "b"), output="d") == []
    assert search(session, ResultSetOperand("d")).count == 2


@pytest.mark.parametrize("position", [0, 1, 3, 6])
def test_the_term_stands_where_it_is_wanted(place: Workplace, position: int) -> None:
    session = greeted(place)
    (response,) = session.answer(
        ScanRequest(start=title("Bà Tơ"), databases=("union",), count=5, position=position, attribute_set=BIB1)
    )
    terms = [entry.term.decode() for entry in response.entries]
    if position == 0:
        assert terms[0] == "Bả sơn"
    elif position == 6:
        assert terms[-1] == "Ba bể"
    else:
        assert terms[response.position - 1] == "Bà Tơ"


def test_a_list_that_ends_early_says_so(place: Workplace) -> None:
    session = greeted(place)
    (response,) = session.answer(
        ScanRequest(start=Operand((Attribute(None, 1, 56),), b"a"), databases=("union",), count=9)
    )
    assert (response.status, [(each.term, each.occurrences, each.display) for each in response.entries]) == (
        5,
        [(b"tvt", BOOKS, "Thư viện tvt")],
    )


def test_every_access_point_with_a_use_attribute_can_be_asked(place: Workplace) -> None:
    session = greeted(place)
    for point in access_points():
        for use in point.bib1:
            term = "1999" if point.field in ("year", "id") else "kiều"
            assert search(session, Operand((Attribute(None, 1, use),), term)).success, (point.name, use)


def test_every_format_is_had_in_the_syntax_that_its_row_says(place: Workplace) -> None:
    session = greeted(place)
    search(session, title("kiều"))
    for syntax, forms in syntaxes().items():
        for form in forms or (None,):
            for name in names(form) if form and form.syntax == "XML" else ("F", "B", None):
                (response,) = present(session, 1, 2, syntax=syntax, composition=name)
                assert [each.record.syntax for each in response.records] == [syntax] * 2, (syntax, name)


def test_a_record_that_is_gone_is_told_in_its_place(place: Workplace) -> None:
    numbers = (1, 999_999, None)
    for syntax in (oid.USMARC, oid.SUTRS):
        form = next(iter(syntaxes()[syntax]), None)
        found = list(named(numbers, Writing(Wanted(syntax, form)), door(place).catalogue))
        assert [getattr(each.record, "condition", 0) for each in found] == [0, 1028, 1028]


def test_a_damaged_record_costs_no_other(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = records.unfolded

    def half_sound(stored: bytes, union_id: int) -> bytes:
        if union_id == 2:
            raise Inconsistent("record-damaged", "no")
        return sound(stored, union_id)

    for module in (records, catalogue_module, door_records):
        monkeypatch.setattr(module, "unfolded", half_sound)
    door_records._ready.cache_clear()
    session = greeted(place)
    search(session)
    assert sort(session, SortSpec("title"), SortSpec("year"), output="ordered") == []
    for syntax in (oid.USMARC, oid.XML, oid.OPAC):
        *segments, last = present(session, 1, BOOKS, syntax=syntax)
        shown = [each for segment in (*segments, last) for each in segment.records]
        assert len(shown) == BOOKS
        assert [each.record.condition for each in shown if each.surrogate] == [1028]


def test_an_index_that_is_not_there_is_told_and_the_session_goes_on(place: Workplace, tmp_path: Any) -> None:
    made = door(place)
    nowhere = Catalogue(place.database, open_engine(f"tantivy:{tmp_path}/no"), place.settings)
    broken = replace(made, catalogue=nowhere)
    session = Session(broken, HERE)
    session.answer(InitRequest(options=EVERYTHING))
    assert search(session).diagnostics == (Diagnostic(109, "index-missing"),)
    assert search(session).count == 0
