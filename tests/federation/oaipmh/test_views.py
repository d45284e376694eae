"""The six verbs over HTTP on a small catalogue: what is said, which errors, which headers; on both dialects."""

import gzip
import logging
from dataclasses import replace
from threading import Barrier, Event, Thread
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import update

from federation.catalogue import formats
from federation.oaipmh import answer, views
from federation.store.models import Union
from schemas.errors import CrosswalkError
from tests.federation.oaipmh.conftest import open_door
from tests.support.catalogues import Shelf, marcxml
from tests.support.oai import NAMES, ask, walk

OAI_ID = "oai:lienthong.example:"


# --- Identify, ListMetadataFormats, ListSets --------------------------------------------------------------------------


def test_identify_tells_what_is_true(full: FlaskClient) -> None:
    told = ask(full, verb="Identify")
    assert told.text("//o:baseURL/text()") == ["http://127.0.0.1:8080/oai"]
    assert told.text("//o:earliestDatestamp/text()") == ["2026-03-01T08:00:00Z"]
    assert told.text("//o:deletedRecord/text()") == ["persistent"]
    assert told.text("//o:granularity/text()") == ["YYYY-MM-DDThh:mm:ssZ"]
    assert told.text("//o:compression/text()") == ["gzip"]
    assert told.text("//*[local-name()='sampleIdentifier']/text()") == [f"{OAI_ID}1"]


def test_an_empty_catalogue_begins_now(door: FlaskClient) -> None:
    told = ask(door, verb="Identify")
    assert told.text("//o:earliestDatestamp/text()") == [told.date]


def test_identify_names_friends_rights_and_logo_when_they_are_set(shelf: Shelf) -> None:
    shelf.settings = replace(
        shelf.settings,
        oai_friends="https://a.example/oai https://b.example/oai?x=1&y=2",
        oai_rights="https://c.example/0",
        oai_logo="https://l.example/l.png",
    )
    told = ask(open_door(shelf), verb="Identify")
    assert told.text("//*[local-name()='friends']/*/text()") == [
        "https://a.example/oai",
        "https://b.example/oai?x=1&y=2",
    ]
    assert told.text("//*[local-name()='rightsReference']/@ref") == ["https://c.example/0"]
    assert told.text("//*[local-name()='collectionIcon']/*[1]/text()") == ["https://l.example/l.png"]


def test_formats_are_the_rows_of_the_table_that_have_a_prefix(full: FlaskClient) -> None:
    prefixes = {form.prefix for form in formats.FORMATS if form.prefix}
    assert prefixes == {"marc21", "oai_dc", "mods"}
    assert set(ask(full, verb="ListMetadataFormats").text("//o:metadataPrefix/text()")) == prefixes
    for number in ("1", "7"):
        told = ask(full, verb="ListMetadataFormats", identifier=OAI_ID + number)
        assert set(told.text("//o:metadataPrefix/text()")) == prefixes
    assert ask(full, verb="ListMetadataFormats", identifier=OAI_ID + "99").errors == ["idDoesNotExist"]


def test_sets_have_names_and_members_without_records_are_among_them(full: FlaskClient, shelf: Shelf) -> None:
    told = ask(full, verb="ListSets")
    specs = told.text("//o:setSpec/text()")
    assert specs == ["kind:public", "member:lqd", "member:tvt", "type:book"]
    assert "Thư viện tvt" in told.text("//o:setName/text()")
    assert told.token is None
    assert ask(full, verb="ListSets", resumptionToken="x").errors == ["badResumptionToken"]


def test_without_any_member_there_is_no_set(database_url: str, tmp_path) -> None:
    shelf = Shelf.make(database_url, tmp_path / "home", codes=())
    assert ask(open_door(shelf), verb="ListSets").errors == ["noSetHierarchy"]
    shelf.close()


# --- GetRecord --------------------------------------------------------------------------------------------------------


def test_a_record_is_given_as_it_is_stored(full: FlaskClient) -> None:
    told = ask(full, verb="GetRecord", identifier=OAI_ID + "1", metadataPrefix="marc21")
    assert told.headers_told == [
        (OAI_ID + "1", "2026-03-01T08:00:00Z", False, ("kind:public", "member:tvt", "type:book"))
    ]
    (given,) = told.root.xpath("//m:record", namespaces=NAMES)
    stored = etree.fromstring(marcxml(1))
    for attribute in list(given.attrib):
        del given.attrib[attribute]
    given.tail = None
    etree.cleanup_namespaces(given)
    assert etree.tostring(given, method="c14n", exclusive=True) == etree.tostring(stored, method="c14n", exclusive=True)
    dublin = ask(full, verb="GetRecord", identifier=OAI_ID + "1", metadataPrefix="oai_dc")
    assert "Sông núi <nước> & Nam 1" in dublin.text("//dc:title/text()")
    assert "http://127.0.0.1:8080/record/1" in dublin.text("//dc:identifier/text()")
    mods = ask(full, verb="GetRecord", identifier=OAI_ID + "1", metadataPrefix="mods")
    assert "895.922 1" in mods.text("//*[local-name()='shelfLocator']/text()")


def test_a_deleted_record_is_a_header(full: FlaskClient) -> None:
    told = ask(full, verb="GetRecord", identifier=OAI_ID + "7", metadataPrefix="oai_dc")
    assert [header[2] for header in told.headers_told] == [True]
    assert not told.text("//o:metadata")


@pytest.mark.parametrize(
    "identifier",
    [
        "x",
        "oai:other.example:1",
        OAI_ID + "99",
        OAI_ID,
        OAI_ID + "01",
        OAI_ID + "9" * 60,
        "1",
        '"<',
        "tvt:1",
        OAI_ID + "-1",
    ],
)
def test_what_is_no_identifier_of_ours_does_not_exist(full: FlaskClient, identifier: str) -> None:
    assert ask(full, verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc").errors == ["idDoesNotExist"]


def test_two_faults_are_both_told(full: FlaskClient) -> None:
    told = ask(full, verb="GetRecord", identifier="x", metadataPrefix="nothing")
    assert told.errors == ["idDoesNotExist", "cannotDisseminateFormat"]
    assert told.echo == {"verb": "GetRecord", "identifier": "x", "metadataPrefix": "nothing"}
    assert ask(full, verb="GetRecord", identifier=OAI_ID + "1", metadataPrefix="x").errors == [
        "cannotDisseminateFormat"
    ]


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("prefix", ["marc21", "oai_dc", "mods"])
def test_a_list_is_read_page_by_page(full: FlaskClient, verb: str, prefix: str) -> None:
    pages = walk(full, verb=verb, metadataPrefix=prefix)
    assert [number for page in pages for number in page.ids] == [1, 2, 3, 5, 6, 9, 10, 4, 7, 8]
    assert [header[2] for page in pages for header in page.headers_told] == [False] * 8 + [True] * 2
    assert [page.text("//o:resumptionToken/@cursor") for page in pages] == [["0"], ["3"], ["6"], ["9"]]
    assert {tuple(page.text("//o:resumptionToken/@completeListSize")) for page in pages} == {("10",)}
    assert [bool(page.text("//o:resumptionToken/@expirationDate")) for page in pages] == [True, True, True, False]
    assert pages[-1].token == ""
    assert len({page.date for page in pages}) == 1
    assert all(bool(page.text("//o:metadata/*")) == (verb == "ListRecords") for page in pages[:3])


def test_a_list_of_one_page_has_no_token(full: FlaskClient) -> None:
    assert ask(full, verb="ListRecords", metadataPrefix="marc21", from_="2026-03-02").token is None


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"set": "member:tvt"}, [1, 2, 3, 5, 4]),
        ({"set": "member:lqd"}, [6, 9, 10, 4, 7, 8]),
        ({"set": "member:lqd", "from_": "2026-03-02"}, [7, 8]),
        ({"until": "2026-03-01"}, [1, 2, 3, 5, 6, 9, 10, 4]),
        ({"until": "2026-03-01T08:00:00Z"}, [1, 2, 3, 5, 6, 9, 10]),
        ({"from_": "2026-03-01T08:00:01Z", "until": "2026-03-01T09:00:00Z"}, [4]),
        ({"from_": "2026-03-02"}, [7, 8]),
        ({"from_": "0001-01-01", "until": "9999-12-31"}, [1, 2, 3, 5, 6, 9, 10, 4, 7, 8]),
    ],
)
def test_windows_and_sets(full: FlaskClient, window: dict[str, str], expected: list[int]) -> None:
    for verb in ("ListRecords", "ListIdentifiers"):
        pages = walk(full, verb=verb, metadataPrefix="marc21", **window)
        assert [number for page in pages for number in page.ids] == expected


def test_who_left_a_set_is_a_deleted_header_in_it_and_lives_elsewhere(full: FlaskClient) -> None:
    headers = [
        one
        for page in walk(full, verb="ListRecords", metadataPrefix="marc21", set="member:tvt")
        for one in page.headers_told
    ]
    assert headers[-1] == (OAI_ID + "4", "2026-03-01T09:00:00Z", True, ("member:tvt",))
    headers = [one for page in walk(full, verb="ListRecords", metadataPrefix="marc21") for one in page.headers_told]
    assert (OAI_ID + "4", "2026-03-01T09:00:00Z", False, ("kind:public", "member:lqd", "type:book")) in headers


@pytest.mark.parametrize(
    "window",
    [
        {"from_": "2031-01-01"},
        {"until": "2026-02-28"},
        {"until": "1900-01-01T00:00:00Z"},
        {"set": "member:none"},
        {"set": "member"},
        {"set": "x:y:z"},
    ],
)
def test_an_empty_window_or_an_unknown_set_is_no_records_match(full: FlaskClient, window: dict[str, str]) -> None:
    assert ask(full, verb="ListRecords", metadataPrefix="marc21", **window).errors == ["noRecordsMatch"]


def test_an_unknown_format_cannot_be_disseminated(full: FlaskClient) -> None:
    assert ask(full, verb="ListIdentifiers", metadataPrefix="json").errors == ["cannotDisseminateFormat"]


def test_the_second_that_is_not_over_is_not_shown(shelf: Shelf, door: FlaskClient) -> None:
    shelf.clock.step(0.5)
    shelf.put({1: ("member:tvt",)})
    told = ask(door, verb="ListRecords", metadataPrefix="marc21")
    assert (told.errors, told.date) == (["noRecordsMatch"], "2026-03-01T08:00:00Z")
    shelf.clock.step(0.5)
    assert ask(door, verb="ListRecords", metadataPrefix="marc21", from_=told.date).ids == [1]


def test_nothing_matched_is_true_only_for_the_moment_that_was_looked_at(shelf: Shelf) -> None:
    catalogue = shelf.catalogue
    looked = catalogue.changes

    def then_something_changes(*arguments, **named):
        found = looked(*arguments, **named)
        shelf.put({1: ("member:tvt",)})
        shelf.clock.step(10)
        return found

    catalogue.changes = then_something_changes
    shelf.clock.step(5)
    door = open_door(shelf, catalogue)
    told = ask(door, verb="ListRecords", metadataPrefix="marc21")
    assert (told.errors, told.date) == (["noRecordsMatch"], "2026-03-01T08:00:05Z")
    assert ask(door, verb="ListRecords", metadataPrefix="marc21", from_=told.date).ids == [1]


def test_origins_stand_with_the_records_that_came_by_oai_pmh(shelf: Shelf, full: FlaskClient) -> None:
    shelf.receive(1, "oai:lib.example:a/1")
    shelf.receive(2, "f2", kind="files")
    told = ask(full, verb="ListRecords", metadataPrefix="marc21")
    assert told.text("//*[local-name()='originDescription']/*[local-name()='identifier']/text()") == [
        "oai:lib.example:a/1"
    ]
    told = ask(full, verb="GetRecord", metadataPrefix="oai_dc", identifier=OAI_ID + "1")
    assert told.text("//*[local-name()='originDescription']/*[local-name()='baseURL']/text()") == [
        "https://lib.example/oai"
    ]
    assert not ask(full, verb="GetRecord", metadataPrefix="oai_dc", identifier=OAI_ID + "2").text("//o:about")


def test_what_changes_while_a_list_is_read_comes_with_the_next_from(shelf: Shelf, full: FlaskClient) -> None:
    first = ask(full, verb="ListRecords", metadataPrefix="marc21")
    shelf.put({2: ("member:tvt",), 10: ("member:tvt",)}, version=5)
    shelf.bury({9: None})
    shelf.clock.step(5)
    pages = [first]
    while pages[-1].token:
        pages.append(ask(full, verb="ListRecords", resumptionToken=pages[-1].token))
    assert [number for page in pages for number in page.ids] == [1, 2, 3, 5, 6, 4, 7, 8]
    assert {page.date for page in pages} == {first.date}
    following = ask(full, verb="ListRecords", metadataPrefix="marc21", from_=first.date)
    assert following.ids == [2, 9, 10]


def test_when_all_that_was_left_changed_the_last_record_is_said_again(shelf: Shelf, full: FlaskClient) -> None:
    first = ask(full, verb="ListRecords", metadataPrefix="mods")
    shelf.put(dict.fromkeys(range(4, 11), ("member:tvt",)), version=5)
    shelf.clock.step(5)
    last = ask(full, verb="ListRecords", resumptionToken=first.token or "")
    assert (last.ids, last.token, last.errors) == ([3], "", [])
    assert "895.922 3" in last.text("//*[local-name()='shelfLocator']/text()")


def test_a_page_ends_early_when_it_grows_too_long(full: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "PAGE_BYTES", 10)
    pages = walk(full, verb="ListRecords", metadataPrefix="marc21")
    assert [page.ids for page in pages] == [[1], [2], [3], [5], [6], [9], [10], [4], [7, 8]]


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_the_same_token_gives_the_same_page(full: FlaskClient) -> None:
    first = ask(full, verb="ListRecords", metadataPrefix="marc21")
    again = [ask(full, verb="ListRecords", resumptionToken=first.token or "") for _ in range(2)]
    assert again[0].content == again[1].content


def test_tokens_that_are_not_ours_are_bad_tokens(full: FlaskClient, shelf: Shelf, tmp_path) -> None:
    token = ask(full, verb="ListRecords", metadataPrefix="marc21").token or ""
    other = replace(shelf, settings=replace(shelf.settings, home=tmp_path / "elsewhere"))
    foreign = ask(open_door(other), verb="ListRecords", metadataPrefix="marc21").token or ""
    for wrong in ("", "x", token[:-4] + "AAAA", token[1:], foreign, "a\0b", "é" * 50, "a" * 10_000):
        for verb in ("ListRecords", "ListIdentifiers"):
            assert ask(full, verb=verb, resumptionToken=wrong).errors == ["badResumptionToken"], wrong[:20]
    assert ask(full, verb="ListIdentifiers", resumptionToken=token).errors == ["badResumptionToken"]
    shelf.clock.step(8 * 24 * 3600)
    assert ask(full, verb="ListRecords", resumptionToken=token).errors == ["badResumptionToken"]


def test_a_token_stands_alone(full: FlaskClient) -> None:
    token = ask(full, verb="ListRecords", metadataPrefix="marc21").token or ""
    told = ask(full, verb="ListRecords", metadataPrefix="marc21", resumptionToken=token)
    assert told.errors == ["badArgument"]
    assert told.echo == {}


# --- what cannot be written -------------------------------------------------------------------------------------------


def test_a_record_that_cannot_be_written_costs_no_page_and_is_reported(
    full: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def spread(record) -> formats.Pieces:
        if record.id == 2:
            raise CrosswalkError("title-missing", "no title")
        if record.id == 5:
            raise ZeroDivisionError
        return b"", b'<dc xmlns="x"/>'

    rows = tuple(replace(form, spread=spread) if form.prefix == "oai_dc" else form for form in formats.FORMATS)
    monkeypatch.setattr(formats, "FORMATS", rows)
    monkeypatch.setattr(answer, "FORMATS", rows)
    with caplog.at_level(logging.ERROR):
        pages = walk(full, verb="ListRecords", metadataPrefix="oai_dc")
    assert [number for page in pages for number in page.ids] == [1, 2, 3, 5, 6, 9, 10, 4, 7, 8]
    dead = [int(one[0].rpartition(":")[2]) for page in pages for one in page.headers_told if one[2]]
    assert dead == [2, 5, 7, 8]
    assert f"{OAI_ID}2 cannot be written as oai_dc" in caplog.text
    assert ask(full, verb="GetRecord", identifier=OAI_ID + "2", metadataPrefix="oai_dc").errors == [
        "cannotDisseminateFormat"
    ]
    assert ask(full, verb="GetRecord", identifier=OAI_ID + "2", metadataPrefix="marc21").errors == []
    told = ask(full, verb="ListMetadataFormats", identifier=OAI_ID + "2").text("//o:metadataPrefix/text()")
    assert set(told) == {"marc21", "mods"}


def test_damaged_bytes_cost_no_page(full: FlaskClient, shelf: Shelf) -> None:
    with shelf.database.write() as session:
        session.execute(update(Union).where(Union.id == 2).values(marcxml=b"\x01broken"))
    (first, *_) = walk(full, verb="ListRecords", metadataPrefix="marc21")
    assert [header[2] for header in first.headers_told] == [False, True, False]


# --- HTTP -------------------------------------------------------------------------------------------------------------


def test_post_is_as_good_as_get(full: FlaskClient) -> None:
    by_get = ask(full, verb="ListRecords", metadataPrefix="marc21", set="member:tvt")
    by_post = ask(full, post=True, verb="ListRecords", metadataPrefix="marc21", set="member:tvt")
    assert by_get.content == by_post.content
    response = full.post(
        "/oai?verb=ListRecords",
        data="metadataPrefix=marc21",
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )
    assert b"<ListRecords>" in response.data
    response = full.post("/oai", json={"verb": "Identify"})
    assert (response.status_code, b'code="badVerb"' in response.data) == (200, True)


def test_a_slash_too_many_and_head_are_forgiven(full: FlaskClient) -> None:
    assert b"<Identify>" in full.get("/oai/?verb=Identify").data
    assert full.head("/oai?verb=Identify").status_code == 200
    assert full.delete("/oai?verb=Identify").status_code == 405


def test_a_huge_body_is_refused_unread(full: FlaskClient) -> None:
    assert ask(full, "verb=Identify&x=" + "a" * 900_000, post=True).errors == ["badArgument"]


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("*;q=0.1", True),
        ("gzip;q=0, *", False),
        ("deflate, br", False),
        ("identity", False),
        ("gzip;q=nonsense", False),
    ],
)
def test_gzip_only_for_those_who_accept_it(full: FlaskClient, accepted: str | None, zipped: bool) -> None:
    address = "/oai?verb=ListRecords&metadataPrefix=marc21"
    response = full.get(address, headers={} if accepted is None else {"Accept-Encoding": accepted})
    assert (response.headers.get("Content-Encoding") == "gzip") == zipped
    content = gzip.decompress(response.data) if zipped else response.data
    assert content.startswith(b"<?xml")
    assert response.headers["Vary"] == "Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.data)


def test_robots_are_told_to_stay_away_and_people_get_a_sheet(full: FlaskClient) -> None:
    told = ask(full, verb="Identify")
    assert told.headers["X-Robots-Tag"] == "noindex"
    assert b'href="/oai/style.xsl"' in told.content
    sheet = full.get("/oai/style.xsl")
    assert sheet.content_type == "text/xsl; charset=UTF-8"
    transform = etree.XSLT(etree.fromstring(sheet.data))
    for arguments in ({"verb": "Identify"}, {"verb": "ListSets"}, {"verb": "ListMetadataFormats"}, {"verb": "x"}):
        page = str(transform(ask(full, **arguments).root))
        assert "Thời điểm trả lời" in page
    page = str(transform(ask(full, verb="ListRecords", metadataPrefix="oai_dc").root))
    assert "Sông núi &lt;nước&gt; &amp; Nam 1" in page
    assert "Tiếp theo / Next" in page


def test_under_a_prefix_the_sheet_is_under_it_too(shelf: Shelf) -> None:
    shelf.settings = replace(shelf.settings, public_url="https://lib.example/lt")
    told = ask(open_door(shelf), verb="Identify")
    assert b'href="/lt/oai/style.xsl"' in told.content
    assert told.text("//o:baseURL/text()") == ["https://lib.example/lt/oai"]


def test_under_overload_lists_are_asked_to_come_back_and_the_rest_is_answered(
    full: FlaskClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0.05)
    inside, release = Barrier(views.LISTS_AT_ONCE + 1), Event()
    catalogue = shelf.catalogue
    listed = catalogue.changes

    def slow(*arguments, **named):
        inside.wait(20)
        release.wait(20)
        return listed(*arguments, **named)

    catalogue.changes = slow
    app = full.application.__class__("busy")
    app.register_blueprint(views.blueprint(catalogue, shelf.settings))
    address = "/oai?verb=ListRecords&metadataPrefix=marc21"
    statuses: list[int] = []
    readers = [
        Thread(target=lambda: statuses.append(app.test_client().get(address).status_code))
        for _ in range(views.LISTS_AT_ONCE)
    ]
    for reader in readers:
        reader.start()
    inside.wait(20)
    refused = app.test_client().get(address)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(views.COME_BACK_SECONDS))
    assert ask(app.test_client(), verb="Identify").errors == []
    release.set()
    for reader in readers:
        reader.join()
    assert statuses == [200] * views.LISTS_AT_ONCE
    assert walk(full, verb="ListRecords", metadataPrefix="marc21")


def test_without_a_database_harvesters_are_asked_to_come_back(shelf: Shelf, tmp_path) -> None:
    from federation.store import Database

    shelf.database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    response = open_door(shelf).get("/oai?verb=Identify")
    assert response.status_code == 503
    assert "Retry-After" in response.headers


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify%00",
        "verb=%ff",
        "verb=" + "A" * 9000,
        "&".join(f"a{n}=1" for n in range(3000)),
        "verb=GetRecord&identifier=%00&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=oai_dc&set=%F0%9F%92%A9",
        "verb=ListRecords&metadataPrefix=oai_dc&set='%20OR%201=1",
        "verb=ListRecords&resumptionToken=%00",
        f"verb=ListRecords&resumptionToken={quote('é' * 99)}",
        "verb=GetRecord&identifier=" + quote("]]><!--&\"'") + "&metadataPrefix=oai_dc",
        "verb[]=Identify",
        "?verb=Identify",
        "verb=Identify;verb=Identify",
    ],
)
def test_hostile_arguments_are_answered_in_the_protocol(full: FlaskClient, query: str) -> None:
    assert ask(full, query).errors
