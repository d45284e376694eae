"""Row 6: how many searches are answered in a second, and how long the slowest twentieth of them takes.

In: `Grounds`. Out: `Row`s: the search page over HTTP with one reader and with eight, and, for information, the
catalogue asked without a server. The queries are words of titles of the file; a run asks each of them once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tests.bench import sample, searching
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.report import Row
from tests.bench.searching import Load
from tests.bench.timing import in_turn, middle

_READERS = (1, 8)
_WARMING = 20


def search(grounds: Grounds) -> Iterator[Row]:
    """Give row 6 for every catalogue there is."""
    for imported in grounds.homes():
        queries = sample.queries(imported.sample, grounds.plan.queries)
        yield from _over_http(grounds.port(imported), imported, queries, grounds.plan.runs)
        with searching.without_server(imported.home) as ask:
            name = f"search without a server, {imported.sample.records:,} records"
            yield from _rows(name, _warmed(ask, queries), grounds.plan.runs, "for information: facets as on the page")


def _over_http(port: int, imported: Imported, queries: Sequence[str], runs: int) -> Iterator[Row]:
    for readers in _READERS:
        name = f"search page, {readers} at once, {imported.sample.records:,} records"
        ask = partial(searching.over_http, port, readers=readers)
        yield from _rows(name, _warmed(ask, queries), runs, f"{len(queries)} queries from titles, facets, no gzip")


def _warmed(ask: Callable[[Sequence[str]], Load], queries: Sequence[str]) -> Callable[[], Load]:
    ask(queries[:_WARMING])
    return lambda: ask(queries)


def _rows(name: str, ask: Callable[[], Load], runs: int, note: str) -> Iterator[Row]:
    (loads,) = in_turn([ask], runs)
    speeds, ends = [load.per_second for load in loads], [load.slow_end_ms for load in loads]
    yield Row(6, name, middle(speeds), "searches/s", runs={"ours": speeds}, note=note)
    yield Row(6, f"{name}, p95", middle(ends), "ms", runs={"ours": ends})
