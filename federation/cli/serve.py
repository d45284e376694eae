"""`lienthong serve`: run the doors until told to stop.

In: the settings and, if wanted, the name of one door or of the scheduler. Out: nothing; the process serves until
SIGTERM or SIGINT, lets answers under way end, and exits 0. Without a name each is a process of its own, supervised. The
web door runs under gunicorn, several threads to a process, because a search waits for the index and the database more
than it computes.
"""

import gc
import logging
import os
import select
import socket
from typing import Any, Final

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from federation.app import create_app
from federation.cli import scheduling, supervise
from federation.config import Settings, read
from federation.errors import Unavailable, UsageError
from federation.memory import keep_memory

DOORS: Final = ("web", "z3950", "scheduler")
#: seconds that answers under way have to end after SIGTERM
_GRACE: Final = 10
#: milliseconds that a thread stays with a connection after an answer
_MOMENT: Final = 5
#: objects made before the young ones are looked through for garbage; Python's own number is 700
_YOUNG: Final = 50_000
#: an address holds at most this many bytes; a Vietnamese letter takes nine of them
_LONGEST_ADDRESS: Final = 8190


@click.command()
@click.argument("door", required=False, type=click.Choice(DOORS))
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes of the web door [half the cores].")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads of each process.")
def serve(door: str | None, workers: int | None, threads: int) -> None:
    """Serve the catalogue until stopped; without a name, the doors and the scheduler together, supervised."""
    if door == "z3950":
        raise UsageError("door-absent", f"{door!r} is not part of this release; there are: web, scheduler", "serve")
    if door == "scheduler":
        scheduling.serve()
        return
    settings = read()
    _check_free(settings.web_bind)
    click.echo(f"Serving {settings.public_url} on {settings.web_bind}; stop with Ctrl-C.")
    if door is None:
        supervise.run({"web": _options(workers, threads), "scheduler": ()})
        return
    WebServer(settings, workers or max(1, (os.cpu_count() or 1) // 2), threads).run()


def _options(workers: int | None, threads: int) -> tuple[str, ...]:
    return (*(("--workers", str(workers)) if workers else ()), "--threads", str(threads))


class WebServer(BaseApplication):  # type: ignore[misc]
    """The web door under gunicorn. Every process makes its own application: connections do not survive a fork."""

    def __init__(self, settings: Settings, workers: int, threads: int) -> None:
        self._settings = settings
        self._options: dict[str, Any] = {
            "bind": settings.web_bind,
            "workers": workers,
            "threads": threads,
            "worker_class": Worker,
            "timeout": 120,
            "graceful_timeout": _GRACE,
            "keepalive": 5,
            "limit_request_line": _LONGEST_ADDRESS,
            "control_socket_disable": True,
            "proc_name": "lienthong-web",
            "loglevel": logging.getLevelName(logging.getLogger().level).lower(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn; no file and no environment variable of its own is read."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application of one process."""
        application = create_app(self._settings)
        # A page of a list makes a few thousand objects that die with it, and what was imported never dies: looking for
        # garbage at every 700th would cost a tenth of the page.
        gc.freeze()
        gc.set_threshold(_YOUNG)
        keep_memory()
        return application


class Worker(ThreadWorker):  # type: ignore[misc]
    """A process of the web door: gunicorn's, but after an answer a thread stays with its connection for a moment.

    Who reads a list asks for the next page as soon as one has come; to give the connection back to the main thread and
    to get it again takes a tenth of the page's time. While others wait for a thread, none stays.
    """

    def handle(self, conn: TConn) -> object:
        """Answer what comes over a connection; gives True when the main thread is to wait for more."""
        kept = super().handle(conn)
        while kept is True and self.alive and self.tpool._work_queue.empty() and _asks_again(conn.sock):
            kept = super().handle(conn)
        return kept


def _asks_again(connection: socket.socket) -> bool:
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(_MOMENT))


def _check_free(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(
            "address-taken", f"cannot listen there: {error}; is another server running?", f"LIENTHONG_WEB_BIND={bind}"
        ) from error
