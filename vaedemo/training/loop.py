"""The one training loop: every model of this project is trained here, whatever its loss."""

import math
import time
from collections.abc import Callable
from typing import Any

import torch

from vaedemo.analysis import quality
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import build
from vaedemo.models.networks import count_parameters
from vaedemo.rules import ConfigError
from vaedemo.training import device as devices
from vaedemo.training.evaluate import evaluate
from vaedemo.training.film import SHOWN_CODES, Frame, frame_steps, take_frame
from vaedemo.training.guard import DivergenceGuard
from vaedemo.training.progress import REPORTS_PER_SECOND, Progress, Throttle
from vaedemo.training.randomness import stream
from vaedemo.training.recipes import RECIPES
from vaedemo.training.run import MEASURES, Run, history_frame
from vaedemo.training.subset import balanced

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def fit(
    config: RunConfig,
    train_set: ImageSet,
    test_set: ImageSet,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    start: Run | None = None,
) -> Run:
    """Train the model of a config and measure it on the test set; touches no disk.

    `on_progress` is called at most 5 times a second and at the end of each epoch; `should_stop` is asked once a
    batch, and a True ends the training with what it has (status "stopped"). `start` gives the initial weights.
    A loss that becomes NaN or infinite ends it too (status "diverged") with the last good weights.
    """
    with devices.threads_for(config):
        return _Fitting(config, train_set, test_set, on_progress, should_stop, start).run()


class _Fitting:
    """One training under way: its data on the device, its clocks and what it has seen."""

    def __init__(self, config, train_set, test_set, on_progress, should_stop, start):
        train_set = balanced(train_set, config.train_size)
        self.config, self.on_progress, self.should_stop = config, on_progress, should_stop
        self.device = devices.pick()
        self.recipe = RECIPES[config.recipe]
        self.model = build(config, tuple(train_set.x.shape[1:]))
        if start is not None:
            self._start_from(start)
        self.model.to(self.device)
        self.guard = DivergenceGuard(self.model, self.device)

        self.x, self.y = train_set.x.to(self.device), train_set.y.to(self.device)
        pixels = config.pixels
        self.test_data = test_set.as_data(pixels).to(self.device)
        judged = balanced(train_set, min(len(train_set), len(test_set)))
        self.train_data = judged.as_data(pixels).to(self.device)
        self.shown = balanced(test_set, min(SHOWN_CODES, len(test_set)))
        self.shown_data = self.shown.as_data(pixels).to(self.device)

        self.order = stream(config.seed, "order")
        self.noise = stream(config.seed, "noise", self.device)
        self.batches = -(-len(self.x) // config.batch_size)
        self.steps = self.batches * config.epochs
        self.film_steps = set(frame_steps(self.steps))
        self.step, self.epoch, self.training_seconds, self.images_seen = 0, 0, 0.0, 0
        self.rows: list[dict[str, Any]] = []
        self.film: list[Frame] = []
        self.throttle = Throttle(REPORTS_PER_SECOND)

    def run(self) -> Run:
        started = time.perf_counter()
        self.optimizer = self.recipe.optimizer(self.config, self.model.parameters())
        self._film()
        status = "finished"
        while self.epoch < self.config.epochs and status == "finished":
            status = self._train_epoch()
        if status == "diverged":
            self.guard.restore()
        return self._finish(status, time.perf_counter() - started)

    def _train_epoch(self) -> str:
        order = torch.randperm(len(self.x), generator=self.order).to(self.device)
        for chosen in order.split(self.config.batch_size):
            if self.should_stop is not None and self.should_stop():
                return "stopped"
            begun = time.perf_counter()
            if not self._update(chosen):
                return "diverged"
            self.training_seconds += time.perf_counter() - begun
            self.images_seen += len(chosen)
            if self.step in self.film_steps:
                self._film()
            if self.on_progress is not None and self.throttle.ready():
                self._report(None)
        if self.guard.look():
            return "diverged"
        row = self._history_row()
        # The step before may have been the one that broke the weights: no later loss has told of it yet.
        if not all(math.isfinite(row[f"{part}_reconstruction"]) for part in ("train", "test")):
            self.guard.diverged_at = self.step
            return "diverged"
        self.epoch += 1
        self.rows.append(row)
        if self.on_progress is not None:
            self._report(self.rows[-1])
        return "finished"

    def _update(self, chosen: torch.Tensor) -> bool:
        """One step of the optimizer on the chosen examples; False when the loss is no longer a number."""
        x, y = self._prepare(self.x.index_select(0, chosen)), self.y.index_select(0, chosen)
        self.recipe.set_rate(self.optimizer, self.config, self.step, self.steps)
        with self.recipe.arithmetic(self.device):
            loss = self.model.loss(x, y, self.noise)["total"].mean()
        self.step += 1
        if self.guard.watch(self.step, loss.detach()):
            return False
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return True

    def _prepare(self, x: torch.Tensor) -> torch.Tensor:
        """A batch as the model reads it: bytes to [0, 1], binarized as the config says."""
        if x.dtype != torch.uint8:
            return x
        if self.config.pixels == "binary":
            return (x >= 128).float()
        grey = x.float() / 255
        return torch.bernoulli(grey, generator=self.noise) if self.config.pixels == "dynamic" else grey

    def _history_row(self) -> dict[str, Any]:
        """The epoch's figures: both parts are measured on the model as it is now, never as running means."""
        row: dict[str, Any] = {"epoch": self.epoch + 1}
        for part, data in (("train", self.train_data), ("test", self.test_data)):
            measured = evaluate(self.model, data, self.config.seed)
            row |= {f"{part}_{measure}": measured.get(measure, float("nan")) for measure in MEASURES}
        return row | {"seconds": self.training_seconds, "images_per_second": self._speed()}

    def _speed(self) -> float:
        return self.images_seen / self.training_seconds if self.training_seconds else 0.0

    def _film(self) -> None:
        self.film.append(take_frame(self.model, self.shown, self.shown_data, self.step))

    def _report(self, row: dict[str, Any] | None) -> None:
        self.on_progress(
            Progress(
                digest=self.config.digest,
                step=self.step,
                steps=self.steps,
                epoch=self.epoch,
                epochs=self.config.epochs,
                seconds=self.training_seconds,
                images_per_second=self._speed(),
                row=row,
                frame=lambda: take_frame(self.model, self.shown, self.shown_data, self.step),
            )
        )

    def _start_from(self, start: Run) -> None:
        try:
            self.model.load_state_dict(start.model.state_dict())
        except RuntimeError:
            accepts = f"a run with the same network; {start.config.title} has another"
            raise ConfigError("start_from", start.digest, accepts) from None

    def _finish(self, status: str, wall_seconds: float) -> Run:
        model = self.model.eval().requires_grad_(False)
        measured = evaluate(model, self.test_data, self.config.seed)
        metrics: dict[str, Any] = {f"test_{name}": value for name, value in measured.items()}
        if self.config.model == "vae":
            metrics["active_units"] = quality.active_units(model, self.test_data)
        metrics |= {
            "status": status,
            "epochs_done": self.epoch,
            "steps_done": self.step,
            "parameters": count_parameters(model),
            "train_images": len(self.x),
            "test_images": len(self.test_data),
            "training_seconds": self.training_seconds,
            "seconds": wall_seconds,
            "images_per_second": self._speed(),
            "device": devices.describe(self.device),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        }
        notes: tuple[str, ...] = ()
        if status == "diverged":
            metrics["diverged_at_step"] = self.guard.diverged_at
            notes = (
                f"Training diverged at step {self.guard.diverged_at:,}: with learning rate "
                f"{self.config.learning_rate:g} the loss was no longer a number. "
                f"The weights of step {self.guard.good_step:,} were kept; try a smaller learning rate.",
            )
        return Run(self.config, model.cpu(), history_frame(self.rows), metrics, self.film or None, notes)
