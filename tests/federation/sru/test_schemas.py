"""Every answer of every version against its schema, explain records and records included."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.sru import ask, whole_schema
from tests.support.xsd import faults

VERSIONS = ("1.1", "1.2", "2.0")
SEARCHES = (
    {"query": "sông"},
    {"query": "sông", "startRecord": "3", "maximumRecords": "2", "recordSchema": "dc", "resultSetTTL": "5"},
    {"query": '> dc = "info:srw/cql-context-set/1/dc-v1.1" (dc.title = núi and nam prox/distance<3 4) not "x y"'},
    {"query": "nam", "recordSchema": "mods", "sortKeys": "title,,0"},
    {"query": "nam sortBy title/sort.descending", "recordSchema": "info:srw/schema/1/marcxml-v1.1"},
    {"query": "khôngcó"},
    {"query": "nam", "maximumRecords": "0"},
    {"query": "nam", "startRecord": "999"},
    {"query": "(("},
    {"query": "nam", "recordSchema": "x"},
    {"query": "nam", "colour": "red"},
    {},
)
SCANS = (
    {"scanClause": "dc.title = s"},
    {"scanClause": 'dc.title = "sông núi nước nam 5"', "responsePosition": "3", "maximumTerms": "4"},
    {"scanClause": "lienthong.member = tvt"},
    {"scanClause": "dc.title = zz"},
    {"scanClause": "dc.description = s"},
    {},
)


def told(door: FlaskClient, version: str, operation: str, parameters: dict[str, str]) -> bytes:
    named = {} if version == "2.0" else {"operation": operation, "version": version}
    return ask(door, **named, **parameters).content


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("asked", SEARCHES, ids=str)
def test_results_are_valid(door: FlaskClient, shared_data: Path, version: str, asked: dict[str, str]) -> None:
    assert faults(whole_schema(shared_data, version), told(door, version, "searchRetrieve", asked)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("asked", SCANS, ids=str)
def test_scans_are_valid(door: FlaskClient, shared_data: Path, version: str, asked: dict[str, str]) -> None:
    assert faults(whole_schema(shared_data, version), told(door, version, "scan", asked)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("packing", ["recordPacking", "recordXMLEscaping", "colour", "stylesheet"])
@pytest.mark.parametrize("value", ["xml", "string"])
def test_explanations_are_valid(door: FlaskClient, shared_data: Path, version: str, packing: str, value: str) -> None:
    assert faults(whole_schema(shared_data, version), told(door, version, "explain", {packing: value})) == []


@pytest.mark.parametrize("limit", ["5", "3:dc.creator,2:dc.date", "5,1:dc.subject"])
def test_facets_are_valid(door: FlaskClient, shared_data: Path, limit: str) -> None:
    content = ask(door, query="nam", facetLimit=limit).content
    assert faults(whole_schema(shared_data, "2.0"), content) == []


def test_records_in_strings_are_valid_and_the_same(door: FlaskClient, shared_data: Path) -> None:
    for schema in ("marcxml", "mods", "dc"):
        packed = ask(
            door, operation="searchRetrieve", version="1.2", query="nam", recordPacking="string", recordSchema=schema
        )
        assert faults(whole_schema(shared_data, "1.2"), packed.content) == []
        assert packed.all("recordData")[0].startswith("<")
