"""The web door as `lienthong serve web` runs it.

In: the settings, and how many processes and threads. Out: nothing; it serves until SIGTERM or SIGINT and lets answers
under way end. It runs under gunicorn: a process for each core, because only one thread of a process runs Python at a
time, and few threads to a process, because those that want to run stand in each other's way.
"""

import gc
import logging
import os
import select
import selectors
import socket
from functools import partial
from typing import Any, Final

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from federation.app import create_app
from federation.config import Settings
from federation.memory import keep_memory

#: seconds that answers under way have to end after SIGTERM
_GRACE: Final = 10
#: processes, where nothing is said: one for each core up to these, and from twice as many cores on half of them
_MOST_FOR_CORES: Final = 4
#: threads of a process, where nothing is said; with eight, pages take longer than with two to four (bench, row 6)
_USUAL_THREADS: Final = 4
#: milliseconds that a thread stays with a connection after an answer
_MOMENT: Final = 5
#: objects made before the young ones are looked through for garbage; Python's own number is 700
_YOUNG: Final = 50_000
#: an address holds at most this many bytes; a Vietnamese letter takes nine of them
_LONGEST_ADDRESS: Final = 8190


def usual_workers() -> int:
    """Give the number of processes where nothing is said."""
    cores = os.cpu_count() or 1
    return max(min(cores, _MOST_FOR_CORES), cores // 2)


def serve(settings: Settings, workers: int | None, threads: int | None) -> None:
    """Run the web door until told to stop."""
    WebServer(settings, workers or usual_workers(), threads or _USUAL_THREADS).run()


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
    """A process of the web door: gunicorn's, with other manners before the first request and after an answer.

    gunicorn gives a new connection to a thread, which waits five seconds for a request. Browsers open connections that
    they may never use, and a few of those would shut the door to everybody else: here the main thread waits for them.

    After an answer a thread stays with its connection for a moment: who reads a list asks for the next page as soon as
    one has come, and to give the connection back to the main thread and to get it again takes a tenth of the page's
    time. While others wait for a thread, none stays.
    """

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection to a thread when something has come over it, and wait for that until it does."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

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
