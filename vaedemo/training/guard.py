"""Detects a loss that is NaN or infinite, and keeps the last weights with a finite loss."""

import math

import torch
from torch import Tensor

KEEP_EVERY = 100  # steps between copies of good weights


class DivergenceGuard:
    """Call `watch` with each step's mean loss, before the weights are updated.

    On the CPU a bad loss is detected at once. On an accelerator no step waits for the device: the device stores the
    number of the first bad step and copies weights only before it, and `check` reads it at the end of each epoch.
    """

    def __init__(self, model: torch.nn.Module, device: torch.device):
        self.model = model
        self.every_step = device.type == "cpu"
        self.bad_step = torch.tensor(-1, device=device)
        self.kept_step = torch.tensor(0, device=device)
        self.good_weights = self._copy()
        self.diverged_at: int | None = None

    @property
    def good_step(self) -> int:
        """The number of steps after which the kept weights were copied."""
        return int(self.kept_step)

    def watch(self, step: int, loss: float | Tensor) -> bool:
        """True when this or an earlier step's loss is known to be NaN or infinite. `step` counts from 1."""
        if self.every_step:
            if not math.isfinite(loss):
                self.diverged_at = step
        else:
            newly_bad = (self.bad_step < 0) & ~loss.isfinite()
            self.bad_step = torch.where(newly_bad, step, self.bad_step)
        if self.diverged_at is None and step % KEEP_EVERY == 0:
            self._keep(step - 1)
        return self.diverged_at is not None

    def check(self) -> bool:
        """Wait for the device and return whether it saw a bad loss; call it at the end of each epoch."""
        if not self.every_step and int(self.bad_step) >= 0:
            self.diverged_at = int(self.bad_step)
        return self.diverged_at is not None

    def restore(self) -> None:
        """Load the last good weights."""
        self.model.load_state_dict(self.good_weights)

    def keep(self, weights: dict[str, Tensor], step: int) -> None:
        """Take these as the last good weights, those after `step` steps: for a training that goes on."""
        self.good_weights = {name: value.to(self.good_weights[name]) for name, value in weights.items()}
        self.kept_step = torch.full_like(self.kept_step, step)

    def _keep(self, step: int) -> None:
        """Copy the weights if no bad loss was seen; an accelerator decides this itself, without synchronization."""
        sound = self.bad_step < 0
        self.kept_step = torch.where(sound, step, self.kept_step)
        for name, value in self.model.state_dict().items():
            self.good_weights[name] = torch.where(sound, value.detach(), self.good_weights[name])

    def _copy(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self.model.state_dict().items()}
