"""Training on one example, repeated: what it does to this example, and to others that share the weights."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vaedemo.training.one_step import OneExample


@dataclass(frozen=True)
class Repeated:
    """Losses in nats after 0, 1, … n steps on one example: `own` of that example, `others` the mean of other ones."""

    own: tuple[float, ...]
    others: tuple[float, ...]


def repeated(
    model: nn.Module,
    x: Tensor,
    others: Tensor,
    seed: int,
    steps: int,
    learning_rate: float = 1e-3,
    beta: float = 1.0,
    new_noise: bool = False,
) -> Repeated:
    """The same example again and again: its loss and that of others (n, ...), after each of so many steps.

    Every step has the first ε of this seed or, with `new_noise`, the next one. The losses are measured with the first
    ε of the seed, the others' each with one of its own. Raises what `OneExample` raises.
    """
    training = OneExample(model, x, learning_rate, beta)
    others = training.model.as_data(others)
    generator = torch.Generator().manual_seed(seed)
    own, rest = [], []
    for step in range(steps + 1):
        own.append(mean_loss(training, training.x, seed))
        rest.append(mean_loss(training, others, seed))
        if step < steps:
            training.step(generator if new_noise else torch.Generator().manual_seed(seed))
    return Repeated(tuple(own), tuple(rest))


def mean_loss(training: OneExample, x: Tensor, seed: int) -> float:
    """The mean loss of examples by the model's own function, in nats."""
    with torch.no_grad():
        return training.model.loss(x, None, torch.Generator().manual_seed(seed))["total"].mean().item()
