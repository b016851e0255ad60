"""The C library's memory allocator, told to give freed memory back to the system.

Left alone, glibc keeps a pool for each of a session's threads and holds on to what was freed in them: 50 to 100 MB
after every page has been opened once.
"""

import ctypes
import sys

ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1  # names of mallopt's parameters in malloc.h
POOLS = 2
# Bytes. Such blocks come from the system and go back one by one, which costs 0.6 ms a megabyte: it clears each page.
# The largest tensors that a page makes while a slider moves are below.
LARGE = 16_000_000
MOST_KEPT = 8_000_000  # free at a pool's end


def return_freed_memory() -> bool:
    """Set it so; False where the C library is not glibc and nothing can be set."""
    library = glibc()
    if library is None:
        return False
    settings = {ARENA_MAX: POOLS, MMAP_THRESHOLD: LARGE, TRIM_THRESHOLD: MOST_KEPT}
    return all(library.mallopt(name, value) == 1 for name, value in settings.items())


def trim() -> None:
    """Give back what is free now."""
    library = glibc()
    if library is not None:
        library.malloc_trim(0)


def glibc():
    """The C library of this process, where it is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
