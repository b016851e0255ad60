"""A dask cluster as someone would start it by hand: a scheduler and workers, each a process of its own, on loopback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from vaedemo.settings import REPOSITORY

PATIENCE = 90


class Cluster:
    """`dask scheduler` and `dask worker` on a port that was free, each worker with a cache of its own in `folder`.

    `protocol` is tcp or tls; `environment` adds variables, such as the names of TLS files.
    """

    def __init__(self, folder: Path, protocol: str = "tcp", **environment: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder, self.protocol, self.environment = folder, protocol, environment
        self.address = f"{protocol}://127.0.0.1:{self.port}"
        self.scheduler: subprocess.Popen | None = None
        self.workers: dict[str, subprocess.Popen] = {}

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_) -> None:
        """End every process."""
        self.close()

    def start_scheduler(self) -> None:
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--protocol", self.protocol]
        options += ["--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--preload", "vaedemo.training.preload"]
        self.scheduler = self._start("scheduler", "scheduler", *options)

    def start_worker(self, name: str, *options: str) -> None:
        """A worker without a nanny, as if each were a machine that is lost as a whole."""
        usual = [
            "--no-nanny",
            "--nthreads",
            "1",
            "--name",
            name,
            "--host",
            "127.0.0.1",
            "--dashboard-address",
            "127.0.0.1:0",
        ]
        usual += ["--preload", "vaedemo.training.preload", "--local-directory", str(self.folder / name)]
        self.workers[name] = self._start(name, "worker", self.address, *usual, *options)

    def kill(self, process: subprocess.Popen) -> None:
        process.kill()
        process.wait()

    def close(self) -> None:
        processes = [process for process in (*self.workers.values(), self.scheduler) if process is not None]
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str, *command: str) -> subprocess.Popen:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("VAEDEMO_", "DASK_"))}
        environment |= {"PYTHONPATH": str(REPOSITORY), "VAEDEMO_CACHE": str(self.folder / f"{name}-cache")}
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=self.folder,
                env=environment | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


def listening(process: subprocess.Popen) -> set[str]:
    """The addresses on which a process and its children listen."""
    top = psutil.Process(process.pid)
    return {
        connection.laddr.ip
        for each in (top, *top.children(recursive=True))
        for connection in each.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }


def under_way(job, epochs: int = 2):
    """Wait until some epochs of a job of one config are told of."""
    assert job.wait_until(lambda: len(job.history(job.digests[0])) >= epochs or not job.in_flight, PATIENCE)
    assert job.in_flight, job.error
    return job
