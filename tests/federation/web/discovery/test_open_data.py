"""The open data on the web: to be read by people, downloaded in parts, and described for catalogues of data."""

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import namespace as names
from rdflib.compare import isomorphic

from federation.catalogue import dumps
from tests.support.catalogues import Shelf
from tests.support.web import application

URL = "http://127.0.0.1:8080"
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
#: DCAT-AP 3.0: what is mandatory of each class
DEMANDED = {
    names.DCAT.Catalog: (names.DCTERMS.title, names.DCTERMS.description, names.DCTERMS.publisher),
    names.DCAT.Dataset: (names.DCTERMS.title, names.DCTERMS.description),
    names.DCAT.Distribution: (names.DCAT.accessURL,),
    names.DCAT.DataService: (names.DCTERMS.title, names.DCAT.endpointURL),
    names.FOAF.Agent: (names.FOAF.name,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
#: and of which class what is named has to be
RANGES = {
    names.DCTERMS.publisher: names.FOAF.Agent,
    names.DCTERMS.language: names.DCTERMS.LinguisticSystem,
    names.DCTERMS.license: names.DCTERMS.LicenseDocument,
    names.DCTERMS.accrualPeriodicity: names.DCTERMS.Frequency,
    names.DCTERMS.accessRights: names.DCTERMS.RightsStatement,
    names.DCTERMS.spatial: names.DCTERMS.Location,
    names.DCTERMS.format: names.DCTERMS.MediaTypeOrExtent,
    names.DCTERMS.conformsTo: names.DCTERMS.Standard,
    names.DCAT.theme: names.SKOS.Concept,
    names.DCAT.themeTaxonomy: names.SKOS.ConceptScheme,
    names.DCAT.contactPoint: VCARD.Kind,
    names.DCAT.landingPage: names.FOAF.Document,
    names.FOAF.homepage: names.FOAF.Document,
    names.DCAT.mediaType: names.DCTERMS.MediaType,
    names.DCAT.compressFormat: names.DCTERMS.MediaType,
    SPDX.checksum: SPDX.Checksum,
    SPDX.algorithm: SPDX.ChecksumAlgorithm,
}


@pytest.fixture
def made(shelf: Shelf) -> dumps.Dump:
    dump = dumps.make(shelf.catalogue, shelf.settings)
    assert dump
    return dump


def test_before_the_first_night_the_page_says_so_and_nothing_can_be_downloaded(door: FlaskClient) -> None:
    assert "The files have not been made yet." in door.get("/open-data?lang=en").text
    assert door.get("/open-data/union.mrc.gz").status_code == 404
    assert door.get("/open-data/SHA256SUMS").status_code == 404
    assert door.get("/open-data/catalog.jsonld").status_code == 200


def test_the_page_shows_files_sizes_and_checksums(door: FlaskClient, made: dumps.Dump) -> None:
    page = door.get("/open-data?lang=en").text
    assert "12 titles · as of 1 March 2026" in page
    for file in made.files:
        assert f'href="/open-data/{file.name}"' in page
        assert file.sha256 in page
    assert "has not stated a licence yet" in page
    assert "<h1>Dữ liệu mở</h1>" in door.get("/open-data?lang=vi").text


def test_the_licence_is_named_where_there_is_one(shelf: Shelf) -> None:
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    shelf.settings = replace(shelf.settings, dumps_licence=licence)
    client = application(shelf).test_client()
    assert f'<a href="{licence}" rel="license">' in client.get("/open-data").text
    assert licence in client.get("/open-data/catalog.jsonld").text


def test_a_download_is_what_the_checksums_say(door: FlaskClient, made: dumps.Dump) -> None:
    lines = dict(reversed(line.split("  ")) for line in door.get("/open-data/SHA256SUMS").text.splitlines())
    for name, checksum in lines.items():
        response = door.get(f"/open-data/{name}", headers={"Accept-Encoding": "gzip"})
        assert response.mimetype == "application/gzip"
        assert "Content-Encoding" not in response.headers
        assert hashlib.sha256(response.data).hexdigest() == checksum
        assert gzip.decompress(response.data)


def test_a_download_is_gone_on_with_while_the_file_is_the_same(
    door: FlaskClient, shelf: Shelf, made: dumps.Dump
) -> None:
    whole = door.get("/open-data/union.jsonl.gz")
    assert whole.headers["Accept-Ranges"] == "bytes"
    going_on = {"Range": "bytes=100-", "If-Range": whole.headers["ETag"]}
    part = door.get("/open-data/union.jsonl.gz", headers=going_on)
    assert (part.status_code, part.data) == (206, whole.data[100:])
    assert door.get("/open-data/union.jsonl.gz", headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    shelf.put({3: ("member:tvt",)}, version=1)
    shelf.clock.step(60)
    assert dumps.make(shelf.catalogue, shelf.settings)
    assert door.get("/open-data/union.jsonl.gz", headers=going_on).status_code == 200


@pytest.mark.parametrize("name", ["..%2F..%2Fvault.key", "%2e%2e", "current.json", "union.mrc"])
def test_nothing_but_the_files_can_be_had(door: FlaskClient, made: dumps.Dump, name: str) -> None:
    assert door.get(f"/open-data/{name}").status_code == 404


def test_the_description_names_every_file_and_says_the_same_in_both_ways(door: FlaskClient, made: dumps.Dump) -> None:
    linked = rdflib.Graph().parse(data=door.get("/open-data/catalog.jsonld").text, format="json-ld")
    written = rdflib.Graph().parse(data=door.get("/open-data/catalog.rdf").text, format="xml")
    assert isomorphic(linked, written)
    (catalogue,) = linked.subjects(names.RDF.type, names.DCAT.Catalog)
    (dataset,) = linked.objects(catalogue, names.DCAT.dataset)
    files = {str(each): each for each in linked.objects(dataset, names.DCAT.distribution)}
    assert set(files) == {f"{URL}/open-data/{file.name}" for file in made.files}
    for file in made.files:
        node = files[f"{URL}/open-data/{file.name}"]
        assert int(str(linked.value(node, names.DCAT.byteSize))) == file.bytes
        assert str(linked.value(linked.value(node, SPDX.checksum), SPDX.checksumValue)) == file.sha256
    for wanted in (
        names.DCTERMS.title,
        names.DCTERMS.description,
        names.DCTERMS.publisher,
        names.DCAT.contactPoint,
        names.DCTERMS.modified,
    ):
        assert linked.value(dataset, wanted, any=True), wanted
    assert {title.language for title in linked.objects(dataset, names.DCTERMS.title)} == {"vi", "en"}
    for service in linked.objects(catalogue, names.DCAT.service):
        explained = str(linked.value(service, names.DCAT.endpointDescription)).removeprefix(URL)
        assert door.get(explained).status_code == 200


def test_the_description_has_what_dcat_ap_demands_of_every_class(shelf: Shelf, made: dumps.Dump) -> None:
    shelf.settings = replace(shelf.settings, dumps_licence="https://creativecommons.org/publicdomain/zero/1.0/")
    door = application(shelf).test_client()
    graph = rdflib.Graph().parse(data=door.get("/open-data/catalog.rdf").text, format="xml")
    for kind, wanted in DEMANDED.items():
        described = list(graph.subjects(names.RDF.type, kind))
        assert described, kind
        for each in described:
            assert [name for name in wanted if (each, name, None) not in graph] == [], each
    for name, kind in RANGES.items():
        named = list(graph.objects(None, name))
        assert named, name
        assert [each for each in named if (each, names.RDF.type, kind) not in graph] == [], name


def test_the_description_is_json_that_any_page_may_read(door: FlaskClient, made: dumps.Dump) -> None:
    response = door.get("/open-data/catalog.jsonld")
    assert (response.mimetype, response.headers["Access-Control-Allow-Origin"]) == ("application/ld+json", "*")
    assert json.loads(response.text)["@type"] == "dcat:Catalog"


def test_a_folder_of_ones_own_is_used(shelf: Shelf, tmp_path: Path) -> None:
    shelf.settings = replace(shelf.settings, dumps_folder=str(tmp_path / "elsewhere"))
    dump = dumps.make(shelf.catalogue, shelf.settings)
    assert dump
    assert (tmp_path / "elsewhere" / dump.stamp / "union.mrc.gz").is_file()
    assert application(shelf).test_client().get("/open-data/union.mrc.gz").status_code == 200
