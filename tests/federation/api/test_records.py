"""Searching by the API, and single records."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from federation.api import cursors
from federation.api.parameters import COUNTED
from federation.seal import key
from tests.support.catalogues import Shelf
from tests.support.records import isbn
from tests.support.web import application, put


def said(client: FlaskClient, path: str, status: int = 200, **parameters: Any) -> dict[str, Any]:
    response = client.get(f"/api/v1/{path}", query_string=parameters)
    assert response.status_code == status, response.text
    assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")
    found: dict[str, Any] = response.get_json(force=True)
    return found


def test_a_search_gives_total_hits_facets_and_where_to_go_on(api: FlaskClient) -> None:
    found = said(api, "records", q="song nui", limit=2)
    assert found["total"] == 12
    assert found["hits"][0] == {
        "id": 1,
        "oai": "oai:lienthong.example:1",
        "address": "http://127.0.0.1:8080/record/1",
        "datestamp": "2026-03-01T08:00:00Z",
        "title": "Sông núi <nước> & Nam 1",
        "author": "Nguyễn Văn An",
        "year": 2019,
        "publisher": "Kim Đồng",
        "edition": "",
        "material": "book",
        "languages": ["vie"],
        "isbns": [isbn(1)],
        "members": ["tvt"],
    }
    assert found["facets"]["member"] == [
        {"value": "lqd", "count": 7, "label": "Thư viện lqd"},
        {"value": "tvt", "count": 5, "label": "Thư viện tvt"},
    ]
    assert found["facets"]["material"][0] == {"value": "book", "count": 12, "label": "Sách"}
    assert isinstance(found["next"], str)


def test_the_cursor_alone_leads_through_the_whole_result_once(api: FlaskClient) -> None:
    page = said(api, "records", **{"q": "sông", "f.member": "lqd", "sort": "title", "limit": 3})
    seen = [hit["id"] for hit in page["hits"]]
    while page["next"]:
        page = said(api, "records", cursor=page["next"], limit=3)
        assert page["facets"] == {}
        assert page["total"] == 7
        seen += [hit["id"] for hit in page["hits"]]
    assert sorted(seen) == list(range(6, 13))


def test_a_cursor_goes_on_after_the_catalogue_was_started_again(api: FlaskClient, shelf: Shelf) -> None:
    whole = [hit["id"] for hit in said(api, "records", limit=12)["hits"]]
    first = said(api, "records", limit=5)
    later = application(shelf).test_client()
    gone_on = said(later, "records", cursor=first["next"], limit=12)
    assert [hit["id"] for hit in (*first["hits"], *gone_on["hits"])] == whole
    assert gone_on["next"] is None


def test_the_same_search_may_stand_beside_its_cursor_and_another_one_may_not(api: FlaskClient) -> None:
    cursor = said(api, "records", q="sông", limit=5)["next"]
    assert [hit["id"] for hit in said(api, "records", q="sông", limit=5, cursor=cursor)["hits"]] == [6, 7, 8, 9, 10]
    assert said(api, "records", 422, q="núi", cursor=cursor)["code"] == "cursor-invalid"


def test_the_next_page_is_named_in_a_header_too(api: FlaskClient) -> None:
    link = api.get("/api/v1/records?limit=10").headers["Link"]
    assert link.startswith("</api/v1/records?cursor=")
    following = api.get(link[1 : link.index(">")])
    assert [hit["id"] for hit in following.get_json()["hits"]] == [11, 12]
    assert "Link" not in following.headers


def test_a_result_that_grows_and_shrinks_meanwhile_is_gone_on_with_behind_the_last_record(
    api: FlaskClient, shelf: Shelf
) -> None:
    first = said(api, "records", limit=6)
    shelf.engine.publish([], [2, 3])  # type: ignore[attr-defined]
    then = said(api, "records", cursor=first["next"], limit=6)
    assert [hit["id"] for hit in then["hits"]] == [7, 8, 9, 10, 11, 12]


def test_filters_of_one_facet_add_up_and_of_two_narrow_down(api: FlaskClient) -> None:
    assert said(api, "records", **{"f.member": ["tvt", "lqd"]})["total"] == 12
    assert said(api, "records", **{"f.member": ["tvt"], "f.material": "book"})["total"] == 5
    assert said(api, "records", **{"f.member": ["tvt"], "f.material": "map"})["total"] == 0


def test_cql_is_understood_and_narrows_a_plain_query(api: FlaskClient) -> None:
    assert said(api, "records", cql=f"bath.isbn={isbn(3)}")["hits"][0]["id"] == 3
    assert said(api, "records", cql=f"bath.isbn={isbn(3)}", q="nothing")["total"] == 0
    ordered = said(api, "records", cql="dc.title=song sortBy dc.title/sort.descending", limit=1)
    assert ordered["hits"][0]["id"] == 12


def test_only_the_facets_asked_for_are_counted(api: FlaskClient) -> None:
    assert set(said(api, "records")["facets"]) == set(COUNTED)
    assert list(said(api, "records", facet=["decade", "member"])["facets"]) == ["decade", "member"]
    assert said(api, "records", facet="none")["facets"] == {}
    assert said(api, "records", 400, facet="colour")["parameter"] == "facet"


def test_labels_speak_english_when_asked_to(api: FlaskClient) -> None:
    assert said(api, "records", lang="en")["facets"]["language"][0]["label"] == "Vietnamese"


def test_nothing_but_counts_is_given_for_a_limit_of_nought(api: FlaskClient) -> None:
    found = said(api, "records", limit=0)
    assert (found["total"], found["hits"], found["next"]) == (12, [], None)


@pytest.mark.parametrize(
    ("parameters", "status", "code", "name"),
    [
        ({"cql": "((("}, 422, "query-invalid", "cql"),
        ({"limit": "101"}, 400, "parameter-invalid", "limit"),
        ({"limit": "-1"}, 400, "parameter-invalid", "limit"),
        ({"limit": "ten"}, 400, "parameter-invalid", "limit"),
        ({"limit": ["1", "2"]}, 400, "parameter-invalid", "limit"),
        ({"sort": "random"}, 400, "parameter-invalid", "sort"),
        ({"q": "a" * 501}, 400, "parameter-invalid", "q"),
        ({"f.member": ["x"] * 21}, 400, "parameter-invalid", "f.member"),
        ({"f.colour": "red"}, 400, "parameter-unknown", "f.colour"),
        ({"cursor": "nonsense"}, 422, "cursor-invalid", "cursor"),
        ({"cursor": "ü"}, 422, "cursor-invalid", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(
    api: FlaskClient, parameters: dict[str, Any], status: int, code: str, name: str
) -> None:
    problem = said(api, "records", status, **parameters)
    assert (problem["code"], problem["parameter"], problem["status"]) == (code, name, status)
    assert problem["type"] == f"http://127.0.0.1:8080/api/#{code}"
    assert problem["detail"]


def test_a_cursor_that_was_altered_or_belongs_elsewhere_is_refused(api: FlaskClient, shelf: Shelf) -> None:
    cursor = said(api, "records", limit=5)["next"]
    altered = ("B" if cursor[40] == "A" else "A").join((cursor[:40], cursor[41:]))
    assert said(api, "records", 422, cursor=altered)["code"] == "cursor-invalid"
    assert said(api, "changes", 422, cursor=cursor)["code"] == "cursor-invalid"
    assert said(api, "records", 422, cursor=said(api, "changes")["next"])["code"] == "cursor-invalid"
    foreign = cursors.write(cursors.Watermark("", None), b"another key")
    assert said(api, "changes", 422, cursor=foreign)["code"] == "cursor-invalid"


def test_a_result_is_walked_through_to_its_limit_and_no_further(api: FlaskClient, shelf: Shelf) -> None:
    deep = cursors.Place(cursors.Search(), 9_990, 12)
    problem = said(api, "records", 422, cursor=cursors.write(deep, key(shelf.settings.home)), limit=20)
    assert problem["code"] == "search-too-deep"


def test_very_long_requests_are_refused_before_they_are_read(api: FlaskClient) -> None:
    values = ["ộ" * 300] * 3
    assert said(api, "records", 414, **{"f.subject": values})["code"] == "address-too-long"


def test_a_record_is_given_whole_by_any_of_its_names(api: FlaskClient, shelf: Shelf) -> None:
    shelf.receive(1, "oai:tvt:0001")
    found = said(api, "records/1")
    assert found["record"]["title"]["main"] == "Sông núi <nước> & Nam 1"
    assert found["record"]["agents"] == [
        {"name": "Nguyễn Văn An", "kind": "person", "role": "", "dates": "", "main": True}
    ]
    assert found["members"] == [{"member": "tvt", "local_id": "oai:tvt:0001"}]
    assert found["holdings"][0]["call_number"] == "895.922 1"
    assert found["sets"] == ["member:tvt", "type:book"]
    assert {"format": "marc", "type": "application/marc", "address": "http://127.0.0.1:8080/record/1.mrc"} in found[
        "formats"
    ]
    for name in ("oai:lienthong.example:1", "tvt:oai:tvt:0001", "tvt%3Aoai%3Atvt%3A0001"):
        assert said(api, f"records/{name}")["id"] == 1


def test_a_merged_record_leads_to_its_successor_and_a_deleted_one_is_gone(api: FlaskClient, shelf: Shelf) -> None:
    shelf.bury({4: 5, 3: 4, 7: None})
    moved = api.get("/api/v1/records/3")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/api/v1/records/5")
    assert moved.get_json(force=True)["successor"] == 5
    assert moved.get_json(force=True)["address"] == "http://127.0.0.1:8080/record/5"
    assert said(api, "records/7", 410)["code"] == "record-gone"
    assert said(api, "records/99", 404)["code"] == "record-unknown"
    assert said(api, "records/a%00:b", 404)["code"] == "record-unknown"


def test_who_has_an_answer_already_is_told_so_until_it_changes(api: FlaskClient, shelf: Shelf) -> None:
    first = api.get("/api/v1/records/1")
    again = {"If-None-Match": first.headers["ETag"]}
    assert api.get("/api/v1/records/1", headers=again).status_code == 304
    assert api.get("/api/v1/records/1", headers=again).data == b""
    shelf.clock.step(60)
    put(shelf, [1], version=2)
    assert api.get("/api/v1/records/1", headers=again).status_code == 200
