"""Decode an upload in a child process that has little time and memory, and check what it answers.

The server's own process never parses a visitor's file: a decoder that crashes, loops or eats memory takes its child
with it and nothing else.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from typing import IO

from vaedemo import settings
from vaedemo.uploads import answers
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.bodies import pack
from vaedemo.uploads.limits import LARGEST_ANSWER, LARGEST_UPLOAD, LONGEST_LOG, WALL_SECONDS
from vaedemo.uploads.words import NOT_NOW, TOO_MUCH, Refused, printable

__all__ = ["Decoded", "Refused", "decode", "pack"]

log = logging.getLogger(__name__)
# -P: what lies in the current folder is not imported; -s: nor a user's own packages; -B: no compiled file is written.
COMMAND = (sys.executable, "-P", "-s", "-B", "-m", "vaedemo.uploads.child")
KEPT = ("PATH", "SYSTEMROOT")  # of the server's environment, which may hold its secrets
NICENESS = 10
PIECE = 65_536


def decode(body: bytes) -> Decoded:
    """What an upload's body holds, decoded in a child process; blocks for up to 20 seconds.

    Raises `Refused` with one sentence for anything that is not accepted, and for a child that fails in any way.
    """
    if len(body) > LARGEST_UPLOAD:
        raise Refused(
            f"An upload may have up to {LARGEST_UPLOAD // 1_000_000} million bytes: fewer or smaller files fit."
        )
    try:
        answer, ended, errors = run(COMMAND, body)
    except (OSError, RuntimeError) as error:  # the machine has no more memory, processes or threads
        log.warning("No process to decode an upload: %s", error)
        raise Refused(NOT_NOW) from None
    if errors:
        log.warning("The decoding of an upload wrote: %s", printable(errors.decode("utf-8", "replace")))
    try:
        return answers.read(answer)
    except answers.BadAnswer as error:
        log.warning("The decoding of an upload ended with %s and answered with %s.", ended, error)
        raise Refused(TOO_MUCH) from None


def run(command: tuple[str, ...], body: bytes, seconds: float = WALL_SECONDS) -> tuple[bytes, int, bytes]:
    """A process's answer to a body, its exit status and what it wrote to its errors.

    It is stopped, with all that it started, when its answer is complete, is too long or has not come in time; the
    answer is empty then.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=os.path.abspath(os.sep),
        env=environment(),
        # A group of its own, to be ended as a whole; in a session of its own Linux would share the processor between
        # that session and the server's, whatever the child's niceness (man 7 sched: autogroup).
        process_group=0,
    )
    try:
        if hasattr(os, "setpriority"):  # at once, for its imports take longer than many an upload
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
        answer, errors = Bounded(process.stdout, LARGEST_ANSWER), Bounded(process.stderr, LONGEST_LOG)
        threading.Thread(target=write, args=(process.stdin, body), daemon=True).start()
        complete = answer.done.wait(seconds) and not answer.too_long
    finally:
        end(process)
    errors.done.wait(1.0)
    return bytes(answer.content) if complete else b"", process.returncode, bytes(errors.content)


class Bounded:
    """What a pipe gives, read in a thread up to a number of bytes. A writer of more finds the pipe closed."""

    def __init__(self, pipe: IO[bytes], most: int):
        self.pipe, self.most = pipe, most
        self.content = bytearray()
        self.too_long = False
        self.done = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        """Read until the pipe ends or the bound is passed."""
        with contextlib.suppress(OSError, ValueError), self.pipe:
            while not self.too_long and (piece := os.read(self.pipe.fileno(), PIECE)):
                self.too_long = len(self.content) + len(piece) > self.most
                self.content += piece[: self.most - len(self.content)]
        self.done.set()


def write(pipe: IO[bytes], body: bytes) -> None:
    """Write a body into a pipe; its reader may be gone before its end."""
    with contextlib.suppress(OSError, ValueError), pipe:
        pipe.write(body)


def end(process: subprocess.Popen) -> None:
    """End a process with all that it started, and wait until it is gone.

    It was not waited for before: until then its number stays its own, and no other group can be meant.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def environment() -> dict[str, str]:
    """The child's environment: where Python and this package are, and one thread for NumPy."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | threads | {"PYTHONPATH": str(settings.REPOSITORY)}
