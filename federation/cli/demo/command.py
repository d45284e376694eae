"""`lienthong demo`: three libraries, one catalogue, open doors, on this machine and without any other preparation.

In: the settings. Out: the catalogue in the home, filled from an OAI-PMH server of others, MARC-8 files and MARCXML;
the doors open, and what to try. A home that holds other members is refused: nobody's catalogue is mixed with invented
libraries.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import click
import requests

from federation import clock, config
from federation.catalogue.catalogue import Catalogue
from federation.cli import context
from federation.cli.context import say
from federation.cli.demo import others
from federation.cli.demo.libraries import MEMBERS, DemoMember, Libraries, advance, oai_url, prepare, serve_oai
from federation.cli.demo.queries import QUERIES
from federation.cli.harvest.command import bring, shown
from federation.cli.house import make
from federation.cli.progress import showing
from federation.config import Settings
from federation.errors import Unavailable, UsageError
from federation.index.engine import Question
from federation.pipeline import check as checking
from federation.pipeline.runs.harvest import Order
from federation.pipeline.workplace import Workplace
from federation.store import Session, members, raws, sources
from federation.store.members import Placement
from federation.store.sources import NewSource
from schemas.query import box

_DOOR_SECONDS: Final = 30.0


@click.command()
@click.option("--once", is_flag=True, help="do it all, ask the doors, and end")
def demo(once: bool) -> None:
    """Make three member libraries, harvest them, serve the result and say what to try."""
    settings = config.read()
    make(settings)
    libraries = prepare(settings.home / "demo")
    port = _free_port()
    server = serve_oai(libraries, port)
    try:
        with context.workplace() as place:
            _refuse_others(place)
            _enter(place, libraries, port)
            _harvest(place, libraries)
            _ask(Catalogue(place.database, place.index, place.settings))
        with _doors(settings):
            _look(settings)
            say("Catalogues of others are searched all at once (here our own two doors):")
            for line in others.told(settings, QUERIES[0].text):
                say(f"  {line}")
            _invite(settings, port)
            if not once:
                _wait()
    finally:
        server.terminate()
        server.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_others(place: Workplace) -> None:
    with place.database.read() as session:
        others = {member.code for member in members.every(session)} - {member.code for member in MEMBERS}
    if others:
        raise UsageError(
            "demo-home-in-use",
            f"holds other members ({', '.join(sorted(others))}); set LIENTHONG_HOME to an empty folder",
            str(place.settings.home),
        )


def _enter(place: Workplace, libraries: Libraries, port: int) -> None:
    """Make members and sources, or point those that are there to where the records are now."""
    addresses = {"tinh": oai_url(port), "ducpho": str(libraries.marc_folder), "thcs": str(libraries.marcxml_file)}
    with place.database.write() as session:
        known = {member.code: member.id for member in members.every(session)}
        there = {source.code: source.id for source in sources.every(session)}
        for member in MEMBERS:
            member_id = known.get(member.code) or _add(session, member)
            if member.code in there:
                sources.change(session, there[member.code], url=addresses[member.code])
            else:
                sources.add(session, member_id, _source(member, addresses[member.code]), clock.now())


def _add(session: Session, member: DemoMember) -> int:
    placement = Placement(member.kind, member.area, member.level)
    number = members.add(session, member.code, member.name, placement, clock.now())
    members.reach(session, number, member.contact)
    return number


def _source(member: DemoMember, url: str) -> NewSource:
    return NewSource(member.code, member.source_kind, url, options=dict(member.options))


def _harvest(place: Workplace, libraries: Libraries) -> None:
    say("Harvesting three libraries:")
    for member in MEMBERS:
        _bring(place, member)
    told = advance(libraries, clock.now())
    say(f"The provincial library goes on working ({', '.join(f'{name} {count}' for name, count in told.items())}):")
    _bring(place, MEMBERS[0])
    found = checking.status(place)
    say(f"One catalogue: {found['raw']} records of {found['members']} libraries are {found['unions']} union records, "
        f"{found['tombstones']} deleted.")  # fmt: skip


def _bring(place: Workplace, member: DemoMember) -> None:
    with showing() as show:
        report = bring(place, member.code, Order(on_page=shown(show)), show)
    if report.status == "failed":
        raise Unavailable("demo-harvest", report.message, member.code)
    counts = ", ".join(
        f"{name} {count}" for name, count in report.counts.items() if count and name not in ("pages", "bytes")
    )
    say(f"  {member.code:8} {counts}")
    with place.database.read() as session:
        for aside in raws.put_aside(session, 3, report.run):
            say(f"           put aside: {aside.local_id} ({aside.place}): {aside.reason}")


def _ask(catalogue: Catalogue) -> None:
    say("Searching, with and without tone marks:")
    for query in QUERIES[:4]:
        answer = catalogue.search(Question(box.parse(query.text), limit=100))
        first = str(answer.hits[0].bib.title) if answer.hits else "nothing"
        say(f"  {query.text:24} {answer.total:3} found, first: {first}")
        if not any(query.finds in str(hit.bib.title) for hit in answer.hits):
            raise Unavailable("demo-search", f"did not find {query.finds!r}", query.text)


@contextmanager
def _doors(settings: Settings) -> Iterator[None]:
    """Open the doors, each in a process of its own, and close them at the end."""
    environment = {**os.environ, "LIENTHONG_HOME": str(settings.home), "LIENTHONG_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-c", "from federation.cli import main; main()", "serve"]
    processes = [
        subprocess.Popen([*command, name], env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)
        for name in ("web", "z3950")
    ]
    try:
        for process, is_open in zip(processes, (_web_is_open, _z3950_is_open), strict=True):
            _wait_until_open(settings, process, is_open)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def _wait_until_open(
    settings: Settings, process: "subprocess.Popen[bytes]", is_open: Callable[[Settings], bool]
) -> None:
    end = time.monotonic() + _DOOR_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if is_open(settings):
                return
        except OSError:  # requests' own errors are such
            pass
        time.sleep(0.2)
    raise Unavailable("demo-door", "the doors did not open; the lines above say why", settings.web_bind)


def _web_is_open(settings: Settings) -> bool:
    return requests.get(f"{_base(settings)}/readyz", timeout=5).ok


def _z3950_is_open(settings: Settings) -> bool:
    host, _, port = settings.z3950_bind.rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()
    return True


def _base(settings: Settings) -> str:
    return f"http://{settings.web_bind}"


def _look(settings: Settings) -> None:
    """Ask the open doors what a reader and a harvester would ask."""
    say("The doors are open and answer:")
    for path in (
        f"/search?q={QUERIES[0].text}",
        f"/search?q={QUERIES[1].text}",
        "/oai?verb=ListIdentifiers&metadataPrefix=marc21",
    ):
        answer = requests.get(_base(settings) + path, timeout=30)
        say(f"  {answer.status_code} {len(answer.content):6} bytes  {path}")
        answer.raise_for_status()


def _invite(settings: Settings, port: int) -> None:
    say("Try:")
    for line in (
        f"{_base(settings)}/  search as a reader",
        f"{_base(settings)}/oai?verb=Identify  harvest as the National Library",
        f"yaz-client {settings.z3950_bind}/union  ask as a library system: find @attr 1=4 'dat rung phuong nam'",
        f"{oai_url(port)}?verb=Identify  the provincial library's own server, by others",
        f"LIENTHONG_HOME={settings.home} lienthong search 'dat rung phuong nam'",
        f"… search 'dat rung phuong nam' {' '.join(f'--target {code}' for code in others.CODES)}  in other catalogues",
        "and these searches:",
        *(f"  {query.text:28} {query.shows_vi} ({query.shows_en})" for query in QUERIES),
    ):
        say(f"  {line}")


def _wait() -> None:
    say("Stop with Ctrl-C.")
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    stopped.wait()
