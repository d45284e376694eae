"""How much each address asks of the Z39.50 door: so many searches, records and wrong passwords a minute.

In: an address and what it wants. Out: how many seconds it has to wait, 0 when it may go on. Each address has a bucket
that fills evenly; one that is full again is forgotten. Used from several threads.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

_MINUTE: Final = 60.0
#: buckets after which full ones are looked for
_MANY: Final = 4_096


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass
class Meter:
    """Counts one kind of thing; `most` a minute, 0: any number."""

    most: int
    now: Callable[[], float] = time.monotonic
    _buckets: dict[Hashable, _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, who: Hashable, count: int = 1) -> int:
        """Take so many, all or none; give the seconds after which there are enough, 0 when they were taken.

        Who never took any may take more at once than there are in a minute, and waits the longer for the next.
        """
        if not self.most:
            return 0
        with self._lock:
            bucket = self._filled(who)
            wait = self._wait(bucket, count)
            if not wait:
                bucket.left -= count
            return wait

    def wait(self, who: Hashable) -> int:
        """Give the seconds after which one more can be taken, and take none."""
        with self._lock:
            return self._wait(self._filled(who), 1) if self.most else 0

    def _wait(self, bucket: _Bucket, count: int) -> int:
        return max(0, math.ceil((min(count, self.most) - bucket.left) * _MINUTE / self.most))

    def _filled(self, who: Hashable) -> _Bucket:
        now = self.now()
        if len(self._buckets) >= _MANY and who not in self._buckets:
            self._forget(now)
        bucket = self._buckets.setdefault(who, _Bucket(self.most, now))
        bucket.left = self._level(bucket, now)
        bucket.at = now
        return bucket

    def _level(self, bucket: _Bucket, now: float) -> float:
        return min(self.most, bucket.left + (now - bucket.at) * self.most / _MINUTE)

    def _forget(self, now: float) -> None:
        full = [who for who, bucket in self._buckets.items() if self._level(bucket, now) >= self.most]
        for who in full:
            del self._buckets[who]
