"""Settings of glibc's memory allocator that return freed memory to the system.

By default glibc keeps one arena per thread and does not return the memory freed in it: 50 to 100 MB after every page
was opened once.
"""

import ctypes
import sys

ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1  # parameter numbers of mallopt in malloc.h
POOLS = 2
# Bytes. Larger blocks are mapped and unmapped one by one. That costs 0.6 ms per megabyte, because the kernel clears
# each memory page. The largest tensors that a page allocates while a slider moves are smaller.
LARGE = 16_000_000
MOST_KEPT = 8_000_000  # free bytes at the end of an arena before it is trimmed


def return_freed_memory() -> bool:
    """Apply the settings; False if the C library is not glibc."""
    library = glibc()
    if library is None:
        return False
    settings = {ARENA_MAX: POOLS, MMAP_THRESHOLD: LARGE, TRIM_THRESHOLD: MOST_KEPT}
    return all(library.mallopt(name, value) == 1 for name, value in settings.items())


def trim() -> None:
    """Return all free memory to the system now."""
    library = glibc()
    if library is not None:
        library.malloc_trim(0)


def glibc():
    """The C library of this process if it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
