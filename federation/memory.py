"""What the C library does with freed memory: nothing by itself that suits both an import and a server.

In: nothing. Out: nothing; a C library that knows no such call (they are of glibc, <malloc.h>) is left alone. It gives
threads regions of memory of their own and keeps them when the threads end; an index writer starts threads at every
commit, and an import came to three times the memory it used. A server wants the opposite: what one page took, the next
takes again.
"""

import ctypes
from typing import Any, Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: bytes from which on a piece is got from the system by itself, and given back as soon as it is freed
_LARGE: Final = 512 * 1024
#: bytes that a server keeps, for each thread: a page of a list takes a few megabytes
_KEPT: Final = 8 * 1024 * 1024


def give_memory_back() -> None:
    """Give freed memory back, and let threads to come share one region; takes some milliseconds."""
    library = _glibc()
    if library:
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.malloc_trim(0)


def keep_memory() -> None:
    """Keep what is freed for what comes next: what went back comes again 4 KB at a time, each with an interruption."""
    library = _glibc()
    if library:
        library.mallopt(_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_MMAP_THRESHOLD, _KEPT)


def _glibc() -> Any:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
