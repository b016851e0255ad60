"""The record of one model in a training: its start, its state, and its final run."""

import math
from typing import Any

import torch

from vaedemo.analysis import quality
from vaedemo.config import RunConfig
from vaedemo.models.networks import count_parameters
from vaedemo.models.own_network import OwnNetwork
from vaedemo.rules import ConfigError
from vaedemo.training.film import Frame
from vaedemo.training.guard import DivergenceGuard
from vaedemo.training.run import MEASURES, TERMS, Run, corrupts, history_table

ROUNDING = 1e-4  # relative float32 rounding of a total that did not change


class Member:
    """The record of one model while it trains, single or in a stack; `going` until it stops or diverges."""

    def __init__(self, config: RunConfig, model: torch.nn.Module, device: torch.device):
        self.config, self.model = config, model
        self.own = isinstance(model, OwnNetwork)  # brought by the caller, with a loss of its own
        self.guard = DivergenceGuard(model, device)
        self.status = "finished"
        self.going = True
        self.totals = (math.nan, math.nan)  # the objective before the first step and at the end
        self.leeway = 0.0
        self.epochs_done, self.steps_done = 0, 0
        self.rows: list[dict[str, Any]] = []
        self.film: list[Frame] = []

    @property
    def terms(self) -> tuple[str, ...]:
        """What a loss of the caller's own returns; empty for the models of this package."""
        return self.model.terms if self.own else ()

    def begin(self, total: torch.Tensor, step: int = 0) -> None:
        """Record the objective of fixed examples, (n,), before the first step, or at a `step` that changes it.

        A fresh model has diverged if the mean is higher at the end, by more than a ten-thousandth for rounding. A
        model that starts from a run, or goes on with another objective, may be at its optimum, where the noise of the
        batches moves it in both directions: it has diverged if the mean rises by more than one standard deviation
        over the examples.
        """
        mean = float(total.mean())
        self.totals = (mean, mean)
        self.leeway = ROUNDING * max(abs(mean), 1.0)
        if (self.config.start_from or step) and len(total) > 1:
            self.leeway = max(float(total.std()), self.leeway)

    def watch(self, step: int, loss: float | torch.Tensor) -> None:
        """Record a step's mean loss, before the weights are updated."""
        if self.going:
            self.steps_done = step
            self._end_if(self.guard.watch(step, loss))

    def end_epoch(self, epoch: int, step: int, parts: dict[str, dict[str, float]], clocks: dict[str, float]) -> None:
        """Record the epoch's metrics; `parts`: the mean terms of train and test."""
        if not self.going or self._end_if(self.guard.check()):
            return
        # The last step may have broken the weights: no later loss has shown that yet.
        if not all(math.isfinite(value) for figures in parts.values() for value in figures.values()):
            self.guard.diverged_at = step
            self._end_if(True)
            return
        self.epochs_done = epoch
        row: dict[str, Any] = {"epoch": epoch}
        for part, figures in parts.items():
            row |= {f"{part}_{name}": figures.get(name, math.nan) for name in self.terms or MEASURES[self.config.model]}
        self.rows.append(row | clocks)

    def keep_frame(self, frame: Frame) -> None:
        """Add a frame to the film, unless the model diverged before that step."""
        if self.guard.diverged_at is None or frame.step < self.guard.diverged_at:
            self.film.append(frame)

    def stop(self) -> None:
        """Record that the training was stopped."""
        if self.going:
            self.status, self.going = "stopped", False

    def settle(self, step: int, total: torch.Tensor) -> None:
        """Set the final status from the final objective (n,) of the fixed examples; restore good weights if needed."""
        if self.status == "diverged":
            self.guard.restore()
            return
        before, after = self.totals = (self.totals[0], float(total.mean()))
        if not math.isfinite(after):
            self.guard.diverged_at = step
            self.guard.restore()
        # A stopped training is not judged: it might still have improved.
        if self.status == "finished" and not after <= before + self.leeway:
            self.status = "diverged"

    def run(self, measured: dict[str, float], made: dict[str, Any], test_data: torch.Tensor) -> Run:
        """The run. `measured`: its final terms on the test set. `made`: metrics about how and where it was trained."""
        metrics: dict[str, Any] = {f"test_{name}": value for name, value in measured.items()}
        corruption = f"corrupted: {self.config.corruption} {self.config.corruption_level:g}"
        metrics["test_inputs"] = corruption if corrupts(self.config) else "clean"
        model = self.model.eval()
        if self.config.model == "vae" and not self.own:
            metrics["active_units"] = quality.active_units(model, test_data)
        metrics |= {
            "status": self.status,
            "epochs_done": self.epochs_done,
            "steps_done": self.steps_done,
            "parameters": count_parameters(model),
        }
        notes: tuple[str, ...] = ()
        if self.guard.diverged_at is not None:
            metrics["diverged_at_step"] = self.guard.diverged_at
            notes = (
                f"Training diverged at step {self.guard.diverged_at:,}: with learning rate "
                f"{self.config.learning_rate:g} the loss was no longer a number. "
                f"The weights of step {self.guard.good_step:,} were kept; try a smaller learning rate.",
            )
        else:
            metrics |= {"train_total_before": self.totals[0], "train_total_after": self.totals[1]}
            if self.status == "diverged":
                before, after = (f"{total:.2f}" if abs(total) < 1e6 else f"{total:.2e}" for total in self.totals)
                notes = (
                    f"Training diverged: with learning rate {self.config.learning_rate:g} the loss of the same "
                    f"training examples went from {before} nats before the first step to {after} nats at the end; "
                    "try a smaller learning rate.",
                )
        metrics |= {TERMS: list(self.terms)} if self.own else {}
        model = (model.module if self.own else model).to("cpu").requires_grad_(False)
        for parameter in model.parameters():
            # A copy: in a stack the parameter is a view of the shared tensor.
            parameter.data = parameter.data.clone()
        return Run(
            self.config,
            model,
            history_table(self.rows, self.config, self.terms),
            metrics | made,
            self.film or None,
            notes,
        )

    def _end_if(self, diverged: bool) -> bool:
        if diverged:
            self.status, self.going = "diverged", False
        return diverged


def started(model: torch.nn.Module, start: Run | None) -> torch.nn.Module:
    """The model, with the weights of its start run if any. Raises `ConfigError` when they do not fit."""
    if start is not None:
        try:
            model.start_from(start.model)
        except RuntimeError:
            accepts = f"a run with the same network; {start.config.title} has another"
            raise ConfigError("start_from", start.digest, accepts) from None
    return model
