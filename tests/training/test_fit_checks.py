"""What `fit` refuses before its first step, in one sentence; and what it takes although it is unusual."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.models import VAE
from vaedemo.training import loop

RING = RunConfig(dataset="ring", hidden=(5,), epochs=2, batch_size=50)
DIGITS = RunConfig(hidden=(5,), epochs=1, batch_size=50)


def points(count: int = 40) -> ImageSet:
    return ImageSet(torch.linspace(-1, 1, 2 * count).reshape(count, 2), torch.zeros(count, dtype=torch.int64), "mine")


def images(count: int = 40, side: int = 28) -> ImageSet:
    x = torch.arange(count * side * side).reshape(count, 1, side, side).to(torch.uint8)
    return ImageSet(x, torch.zeros(count, dtype=torch.int64), "mine")


def with_value(image_set: ImageSet, value: float) -> ImageSet:
    """Written into a set that was sound: an `ImageSet` cannot see that."""
    image_set.x[3, 1] = value
    return image_set


def with_class(image_set: ImageSet, label: int) -> ImageSet:
    image_set.y[2] = label
    return image_set


@pytest.mark.parametrize(
    ("config", "sets", "sentence"),
    [
        (RING, (with_value(points(), float("nan")), points()), "The training set must hold finite points, got 1 "),
        (RING, (points(), with_value(points(), float("inf"))), "The test set must hold finite points, got 1 "),
        (RING, (images(), images()), "The training set must hold 2-D points for dataset 'ring', got images"),
        (DIGITS, (images(), points()), "The test set must hold images for dataset 'digits', got 2-D points"),
        (DIGITS, (images(), images(side=16)), r"shape \(1, 28, 28\) of the training examples, got \(1, 16, 16\)"),
        (DIGITS, (images(), images(1)), "The test set must have at least 2 examples, got 1"),
        (DIGITS, (images().x, images()), "The training set must be an ImageSet, got Tensor"),
        (
            DIGITS.replace(model="classifier"),
            (with_class(images(), 10), images()),
            "The training set's classes must be from 0 to 9 for dataset 'digits', got 0 to 10",
        ),
    ],
)
def test_unfit_data_are_one_sentence_before_any_step(config, sets, sentence, monkeypatch):
    monkeypatch.setattr(VAE, "loss", lambda *arguments: pytest.fail("a step was done"))
    with pytest.raises(ValueError, match=sentence) as caught:
        loop.fit(config, *sets)
    message = str(caught.value)
    assert message.endswith(".") and message.count(". ") == 0 and "\n" not in message


@pytest.mark.parametrize("part", [0, 1])
def test_an_empty_set_is_refused(part):
    """Where it is built, or where it is used."""
    sets = [points(), points()]
    with pytest.raises(ValueError, match=r"at least (1|2) "):
        sets[part] = ImageSet(points().x[:0], points().y[:0], "mine")
        loop.fit(RING, *sets)


def test_a_batch_above_the_set_is_the_whole_set():
    run = loop.fit(RING.replace(batch_size=5_000), points(), points())
    assert run.status == "finished" and run.metrics["steps_done"] == 2


def test_one_training_example_will_do():
    run = loop.fit(RING, points(1), points(2))
    assert run.status == "finished" and run.metrics["train_images"] == 1
