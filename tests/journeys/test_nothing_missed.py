"""Writers change and delete without pause, three harvesters follow from responseDate to responseDate.

At the end each copy equals the catalogue, and nothing came twice unchanged. The real door over HTTP, the real stages,
on SQLite and PostgreSQL.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from lxml import etree
from werkzeug.serving import make_server

from federation import clock
from federation.app import create_app
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.raws import Received, Visit
from schemas.marc import write
from tests.support.house import add_files, add_member, catalogue, house, step_through
from tests.support.records import record

OAI = "{http://www.openarchives.org/OAI/2.0/}"
#: they go on for so long at least, and until there was so much to miss
SECONDS, ROUNDS = 10.0, 20
RECORDS = 400


@contextmanager
def served(place: Workplace) -> Iterator[str]:
    """The doors on a loopback port, with processes' worth of threads."""
    server = make_server("127.0.0.1", 0, create_app(place.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai"
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Harvester:
    """Keeps a copy by incremental harvests; `use_last` tells which page's responseDate it asks from next."""

    url: str
    use_last: bool
    pause: float
    copy: dict[str, str | None] = field(default_factory=dict)
    since: str = ""
    received: set[tuple[str, str]] = field(default_factory=set)
    repeated: list[tuple[str, str]] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def harvest(self) -> None:
        """Take one list to its end."""
        arguments = {"verb": "ListRecords", "metadataPrefix": "marc21"} | ({"from": self.since} if self.since else {})
        dates = []
        while arguments:
            answer = self.session.get(self.url, params=arguments, timeout=60)
            assert answer.status_code == 200, answer.text[:500]
            root = etree.fromstring(answer.content)
            dates.append(root.findtext(f"{OAI}responseDate"))
            for one in root.iter(f"{OAI}record"):
                self._take(one)
            token = root.findtext(f".//{OAI}resumptionToken")
            arguments = {"verb": "ListRecords", "resumptionToken": token} if token else {}
            time.sleep(self.pause)
        self.since = dates[-1 if self.use_last else 0] or ""

    def _take(self, one: etree._Element) -> None:
        header = one.find(f"{OAI}header")
        assert header is not None
        key, stamp = header.findtext(f"{OAI}identifier") or "", header.findtext(f"{OAI}datestamp") or ""
        if (key, stamp) in self.received:
            self.repeated.append((key, stamp))
        self.received.add((key, stamp))
        body = one.find(f"{OAI}metadata")
        self.copy[key] = None if header.get("status") == "deleted" or body is None else _titles(body)


def _titles(body: etree._Element) -> str:
    return "|".join(text for text in body.itertext() if text.strip())


@dataclass
class Writer:
    """Changes, adds and deletes records of one source as fast as it can."""

    place: Workplace
    source_id: int
    dice: random.Random
    state: dict[int, int] = field(default_factory=dict)

    def write(self) -> None:
        """One page of changes through the raw table and all stages."""
        now = clock.now()
        with self.place.database.write() as session:
            run_id = sources.begin_run(session, self.source_id, (None, None), now)
            chosen = self.dice.sample(range(RECORDS), 25)
            raws.keep(session, Visit(self.source_id, run_id, now), [self._change(number) for number in chosen])
        step_through(self.place)

    def _change(self, number: int) -> Received:
        if number in self.state and self.dice.random() < 0.25:
            del self.state[number]
            return Received(f"n{number}", b"", "iso2709", deleted=True)
        version = self.dice.randrange(10**6)
        self.state[number] = version
        shared = number // 2  # two numbers share a book, so records also merge and part
        content = write.marc(record(shared, title=f"Sách {shared} bản {version % 3}", local_id=f"n{number}"))
        return Received(f"n{number}", content, "iso2709")


@pytest.mark.slow
def test_three_harvesters_end_with_the_catalogue(tmp_path: Path, database_url: str) -> None:
    with house(tmp_path / "home", database_url) as place, served(place) as url:
        code = add_files(place, add_member(place, "a"), "files", tmp_path)
        with place.database.read() as session:
            source_id = sources.one(session, code).id
        writer = Writer(place, source_id, random.Random(20261122))
        harvesters = [Harvester(url, False, 0.0), Harvester(url, True, 0.02), Harvester(url, False, 0.3)]
        over = threading.Event()
        failures: list[BaseException] = []

        def follow(harvester: Harvester) -> None:
            try:
                while not over.is_set():
                    harvester.harvest()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=follow, args=(one,)) for one in harvesters]
        for thread in threads:
            thread.start()
        rounds, end = 0, time.monotonic() + SECONDS
        try:
            while rounds < ROUNDS or time.monotonic() < end:
                writer.write()
                rounds += 1
        finally:
            over.set()
        for thread in threads:
            thread.join()
        assert not failures
        time.sleep(1.1)  # the last second must be over before it is shown
        for harvester in harvesters:
            harvester.harvest()
        live = {
            f"oai:{place.settings.repository_id}:{one.id}": _titles(etree.fromstring(one.marcxml))
            for one in catalogue(place).every()
        }
        changes = [len(harvester.received) for harvester in harvesters]
        print(f"\n{rounds} rounds of 25 changes, {len(live)} live records, lines received: {changes}")
        for harvester in harvesters:
            assert {key: text for key, text in harvester.copy.items() if text is not None} == live
            assert not harvester.repeated
