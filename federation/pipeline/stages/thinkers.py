"""Other processes that think for a stage: pure functions of a batch, on every core of the machine.

In: a function of a module and its argument. Out: a call that gives the result. Small amounts are thought about here
and at once, because processes take a moment to start. They start from a clean server process, never as a copy of this
one, whose threads and open files they must not inherit; and they end when this process does, however it ends.
"""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, TypeVar

from federation.errors import Unavailable
from federation.memory import give_memory_back

#: fewer rows than this are not worth starting processes for
WORTH_PROCESSES: Final = 1500
#: batches after which a process makes room for a fresh one: what it gathered on its way is given back
BATCHES_EACH: Final = 16
#: objects after which a thinker looks for cycles: a batch makes many that live a moment, and hardly a cycle
COLLECT_EVERY: Final = 20_000
B = TypeVar("B")
T = TypeVar("T")


def get_ready() -> None:
    """Start the process that others will be made from; it loads what they need while this one does something else.

    Where there is one core only, there are no others.
    """
    if os.cpu_count() == 1:
        return
    forkserver.set_forkserver_preload(["federation.pipeline.stages.walk"])
    forkserver.ensure_running()


class Thinkers:
    """Thinks in other processes once enough work is expected; ends them with the block."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        #: stages that run side by side expect their work at the same time
        self._lock = threading.Lock()

    def __enter__(self) -> "Thinkers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def expect(self, rows: int) -> None:
        """Start the processes if that many rows are worth it."""
        with self._lock:
            if self._pool is None and self._workers > 1 and rows >= WORTH_PROCESSES:
                server = multiprocessing.get_context("forkserver")
                get_ready()
                self._pool = ProcessPoolExecutor(
                    self._workers, server, initializer=_begin, max_tasks_per_child=BATCHES_EACH
                )

    def think(self, function: Callable[[B], T], batch: B) -> Callable[[], T]:
        """Begin to think; the call that is given back waits for the result."""
        if self._pool:
            return partial(_awaited, self._pool.submit(function, batch))
        result = function(batch)
        return lambda: result


def _awaited(future: "Future[T]") -> T:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise Unavailable(
            "process-killed",
            "a process that worked for this one was ended, perhaps for want of memory; `lienthong run` goes on",
            "stages",
        ) from error


def _begin() -> None:
    """Set up a process of the pool, which does not notice by itself that the one it works for was killed."""
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
    give_memory_back()
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
