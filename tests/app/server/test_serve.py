"""The server's life: what the lifespan sets before the first visitor, seen on a real server and a real connection."""

import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import textwrap
import threading
import tomllib
from urllib.request import urlopen

import psutil
import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

from benchmarks.visitors import Visitor
from tests.app.pages import MAIN, PAGES, PATHS
from tests.browser.serving import REPOSITORY, running_server
from vaedemo.app.lessons import index
from vaedemo.app.server import serve

# What only the worker may import, or nobody: 20 to 90 MB each.
KEPT_OUT = ("sklearn", "scipy", "torchvision", "mlxtend", "pyarrow", "sympy", "matplotlib")

# A door with the real lifespan, and a route on which it says what it finds inside its own process.
DOOR = """
    import asyncio, gc, os, socket, stat, sys, threading
    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from vaedemo.app.server import serve

    async def inside(request):
        import torch
        for starting in [each for each in threading.enumerate() if each.name == "warm-up"]:
            await asyncio.to_thread(starting.join)
        answer = {
            "nodelay": [
                each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
                for each in own_sockets()
                if is_visitor(each, request.client.port)
            ],
            "frozen": gc.get_freeze_count(),
            "threads": torch.get_num_threads(),
            "waiting": os.environ["OMP_WAIT_POLICY"],
            "kept out": [name for name in KEPT_OUT if name in sys.modules],
            "imported": [name for name in serve.own_modules() if name in sys.modules],
            "not imported": [name for name in serve.own_modules() if name not in sys.modules],
        }
        return JSONResponse(answer)

    def own_sockets():
        # Not from among the living objects: uvloop keeps no Python object of what it accepts.
        for number in range(3, 1000):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    with socket.socket(fileno=os.dup(number)) as same:
                        yield same
            except OSError:  # no such descriptor
                continue

    def is_visitor(each, port):
        try:
            return each.family in (socket.AF_INET, socket.AF_INET6) and each.getpeername()[1] == port
        except OSError:
            return False

    KEPT_OUT = {kept_out}
    serve.VISITOR_SECONDS = serve.PAGE_SECONDS = 0
    gate, route = Middleware(serve.Gate), Route("/inside", inside)
    app = st.App("{main}", lifespan=serve.lifespan, middleware=[gate], routes=[route])
"""


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    """What a served process says of itself after every page was opened, and what it wrote, after it was ended."""
    folder = tmp_path_factory.mktemp("served")
    door = textwrap.dedent(DOOR).replace("{kept_out}", repr(KEPT_OUT)).replace("{main}", str(MAIN))
    (folder / "door.py").write_text(door, encoding="utf-8")
    with running_server(folder, folder / "door.py") as server:
        drawn = asyncio.run(open_all(server.url))
        with urlopen(f"{server.url}/inside", timeout=90) as answer:
            said = json.load(answer)
        children = children_of(server.process.pid)
    return said | {"log": server.log, "children": children, "drawn": drawn}


async def open_all(url: str) -> dict[str, tuple[str, int]]:
    """One visitor goes from page to page; what each showed, and how many bytes a rerun of all of it sent."""
    drawn = {}
    async with Visitor(url) as visitor:
        for path in PATHS:
            await visitor.open(path)
            before = visitor.received
            await visitor.rerun()
            drawn[path] = visitor.page.words, visitor.received - before
    return drawn


def children_of(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_accepted_connections_send_at_once(inside):
    assert inside["nodelay"] == [True]


def test_the_heap_is_frozen_with_torch_in_it(inside):
    assert inside["frozen"] > 100_000


def test_torch_leaves_the_cores_to_the_worker(inside):
    assert inside["threads"] == 1
    assert inside["waiting"] == "PASSIVE"


def test_every_module_is_imported_once_the_first_page_is_drawn(inside):
    assert inside["not imported"] == []
    assert "vaedemo.training.store" in inside["imported"]


def test_what_the_worker_needs_is_not_imported_by_any_page(inside):
    assert len(inside["drawn"]) == len(PATHS)
    titles = {path: index.BY_NAME[page].title for page, path in zip(PAGES, PATHS, strict=True)}
    assert [path for path, (words, _) in inside["drawn"].items() if titles[path] not in words] == []
    assert inside["kept out"] == []


def test_no_rerun_of_a_page_sends_more_than_300_kilobytes(inside):
    assert {path: sent for path, (_, sent) in inside["drawn"].items() if not 0 < sent <= 300_000} == {}


def test_streamlit_still_has_the_setting_that_keeps_messages_out_of_the_browsers_cache():
    config = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert st.get_option("global.minCachedMessageSize") == config["global"]["minCachedMessageSize"]
    message = ForwardMsg()
    message.delta.new_element.text.body = "x" * 1_000_000
    populate_hash_if_needed(message)
    assert not message.metadata.cacheable


def test_the_worker_is_started_with_the_server(inside):
    assert inside["children"]


def test_a_clean_stop_says_nothing_and_leaves_no_process(inside):
    assert "Traceback" not in inside["log"], inside["log"]
    assert not [pid for pid in inside["children"] if psutil.pid_exists(pid)]


def test_the_gate_holds_the_health_check_and_connections_until_a_page_can_be_drawn(monkeypatch):
    """Files pass, so that a browser loads its scripts meanwhile; the first connection is noted as a visit."""
    passed = []

    async def app(scope, receive, send):
        passed.append(scope["path"])

    async def knock():
        state = serve.ServerState()
        monkeypatch.setattr(serve, "_states", [state])
        gate = serve.Gate(app)
        asked = [("http", "/static/index.js"), ("http", "/_stcore/health"), ("websocket", "/_stcore/stream")]
        waiting = [asyncio.create_task(gate({"type": kind, "path": path}, None, None)) for kind, path in asked]
        await waiting[0]
        done, _ = await asyncio.wait(waiting[1:], timeout=0)
        assert not done
        assert passed == ["/static/index.js"]
        assert state.visited.is_set()
        opening = threading.Thread(target=state.open)
        opening.start()
        await asyncio.gather(*waiting)
        opening.join()

    asyncio.run(knock())
    assert sorted(passed) == ["/_stcore/health", "/_stcore/stream", "/static/index.js"]


def test_without_a_lifespan_the_gate_is_open():
    passed = []

    async def app(scope, receive, send):
        passed.append(scope["path"])

    asyncio.run(serve.Gate(app)({"type": "http", "path": "/_stcore/health"}, None, None))
    assert passed == ["/_stcore/health"]


def test_a_server_that_cannot_get_ready_says_so_and_lets_visitors_in(monkeypatch, caplog):
    def fail():
        raise ImportError("no torch here")

    async def start():
        state = serve.ServerState()
        state.close()  # nothing follows the first step
        await asyncio.to_thread(serve.warm_up, state)
        async with asyncio.timeout(30):
            await state.ready.wait()

    monkeypatch.setattr(serve, "prepare_first_page", fail)
    asyncio.run(start())
    gc.unfreeze()
    assert gc.isenabled()
    assert "no torch here" in caplog.text


def test_a_warm_server_has_no_pandas_and_nothing_that_only_a_worker_needs():
    """Pandas alone would be 35 MB of it."""
    program = (
        "import sys; from vaedemo.app.server import serve; serve.import_everything(); serve.read_first_run(); "
        "print([name for name in ('pandas', 'pyarrow', 'sklearn', 'torchvision', 'matplotlib') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert result.stdout.strip() == "[]", result.stderr


def test_the_allocator_takes_its_settings_where_it_is_glibc_s():
    program = (
        "from vaedemo.app.server import allocator; "
        "print(allocator.glibc() is None or allocator.return_freed_memory()); allocator.trim()"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert result.stdout.strip() == "True", result.stderr


def test_scripts_are_not_imported():
    names = serve.own_modules()
    assert "vaedemo.config" in names
    assert not {"vaedemo.__main__", "vaedemo.app.main"} & set(names)
    assert not {f"vaedemo.app.lessons.{page}.{page}" for page in PAGES} & set(names)


def test_every_part_of_a_lesson_is_imported():
    """All files of the package are modules to import, but the scripts."""
    package = REPOSITORY / "vaedemo"
    files = {".".join(file.relative_to(REPOSITORY).with_suffix("").parts) for file in package.rglob("*.py")}
    modules = {name.removesuffix(".__init__") for name in files} - {"vaedemo"}
    scripts = {"vaedemo.__main__", "vaedemo.app.main", *(f"vaedemo.app.lessons.{page}.{page}" for page in PAGES)}
    assert set(serve.own_modules()) == modules - scripts


def test_listening_sockets_are_found_and_others_are_not():
    with socket.socket() as listening, socket.socket() as idle:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        gc.collect()
        found = serve.listening_sockets()
        assert listening in found
        assert idle not in found


def test_nodelay_is_inherited_by_accepted_connections():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert accepted_nodelay(listening) == 0
        serve.set_nodelay([listening])
        assert accepted_nodelay(listening) != 0


def accepted_nodelay(listening: socket.socket) -> int:
    with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
        return accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_setting_that_cannot_be_read_is_one_sentence_and_exit_code_2(tmp_path):
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", "0"]
    environment = os.environ | {"VAEDEMO_MAX_EPOCHS": "many", "HOME": str(tmp_path)}
    result = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert "VAEDEMO_MAX_EPOCHS" in result.stderr
    assert "Traceback" not in result.stderr + result.stdout
