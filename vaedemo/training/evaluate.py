"""A model's mean loss terms over a data set, in nats per image."""

import torch
from torch import Tensor

from vaedemo.training.randomness import stream

BATCH = 1000


@torch.no_grad()
def evaluate(model: torch.nn.Module, data: Tensor, seed: int) -> dict[str, float]:
    """Means over `data` (N, *data_shape) of `reconstruction`, `kl` and `negative_elbo` (beta never in it).

    z is sampled once per example, with the same noise at every call for the same seed, so that a curve over epochs
    moves with the model and not with the draw. An autoencoder gives `reconstruction` alone.
    """
    generator = stream(seed, "evaluation", data.device)
    sums: dict[str, Tensor] = {}
    for batch in data.split(BATCH):
        for name, values in _terms(model, batch, generator).items():
            sums[name] = sums.get(name, 0) + values.double().sum()
    means = {name: float(total) / len(data) for name, total in sums.items()}
    if "kl" in means:
        means["negative_elbo"] = means["reconstruction"] + means["kl"]
    return means


def _terms(model: torch.nn.Module, batch: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
    losses = model.loss(batch, None, generator)
    return {name: losses[name] for name in ("reconstruction", "kl") if name in losses}
