"""Exact log p(x) of 1,000 images on one machine: coarse grid, refined grid and IWAE, side by side.

The tasks are interleaved, so that a busy machine slows all of them; the least of several times is shown, and what
counts is the ratio. Memory is what the process holds at its peak beyond what it held before.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import torch

import vaedemo as vd
from vaedemo.probability import bounds

IMAGES = 1000
ROUNDS = 3


def tasks(model, x) -> dict[str, Callable[[], torch.Tensor]]:
    generator = torch.Generator().manual_seed(0)
    return {
        "coarse grid, 101²": lambda: bounds.log_marginal_grid(model, x, refine=False),
        "refined to 0.01 nat": lambda: bounds.log_marginal_grid(model, x),
        "IWAE, K = 500": lambda: bounds.iwae(model, x, samples=500, generator=generator),
    }


def main() -> None:
    model = vd.load("mnist-2d").model
    x = vd.datasets.load("mnist-55k", split="test").as_data("binary")[:IMAGES]
    seconds: dict[str, list[float]] = {}
    cpu_seconds: dict[str, list[float]] = {}
    memory, mean = {}, {}
    for task_round in range(ROUNDS + 1):  # the first one warms up and measures memory
        for name, task in tasks(model, x).items():
            if task_round == 0:
                memory[name] = peak_memory(task)
                continue
            start, cpu_start = time.perf_counter(), time.process_time()
            mean[name] = task().mean().item()
            seconds.setdefault(name, []).append(time.perf_counter() - start)
            cpu_seconds.setdefault(name, []).append(time.process_time() - cpu_start)
    error = bounds.log_marginal_grid(model, x, return_error=True)[1]
    print_table(seconds, cpu_seconds, memory, mean)
    print(f"Images whose estimated error exceeds 0.01 nat: {int((error > 0.01).sum())} of {IMAGES:,}.")


def print_table(seconds, cpu_seconds, memory, mean) -> None:
    print(f"log p(x) of {IMAGES:,} binarized MNIST test images, mlp 400, 2 latent axes;", end=" ")
    print(f"{torch.get_num_threads()} threads on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<22}{'ratio':>8}{'seconds':>10}{'CPU s':>8}{'extra MB':>10}{'mean, nats':>12}")
    first = min(next(iter(seconds.values())))
    for name, times in seconds.items():
        numbers = f"{min(times) / first:>8.1f}{min(times):>10.2f}{min(cpu_seconds[name]):>8.2f}"
        print(f"{name:<22}{numbers}{memory[name] / 1e6:>10.0f}{mean[name]:>12.2f}")


def peak_memory(task: Callable[[], torch.Tensor]) -> int:
    """The most bytes that the process holds while the task runs, beyond those it held before; looked at every 2 ms."""
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
