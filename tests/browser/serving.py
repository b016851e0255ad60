"""Start `streamlit run streamlit_app.py` as a child on a free loopback port, wait until it answers, end it."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_START = 90
SECONDS_TO_STOP = 20


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, the folder of its cache and the file of its output."""

    url: str
    process: subprocess.Popen
    cache: Path
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")


@contextmanager
def running_server(
    folder: Path,
    script: Path = REPOSITORY / "streamlit_app.py",
    python: str = sys.executable,
    base: str = "",
    **environment: str,
):
    """A server with its own cache in `folder` for as long as the `with` block runs; yields a `Server`.

    `python`: the interpreter of another environment. `base`: the path under which it serves, such as "/vae".
    `environment` adds variables, such as VAEDEMO_MAX_EPOCHS="3".
    Raises RuntimeError with the server's output when it does not come up.
    """
    port = free_port()
    server = Server(
        url=f"http://127.0.0.1:{port}{base}",
        process=start(
            script, port, folder, ({"STREAMLIT_SERVER_BASE_URL_PATH": base} if base else {}) | environment, python
        ),
        cache=folder / "cache",
        log_file=folder / "server.log",
    )
    try:
        wait_until_healthy(server)
        yield server
    finally:
        stop(server.process)


def free_port() -> int:
    """A TCP port of the loopback address on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    script: Path, port: int, folder: Path, environment: dict[str, str], python: str = sys.executable
) -> subprocess.Popen:
    """Start the server with its output in `folder/server.log`; its settings are ours alone."""
    for name in ("cache", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VAEDEMO_", "STREAMLIT_"))}
    ours = {"VAEDEMO_CACHE": str(folder / "cache"), "VAEDEMO_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    command = [python, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=clean | {"PYTHONPATH": str(REPOSITORY)} | ours | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def wait_until_healthy(server: Server):
    """Ask the health endpoint until it answers; the answer comes when the lifespan's start is done."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"The server ended with exit code {server.process.returncode}:\n{server.log}")
        try:
            with urlopen(f"{server.url}/_stcore/health", timeout=SECONDS_TO_START) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            # Not listening yet. Waiting on the process paces the loop and notices at once when it dies.
            wait(server.process, 0.1)
    raise RuntimeError(f"The server did not answer within {SECONDS_TO_START} seconds:\n{server.log}")


def stop(process: subprocess.Popen):
    """End the server as Ctrl+C would, so that its own worker ends with it; kill it only when it does not listen."""
    if process.poll() is None:
        process.terminate()
    if not wait(process, SECONDS_TO_STOP):
        process.kill()
        process.wait()


def wait(process: subprocess.Popen, seconds: float) -> bool:
    """Whether the process ended within so many seconds."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
