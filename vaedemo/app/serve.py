"""What the server does before its first visitor and after its last: warm up, start the worker, close it.

`lifespan` runs once per process, while the listening socket already queues visitors but none is answered yet.
Each step was worth measuring: torch imported here rather than in the first visitor's page (2.6 s to 1.1 s until
first paint), one heap freeze (66 to 195 ms less per rerun, Streamlit collects garbage after each), and TCP_NODELAY
(a floor of 40 ms under back-to-back interactions).
"""

import asyncio
import gc
import importlib
import logging
import os
import pkgutil
import socket
import sys
import threading
from contextlib import asynccontextmanager

from vaedemo import settings

logger = logging.getLogger(__name__)

# Scripts that Streamlit runs for each visitor, and the command line: everything else of ours is imported once.
SCRIPTS = ("vaedemo.__main__", "vaedemo.app.main", "vaedemo.app.lessons")
OUTSIDE = ("pandas", "PIL.Image", "plotly.graph_objects", "plotly.io", "pyarrow", "torch")


def check_settings():
    """Read the VAEDEMO_ variables; one that cannot be read ends the process with one sentence and exit code 2."""
    try:
        settings.current()
    except settings.SettingError as error:
        sys.stderr.write(f"vaedemo: {error}\n")
        raise SystemExit(2) from None


@asynccontextmanager
async def lifespan(app):
    """Streamlit's hook around the server's life; `app` is the `st.App`.

    Before the first visitor: TCP_NODELAY, imports, shipped runs read, heap frozen. The worker process starts in a
    thread of its own, so that nobody waits for it.
    """
    set_nodelay(listening_sockets())
    import_everything()
    read_shipped_runs()
    starting = threading.Thread(target=start_jobs, name="start-jobs", daemon=True)
    starting.start()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        await asyncio.to_thread(close_jobs, starting)


def listening_sockets() -> list[socket.socket]:
    """The TCP sockets on which this process listens.

    Streamlit binds its socket before the lifespan starts and hands it to nobody, so it is found among the living
    objects. Where another server (plain uvicorn) binds after the lifespan, the list is empty: asyncio opens those
    sockets itself, with the protocol named, and sets TCP_NODELAY on its own.
    """
    families = (socket.AF_INET, socket.AF_INET6)
    # `type` rather than isinstance, which would ask lazy proxies for their class and wake them.
    found = [each for each in gc.get_objects() if type(each) is socket.socket and each.fileno() >= 0]
    return [
        each for each in found if each.family in families and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    ]


def set_nodelay(sockets: list[socket.socket]):
    """Set TCP_NODELAY on listening sockets; the connections they accept inherit it."""
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def import_everything():
    """Import torch, with one thread for the pages' small decodes, then every module that a page may ask for."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read by OpenMP when torch loads it: waiting threads sleep
    import torch

    torch.set_num_threads(1)
    for name in (*OUTSIDE, *own_modules()):
        importlib.import_module(name)


def own_modules() -> list[str]:
    """The names of all modules of this package but the scripts."""
    import vaedemo

    def fail(name: str):
        raise  # walk_packages calls this while it handles the import error, and would otherwise pass over it

    found = pkgutil.walk_packages(vaedemo.__path__, "vaedemo.", onerror=fail)
    return [module.name for module in found if not module.name.startswith(SCRIPTS)]


def read_shipped_runs():
    """Read every shipped run and the digits that go with them, so that the first visitor finds them in memory.

    One that cannot be read is a warning on stderr, and its page says so too.
    """
    from vaedemo.app import catalogue

    for name in catalogue.shipped_names():
        try:
            catalogue.images(catalogue.run(name).config.dataset)
        except (OSError, ValueError, LookupError) as error:
            logger.warning("The shipped run %s was not read: %s", name, error)


def start_jobs():
    """Start the job service. Without it the pages still show what is stored; a click on Train says the reason."""
    from vaedemo.app import runs

    try:
        runs.service().start()
    except (OSError, ValueError, RuntimeError) as error:  # an address refused, no process to be had, a time-out
        logger.error("Training is not at hand: %s", error)


def close_jobs(starting: threading.Thread):
    """End the worker process, after a start that is still under way."""
    from vaedemo.app import runs

    starting.join()
    runs.service().close()
