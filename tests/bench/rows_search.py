"""Rows 6 and 13: what a reader waits for. 6: the search page with its facets; 13: a record, and the bytes of a page.

In: `Grounds`. Out: `Row`s: pages over HTTP with one reader and with sixteen, and the search without a server, against
which the page is held: what it adds is ours to save. The queries are words of titles of the file; a run asks each once.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final
from urllib.parse import urlencode

from federation.web.search.request import COUNTED
from tests.bench import datasette_peer, sample, searching, servers
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.oai_client import Line
from tests.bench.report import Row, Target
from tests.bench.searching import Load
from tests.bench.timing import in_turn, middle, middle_ratio

_READERS = (1, 16)
_WARMING = 20
#: the peer is asked one query of so many: it takes long
_PEER_SHARE = 4
_PEER: Final = Target(1)
_SLOW_END: Final = Target(15, at_most=True)
_FIRST_PAGE: Final = Target(60, at_most=True)
_LOADED: Final = re.compile(rb'<(?:link rel="(?:stylesheet|icon)"[^>]*href|(?:script|img)[^>]*src)="(/[^"]+)"')


def search(grounds: Grounds) -> Iterator[Row]:
    """Give row 6 for every catalogue there is."""
    for imported in grounds.homes():
        queries = sample.queries(imported.sample, grounds.plan.queries)
        yield from _overhead(grounds, imported, queries)
        paths = [searching.page_of(query) for query in queries]
        yield from _pages(6, "search page", grounds, imported, paths, _SLOW_END)
        yield from _beside(grounds, imported, queries[: -(-len(queries) // _PEER_SHARE)])


def records(grounds: Grounds) -> Iterator[Row]:
    """Give row 13 for every catalogue there is."""
    for imported in grounds.homes():
        count = grounds.plan.queries
        paths = [f"/record/{1 + place * imported.unions // count}" for place in range(count)]
        yield from _pages(13, "record page", grounds, imported, paths, None)
        with Line(grounds.port(imported), packed=True) as line:
            query = sample.queries(imported.sample, 1)[0]
            for name, path in (
                ("front page", "/"),
                ("search page", searching.page_of(query)),
                ("record page", paths[0]),
            ):
                size = _whole(line, path) / 1000
                what = f"{name} with all it loads, gzip, {imported.sample.records:,} records"
                yield Row(13, what, size, "KB", target=_FIRST_PAGE, runs={"ours": [size]})


def _overhead(grounds: Grounds, imported: Imported, queries: Sequence[str]) -> Iterator[Row]:
    """Hold the page against the same questions asked of the catalogue in this process."""
    ask = partial(searching.over_http, grounds.port(imported), readers=1)
    with searching.without_server(imported.home) as direct:
        for warmed in (ask, direct):
            warmed(queries[:_WARMING])
        pages, answers = in_turn([lambda: ask(queries), lambda: direct(queries)], grounds.plan.runs)
    name = f"{imported.sample.records:,} records"
    ours, theirs = [load.per_second for load in pages], [load.per_second for load in answers]
    ratio = middle_ratio(ours, theirs)
    note = f"{len(queries)} queries from titles, the facets of the page; without a server, records read"
    figures = {"ours": ours, "peer": theirs}
    yield Row(
        *(6, f"search page against its search, {name}", middle(ours), "searches/s"),
        *("the same without a server", middle(theirs), ratio, None, figures, note),
    )


def _beside(grounds: Grounds, imported: Imported, queries: Sequence[str]) -> Iterator[Row]:
    """Hold page and API against Datasette's."""
    mine = grounds.port(imported)
    facets = f"{len(COUNTED)} facets against {len(datasette_peer.COLUMNS) + len(datasette_peer.LISTS)}"
    asked = {
        f"search page, {facets}": (searching.page_of, datasette_peer.page_of),
        f"answer of the API, {len(datasette_peer.FEW)} facets each": (_few, datasette_peer.answer_of),
    }
    with _datasette(grounds, imported) as other:
        for name, (our_path, their_path) in asked.items():
            for readers in _READERS:
                sides = [partial(searching.by_paths, mine, list(map(our_path, queries)), readers)]
                if other:
                    sides += [partial(searching.by_paths, other, list(map(their_path, queries)), readers)]
                loads = in_turn(sides, grounds.plan.runs)
                yield _against(f"{name}, {readers} at once, {imported.sample.records:,} records", *loads)


@contextmanager
def _datasette(grounds: Grounds, imported: Imported) -> Iterator[int | None]:
    if not datasette_peer.there():
        yield None
        return
    folder = grounds.place()
    folder.mkdir()
    file = folder / "records.db"
    datasette_peer.fill(file, imported.home)
    with servers.datasette(file) as port:
        yield port


def _few(query: str) -> str:
    """Give the path of the answer of the API with as many facets as the peer is asked for."""
    return "/api/v1/records?" + urlencode([("q", query), *(("facet", name) for name in datasette_peer.FEW)])


def _against(name: str, mine: Sequence[Load], theirs: Sequence[Load] = ()) -> Row:
    ours, note = [load.per_second for load in mine], f"p50 and p95: {_times(mine)}"
    if not theirs:
        lacking = f"not installed: {datasette_peer.NEEDED}"
        return Row(6, name, middle(ours), "answers/s", lacking, None, None, _PEER, {"ours": ours}, note)
    others = [load.per_second for load in theirs]
    figures, ratio = {"ours": ours, "peer": others}, middle_ratio(ours, others)
    note += f", Datasette {_times(theirs)}"
    return Row(6, name, middle(ours), "answers/s", "Datasette", middle(others), ratio, _PEER, figures, note)


def _times(loads: Sequence[Load]) -> str:
    return f"{middle(load.middle_ms for load in loads):.1f} and {middle(load.slow_end_ms for load in loads):.1f} ms"


def _pages(
    number: int, name: str, grounds: Grounds, imported: Imported, paths: Sequence[str], target: Target | None
) -> Iterator[Row]:
    for readers in _READERS:
        ask: Callable[[Sequence[str]], Load] = partial(searching.by_paths, grounds.port(imported), readers=readers)
        ask(paths[:_WARMING])
        (loads,) = in_turn([partial(ask, paths)], grounds.plan.runs)
        what = f"{name}, {readers} at once, {imported.sample.records:,} records"
        speeds = [load.per_second for load in loads]
        yield Row(number, what, middle(speeds), "pages/s", runs={"ours": speeds}, note=f"{len(paths)} pages, no gzip")
        yield _wait(number, f"{what}, p50", [load.middle_ms for load in loads], None)
        yield _wait(number, f"{what}, p95", [load.slow_end_ms for load in loads], target if readers == 1 else None)


def _wait(number: int, name: str, figures: list[float], target: Target | None) -> Row:
    return Row(number, name, middle(figures), "ms", target=target, runs={"ours": figures})


def _whole(line: Line, path: str) -> int:
    """Give the bytes of a page and of the files that it loads, as they travel."""
    body, size = line.get(path), line.received
    for found in sorted(set(_LOADED.findall(body))):
        line.get(found.decode())
        size += line.received
    return size
