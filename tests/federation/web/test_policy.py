"""Which script a page may run: ours, told by a nonce that is made of the page."""

import gzip
import re
import time
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from federation import seal
from federation.web import policy
from tests.federation.web.fakes import RICH, FakeCatalogue, application, record
from tests.federation.web.test_markup import PAGES

TEMPLATE = '<!doctype html><title>t</title>{{ said|safe }}<script nonce="{{ nonce }}" src="/ours.js"></script>'
WHOLE = "/record/1"


def rules(client: FlaskClient, path: str, **headers: str) -> dict[str, str]:
    told = client.get(path, headers=headers).headers["Content-Security-Policy"]
    return dict(rule.strip().split(" ", 1) for rule in told.split(";"))


def nonce(client: FlaskClient, path: str) -> str:
    (found,) = re.findall(r'<script nonce="([\w-]{22})" src="/', client.get(path).text)
    return str(found)


def echo(home: Path) -> FlaskClient:
    """An application that puts into its page whatever it is told."""
    app = Flask(__name__)
    app.add_url_rule("/<path:said>", "echo", lambda said: render_template_string(TEMPLATE, said=said))
    policy.start(app, home)
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_run_the_script_with_its_nonce_and_load_our_own_sheet_and_icon(
    client: FlaskClient, path: str
) -> None:
    own = dict.fromkeys(("style-src", "img-src", "connect-src", "form-action"), "'self'")
    none = dict.fromkeys(("default-src", "object-src", "base-uri", "frame-ancestors", "trusted-types"), "'none'")
    script = {"script-src": f"'nonce-{nonce(client, path)}'", "require-trusted-types-for": "'script'"}
    assert rules(client, path) == {**own, **none, **script}


def test_a_page_without_a_script_may_run_none(client: FlaskClient) -> None:
    moved = client.get("/record/8")
    assert (moved.status_code, moved.mimetype) == (301, "text/html")
    assert "script-src" not in moved.headers["Content-Security-Policy"]
    assert "default-src 'none'" in moved.headers["Content-Security-Policy"]


def test_a_page_of_our_own_faults_is_held_to_it_too(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    catalogue.fetch = None  # type: ignore[assignment, method-assign]
    client = application(catalogue, tmp_path).test_client()
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get(WHOLE).status_code == 500
    assert f"'nonce-{nonce(client, WHOLE)}'" == rules(client, WHOLE)["script-src"]


def test_the_same_page_has_the_same_nonce_in_every_process_of_a_home(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    one, other = (application(catalogue, tmp_path).test_client() for _ in range(2))
    assert nonce(one, WHOLE) == nonce(one, WHOLE) == nonce(other, WHOLE)
    assert one.get(WHOLE).headers["ETag"] == other.get(WHOLE).headers["ETag"]


def test_who_has_the_page_keeps_it_with_a_nonce_that_fits(client: FlaskClient) -> None:
    whole = client.get(WHOLE)
    again = client.get(WHOLE, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == whole.headers["Content-Security-Policy"]


def test_with_another_key_the_page_is_sent_again(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    before = application(catalogue, tmp_path).test_client()
    tag, kept = before.get(WHOLE).headers["ETag"], nonce(before, WHOLE)
    (tmp_path / seal.NAME).unlink()
    after = application(catalogue, tmp_path).test_client()
    assert after.get(WHOLE, headers={"If-None-Match": tag}).status_code == 200
    assert nonce(after, WHOLE) != kept


def test_compressed_and_asked_for_by_head_it_is_the_same_page(client: FlaskClient) -> None:
    packed = client.get(WHOLE, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(WHOLE).data
    assert client.head(WHOLE).headers["Content-Security-Policy"] == packed.headers["Content-Security-Policy"]


def test_whoever_writes_the_nonce_of_a_page_into_it_gets_a_page_with_another_one(
    catalogue: FakeCatalogue, tmp_path: Path
) -> None:
    client = application(catalogue, tmp_path).test_client()
    tried = set()
    for _ in range(3):
        found = nonce(client, WHOLE)
        assert found not in tried
        tried.add(found)
        catalogue.records[1] = record(1, replace(RICH, summary=f'<script nonce="{found}">alert(1)</script>'))


def test_what_stands_for_the_nonce_until_it_is_known_is_a_secret_that_never_leaves(tmp_path: Path) -> None:
    client = echo(tmp_path)
    with client.application.test_request_context():
        mark = policy.Policy(tmp_path).mark()["nonce"]
    page = client.get("/anything").text
    assert mark not in page
    with client.application.test_request_context():
        assert mark != policy.Policy(tmp_path / "elsewhere").mark()["nonce"]


@settings(deadline=None)
@given(some.lists(some.text("ab<", max_size=6), min_size=2, max_size=6, unique=True))
def test_pages_that_differ_have_nonces_that_differ(
    tmp_path_factory: pytest.TempPathFactory, contents: list[str]
) -> None:
    client = echo(tmp_path_factory.getbasetemp())
    assert len({nonce(client, f"/x{said}") for said in contents}) == len(contents)


def test_without_a_home_there_are_pages_and_no_home_is_made(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    client = application(catalogue, tmp_path / "wrong").test_client()
    assert f"'nonce-{nonce(client, '/nowhere')}'" == rules(client, "/nowhere")["script-src"]
    assert not (tmp_path / "wrong").exists()


def test_a_home_that_cannot_be_written_costs_no_reader_a_page(
    catalogue: FakeCatalogue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / seal.NAME).write_bytes(b"half")
    client = application(catalogue, tmp_path).test_client()
    assert f"'nonce-{nonce(client, WHOLE)}'" == rules(client, WHOLE)["script-src"]
    assert caplog.text.count("key of this process") == 1


def test_a_large_page_is_marked_in_less_than_a_millisecond(tmp_path: Path) -> None:
    client, took = echo(tmp_path), []
    with client.application.test_request_context():
        made = policy.Policy(tmp_path)
        page = f"{'m' * 60_000}{made.mark()['nonce']}"
        for _ in range(50):
            response = client.application.response_class(page, mimetype="text/html")
            begun = time.perf_counter()
            made.set_on(response)
            took.append(time.perf_counter() - begun)
    assert min(took) < 0.001
