"""The server's life: what the lifespan sets before the first visitor, seen on a real server and a real connection."""

import gc
import json
import os
import socket
import subprocess
import sys
import textwrap
from urllib.request import urlopen

import psutil
import pytest

from tests.browser.serving import REPOSITORY, running_server
from vaedemo.app import serve

# A door with the real lifespan, and a route on which it says what it finds inside its own process.
DOOR = """
    import asyncio, gc, os, socket, sys, threading
    import streamlit as st
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from vaedemo.app import serve

    async def inside(request):
        import torch
        for starting in [each for each in threading.enumerate() if each.name == "start-jobs"]:
            await asyncio.to_thread(starting.join)
        sockets = [each for each in gc.get_objects() if type(each) is socket.socket and each.fileno() >= 0]
        accepted = [each for each in sockets if is_visitor(each, request.client.port)]
        answer = {
            "nodelay": [each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for each in accepted],
            "frozen": gc.get_freeze_count(),
            "threads": torch.get_num_threads(),
            "waiting": os.environ["OMP_WAIT_POLICY"],
            "imported": [name for name in serve.own_modules() if name in sys.modules],
            "not imported": [name for name in serve.own_modules() if name not in sys.modules],
        }
        return JSONResponse(answer)

    def is_visitor(each, port):
        try:
            return each.family in (socket.AF_INET, socket.AF_INET6) and each.getpeername()[1] == port
        except OSError:
            return False

    app = st.App("main.py", lifespan=serve.lifespan, routes=[Route("/inside", inside)])
"""


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    """What a served process says of itself, and what it wrote, after it was ended."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "door.py").write_text(textwrap.dedent(DOOR), encoding="utf-8")
    (folder / "main.py").write_text("import streamlit as st\nst.write('hello')\n", encoding="utf-8")
    with running_server(folder, folder / "door.py") as server:
        with urlopen(f"{server.url}/inside", timeout=90) as answer:
            said = json.load(answer)
        children = children_of(server.process.pid)
    return said | {"log": server.log, "children": children}


def children_of(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def test_accepted_connections_send_at_once(inside):
    assert inside["nodelay"] == [True]


def test_the_heap_is_frozen_with_torch_in_it(inside):
    assert inside["frozen"] > 100_000


def test_torch_leaves_the_cores_to_the_worker(inside):
    assert inside["threads"] == 1
    assert inside["waiting"] == "PASSIVE"


def test_every_module_is_imported_before_the_first_visitor(inside):
    assert inside["not imported"] == []
    assert "vaedemo.training.store" in inside["imported"]


def test_the_worker_is_started_with_the_server(inside):
    assert inside["children"]


def test_a_clean_stop_says_nothing_and_leaves_no_process(inside):
    assert "Traceback" not in inside["log"], inside["log"]
    assert not [pid for pid in inside["children"] if psutil.pid_exists(pid)]


def test_scripts_are_not_imported():
    names = serve.own_modules()
    assert "vaedemo.config" in names
    assert not {"vaedemo.__main__", "vaedemo.app.main"} & set(names)
    assert not [name for name in names if name.startswith("vaedemo.app.lessons")]


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
