"""Watches for a loss that leaves the real numbers, and keeps the last weights that still gave a finite one."""

import math

import torch
from torch import Tensor

CHECK_EVERY = 50  # steps between looks on an accelerator, where each look waits for the device
KEEP_EVERY = 100  # steps between copies of good weights


class DivergenceGuard:
    """Call `watch` with each step's mean loss, before the weights are updated."""

    def __init__(self, model: torch.nn.Module, device: torch.device):
        self.model = model
        self.every_step = device.type == "cpu"
        self.bad_step = torch.tensor(-1, device=device)
        self.good_step = 0
        self.good_weights = self._copy()
        self.diverged_at: int | None = None

    def watch(self, step: int, loss: float | Tensor) -> bool:
        """True when this or an earlier step's loss was NaN or infinite. `step` counts from 1."""
        if self.every_step:
            if not math.isfinite(loss):
                self.diverged_at = step
        else:
            newly_bad = (self.bad_step < 0) & ~loss.isfinite()
            self.bad_step = torch.where(newly_bad, step, self.bad_step)
            if step % CHECK_EVERY == 0:
                self.look()
        if self.diverged_at is None and step % KEEP_EVERY == 0:
            self.good_step, self.good_weights = step - 1, self._copy()
        return self.diverged_at is not None

    def look(self) -> bool:
        """Wait for the device and say whether a bad loss was seen: at the end of each epoch, at the latest."""
        if not self.every_step and int(self.bad_step) >= 0:
            self.diverged_at = int(self.bad_step)
        return self.diverged_at is not None

    def restore(self) -> None:
        """Put the last good weights back."""
        self.model.load_state_dict(self.good_weights)

    def _copy(self) -> dict[str, Tensor]:
        return {name: value.detach().clone() for name, value in self.model.state_dict().items()}
