"""What pages load: one sheet, compressed, kept for good."""

import pytest
from flask.testing import FlaskClient

from federation.web import files

PAGES = (
    "/",
    "/search?q=a",
    "/search/advanced",
    "/search/facet?facet=subject",
    "/record/1",
    "/libraries",
    "/library/tvt",
)
SHEET = "/static/lienthong.css"


@pytest.mark.parametrize("path", [*PAGES, "/browse/title", "/basket", "/open-data", "/nowhere"])
def test_a_page_loads_one_sheet_because_a_second_would_need_a_connection_of_its_own(
    client: FlaskClient, path: str
) -> None:
    page = client.get(path).text
    assert (
        page.count('rel="stylesheet"')
        == page.count(f'<link rel="stylesheet" href="{files.address(files.SHEET)}">')
        == 1
    )


def test_the_sheet_is_that_of_every_room_and_the_common_one_has_the_last_word(client: FlaskClient) -> None:
    sheet = client.get(SHEET).data
    parts = {path.name: path.read_bytes() for path in files.FOLDER.glob("*.css")}
    assert len(parts) > 3
    assert all(part in sheet for part in parts.values())
    assert len(sheet) == sum(map(len, parts.values()))
    assert sheet.endswith(parts[files.SHEET])


def test_the_sheet_travels_compressed_and_only_to_who_has_it_not(client: FlaskClient) -> None:
    whole = client.get(SHEET, headers={"Accept-Encoding": "gzip"})
    assert whole.headers["Content-Encoding"] == "gzip"
    assert len(whole.data) < 6_000
    again = client.get(SHEET, headers={"Accept-Encoding": "gzip", "If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["none.css", "..", "%2e%2e%2fviews.py", "../ground.py"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
