"""The mean loss terms of models over a data set, in nats per example."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from vaedemo.models.ensemble import Alone, Ensemble
from vaedemo.models.own_network import OwnNetwork, evaluating
from vaedemo.training.randomness import stream
from vaedemo.training.run import corrupts

BATCH = 1000
TERMS = ("reconstruction", "kl", "cross_entropy", "accuracy", "negative_log_likelihood")


def evaluate(model: nn.Module, data: Tensor, y: Tensor, seed: int) -> dict[str, float]:
    """The mean loss terms of a model over `data` (N, *data_shape) with classes `y` (N,).

    VAE: `reconstruction`, `kl` and `negative_elbo` (without beta). Autoencoder: `reconstruction`. Classifier:
    `cross_entropy` and `accuracy`. Exact density: `negative_log_likelihood`. A caller's own network: all that its loss
    returns. Inputs are corrupted as the model's
    config says. z is sampled once per example. The same seed gives the same noise at every call, so a curve over
    epochs changes only with the model.
    """
    return evaluate_all(Alone(model), data, y, [seed])[0]


@torch.no_grad()
def evaluate_all(ensemble: Ensemble, data: Tensor, y: Tensor, seeds: Sequence[int]) -> list[dict[str, float]]:
    """`evaluate` for each member of an ensemble; `seeds`: one per RNG group."""
    generators = [stream(seed, "evaluation", data.device) for seed in seeds]
    sums: dict[str, Tensor] = {}
    own = isinstance(ensemble.members[0], OwnNetwork)
    for batch, classes in zip(data.split(BATCH), y.split(BATCH), strict=True):
        with evaluating(ensemble.members):
            losses = ensemble.loss(batch.unsqueeze(0), classes.unsqueeze(0), generators)
        for name in losses if own else TERMS:
            if name in losses:
                sums[name] = sums.get(name, 0) + losses[name].double().sum(dim=1)
    means = {name: (total / len(data)).tolist() for name, total in sums.items()}
    if "kl" in means and not own:
        means["negative_elbo"] = [sum(terms) for terms in zip(means["reconstruction"], means["kl"], strict=True)]
    return [{name: values[index] for name, values in means.items()} for index in range(len(ensemble.members))]


def evaluate_clean(model: nn.Module, data: Tensor, y: Tensor, seed: int) -> dict[str, float]:
    """`evaluate` on uncorrupted inputs, names prefixed with `clean_`; empty for a model without a corruption."""
    if not corrupts(model.config):
        return {}
    with uncorrupted(model):
        return {f"clean_{name}": value for name, value in evaluate(model, data, y, seed).items()}


@contextmanager
def uncorrupted(model: nn.Module) -> Iterator[None]:
    """The context in which a model's loss does not corrupt its input."""
    config = model.config
    model.config = config.replace(corruption="none", corruption_level=0.0)
    try:
        yield
    finally:
        model.config = config


@torch.no_grad()
def totals(ensemble: Ensemble, data: Tensor, y: Tensor, seeds: Sequence[int]) -> Tensor:
    """The training objective per member and example, (K, N), for at most `BATCH` examples.

    Every call draws the same noise from the seeds, so two calls differ only by what the models learned.
    """
    generators = [stream(seed, "evaluation", data.device) for seed in seeds]
    with evaluating(ensemble.members):
        return ensemble.loss(data[:BATCH].unsqueeze(0), y[:BATCH].unsqueeze(0), generators)["total"].double()
