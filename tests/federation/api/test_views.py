"""The API as HTTP: refusals of every kind are problems, any page may read them, and the document says what there is."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from federation import config
from federation.api.parameters import OPERATIONS
from federation.api.problems import PROBLEMS
from federation.app import create_app
from tests.federation.api.test_records import said
from tests.support.catalogues import Shelf
from tests.support.web import application

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v2/records", "/api/v1/records/1/2", "/api/v1/nothing"])
def test_addresses_that_lead_nowhere_are_problems(api: FlaskClient, path: str) -> None:
    response = api.get(path)
    assert (response.status_code, response.mimetype) == (404, PROBLEM)
    problem = response.get_json(force=True)
    assert path.removeprefix("/api/v1/records/") in problem["detail"]
    assert "/api/v1" in problem["detail"] or problem["code"] == "record-unknown"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/records", "/api/v1/records/1", "/api/openapi.json", "/api/"])
def test_the_api_is_only_read(api: FlaskClient, method: str, path: str) -> None:
    response = api.open(path, method=method)
    assert (response.status_code, response.mimetype) == (405, PROBLEM)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    problem = response.get_json(force=True)
    assert problem["code"] == "method-unknown"
    assert method in problem["detail"]


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=To%E1n", "f.member=%C3", "%ff=1"])
@pytest.mark.parametrize("part", ["records", "changes", "libraries", "holdings"])
def test_letters_in_another_encoding_are_refused_and_not_searched_for(api: FlaskClient, part: str, query: str) -> None:
    response = api.get(f"/api/v1/{part}?{query}")
    assert (response.status_code, response.mimetype) == (400, PROBLEM)
    assert "UTF-8" in response.get_json(force=True)["detail"]


def test_scripts_of_any_page_may_read_answers_and_refusals(api: FlaskClient) -> None:
    for path in ("/api/v1/records", "/api/v1/records/99", "/api/nothing", "/api/v1/records?limit=x"):
        assert api.get(path).headers["Access-Control-Allow-Origin"] == "*"
    before = api.options("/api/v1/records", headers={"Access-Control-Request-Method": "GET"})
    assert (before.status_code, before.data) == (204, b"")
    assert "Content-Type" not in before.headers
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in api.get("/search?q=a").headers


def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_the_inside(
    api: FlaskClient, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    app = application(shelf)
    monkeypatch.setattr(shelf.engine, "search", broken)
    response = app.test_client().get("/api/v1/records?q=a")
    assert (response.status_code, response.mimetype) == (500, PROBLEM)
    assert "secret" not in response.text
    assert "secret" in caplog.text


def test_before_init_the_api_asks_to_come_back(tmp_path: Path) -> None:
    client = create_app(config.read({"LIENTHONG_HOME": str(tmp_path / "nowhere")})).test_client()
    for operation in OPERATIONS[1:]:
        path = operation.path.replace("{id}", "1").replace("{code}", "a")
        response = client.get(f"/api/v1{path}", query_string={"id": "1"} if path == "/holdings" else None)
        assert (response.status_code, response.headers["Retry-After"], response.mimetype) == (503, "30", PROBLEM), path
    assert client.get("/api/openapi.json").status_code == 200


def test_the_beginning_names_every_part(api: FlaskClient) -> None:
    found = said(api, "")
    assert set(found["addresses"]) == {operation.name for operation in OPERATIONS if operation.path}
    assert api.get("/api/v1/").status_code == 200
    assert found["document"].endswith("/api/openapi.json")


def test_the_document_names_every_address_shape_and_problem(api: FlaskClient) -> None:
    document = api.get("/api/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    paths = {f"/api/v1{operation.path}" for operation in OPERATIONS}
    assert set(document["paths"]) == paths
    text = api.get("/api/openapi.json").text
    assert not [name for name in text.split('"$ref":"#/components/schemas/')[1:] if name.split('"')[0] not in text]


def test_the_page_shows_every_address_and_problem_and_fetches_nothing_from_elsewhere(api: FlaskClient) -> None:
    page = api.get("/api/").text
    assert not [operation.name for operation in OPERATIONS if f'id="{operation.name}"' not in page]
    assert not [code for code in PROBLEMS if f'id="{code}"' not in page]
    assert page.count("<script") == page.count('src="/static/suggest.js') == 1
    assert 'src="http' not in page


def test_answers_are_compressed_for_who_accepts_it(api: FlaskClient) -> None:
    response = api.get("/api/v1/records", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["ETag"].startswith("W/")
