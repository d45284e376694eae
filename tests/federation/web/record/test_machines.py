"""What programs read from a record's page: JSON-LD, COinS, unAPI, Highwire, signposts, Open Graph."""

import json
import re
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from federation.catalogue.formats import FORMATS
from schemas.bib import Agent, Bib, Edition, Host, Publication, Series, Title, replace
from tests.federation.web.fakes import FakeCatalogue, record

ADDRESS = "http://127.0.0.1:8080/record/1"


#: the keys of the matrices of Z39.88-2004 that a catalogue may have something for
NAMES = {"au", "aulast", "aufirst", "title", "date", "isbn"}
PLACES = {"genre", "atitle", "aucorp", "issn", "pages", "spage", "epage"}
MATRICES = {
    "book": NAMES | PLACES | {"btitle", "place", "pub", "edition", "tpages", "series"},
    "journal": NAMES | PLACES | {"jtitle", "volume", "issue"},
    "dissertation": NAMES | {"inst", "tpages", "co", "cc", "advisor", "degree"},
}
HOST = Host("Khảo cổ học", "Tập 12, số 3, tr. 20-25", ("(ISSN) 0866-742X",))
ARTICLE = Bib(
    title=Title("Văn hoá Sa Huỳnh"),
    material="article",
    level="b",
    languages=("vie",),
    agents=(Agent("Lê Văn A"), Agent("Viện Khảo cổ", "corporate", main=True)),
    publication=Publication(date="2009", year=2009),
    host=HOST,
)
EVERYTHING = Bib(
    title=Title("x"),
    languages=("vie",),
    agents=(Agent("Smith, John", main=True), Agent("Viện A", "corporate", main=True)),
    edition=Edition("In lần 2"),
    publication=Publication("Huế", "Đại học Huế", "2009", 2009),
    extent="90 tr.",
    series=(Series("Tủ sách"),),
    host=HOST,
)


def page(client: FlaskClient, path: str = "/record/1") -> html.HtmlElement:
    return html.document_fromstring(client.get(path).text)


def linked(client: FlaskClient, path: str = "/record/1") -> dict:
    return json.loads(page(client, path).xpath("string(//script[@type='application/ld+json'])"))


def test_linked_data_says_what_it_is_and_which_libraries_have_it(client: FlaskClient) -> None:
    book = linked(client)
    assert (book["@type"], book["@id"], book["name"]) == ("Book", ADDRESS, "Mắt biếc : truyện dài")
    assert book["author"] == [{"@type": "Person", "name": "Nguyễn Nhật Ánh"}]
    assert book["isbn"] == ["9786041140530"]
    assert book["inLanguage"] == ["vi"]
    first, second = (offer["availableAtOrFrom"] for offer in book["offers"])
    assert (first["@type"], first["@id"]) == ("Library", "http://127.0.0.1:8080/library/tvt")
    assert (first["name"], first["telephone"]) == ("Thư viện tổng hợp tỉnh Quảng Ngãi", "0255 3822 000")
    assert second["name"] == "Trường THPT chuyên Lê Khiết"
    assert book["offers"][0]["inventoryLevel"]["value"] == 6


def test_linked_data_cannot_end_its_element(client: FlaskClient) -> None:
    assert linked(client, "/record/3")["name"] == '<script>alert(1)</script> & "quotes"'


def test_a_context_object_names_the_book(client: FlaskClient) -> None:
    (title,) = page(client).xpath("//span[@class='Z3988']/@title")
    found = parse_qs(title)
    assert found["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert found["rft.btitle"] == ["Mắt biếc: truyện dài"]
    assert found["rft.au"] == ["Nguyễn Nhật Ánh"]
    assert found["rft.isbn"] == ["9786041140530"]
    assert ADDRESS in found["rft_id"]


def test_meta_elements_name_title_authors_date_and_numbers(client: FlaskClient) -> None:
    found = {each.get("name"): each.get("content") for each in page(client).xpath("//meta[@name]")}
    assert found["citation_title"] == "Mắt biếc: truyện dài"
    assert found["citation_author"] == "Nguyễn Nhật Ánh"
    assert found["citation_publication_date"] == "2019"
    assert found["citation_isbn"] == "9786041140530"
    assert found["description"].startswith("Chuyện của Ngạn")
    shared = {each.get("property"): each.get("content") for each in page(client).xpath("//meta[@property]")}
    assert (shared["og:url"], shared["og:locale"]) == (ADDRESS, "vi_VN")


def test_the_page_names_its_server_of_unapi_and_its_identifier(client: FlaskClient) -> None:
    found = page(client)
    assert found.xpath("//link[@rel='unapi-server']/@href") == ["/unapi"]
    (identifier,) = found.xpath("//abbr[@class='unapi-id']/@title")
    listed = client.get("/unapi", query_string={"id": identifier})
    assert listed.status_code == 300
    assert etree.fromstring(listed.data).get("id") == identifier
    ris = client.get("/unapi", query_string={"id": identifier, "format": "ris"})
    assert ris.status_code == 200
    assert "TI  - Mắt biếc: truyện dài" in ris.text


def test_unapi_lists_every_format_and_refuses_what_is_not(client: FlaskClient) -> None:
    names = [each.get("name") for each in etree.fromstring(client.get("/unapi").data)]
    assert names == [form.name for form in FORMATS]
    for query, status in (
        ({"id": "1", "format": "docx"}, 406),
        ({"id": "4"}, 404),
        ({"id": "nothing"}, 404),
        ({"id": "9"}, 410),
        ({"id": ADDRESS, "format": "bibtex"}, 200),
        ({"id": "8", "format": "mods"}, 200),
    ):
        assert client.get("/unapi", query_string=query).status_code == status, query


def test_signposts_lead_to_the_permalink_the_type_and_every_description(client: FlaskClient) -> None:
    links = dict(re.findall(r'<([^>]+)>; rel="([^"]+)"', client.get("/record/1").headers["Link"]))
    assert links[ADDRESS] == "cite-as"
    assert links["https://schema.org/Book"] == "type"
    described = [link for link, relation in links.items() if relation == "describedby"]
    assert described == [f"{ADDRESS}.{form.extension}" for form in FORMATS]
    back = client.get("/record/1.ris").headers["Link"]
    assert back == f'<{ADDRESS}>; rel="describes"; type="text/html"'


@pytest.mark.parametrize("picture", ["cover", "qr"])
def test_pictures_are_drawn_kept_and_locked_in(client: FlaskClient, picture: str) -> None:
    response = client.get(f"/record/1/{picture}.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "max-age" in response.headers["Cache-Control"]
    assert etree.QName(etree.fromstring(response.data)).localname == "svg"
    again = client.get(f"/record/1/{picture}.svg", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/record/4/{picture}.svg").status_code == 404
    assert client.get(f"/record/9/{picture}.svg").status_code == 410
    assert client.get(f"/record/{2**64}/{picture}.svg").status_code == 404


def test_a_merged_record_keeps_its_picture(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    assert client.get("/record/8/cover.svg").data == client.get("/record/1/cover.svg").data


def context(client: FlaskClient, catalogue: FakeCatalogue, bib: Bib) -> dict[str, list[str]]:
    catalogue.records[5] = record(5, bib)
    (title,) = page(client, "/record/5").xpath("//span[@class='Z3988']/@title")
    return parse_qs(title)


def told(client: FlaskClient, path: str) -> dict[str, str]:
    return {each.get("name"): each.get("content") for each in page(client, path).xpath("//meta[@name]")}


@pytest.mark.parametrize("level", ["m", "a", "b", "s"])
@pytest.mark.parametrize("material", ["book", "article", "serial", "thesis", "map", "standard"])
def test_a_context_object_has_only_keys_of_its_matrix(
    client: FlaskClient, catalogue: FakeCatalogue, material: str, level: str
) -> None:
    found = context(client, catalogue, replace(EVERYTHING, material=material, level=level))
    matrix = found["rft_val_fmt"][0].rpartition(":")[2]
    assert {key.removeprefix("rft.") for key in found if key.startswith("rft.")} <= MATRICES[matrix]


def test_an_article_is_found_by_journal_issue_and_page(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    found = context(client, catalogue, ARTICLE)
    assert (found["rft_val_fmt"], found["rft.genre"]) == (["info:ofi/fmt:kev:mtx:journal"], ["article"])
    assert (found["rft.atitle"], found["rft.jtitle"]) == (["Văn hoá Sa Huỳnh"], ["Khảo cổ học"])
    assert (found["rft.au"], found["rft.aucorp"]) == (["Lê Văn A"], ["Viện Khảo cổ"])
    where = [found[f"rft.{key}"][0] for key in ("volume", "issue", "spage", "epage", "issn")]
    assert where == ["12", "3", "20", "25", "0866-742X"]
    meta = told(client, "/record/5")
    assert (meta["citation_journal_title"], meta["citation_issue"]) == ("Khảo cổ học", "3")
    assert (meta["citation_firstpage"], meta["citation_lastpage"]) == ("20", "25")
    described = linked(client, "/record/5")
    assert described["isPartOf"] == {"@type": "Periodical", "name": "Khảo cổ học", "issn": ["0866-742X"]}
    assert described["author"][1] == {"@type": "Organization", "name": "Viện Khảo cổ"}


def test_what_is_no_book_is_called_none(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    assert context(client, catalogue, replace(EVERYTHING, material="map"))["rft.genre"] == ["document"]
    assert page(client, "/record/5").xpath("//meta[@property='og:type']/@content") == ["website"]
    assert page(client, "/record/1").xpath("//meta[@property='og:type']/@content") == ["book"]
    described = linked(client, "/record/5")
    assert described["@type"] == "Map"
    assert not {"bookEdition", "isbn", "numberOfPages", "isPartOf"} & set(described)


def test_a_thesis_names_its_school(client: FlaskClient, catalogue: FakeCatalogue) -> None:
    assert context(client, catalogue, replace(EVERYTHING, material="thesis"))["rft.inst"] == ["Đại học Huế"]
    assert told(client, "/record/5")["citation_dissertation_institution"] == "Đại học Huế"
