"""How a step of the training comes to its gradients: by autograd, or derived by hand where that was done.

Both set the gradients of all members' parameters and say each member's loss, or a number that is finite where it is.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble
from vaedemo.training.derived import Derived, is_derived
from vaedemo.training.recipes import Recipe


def gradients_of(
    ensemble: Ensemble,
    configs: Sequence[RunConfig],
    recipe: Recipe,
    device: torch.device,
    dtype: torch.dtype = torch.float32,
) -> "Derived | ByAutograd":
    """The quickest way to the gradients of an ensemble with these configs, which are of one form.

    Those derived by hand are for the CPU, where each pass over memory takes its time; an accelerator hardly feels it.
    """
    if is_derived(configs[0]) and device.type == "cpu":
        return Derived(ensemble, recipe.precision(configs[0], device, dtype))
    return ByAutograd(ensemble, configs, recipe, device, dtype)


class ByAutograd:
    """Gradients of any model's loss, as torch finds them.

    `apart`: the members' parameters have them too, not the stack's alone, as members with rates of their own need.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        configs: Sequence[RunConfig],
        recipe: Recipe,
        device: torch.device,
        dtype: torch.dtype,
    ):
        self.ensemble, self.recipe, self.device, self.dtype = ensemble, recipe, device, dtype
        self.config = configs[0]
        self.apart = len({config.learning_rate for config in configs}) > 1

    def __call__(self, x: Tensor, y: Tensor | None, generators: Sequence[torch.Generator]) -> Tensor:
        """Set `.grad` from each member's mean loss on its lane's data; returns these losses, (K,), in nats."""
        for parameter in self.ensemble.parameters():
            parameter.grad = None
        with self.recipe.arithmetic(self.config, self.device, self.dtype):
            losses = self.ensemble.loss(x, y, generators)["total"].mean(dim=1)
        losses.sum().backward()
        if self.apart:
            self.ensemble.share_gradients()
        return losses.detach()
