"""Trains the runs that ship in `checkpoints/`."""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from vaedemo import datasets, settings
from vaedemo.analysis import quality
from vaedemo.rules import ConfigError
from vaedemo.training import files, store
from vaedemo.training.evaluate import evaluate, evaluate_clean
from vaedemo.training.loop import OnProgress, fit_stack
from vaedemo.training.run import Run
from vaedemo.training.shipped_runs import FILMED, NAMED, SWEEPS
from vaedemo.training.text_format import list_names


def make(name: str, on_progress: OnProgress | None = None) -> Run:
    """Train one of the shipped runs and replace it in `checkpoints/`.

    The weights are rounded to 16 bits and the metrics are then measured again, so that the stored metrics are those
    of the stored weights. Raises `ConfigError` for an unknown name.
    """
    return make_together([name], on_progress)[0]


def make_together(names: Sequence[str], on_progress: OnProgress | None = None) -> list[Run]:
    """`make` for runs of one form, trained in one stack."""
    for name in names:
        if name not in NAMED:
            raise ConfigError("a shipped run's name", name, "one of " + list_names(NAMED))
    configs = [NAMED[name] for name in names]
    train_set = datasets.load(configs[0].dataset, split="train")
    test_set = datasets.load(configs[0].dataset, split="test")
    runs = fit_stack(configs, train_set, test_set, on_progress)
    folder = settings.current().checkpoints
    kept = [run if name in FILMED else replace(run, film=None) for name, run in zip(names, runs, strict=True)]
    return [write(rounded(run, test_set), folder / name) for name, run in zip(names, kept, strict=True)]


def groups(names: Iterable[str]) -> list[list[str]]:
    """The names in the order given, the runs of a sweep in one group."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(next((sweep for sweep in SWEEPS if name.startswith(f"{sweep}-")), name), []).append(name)
    return list(found.values())


def rounded(run: Run, test_set: datasets.ImageSet) -> Run:
    """The run with weights rounded to 16 bits and its test metrics measured on them; only a VAE has active units."""
    run.model.half().float()
    data = test_set.as_data(run.config.pixels)
    sample = (run.model, data, test_set.y, run.config.seed)
    measured = evaluate(*sample) | evaluate_clean(*sample)
    metrics = run.metrics | {f"test_{name}": value for name, value in measured.items()}
    if "active_units" in metrics:
        metrics["active_units"] = quality.active_units(run.model, data)
    return Run(run.config, run.model, run.table, metrics, run.film, run.notes)


def write(run: Run, folder: Path) -> Run:
    """Write a run with 16-bit weights to a folder, atomically."""
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
