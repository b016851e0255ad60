"""A class on one server with torch's CPU build, as on small hosts.

VAEDEMO_BENCH_CPU_PYTHON: the interpreter of an environment with that build and this project's requirements; without it
nothing is measured. The benchmark itself runs in the usual environment.
"""

import asyncio
import os
import subprocess
import tempfile
from pathlib import Path

import psutil

from benchmarks.report import Figure
from benchmarks.sessions import class_at_work, opening, until_at_rest, until_calibrated

TITLE = "A hundred sessions on a server with torch's CPU build"
PYTHON = "VAEDEMO_BENCH_CPU_PYTHON"
BUILD = "import torch; print(torch.version.cuda is None)"


def measure() -> list[Figure]:
    from tests.browser.serving import running_server

    python = os.environ.get(PYTHON)
    if python is None:
        print(f"CPU build: set {PYTHON} to the Python of an environment that has it.")
        return []
    if subprocess.run([python, "-c", BUILD], capture_output=True, text=True, check=True).stdout.strip() != "True":
        raise ValueError(f"{PYTHON} is {python}, whose torch is a CUDA build.")
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder), python=python) as server:
        return asyncio.run(figures(server.url, psutil.Process(server.process.pid)))


async def figures(url: str, process: psutil.Process) -> list[Figure]:
    await until_calibrated(url)
    await asyncio.to_thread(until_at_rest, process)
    await opening(url)  # warm up with a first class
    work, memory = await class_at_work(url, process)
    return [
        Figure("server's memory, 100 sessions open, CPU build", memory, "MB", "at most 450"),
        Figure("100 sessions while training, CPU build, p50", work.percentile(0.5), "ms"),
        Figure("100 sessions while training, CPU build, errors", len(work.errors), "", "exactly 0"),
        Figure("100 sessions while training, CPU build, lost", work.lost, "", "exactly 0"),
    ]
