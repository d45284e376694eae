"""Changes by the API: who goes on from the last cursor misses none, whatever is written meanwhile."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.federation.api.test_records import said
from tests.support.catalogues import Shelf
from tests.support.web import put


def test_changes_come_in_the_order_they_were_made_and_a_cursor_goes_on(api: FlaskClient) -> None:
    first = said(api, "changes", limit=7)
    assert [change["id"] for change in first["changes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert first["more"]
    then = said(api, "changes", cursor=first["next"], limit=7)
    assert [change["id"] for change in then["changes"]] == [8, 9, 10, 11, 12]
    assert not then["more"]
    assert said(api, "changes", cursor=then["next"])["changes"] == []


def test_a_cursor_kept_for_later_brings_what_came_since_then(api: FlaskClient, shelf: Shelf) -> None:
    end = said(api, "changes")
    put(shelf, [3], version=1)
    shelf.bury({4: 5, 6: None})
    shelf.clock.step(2)
    came = said(api, "changes", cursor=end["next"])["changes"]
    assert [(each["id"], each["deleted"], each["successor"]) for each in came] == [
        (3, False, None),
        (4, True, 5),
        (6, True, None),
    ]


def test_times_meet_without_a_gap(api: FlaskClient, shelf: Shelf) -> None:
    until = said(api, "changes")["until"]
    assert said(api, "changes", since=until)["changes"] == []
    put(shelf, [3], version=1)
    shelf.clock.step(2)
    assert [each["id"] for each in said(api, "changes", since=until)["changes"]] == [3]
    assert len(said(api, "changes", since="2026-03-01")["changes"]) == 12
    assert len(said(api, "changes", since="2026-03-01T16:00:59+08:00")["changes"]) == 1


def test_what_is_being_written_is_not_shown_before_it_is_complete(api: FlaskClient, shelf: Shelf) -> None:
    end = said(api, "changes")["next"]
    promised = shelf.promise()
    shelf.clock.step(30)
    waiting = said(api, "changes", cursor=end)
    assert (waiting["changes"], waiting["until"]) == ([], "2026-03-01T08:01:00Z")
    shelf.put({3: ("member:tvt",)}, version=1, promised=promised)
    shelf.clock.step(2)
    assert [each["id"] for each in said(api, "changes", cursor=waiting["next"])["changes"]] == [3]


def test_in_a_set_what_left_it_is_told_as_deleted(api: FlaskClient, shelf: Shelf) -> None:
    end = said(api, "changes", set="member:tvt")
    assert [each["id"] for each in end["changes"]] == [1, 2, 3, 4, 5]
    shelf.put({2: ("member:lqd",)}, version=1)
    shelf.clock.step(2)
    left = said(api, "changes", cursor=end["next"])["changes"]
    assert [(each["id"], each["deleted"], each["successor"], each["sets"]) for each in left] == [
        (2, True, None, ["member:tvt"])
    ]
    assert said(api, "changes", 422, set="member:nobody")["code"] == "set-unknown"
    assert said(api, "changes", 422, set="type:book", cursor=end["next"])["code"] == "cursor-invalid"


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "2026-03-01T08:00:00", "0001-01-01T00:00:00+14:00", ""])
def test_a_time_that_is_none_is_refused(api: FlaskClient, since: str) -> None:
    assert said(api, "changes", 400, since=since)["parameter"] == "since"


def test_a_zone_whose_sign_became_a_space_is_told_how_to_be_written(api: FlaskClient) -> None:
    refused = api.get("/api/v1/changes?since=2026-03-01T08:00:00+07:00")
    assert refused.status_code == 400
    assert "%2B" in refused.get_json(force=True)["detail"]
    assert api.get("/api/v1/changes?since=2026-03-01T08:00:00%2B07:00").status_code == 200


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(1, 15), min_size=1, max_size=4, unique=True)),
        st.tuples(st.just("wait"), st.integers(0, 3)),
        st.tuples(st.just("read"), st.integers(1, 4)),
    ),
    max_size=15,
)


@given(steps=steps)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_copy_kept_by_cursor_is_the_catalogue(api: FlaskClient, shelf: Shelf, steps: list) -> None:
    copy: dict[int, str] = {}
    page = said(api, "changes", limit=3)
    copy |= {each["id"]: each["datestamp"] for each in page["changes"]}
    for version, (what, value) in enumerate(steps):
        if what == "put":
            put(shelf, value, version=1000 * version + int(shelf.clock.moment.timestamp()))
        elif what == "wait":
            shelf.clock.step(value)
        else:
            page = said(api, "changes", cursor=page["next"], limit=value)
            copy |= {each["id"]: each["datestamp"] for each in page["changes"]}
    shelf.clock.step(2)
    while True:
        page = said(api, "changes", cursor=page["next"])
        copy |= {each["id"]: each["datestamp"] for each in page["changes"]}
        if not page["more"]:
            break
    assert copy == {each["id"]: each["datestamp"] for each in said(api, "changes", limit=1000)["changes"]}
