"""The training loop of all models of this project, single or in a stack."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch

from vaedemo.config import RunConfig
from vaedemo.dataset_names import is_own as is_own_data
from vaedemo.datasets import ImageSet
from vaedemo.datasets.content import content_sha256, unnamed_sha256
from vaedemo.models.ensemble import ensemble, rng_groups
from vaedemo.training import device as devices
from vaedemo.training.batches import Batches
from vaedemo.training.evaluate import evaluate_all, evaluate_clean, totals
from vaedemo.training.film import SHOWN_CODES, DeviceFrames, Frame, frame_steps, take_frames
from vaedemo.training.first_models import first_models
from vaedemo.training.fit_checks import check_sets, check_starts
from vaedemo.training.gradients import Gradients
from vaedemo.training.member import Member
from vaedemo.training.own_network import identity
from vaedemo.training.progress import REPORTS_PER_SECOND, Progress, Throttle
from vaedemo.training.randomness import stream
from vaedemo.training.recipes import RECIPES
from vaedemo.training.run import DATA_NAME, DATA_SHA256, Run, corrupts, digest_on
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
    """Train the model of a config and evaluate it on the test set, without reading or writing the store.

    `on_progress` is called at most 5 times a second and at the end of each epoch. `should_stop` is called once per
    batch; True ends the training with a partial run (status "stopped"). `start`: the run that the config starts from.
    A loss that becomes NaN or infinite ends the training (status "diverged") with the last good weights. A run whose
    final loss is above its loss before the first step has diverged too.

    Data other than the set that the config names give a run with another digest, which `store.save` refuses. Raises
    `ValueError` for empty sets, points that are not finite, and examples or classes that do not fit the config or each
    other; all data are checked once. A batch size above the set's length means the whole set.
    """
    return fit_stack([config], train_set, test_set, on_progress, should_stop, [start])[0]


def fit_stack(
    configs: Sequence[RunConfig],
    train_set: ImageSet,
    test_set: ImageSet,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    starts: Sequence[Run | None] | None = None,
    dtype: torch.dtype = torch.float32,
    model: torch.nn.Module | None = None,
) -> list[Run]:
    """Train models of one form together: equal to `fit` for each, up to rounding.

    Order and noise come from each config's own seed. A model that diverges does not affect the others. `dtype`: the
    type of the models and of all arithmetic; float64 is for tests. `model`: trained, in place, in the place of that of
    the one config; `own_network.prepared` makes it. Raises ValueError for different forms.
    """
    with devices.threads_for(configs[0]):
        starts = starts or [None] * len(configs)
        return _Fitting(configs, train_set, test_set, on_progress, should_stop, starts, dtype, model).run()


class _Fitting:
    """The state of one training: its data on the device, its counters and its members."""

    def __init__(self, configs, train_set, test_set, on_progress, should_stop, starts, dtype, model):
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
        self.on_progress, self.should_stop, self.dtype = on_progress, should_stop, dtype
        self.device = devices.pick()
        self.recipe = RECIPES[config.recipe]
        models = first_models(configs, starts, train_set, self.recipe) if model is None else [model]
        self.ensemble = ensemble([model.to(self.device, dtype) for model in models])
        self.members = [Member(each, model, self.device) for each, model in zip(configs, models, strict=True)]

        self.x, self.y = train_set.x.to(self.device), train_set.y.to(self.device)
        self.shown = balanced(test_set, min(SHOWN_CODES, len(test_set)))
        self.test, self.shown_data = self._labelled(test_set), self._data(self.shown)
        self.train = self._labelled(balanced(train_set, min(len(train_set), len(test_set))))

        self.seeds = [seed for seed, *_ in rng_groups(configs)]
        self.orders = [stream(seed, "order") for seed in self.seeds]
        self.noises = [stream(seed, "noise", self.device) for seed in self.seeds]
        self.batches = Batches(self.x, self.y, config.pixels, dtype, self.noises)
        self.steps = -(-len(self.x) // config.batch_size) * config.epochs
        self.film_steps = set(frame_steps(self.steps))
        self.step, self.epoch, self.training_seconds, self.images_seen = 0, 0, 0.0, 0
        self.throttle = Throttle(REPORTS_PER_SECOND)
        self.device_frames: list[DeviceFrames] = []
        self.measured: list[dict[str, float]] = []  # test metrics of the models' present weights

    def _data(self, image_set: ImageSet) -> torch.Tensor:
        return image_set.as_data(self.config.pixels).to(self.device, self.dtype)

    def _labelled(self, image_set: ImageSet) -> tuple[torch.Tensor, torch.Tensor]:
        return self._data(image_set), image_set.y.to(self.device)

    def run(self) -> list[Run]:
        started = time.perf_counter()
        configs = [member.config for member in self.members]
        self.gradients = Gradients(self.ensemble, configs, self.recipe, self.device, self.dtype)
        self.optimizer = self.recipe.optimizer(configs, self.ensemble, self.gradients.per_member)
        self._film()
        for member, total in zip(self.members, self._totals(), strict=True):
            member.begin(total)
        going = True
        while going and self.epoch < self.config.epochs:
            going = self._train_epoch()
        return self._finish(time.perf_counter() - started)

    def _train_epoch(self) -> bool:
        """One epoch; False when the training ends before its last epoch."""
        orders = [torch.randperm(len(self.x), generator=order).to(self.device) for order in self.orders]
        for chosen in zip(*(order.split(self.config.batch_size) for order in orders), strict=True):
            if self.should_stop is not None and self.should_stop():
                for member in self.members:
                    member.stop()
                return False
            begun = time.perf_counter()
            if not self._update(chosen):
                return False
            self.training_seconds += time.perf_counter() - begun
            self.images_seen += len(chosen[0])
            if self.step in self.film_steps:
                self._film()
            if self.on_progress is not None and self.throttle.ready():
                self._report(None)
        self._end_epoch()
        return any(member.going for member in self.members)

    def _update(self, chosen: Sequence[torch.Tensor]) -> bool:
        """One optimizer step on each RNG group's selected examples; False when no member has a finite loss."""
        losses = self.gradients(*self.batches(chosen), self.noises)
        self.step += 1
        self._watch(losses)
        if not any(member.going for member in self.members):
            return False
        self.recipe.optimizer_step(self.optimizer, self.step - 1, self.steps)
        self.measured = []
        return True

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
        measured = {"train": self._evaluate(*self.train), "test": self._evaluate(*self.test)}
        self.measured = measured["test"]
        self.epoch += 1
        clocks = {"seconds": self.training_seconds, "images_per_second": self._speed()}
        for index, member in enumerate(self.members):
            parts = {part: figures[index] for part, figures in measured.items()}
            member.end_epoch(self.epoch, self.step, parts, clocks)
        self._collect_frames()
        if self.on_progress is not None and any(member.going for member in self.members):
            self._report([member.rows[-1] for member in self.members if member.going])

    def _evaluate(self, data: torch.Tensor, y: torch.Tensor) -> list[dict[str, float]]:
        return evaluate_all(self.ensemble, data, y, self.seeds)

    def _totals(self) -> torch.Tensor:
        """The training objective per member on fixed training examples with fixed noise, (K, n)."""
        return totals(self.ensemble, *self.train, self.seeds)

    def _speed(self) -> float:
        return self.images_seen / self.training_seconds if self.training_seconds else 0.0

    def _frames(self) -> list[Frame]:
        device_frames = take_frames(self.ensemble, self.shown, self.shown_data, self.step)
        return device_frames.to_frames() if device_frames is not None else []

    def _film(self) -> None:
        device_frames = take_frames(self.ensemble, self.shown, self.shown_data, self.step)
        if device_frames is not None:
            self.device_frames.append(device_frames)
        if self.device.type == "cpu":
            self._collect_frames()

    def _collect_frames(self) -> None:
        """Copy the frames to the members; this waits for an accelerator, so it is done once per epoch there."""
        for device_frames in self.device_frames:
            for member, frame in zip(self.members, device_frames.to_frames(), strict=True):
                member.keep_frame(frame)
        self.device_frames.clear()

    def _report(self, rows: list[dict[str, Any]] | None) -> None:
        going = [member for member in self.members if member.going]
        self.on_progress(
            Progress(
                digests=tuple(digest_on(member.config, self.identity) for member in going),
                step=self.step,
                steps=self.steps,
                epoch=self.epoch,
                epochs=self.config.epochs,
                seconds=self.training_seconds,
                images_per_second=self._speed(),
                rows=None if rows is None else tuple(rows),
                frames=self._frames,
                corrupted=any(corrupts(member.config) for member in going),
            )
        )

    def _finish(self, wall_seconds: float) -> list[Run]:
        self._collect_frames()
        for member, total in zip(self.members, self._totals(), strict=True):
            member.settle(self.step, total)
        self.ensemble.settle()
        changed = not self.measured or any(member.guard.diverged_at is not None for member in self.members)
        measured = self._evaluate(*self.test) if changed else self.measured
        made = {
            "train_images": len(self.x),
            "test_images": len(self.test[1]),
            "training_seconds": self.training_seconds,
            "seconds": wall_seconds,
            "images_per_second": self._speed(),
            "trained_together": len(self.members),
            **devices.provenance(self.device, self.recipe.precision(self.config, self.device, self.dtype)),
            **self.identity,
        }
        return [
            member.run(figures | evaluate_clean(member.model, *self.test, member.config.seed), made, self.test[0])
            for member, figures in zip(self.members, measured, strict=True)
        ]
