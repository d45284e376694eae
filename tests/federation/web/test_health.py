from flask.testing import FlaskClient

from federation.errors import Unavailable
from tests.federation.web.fakes import FakeCatalogue


def test_a_living_process_says_so_whatever_is_down(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.down = Unavailable("database-unavailable", "no")
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_ready_when_database_and_index_answer(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (200, "database: ok\nindex: ok\n")


def test_not_ready_names_the_part_and_no_secret(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    catalogue.down = RuntimeError("postgresql://user:password@host")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.text == "database: does not answer\nindex: does not answer\n"
