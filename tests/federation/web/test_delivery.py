import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from federation.app import assemble
from tests.federation.web.fakes import FakeCatalogue, settings


def test_pages_are_not_guessed_at_and_tell_nobody_else_what_was_read(client: FlaskClient) -> None:
    for path in ("/", "/search?q=a", "/record/1", "/nowhere", "/search?page=x"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_exports_too_are_not_to_be_guessed_at(client: FlaskClient) -> None:
    assert client.get("/record/1.json").headers["X-Content-Type-Options"] == "nosniff"


def test_text_is_compressed_for_those_who_accept_it(client: FlaskClient) -> None:
    plain = client.get("/search?q=a")
    packed = client.get("/search?q=a", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_who_refuses_gzip_does_not_get_it(client: FlaskClient) -> None:
    for accepted in ("gzip;q=0", "identity", "*;q=0"):
        assert "Content-Encoding" not in client.get("/search?q=a", headers={"Accept-Encoding": accepted}).headers


def test_small_and_binary_answers_stay_as_they_are(client: FlaskClient) -> None:
    for path in ("/healthz", "/record/1.mrc"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    ("file", "kind"), [("lienthong.css", "text/css"), ("suggest.js", "text/javascript")], ids=["sheet", "script"]
)
def test_what_pages_load_is_kept_for_a_year_under_an_address_that_changes_with_it(
    client: FlaskClient, file: str, kind: str
) -> None:
    assert f"/static/{file}?v=" in client.get("/").text
    response = client.get(f"/static/{file}")
    assert response.mimetype == kind
    assert "max-age=31536000" in response.headers["Cache-Control"]
    packed = client.get(f"/static/{file}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == response.data
    tag = packed.headers["ETag"]
    assert tag.startswith("W/")  # the same for both ways of sending it
    assert client.get(f"/static/{file}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/", "/search?q=a", "/search/advanced", "/search/facet?q=&facet=creator", "/basket?ids=1.2", "/api/"]
)
def test_a_page_goes_only_to_those_who_do_not_have_it(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(path).headers["ETag"] == tag
    client.set_cookie("lang", "en")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_what_went_wrong_is_never_kept_as_if_it_were_a_page(client: FlaskClient) -> None:
    for path in ("/nowhere", "/search?page=x", "/record/9"):
        assert "ETag" not in client.get(path).headers


def test_the_script_is_small(client: FlaskClient) -> None:
    assert len(gzip.compress(client.get("/static/suggest.js").data)) < 2_000


def test_the_answer_to_head_is_that_to_get_without_its_body(client: FlaskClient) -> None:
    response = client.head("/record/1", headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.data) == (200, b"")


def test_browsers_are_told_to_stay_with_https_only_when_that_is_wanted_and_only_by_https(
    catalogue: FakeCatalogue, tmp_path: Path
) -> None:
    header = "Strict-Transport-Security"
    wanting = replace(settings(tmp_path), hsts_days="365")
    client = assemble(catalogue, catalogue, wanting).test_client()  # type: ignore[arg-type]
    assert client.get("/", base_url="https://thuvien.example").headers[header] == "max-age=31536000"
    assert header not in client.get("/").headers
    usual = assemble(catalogue, catalogue, settings(tmp_path)).test_client()  # type: ignore[arg-type]
    assert header not in usual.get("/", base_url="https://thuvien.example").headers
