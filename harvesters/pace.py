"""Not faster than a host likes: so many requests a minute, and one run at a time, whichever source asks.

In: requests a minute, and a folder that the processes of one house share (without one each `Pace` counts for itself).
Out: a wait before a request that would come too early, and the turn of a run. Some requests may follow each other at
once, the others come evenly. What a killed process held is free again at once: the system gives up its locks.
"""

import fcntl
import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from harvesters.errors import SourceUnavailable

log = logging.getLogger(__name__)
#: the part of a minute's requests that may come at once
_BURST: Final = 6


@dataclass
class Pace:
    """A bucket of requests for each host: it fills by `per_minute` and holds a sixth of that."""

    per_minute: int
    folder: str = ""
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _own: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        """Take one request to a host, after waiting for it when the bucket is empty."""
        wanted = self._shared(host) if self.folder else self._taken(self._own, host)
        if wanted > 0:
            log.debug("%s: waiting %.1f s, for %d requests a minute are allowed", host, wanted, self.per_minute)
            self.sleep(wanted)

    def _taken(self, buckets: dict[str, tuple[float, float]], host: str) -> float:
        """Take from the bucket, which may go below nothing: that is how long this request waits, in requests."""
        moment, size, rate = self.now(), max(1.0, self.per_minute / _BURST), self.per_minute / 60
        level, since = buckets.get(host, (size, moment))
        # A clock that was set back fills no bucket and empties none; nobody waits for more than a full one.
        level = min(size, max(-size, level) + max(0.0, moment - since) * rate) - 1
        buckets[host] = (level, moment)
        return max(0.0, -level / rate)

    def _shared(self, host: str) -> float:
        with _open(self.folder, host, "pace") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            buckets = _read(file.read(100), host)
            wanted = self._taken(buckets, host)
            file.truncate(0)
            file.write("{} {}\n".format(*buckets[host]))
            return wanted


def _read(text: str, host: str) -> dict[str, tuple[float, float]]:
    try:
        level, since = map(float, text.split())
    except ValueError:
        return {}  # new, or torn by a full disk: as if nobody had asked yet
    return {host: (level, since)}


def hosts(url: str) -> list[str]:
    """Name the hosts of the addresses of a source (one a line), sorted; none for paths."""
    lines = (line for line in map(str.strip, url.splitlines()) if is_address(line) or _is_target(line))
    return sorted({host_of(line) for line in lines} - {""})


def host_of(address: str) -> str:
    """Name the host of an address, with its port where that is not the usual one: behind it is another server."""
    try:
        parts = urlsplit(address)
        usual = parts.port in (None, 80, 443)
        return (parts.hostname or "") + ("" if usual or not parts.hostname else f":{parts.port}")
    except ValueError:
        return ""  # whoever fetches it will say what is wrong


def _is_target(line: str) -> bool:
    return line.lower().startswith("z3950:")


def is_address(line: str) -> bool:
    """Whether a line is an address to be fetched, not a path on this machine."""
    return re.match(r"(?i)https?://", line) is not None


@contextmanager
def turn(
    folder: str, names: Iterable[str], patience: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the turn at all these hosts; raises `SourceUnavailable` when others have it after `patience` seconds."""
    with ExitStack() as held:
        # Always in the order of their names: two runs that want the same hosts never wait for each other.
        for name in sorted(names):
            file = held.enter_context(_open(folder, name, "turn"))
            end = time.monotonic() + patience
            if not _locked(file):
                log.warning("%s: another source of this host is being harvested; waiting for it", name)
                _wait(file, name, end, sleep)
        yield


def _wait(file: Any, name: str, end: float, sleep: Callable[[float], None]) -> None:
    while not _locked(file):
        if time.monotonic() >= end:
            message = "another source of this host is being harvested; one is asked at a time. Try again later"
            raise SourceUnavailable("host-busy", message, name)
        sleep(0.2)


def _locked(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(folder: str, host: str, kind: str) -> Any:
    # A host's name is the source's; of a name that is no plain one only a digest becomes a name of a file.
    plain = host if re.fullmatch(r"[a-z0-9][a-z0-9.:-]{0,100}", host) else hashlib.sha256(host.encode()).hexdigest()
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        return Path(folder, f"{plain}.{kind}").open("a+", encoding="ascii", errors="replace")
    except OSError as error:
        raise SourceUnavailable("pace-file", f"{error.strerror}; the home must be writable", folder) from None
