from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.federation.web.fakes import FakeCatalogue, application


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/search?page=99999&lang=en", "Only the first"),
        ("/search?page=x&lang=en", "The page number is not a number."),
        ("/search?sort=x&lang=en", "There is no such order."),
        ("/search?q=" + "a" * 501 + "&lang=en", "too many characters"),
        ("/search?f.kind=" + "a" * 301 + "&lang=en", "Too many filters"),
        ("/search?q=" + "a+" * 99 + "&lang=en", "too many words"),
        ("/search?page=x", "Số trang không phải là số."),
    ],
)
def test_what_cannot_be_read_is_explained(client: FlaskClient, path: str, words: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert words in response.text


def test_the_words_asked_stay_in_the_box(client: FlaskClient) -> None:
    assert 'value="mắt &lt;"' in client.get("/search?q=m%E1%BA%AFt+%3C&page=x").text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_fault_of_ours_shows_nothing_of_the_inside(catalogue: FakeCatalogue, tmp_path: Path) -> None:
    app = application(catalogue, tmp_path)
    app.testing = False
    catalogue.down = RuntimeError("secret detail")
    response = app.test_client().get("/search?q=a&lang=en")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "secret detail" not in response.text
