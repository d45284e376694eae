"""Row 18: when a phone on a weak line shows something of a page that it opens for the first time.

In: `Grounds`. Out: `Row`s for the front page, a search and a record: what must come before the first paint, and the
time of it at the far end of a slow line, beside a bare page of one kilobyte that needs nothing else.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from tests.bench import phone, sample, searching
from tests.bench.grounds import Grounds
from tests.bench.oai_client import Line
from tests.bench.phone import Painted
from tests.bench.phone_link import FAST_3G, far_away
from tests.bench.report import Row, Target
from tests.bench.timing import in_turn, middle

_NUMBER: Final = 18
_SECOND: Final = Target(1000, at_most=True)
_WINDOW: Final = Target(14.6, at_most=True)
_SHEETS: Final = re.compile(rb'rel="stylesheet" href="([^"]+)"')
_BARE: Final = b"<!doctype html><title>Bare</title><link rel=icon href=data:,><p>" + b"word " * 190


def paints(grounds: Grounds) -> Iterator[Row]:
    """Give row 18, of the small catalogue."""
    imported = grounds.small_home
    query = sample.queries(imported.sample, 1)[0]
    pages = {"front page": "/", "search page": searching.page_of(query), "record page": "/record/1"}
    port = grounds.port(imported)
    yield from (_weight(port, name, path) for name, path in pages.items())
    if phone.there():
        yield from _times(port, pages, grounds.plan.runs)


def _weight(port: int, name: str, path: str) -> Row:
    """Tell the larger of the answers that the first paint waits for: up to 14.6 KB come in one round trip."""
    with Line(port, packed=True) as line:
        page = line.get(path)
        size = line.received
        for sheet in _SHEETS.findall(page):
            line.get(sheet.decode())
            size = max(size, line.received)
    note = "" if phone.there() else f"times are not measured; not installed: {phone.NEEDED}"
    what = f"{name}, largest answer that the first paint waits for, gzip"
    return Row(_NUMBER, what, size / 1000, "KB", target=_WINDOW, runs={"ours": [size / 1000]}, note=note)


def _times(port: int, pages: dict[str, str], runs: int) -> Iterator[Row]:
    with _bare() as bare, phone.browser() as opened, far_away(port) as far, far_away(bare) as far_bare:
        near = f"http://127.0.0.1:{bare}/"

        def painted(at: int, path: str) -> Painted:
            return phone.painted(opened, f"http://127.0.0.1:{at}{path}", near)

        sides = [lambda path=path: painted(far, path) for path in pages.values()]
        *ours, peer = in_turn([*sides, lambda: painted(far_bare, "/")], runs)
    for name, figures in zip(pages, ours, strict=True):
        yield _row(name, figures, peer)


def _row(name: str, ours: list[Painted], bare: list[Painted]) -> Row:
    first, theirs = [each.first for each in ours], [each.first for each in bare]
    largest = [each.largest for each in ours]
    note = f"the largest paint after {middle(largest):.0f} ms, a bare page after {middle(theirs):.0f} ms; "
    note += f"four round trips take {4 * FAST_3G.round_trip * 1000:.0f} ms, the page's own work "
    note += f"{middle(each.busy for each in ours):.0f} ms of a processor made {phone.SLOWER} times slower"
    return Row(
        *(_NUMBER, f"{name}, first paint on a phone, round trip {FAST_3G.round_trip * 1000:.0f} ms", middle(first)),
        *("ms", "", None, None, _SECOND, {"ours": first, "largest": largest, "peer": theirs}, note),
    )


@contextmanager
def _bare() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bare)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Bare(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_BARE)))
        self.end_headers()
        self.wfile.write(_BARE)

    def log_message(self, *_: object) -> None:
        """Say nothing: the bench prints rows."""
