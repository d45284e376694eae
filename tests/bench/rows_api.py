"""Row 14: how many questions the API answers in a second, and how long the slowest twentieth of them takes.

In: `Grounds`. Out: `Row`s, with one program asking and with eight: searches with all facets that are counted when
nobody says which, the same without facets, single records with who holds them. The queries are those of row 6.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import urlencode

from tests.bench import sample, searching
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.report import Row
from tests.bench.searching import Load
from tests.bench.timing import in_turn, middle

_NUMBER = 14
_PROGRAMS = (1, 8)
_WARMING = 20


def api(grounds: Grounds) -> Iterator[Row]:
    """Give row 14 for every catalogue there is."""
    for imported in grounds.homes():
        port = grounds.port(imported)
        for name, paths in _asked(grounds, imported).items():
            for programs in _PROGRAMS:
                ask = partial(searching.by_paths, port, readers=programs)
                label = f"API, {name}, {programs} at once, {imported.sample.records:,} records"
                yield from _rows(label, ask, paths, grounds.plan.runs)


def _asked(grounds: Grounds, imported: Imported) -> dict[str, list[str]]:
    queries = sample.queries(imported.sample, grounds.plan.queries)
    numbers = [1 + place * imported.unions // len(queries) for place in range(len(queries))]
    return {
        "search with facets": [_path("records", q=query) for query in queries],
        "search": [_path("records", q=query, facet="none") for query in queries],
        "record": [_path("holdings", id=str(number)) for number in numbers],
    }


def _path(part: str, **parameters: str) -> str:
    return f"/api/v1/{part}?{urlencode(parameters)}"


def _rows(name: str, ask: Callable[[Sequence[str]], Load], paths: Sequence[str], runs: int) -> Iterator[Row]:
    ask(paths[:_WARMING])
    (loads,) = in_turn([lambda: ask(paths)], runs)
    speeds, ends = [load.per_second for load in loads], [load.slow_end_ms for load in loads]
    note = f"{len(paths)} questions, no gzip"
    yield Row(_NUMBER, name, middle(speeds), "answers/s", runs={"ours": speeds}, note=note)
    yield Row(_NUMBER, f"{name}, p95", middle(ends), "ms", runs={"ours": ends})
