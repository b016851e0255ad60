"""The runs that ship in `checkpoints/`: their settings, and how they are made from nothing."""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from vaedemo import datasets, settings
from vaedemo.analysis import quality
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import files, store
from vaedemo.training.evaluate import evaluate
from vaedemo.training.loop import OnProgress, fit_stack
from vaedemo.training.run import Run

MNIST = RunConfig(dataset="mnist-55k", hidden=(400,), batch_size=128, learning_rate=1e-3)
SHAPES = RunConfig(dataset="shapes", hidden=(200,), latent_dim=6, epochs=60, batch_size=128, learning_rate=2e-3)

NAMED = {
    "mnist-2d": MNIST.replace(latent_dim=2, epochs=50),
    "mnist-20d": MNIST.replace(latent_dim=20, epochs=25),
    "fashion-2d": MNIST.replace(dataset="fashion", latent_dim=2, epochs=50),
    "fashion-20d": MNIST.replace(dataset="fashion", latent_dim=20, epochs=25),
    "ring-2d": RunConfig(
        dataset="ring", hidden=(128, 128), latent_dim=2, noise_variance=0.004, epochs=300, batch_size=200
    ),
    "mnist-20d-autoencoder": MNIST.replace(model="autoencoder", latent_dim=20, epochs=15),
    "mnist-2d-autoencoder": MNIST.replace(model="autoencoder", latent_dim=2, epochs=20),
    "shapes-beta1": SHAPES,
    "shapes-beta1-seed1": SHAPES.replace(seed=1),
    "shapes-beta4": SHAPES.replace(beta=4.0),
    "shapes-beta4-seed1": SHAPES.replace(beta=4.0, seed=1),
    "shapes-beta8": SHAPES.replace(beta=8.0),
}
# The sweeps of the β page: one stack each, their runs named sweep-mnist-1, sweep-mnist-2, … in the order of β.
BETAS = (0.01, 0.1, 0.5, 1.0, 2.0, 4.0, 10.0, 50.0)
SWEEPS = {
    "sweep-mnist": MNIST.replace(hidden=(200,), latent_dim=2, epochs=12),
    "sweep-ring": NAMED["ring-2d"].replace(hidden=(64, 64), noise_variance=0.02, epochs=200),
}


def members(sweep: str) -> dict[str, RunConfig]:
    """The runs of a shipped sweep by name, in the order of β."""
    return {f"{sweep}-{number}": SWEEPS[sweep].replace(beta=beta) for number, beta in enumerate(BETAS, start=1)}


for _sweep in SWEEPS:
    NAMED |= members(_sweep)


def described() -> list[str]:
    """The names, those of a sweep in one word."""
    alone = [group[0] for group in groups(NAMED) if len(group) == 1]
    return [*alone, *(f"{sweep}-1 to {sweep}-{len(BETAS)}" for sweep in SWEEPS)]


FILMED = frozenset({"mnist-2d", "mnist-20d", "fashion-2d", "fashion-20d", "ring-2d"})  # a film doubles a run's size


def make(name: str, on_progress: OnProgress | None = None) -> Run:
    """Train one of the shipped runs from nothing and put it into `checkpoints/`, in place of what is there.

    The weights are rounded to 16 bits and the metrics are then measured anew, so that the figures on disk are those
    of the weights on disk. Raises `ConfigError` for an unknown name.
    """
    return make_together([name], on_progress)[0]


def make_together(names: Sequence[str], on_progress: OnProgress | None = None) -> list[Run]:
    """`make` for runs of one form, in one pass."""
    for name in names:
        if name not in NAMED:
            raise ConfigError("a shipped run's name", name, "one of " + ", ".join(described()))
    configs = [NAMED[name] for name in names]
    train_set = datasets.load(configs[0].dataset, split="train")
    test_set = datasets.load(configs[0].dataset, split="test")
    runs = fit_stack(configs, train_set, test_set, on_progress)
    folder = settings.current().checkpoints
    kept = [run if name in FILMED else replace(run, film=None) for name, run in zip(names, runs, strict=True)]
    return [write(rounded(run, test_set), folder / name) for name, run in zip(names, kept, strict=True)]


def groups(names: Iterable[str]) -> list[list[str]]:
    """The names in the order given, the runs of one sweep together."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(next((sweep for sweep in SWEEPS if name.startswith(f"{sweep}-")), name), []).append(name)
    return list(found.values())


def rounded(run: Run, test_set: datasets.ImageSet) -> Run:
    """The run with weights rounded to 16 bits and its test metrics measured on them; only a VAE has active units."""
    run.model.half().float()
    data = test_set.as_data(run.config.pixels)
    measured = evaluate(run.model, data, run.config.seed)
    metrics = run.metrics | {f"test_{name}": value for name, value in measured.items()}
    if "active_units" in metrics:
        metrics["active_units"] = quality.active_units(run.model, data)
    return Run(run.config, run.model, run.history, metrics, run.film, run.notes)


def write(run: Run, folder: Path) -> Run:
    """Write a run with 16-bit weights to a folder, whole or not at all."""
    temporary = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        for name, content in files.to_files(run, dtype=torch.float16).items():
            (temporary / name).write_bytes(content)
        files.from_files({path.name: path.read_bytes() for path in temporary.iterdir()})
        if folder.is_dir():
            shutil.rmtree(folder)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    store.shipped_digests()
    return run
