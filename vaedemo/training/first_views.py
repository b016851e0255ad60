"""What the first views of slow pages need: measured by `make`, shipped, and used in place of a computation of seconds.

Each number holds for the weights it was measured on. After these change, `known` gives None, and a page computes.
"""

import hashlib
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vaedemo import datasets, settings
from vaedemo.analysis import turned_q
from vaedemo.datasets.samples import DAMAGED
from vaedemo.probability import bounds, streams
from vaedemo.training import store
from vaedemo.training.run import Run

FILE = "curves/first_views.npz"  # relative to the folder of the shipped runs
PLANE, AXES_20 = "mnist-2d", "mnist-20d"
DATASET, PER_CLASS = "mnist-55k", 2  # two digits of each class: the twenty
DIGIT, SEED, DRAWS = 13, 0, bounds.LARGEST_SAMPLES  # of the first view on the likelihood
DEGREES = tuple(range(0, 91, 5))
AVERAGED = tuple(range(0, 10 * PER_CLASS, PER_CLASS))  # the first of each class among the twenty
LOG_WEIGHTS, LOG_MARGINAL, MEAN_CHANGE = "log_weights", "log_marginal", "mean_change"


@lru_cache(maxsize=1)
def indices() -> list[int]:
    """Indices of the twenty in the test set: the first two of each class."""
    y = datasets.load(DATASET, split="test").y
    return torch.cat([(y == label).nonzero().flatten()[:PER_CLASS] for label in range(10)]).tolist()


def digits(pixels: str = "binary") -> Tensor:
    """The twenty as a model with these `pixels` reads them, black or white unless told: (20, 1, 28, 28)."""
    return datasets.load(DATASET, split="test").as_data(pixels)[indices()]


def log_weights(run: Run) -> Tensor:
    """log p(x|z), in nats, of the first view's digit for its 100,000 codes from the prior: float32 (100,000,)."""
    return streams.prior_stream(run.model, digits(), DRAWS, torch.Generator().manual_seed(SEED)).log_weights[DIGIT]


def log_marginal(run: Run) -> Tensor:
    """log p(x) of the twenty under a model with two latent axes, and its estimated error, in nats: (2, 20)."""
    return torch.stack(bounds.log_marginal_grid(run.model, digits(), return_error=True))


def best_over_angles(run: Run, digit: int) -> turned_q.TurnedBest:
    """The best q of one of the twenty at each of the `DEGREES`."""
    return turned_q.best_over_angles(run.model, digits()[digit : digit + 1], [math.radians(each) for each in DEGREES])


def mean_change(run: Run) -> Tensor:
    """The mean change of the best ELBO over the `AVERAGED` digits at each of the `DEGREES`, in nats: (19,)."""
    mean = sum(best_over_angles(run, digit).elbo for digit in AVERAGED) / len(AVERAGED)
    return mean - mean[0]


MEASURED = {
    PLANE: {LOG_WEIGHTS: log_weights, LOG_MARGINAL: log_marginal, MEAN_CHANGE: mean_change},
    AXES_20: {LOG_WEIGHTS: log_weights},
}


def path() -> Path:
    return settings.current().checkpoints / FILE


def key(run: Run, name: str) -> str:
    """The name of an array in the file: what it is, and a digest of the weights it holds for."""
    weights = b"".join(tensor.numpy().tobytes() for tensor in run.model.state_dict().values())
    return f"{name}-{hashlib.sha256(weights).hexdigest()[:16]}"


def known(run: Run, name: str) -> Tensor | None:
    """One of the `MEASURED`, as its function returns it; None unless it is shipped for the weights of this run."""
    try:
        with open(path(), "rb") as file, np.load(file, allow_pickle=False) as stored:
            return torch.from_numpy(stored[key(run, name)])
    except DAMAGED:
        return None


def make() -> None:
    """Measure everything, which takes seconds, and write the file."""
    runs = {shipped: store.load(shipped) for shipped in MEASURED}
    arrays = {
        key(runs[shipped], name): measure(runs[shipped]).numpy()
        for shipped, functions in MEASURED.items()
        for name, measure in functions.items()
    }
    path().parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path(), **arrays)
