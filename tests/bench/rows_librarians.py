"""Rows 15, 16 and 17: Z39.50 and SRU beside zebrasrv with the same file, and what a session costs.

In: `Grounds`. Out: `Row`s. Both servers are asked the same queries in turn, each round others; one session at a time by
kind of query, without and with the first ten records, and sixteen at once with the kinds mixed.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from urllib.parse import urlencode

from tests.bench import librarians, servers, zebra_server
from tests.bench import memory as memories
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.librarians import YEARS
from tests.bench.oai_client import Line
from tests.bench.report import Row, Target
from tests.bench.sessions import Load, Server, session
from tests.bench.timing import middle, middle_ratio

_WANTED = Target(0.5, goal=1)
SESSIONS = 16
IDLE = 200
_PEER = "zebrasrv"
#: seconds until a server that has let many in is at rest
_REST = 1.0

Ask = Callable[[Server, int], Load]


def z3950(grounds: Grounds) -> Iterator[Row]:
    """Give row 15 for every catalogue there is."""
    for imported in grounds.homes():
        with ExitStack() as until_end:
            ours = until_end.enter_context(servers.z3950(imported.home))
            peer = _peer(grounds, imported, until_end)
            for name, ask in _ways(imported, grounds.plan.queries):
                yield _row(f"Z39.50 {name}, {imported.sample.records:,} records", ask, (ours, peer), grounds.plan.runs)


def _peer(grounds: Grounds, imported: Imported, until_end: ExitStack) -> Server | None:
    if not zebra_server.there():
        return None
    return until_end.enter_context(zebra_server.served(grounds.place(), imported.sample))


def _ways(imported: Imported, count: int) -> Iterator[tuple[str, Ask]]:
    kinds = librarians.queries(imported.sample, count)
    for shown, does in ((False, "search"), (True, "search and 10 records")):
        for kind in kinds:
            yield f"{does}, {kind}", partial(_of_kind, imported, count, kind, shown)
        yield f"{does}, {SESSIONS} sessions", partial(_of_all, imported, count, shown)


def _of_kind(imported: Imported, count: int, kind: str, shown: bool, server: Server, turn: int) -> Load:
    return server.ask(librarians.queries(imported.sample, count, turn)[kind], shown)


def _of_all(imported: Imported, count: int, shown: bool, server: Server, turn: int) -> Load:
    by_kind = librarians.queries(imported.sample, count, turn)
    # Without years: Zebra takes hundreds of times as long for them as for words, which would be all there is to see.
    kinds = [found for kind, found in by_kind.items() if kind != YEARS]
    mixed = [query for together in zip(*kinds, strict=False) for query in together]
    return server.ask(mixed, shown, SESSIONS)


def _row(name: str, ask: Ask, sides: tuple[Server, Server | None], runs: int) -> Row:
    ours, peer = sides
    mine: list[Load] = []
    theirs: list[Load] = []
    for turn in range(runs):
        mine.append(ask(ours, turn))
        if peer:
            theirs.append(ask(peer, turn))
    speeds, others = [each.per_second for each in mine], [each.per_second for each in theirs]
    spent, spent_there = middle([each.cpu for each in mine]), middle([each.cpu for each in theirs] or [0.0])
    return Row(
        *(15, name, middle(speeds), "searches/s"),
        peer=_PEER if theirs else f"not installed: {zebra_server.NEEDED}",
        peer_value=middle(others) if others else None,
        ratio=middle_ratio(speeds, others) if others else None,
        target=_WANTED,
        runs={"ours": speeds, "peer": others, "our CPU": [each.cpu for each in mine]},
        note=f"CPU for one: ours {spent:.0f} µs, theirs {spent_there:.0f} µs: {spent_there / max(spent, 1e-9):.2f}",
    )


# --- memory -----------------------------------------------------------------------------------------------------------


def memory(grounds: Grounds) -> Iterator[Row]:
    """Give row 16: what the server uses, and what a session adds that has said nothing since its Init."""
    with servers.z3950(grounds.small_home.home) as server, ExitStack() as lines:
        with session(server.port):
            time.sleep(_REST)
        before = memories.used(server.process)
        for _ in range(IDLE):
            lines.enter_context(session(server.port))
        time.sleep(_REST)
        after, count = memories.used(server.process), len(memories.family(server.process))
    note = f"{count} processes; {before.anonymous:.0f} MB of it no file backs"
    yield Row(16, "memory of the Z39.50 door", before.total, "MB", note=note)
    each = (after.total - before.total) * 1_000 / IDLE
    yield Row(16, "memory of an idle session", max(each, 0.001), "kB", note=f"{IDLE} sessions that have said Init")


# --- SRU --------------------------------------------------------------------------------------------------------------


def sru(grounds: Grounds) -> Iterator[Row]:
    """Give row 17: searchRetrieve with ten records in MARCXML, one reader that keeps its connection."""
    for imported in grounds.homes():
        with ExitStack() as until_end:
            peer = _peer(grounds, imported, until_end)
            sides = [(grounds.port(imported), "/sru"), *([(peer.port, "/Default")] if peer else [])]
            rounds = [
                [_asked(*side, librarians.cql(imported.sample, grounds.plan.queries, turn)) for side in sides]
                for turn in range(grounds.plan.runs)
            ]
        ours, *theirs = ([each[place] for each in rounds] for place in range(len(sides)))
        yield Row(
            *(17, f"SRU, {imported.sample.records:,} records", middle(ours), "requests/s"),
            peer=_PEER if theirs else f"not installed: {zebra_server.NEEDED}",
            peer_value=middle(theirs[0]) if theirs else None,
            ratio=middle_ratio(ours, theirs[0]) if theirs else None,
            runs={"ours": ours, "peer": theirs[0] if theirs else []},
            note="searchRetrieve 1.1, ten records in MARCXML, not compressed",
        )


def _asked(port: int, path: str, queries: Sequence[str]) -> float:
    given = {"version": "1.1", "operation": "searchRetrieve", "maximumRecords": "10", "recordSchema": "marcxml"}
    addresses = [f"{path}?{urlencode({**given, 'query': query})}" for query in queries]
    with Line(port) as line:
        line.get(addresses[0])
        begun = time.perf_counter()
        for address in addresses:
            line.get(address)
        return len(queries) / (time.perf_counter() - begun)
