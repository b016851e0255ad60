"""The runs that ship in `checkpoints/`: their settings, and how they are made from nothing."""

import secrets
import shutil
from pathlib import Path

import torch

from vaedemo import datasets, settings
from vaedemo.analysis import quality
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import files, store
from vaedemo.training.evaluate import evaluate
from vaedemo.training.loop import OnProgress, fit
from vaedemo.training.run import Run

MNIST = RunConfig(dataset="mnist-55k", hidden=(400,), batch_size=128, learning_rate=1e-3)

NAMED = {
    "mnist-2d": MNIST.replace(latent_dim=2, epochs=50),
    "mnist-20d": MNIST.replace(latent_dim=20, epochs=25),
    "fashion-2d": MNIST.replace(dataset="fashion", latent_dim=2, epochs=50),
    "fashion-20d": MNIST.replace(dataset="fashion", latent_dim=20, epochs=25),
    "ring-2d": RunConfig(
        dataset="ring", hidden=(128, 128), latent_dim=2, noise_variance=0.004, epochs=300, batch_size=200
    ),
}


def make(name: str, on_progress: OnProgress | None = None) -> Run:
    """Train one of the shipped runs from nothing and put it into `checkpoints/`, in place of what is there.

    The weights are rounded to 16 bits and the metrics are then measured anew, so that the figures on disk are those
    of the weights on disk. Raises `ConfigError` for an unknown name.
    """
    if name not in NAMED:
        raise ConfigError("a shipped run's name", name, "one of " + ", ".join(NAMED))
    config = NAMED[name]
    train_set = datasets.load(config.dataset, split="train")
    test_set = datasets.load(config.dataset, split="test")
    run = fit(config, train_set, test_set, on_progress)
    return write(rounded(run, test_set), settings.current().checkpoints / name)


def rounded(run: Run, test_set: datasets.ImageSet) -> Run:
    """The run with weights rounded to 16 bits and its test metrics measured on them."""
    run.model.half().float()
    data = test_set.as_data(run.config.pixels)
    measured = evaluate(run.model, data, run.config.seed)
    metrics = run.metrics | {f"test_{name}": value for name, value in measured.items()}
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
