from flask.testing import FlaskClient


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.text


def test_crawlers_are_kept_from_combinations_of_searches(client: FlaskClient) -> None:
    robots = text(client, "/robots.txt")
    assert "Disallow: /search?*f." in robots
    assert "Disallow: /record/\n" not in robots
