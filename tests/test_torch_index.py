"""`make run` takes torch's CPU build where there is no NVIDIA driver and the index answers; else PyPI, within seconds.

The indexes are local servers. Each test's index lists builds for this Python and processor.
"""

import importlib.metadata
import os
import platform
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools import torch_index

REPOSITORY = Path(__file__).parents[1]
PATH = os.environ["PATH"]
ASKED = "streamlit>=1\ntorch>=2.11,<2.16\ntorchvision>=0.26,<0.31  # of the same build\n"
PYTHON = f"cp{sys.version_info.major}{sys.version_info.minor}"
TAG = f"{PYTHON}-{PYTHON}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
BUILDS = (f"torch-2.12.0+cpu-{TAG}.whl", f"torch-2.13.0+cpu-{TAG}.whl", f"torchvision-0.28.0+cpu-{TAG}.whl")
SECONDS = 0.5  # instead of the real time-out, which one test of the Makefile waits for


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch, tmp_path):
    """As in an empty .venv on Linux without a driver, with requirements of the test's own."""
    monkeypatch.setattr(torch_index, "REQUIREMENTS", tmp_path / "requirements.txt")
    torch_index.REQUIREMENTS.write_text(ASKED, encoding="utf-8")
    monkeypatch.setattr(torch_index, "SECONDS", SECONDS)
    monkeypatch.setattr(torch_index, "DRIVER", (str(tmp_path / "driver"),))
    monkeypatch.setattr(importlib.metadata, "version", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))


def missing(name: str):
    raise importlib.metadata.PackageNotFoundError(name)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def index(tmp_path):
    """`index("torch-2.13.0+cpu-….whl", …)` serves an index of these files and returns its address."""
    servers = []

    def serve(*files: str, name: str = "index") -> str:
        for file in files:
            folder = tmp_path / name / file.split("-")[0]
            folder.mkdir(parents=True, exist_ok=True)
            wheel(folder / file)
            with (folder / "index.html").open("a", encoding="utf-8") as page:
                page.write(f'<a href="{file.replace("+", "%2B")}">{file}</a><br/>\n')
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / name))))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def wheel(file: Path):
    """A wheel with nothing but its name and version in it."""
    name, version, tag = file.stem.split("-", 2)
    folder = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{folder}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{folder}/RECORD", "")


@pytest.fixture
def answering():
    """`answering(b"…", b"…")` listens, and sends each part to whoever connects, one every 0.1 s; then it is silent."""
    listeners, connections, ended = [], [], threading.Event()

    def listen(*parts: bytes) -> str:
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=answer, args=(listeners[-1], parts), daemon=True).start()
        return f"http://127.0.0.1:{listeners[-1].getsockname()[1]}"

    def answer(listener: socket.socket, parts: tuple[bytes, ...]):
        connection, _ = listener.accept()
        connections.append(connection)
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:  # whoever asked has given up
                return
            ended.wait(0.1)
        if parts and b"HTTP/" not in parts[0]:
            connection.close()

    yield listen
    ended.set()
    for each in (*listeners, *connections):
        each.close()


def choice(monkeypatch, capsys, address: str | None) -> tuple[str, str]:
    """What is printed for pip and what is said, with VAEDEMO_TORCH_INDEX set to the address, or unset."""
    if address is not None:
        monkeypatch.setenv("VAEDEMO_TORCH_INDEX", address)
    begun = time.monotonic()
    torch_index.main()
    assert time.monotonic() - begun < SECONDS + 2
    out, err = capsys.readouterr()
    assert err.startswith("torch: ") and err.count("\n") == 1, "one line says which and why"
    return out.strip(), err.removeprefix("torch: ").strip()


def free_address() -> str:
    """An address on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_an_index_with_a_fitting_build_is_taken_and_bounds_hold_pip_to_it(index, monkeypatch, capsys):
    address = index(*BUILDS)
    monkeypatch.setattr(torch_index, "CPU_INDEX", address)
    chosen = f"--extra-index-url {address} torch<=2.13.0 torchvision<=0.28.0"
    assert choice(monkeypatch, capsys, None) == (chosen, f"2.13.0 from {address}: there is no NVIDIA driver")
    said = f"2.13.0 from {address}: VAEDEMO_TORCH_INDEX says so"
    assert choice(monkeypatch, capsys, address + "/") == (chosen, said)


@pytest.mark.parametrize(
    ("files", "lacking"),
    [
        ([f"torch-2.10.0+cpu-{TAG}.whl"], "torch"),
        ([f"torch-2.16.0+cpu-{TAG}.whl"], "torch"),
        ([f"torch-2.14.0.dev20260101+cpu-{TAG}.whl"], "torch"),
        ([f"torch-2.13.0-{TAG}.whl"], "torch"),
        ([f"torch-2.13.0+cpu-{TAG.replace(platform.machine(), 'm68k')}.whl"], "torch"),
        ([f"torch-2.13.0+cpu-{TAG.replace(PYTHON, 'cp27')}.whl"], "torch"),
        ([f"torch-2.13.0+cpu-{TAG.replace(f'-{PYTHON}-', f'-{PYTHON}t-')}.whl"], "torch"),
        ([BUILDS[0], f"torchvision-0.25.0+cpu-{TAG}.whl"], "torchvision"),
    ],
    ids=["older", "newer", "nightly", "no label", "processor", "python", "free-threaded", "torchvision"],
)
def test_an_index_without_our_version_is_left(files, lacking, index, monkeypatch, capsys):
    address = index(*files)
    out, said = choice(monkeypatch, capsys, address)
    assert out == ""
    assert said.startswith(f"from PyPI: {address} has no {lacking} that requirements.txt accepts ({PYTHON}, ")


def test_an_index_with_a_page_missing_says_the_error(index, monkeypatch, capsys):
    address = index(BUILDS[0])
    assert choice(monkeypatch, capsys, address) == ("", f"from PyPI: {address} answers with the error 404")


SLOW = [b"HTTP/1.0 200 OK\r\n\r\n", *[b"<a>"] * 30]
BROKEN = b"HTTP/1.0 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
CUT = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nrubbish\r\n"]


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([], "does not answer within 0.5 seconds"),
        (SLOW, "does not answer within 0.5 seconds"),
        ([BROKEN], "answers with the error 500"),
        ([b"\x00\x01rubbish\r\n"], "cannot be read (BadStatusLine)"),
        (CUT, "cannot be read (IncompleteRead)"),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n\xff\xfe\x00<torch-"], "has no torch that requirements.txt"),
    ],
    ids=["silent", "byte by byte", "500", "no HTTP", "no chunk", "no page"],
)
def test_an_index_that_is_silent_or_broken_is_left_in_time(parts, says, answering, monkeypatch, capsys):
    address = answering(*parts)
    out, said = choice(monkeypatch, capsys, address)
    assert out == "" and said.startswith(f"from PyPI: {address} {says}")


@pytest.mark.parametrize("address", ["nonsense", "foo:bar", "http://[::1", "http://127.0.0.1:1/x y", "http:///x"])
def test_what_is_no_address_is_left(address, monkeypatch, capsys):
    out, said = choice(monkeypatch, capsys, address)
    assert out == "" and said.startswith(f"from PyPI: {address} cannot be ")


def test_an_index_that_refuses_is_left_and_no_password_is_said(monkeypatch, capsys):
    address = free_address()
    assert choice(monkeypatch, capsys, address) == ("", f"from PyPI: {address} cannot be reached (Connection refused)")
    out, said = choice(monkeypatch, capsys, address.replace("//", "//me:secret@"))
    assert out == "" and "secret" not in said and said.startswith(f"from PyPI: {address} cannot be ")


def test_with_a_driver_or_another_system_or_an_empty_variable_nobody_is_asked(index, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(torch_index, "CPU_INDEX", index(*BUILDS))
    assert choice(monkeypatch, capsys, None)[0] != "", "this one would be taken"
    smi = tmp_path / "nvidia-smi"
    smi.touch(mode=0o755)
    assert choice(monkeypatch, capsys, None) == ("", f"from PyPI: there is an NVIDIA driver ({smi})")
    smi.rename(tmp_path / "driver")
    said = f"from PyPI: there is an NVIDIA driver ({tmp_path / 'driver'})"
    assert choice(monkeypatch, capsys, None) == ("", said)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert choice(monkeypatch, capsys, None) == ("", "from PyPI: this is not Linux")
    assert choice(monkeypatch, capsys, "") == ("", "from PyPI: VAEDEMO_TORCH_INDEX is empty")


def test_what_is_installed_and_fits_stays(index, monkeypatch, capsys):
    installed = {"torch": "2.14.1+cu130", "torchvision": "0.29.1"}
    monkeypatch.setattr(importlib.metadata, "version", installed.__getitem__)
    address = index(*BUILDS)
    out, said = choice(monkeypatch, capsys, address)
    assert (out, said) == ("", "2.14.1+cu130 is installed already and stays; delete .venv for another choice")
    installed["torchvision"] = "0.25.0"
    assert choice(monkeypatch, capsys, address)[0].startswith("--extra-index-url")


def test_the_repository_s_requirements_are_understood(monkeypatch):
    monkeypatch.setattr(torch_index, "REQUIREMENTS", REPOSITORY / "requirements.txt")
    for name in torch_index.NAMES:
        signs = {sign: bound for sign, bound in torch_index.clauses(name)}
        assert signs.keys() == {">=", "<"}
        assert torch_index.fits(signs[">="], torch_index.clauses(name))
        assert not torch_index.fits(signs["<"], torch_index.clauses(name))
        assert not torch_index.fits(signs["<"] + ".0", torch_index.clauses(name)), "2.16.0 is 2.16"


def test_pip_takes_the_build_of_that_index_though_pypi_has_a_newer_one(index, monkeypatch, capsys, tmp_path):
    newer = [f"torch-2.13.0-{TAG}.whl", f"torch-2.14.0-{TAG}.whl", f"torchvision-0.29.0-{TAG}.whl"]
    pypi = index(*newer, name="pypi")
    torch_index.REQUIREMENTS.write_text("".join(ASKED.splitlines(keepends=True)[1:]), encoding="utf-8")
    chosen, _ = choice(monkeypatch, capsys, index(*BUILDS))
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "--no-cache-dir", "download"]
    command += ["--no-deps", "--dest", "taken", "--index-url", pypi, "--requirement", "requirements.txt"]
    done = subprocess.run([*command, *chosen.split()], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in (tmp_path / "taken").iterdir()} == {*BUILDS[1:]}


FAKE_PYTHON = """#!/bin/sh
if [ "$2" = pip ]; then printf '%s\\n' "$@" > asked.txt; else exec {python} -S "$@"; fi
"""


def make_run(folder: Path, address: str) -> tuple[list[str], str]:
    """`make run` with a pip that only notes what it is asked for: its arguments, and what make said."""
    shutil.copy(REPOSITORY / "Makefile", folder)
    shutil.copytree(REPOSITORY / "tools", folder / "tools")
    (folder / ".venv/bin").mkdir(parents=True)
    for name, text in {
        "pip": "",
        "python": FAKE_PYTHON.format(python=sys.executable),
        "streamlit": '#!/bin/sh\necho "started: $@"\n',
    }.items():
        (folder / ".venv/bin" / name).write_text(text, encoding="utf-8")
        (folder / ".venv/bin" / name).chmod(0o755)
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = outer | {"VAEDEMO_TORCH_INDEX": address, "PATH": PATH}
    # The tests may themselves run under make, which then says more.
    command = ["make", "--no-print-directory", "run", f"PYTHON={sys.executable}"]
    made = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    assert made.stdout.endswith("started: run streamlit_app.py\n") and (folder / ".venv/ready-to-run").exists()
    (said,) = [line for line in made.stderr.splitlines() if line.startswith("torch: ")]
    return (folder / "asked.txt").read_text(encoding="utf-8").split(), said


def test_make_run_hands_the_choice_to_pip(index, tmp_path):
    address = index(*BUILDS)
    asked, said = make_run(tmp_path, address)
    usual = ["-m", "pip", "install", "--requirement", "requirements.txt"]
    assert asked == [*usual, "--extra-index-url", address, "torch<=2.13.0", "torchvision<=0.28.0"]
    assert said == f"torch: 2.13.0 from {address}: VAEDEMO_TORCH_INDEX says so"


def test_make_run_goes_on_with_pypi_where_the_index_is_silent(answering, tmp_path):
    address = answering()
    begun = time.monotonic()
    asked, said = make_run(tmp_path, address)
    assert time.monotonic() - begun < 20
    assert asked == ["-m", "pip", "install", "--requirement", "requirements.txt"]
    assert said == f"torch: from PyPI: {address} does not answer within 5 seconds"
