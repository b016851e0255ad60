"""Models' mean loss terms over a data set, in nats per image."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.models.ensemble import Alone, Ensemble
from vaedemo.training.randomness import stream

BATCH = 1000
TERMS = ("reconstruction", "kl")


def evaluate(model: torch.nn.Module, data: Tensor, seed: int) -> dict[str, float]:
    """Means over `data` (N, *data_shape) of `reconstruction`, `kl` and `negative_elbo` (beta never in it).

    z is sampled once per example, with the same noise at every call for the same seed, so that a curve over epochs
    moves with the model and not with the draw. An autoencoder gives `reconstruction` alone.
    """
    return evaluate_all(Alone(model), data, [seed])[0]


@torch.no_grad()
def evaluate_all(ensemble: Ensemble, data: Tensor, seeds: Sequence[int]) -> list[dict[str, float]]:
    """`evaluate` for each member of an ensemble; `seeds` are those of its lanes."""
    generators = [stream(seed, "evaluation", data.device) for seed in seeds]
    sums: dict[str, Tensor] = {}
    for batch in data.split(BATCH):
        losses = ensemble.loss(batch.unsqueeze(0), None, generators)
        for name in TERMS:
            if name in losses:
                sums[name] = sums.get(name, 0) + losses[name].double().sum(dim=1)
    means = {name: (total / len(data)).tolist() for name, total in sums.items()}
    if "kl" in means:
        means["negative_elbo"] = [sum(terms) for terms in zip(means["reconstruction"], means["kl"], strict=True)]
    return [{name: values[index] for name, values in means.items()} for index in range(len(ensemble.members))]
