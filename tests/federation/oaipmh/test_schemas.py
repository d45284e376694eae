"""Every answer against the schemas: OAI-PMH.xsd with everything that stands in its open places taken strictly."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree

from federation.catalogue.records import Origin
from federation.catalogue.sets import SetLine
from federation.oaipmh import render
from federation.oaipmh.answer import Answer, Identity, Listing, Records, Sets
from federation.oaipmh.request import Asked, Fault
from tests.federation.oaipmh.conftest import open_door
from tests.support.catalogues import START, Shelf
from tests.support.oai import ask, walk, whole_schema
from tests.support.xsd import faults

QUERIES = (
    "verb=Identify",
    "verb=ListMetadataFormats",
    "verb=ListMetadataFormats&identifier=oai:lienthong.example:1",
    "verb=ListSets",
    "verb=GetRecord&identifier=oai:lienthong.example:1&metadataPrefix=marc21",
    "verb=GetRecord&identifier=oai:lienthong.example:7&metadataPrefix=mods",
    "verb=GetRecord&identifier=nobody&metadataPrefix=nothing",
    "verb=GetRecord&identifier=%22%3C&metadataPrefix=oai_dc",
    "verb=ListRecords&metadataPrefix=marc21&from=2027-01-01",
    "verb=ListRecords&metadataPrefix=marc21&set=x:y",
    "verb=ListRecords&resumptionToken=x",
    "verb=ListRecords&resumptionToken=%00",
    "verb=ListSets&resumptionToken=x",
    "verb=ListRecords&metadataPrefix=a%20b&from=x&until=y&set=%20",
    "",
    "verb=%00%3Cscript%3E",
    "verb=%ff",
)


@pytest.mark.parametrize("query", QUERIES)
def test_single_answers_are_valid(full: FlaskClient, shared_data: Path, query: str) -> None:
    assert faults(whole_schema(shared_data), ask(full, query).content) == []


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
@pytest.mark.parametrize("prefix", ["marc21", "oai_dc", "mods"])
@pytest.mark.parametrize("set_spec", ["", "member:tvt"])
def test_every_page_of_every_list_is_valid(
    full: FlaskClient, shared_data: Path, verb: str, prefix: str, set_spec: str
) -> None:
    chosen = {"set": set_spec} if set_spec else {}
    for page in walk(full, verb=verb, metadataPrefix=prefix, **chosen):
        assert page.ids
        assert faults(whole_schema(shared_data), page.content) == []


def test_identify_with_all_its_containers_is_valid(shelf: Shelf, shared_data: Path) -> None:
    shelf.settings = replace(
        shelf.settings,
        oai_friends="https://a.example/oai?x=1&y=2",
        oai_rights="https://c.example/0",
        oai_logo="https://l.example/l.png",
    )
    told = ask(open_door(shelf), verb="Identify")
    assert len(told.text("//o:description")) == 4
    assert faults(whole_schema(shared_data), told.content) == []


def test_provenance_is_valid_and_tells_no_secrets(shared_data: Path) -> None:
    origin = Origin(
        "tvt",
        "s1",
        "oaipmh",
        "https://user:secret@lib.example/oai?key=secret",
        "oai:lib.example:a 1/2",
        "marcxml",
        "2026-02-03",
        START,
    )
    house = render.House("N", "https://l.example/oai", "l.example", "a@l.example", "/s.xsl")
    metadata = b"", b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"/>'
    records = Records([1], [START], [("member:tvt",)], [metadata], {1: (origin, origin)})
    content = render.answer(house, Asked("GetRecord"), Answer(START, Listing(records)))
    assert faults(whole_schema(shared_data), content.replace(b"<request>", b'<request verb="GetRecord">')) == []
    assert content.count(b"<originDescription") == 2
    assert b"<baseURL>https://lib.example/oai</baseURL>" in content
    assert b"secret" not in content
    assert b"oai:lib.example:a_1/2" in content


@pytest.mark.parametrize(
    "change",
    [
        {"url": "/srv/file.mrc"},
        {"url": "ftp://x/"},
        {"url": "https://x y/"},
        {"syntax": "iso2709"},
        {"datestamp": ""},
        {"datestamp": "yesterday"},
        {"datestamp": "2026-02-30"},
        {"local_id": ""},
    ],
)
def test_an_origin_that_cannot_be_told_rightly_is_not_told(change: dict[str, str]) -> None:
    origin = Origin(
        "tvt", "s1", "oaipmh", "https://lib.example/oai", "oai:lib.example:1", "marcxml", "2026-02-03T04:05:06Z", START
    )
    assert "originDescription" in render._provenance(origin)
    assert render._provenance(replace(origin, **change)) == ""


def test_no_text_can_break_the_envelope() -> None:
    house = render.House('<&">\0', "https://l.example/oai?a=1&b=2", "l.example", "a@l.example", "/s.xsl")
    nasty = "]]><script>&\"'\0\x1f\ufffe\ud800"
    for content in (
        render.answer(house, Asked("Identify"), Answer(START, Identity(START))),
        render.answer(house, Asked("ListSets"), Answer(START, Sets((SetLine("a", nasty),)))),
        render.refusal(house, START, {"identifier": nasty}, [Fault("badVerb", nasty)]),
    ):
        assert etree.fromstring(content) is not None
