"""The time of several models in one stack over that of a single run, measured alternately."""

import statistics
import time
from collections.abc import Sequence

from benchmarks.report import Figure
from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.training.loop import fit_stack

TITLE = "A sweep in one pass against one run"
ROUNDS = 3
RING = RunConfig(dataset="ring", hidden=(16,), epochs=20)
DIGITS = RunConfig(epochs=3)
CONVOLUTIONS = RunConfig(network="conv", hidden=(8, 16), epochs=1)
CASES = (
    ("8 tiny ring models", RING, 8, "at most 1.8"),
    ("64 tiny ring models", RING, 64, "at most 8"),
    ("8 digit models, 784-400-2", DIGITS, 8, ""),
    ("8 digit models, convolutions", CONVOLUTIONS, 8, ""),
)


def seconds(configs: Sequence[RunConfig]) -> float:
    parts = [datasets.load(configs[0].dataset, part) for part in ("train", "test")]
    start = time.perf_counter()
    fit_stack(configs, *parts)
    return time.perf_counter() - start


def measure() -> list[Figure]:
    figures = []
    for name, config, count, promise in CASES:
        seconds([config.replace(epochs=1)])
        ratios = []
        for _ in range(ROUNDS):
            alone = seconds([config])
            together = seconds([config.replace(beta=0.1 * 1.1**number) for number in range(count)])
            ratios.append(together / alone)
        figures.append(Figure(f"{name}, time", statistics.median(ratios), "single runs", promise))
    return figures
