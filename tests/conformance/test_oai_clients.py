"""Other people's harvesters read our OAI-PMH door whole, by set and by date, over real HTTP: all get the same records.

Sickle, oaipmh and oaipmh-scythe (PyPI) and HTTP::OAI (Debian libhttp-oai-perl) against the application as `gunicorn`
runs it, with two worker processes, so that no page depends on the process that gave the page before.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from lxml import etree

from tests.conftest import ROOT
from tests.support.catalogues import START, Shelf
from tests.support.oai import OAI, whole_schema
from tests.support.peers import free_port, missing, program, wait_for_port
from tests.support.xsd import faults

RECORDS = 730
Seen = set[tuple[str, bool]]
Window = dict[str, str]
TVT, LQD = ("kind:public", "member:tvt", "type:book"), ("collection:diachi", "kind:public", "member:lqd", "type:map")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """730 records over four days; every 9th changed member later, every 20th was deleted, every 50th merged."""
    home = tmp_path_factory.mktemp("catalogue")
    shelf = Shelf.make(f"sqlite:///{home / 'lienthong.db'}", home, oai_page_size="100")
    numbers = range(1, RECORDS + 1)
    for day in range(4):
        shelf.clock.moment = START + timedelta(days=day)
        shelf.put({number: (TVT if number % 2 else LQD) for number in numbers if number % 4 == day})
    shelf.clock.step(60)
    shelf.put({number: LQD for number in numbers if number % 9 == 0}, version=1)
    shelf.clock.step(60)
    shelf.bury({number: (number + 1 if number % 50 == 0 else None) for number in numbers if number % 20 == 0})
    yield shelf
    shelf.close()


@contextmanager
def served(shelf: Shelf) -> Iterator[str]:
    """Run the application with gunicorn; give the base URL."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "LIENTHONG_HOME": str(shelf.settings.home),
        "LIENTHONG_DATABASE_URL": shelf.settings.database_url,
        "LIENTHONG_PUBLIC_URL": base,
        "LIENTHONG_OAI_PAGE_SIZE": shelf.settings.oai_page_size,
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-w",
        "2",
        "-k",
        "gthread",
        "--threads",
        "4",
        "-b",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen([*command, "--log-level", "error", "wsgi:app"], cwd=ROOT, env=environment)
    try:
        wait_for_port(port, 60)
        yield f"{base}/oai"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def url(filled: Shelf) -> Iterator[str]:
    """The base URL of the door."""
    with served(filled) as address:
        yield address


# --- the clients ------------------------------------------------------------------------------------------------------


def by_sickle(url: str, prefix: str, window: Window) -> list[tuple[str, bool]]:
    from sickle import Sickle

    records = Sickle(url).ListRecords(metadataPrefix=prefix, ignore_deleted=False, **window)
    return [(record.header.identifier, record.deleted) for record in records]


def by_oaipmh(url: str, prefix: str, window: Window) -> list[tuple[str, bool]]:
    from oaipmh.client import Client
    from oaipmh.metadata import MetadataRegistry

    registry = MetadataRegistry()
    registry.registerReader(prefix, lambda element: etree.QName(element).localname)
    client = Client(url, registry)
    arguments: dict[str, object] = {"metadataPrefix": prefix, "set": window.get("set")}
    for name in ("from", "until"):
        if name in window:
            moment = (
                window[name]
                if "T" in window[name]
                else window[name] + ("T00:00:00Z" if name == "from" else "T23:59:59Z")
            )
            arguments["from_" if name == "from" else name] = datetime.fromisoformat(moment).replace(tzinfo=None)
    records = client.listRecords(**{name: value for name, value in arguments.items() if value})
    return [(header.identifier(), header.isDeleted()) for header, _, _ in records]


def by_scythe(url: str, prefix: str, window: Window) -> list[tuple[str, bool]]:
    from oaipmh_scythe import Scythe

    arguments = {
        "from_" if name == "from" else "set_" if name == "set" else name: value for name, value in window.items()
    }
    with Scythe(url) as scythe:
        records = list(scythe.list_records(metadata_prefix=prefix, ignore_deleted=False, **arguments))
    return [(record.header.identifier, record.header.deleted) for record in records]


PERL = r"""
use strict; use Carp; use HTTP::OAI;
my ($url, %arguments) = @ARGV;
my $told = sub { print $_[0]->identifier, "\t", ($_[0]->is_deleted ? 1 : 0), "\n" };
my $list = HTTP::OAI::Harvester->new(baseURL => $url)->ListRecords(%arguments, onRecord => $told);
die $list->code . " " . $list->message if $list->is_error;
"""


def by_perl(url: str, prefix: str, window: Window) -> list[tuple[str, bool]]:
    perl = program("perl", "perl")
    if subprocess.run([perl, "-MCarp", "-MHTTP::OAI", "-e1"], capture_output=True, check=False).returncode:
        missing("HTTP::OAI is not installed (Debian package libhttp-oai-perl)")
    arguments = [text for pair in {"metadataPrefix": prefix, **window}.items() for text in pair]
    done = subprocess.run([perl, "-e", PERL, url, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return [(identifier, deleted == "1") for identifier, deleted in rows]


CLIENTS: dict[str, Callable[[str, str, Window], list[tuple[str, bool]]]] = {
    "sickle": by_sickle,
    "oaipmh": by_oaipmh,
    "oaipmh-scythe": by_scythe,
    "HTTP::OAI": by_perl,
}


# --- what they must find ----------------------------------------------------------------------------------------------


def _day(number: int) -> int:
    """The day a record last changed: changes and deletions all fall on the last one."""
    return 3 if number % 9 == 0 or number % 20 == 0 else number % 4


def _everything() -> Seen:
    return {(f"oai:lienthong.example:{number}", number % 20 == 0) for number in range(1, RECORDS + 1)}


def _since(first: int, last: int) -> Seen:
    return {(f"oai:lienthong.example:{n}", n % 20 == 0) for n in range(1, RECORDS + 1) if first <= _day(n) <= last}


def _of_member(code: str) -> Seen:
    seen = set()
    for number in range(1, RECORDS + 1):
        began, ended = ("tvt" if number % 2 else "lqd"), ("lqd" if number % 9 == 0 else "tvt" if number % 2 else "lqd")
        if code in (began, ended):
            seen.add((f"oai:lienthong.example:{number}", code != ended or number % 20 == 0))
    return seen


QUESTIONS: dict[str, tuple[Window, Callable[[], Seen]]] = {
    "whole": ({}, _everything),
    "set tvt": ({"set": "member:tvt"}, lambda: _of_member("tvt")),
    "set lqd": ({"set": "member:lqd"}, lambda: _of_member("lqd")),
    "days": ({"from": "2026-03-02", "until": "2026-03-03"}, lambda: _since(1, 2)),
    "seconds": ({"from": "2026-03-04T08:00:00Z"}, lambda: _since(3, 3)),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_gets_the_same_records(url: str, client: str, question: str) -> None:
    window, expected = QUESTIONS[question]
    got = CLIENTS[client](url, "marc21", window)
    assert len(got) == len(set(got))
    assert set(got) == expected()


@pytest.mark.parametrize("prefix", ["oai_dc", "mods"])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_reads_every_format(url: str, client: str, prefix: str) -> None:
    window, expected = QUESTIONS["set tvt"]
    assert set(CLIENTS[client](url, prefix, window)) == expected()


def test_an_empty_window_is_no_failure_of_the_clients(url: str) -> None:
    from oaipmh_scythe import NoRecordsMatch as ScytheNothing
    from sickle.oaiexceptions import NoRecordsMatch as SickleNothing

    for client, nothing in (("sickle", SickleNothing), ("oaipmh-scythe", ScytheNothing)):
        with pytest.raises(nothing):
            CLIENTS[client](url, "marc21", {"from": "2031-01-01"})


def test_sickle_reads_the_other_verbs(url: str) -> None:
    from sickle import Sickle

    client = Sickle(url)
    assert client.Identify().deletedRecord == "persistent"
    assert {form.metadataPrefix for form in client.ListMetadataFormats()} == {"marc21", "oai_dc", "mods"}
    assert "member:tvt" in {one.setSpec for one in client.ListSets()}
    record = client.GetRecord(identifier="oai:lienthong.example:1", metadataPrefix="oai_dc")
    assert record.metadata["language"] == ["vie"]
    assert sum(1 for _ in client.ListIdentifiers(metadataPrefix="oai_dc")) == RECORDS


def test_every_page_that_went_over_the_wire_is_valid(url: str, shared_data: Path) -> None:
    schema = whole_schema(shared_data)
    for prefix in ("marc21", "oai_dc", "mods"):
        arguments = {"verb": "ListRecords", "metadataPrefix": prefix}
        pages = 0
        while arguments:
            answer = requests.get(url, params=arguments, timeout=30)
            assert answer.headers["Content-Encoding"] == "gzip"
            assert faults(schema, answer.content) == []
            pages += 1
            token = etree.fromstring(answer.content).findtext(f".//{{{OAI}}}resumptionToken")
            arguments = {"verb": "ListRecords", "resumptionToken": token} if token else {}
        assert pages == 8
