"""A sweep of eight models in one pass against one single run: ratios, the two interleaved."""

import os
import time
from collections.abc import Sequence

import torch

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.training.loop import fit_stack

ROUNDS = 3
BETAS = (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 10.0, 50.0)
CASES = {
    "ring, 2-16-2": RunConfig(dataset="ring", hidden=(16,), epochs=20),
    "digits, 784-400-2": RunConfig(epochs=3),
    "digits, conv 8-16": RunConfig(network="conv", hidden=(8, 16), epochs=1),
}


def seconds(configs: Sequence[RunConfig]) -> float:
    parts = [datasets.load(configs[0].dataset, part) for part in ("train", "test")]
    start = time.perf_counter()
    fit_stack(configs, *parts)
    return time.perf_counter() - start


def main() -> None:
    print(f"A sweep of {len(BETAS)} against one run;", end=" ")
    print(f"{torch.get_num_threads()} threads on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<20}{'one, s':>8}{'eight, s':>10}{'ratio':>8}")
    for name, config in CASES.items():
        seconds([config.replace(epochs=1)])
        alone, together = [], []
        for _ in range(ROUNDS):
            alone.append(seconds([config]))
            together.append(seconds([config.replace(beta=beta) for beta in BETAS]))
        print(f"{name:<20}{min(alone):>8.2f}{min(together):>10.2f}{min(together) / min(alone):>8.1f}")
