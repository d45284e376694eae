"""Real records, good and broken, through the whole road and out of our OAI-PMH door: every page valid in every format.

In: files of MARC from the folder of real records, a member per folder, all of the broken ones. What is put aside on the
way in is not the business of this test; whatever is in the catalogue must leave it in all three formats.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from federation.app import assemble
from federation.pipeline.runs.harvest import harvest
from tests.support.house import add_files, add_member, catalogue, house, step_through
from tests.support.oai import Told, ask, whole_schema
from tests.support.xsd import faults

FOLDERS = ("bk-vietnam", "broken", "evergreen", "holdings-authority", "scripts-880", "usgpo")
SUFFIXES = (".mrc", ".mrc.gz", ".dat", ".xml", ".xml.gz", ".marcxml")


@pytest.fixture(scope="module")
def door(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The door on a catalogue of real records; a member per folder."""
    marc = shared_data / "marc"
    groups = {folder: sorted((marc / folder).iterdir()) for folder in FOLDERS}
    groups["bk-vietnam"] = groups["bk-vietnam"][::5]
    groups["rest"] = [marc / "lc-vietnamese.mrc", marc / "uva_001_2000.marc8.mrc.gz"]
    with house(tmp_path_factory.mktemp("real") / "home") as place:
        for group, files in groups.items():
            member = add_member(place, group)
            for number, file in enumerate(file for file in files if file.name.endswith(SUFFIXES)):
                harvest(place, add_files(place, member, f"{group}-{number}", file))
        step_through(place)
        time.sleep(1.1)  # the second of the last stamp has to be over
        yield assemble(catalogue(place), place.index, place.settings).test_client()


def pages(door: FlaskClient, prefix: str) -> Iterator[Told]:
    """Read the whole list, a page at a time."""
    told = ask(door, verb="ListRecords", metadataPrefix=prefix)
    yield told
    while told.token:
        told = ask(door, verb="ListRecords", resumptionToken=told.token)
        yield told


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["marc21", "oai_dc", "mods"])
def test_real_records_leave_in_every_format(
    door: FlaskClient, shared_data: Path, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    schema, seen = whole_schema(shared_data), set()
    with caplog.at_level(logging.ERROR):
        for told in pages(door, prefix):
            assert faults(schema, told.content)[:5] == []
            assert not any(header[2] for header in told.headers_told)
            seen.update(told.ids)
    assert len(seen) > 3_000
    assert caplog.text == ""
