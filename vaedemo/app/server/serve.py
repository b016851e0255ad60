"""What the server does before its first visitor, in the background, and at shutdown.

The lifespan runs once per process. It sets TCP_NODELAY at once; without it back-to-back interactions take at least 40
ms. A thread does the rest, so that the first visitor's browser loads its scripts while torch is imported. `Gate` delays
the health check and the WebSocket connections until the first page can be drawn.

What the first page does not need comes later: the other modules, gc.freeze(), the worker process, and the slow openings
of pages. After gc.freeze() Python's garbage collection visits the sessions' objects only, not torch's hundred thousand.
Streamlit's own collection after each rerun is switched off in config.toml.
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

# Scripts that Streamlit runs for each visitor, and the command line. Every other module of ours is imported once.
SCRIPTS = re.compile(r"vaedemo\.(__main__|app\.main|app\.lessons\.(\w+)\.\2)")
THIRD_PARTY = ("PIL.Image", "plotly.graph_objects", "plotly.io", "torch")
# Modules of vaedemo.app that the first page imports.
FIRST_PAGE = ("shell.frame", "catalogue", "shell.lecture", "components.image_grid")
FIRST_RUN = "mnist-2d"
VISITOR_SECONDS = 4.0  # how long the remaining work waits for a first visitor
TRIM_SECONDS = 5.0
EXPIRY_SECONDS = 600.0
# Thresholds of gc: 10,000 new objects instead of 700. Each interaction leaves 500 objects in reference cycles. A
# collection while they are in use frees nothing, and costs a class a quarter of its time.
GC_THRESHOLDS = (10_000, 5, 50)
PAGE_SECONDS = 2.0  # after the first visit, the time in which their page has the cores to itself


class ServerState:
    """The state of the process: `ready` to draw a first page, `visited` by a first browser, `closing`."""

    def __init__(self):
        self.ready, self.visited, self.closing = asyncio.Event(), threading.Event(), threading.Event()
        self.loop = asyncio.get_running_loop()

    def open(self) -> None:
        """Let the connections that wait at the gate in. Thread-safe."""
        self.loop.call_soon_threadsafe(self.ready.set)

    def close(self) -> None:
        self.closing.set()
        self.visited.set()  # wakes the thread that waits for a first visitor


_states: list[ServerState] = []  # of the running lifespan; if there is none (in a test) the gate is open


class Gate:
    """ASGI middleware: delay the health check and WebSockets until a first page can be drawn, but not files."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if _states:
            if scope["type"] == "websocket":
                _states[-1].visited.set()
            if scope["type"] == "websocket" or scope.get("path", "").endswith("/_stcore/health"):
                await _states[-1].ready.wait()
        await self.app(scope, receive, send)


@asynccontextmanager
async def lifespan(app):
    """The lifespan of the server; `app` is the `st.App`."""
    allocator.return_freed_memory()
    set_nodelay(listening_sockets())
    state = ServerState()
    _states.append(state)
    warming = threading.Thread(target=warm_up, args=(state,), name="warm-up", daemon=True)
    warming.start()
    try:
        yield
    finally:
        state.close()
        _states.remove(state)
        await asyncio.to_thread(close_jobs, warming)


def warm_up(state: ServerState):
    """Prepare the first page. After its first visit, or a time-out, prepare the rest: modules, worker, slow
    openings."""
    gc.disable()  # imports create little garbage, and collections take a fifth of their time
    try:
        prepare_first_page()
    except Exception:
        logger.exception("The server could not get ready; its pages say what is missing.")
    finally:
        gc.freeze()
        gc.enable()
        state.open()
    if state.visited.wait(VISITOR_SECONDS):
        state.closing.wait(PAGE_SECONDS)
    if state.closing.is_set():
        return
    import_everything()
    linecache.clearcache()  # 3 MB of source lines that torch read while it was imported
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    allocator.trim()
    preparing = threading.Thread(target=prepare_openings, args=(state.closing,), name="openings", daemon=True)
    preparing.start()  # in parallel with the start of the worker, which is mostly waiting
    start_jobs()
    for work in (free_memory, remove_expired):
        threading.Thread(target=work, args=(state.closing,), name=work.__name__, daemon=True).start()
    preparing.join()


def free_memory(closing: threading.Event):
    """Return freed memory to the system every few seconds; the allocator alone keeps most of it.

    First drop the uploads of those who have left and the source lines that torch and Streamlit have cached again, and
    collect the garbage of ended sessions, which Python does rarely with these thresholds.
    """
    from vaedemo.app.trainings.own_data.desk import desk

    while not closing.wait(TRIM_SECONDS):
        desk().tidy()
        linecache.clearcache()
        gc.collect()
        allocator.trim()


def remove_expired(closing: threading.Event):
    """Remove own data that nobody has used for long, and what was trained on them: now, and again and again."""
    from vaedemo.app.trainings.own_data import clearing

    while not closing.is_set():
        try:
            clearing.clear_expired()
        except OSError as error:
            logger.warning("Expired data could not be removed: %s", error)
        closing.wait(EXPIRY_SECONDS)


def prepare_first_page():
    """Import the modules of the first page, and read its run and its images."""
    import_torch()
    for name in (*THIRD_PARTY, *(f"vaedemo.app.{name}" for name in FIRST_PAGE)):
        importlib.import_module(name)
    read_first_run()


def listening_sockets() -> list[socket.socket]:
    """The TCP sockets on which this process listens.

    Streamlit binds its socket before the lifespan starts and offers no access to it, so it is found among the objects
    of the garbage collector. If another server (plain uvicorn) binds after the lifespan, the list is empty: asyncio
    creates those sockets and sets TCP_NODELAY itself.
    """
    families = (socket.AF_INET, socket.AF_INET6)
    # `type` instead of isinstance: isinstance asks lazy proxies for their class, which loads them.
    found = [each for each in gc.get_objects() if type(each) is socket.socket and each.fileno() >= 0]
    return [
        each for each in found if each.family in families and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    ]


def set_nodelay(sockets: list[socket.socket]):
    """Set TCP_NODELAY on listening sockets; accepted connections inherit it."""
    for each in sockets:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def import_torch():
    """Import torch, with one thread for the pages' small decodes."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read by OpenMP when torch loads it: waiting threads sleep
    import torch

    torch.set_num_threads(1)


def import_everything():
    """Import every module that a page may need."""
    import_torch()
    for name in (*THIRD_PARTY, *own_modules()):
        importlib.import_module(name)


def own_modules() -> list[str]:
    """The names of all modules of this package except the scripts."""
    import vaedemo

    def fail(name: str):
        raise  # walk_packages calls this inside its except block, and would otherwise skip the module

    found = pkgutil.walk_packages(vaedemo.__path__, "vaedemo.", onerror=fail)
    return [module.name for module in found if not SCRIPTS.fullmatch(module.name)]


def read_first_run():
    """Read the run and the images of the first page. Each other run takes 10 to 30 ms at its first use.

    A failure is logged as a warning; the page itself shows the reason.
    """
    from vaedemo.app import catalogue

    try:
        catalogue.images(catalogue.run(FIRST_RUN).config.dataset)
    except (OSError, ValueError, LookupError) as error:
        logger.warning("The shipped run %s was not read: %s", FIRST_RUN, error)


def prepare_openings(closing: threading.Event):
    """Compute the slow openings of pages."""
    from vaedemo.app.server import openings

    openings.prepare(closing)


def start_jobs():
    """Start the job service. If it fails, the pages still show stored runs, and a click on Train shows the reason."""
    from vaedemo.app.trainings import runs

    try:
        runs.service().start()
    except (OSError, ValueError, RuntimeError) as error:  # a refused address, no new process, a time-out
        logger.error("Training is not at hand: %s", error)


def close_jobs(warming: threading.Thread):
    """Stop the worker process, after the warm-up thread has ended."""
    from vaedemo.app.trainings import runs

    warming.join()
    runs.service().close()
