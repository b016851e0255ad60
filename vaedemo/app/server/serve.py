"""What the server does before its first visitor, beside them and after its last.

The lifespan runs once per process. It sets TCP_NODELAY at once (without it there is a floor of 40 ms under
back-to-back interactions) and hands the rest to a thread, so that the browser of the first visitor loads its scripts
while torch is imported. `Gate` keeps the health check and the connections waiting until the first page can be drawn.
What no first page needs comes after it: the other modules, the heap frozen for good (Python's own garbage collection
then walks what sessions bring and not torch's hundred thousand objects; Streamlit's, after each rerun, is switched off
in config.toml), the worker, and what the longest openings of pages compute.
"""

import asyncio
import gc
import importlib
import linecache
import logging
import os
import pkgutil
import re
import socket
import threading
from contextlib import asynccontextmanager

from vaedemo.app.server import allocator

logger = logging.getLogger(__name__)

# Scripts that Streamlit runs for each visitor, and the command line: everything else of ours is imported once.
SCRIPTS = re.compile(r"vaedemo\.(__main__|app\.main|app\.lessons\.(\w+)\.\2)")
OUTSIDE = ("PIL.Image", "plotly.graph_objects", "plotly.io", "torch")
# Of vaedemo.app: what the first page imports.
FIRST_PAGE = ("shell.frame", "catalogue", "shell.lecture", "components.image_grid")
FIRST_RUN = "mnist-2d"
VISITOR_SECONDS = 4.0  # how long the rest waits for a first visitor
TRIM_SECONDS = 5.0
# Python looks for garbage after so many new objects, not after 700: each change leaves 500 that refer to each other,
# and to look while they are in use finds nothing and costs a class a quarter of its time.
GARBAGE = (10_000, 5, 50)
PAGE_SECONDS = 2.0  # how long it then leaves the cores to that visitor's page


class Warmth:
    """How far a process is: `ready` to draw a first page, `visited` by somebody, `closing`."""

    def __init__(self):
        self.ready, self.visited, self.closing = asyncio.Event(), threading.Event(), threading.Event()
        self.loop = asyncio.get_running_loop()

    def open(self) -> None:
        """Let those in who wait at the gate; from any thread."""
        self.loop.call_soon_threadsafe(self.ready.set)

    def close(self) -> None:
        self.closing.set()
        self.visited.set()  # wakes whoever waits for a first visitor


_warmth: list[Warmth] = []  # of the lifespan that runs now; without one (in a test) nobody waits


class Gate:
    """ASGI middleware: the health check and websockets wait until a first page can be drawn; files do not."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if _warmth:
            if scope["type"] == "websocket":
                _warmth[-1].visited.set()
            if scope["type"] == "websocket" or scope.get("path", "").endswith("/_stcore/health"):
                await _warmth[-1].ready.wait()
        await self.app(scope, receive, send)


@asynccontextmanager
async def lifespan(app):
    """Streamlit's hook around the server's life; `app` is the `st.App`."""
    allocator.return_freed_memory()
    set_nodelay(listening_sockets())
    warmth = Warmth()
    _warmth.append(warmth)
    warming = threading.Thread(target=warm_up, args=(warmth,), name="warm-up", daemon=True)
    warming.start()
    try:
        yield
    finally:
        warmth.close()
        _warmth.remove(warmth)
        await asyncio.to_thread(close_jobs, warming)


def warm_up(warmth: Warmth):
    """First what the first page needs; when it is drawn, or nobody comes, the rest, the worker, and what the longest
    openings compute."""
    gc.disable()  # imports leave little garbage, and looking for it takes a fifth of their time
    try:
        prepare_first_page()
    except Exception:
        logger.exception("The server could not get ready; its pages say what is missing.")
    finally:
        gc.freeze()
        gc.enable()
        warmth.open()
    if warmth.visited.wait(VISITOR_SECONDS):
        warmth.closing.wait(PAGE_SECONDS)
    if warmth.closing.is_set():
        return
    import_everything()
    linecache.clearcache()  # 3 MB of lines of source that torch looked at while it was imported
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    allocator.trim()
    preparing = threading.Thread(target=prepare_openings, args=(warmth.closing,), name="openings", daemon=True)
    preparing.start()  # beside the worker's start, which mostly waits
    start_jobs()
    threading.Thread(target=keep_small, args=(warmth.closing,), name="keep-small", daemon=True).start()
    preparing.join()


def keep_small(closing: threading.Event):
    """Every few seconds give back what pages have freed: the allocator alone keeps most of it, for it may be wanted.

    Before it the garbage of sessions that have left, for which Python, as it is set here, looks seldom, and the lines
    of source that torch and Streamlit have looked at again.
    """
    while not closing.wait(TRIM_SECONDS):
        linecache.clearcache()
        gc.collect()
        allocator.trim()


def prepare_first_page():
    """Import what the first page needs, and read its run and its images."""
    import_torch()
    for name in (*OUTSIDE, *(f"vaedemo.app.{name}" for name in FIRST_PAGE)):
        importlib.import_module(name)
    read_first_run()


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


def import_torch():
    """Import torch, with one thread for the pages' small decodes."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read by OpenMP when torch loads it: waiting threads sleep
    import torch

    torch.set_num_threads(1)


def import_everything():
    """Import every module that a page may ask for."""
    import_torch()
    for name in (*OUTSIDE, *own_modules()):
        importlib.import_module(name)


def own_modules() -> list[str]:
    """The names of all modules of this package but the scripts."""
    import vaedemo

    def fail(name: str):
        raise  # walk_packages calls this while it handles the import error, and would otherwise pass over it

    found = pkgutil.walk_packages(vaedemo.__path__, "vaedemo.", onerror=fail)
    return [module.name for module in found if not SCRIPTS.fullmatch(module.name)]


def read_first_run():
    """Read the run and the images of the first page; the others take 10 to 30 ms each when they are first asked for.

    One that cannot be read is a warning on stderr, and its page says so too.
    """
    from vaedemo.app import catalogue

    try:
        catalogue.images(catalogue.run(FIRST_RUN).config.dataset)
    except (OSError, ValueError, LookupError) as error:
        logger.warning("The shipped run %s was not read: %s", FIRST_RUN, error)


def prepare_openings(closing: threading.Event):
    """Compute what the longest openings of pages need."""
    from vaedemo.app.server import openings

    openings.prepare(closing)


def start_jobs():
    """Start the job service. Without it the pages still show what is stored; a click on Train says the reason."""
    from vaedemo.app.trainings import runs

    try:
        runs.service().start()
    except (OSError, ValueError, RuntimeError) as error:  # an address refused, no process to be had, a time-out
        logger.error("Training is not at hand: %s", error)


def close_jobs(warming: threading.Thread):
    """End the worker process, after a start that is still under way."""
    from vaedemo.app.trainings import runs

    warming.join()
    runs.service().close()
