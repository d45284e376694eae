"""Rows 3 and 4: how fast the whole catalogue can be harvested, and whether the last page costs more than the first.

In: `Grounds`. Out: `Row`s. Both servers stand side by side and are harvested in turn; the peer serves what we export,
in pages as long as ours.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.bench import oai_client, servers
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.oai_client import Harvest, Line, Page
from tests.bench.report import Row, Target
from tests.bench.servers import PARSED, READY
from tests.bench.timing import in_turn, middle, middle_ratio, seconds

_SPEED = Target(10, goal=25)
_LAST_PAGE = Target(1.2, at_most=True)
_WAYS = {
    PARSED: "its records are bytes in memory: its fastest way for any number of harvesters",
    READY: "for information: its records are trees in memory that it hands away, for one harvester at a time",
}


def speed(grounds: Grounds) -> Iterator[Row]:
    """Give row 3: marc21 records per second over HTTP, against oai-repo with the same records in memory."""
    imported = grounds.small_home
    port = grounds.port(imported)
    with ExitStack() as open_:
        sides = [partial(_harvested, port, imported)]
        if servers.peer_there():
            sides += [partial(_harvested, each, imported) for each in _peers(grounds, imported, open_)]
        mine, *others = in_turn(sides, grounds.plan.runs)
    packed = oai_client.harvest(port, packed=True)
    yield from _speed_rows(mine, others)
    yield Row(3, "ListRecords marc21 with gzip", packed.speed, "records/s", note="for information: one run")


def _peers(grounds: Grounds, imported: Imported, open_: ExitStack) -> list[int]:
    records, page = grounds.place(), int(imported.home.settings.oai_page_size)
    _export(imported, records)
    return [open_.enter_context(servers.oai_repo(records, page, way)) for way in _WAYS]


def _export(imported: Imported, records: Path) -> None:
    process = imported.home.begin("export", "--format", "marcxml", "-o", str(records))
    _, told = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "lienthong export", stderr=told)


def _harvested(port: int, imported: Imported) -> Harvest:
    harvest = oai_client.harvest(port)
    if harvest.records != imported.unions:
        raise RuntimeError(f"{harvest.records} of {imported.unions} records were harvested from port {port}")
    return harvest


def _speed_rows(mine: Sequence[Harvest], others: Sequence[Sequence[Harvest]]) -> Iterator[Row]:
    name = f"ListRecords marc21, {mine[0].records:,} records"
    ours = [harvest.speed for harvest in mine]
    size = f"{mine[0].bytes / mine[0].records:,.0f} bytes a record in pages of {mine[0].pages[0].records}"
    if not others:
        lacking = f"not installed: {servers.NEEDED}"
        yield Row(3, name, middle(ours), "records/s", lacking, None, None, _SPEED, {"ours": ours}, size)
    for way, harvests in zip(_WAYS, others, strict=False):
        theirs = [harvest.speed for harvest in harvests]
        note = f"{_WAYS[way]}; {harvests[0].bytes / harvests[0].records:,.0f} bytes a record, ours {size}"
        figures, ratio = {"ours": ours, "peer": theirs}, middle_ratio(ours, theirs)
        target = _SPEED if way == PARSED else None
        yield Row(3, name, middle(ours), "records/s", f"oai-repo {way}", middle(theirs), ratio, target, figures, note)


def last_page(grounds: Grounds) -> Iterator[Row]:
    """Give row 4: the time of the last page of a full list against that of the first."""
    for imported in grounds.homes():
        port = grounds.port(imported)
        yield _page_row(port, _harvested(port, imported), grounds.plan.pages)


def _page_row(port: int, harvest: Harvest, times: int) -> Row:
    first, second, last = harvest.pages[0], harvest.pages[min(1, len(harvest.pages) - 1)], _last(harvest)
    with Line(port) as line:
        sides = [partial(_milliseconds, line, page) for page in (last, first, second)]
        runs = in_turn(sides, times)
    at = harvest.pages.index(last) + 1
    ratio, to_second = middle(runs[0]) / middle(runs[1]), middle(runs[0]) / middle(runs[2])
    note = f"page {at} of {len(harvest.pages)}, {times} times each; against the second page {to_second:.2f}"
    note += f", which is {second.bytes:,} bytes long, the last {last.bytes:,}"
    figures = dict(zip(("last", "first", "second"), runs, strict=True))
    name = f"last page, {harvest.records:,} records"
    return Row(4, name, middle(runs[0]), "ms", "first page", middle(runs[1]), ratio, _LAST_PAGE, figures, note)


def _last(harvest: Harvest) -> Page:
    """Give the last page that is as long as the first: a short one would flatter."""
    return next(page for page in reversed(harvest.pages) if page.records >= harvest.pages[0].records)


def _milliseconds(line: Line, page: Page) -> float:
    return seconds(lambda: line.get(page.path)) * 1000
