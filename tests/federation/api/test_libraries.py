"""Libraries, and who holds a book."""

from flask.testing import FlaskClient

from tests.federation.api.test_records import said
from tests.support.catalogues import Shelf
from tests.support.records import isbn


def test_libraries_are_listed_with_their_kind_and_the_number_of_their_titles(api: FlaskClient) -> None:
    found = said(api, "libraries", lang="en")
    assert found["total"] == 2
    assert found["libraries"][1] == {
        "code": "tvt",
        "name": "Thư viện tvt",
        "page": "http://127.0.0.1:8080/library/tvt",
        "kind": "public",
        "kind_name": found["libraries"][0]["kind_name"],
        "area": "",
        "area_name": "",
        "level": "",
        "districts": [],
        "address": "",
        "phone": "",
        "email": "",
        "website": "",
        "hours": "",
        "latitude": None,
        "longitude": None,
        "titles": 5,
        "set": "member:tvt",
    }


def test_one_library_is_given_by_its_code(api: FlaskClient) -> None:
    assert said(api, "libraries/lqd")["titles"] == 7
    assert said(api, "libraries/nobody", 404)["code"] == "library-unknown"


def test_holdings_are_found_by_isbn_however_it_is_written(api: FlaskClient) -> None:
    number = isbn(3)
    hyphened = f"{number[:3]}-{number[3:7]}-{number[7:12]}-{number[12]}"
    found = said(api, "holdings", isbn=hyphened)
    assert [title["id"] for title in found["titles"]] == [3]
    assert found["titles"][0]["asked"] == [hyphened]
    assert found["titles"][0]["holdings"] == [
        {
            "member": "tvt",
            "name": "Thư viện tvt",
            "local_id": "tvt-3",
            "location": "Kho mở",
            "call_number": "895.922 3",
            "copies": 2,
            "note": "",
            "as_of": "2026-03-01",
        }
    ]


def test_several_numbers_are_answered_together_and_what_nobody_has_is_named(api: FlaskClient, shelf: Shelf) -> None:
    shelf.bury({2: 3, 4: None})
    asked = {"isbn": [isbn(3), isbn(500)], "id": ["2", "4", "99", "oai:lienthong.example:6"]}
    found = said(api, "holdings", **asked)
    assert {title["id"]: title["asked"] for title in found["titles"]} == {
        3: [isbn(3), "2"],
        6: ["oai:lienthong.example:6"],
    }
    assert found["unknown"] == [isbn(500), "4", "99"]


def test_a_record_that_the_index_still_has_and_the_catalogue_not_is_unknown(api: FlaskClient, shelf: Shelf) -> None:
    shelf.bury({5: None})
    assert said(api, "holdings", isbn=isbn(5)) == {"titles": [], "unknown": [isbn(5)]}


def test_what_is_no_isbn_and_what_asks_nothing_is_refused(api: FlaskClient) -> None:
    assert said(api, "holdings", 422, isbn="9786041140531")["code"] == "isbn-invalid"
    assert said(api, "holdings", 422)["code"] == "nothing-asked"
    assert said(api, "holdings", 400, isbn=[isbn(n) for n in range(51)])["code"] == "parameter-invalid"
