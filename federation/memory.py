"""Memory given back to the system, where a library of C would keep what was freed.

In: nothing. Out: nothing; a C library that knows no such call (it is one of glibc) is left alone. glibc gives threads
regions of memory of their own and keeps them when the threads end; an index writer starts threads at every commit, and
an import came to three times the memory it used.
"""

import ctypes
from typing import Final

#: `mallopt` parameter of glibc: how many regions threads share
_M_ARENA_MAX: Final = -8
_REGIONS: Final = 1
#: and from which size on a piece is got from the system by itself, and given back when it is freed
_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 512 * 1024


def give_memory_back() -> None:
    """Give freed memory of this process back, and let threads to come share few regions; takes some milliseconds."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.mallopt(_M_ARENA_MAX, _REGIONS)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.malloc_trim(0)
