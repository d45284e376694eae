"""Targets for tests: catalogues of others on this machine, honest ones and those that hang, and how they are asked.

In: a house. Out: registered targets, and the answers to a question, by target.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from werkzeug.serving import make_server

from federation import clock, vault
from federation.app import create_app
from federation.pipeline.workplace import Workplace
from federation.store import targets
from federation.store.targets import NewTarget
from federation.targets.asked import Asked
from federation.targets.asking import Answer, search
from harvesters.login import SECRET
from schemas.query import box


def add_target(place: Workplace, code: str, kind: str, url: str, **options: str) -> str:
    """Register a target on this machine."""
    given = vault.lock(place.settings.home, {"allow_private": "true", **options}, SECRET)
    with place.database.write() as session:
        targets.add(session, NewTarget(code, kind, url, f"Thư viện {code}", given), clock.now())
    return code


def asked(
    query: str, *codes: str, most: int = 10, start: int = 1, seconds: float = 10.0, within: float = 30.0
) -> Asked:
    """A question as the search box takes it."""
    return Asked(box.parse(query), codes, start, most, seconds, within)


def answers(place: Workplace, question: Asked) -> dict[str, Answer]:
    """What each target answered."""
    return {answer.target.code: answer for answer in search(place.database, place.settings, question)}


def titles(answer: Answer) -> list[str]:
    """The titles of an answer, in order."""
    return [str(hit.bib.title) if hit.bib else "" for hit in answer.hits]


@contextmanager
def silent() -> Iterator[int]:
    """A server that takes every connection, and never says a word; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        taken: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(door.accept()[0])

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            for each in taken:
                each.close()
            thread.join(5)


@contextmanager
def web(place: Workplace) -> Iterator[str]:
    """The web doors of a house; gives the address of SRU."""
    server = make_server("127.0.0.1", 0, create_app(place.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sru"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
