"""How weights are adjusted: the optimizer, its rate over time and the arithmetic's precision, one recipe a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.config import RunConfig
from vaedemo.models.ensemble import Ensemble


def constant(step: int, steps: int) -> float:
    """The textbook's schedule: the configured learning rate at every step."""
    return 1.0


@dataclass(frozen=True)
class Recipe:
    """`betas` of Adam, `schedule(step, steps)` that multiplies the learning rate, `precision` of the products."""

    explanation: str
    betas: tuple[float, float] = (0.9, 0.999)
    schedule: Callable[[int, int], float] = constant
    precision: torch.dtype = torch.float32

    def optimizer(self, configs: Sequence[RunConfig], ensemble: Ensemble) -> torch.optim.Optimizer:
        """Adam (Kingma & Ba 2014) with the update of all weights in one kernel, each model at its own rate."""
        rates = [config.learning_rate for config in configs]
        if len(set(rates)) == 1:
            groups = [{"params": list(ensemble.parameters()), "rate": rates[0]}]
        else:
            members = zip(ensemble.members, rates, strict=True)
            groups = [{"params": list(member.parameters()), "rate": rate} for member, rate in members]
        return torch.optim.Adam(groups, betas=self.betas, fused=True)

    def update(self, optimizer: torch.optim.Optimizer, ensemble: Ensemble, loss: Tensor, step: int, steps: int) -> None:
        """One step down the gradient of `loss`, at the rates of this step (counted from 0)."""
        for parameter in ensemble.parameters():
            parameter.grad = None
        loss.backward()
        if len(optimizer.param_groups) > 1:
            ensemble.share_gradients()
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * self.schedule(step, steps)
        optimizer.step()

    def arithmetic(self, device: torch.device):
        """The context in which forward passes run: autocast where the precision is not float32."""
        return torch.autocast(device.type, dtype=self.precision, enabled=self.precision != torch.float32)


RECIPES = {"textbook": Recipe("Adam at a constant rate, ReLU, float32, as in the textbook example.")}
