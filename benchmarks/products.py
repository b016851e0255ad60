"""The training loop's share of the machine's peak arithmetic: its operations per second over those of matrix products.

The peak is the best of several products of square float32 (or bfloat16) matrices with the training's threads, measured
alternately with the training. The share has no promise: it depends on the processor and on torch's libraries. A
training step takes 6 operations per weight and image, without the unneeded gradient of the first layer's input: 3.28
million for 784-400-20.
"""

import statistics
import time

import torch

from benchmarks import step_parts
from benchmarks.report import Figure
from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.training import device, presets
from vaedemo.training.loop import fit
from vaedemo.training.recipes import RECIPES

TITLE = "Share of the machine's arithmetic: 784-400-20"
SIDE = 2048
ROUNDS = 3
PLAIN = RunConfig(dataset="mnist", latent_dim=20, batch_size=500, epochs=1)
WIDTHS = ((784, 400), (400, 40), (20, 400), (400, 784))


def operations() -> int:
    """Floating-point operations to train on one image."""
    return 6 * sum(inputs * outputs for inputs, outputs in WIDTHS) - 2 * WIDTHS[0][0] * WIDTHS[0][1]


def peak(dtype: torch.dtype) -> float:
    """Operations per second of the best of eight products of square matrices, with the present number of threads."""
    a, b = (torch.randn(SIDE, SIDE, generator=torch.Generator().manual_seed(seed)).to(dtype) for seed in (0, 1))
    best = float("inf")
    for _ in range(8):
        start = time.perf_counter()
        torch.matmul(a, b)
        best = min(best, time.perf_counter() - start)
    return 2 * SIDE**3 / best


def measure() -> list[Figure]:
    if not all(datasets.at_hand("mnist", part) for part in ("train", "test")):
        print("Products: MNIST is not on disk; set VAEDEMO_DATA to the folder that has it.")
        return []
    parts = [datasets.load("mnist", part) for part in ("train", "test")]
    cases = {"float32, batch 500": PLAIN, "fast recipe": presets.fast(PLAIN).replace(epochs=1)}
    speeds, peaks = ({name: [] for name in cases} for _ in range(2))
    for _ in range(ROUNDS):
        for name, config in cases.items():
            with device.threads_for(config):
                peaks[name].append(peak(RECIPES[config.recipe].precision(config, device.pick())))
            speeds[name].append(fit(config, *parts).metrics["images_per_second"])
    figures = []
    for name in cases:
        figures += [
            Figure(f"{name}, images a second", statistics.median(speeds[name]), "images/s"),
            Figure(f"{name}, peak of products", statistics.median(peaks[name]) / 1e9, "GFLOP/s"),
            Figure(f"{name}, share of the peak", share(speeds[name], peaks[name]), ""),
        ]
        figures += step_parts.figures(name, cases[name], *parts)
    return figures


def share(speeds: list[float], peaks: list[float]) -> float:
    """The median share of a peak; each training is compared with the peak of its round."""
    return statistics.median(speed * operations() / each for speed, each in zip(speeds, peaks, strict=True))
