"""Z39.50 sessions that cost next to nothing, so that it is the server that is measured: bytes made beforehand, answers
read to their end and not looked into, but for the number of hits.

In: a port and queries. Out: how long it took, and the CPU that the server spent on it. Many sessions at once are held
by two processes without threads, each of which asks the next of a session as soon as the last is answered.
"""

import multiprocessing
import selectors
import socket
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from schemas.z3950 import codec, oid
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.rpn import Rpn, RpnQuery
from schemas.z3950.session import InitRequest, Option
from tests.bench.memory import family

DRIVERS = 2
SHOWN = 10
_PIECE = 1 << 20
#: seconds in which what served the last session has ended
_PAUSE = 0.05
_COUNT = 0x97
_INIT = codec.encode(InitRequest(options=frozenset({Option.SEARCH, Option.PRESENT, Option.NAMED_RESULT_SETS})))
_PRESENTS = tuple(
    codec.encode(PresentRequest(start=1, count=count, syntax=oid.USMARC)) for count in range(1, SHOWN + 1)
)


@dataclass(frozen=True)
class Load:
    """What sessions got: so many searches a second, and the CPU of the server for one, in microseconds."""

    per_second: float
    cpu: float


@dataclass(frozen=True)
class Server:
    """A server under measurement."""

    port: int
    process: int
    database: str

    def ask(self, queries: Sequence[Rpn], shown: bool, sessions: int = 1) -> Load:
        """Let sessions ask every query once between them, and look at the first records of each where `shown`."""
        asked = [codec.encode(SearchRequest(query=RpnQuery(each), databases=(self.database,))) for each in queries]
        if sessions == 1:
            with session(self.port) as line:
                return self._timed(len(asked), lambda: _alone(line, asked, shown))
        with _drivers(self.port, asked, shown, sessions) as drivers:
            return self._timed(len(asked), lambda: _together(drivers))

    def _timed(self, count: int, work: Callable[[], None]) -> Load:
        time.sleep(_PAUSE)
        before, begun = cpu(self.process), time.perf_counter()
        work()
        took, spent = time.perf_counter() - begun, cpu(self.process) - before
        return Load(count / took, spent / count * 1e6)


def cpu(process: int) -> float:
    """Give the seconds of CPU that a process and its children have spent so far."""
    return sum(_spent(stat) for each in family(process) for stat in Path("/proc").glob(f"{each}/task/*/schedstat"))


def _spent(stat: Path) -> float:
    try:
        return int(stat.read_text().split()[0]) / 1e9
    except OSError:  # it ended in the meantime
        return 0.0


@contextmanager
def session(port: int) -> Iterator[socket.socket]:
    """Introduce a client."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _answer(line, _INIT)
        yield line


def _alone(line: socket.socket, asked: Sequence[bytes], shown: bool) -> None:
    for each in asked:
        present = _present(_answer(line, each))
        if shown and present:
            _answer(line, present)


def _answer(line: socket.socket, asked: bytes) -> bytes:
    line.sendall(asked)
    found = line.recv(_PIECE)
    while not _is_whole(found):
        piece = line.recv(_PIECE)
        if not piece:
            raise RuntimeError("the server hung up")
        found += piece
    return found


def _is_whole(data: bytes) -> bool:
    if len(data) < 7:
        return False
    length, start = data[1], 2
    if length > 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    return len(data) >= start + length


def _present(answer: bytes) -> bytes:
    """Give the request for the first records of what was found; nothing when nothing was."""
    at = answer.index(_COUNT)
    hits = int.from_bytes(answer[at + 2 : at + 2 + answer[at + 1]], "big")
    return _PRESENTS[min(hits, SHOWN) - 1] if hits else b""


# --- many at once -----------------------------------------------------------------------------------------------------


@contextmanager
def _drivers(port: int, asked: Sequence[bytes], shown: bool, sessions: int) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("fork")
    shares = [asked[number::sessions] for number in range(sessions)]
    lines, processes = [], []
    for number in range(DRIVERS):
        ours, theirs = context.Pipe()
        process = context.Process(target=_drive, args=(port, shares[number::DRIVERS], shown, theirs), daemon=True)
        process.start()
        lines.append(ours)
        processes.append(process)
    try:
        _hear(lines)
        yield lines
    finally:
        for line in lines:
            with suppress(OSError):  # a driver that failed is gone
                line.send("over")
        for process in processes:
            process.join(10)


def _together(lines: Sequence[Connection]) -> None:
    for line in lines:
        line.send("go")
    _hear(lines)


def _hear(lines: Sequence[Connection]) -> None:
    told = [line.recv() for line in lines]
    if any(told):
        raise RuntimeError(f"sessions failed: {told}")


def _drive(port: int, shares: Sequence[Sequence[bytes]], shown: bool, told: Connection) -> None:
    try:
        with ExitStack() as open_ones:
            lines = [open_ones.enter_context(session(port)) for _ in shares]
            told.send("")
            if told.recv() != "go":
                return
            _race(list(zip(lines, shares, strict=True)), shown)
            told.send("")
            told.recv()  # the sessions stay until the CPU is read
    except (OSError, RuntimeError) as error:
        told.send(str(error))


def _race(talks: Sequence[tuple[socket.socket, Sequence[bytes]]], shown: bool) -> None:
    waiting = {line: _turns(line, asked, shown) for line, asked in talks if asked}
    with selectors.DefaultSelector() as ready:
        for line, turn in waiting.items():
            ready.register(line, selectors.EVENT_READ)
            next(turn)
        while ready.get_map():
            for key, _ in ready.select():
                try:
                    next(waiting[key.fileobj])  # type: ignore[index]
                except StopIteration:
                    ready.unregister(key.fileobj)


def _turns(line: socket.socket, asked: Sequence[bytes], shown: bool) -> Iterator[None]:
    """Ask one after the other; comes back whenever something is to be waited for."""
    for each in asked:
        answer = yield from _asked(line, each)
        present = _present(answer) if shown else b""
        if present:
            yield from _asked(line, present)


def _asked(line: socket.socket, request: bytes) -> Generator[None, None, bytes]:
    line.sendall(request)
    found = b""
    while not _is_whole(found):
        yield
        piece = line.recv(_PIECE)
        if not piece:
            raise RuntimeError("the server hung up")
        found += piece
    return found
