"""Readers who search: some number of them at once, each asking the next question as soon as the last is answered.

In: a port and queries, or a catalogue without a server. Out: answers per second and the slow end of the time each
took. A page is read to its last byte.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from federation.catalogue.catalogue import Catalogue
from federation.index import open_engine
from federation.store import Database
from federation.web.search.request import Asked, question
from tests.bench.homes import Home
from tests.bench.oai_client import Line
from tests.bench.timing import middle, seconds, slow_end


@dataclass(frozen=True)
class Load:
    """What a number of readers got."""

    per_second: float
    middle_ms: float
    slow_end_ms: float


def page_of(query: str) -> str:
    """Give the path of the search page of a query."""
    return "/search?" + urlencode({"q": query})


def over_http(port: int, queries: Sequence[str], readers: int) -> Load:
    """Let readers ask the search page every query once between them."""
    return by_paths(port, list(map(page_of, queries)), readers)


def by_paths(port: int, paths: Sequence[str], readers: int) -> Load:
    """Let readers ask for every path once between them."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for path in paths:
        waiting.put(path)
    took: list[float] = []
    failed: list[str] = []
    threads = [threading.Thread(target=_read, args=(port, waiting, took, failed)) for _ in range(readers)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - begun
    if failed:
        raise RuntimeError(f"a search was not answered: {failed[0]}")
    return Load(len(paths) / whole, middle(took) * 1000, slow_end(took) * 1000)


def _read(port: int, waiting: "SimpleQueue[str]", took: list[float], failed: list[str]) -> None:
    try:
        with Line(port) as line:
            while True:
                path = waiting.get_nowait()
                took.append(seconds(partial(line.get, path)))
    except Empty:
        return
    except (RuntimeError, OSError) as error:
        failed.append(str(error))


@contextmanager
def opened(home: Home) -> Iterator[Catalogue]:
    """Open a catalogue in this process."""
    settings = home.settings
    database, engine = Database(settings.database_url), open_engine(settings.index_url)
    try:
        yield Catalogue(database, engine, settings)
    finally:
        engine.close()
        database.close()


@contextmanager
def without_server(home: Home) -> Iterator[Callable[[Sequence[str]], Load]]:
    """Open the catalogue in this process; gives what asks it every query, with the facets of the page."""
    with opened(home) as catalogue:
        yield lambda queries: _asked(catalogue, queries)


def _asked(catalogue: Catalogue, queries: Sequence[str]) -> Load:
    took = [seconds(partial(catalogue.search, question(Asked(query)))) for query in queries]
    return Load(len(queries) / sum(took), middle(took) * 1000, slow_end(took) * 1000)
