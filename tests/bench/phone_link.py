"""The line of a phone: everything that goes over it waits for the distance and for its turn.

In: the port of a server, and a `Line`. Out: the port where the same server stands at the far end of that line. It is a
proxy of TCP that knows nothing of HTTP: a new connection waits for its handshakes (TCP, then TLS 1.3, a round trip
each), bytes share one width in each direction. What browsers can be told to pretend spares them the handshakes.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

#: bytes of a packet
_PACKET = 1460
_HANDSHAKES = 2


@dataclass(frozen=True)
class Line:
    """A line: the time of a round trip in seconds, bits per second to the phone and from it."""

    round_trip: float
    down: float
    up: float


#: "slow 4G", formerly "fast 3G", of Lighthouse
FAST_3G = Line(0.150, 1_638_400, 750_000)


@dataclass
class _Direction:
    """One direction of a line; `free` is the moment when all that was put on it has left."""

    width: float
    delay: float
    free: float = 0.0

    def arrival(self, size: int, now: float) -> float:
        """Put bytes on the line and give the moment when the last of them arrives."""
        self.free = max(self.free, now) + size * 8 / self.width
        return self.free + self.delay


@dataclass
class _Proxy:
    port: int
    line: Line

    def __post_init__(self) -> None:
        self.down = _Direction(self.line.down, self.line.round_trip / 2)
        self.up = _Direction(self.line.up, self.line.round_trip / 2)

    async def connected(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        """Join a connection of the phone with one of the server."""
        await asyncio.sleep(_HANDSHAKES * self.line.round_trip)
        with suppress(OSError, asyncio.CancelledError):
            server, to_server = await asyncio.open_connection("127.0.0.1", self.port)
            await asyncio.gather(self._carry(phone, to_server, self.up), self._carry(server, to_phone, self.down))

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, direction: _Direction) -> None:
        loop, under_way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()

        async def deliver() -> None:
            while (item := await under_way.get())[1]:
                await asyncio.sleep(item[0] - loop.time())
                to.write(item[1])
            to.close()

        delivering = asyncio.create_task(deliver())
        with suppress(OSError):
            while packet := await source.read(_PACKET):
                under_way.put_nowait((direction.arrival(len(packet), loop.time()), packet))
        under_way.put_nowait((0.0, b""))
        await delivering


@contextmanager
def far_away(port: int, line: Line = FAST_3G) -> Iterator[int]:
    """Put a server at the far end of a line; gives the port of the near end."""
    loop, proxy = asyncio.new_event_loop(), _Proxy(port, line)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    starting = asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
