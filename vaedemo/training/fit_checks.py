"""Checks of a training's data and start weights, done once before the first step."""

from collections.abc import Sequence

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.rules import ConfigError
from vaedemo.training.run import Run


def check_sets(config: RunConfig, train_set: ImageSet, test_set: ImageSet) -> None:
    """Raise `ValueError`, in one sentence, for data that the models of a config cannot be trained on."""
    for part, image_set in (("training", train_set), ("test", test_set)):
        if not isinstance(image_set, ImageSet):
            raise ValueError(f"The {part} set must be an ImageSet, got {type(image_set).__name__}.")
        least = 2 if part == "test" else 1  # active units need the variance of the codes over the test set
        if len(image_set) < least:
            raise ValueError(f"The {part} set must have at least {least} examples, got {len(image_set)}.")
        if image_set.is_points != config.on_points:
            wanted, got = ("2-D points", "images") if config.on_points else ("images", "2-D points")
            raise ValueError(f"The {part} set must hold {wanted} for dataset {config.dataset!r}, got {got}.")
        if image_set.is_points and not image_set.x.isfinite().all():
            bad = int((~image_set.x.isfinite().all(dim=1)).sum())
            raise ValueError(f"The {part} set must hold finite points, got {bad:,} with NaN or infinity.")
        if config.model == "classifier":
            check_classes(config, part, image_set)
    if train_set.x.shape[1:] != test_set.x.shape[1:]:
        shapes = [tuple(each.x.shape[1:]) for each in (train_set, test_set)]
        raise ValueError(f"Test examples must have the shape {shapes[0]} of the training examples, got {shapes[1]}.")


def check_classes(config: RunConfig, part: str, image_set: ImageSet) -> None:
    """Raise `ValueError` for classes that the data set does not have: a classifier has one output for each."""
    most = len(datasets.class_names(config.dataset)) - 1
    low, high = int(image_set.y.min()), int(image_set.y.max())
    if low < 0 or high > most:
        raise ValueError(
            f"The {part} set's classes must be from 0 to {most} for dataset {config.dataset!r}, got {low} to {high}."
        )


def check_starts(configs: Sequence[RunConfig], starts: Sequence[Run | None]) -> None:
    """Raise `ConfigError` when a given start run is not the `start_from` of its config."""
    for config, start in zip(configs, starts, strict=True):
        given = start.digest if start is not None else ""
        if given != config.start_from:
            accepts = f"the digest of the run to start from, {given}" if given else "nothing where no run is given"
            raise ConfigError("start_from", config.start_from, accepts)


def check_steps(configs: Sequence[RunConfig], steps_an_epoch: int) -> int:
    """The number of steps of a training. Raises `ConfigError` for a change, or an end, at a step that never comes."""
    steps = steps_an_epoch * configs[0].epochs
    for config in configs:
        if config.until > steps:
            raise ConfigError("until", config.until, f"a step up to {steps:,}, the last of this training")
        late = [] if config.until else [change for change in config.changes if change.step >= steps]
        if late:
            raise ConfigError("changes", str(late[0]), f"steps below {steps:,}, the last of this training")
    return steps
