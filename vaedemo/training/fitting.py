"""One training under way: its models, its counters, its epochs and its steps."""

import time
from collections.abc import Sequence
from itertools import islice
from typing import Any

import torch

from vaedemo.dataset_names import is_own as is_own_data
from vaedemo.datasets.content import content_sha256, unnamed_sha256
from vaedemo.models.ensemble import ensemble, rng_groups
from vaedemo.training import device as devices
from vaedemo.training.batches import Batches
from vaedemo.training.evaluate import evaluate_all, evaluate_clean, totals
from vaedemo.training.film import frame_steps
from vaedemo.training.filming import Camera
from vaedemo.training.first_models import first_models
from vaedemo.training.fit_checks import check_sets, check_starts, check_steps
from vaedemo.training.gradients import Gradients
from vaedemo.training.holding import restore, states_of
from vaedemo.training.member import Member
from vaedemo.training.own_network import identity
from vaedemo.training.progress import REPORTS_PER_SECOND, Progress, Throttle
from vaedemo.training.randomness import stream
from vaedemo.training.recipes import RECIPES
from vaedemo.training.run import DATA_NAME, DATA_SHA256, Run, corrupts, digest_on
from vaedemo.training.state import State
from vaedemo.training.subset import balanced
from vaedemo.training.training_data import TrainingData


class Fitting:
    """The models of one training with their data and counters; `run` trains them. Arguments: those of `fit_stack`."""

    def __init__(self, configs, train_set, test_set, on_progress, should_stop, starts, dtype, model, keeper):
        config = self.config = configs[0]
        check_sets(config, train_set, test_set)
        check_starts(configs, starts)
        data_sha256 = unnamed_sha256(config.dataset, train_set, test_set)
        self.identity = {DATA_SHA256: data_sha256} if data_sha256 else {}  # what the config does not name
        if model is not None:
            self.identity = identity(model) | {DATA_SHA256: content_sha256(train_set, test_set)}
        if is_own_data(config.dataset):
            self.identity[DATA_NAME] = train_set.name
        train_set = balanced(train_set, config.train_size, config.subset_seed)
        self.on_progress, self.should_stop, self.keeper, self.dtype = on_progress, should_stop, keeper, dtype
        self.device = devices.pick()
        self.recipe = RECIPES[config.recipe]
        models = first_models(configs, starts, train_set, self.recipe) if model is None else [model]
        self.ensemble = ensemble([model.to(self.device, dtype) for model in models])
        self.members = [Member(each, model, self.device) for each, model in zip(configs, models, strict=True)]
        self.gradients = Gradients(self.ensemble, configs, self.recipe, self.device, dtype)
        self.optimizer = self.recipe.optimizer(configs, self.ensemble, self.gradients.per_member)
        self.data = TrainingData(config, train_set, test_set, self.device, dtype)

        self.seeds = [seed for seed, *_ in rng_groups(configs)]
        self.orders = [stream(seed, "order") for seed in self.seeds]
        self.noises = [stream(seed, "noise", self.device) for seed in self.seeds]
        self.camera = Camera(self.ensemble, self.members, self.data, self.device)
        self.batches = Batches(self.data.x, self.data.y, config.pixels, dtype, self.noises)
        self.order_states = [order.get_state() for order in self.orders]  # before the draw of this epoch's order
        self.steps_an_epoch = -(-len(self.data.x) // config.batch_size)
        self.steps = check_steps(configs, self.steps_an_epoch)
        self.last_step = config.until or self.steps
        self.changes_at = {change.step for each in configs for change in each.changes}
        self.warms_up = any(each.warm_up for each in configs)
        self.film_steps = set(frame_steps(self.steps))
        self.step, self.epoch, self.training_seconds, self.images_seen, self.begun_at = 0, 0, 0.0, 0, 0
        self.throttle = Throttle(REPORTS_PER_SECOND)
        self.measured: list[dict[str, float]] = []  # test metrics of the models' present weights

    def run(self, states: Sequence[State] | None) -> list[Run]:
        started = time.perf_counter()
        if states is None:
            self.camera.take(self.step)
            self._judge_from_here()
        else:
            restore(self, states)
        self._put_in_force()
        going = True
        while going and self.step < self.last_step:
            going = self._train_epoch()
        if self.config.until and self.keeper is not None and going:
            self.keeper.keep(states_of(self))
        return self._finish(time.perf_counter() - started)

    def _train_epoch(self) -> bool:
        """One epoch, or the rest of it; False when the training ends before its last step."""
        self.order_states = [order.get_state() for order in self.orders]
        orders = [torch.randperm(len(self.data.x), generator=order).to(self.device) for order in self.orders]
        batches = zip(*(order.split(self.config.batch_size) for order in orders), strict=True)
        for chosen in islice(batches, self.step - self.epoch * self.steps_an_epoch, None):
            if self.step == self.last_step:
                return True
            if self.should_stop is not None and self.should_stop():
                for member in self.members:
                    member.stop()
                return False
            if self.keeper is not None and self.keeper.wants(self.step, self.last_step):
                self.keeper.keep(states_of(self))
            begun = time.perf_counter()
            if not self._update(chosen):
                return False
            self.training_seconds += time.perf_counter() - begun
            self.images_seen += len(chosen[0])
            if self.step in self.film_steps:
                self.camera.take(self.step)
            if self.on_progress is not None and self.throttle.ready():
                self._report(None)
        self._end_epoch()
        return any(member.going for member in self.members)

    def _update(self, chosen: Sequence[torch.Tensor]) -> bool:
        """One optimizer step on each RNG group's selected examples; False when no member has a finite loss."""
        if self.step in self.changes_at:
            self._judge_from_here()
        if self.step in self.changes_at or self.warms_up:
            self._put_in_force()
        losses = self.gradients(*self.batches(chosen), self.noises)
        self.step += 1
        self._watch(losses)
        if not any(member.going for member in self.members):
            return False
        self.recipe.optimizer_step(self.optimizer, self.step - 1, self.steps)
        self.measured = []
        return True

    def _put_in_force(self) -> None:
        """The settings of the next step: its beta, noise variance and learning rate."""
        settings = [member.config.in_force(self.step, self.steps) for member in self.members]
        self.ensemble.put_in_force(settings)
        self.recipe.set_rates(self.optimizer, [own.learning_rate for own in settings])

    def _judge_from_here(self) -> None:
        """Measure the objective with which the final one is compared; it is another one after a change."""
        for member, total in zip(self.members, self._totals(), strict=True):
            member.begin(total, self.step)

    def _watch(self, losses: torch.Tensor) -> None:
        """Pass each member's loss to its guard: as a float on the CPU, else as a tensor, without synchronization."""
        seen = losses.tolist() if self.device.type == "cpu" else losses
        for member, loss in zip(self.members, seen, strict=True):
            member.watch(self.step, loss)

    def _end_epoch(self) -> None:
        """Evaluate both sets with the epoch's final weights (not as running means) and record the row."""
        begun = time.perf_counter()
        devices.wait_for(self.device)  # finish the steps that are only queued: their time counts as training
        self.training_seconds += time.perf_counter() - begun
        measured = {"train": self._evaluate(*self.data.train), "test": self._evaluate(*self.data.test)}
        self.measured = measured["test"]
        self.epoch += 1
        self.order_states = [order.get_state() for order in self.orders]
        clocks = {"seconds": self.training_seconds, "images_per_second": self._speed()}
        for index, member in enumerate(self.members):
            parts = {part: figures[index] for part, figures in measured.items()}
            member.end_epoch(self.epoch, self.step, parts, clocks)
        self.camera.collect()
        if self.on_progress is not None and any(member.going for member in self.members):
            self._report([member.rows[-1] for member in self.members if member.going])

    def _evaluate(self, data: torch.Tensor, y: torch.Tensor) -> list[dict[str, float]]:
        return evaluate_all(self.ensemble, data, y, self.seeds)

    def _totals(self) -> torch.Tensor:
        """The objective in force, with beta in full, per member on fixed examples with fixed noise, (K, n)."""
        self.ensemble.put_in_force([member.config.in_force(self.step) for member in self.members])
        return totals(self.ensemble, *self.data.train, self.seeds)

    def _speed(self) -> float:
        return self.images_seen / self.training_seconds if self.training_seconds else 0.0

    def _report(self, rows: list[dict[str, Any]] | None) -> None:
        going = [member for member in self.members if member.going]
        self.on_progress(
            Progress(
                digests=tuple(digest_on(member.config, self.identity) for member in going),
                step=self.step,
                steps=self.last_step,
                epoch=self.epoch,
                epochs=self.config.epochs,
                seconds=self.training_seconds,
                images_per_second=self._speed(),
                rows=None if rows is None else tuple(rows),
                frames=lambda: self.camera.preview(self.step),
                corrupted=any(corrupts(member.config) for member in going),
            )
        )

    def _finish(self, wall_seconds: float) -> list[Run]:
        if self.config.until and self.step not in self.film_steps:
            self.camera.take(self.step)  # where it was held
        self.camera.collect()
        for member, total in zip(self.members, self._totals(), strict=True):
            member.settle(self.step, total)
        self.ensemble.settle()
        changed = not self.measured or any(member.guard.diverged_at is not None for member in self.members)
        measured = self._evaluate(*self.data.test) if changed else self.measured
        made = {
            "train_images": len(self.data.x),
            "test_images": len(self.data.test[1]),
            "training_seconds": self.training_seconds,
            "seconds": wall_seconds,
            "images_per_second": self._speed(),
            "trained_together": len(self.members),
            **({"begun_at_step": self.begun_at} if self.begun_at else {}),
            **devices.provenance(self.device, self.recipe.precision(self.config, self.device, self.dtype)),
            **self.identity,
        }
        return [
            member.run(
                figures | evaluate_clean(member.model, *self.data.test, member.config.seed), made, self.data.test[0]
            )
            for member, figures in zip(self.members, measured, strict=True)
        ]
