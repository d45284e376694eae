"""The web door as `lienthong serve web` runs it.

In: the settings, and how many processes and threads. Out: nothing; it serves until SIGTERM or SIGINT and lets answers
under way end. It runs under gunicorn, several threads to a process, because a search waits for the index and the
database more than it computes.
"""

import gc
import logging
import os
import select
import socket
from typing import Any, Final

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from federation.app import create_app
from federation.config import Settings
from federation.memory import keep_memory

#: seconds that answers under way have to end after SIGTERM
_GRACE: Final = 10
#: milliseconds that a thread stays with a connection after an answer
_MOMENT: Final = 5
#: objects made before the young ones are looked through for garbage; Python's own number is 700
_YOUNG: Final = 50_000
#: an address holds at most this many bytes; a Vietnamese letter takes nine of them
_LONGEST_ADDRESS: Final = 8190


def serve(settings: Settings, workers: int | None, threads: int) -> None:
    """Run the web door until told to stop."""
    WebServer(settings, workers or max(1, (os.cpu_count() or 1) // 2), threads).run()


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
