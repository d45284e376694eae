"""Answers of real OAI-PMH servers, cut into records as received."""

import gzip
from pathlib import Path

import pytest

from harvesters.base import Harvested
from harvesters.errors import SourceBroken
from harvesters.oaipmh import page


def records(folder: Path, name: str) -> tuple[bytes, list[Harvested]]:
    content = (folder / "oai-sru-samples" / name).read_bytes()
    content = gzip.decompress(content) if name.endswith(".gz") else content
    return content, list(page.records(page.parsed(content, name), content, 1))


@pytest.mark.parametrize(
    ("name", "count", "syntax", "deleted"),
    [
        ("idzebra-examples__oai-caltech.xml.gz", 100, "oai_dc", 0),
        ("traject__sample-oai-pmh.xml", 10, "oai_dc", 0),
        ("traject__sample-oai-no-namespace.xml", 10, "oai_dc", 0),
        ("traject__oai-pmh-one-record-first.xml", 1, "oai_dc", 0),
        ("reservoir__oai-response-1.xml", 4, "marcxml", 1),
        ("reservoir__oai-response-2.xml", 0, "", 0),
    ],
)
def test_real_answers_give_all_their_records(shared_data, name, count, syntax, deleted):
    content, found = records(shared_data, name)
    assert len(found) == count == content.count(b"<record>")
    assert {record.syntax for record in found if not record.deleted} <= {syntax}
    assert sum(record.deleted for record in found) == deleted
    assert all(record.local_id and record.datestamp for record in found)


def test_most_payloads_of_real_answers_are_their_very_bytes(shared_data):
    for name in (
        "traject__sample-oai-pmh.xml",
        "idzebra-examples__oai-caltech.xml.gz",
        "reservoir__oai-response-1.xml",
    ):
        content, found = records(shared_data, name)
        assert all(record.content in content for record in found), name


def test_a_real_answer_that_is_not_well_formed_is_refused_with_its_place(shared_data):
    with pytest.raises(SourceBroken, match=r"not well-formed at byte \d+ of 14769: .*ListRecords"):
        records(shared_data, "reservoir__oai-response-5.xml")
