"""Exact log p(x) of 1,000 binarized MNIST test images, mlp 400, 2 latent axes: coarse grid, refined grid and IWAE.

The tasks alternate, so that a busy machine slows all of them; the figure is the least of several times. Memory is the
increase of the process's memory at its peak.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch

import vaedemo as vd
from benchmarks.report import Figure
from vaedemo.probability import bounds

TITLE = "log p(x) of 1,000 images"
IMAGES = 1000
ROUNDS = 3
DECODES = 51


def tasks(model, x) -> dict[str, Callable[[], torch.Tensor]]:
    generator = torch.Generator().manual_seed(0)
    return {
        "coarse grid, 101²": lambda: bounds.log_marginal_grid(model, x, refine=False),
        "refined to 0.01 nat": lambda: bounds.log_marginal_grid(model, x),
        "IWAE, K = 500": lambda: bounds.iwae(model, x, samples=500, generator=generator),
    }


def measure() -> list[Figure]:
    model = vd.load("mnist-2d").model
    x = vd.datasets.load("mnist-55k", split="test").as_data("binary")[:IMAGES]
    seconds: dict[str, list[float]] = {}
    memory, mean = {}, {}
    for task_round in range(ROUNDS + 1):  # the first one warms up and measures memory
        for name, task in tasks(model, x).items():
            if task_round == 0:
                memory[name] = peak_memory(task)
                continue
            start = time.perf_counter()
            mean[name] = task().mean().item()
            seconds.setdefault(name, []).append(time.perf_counter() - start)
    error = bounds.log_marginal_grid(model, x, return_error=True)[1]
    promised = dict(zip(seconds, ("at most 0.5", "at most 3", "at most 3.5"), strict=True))
    figures = [Figure(f"{name}, time", min(times), "s", promised[name]) for name, times in seconds.items()]
    figures += [Figure(f"{name}, mean log p(x)", value, "nats") for name, value in mean.items()]
    return [
        *figures,
        Figure("extra memory at the peak", max(memory.values()) / 1e6, "MB", "at most 500"),
        Figure("images off by more than 0.01 nat", int((error > 0.01).sum()), "images", "at most 0"),
        *decodes(model),
    ]


def decodes(model) -> list[Figure]:
    """Milliseconds to decode 1, 100 and 1,024 codes, as on the pages."""
    figures = []
    for count in (1, 100, 1024):
        codes = torch.randn(count, 2, generator=torch.Generator().manual_seed(0))
        times = []
        with torch.no_grad():
            for _ in range(DECODES):
                start = time.perf_counter()
                _ = model.decode(codes).mean
                times.append(time.perf_counter() - start)
        figures.append(Figure(f"a decode of {count:,} codes", 1000 * sorted(times)[DECODES // 2], "ms"))
    return figures


def peak_memory(task: Callable[[], torch.Tensor]) -> int:
    """The largest increase of the process's memory in bytes while the task runs, sampled every 2 ms."""
    before = peak = resident_bytes()
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.002):
            peak = max(peak, resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        task()
    finally:
        done.set()
        watcher.join()
    return peak - before


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
