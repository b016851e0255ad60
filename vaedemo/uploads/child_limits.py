"""The limits that the child sets itself before it reads a stranger's bytes.

They bound time, memory and what is written; they are no sandbox for code. Where Python has no `resource` (Windows) none
is set, and where the system ignores a limit on the address space (macOS) memory is not bounded: there the checks of
sizes and the parent's clock are what is left.
"""

import contextlib
import os
from pathlib import Path

from vaedemo.uploads.limits import CPU_SECONDS, MEMORY, OPEN_FILES

try:
    import resource
except ImportError:  # Windows
    resource = None

STATM = Path("/proc/self/statm")


def set_limits(memory: int = MEMORY) -> None:
    """Limit this process: processor time, memory beyond what it has now, and no file, core or process of its own.

    The server has made it give way to others already (`decoder.run`).
    """
    if resource is None:
        return
    limits = [
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),  # root may still start processes: the parent ends the whole group
    ]
    taken = address_space()
    if taken is not None:
        limits.append((resource.RLIMIT_AS, taken + memory))
    for name, limit in limits:
        with contextlib.suppress(ValueError, OSError):  # the system has no such limit or a lower one
            resource.setrlimit(name, (limit, limit))


def address_space() -> int | None:
    """The bytes of address space that this process has, or None where the system does not tell."""
    try:
        return int(STATM.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
