"""Models' mean loss terms over a data set, in nats per example."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from vaedemo.models.ensemble import Alone, Ensemble
from vaedemo.training.randomness import stream
from vaedemo.training.run import corrupts

BATCH = 1000
TERMS = ("reconstruction", "kl", "cross_entropy", "accuracy", "negative_log_likelihood")


def evaluate(model: nn.Module, data: Tensor, y: Tensor, seed: int) -> dict[str, float]:
    """Means over `data` (N, *data_shape), with classes `y` (N,), of the terms of the model's own loss.

    Of a VAE these are `reconstruction`, `kl` and `negative_elbo` (beta never in it), of an autoencoder
    `reconstruction` alone, of a classifier `cross_entropy` and `accuracy`, of an exact density
    `negative_log_likelihood`. Inputs are corrupted as the model's config says.
    z is sampled once per example, with the same noise at every call for the same seed, so that a curve over epochs
    moves with the model and not with the draw.
    """
    return evaluate_all(Alone(model), data, y, [seed])[0]


@torch.no_grad()
def evaluate_all(ensemble: Ensemble, data: Tensor, y: Tensor, seeds: Sequence[int]) -> list[dict[str, float]]:
    """`evaluate` for each member of an ensemble; `seeds` are those of its lanes."""
    generators = [stream(seed, "evaluation", data.device) for seed in seeds]
    sums: dict[str, Tensor] = {}
    for batch, classes in zip(data.split(BATCH), y.split(BATCH), strict=True):
        losses = ensemble.loss(batch.unsqueeze(0), classes.unsqueeze(0), generators)
        for name in TERMS:
            if name in losses:
                sums[name] = sums.get(name, 0) + losses[name].double().sum(dim=1)
    means = {name: (total / len(data)).tolist() for name, total in sums.items()}
    if "kl" in means:
        means["negative_elbo"] = [sum(terms) for terms in zip(means["reconstruction"], means["kl"], strict=True)]
    return [{name: values[index] for name, values in means.items()} for index in range(len(ensemble.members))]


def evaluate_clean(model: nn.Module, data: Tensor, y: Tensor, seed: int) -> dict[str, float]:
    """`evaluate` with inputs as they are, each name behind `clean_`; nothing at all of a model without a corruption."""
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
    """What training minimises, of each member and example, (K, N), for at most `BATCH` examples.

    The noise is drawn anew from the seeds at every call, so that two calls differ only by what the models learned.
    """
    generators = [stream(seed, "evaluation", data.device) for seed in seeds]
    return ensemble.loss(data[:BATCH].unsqueeze(0), y[:BATCH].unsqueeze(0), generators)["total"].double()
