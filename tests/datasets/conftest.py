"""Small idx files in torchvision's layout, and a server on this machine to download them from."""

import contextlib
import gzip
import hashlib
import struct
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import numpy as np
import pytest

from vaedemo.datasets.sources import DIMENSIONS, FILES, SOURCES


def idx_bytes(array):
    """An idx file of unsigned bytes, written from the format's description and not with the code under test."""
    return b"\x00\x00\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def small_arrays(train=60, test=40, seed=0):
    """Images and classes by file name, with every class in both parts."""
    random = np.random.default_rng(seed)
    arrays = {}
    for part, count in (("train", train), ("t10k", test)):
        arrays[f"{part}-images-idx3-ubyte"] = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        arrays[f"{part}-labels-idx1-ubyte"] = (np.arange(count) % 10).astype(np.uint8)
    return arrays


def write_arrays(raw, arrays):
    raw.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        (raw / name).write_bytes(idx_bytes(array))


@pytest.fixture
def idx_files():
    """The helpers above, for tests that write their own files."""
    return SimpleNamespace(to_bytes=idx_bytes, small=small_arrays, write=write_arrays, dimensions=DIMENSIONS)


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """A folder, not there yet, that VAEDEMO_DATA names."""
    folder = tmp_path / "published"
    monkeypatch.setenv("VAEDEMO_DATA", str(folder))
    return folder


class Handler(SimpleHTTPRequestHandler):
    """Serves files, after the first only when the gate is open, and remembers what was asked for."""

    def __init__(self, *arguments, notes, **keywords):
        self.notes = notes
        super().__init__(*arguments, **keywords)

    def do_GET(self):
        # torchvision asks for each file twice: once to see where a redirect leads, once to have it.
        if FILES[0] not in self.path:
            self.notes.gate.wait(30)
        self.notes.requests.append(self.path)
        super().do_GET()

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # torchvision hangs up on its first request
            super().copyfile(source, outputfile)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A server with small packed MNIST files, in place of torchvision's mirrors; `arrays` is what they hold."""
    from torchvision import datasets

    served = tmp_path / "served"
    served.mkdir()
    arrays = small_arrays(seed=1)
    resources = []
    for name in FILES:
        packed = gzip.compress(idx_bytes(arrays[name]))
        (served / f"{name}.gz").write_bytes(packed)
        resources.append((f"{name}.gz", hashlib.md5(packed).hexdigest()))
    total = sum(path.stat().st_size for path in served.iterdir())
    notes = SimpleNamespace(arrays=arrays, total=total, folder=served, requests=[], gate=threading.Event())
    notes.gate.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=served, notes=notes))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(datasets.MNIST, "mirrors", [f"http://127.0.0.1:{server.server_address[1]}/"])
    monkeypatch.setattr(datasets.MNIST, "resources", resources)
    monkeypatch.setitem(SOURCES, "mnist", replace(SOURCES["mnist"], download_bytes=total))
    yield notes
    notes.gate.set()
    for worker in threading.enumerate():
        if worker.name.startswith("download-"):  # one that its caller gave up
            worker.join()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def offline(monkeypatch):
    """Mirrors that nobody answers for."""
    from torchvision import datasets

    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(datasets.MNIST, "mirrors", [f"http://127.0.0.1:{port}/"])
    monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [f"http://127.0.0.1:{port}/"])
