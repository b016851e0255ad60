"""How weights are adjusted: the optimizer, its rate over time and the arithmetic's precision, one recipe a name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch

from vaedemo.config import RunConfig


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

    def optimizer(self, config: RunConfig, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """Adam (Kingma & Ba 2014) with the update of all weights in one kernel."""
        return torch.optim.Adam(parameters, lr=config.learning_rate, betas=self.betas, fused=True)

    def set_rate(self, optimizer: torch.optim.Optimizer, config: RunConfig, step: int, steps: int) -> None:
        """Put the rate of this step (counted from 0) into the optimizer."""
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * self.schedule(step, steps)

    def arithmetic(self, device: torch.device):
        """The context in which forward passes run: autocast where the precision is not float32."""
        return torch.autocast(device.type, dtype=self.precision, enabled=self.precision != torch.float32)


RECIPES = {"textbook": Recipe("Adam at a constant rate, ReLU, float32, as in the textbook example.")}
