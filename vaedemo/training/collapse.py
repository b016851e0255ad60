r"""Posterior collapse and four cures, measured: VAEs with 50 latent axes on 20,000 images of Fashion-MNIST.

Each training differs from the plain one of its likelihood in its cure alone, and has five seeds. `make` trains them
and writes two CSV files: what each model is worth at its end, and how the trainings got there.
"""

import csv
import io
import math
import statistics
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo import datasets, settings
from vaedemo.config import RunConfig
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.training import presets
from vaedemo.training.evaluate import evaluate
from vaedemo.training.first_models import first_models
from vaedemo.training.loop import fit_stack
from vaedemo.training.recipes import RECIPES
from vaedemo.training.run import Run
from vaedemo.training.state import State, load_weights, part
from vaedemo.training.subset import balanced

AXES, PIXELS = 50, 784
SEEDS = (0, 1, 2, 3, 4)
ACTIVE = 0.01  # variance of E(z_j) over the images above which an axis is active (Burda et al. 2016)
# Nats of KL above which an axis is in use. The noise of a training alone moves E(z_j) of an empty axis by about as much
# as the threshold of Burda et al.: active axes then differ by 10 between seeds, axes in use by 1.
IN_USE = 0.1
BASE = presets.fast(RunConfig(dataset="fashion", hidden=(200,), latent_dim=AXES, train_size=20_000)).replace(epochs=12)
STEPS = BASE.epochs * -(-BASE.train_size // BASE.batch_size)  # of the optimizer
WARM_UP, CYCLIC = {"warm_up": 0.5}, {"warm_up": 0.5, "cycles": 4}
FREE_BITS = {"free_bits": 0.25}
GAUSSIAN = {"likelihood": "gaussian"}
CURES = {  # by name, how the config differs from BASE
    "plain": {},
    "warm-up": WARM_UP,
    "cycles": CYCLIC,
    "free-bits": FREE_BITS,
    "fixed": GAUSSIAN,
    "fixed-warm-up": GAUSSIAN | WARM_UP,
    "fixed-free-bits": GAUSSIAN | FREE_BITS,
    "learned": GAUSSIAN | {"noise_variance": "learned"},
}
END, WAY = "curves/collapse.csv", "curves/collapse_steps.csv"  # relative to the folder of the shipped runs
EVERY = 20  # optimizer steps between two rows on the way
WATCHED = 1_000  # test images on the way; at the end all of them


class Row(NamedTuple):
    """A trained model: mean terms over the test images in nats per image, and the KL of each axis, largest first."""

    cure: str
    seed: int
    reconstruction: float
    kl: float
    noise_variance: float
    active_units: int
    per_axis: tuple[float, ...]

    @property
    def in_use(self) -> int:
        """The number of axes with a KL above `IN_USE`."""
        return in_use(self.per_axis)

    @property
    def negative_elbo(self) -> float:
        return self.reconstruction + self.kl

    @property
    def squared_error(self) -> float:
        r"""$\lVert x - \hat x(z) \rVert^2$ of a gaussian likelihood's image, from its reconstruction loss:

        $$-\log p(x|z) = \frac{\lVert x - \hat x \rVert^2}{2\sigma^2} + \frac{784}{2} \log 2\pi\sigma^2$$
        """
        constant = PIXELS / 2 * math.log(2 * math.pi * self.noise_variance)
        return 2 * self.noise_variance * (self.reconstruction - constant)


class Moment(NamedTuple):
    """All seeds of a cure after so many steps: the weight of the KL, and means over the seeds."""

    cure: str
    step: int
    beta: float
    kl: float
    active_units: float
    noise_variance: float


def in_use(per_axis: Sequence[float]) -> int:
    """The number of axes with a KL above `IN_USE`."""
    return sum(kl > IN_USE for kl in per_axis)


def config(cure: str, seed: int = 0) -> RunConfig:
    """The config of one of the trainings."""
    return BASE.replace(seed=seed, **CURES[cure])


def configs(cure: str) -> list[RunConfig]:
    """Those of all seeds, which are trained in one stack."""
    return [config(cure, seed) for seed in SEEDS]


@torch.no_grad()
def axes_of(model, x: Tensor) -> tuple[list[float], int]:
    """The mean KL of each axis over x, largest first, and the number of active axes (Burda et al. 2016)."""
    mu, logvar = model.posterior(x)
    per_axis = kl_standard_normal(mu, logvar).mean(0)
    return sorted(per_axis.tolist(), reverse=True), int((mu.double().var(0) > ACTIVE).sum())


class Watcher:
    """A keeper of states that keeps nothing: it measures the models every `EVERY` steps."""

    def __init__(self, models: Sequence[torch.nn.Module], x: Tensor):
        self.models, self.x, self.moments = models, x, []

    def wants(self, step: int, steps: int) -> bool:
        return step % EVERY == 0

    def keep(self, states: Sequence[State]) -> None:
        for model, state in zip(self.models, states, strict=True):
            load_weights(model, part(state.tensors, "weights"))
        if states:
            self.moments.append((states[0].step, self.models_now()))

    @torch.no_grad()
    def models_now(self) -> list[tuple[float, int, float]]:
        """KL, active axes and noise variance of each model."""
        found = []
        for model in self.models:
            per_axis, active = axes_of(model, self.x)
            found.append((sum(per_axis), active, float(model.noise_variance())))
        return found


def measure(cure: str, train_set: datasets.ImageSet, test_set: datasets.ImageSet) -> tuple[list[Row], list[Moment]]:
    """Train all seeds of a cure and measure them. Takes minutes."""
    chosen = configs(cure)
    watched = balanced(test_set, min(WATCHED, len(test_set)))
    models = first_models(chosen, [None] * len(chosen), balanced(train_set, BASE.train_size), RECIPES[BASE.recipe])
    watcher = Watcher(models, watched.as_data(BASE.pixels))
    runs = fit_stack(chosen, train_set, watched, keeper=watcher)
    steps = runs[0].metrics["steps_done"]
    way = []
    for step, now in watcher.moments:
        means = (statistics.fmean(each) for each in zip(*now, strict=True))
        way.append(Moment(cure, step, chosen[0].in_force(step, steps).beta, *means))
    return [row_of(cure, run, test_set) for run in runs], way


@torch.no_grad()
def row_of(cure: str, run: Run, test_set: datasets.ImageSet) -> Row:
    """The row of a trained model, over all test images."""
    x = test_set.as_data(BASE.pixels)
    terms = evaluate(run.model, x, test_set.y, run.config.seed)
    per_axis, active = axes_of(run.model, x)
    noise_variance = float(run.model.noise_variance())
    return Row(cure, run.config.seed, terms["reconstruction"], terms["kl"], noise_variance, active, tuple(per_axis))


def text(rows: Sequence[Row]) -> str:
    """The rows as a CSV file's text."""
    names = [*Row._fields[:-1], *(f"kl_{axis}" for axis in range(1, AXES + 1))]
    return written(names, [[*row[:-1], *row.per_axis] for row in rows])


def steps_text(moments: Sequence[Moment]) -> str:
    """The moments as a CSV file's text."""
    return written(Moment._fields, moments)


def written(names: Sequence[str], rows: Sequence[Sequence]) -> str:
    lines = [names, *([f"{each:.6g}" if isinstance(each, float) else str(each) for each in row] for row in rows)]
    return "\n".join(map(",".join, lines)) + "\n"


def rows(folder: Path | None = None) -> list[Row]:
    """The shipped rows. Raises `DataUnavailable` when the file is missing or damaged."""
    found = _read(folder, END, _row)
    if [(row.cure, row.seed) for row in found] != [(cure, seed) for cure in CURES for seed in SEEDS]:
        raise unusable(_file(folder, END), "are not as expected")
    return found


def moments(folder: Path | None = None) -> list[Moment]:
    """The shipped moments. Raises `DataUnavailable` when the file is missing or damaged."""
    found = _read(folder, WAY, _moment)
    order = [(list(CURES).index(each.cure), each.step) for each in found]
    if order != sorted(set(order)) or {each.cure for each in found} != set(CURES):
        raise unusable(_file(folder, WAY), "are not as expected")
    return found


def _row(values: Sequence[str]) -> Row:
    cure, seed, *terms, active = values[: len(Row._fields) - 1]
    per_axis = tuple(map(float, values[len(Row._fields) - 1 :]))
    if len(per_axis) != AXES:
        raise ValueError("A row needs the KL of each axis.")
    return Row(cure, int(seed), *map(float, terms), int(active), per_axis)


def _moment(values: Sequence[str]) -> Moment:
    cure, step, *numbers = values
    return Moment(cure, int(step), *map(float, numbers))


def _read(folder: Path | None, name: str, reader: Callable) -> list:
    return list(read_file(_file(folder, name), reader))


def _file(folder: Path | None, name: str) -> Path:
    return (folder or settings.current().checkpoints) / name


@lru_cache(maxsize=8)
def read_file(file: Path, reader: Callable) -> tuple:
    try:
        _, *lines = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
        return tuple(map(reader, lines))
    except (OSError, ValueError, TypeError) as error:
        raise unusable(file, "cannot be read") from error


def unusable(file: Path, why: str) -> datasets.DataUnavailable:
    return datasets.DataUnavailable(f"The shipped curves, {file}, {why}: restore them from the repository.")


def make() -> None:
    """Measure anew, which takes about an hour, and write the files."""
    train_set, test_set = (datasets.load(BASE.dataset, split=each) for each in ("train", "test"))
    found, way = [], []
    for cure in CURES:
        ends, on_the_way = measure(cure, train_set, test_set)
        found, way = found + ends, way + on_the_way
    folder = settings.current().checkpoints
    (folder / END).parent.mkdir(exist_ok=True)
    (folder / END).write_text(text(found), encoding="utf-8")
    (folder / WAY).write_text(steps_text(way), encoding="utf-8")
