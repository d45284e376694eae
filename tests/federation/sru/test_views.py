"""The three operations over HTTP on a small catalogue: what is said, which diagnostics, which headers and limits."""

import gzip
from threading import Barrier, Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import update

from federation.catalogue import formats
from federation.errors import Unavailable
from federation.sru import answer, render, request, views
from federation.sru.answer import scannable
from federation.store.models import Union
from federation.web import delivery
from schemas.errors import CrosswalkError, EncodeError
from schemas.maps.tables import rows
from schemas.query.access_points import access_points
from schemas.query.diagnostics import sru_words
from tests.support.catalogues import Shelf
from tests.support.sru import SEARCH_WS, SRW, ask, one, open_door

VERSIONS = ("1.1", "1.2", "2.0")
NUMBERS = [str(number) for number in range(1, 13)]


# --- which version, which operation -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "namespace", "name"),
    [
        ("", f"{SEARCH_WS}sruResponse", "explainResponse"),
        ("query=nam", f"{SEARCH_WS}sruResponse", "searchRetrieveResponse"),
        ("scanClause=dc.title=s", f"{SEARCH_WS}sruResponse", "scanResponse"),
        ("operation=searchRetrieve&version=1.1&query=nam", SRW, "searchRetrieveResponse"),
        ("operation=searchRetrieve&version=1.2&query=nam", SRW, "searchRetrieveResponse"),
        ("operation=scan&version=1.2&scanClause=dc.title=s", SRW, "scanResponse"),
        ("operation=explain&version=1.1", SRW, "explainResponse"),
        ("operation=explain", SRW, "explainResponse"),
        ("version=2.0&query=nam", f"{SEARCH_WS}sruResponse", "searchRetrieveResponse"),
    ],
)
def test_the_parameters_tell_version_and_operation(door: FlaskClient, query: str, namespace: str, name: str) -> None:
    told = ask(door, query)
    assert told.root.tag == f"{{{namespace}}}{name}"
    assert told.diagnostics == []
    if namespace == SRW:
        assert told.all("version")[0] == ("1.1" if "1.1" in query else "1.2")


@pytest.mark.parametrize(
    ("query", "number", "details"),
    [
        ("operation=searchRetrieve&version=1.3&query=a", 5, "2.0"),
        ("operation=update&version=1.2", 4, "update"),
        ("operation=searchRetrieve&query=a", 7, "version"),
        ("operation=searchRetrieve&version=1.2", 7, "query"),
        ("operation=scan&version=1.2", 7, "scanClause"),
        ("version=1.2&query=a", 7, "operation"),
        ("query=a&colour=red", 8, "colour"),
        ("operation=scan&version=1.2&scanClause=a&query=b", 8, "query"),
        ("operation=searchRetrieve&version=1.2&query=a&facetLimit=5", 8, "facetLimit"),
        ("query=a&query=b", 6, "query"),
        ("query=a&startRecord=0", 6, "startRecord"),
        ("query=a&startRecord=x", 6, "startRecord"),
        ("query=a&maximumRecords=-1", 6, "maximumRecords"),
        ("query=a&maximumRecords=" + "9" * 40, 6, "maximumRecords"),
        ("query=a&resultSetTTL=x", 6, "resultSetTTL"),
        ("query=nam&startRecord=13", 61, "13"),
        ("query=nam&startRecord=10001", 61, "10001"),
        ("query=a&recordSchema=x", 66, "x"),
        ("query=a&recordXMLEscaping=x", 71, "x"),
        ("operation=searchRetrieve&version=1.1&query=a&recordPacking=x", 71, "x"),
        ("operation=searchRetrieve&version=1.1&query=a&recordXPath=/", 72, None),
        ("query=a&stylesheet=http://x/y.xsl", 111, "http://x/y.xsl"),
        ("query=a&queryType=x", 11, "x"),
        ("query=a&httpAccept=text/plain", 6, "httpAccept"),
        ("query=a&facetLimit=x", 6, "facetLimit"),
        ("query=a&facetLimit=5:dc.nothing", 16, "dc.nothing"),
        ("query=a&facetLimit=5:dc.title", 16, "dc.title"),
        ("query=", 10, None),
        ('query=""', 27, None),
        ("query=((", 10, None),
        ("query=" + "a" * 8001, 12, None),
        ("query=x.title=a", 15, "x"),
        ("query=dc.nothing=a", 16, "dc.nothing"),
        ("query=nam&sortKeys=title year", 84, "year"),
        ("query=nam&sortKeys=isbn", 82, "isbn"),
        ("query=nam&sortKeys=title,,7", 90, "7"),
        ("query=nam&sortKeys=title,x", 87, "x"),
        ("query=nam&sortKeys=title,,1,0,omit", 92, "omit"),
        ("query=nam sortBy title&sortKeys=title", 96, None),
        ("scanClause=dc.description=a", 16, None),
        ("scanClause=a and b", 10, None),
        ("scanClause=dc.title=a&responsePosition=22", 120, "22"),
        ("scanClause=dc.title=a&maximumTerms=0", 6, "maximumTerms"),
        ("query=%FF", 6, None),
        ("query=%00", 6, "query"),
        ("&".join(f"x-{number}=1" for number in range(99)), 6, None),
        ("query=" + "a" * 90_000, 12, None),
    ],
)
def test_what_cannot_be_has_its_diagnostic(door: FlaskClient, query: str, number: int, details: str | None) -> None:
    told = ask(door, query)
    assert (told.status, told.diagnostics) == (200, [number])
    if details is not None:
        assert told.all("details")[0] == details
    assert told.all("message")[0]


def test_every_diagnostic_has_words() -> None:

    assert {int(row["sru"]) for row in rows("diagnostics", "schemas.query")} <= sru_words().keys()


def test_extensions_are_ignored_and_post_is_the_same(door: FlaskClient) -> None:
    assert ask(door, "query=nam&x-info-5-mode=on").diagnostics == []
    posted = door.post("/sru", data=one("1.2", query="núi", maximumRecords="3"))
    assert posted.data == ask(door, **one("1.2", query="núi", maximumRecords="3")).content
    other = door.post("/sru", data=b"<soap/>", content_type="text/xml")
    assert (other.status_code, b"info:srw/diagnostic/1/4" in other.data) == (200, True)


# --- results ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_a_result_is_read_page_by_page_without_loss(door: FlaskClient, version: str) -> None:
    seen: list[str] = []
    start = "1"
    while start:
        told = ask(door, **one(version, query="nam sortBy title", startRecord=start, maximumRecords="5"))
        assert told.all("numberOfRecords") == ["12"]
        assert told.all("recordPosition") == [
            str(len(seen) + 1 + place) for place in range(len(told.all("recordPosition")))
        ]
        seen += [field.text for field in told.root.iter("{*}controlfield") if field.get("tag") == "001"]
        start = (told.all("nextRecordPosition") or [""])[0]
    assert seen == NUMBERS


def test_a_result_has_no_next_position_when_nothing_was_asked_for_or_nothing_is_left(door: FlaskClient) -> None:
    assert ask(door, query="nam", maximumRecords="0").all("nextRecordPosition") == []
    assert ask(door, query="nam", maximumRecords="12").all("nextRecordPosition") == []
    assert ask(door, query="nam", maximumRecords="11").all("nextRecordPosition") == ["12"]


def test_more_records_than_are_given_make_a_shorter_answer(door: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "MOST_RECORDS", 4)
    told = ask(door, query="nam", maximumRecords="1000")
    assert (len(told.all("recordData")), told.all("nextRecordPosition")) == (4, ["5"])


@pytest.mark.parametrize(("name", "root"), [("marcxml", "record"), ("mods", "mods"), ("dc", "dc")])
def test_a_schema_has_two_names_and_records_are_the_same_in_a_string(door: FlaskClient, name: str, root: str) -> None:
    form = formats.of_sru(name)
    assert form
    short = ask(door, query="nam", recordSchema=name, maximumRecords="1")
    long = ask(door, query="nam", recordSchema=form.sru_uri, maximumRecords="1")
    (data,), (same,) = ([*told.root.iter("{*}recordData")] for told in (short, long))
    assert etree.tostring(data) == etree.tostring(same)
    assert short.all("recordSchema")[0] == form.sru_uri
    assert etree.QName(data[0]).localname == root
    string = ask(door, query="nam", recordSchema=name, maximumRecords="1", recordXMLEscaping="string")
    written = etree.fromstring(string.all("recordData")[0])
    assert _canonical(written) == _canonical(data[0])


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))


def test_each_record_says_who_holds_it(door: FlaskClient) -> None:
    told = ask(door, query="nam", maximumRecords="1")
    (holding,) = told.root.iter(f"{{{render.HOLDINGS}}}holding")
    assert dict(holding.attrib) == {"library": "tvt", "asOf": "2026-03-01"}
    assert [each.text for each in holding] == ["tvt-1", "Kho mở", "895.922 1", "2"]


@pytest.mark.parametrize(("error", "number"), [(CrosswalkError("x", "y"), 67), (EncodeError("x", "y"), 70)])
def test_a_record_that_a_schema_cannot_hold_costs_only_itself(
    door: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception, number: int
) -> None:
    written = answer._written

    def failing(form: formats.Format, record: object) -> bytes:
        if record.id == 2:  # type: ignore[attr-defined]
            raise error
        return written(form, record)  # type: ignore[arg-type]

    monkeypatch.setattr(answer, "_written", failing)
    told = ask(door, query="nam sortBy title", maximumRecords="3")
    assert told.diagnostics == [number]
    assert told.all("recordSchema")[1] == "info:srw/schema/1/diagnostics-v1.1"
    assert told.all("recordPosition") == ["1", "2", "3"]


def test_a_record_that_has_just_gone_keeps_its_place(door: FlaskClient, shelf: Shelf) -> None:
    shelf.bury({2: None})
    told = ask(door, query="nam sortBy title", maximumRecords="3")
    assert (told.diagnostics, told.all("recordPosition")) == ([64], ["1", "2", "3"])


def test_a_damaged_record_keeps_its_place_and_the_others_are_given(door: FlaskClient, shelf: Shelf) -> None:
    with shelf.database.write() as session:
        session.execute(update(Union).where(Union.id == 2).values(marcxml=b"broken"))
    told = ask(door, query="nam sortBy title", maximumRecords="3")
    assert (told.diagnostics, told.all("recordPosition")) == ([64], ["1", "2", "3"])


def test_our_own_faults_are_a_diagnostic_too(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "_search", lambda *_: 1 // 0)
    told = ask(open_door(shelf), query="nam")
    assert (told.status, told.diagnostics) == (200, [1])


@pytest.mark.parametrize(
    "sort",
    [
        {"query": "nam sortBy title/sort.descending"},
        {"query": "nam", "sortKeys": "title,,0"},
        {"query": "nam", "sortKeys": "dc.title,dc,false"},
    ],
)
def test_results_are_sorted_as_asked_in_either_way(door: FlaskClient, sort: dict[str, str]) -> None:
    told = ask(door, **sort, maximumRecords="12")
    numbers = [field.text for field in told.root.iter("{*}controlfield") if field.get("tag") == "001"]
    assert numbers == NUMBERS[::-1]


def test_words_of_the_search_box_can_be_asked_too(door: FlaskClient) -> None:
    told = ask(door, query="nam -5", queryType="searchTerms")
    assert told.all("numberOfRecords") == ["11"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_request_is_echoed(door: FlaskClient, version: str) -> None:
    told = ask(door, **one(version, query='dc.title any "núi"', maximumRecords="1"))
    (echo,) = told.root.iter("{*}echoedSearchRetrieveRequest")
    assert echo.findtext("{*}query") == 'dc.title any "núi"'
    assert (echo.find("{*}xQuery") is None) == (version == "2.0")


# --- facets -------------------------------------------------------------------------------------------------------


def test_facets_count_and_their_queries_find_what_they_count(door: FlaskClient) -> None:
    told = ask(door, query="nam", maximumRecords="1", facetLimit="5")
    facets = {facet.findtext("{*}index"): facet for facet in told.root.iter("{*}facet")}
    assert {"dc.creator", "dc.date", "dc.language"} <= set(facets)
    for term in told.root.iter("{*}term"):
        query = parse_qs(urlsplit(term.findtext("{*}requestUrl")).query)["query"][0]
        assert ask(door, query=query).all("numberOfRecords")[0] == term.findtext("{*}count")


def test_facets_are_only_there_when_asked_for_and_of_what_was_asked(door: FlaskClient) -> None:
    assert ask(door, query="nam").all("facet") == []
    some = ask(door, query="nam", facetLimit="1:dc.date,3:dc.creator")
    assert some.all("index") == ["dc.date", "dc.creator"]


# --- scan ---------------------------------------------------------------------------------------------------------


def test_a_scan_goes_both_ways_and_says_where_the_list_ends(door: FlaskClient) -> None:
    told = ask(door, scanClause='dc.title = "sông núi nước nam 2"', responsePosition="2", maximumTerms="3")
    assert told.all("value") == [f"Sông núi <nước> & Nam {number}" for number in (1, 2, 3)]
    assert told.all("whereInList") == ["first", "inner", "inner"]
    last = ask(door, scanClause='dc.title = "sông núi nước nam 12"', responsePosition="3", maximumTerms="3")
    assert last.all("value")[-1].endswith("12")
    assert last.all("whereInList") == ["inner", "inner", "last"]
    only = ask(door, scanClause="dc.creator = a")
    assert (only.all("value"), only.all("numberOfRecords"), only.all("whereInList")) == (
        ["Nguyễn Văn An"],
        ["12"],
        ["only"],
    )


def test_position_0_is_behind_the_term_itself(door: FlaskClient) -> None:
    clause = 'dc.title = "sông núi nước nam 2"'
    assert ask(door, scanClause=clause, responsePosition="0").all("value")[0].endswith("Nam 3")
    assert ask(door, scanClause=clause, responsePosition="1").all("value")[0].endswith("Nam 2")
    whole = ask(door, scanClause=clause, responsePosition="4", maximumTerms="3")
    assert [value[-1] for value in whole.all("value")] == ["1"]


def test_terms_that_are_codes_say_what_they_mean(door: FlaskClient) -> None:
    told = ask(door, scanClause="lienthong.member = a")
    assert (told.all("value"), told.all("displayTerm")) == (["tvt"], ["Thư viện tvt"])
    assert ask(door, scanClause="dc.language = a").all("displayTerm") == ["Tiếng Việt"]


def test_every_scanned_term_is_found_by_searching_for_it(door: FlaskClient) -> None:
    for point in access_points():
        if point.name not in scannable():
            continue
        told = ask(door, scanClause=f"{point.cql[0]} = 0")
        for value, count in zip(told.all("value"), told.all("numberOfRecords"), strict=True):
            found = ask(door, query=f'{point.cql[0]} == "{value}"', maximumRecords="0")
            assert found.all("numberOfRecords") == [count], (point.name, value)


# --- explain ------------------------------------------------------------------------------------------------------


def test_explain_names_every_index_schema_and_limit(door: FlaskClient) -> None:
    told = ask(door)
    indexes = {index.get("id"): index for index in told.root.iter("{*}index")}
    assert set(indexes) == {point.name for point in access_points()}
    for point in access_points():
        names = [f"{name.get('set')}.{name.text}" for name in indexes[point.name].iter("{*}name")]
        assert names == list(point.cql)
        assert [int(attr.text or 0) for attr in indexes[point.name].iter("{*}attr")] == list(point.bib1)
    schemas = {schema.get("name"): schema.get("identifier") for schema in told.root.iter("{*}schema")}
    assert schemas == {form.sru: form.sru_uri for form in formats.FORMATS if form.sru}
    assert [each.get("numRecs") for each in told.root.iter("{*}database")] == ["12"]
    assert {"maximumRecords", "maximumTerms"} <= {each.get("type") for each in told.root.iter("{*}setting")}


def test_every_index_that_explain_calls_searchable_scannable_or_sortable_is(door: FlaskClient) -> None:
    prefixes = {each.get("name"): each.get("identifier") for each in ask(door).root.iter("{*}set")}
    for index in ask(door).root.iter("{*}index"):
        for name in index.iter("{*}name"):
            cql = f"{name.get('set')}.{name.text}"
            assert ask(door, query=f'> {name.get("set")} = "{prefixes[name.get("set")]}" {cql} = 1').diagnostics == []
            assert (ask(door, scanClause=f"{cql} = 1").diagnostics == []) == (index.get("scan") == "true")
            assert (ask(door, query=f"nam sortBy {cql}").diagnostics == []) == (index.get("sort") == "true")


# --- the door -----------------------------------------------------------------------------------------------------


def test_answers_are_xml_that_nobody_keeps(door: FlaskClient) -> None:
    told = door.get("/sru?query=nam", headers={"Accept": "application/sru+xml"})
    assert told.headers["Content-Type"] == "application/sru+xml; charset=UTF-8"
    plain = door.get("/sru?query=nam")
    assert (plain.headers["Content-Type"], plain.headers["Cache-Control"]) == ("text/xml; charset=UTF-8", "no-cache")
    assert plain.headers["X-Robots-Tag"] == "noindex"


def test_answers_are_compressed_under_either_of_their_names(shelf: Shelf) -> None:
    door = open_door(shelf)
    delivery.start(door.application)
    for name in ("text/xml", "application/sru+xml"):
        packed = door.get("/sru?query=nam", headers={"Accept": name, "Accept-Encoding": "gzip"})
        assert packed.headers["Content-Type"] == f"{name}; charset=UTF-8"
        assert gzip.decompress(packed.data).startswith(b"<?xml")


def test_without_index_or_database_clients_are_asked_to_come_back(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise Unavailable("index-missing", "there is no search index yet")

    monkeypatch.setattr(shelf.engine, "search", gone)
    told = ask(open_door(shelf), query="nam")
    assert (told.status, told.diagnostics, told.headers["Retry-After"]) == (503, [2], "10")


def test_too_many_requests_at_once_are_asked_to_come_back(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0.01)
    search, inside, done = shelf.engine.search, Barrier(3), Event()

    def slow(question: object) -> object:
        inside.wait(10)
        done.wait(10)
        return search(question)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf.engine, "search", slow)
    door = open_door(shelf)
    asking = [Thread(target=ask, args=(door, "query=nam")) for _ in range(2)]
    for thread in asking:
        thread.start()
    inside.wait(10)
    assert ask(door, "query=nam").status == 503
    done.set()
    for thread in asking:
        thread.join()


NAMES = (
    *("operation", "version", "query", "scanClause", "startRecord", "maximumRecords", "recordPacking", "recordSchema"),
    *("recordXMLEscaping", "sortKeys", "facetLimit", "facetStart", "facetSort", "responsePosition", "maximumTerms"),
    *("queryType", "stylesheet", "resultSetTTL", "httpAccept", "renderedBy", "x-a", "colour"),
)
VALUES = (
    *("1.1", "1.2", "2.0", "searchRetrieve", "scan", "explain", "nam", "dc.title = s", "5", "0", "-1", "xml", "string"),
    *("marcxml", "dc", "title,,0", "5:dc.creator", "", "cql.allRecords=1", "a sortBy title", "alphanumeric"),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=8), max_size=6))
def test_no_parameter_makes_the_door_fall(door: FlaskClient, parameters: dict[str, str]) -> None:
    response = door.get("/sru", query_string=parameters)
    assert response.status_code == 200
    assert etree.fromstring(response.data) is not None
