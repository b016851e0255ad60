"""The parts of a training step by torch's profiler, as shares of the step's time.

They are those of a fit almost without evaluations (a hundred test images). An operator counts with its own time on the
main thread, which waits for the operator's other threads. The rest of the wall time is Python, autograd's bookkeeping
and the profiler itself.
"""

import time
from collections.abc import Iterable, Mapping

from torch.profiler import ProfilerActivity, profile

from benchmarks.report import Figure
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training import loop
from vaedemo.training.subset import balanced

# An operator belongs to the first part that has a word contained in the operator's name.
PARTS: Mapping[str, tuple[str, ...]] = {
    "products": ("addmm", "aten::mm", "bmm", "matmul", "aten::linear"),
    "optimizer": ("adam", "Optimizer."),
    "batch": ("index", "div_", "sub_", "randperm", "normal_"),
    "loss and activations": (
        "sigmoid", "clamp_min", "relu", "threshold", "exp", "log", "mul", "sum", "add", "sub", "where", "pow", "mean",
        "binary_cross", "neg", "square", "tanh", "gt",
    ),
    "copies and memory": ("copy_", "fill_", "zero", "empty", "clone", "_to_copy", "detach"),
}  # fmt: skip
FEW = 100  # test images, and training images, evaluated after the epoch
REST = "other operators"
OUTSIDE = "Python and bookkeeping"


def figures(name: str, config: RunConfig, train_set: ImageSet, test_set: ImageSet) -> list[Figure]:
    """The shares of one epoch's steps, in percent of their wall time, the largest first."""
    shares = parts_of(config, train_set, test_set)
    ordered = sorted(shares.items(), key=lambda each: -each[1])
    return [Figure(f"{name}, of a step: {part}", 100 * share, "%") for part, share in ordered]


def parts_of(config: RunConfig, train_set: ImageSet, test_set: ImageSet) -> dict[str, float]:
    """Each part's share of the steps' wall time; their sum is 1."""
    few = balanced(test_set, min(FEW, len(test_set)))
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        begun = time.perf_counter()
        loop.fit(config.replace(epochs=1), train_set, few)
        wall = time.perf_counter() - begun
    seconds = by_part((event.key, event.self_cpu_time_total / 1e6) for event in profiler.key_averages())
    return {part: spent / wall for part, spent in seconds.items()} | {OUTSIDE: 1 - sum(seconds.values()) / wall}


def by_part(operators: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Seconds by part, from operators' names and seconds."""
    found = dict.fromkeys([*PARTS, REST], 0.0)
    for operator, seconds in operators:
        found[next((part for part, words in PARTS.items() if any(word in operator for word in words)), REST)] += seconds
    return found
