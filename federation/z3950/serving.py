"""The Z39.50 door as `lienthong serve z3950` runs it: one process, or one that lets clients in and several that serve.

In: the settings, how many processes and threads. Out: nothing; it serves until SIGTERM or SIGINT. A process serves who
comes to the address, or who is handed over by the porter (`federation.z3950.porter`).
"""

import asyncio
import gc
import os
import signal
import socket
from dataclasses import replace
from typing import Final

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.index import open_engine
from federation.memory import keep_memory
from federation.store import Database
from federation.z3950.door import Door, door
from federation.z3950.porter import Porter
from federation.z3950.server import BACKLOG, Server
from schemas.z3950 import codec
from schemas.z3950.session import Close

#: processes, where nothing is said: one for each core, up to these
MOST_USUAL: Final = 4
#: threads of a process, where nothing is said
_USUAL_THREADS: Final = 8
#: connections that are handed over at once
_HANDED: Final = 32
#: objects made before the young ones are looked through for garbage; Python's own number is 700
_YOUNG: Final = 20_000


def usual_workers() -> int:
    """Give the number of processes where nothing is said."""
    return min(os.cpu_count() or 1, MOST_USUAL)


def serve(settings: Settings, workers: int | None, threads: int | None) -> None:
    """Run the door until told to stop."""
    number, threads = workers or usual_workers(), threads or _USUAL_THREADS
    if number == 1:
        run(settings, threads)
        return
    host, _, port = settings.z3950_bind.rpartition(":")
    codec.encode(Close())  # what all processes need is made before they are
    gc.collect()
    gc.freeze()
    address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
    with socket.create_server(address[4][:2], family=address[0], backlog=BACKLOG) as listening:
        Porter(listening, number, lambda line: run(settings, threads, number, line)).run()


def run(settings: Settings, threads: int, share: int = 1, line: socket.socket | None = None) -> None:
    """Serve in this process, one of `share`: at the address, or who is handed over on a line."""
    engine = open_engine(settings.index_url)
    database = Database(settings.database_url, mapped=True)
    gc.freeze()
    gc.set_threshold(_YOUNG)
    keep_memory()
    try:
        made = _shared(door(Catalogue(database, engine, settings), settings), share)
        asyncio.run(_until_told(made, threads, settings.z3950_bind, line))
    finally:
        engine.close()
        database.close()


def _shared(made: Door, share: int) -> Door:
    # What an address may do is counted by the process that has all of its connections; only the sum is divided.
    return replace(made, limits=replace(made.limits, sessions=-(-made.limits.sessions // share)))


async def _until_told(made: Door, threads: int, bind: str, line: socket.socket | None) -> None:
    told, loop, server = asyncio.Event(), asyncio.get_running_loop(), Server(made, threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if line is None:
        host, _, port = bind.rpartition(":")
        await server.open(host.strip("[]"), int(port))
    else:
        server.begin()
        loop.add_reader(line, _hand_over, line, server, told)
    await told.wait()
    if line is not None:
        loop.remove_reader(line)
    await server.close()


def _hand_over(line: socket.socket, server: Server, told: asyncio.Event) -> None:
    try:
        said, connections, _, _ = socket.recv_fds(line, _HANDED, _HANDED)
    except BlockingIOError:
        return
    for number in connections:
        server.take(socket.socket(fileno=number))
    if not said:
        told.set()  # the porter is gone
