"""The gradients of one training step, by torch's autograd from the models' own losses."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble
from vaedemo.training.recipes import Recipe


def rates(config: RunConfig) -> tuple[tuple[int, float], ...]:
    """The learning rates of a training, each with its first step."""
    later = (
        (change.step, change.values["learning_rate"]) for change in config.changes if "learning_rate" in change.values
    )
    return (0, config.learning_rate), *later


class Gradients:
    """The gradients of an ensemble's losses; `configs`: those of its members, all of one form.

    `per_member`: the members' own parameters get gradients too. Members with different learning rates need them.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        configs: Sequence[RunConfig],
        recipe: Recipe,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
    ):
        self.ensemble, self.recipe, self.device, self.dtype = ensemble, recipe, device, dtype
        self.config = configs[0]
        self.parameters = ensemble.parameters()
        self.per_member = len({rates(config) for config in configs}) > 1

    def __call__(self, x: Tensor, y: Tensor | None, generators: Sequence[torch.Generator]) -> Tensor:
        """Set `.grad` from each member's mean loss on its RNG group's data; returns the losses (K,) in nats."""
        for parameter in self.parameters:
            parameter.grad = None
        with self.recipe.arithmetic(self.config, self.device, self.dtype):
            losses = self.ensemble.loss(x, y, generators)["total"].mean(dim=1)
        losses.sum().backward()
        if self.per_member:
            self.ensemble.share_gradients()
        return losses.detach()
