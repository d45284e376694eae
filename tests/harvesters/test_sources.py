"""Opening a source, its options, and the quirks we know of."""

import subprocess
import sys

import pytest

from harvesters import known_options, open_source, quirks
from harvesters.base import SourceSpec
from harvesters.errors import SourceRefused
from harvesters.options import Option, flag, number, whole

SIZE = Option("size", "5", "how many", 1, 10)


@pytest.mark.parametrize("kind", ["oaipmh", "files"])
def test_a_source_is_opened_by_its_kind(kind):
    assert type(open_source(SourceSpec("x", kind, "http://x/"))).__module__.startswith(f"harvesters.{kind}")


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(SourceRefused, match="kind 'ftp'; known: oaipmh, sru, z3950, files"):
        open_source(SourceSpec("x", "ftp", "ftp://x/"))


@pytest.mark.parametrize("kind", ["oaipmh", "files"])
def test_every_option_has_a_meaning_a_default_that_is_legal_and_a_name_of_its_own(kind):
    rows = known_options(kind)
    assert len({row.name for row in rows}) == len(rows) > 0
    assert all(row.meaning for row in rows)
    open_source(SourceSpec("x", kind, "http://x/", options={row.name: row.default for row in rows}))


def test_options_of_other_rooms_are_left_alone():
    open_source(SourceSpec("x", "files", "x", options={"holdings": "952"}))


def test_reading_files_does_not_load_an_http_client():
    command = "import sys, harvesters.files; sys.exit('requests' in sys.modules or 'sickle' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), (" 1 ", 1.0), ("2.5", 2.5)])
def test_numbers_are_read(text, value):
    assert number(SIZE, {"size": text}) == value


@pytest.mark.parametrize("text", ["0", "11", "nan", "năm", "", "inf", "1e99"])
def test_numbers_beyond_their_limits_are_refused(text):
    with pytest.raises(SourceRefused, match=f"option size is '{text}'; write a number from 1 to 10"):
        whole(SIZE, {"size": text})


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("1", True), ("false", False), ("", False)])
def test_flags_are_read(text, value):
    assert flag(Option("f", "false", "x"), {"f": text}) is value


def test_every_quirk_names_the_server_the_evidence_and_the_date():
    for quirk in quirks.QUIRKS:
        assert all((quirk.name, quirk.server, quirk.evidence, quirk.noted, quirk.answer))
    switches = {quirk.option for quirk in quirks.QUIRKS if quirk.option}
    assert switches <= {option.name for option in known_options("oaipmh")}
